"""The document of a storage pool."""

from __future__ import annotations

from typing import Literal

from virtkit.model import nodes
from virtkit.model.fields import Child, Children, Choice, Integer, Size, Text, YesNo
from virtkit.model.shared import Adapter, Authentication, Host
from virtkit.model.storage.files import Permissions
from virtkit.model.views import OrderedView

_FS = f"{{{nodes.PREFIXES['fs']}}}"
_RBD = f"{{{nodes.PREFIXES['rbd']}}}"


class FreeExtent(OrderedView):
    """A part of a disk that no volume has, in bytes."""

    TAG = "freeExtent"
    start = Integer("@start")
    end = Integer("@end")


class PoolDevice(OrderedView):
    """A device of the host that a pool is on."""

    TAG = "device"
    path = Text("@path")
    part_separator = YesNo("@part_separator")
    free_extents = Children(FreeExtent)


class PoolSource(OrderedView):
    """Where a pool's storage is; which fields count depends on the pool's ``type``."""

    TAG = "source"
    hosts = Children(Host)
    devices = Children(PoolDevice)
    dir = Text("dir/@path")
    adapter = Child(Adapter)
    name = Text("name")
    initiator = Text("initiator/iqn/@name")
    format = Choice[
        Literal[
            "auto",
            "ext2",
            "ext3",
            "ext4",
            "ufs",
            "iso9660",
            "udf",
            "gfs",
            "gfs2",
            "vfat",
            "hfs+",
            "xfs",
            "ocfs2",
            "vmfs",
            "nfs",
            "glusterfs",
            "cifs",
            "dos",
            "dvh",
            "gpt",
            "mac",
            "bsd",
            "pc98",
            "sun",
            "lvm2",
            "unknown",
        ]
    ]("format/@type")
    auth = Child(Authentication)
    protocol_version = Text("protocol/@ver")
    vendor = Text("vendor/@name")
    product = Text("product/@name")
    format_vendor = Text("format/vendor/@name")  # the schema has these; libvirt reads the two above
    format_product = Text("format/product/@name")


class PoolTarget(OrderedView):
    """Where the host sees a pool's volumes."""

    TAG = "target"
    path = Text("path")
    permissions = Child(Permissions)


class MountOption(OrderedView):
    """An option of ``mount``."""

    TAG = f"{_FS}option"
    name = Text("@name")


class MountOptions(OrderedView):
    """What is handed to ``mount`` past libvirt."""

    TAG = f"{_FS}mount_opts"
    options = Children(MountOption)


class RbdOption(OrderedView):
    """An option of Ceph's client."""

    TAG = f"{_RBD}option"
    name = Text("@name")
    value = Text("@value")


class RbdOptions(OrderedView):
    """What is handed to Ceph's client past libvirt."""

    TAG = f"{_RBD}config_opts"
    options = Children(RbdOption)


class StoragePool(OrderedView):
    """A storage pool: ``<pool>``.

    ``virStoragePoolGetXMLDesc`` gives it, ``virStoragePoolDefineXML`` takes it.
    Sizes are in bytes, whatever the unit in the document.
    """

    TAG = "pool"
    type = Choice[
        Literal[
            "dir",
            "fs",
            "netfs",
            "logical",
            "disk",
            "iscsi",
            "iscsi-direct",
            "scsi",
            "mpath",
            "rbd",
            "sheepdog",
            "gluster",
            "zfs",
            "vstorage",
        ]
    ]("@type")
    name = Text("name")
    uuid = Text("uuid")
    capacity = Size("capacity", "bytes")
    allocation = Size("allocation", "bytes")
    available = Size("available", "bytes")
    cow = YesNo("features/cow/@state")
    source = Child(PoolSource)
    target = Child(PoolTarget)
    refresh_volume_allocation = Choice[Literal["default", "capacity"]]("refresh/volume/@allocation")
    mount_options = Child(MountOptions)
    rbd_options = Child(RbdOptions)
