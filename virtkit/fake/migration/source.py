"""The side of a migration that sends: begin, perform, confirm or go on."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit import clock
from virtkit.fake import abi, guest, power
from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import defined_document
from virtkit.fake.guest import life
from virtkit.fake.migration import allowed, parameters
from virtkit.fake.migration.report import statistics
from virtkit.fake.state.job import Job

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.migration.destination import Destination
    from virtkit.fake.migration.options import Options
    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_LOOK = 0.05  # seconds between looks at a state that other processes share
_DISK = 1 << 30  # bytes of a disk that travels
_QEMU = c.VIR_FROM_QEMU


def disk_bytes(record: DomainRecord, options: Options) -> int:
    """Return how much of *record*'s disks a migration with *options* copies."""
    if not options.copies_disks:
        return 0
    count = 0
    for disk in record.document.tree().iterfind("devices/disk"):
        target = disk.find("target")
        plain = disk.get("device", "disk") == "disk" and disk.find("readonly") is None
        name = None if target is None else target.get("dev")
        count += (name in options.disks) if options.disks else plain
    return count * _DISK


@dataclass
class Offer:
    """What the source tells the destination."""

    document: Document
    config: Document | None
    running: bool
    cpu_time: float
    host_uuid: str
    inside: dict[str, Any]


class Source:
    """The domain *uuid* on *host*, on its way out."""

    def __init__(self, host: Host, uuid: str, name: str, options: Options) -> None:
        self.host, self.uuid, self.name, self.options = host, uuid, name, options

    def begin(self) -> Offer:
        """Check that the domain can go, and mark it as going.

        Raises:
            libvirtError: it is off, has a job, or is not there.
        """
        allowed.check_flags(self.options)
        with self.host as session:
            record = session.find(self.uuid)
            if record is None:
                self._gone()
            if self.options.has(c.VIR_MIGRATE_POSTCOPY_RESUME):
                message = f"domain '{record.name}' is not being migrated"
                fail(c.VIR_ERR_OPERATION_INVALID, _QEMU, message)
            offline = self.options.has(c.VIR_MIGRATE_OFFLINE)
            if not record.active and not offline:
                fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_DOMAIN, "domain is not running")
            if record.job is not None or record.incoming:
                message = f"another migration job is already running for domain '{record.name}'"
                fail(c.VIR_ERR_OPERATION_INVALID, _QEMU, message)
            allowed.check(self.host, session, record, self.options)
            if self.options.xml is not None:
                changed = defined_document(self.host.personality, self.options.xml, keep_uuid=self.uuid)
                abi.check(record.inactive_of_live().tree(), changed.tree())
            if not offline:
                record.job = self._job(record)
            return Offer(
                document=record.inactive if offline else record.inactive_of_live(),
                config=record.config,
                running=record.state == c.VIR_DOMAIN_RUNNING,
                cpu_time=record.cpu_seconds(self.host.now()),
                host_uuid=self.host.uuid,
                inside=life.luggage(record),
            )

    def _gone(self) -> NoReturn:
        detail = f"no domain with matching uuid '{self.uuid}' ({self.name})"
        fail(c.VIR_ERR_NO_DOMAIN, _QEMU, detail)

    def _job(self, record: DomainRecord) -> Job:
        now, manners = self.host.now(), guest.of(self.host, record)
        total = record.balloon * 1024
        used = total if manners.memory_used is None else min(manners.memory_used, total)
        limit = self.options.bandwidth or record.max_speed
        disks = disk_bytes(record, self.options)
        live = self.options.has(c.VIR_MIGRATE_LIVE)
        return Job(
            operation=c.VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT,
            started=now,
            now=now,
            total=total,
            left=float(used),
            bandwidth=float(limit << 20) if limit else float(self.host.bandwidth),
            dirty_rate=manners.dirty_rate,
            max_downtime=record.max_downtime / 1000.0,
            disk_total=disks,
            disk_left=float(disks),
            auto_converge=self.options.has(c.VIR_MIGRATE_AUTO_CONVERGE),
            postcopy_allowed=self.options.has(c.VIR_MIGRATE_POSTCOPY),
            paused=record.state != c.VIR_DOMAIN_RUNNING or not live,
            owner=self.host.owner,
        )

    def perform(self, destination: Destination) -> None:
        """Send the guest's memory until what is left fits into the downtime; returns with the guest paused.

        Raises:
            libvirtError: the job was aborted, or the domain went away.
        """
        parameters.check_sending(self.options.tuning, self.options.flags)
        self._freeze_unless_live()
        wake = threading.Event()
        with self.host.waiting(wake):
            while True:
                wake.clear()
                pause = self._step(destination)
                if pause is None:
                    return
                if self.host.store.shared:
                    pause = min(pause, _LOOK)
                clock.current().wait(wake, max(pause, 0.0))

    def _freeze_unless_live(self) -> None:
        """Without LIVE the guest stands still from the start."""
        if self.options.has(c.VIR_MIGRATE_LIVE):
            return
        with self.host as session:
            record = self._record(session)
            self._pause(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED)

    def _record(self, session: Session) -> DomainRecord:
        record = session.find(self.uuid)
        if record is None or record.job is None:
            fail(c.VIR_ERR_OPERATION_FAILED, _QEMU, "domain is no longer running")
        return record

    def _pause(self, session: Session, record: DomainRecord, detail: int) -> None:
        if record.state == c.VIR_DOMAIN_RUNNING:
            power.set_state(self.host, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_MIGRATION)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, detail)

    def _step(self, destination: Destination) -> float | None:
        """Work the job out up to now. Return how long nothing happens by itself, None at the end."""
        switch = False
        with self.host as session:
            record = self._record(session)
            job = record.job
            assert job is not None  # noqa: S101
            if job.abort:
                message = "migration out: canceled by client"
                fail(c.VIR_ERR_OPERATION_ABORTED, _QEMU, message)
            before = job.iteration if job.told else 0
            job.advance(self.host.now())
            job.told = True
            for iteration in range(before + 1, job.iteration + 1):
                power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION, iteration)
            if job.postcopy and record.state == c.VIR_DOMAIN_RUNNING:
                self._pause(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED)
                postcopy = c.VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY
                power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, postcopy)
                power.set_state(self.host, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_POSTCOPY)
                job.iteration += 1
                power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION, job.iteration)
                switch = True
            if job.finished and not job.postcopy:
                self._pause(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED)
                job.iteration += 1  # the last round, while the guest stands still
                power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION, job.iteration)
            pause = None if job.finished else max(job.round_end() - self.host.now(), 0.0)
        if switch:
            destination.take_over_early()
        return pause

    def progress(self) -> dict[str, Any]:
        """Return the statistics of the job that is under way."""
        with self.host as session:
            record = self._record(session)
            assert record.job is not None  # noqa: S101
            return statistics(record.job, self.host.now())

    def confirm(self) -> None:
        """End the domain here: it runs at the destination. No event tells of UNDEFINE_SOURCE."""
        with self.host as session:
            record = session.find(self.uuid)
            if record is None:
                return
            if self.options.has(c.VIR_MIGRATE_UNDEFINE_SOURCE):
                record.config = None
            if self.options.has(c.VIR_MIGRATE_OFFLINE):
                if not record.active and record.config is None:
                    session.delete(record)
                return
            job, now = record.job, self.host.now()
            number = record.id
            reason, detail = c.VIR_DOMAIN_SHUTOFF_MIGRATED, c.VIR_DOMAIN_EVENT_STOPPED_MIGRATED
            power.stop(self.host, session, record, reason, detail)
            if job is not None:
                power.job_done(session, record, statistics(job, now), number)

    def go_on(self, *, running: bool) -> None:
        """The migration failed: the guest goes on here as it was."""
        with self.host as session:
            record = session.find(self.uuid)
            if record is None or record.job is None:
                return
            record.job = None
            if running and record.state == c.VIR_DOMAIN_PAUSED:
                reason = c.VIR_DOMAIN_RUNNING_MIGRATION_CANCELED
                power.set_state(self.host, record, c.VIR_DOMAIN_RUNNING, reason)
                power.lifecycle(
                    session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_MIGRATED
                )
