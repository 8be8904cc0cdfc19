"""virDomain: its snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.asking import Asking, agent_call
from virtkit.fake.errors import fail
from virtkit.fake.handles import Named
from virtkit.fake.snapshot import find, virDomainSnapshot
from virtkit.fake.snapshot import record as records
from virtkit.fake.snapshot.listing import select
from virtkit.fake.snapshot.record import Snapshots as Known

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Snapshots(Asking):
    """Taking, finding, listing and going back."""

    def _snapshot(self, name: str) -> virDomainSnapshot:
        return virDomainSnapshot(self, Named(self._o.uuid, name))  # type: ignore[arg-type]

    @agent_call("virDomainSnapshotCreateXML")
    def snapshotCreateXML(
        self, session: Session, record: DomainRecord, xmlDesc: str, flags: int = 0
    ) -> virDomainSnapshot:
        host = self._host
        if host.personality.guest_decides:
            from virtkit.fake.snapshot.creation import Creation

            def ask(command: str) -> Any:
                return self._ask(session, record, command)

            made = Creation(host, session, record, flags, ask).make(xmlDesc)
        else:
            from virtkit.fake.snapshot.testing import create

            made = create(host, session, record, xmlDesc, flags)
        return self._snapshot(made.name)

    @domain_call("virDomainRevertToSnapshot")
    def revertToSnapshot(
        self, session: Session, record: DomainRecord, snap: virDomainSnapshot, flags: int = 0
    ) -> int:
        here = snap._find(session)  # noqa: SLF001
        known = here.known
        assert isinstance(known, Known)  # noqa: S101
        if self._host.personality.guest_decides:
            from virtkit.fake.snapshot.reverting import revert
        else:
            from virtkit.fake.snapshot.testing import revert
        stopped = here.domain.active and not self._host.personality.guest_decides
        revert(self._host, session, here.domain, known, here.moment, flags)
        if stopped:  # the test driver tells the object of the snapshot's domain that it is off, and no more
            snap.getDomain()._o.id = -1  # noqa: SLF001
        return 0

    @domain_call("virDomainHasCurrentSnapshot", write=False)
    def hasCurrentSnapshot(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        return int(records.of(session, record.uuid).current is not None)

    @domain_call("virDomainSnapshotCurrent", write=False)
    def snapshotCurrent(self, session: Session, record: DomainRecord, flags: int = 0) -> virDomainSnapshot:
        current = records.of(session, record.uuid).current
        if current is None:
            message = "the domain does not have a current snapshot"
            fail(c.VIR_ERR_NO_DOMAIN_SNAPSHOT, self._host.personality.source, message)
        return self._snapshot(current)

    @domain_call("virDomainSnapshotLookupByName", write=False)
    def snapshotLookupByName(
        self, session: Session, record: DomainRecord, name: str, flags: int = 0
    ) -> virDomainSnapshot:
        known = records.of(session, record.uuid)
        return self._snapshot(find(known, name, self._host.personality.source).name)

    def _snapshot_names(self, session: Session, record: DomainRecord, flags: int) -> list[str]:
        known = records.of(session, record.uuid)
        return [snapshot.name for snapshot in select(known, None, flags)]

    @domain_call("virDomainSnapshotNum", write=False)
    def snapshotNum(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        return len(self._snapshot_names(session, record, flags))

    @domain_call("virDomainSnapshotListNames", write=False)
    def snapshotListNames(self, session: Session, record: DomainRecord, flags: int = 0) -> list[str]:
        return self._snapshot_names(session, record, flags)

    @domain_call("virDomainListAllSnapshots", write=False)
    def listAllSnapshots(
        self, session: Session, record: DomainRecord, flags: int = 0
    ) -> list[virDomainSnapshot]:
        return [self._snapshot(name) for name in self._snapshot_names(session, record, flags)]
