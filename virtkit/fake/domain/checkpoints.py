"""virDomain: its checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.call import domain_call
from virtkit.fake.checkpoint import find, select, virDomainCheckpoint
from virtkit.fake.checkpoint import record as records
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.handles import Named

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Checkpoints(DomainBase):
    """Making, finding and listing."""

    def _checkpoint(self, name: str) -> virDomainCheckpoint:
        return virDomainCheckpoint(self, Named(self._o.uuid, name))  # type: ignore[arg-type]

    @domain_call("virDomainCheckpointCreateXML")
    def checkpointCreateXML(
        self, session: Session, record: DomainRecord, xmlDesc: str, flags: int = 0
    ) -> virDomainCheckpoint:
        from virtkit.fake.checkpoint.creation import create

        return self._checkpoint(create(self._host, session, record, xmlDesc, flags).name)

    @domain_call("virDomainCheckpointLookupByName", write=False)
    def checkpointLookupByName(
        self, session: Session, record: DomainRecord, name: str, flags: int = 0
    ) -> virDomainCheckpoint:
        known = records.of(session, record.uuid)
        return self._checkpoint(find(known, name, self._host.personality.source).name)

    @domain_call("virDomainListAllCheckpoints", write=False)
    def listAllCheckpoints(
        self, session: Session, record: DomainRecord, flags: int = 0
    ) -> list[virDomainCheckpoint]:
        known = records.of(session, record.uuid)
        return [self._checkpoint(name) for name in select(known, None, flags)]
