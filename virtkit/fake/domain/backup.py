"""virDomain: its backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.block import state
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Backup(DomainBase):
    """Beginning one, and its document."""

    @domain_call("virDomainBackupBegin")
    def backupBegin(
        self,
        session: Session,
        record: DomainRecord,
        backupXML: str,
        checkpointXML: str | None,
        flags: int = 0,
    ) -> int:
        from virtkit.fake.block.backup import begin

        begin(self._host, session, record, backupXML, checkpointXML, flags)
        return 0

    @domain_call("virDomainBackupGetXMLDesc", write=False)
    def backupGetXMLDesc(self, session: Session, record: DomainRecord, flags: int = 0) -> str:
        from virtkit.fake.snapshot.flags import check_known

        check_known(flags, 0, "qemuBackupGetXMLDesc")
        found = state.backup(record)
        if found is None:
            self._refuse("no domain backup job present", c.VIR_ERR_NO_DOMAIN_BACKUP)
        return found["xml"]
