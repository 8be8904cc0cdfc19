"""virDomain: its state to a file and back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.fill import defined_document
from virtkit.fake.migration.report import statistics
from virtkit.fake.state.job import Job
from virtkit.fake.state.records import SavedImage

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_STATES = c.VIR_DOMAIN_SAVE_RUNNING | c.VIR_DOMAIN_SAVE_PAUSED


def saving_job(record: DomainRecord, host: Host) -> Job:
    """Return the job of writing *record*'s memory to a file, done."""
    now, total = host.now(), record.balloon * 1024
    return Job(
        operation=c.VIR_DOMAIN_JOB_OPERATION_SAVE,
        started=now,
        now=now,
        total=total,
        left=0.0,
        bandwidth=float(host.bandwidth),
        dirty_rate=0.0,
        max_downtime=0.0,
        sent=float(total),
        iteration=2,
        paused=True,
        finished=True,
    )


class Saving(DomainBase):
    """save and managed save."""

    @domain_call("virDomainSave")
    def save(self, session: Session, record: DomainRecord, to: str) -> int:
        self._save(session, record, to, None, 0)
        return 0

    def _as_it_is(self, _path: str, dxml: str | None = None, flags: int = 0) -> None:
        if dxml is not None and not self._host.personality.guest_decides:
            self._refuse("xml modification unsupported", c.VIR_ERR_ARGUMENT_UNSUPPORTED)

    @domain_call("virDomainSaveFlags", before="_as_it_is")
    def saveFlags(
        self, session: Session, record: DomainRecord, to: str, dxml: str | None = None, flags: int = 0
    ) -> int:
        self._save(session, record, to, dxml, flags)
        return 0

    @domain_call("virDomainSaveParams")
    def saveParams(
        self, session: Session, record: DomainRecord, params: dict[str, Any], flags: int = 0
    ) -> int:
        path = params.get(c.VIR_DOMAIN_SAVE_PARAM_FILE)
        if path is None:
            self._refuse("missing file parameter", c.VIR_ERR_INVALID_ARG)
        self._save(session, record, path, params.get(c.VIR_DOMAIN_SAVE_PARAM_DXML), flags)
        return 0

    def _save(self, session: Session, record: DomainRecord, to: str, dxml: str | None, flags: int) -> None:
        self._allowed("save", record)
        image = self._image_of(record, flags)
        if dxml is not None:
            image.document = defined_document(self._host.personality, dxml, keep_uuid=record.uuid)
        session.put_image(os.path.abspath(to), image)  # noqa: PTH100
        self._put_away(session, record)

    def _image_of(self, record: DomainRecord, flags: int) -> SavedImage:
        running = record.state == c.VIR_DOMAIN_RUNNING
        if flags & _STATES:
            running = bool(flags & c.VIR_DOMAIN_SAVE_RUNNING)
        return SavedImage(record.inactive_of_live(), running, record.cpu_seconds(self._host.now()))

    def _put_away(self, session: Session, record: DomainRecord) -> None:
        if self._host.personality.tells_steps and record.state == c.VIR_DOMAIN_RUNNING:
            power.lifecycle(
                session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED
            )
        if self._host.personality.tells_steps:
            self._tell_job(session, record)
        numbers = record.last_job
        power.stop(
            self._host,
            session,
            record,
            c.VIR_DOMAIN_SHUTOFF_SAVED,
            c.VIR_DOMAIN_EVENT_STOPPED_SAVED,
        )
        record.last_job = numbers
        self._o.id = -1

    def _tell_job(self, session: Session, record: DomainRecord) -> None:
        """Announce the rounds of writing the memory, and its end."""
        numbers = statistics(saving_job(record, self._host), self._host.now())
        for iteration in (1, 2):
            power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION, iteration)
        power.job_done(session, record, numbers, record.id)

    @domain_call("virDomainManagedSave")
    def managedSave(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._allowed("managedSave", record)
        if record.config is None:
            self._refuse("cannot do managed save for transient domain")
        record.managed_save = self._image_of(record, flags)
        self._put_away(session, record)
        return 0

    @domain_call("virDomainHasManagedSaveImage", write=False)
    def hasManagedSaveImage(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        return int(record.managed_save is not None)

    @domain_call("virDomainManagedSaveRemove")
    def managedSaveRemove(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        if record.managed_save is None and self._host.personality.guest_decides:
            path = f"/var/lib/libvirt/qemu/save/{record.name}.save"
            message = f"Failed to remove managed save file '{path}': No such file or directory"
            self._refuse(message, c.VIR_ERR_SYSTEM_ERROR)
        record.managed_save = None
        return 0

    @domain_call("virDomainManagedSaveGetXMLDesc", write=False)
    def managedSaveGetXMLDesc(self, session: Session, record: DomainRecord, flags: int = 0) -> str:
        return self._managed(record).document.shown(secure=bool(flags & c.VIR_DOMAIN_SAVE_IMAGE_XML_SECURE))

    @domain_call("virDomainManagedSaveDefineXML")
    def managedSaveDefineXML(
        self,
        session: Session,
        record: DomainRecord,
        dxml: str,
        flags: int = 0,
    ) -> int:
        image = self._managed(record)
        image.document = defined_document(self._host.personality, dxml, keep_uuid=record.uuid)
        if flags & _STATES:
            image.running = bool(flags & c.VIR_DOMAIN_SAVE_RUNNING)
        return 0

    def _managed(self, record: DomainRecord) -> SavedImage:
        if record.managed_save is None:
            self._refuse("domain does not have managed save image")
        return record.managed_save
