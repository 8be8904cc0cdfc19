"""virDomain: snapshots and checkpoints (none can be made yet, so lists are empty)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Snapshots(DomainBase):
    """Counting and listing."""

    @domain_call("virDomainHasCurrentSnapshot", write=False)
    def hasCurrentSnapshot(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        return 0

    @domain_call("virDomainSnapshotNum", write=False)
    def snapshotNum(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        return 0

    @domain_call("virDomainSnapshotListNames", write=False)
    def snapshotListNames(self, session: Session, record: DomainRecord, flags: int = 0) -> list[str]:
        return []

    @domain_call("virDomainListAllSnapshots", write=False)
    def listAllSnapshots(self, session: Session, record: DomainRecord, flags: int = 0) -> list[Any]:
        return []

    @domain_call("virDomainListAllCheckpoints", write=False)
    def listAllCheckpoints(self, session: Session, record: DomainRecord, flags: int = 0) -> list[Any]:
        return []
