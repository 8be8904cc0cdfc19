"""virDomainCheckpoint: a point in time from which a domain's changed blocks are counted."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.checkpoint import record as records
from virtkit.fake.checkpoint.record import BITMAP, Checkpoint, Checkpoints
from virtkit.fake.errors import fail
from virtkit.fake.snapshot.handle import Found, MomentHandle
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

Here: TypeAlias = "Found[Checkpoint]"


def find(known: Checkpoints, name: str, source: int) -> Checkpoint:
    """Return the checkpoint called *name*."""
    found = known.known.get(name)
    if found is None:
        message = f"no domain checkpoint with matching name '{name}'"
        fail(c.VIR_ERR_NO_DOMAIN_CHECKPOINT, source, message)
    return found


def select(known: Checkpoints, name: str | None, flags: int) -> list[str]:
    """Return the names of those below *name* (None: of the domain) that *flags* ask for."""
    flag = bool(flags & c.VIR_DOMAIN_CHECKPOINT_LIST_DESCENDANTS)  # of a domain, it means: roots only
    leaves = flags & c.VIR_DOMAIN_CHECKPOINT_LIST_LEAVES
    no_leaves = flags & c.VIR_DOMAIN_CHECKPOINT_LIST_NO_LEAVES
    found = known.select(
        name,
        deep=flag if name is not None else not flag,
        passes=lambda checkpoint: known.passes_leaves(checkpoint, leaves, no_leaves),
    )
    return [checkpoint.name for checkpoint in found]


@complete
class virDomainCheckpoint(MomentHandle):
    """A checkpoint of a fake host's domain, with the methods of libvirt-python's class."""

    def _find(self, session: Session) -> Here:
        domain = self._domain_record(session)
        known = records.of(session, domain.uuid)
        return Found(domain, known, find(known, self._o.name, self._host.personality.source))

    @object_call("virDomainCheckpointGetXMLDesc", write=False)
    def getXMLDesc(self, session: Session, here: Here, flags: int = 0) -> str:
        from virtkit.fake.checkpoint.document import show
        from virtkit.fake.snapshot.flags import check_known

        secure = bool(flags & c.VIR_DOMAIN_CHECKPOINT_XML_SECURE)
        if secure and self._conn._readonly:
            message = "virDomainCheckpointGetXMLDesc with secure flag"
            fail(c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN_CHECKPOINT, message)
        check_known(flags, 7, "qemuCheckpointGetXMLDesc")
        sizes = self._sizes(session, here) if flags & c.VIR_DOMAIN_CHECKPOINT_XML_SIZE else None
        with_domain = not flags & c.VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN
        return show(here.moment, secure=secure, with_domain=with_domain, sizes=sizes)

    def _sizes(self, session: Session, here: Here) -> dict[str, int] | None:
        """Return how much changed on each disk. The test driver looks, and shows nothing."""
        from virtkit.fake.block import images
        from virtkit.fake.block.editing import live_disk

        if not here.domain.active:
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_DOMAIN, "domain is not running")
        if not self._host.personality.guest_decides:
            return None
        known, name = here.known, here.moment.name
        assert isinstance(known, Checkpoints)  # noqa: S101
        sizes = {}
        for asked in here.moment.disks:
            disk = live_disk(here.domain, asked["name"])
            if disk is not None and asked["checkpoint"] == BITMAP and known.tracks(name, disk.target):
                capacity = images.capacity(session, disk.path)
                sizes[disk.target] = known.dirty(here.domain, name, capacity, self._host.now())
        return sizes

    @object_call("virDomainCheckpointGetParent", write=False)
    def getParent(self, session: Session, here: Here, flags: int = 0) -> virDomainCheckpoint:
        parent = here.moment.parent
        if parent is None:
            message = f"checkpoint '{here.moment.name}' does not have a parent"
            fail(c.VIR_ERR_NO_DOMAIN_CHECKPOINT, self._host.personality.source, message)
        found: virDomainCheckpoint = self._another(parent)
        return found

    @object_call("virDomainCheckpointListAllChildren", write=False)
    def listAllChildren(self, session: Session, here: Here, flags: int = 0) -> list[virDomainCheckpoint]:
        known = here.known
        assert isinstance(known, Checkpoints)  # noqa: S101
        return [self._another(name) for name in select(known, here.moment.name, flags)]

    @object_call("virDomainCheckpointDelete")
    def delete(self, session: Session, here: Here, flags: int = 0) -> int:
        from virtkit.fake.snapshot.flags import check_known

        known, name = here.known, here.moment.name
        assert isinstance(known, Checkpoints)  # noqa: S101
        check_known(flags, 7, "qemuCheckpointDelete")
        metadata_only = flags & c.VIR_DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY
        if self._host.personality.guest_decides and not metadata_only and not here.domain.active:
            message = "cannot delete checkpoint for inactive domain"
            fail(c.VIR_ERR_OPERATION_UNSUPPORTED, self._host.personality.source, message)
        only_below = flags & c.VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN_ONLY
        below = only_below or flags & c.VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN
        gone = [each.name for each in known.descendants(name)] if below else []
        gone += [] if only_below else [name]
        if below:
            known.remove_descendants(name)
        if not only_below:
            known.remove_single(name)
        for each in () if metadata_only else gone:
            known.bitmaps.pop(each, None)
        return 0
