"""virDomainSnapshot: a domain as it was."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail
from virtkit.fake.snapshot import record as records
from virtkit.fake.snapshot.handle import Found, MomentHandle
from virtkit.fake.snapshot.listing import select
from virtkit.fake.snapshot.record import Snapshot, Snapshots
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

Here: TypeAlias = "Found[Snapshot]"


def find(known: Snapshots, name: str, source: int) -> Snapshot:
    """Return the snapshot called *name*."""
    found = known.known.get(name)
    if found is None:
        message = f"no domain snapshot with matching name '{name}'"
        fail(c.VIR_ERR_NO_DOMAIN_SNAPSHOT, source, message)
    return found


@complete
class virDomainSnapshot(MomentHandle):
    """A snapshot of a fake host's domain, with the methods of libvirt-python's class."""

    def _find(self, session: Session) -> Here:
        domain = self._domain_record(session)
        known = records.of(session, domain.uuid)
        return Found(domain, known, find(known, self._o.name, self._host.personality.source))

    @object_call("virDomainSnapshotGetXMLDesc", write=False)
    def getXMLDesc(self, session: Session, here: Here, flags: int = 0) -> str:
        from virtkit.fake.snapshot.document import show

        secure = bool(flags & c.VIR_DOMAIN_SNAPSHOT_XML_SECURE)
        if secure and self._conn._readonly:
            message = "virDomainSnapshotGetXMLDesc with secure flag"
            fail(c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN_SNAPSHOT, message)
        return show(here.moment, here.domain.uuid, secure=secure)

    @object_call("virDomainSnapshotGetParent", write=False)
    def getParent(self, session: Session, here: Here, flags: int = 0) -> virDomainSnapshot:
        parent = here.moment.parent
        if parent is None:
            message = f"snapshot '{here.moment.name}' does not have a parent"
            fail(c.VIR_ERR_NO_DOMAIN_SNAPSHOT, self._host.personality.source, message)
        found: virDomainSnapshot = self._another(parent)
        return found

    @object_call("virDomainSnapshotIsCurrent", write=False)
    def isCurrent(self, session: Session, here: Here, flags: int = 0) -> int:
        return int(here.known.current == here.moment.name)

    @object_call("virDomainSnapshotHasMetadata", write=False)
    def hasMetadata(self, session: Session, here: Here, flags: int = 0) -> int:
        return 1

    def _children(self, here: Here, flags: int) -> list[str]:
        known = here.known
        assert isinstance(known, Snapshots)  # noqa: S101
        return [snapshot.name for snapshot in select(known, here.moment.name, flags)]

    @object_call("virDomainSnapshotNumChildren", write=False)
    def numChildren(self, session: Session, here: Here, flags: int = 0) -> int:
        return len(self._children(here, flags))

    @object_call("virDomainSnapshotListChildrenNames", write=False)
    def listChildrenNames(self, session: Session, here: Here, flags: int = 0) -> list[str]:
        return self._children(here, flags)

    @object_call("virDomainSnapshotListAllChildren", write=False)
    def listAllChildren(self, session: Session, here: Here, flags: int = 0) -> list[virDomainSnapshot]:
        return [self._another(name) for name in self._children(here, flags)]

    @object_call("virDomainSnapshotDelete")
    def delete(self, session: Session, here: Here, flags: int = 0) -> int:
        known = here.known
        assert isinstance(known, Snapshots)  # noqa: S101
        if self._host.personality.guest_decides:
            from virtkit.fake.snapshot.deletion import delete

            delete(self._host, session, here.domain, known, here.moment, flags)
            return 0
        below = c.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN | c.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY
        if flags & below:
            known.remove_descendants(here.moment.name)
        if not flags & c.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY:
            known.remove_single(here.moment.name)
        return 0
