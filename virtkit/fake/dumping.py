"""A guest's memory written to a file to be looked at, while the guest stands still or goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.errors import fail
from virtkit.fake.guest import life
from virtkit.fake.lasting import Lasting, memory_job
from virtkit.fake.migration.report import statistics

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_ITERATION = c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION


def dump(host: Host, session: Session, record: DomainRecord, form: int, flags: int) -> int | Lasting[int]:
    """Write *record*'s memory, as QEMU's driver does. No file comes of it.

    Args:
        host: where it runs.
        session: of the call.
        record: the domain, active.
        form: a ``VIR_DOMAIN_CORE_DUMP_FORMAT_*``.
        flags: ``VIR_DUMP_*``.
    """
    only_memory = bool(flags & c.VIR_DUMP_MEMORY_ONLY)
    if form != c.VIR_DOMAIN_CORE_DUMP_FORMAT_RAW and not only_memory:
        message = "kdump-compressed format is only supported with memory-only dump"
        fail(c.VIR_ERR_OPERATION_UNSUPPORTED, c.VIR_FROM_QEMU, message)
    running = record.state == c.VIR_DOMAIN_RUNNING
    if running and not flags & c.VIR_DUMP_LIVE:
        _pause(host, session, record)
    record.job = memory_job(host, record, c.VIR_DOMAIN_JOB_OPERATION_DUMP)

    def finish(own: Session, found: DomainRecord) -> int:
        assert found.job is not None  # noqa: S101
        numbers = statistics(found.job, host.now())
        found.job = None
        if not only_memory:
            _tell(host, own, found, live=bool(flags & c.VIR_DUMP_LIVE))
            power.job_done(own, found, numbers, found.id)
        if flags & c.VIR_DUMP_CRASH:
            reason, detail = c.VIR_DOMAIN_SHUTOFF_CRASHED, c.VIR_DOMAIN_EVENT_STOPPED_CRASHED
            power.stop(host, own, found, reason, detail)
            return 0
        if flags & c.VIR_DUMP_RESET:
            life.restart(host, own, found)
        _go_on(own, found)
        return 0

    def _go_on(own: Session, found: DomainRecord) -> None:
        if running and found.state == c.VIR_DOMAIN_PAUSED:
            power.set_state(host, found, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_UNPAUSED)
            detail = c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED
            power.lifecycle(own, found, c.VIR_DOMAIN_EVENT_RESUMED, detail)

    if record.job.finished:
        return finish(session, record)
    return Lasting(host, record, "domain core dump", finish, _go_on)


def _pause(host: Host, session: Session, record: DomainRecord) -> None:
    power.set_state(host, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_DUMP)
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED)


def _tell(host: Host, session: Session, record: DomainRecord, *, live: bool) -> None:
    """Tell of the rounds of writing; a guest that ran on stands still for the last."""
    power.emit(session, record, _ITERATION, 1)
    power.emit(session, record, _ITERATION, 2)
    if live and record.state == c.VIR_DOMAIN_RUNNING:
        _pause(host, session, record)
        power.emit(session, record, _ITERATION, 3)
