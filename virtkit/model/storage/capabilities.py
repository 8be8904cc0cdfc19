"""The document of what storage pools a host can have."""

from __future__ import annotations

from virtkit.model.fields import Child, Children, Text, YesNo
from virtkit.model.shared import Enumerated
from virtkit.model.views import OrderedView


class PoolOptions(Enumerated):
    """What pools, or the volumes in them, may be: ``enum(name)`` lists the words."""

    default_format = Text("defaultFormat/@type")


class PoolKind(OrderedView):
    """One type of pool."""

    TAG = "pool"
    KEEP = True
    type = Text("@type")
    supported = YesNo("@supported")
    pool_options = Child(PoolOptions, "poolOptions")
    volume_options = Child(PoolOptions, "volOptions")


class StoragePoolCapabilities(OrderedView):
    """What pools a host can have, as ``virConnectGetStoragePoolCapabilities`` gives it."""

    TAG = "storagepoolCapabilities"
    pools = Children(PoolKind)

    def pool(self, type: str) -> PoolKind:  # noqa: A002  libvirt's word
        """What there is to know of one type of pool.

        Raises:
            LookupError: the host does not know it.
        """
        for pool in self.pools:
            if pool.type == type:
                return pool
        raise LookupError(f"there is no type of pool {type!r}")
