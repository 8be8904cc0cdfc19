"""virDomain: its state to a file and back."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.block import state
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.errors import check_names, fail_system
from virtkit.fake.fill import defined_document
from virtkit.fake.lasting import Lasting, lasts, memory_job
from virtkit.fake.migration.report import statistics
from virtkit.fake.state.records import SAVE_PARAMETERS, SavedImage

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.state.job import Job
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

    Keep = Callable[[Session, DomainRecord], None]

_STATES = c.VIR_DOMAIN_SAVE_RUNNING | c.VIR_DOMAIN_SAVE_PAUSED


def saving_job(record: DomainRecord, host: Host) -> Job:
    """Return the job of writing *record*'s memory to a file, done."""
    return memory_job(host, record, c.VIR_DOMAIN_JOB_OPERATION_SAVE, at_once=True)


class Saving(DomainBase):
    """save and managed save."""

    @lasts
    @domain_call("virDomainSave")
    def save(self, session: Session, record: DomainRecord, to: str) -> int | Lasting[int]:
        return self._save(session, record, to, None, 0)

    def _as_it_is(self, _path: str, dxml: str | None = None, flags: int = 0) -> None:
        if dxml is not None and not self._host.personality.guest_decides:
            self._refuse("xml modification unsupported", c.VIR_ERR_ARGUMENT_UNSUPPORTED)

    @lasts
    @domain_call("virDomainSaveFlags", before="_as_it_is")
    def saveFlags(
        self, session: Session, record: DomainRecord, to: str, dxml: str | None = None, flags: int = 0
    ) -> int | Lasting[int]:
        return self._save(session, record, to, dxml, flags)

    def _params_known(self, params: dict[str, Any], _flags: int = 0) -> None:
        check_names(params, SAVE_PARAMETERS)

    @lasts
    @domain_call("virDomainSaveParams", before="_params_known")
    def saveParams(
        self, session: Session, record: DomainRecord, params: dict[str, Any], flags: int = 0
    ) -> int | Lasting[int]:
        path, dxml = params.get(c.VIR_DOMAIN_SAVE_PARAM_FILE), params.get(c.VIR_DOMAIN_SAVE_PARAM_DXML)
        if path is None:
            return self._keep(session, record, dxml, flags)
        return self._save(session, record, path, dxml, flags)

    def _save(
        self, session: Session, record: DomainRecord, to: str, dxml: str | None, flags: int
    ) -> int | Lasting[int]:
        self._allowed("save", record)
        image = self._image_of(record, flags, dxml)
        path = os.path.abspath(to)  # noqa: PTH100
        return self._put_away(session, record, lambda own, _record: own.put_image(path, image))

    def _image_of(self, record: DomainRecord, flags: int, dxml: str | None = None) -> SavedImage:
        state.check_no_backup(record)
        state.check_no_jobs(record)
        running = record.state == c.VIR_DOMAIN_RUNNING
        if flags & _STATES:
            running = bool(flags & c.VIR_DOMAIN_SAVE_RUNNING)
        if dxml is None:
            document = record.inactive_of_live()
        else:
            document = defined_document(self._host.personality, dxml, keep_uuid=record.uuid)
        return SavedImage(document, running, record.cpu_seconds(self._host.now()))

    def _put_away(self, session: Session, record: DomainRecord, keep: Keep) -> int | Lasting[int]:
        """Stop the guest, write its memory, which *keep* then keeps, and take it away."""
        if not self._host.personality.tells_steps:
            return self._gone(session, record, keep)
        host, before = self._host, (record.state, record.reason)
        if record.state == c.VIR_DOMAIN_RUNNING:
            power.set_state(host, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_SAVE)
            detail = c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, detail)
        record.job = memory_job(host, record, c.VIR_DOMAIN_JOB_OPERATION_SAVE)

        def finish(own: Session, found: DomainRecord) -> int:
            assert found.job is not None  # noqa: S101
            numbers = statistics(found.job, host.now())
            for iteration in (1, 2):
                power.emit(own, found, c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION, iteration)
            power.job_done(own, found, numbers, found.id)
            return self._gone(own, found, keep)

        def give_up(own: Session, found: DomainRecord) -> None:
            if before[0] == c.VIR_DOMAIN_RUNNING and found.state == c.VIR_DOMAIN_PAUSED:
                power.set_state(host, found, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_SAVE_CANCELED)
                detail = c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED
                power.lifecycle(own, found, c.VIR_DOMAIN_EVENT_RESUMED, detail)

        if record.job.finished:
            return finish(session, record)
        return Lasting(host, record, "domain save", finish, give_up)

    def _gone(self, session: Session, record: DomainRecord, keep: Keep) -> int:
        keep(session, record)
        numbers = record.last_job
        reason, detail = c.VIR_DOMAIN_SHUTOFF_SAVED, c.VIR_DOMAIN_EVENT_STOPPED_SAVED
        power.stop(self._host, session, record, reason, detail)
        record.last_job = numbers
        self._o.id = -1
        return 0

    @lasts
    @domain_call("virDomainManagedSave")
    def managedSave(self, session: Session, record: DomainRecord, flags: int = 0) -> int | Lasting[int]:
        return self._keep(session, record, None, flags)

    def _keep(
        self, session: Session, record: DomainRecord, dxml: str | None, flags: int
    ) -> int | Lasting[int]:
        self._allowed("managedSave", record)
        if record.config is None:
            self._refuse("cannot do managed save for transient domain")
        image = self._image_of(record, flags, dxml)

        def keep(_session: Session, found: DomainRecord) -> None:
            found.managed_save = image

        return self._put_away(session, record, keep)

    @domain_call("virDomainHasManagedSaveImage", write=False)
    def hasManagedSaveImage(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        return int(record.managed_save is not None)

    @domain_call("virDomainManagedSaveRemove")
    def managedSaveRemove(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        if record.managed_save is None and self._host.personality.guest_decides:
            path = f"/var/lib/libvirt/qemu/save/{record.name}.save"
            error = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            fail_system(error, self._host.personality.source, f"Failed to remove managed save file '{path}'")
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
