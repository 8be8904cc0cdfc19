"""virDomain: the job that is under way, or was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.block import backup, state
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.migration.report import job_info, job_statistics

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_STATS_FLAGS = c.VIR_DOMAIN_JOB_STATS_COMPLETED | c.VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED
_UNLIMITED = 2**64 // (1 << 20) - 1  # MiB/s: what the driver says when nobody set a limit
_CACHE = 64 << 20  # bytes: what QEMU begins with
_MAX_SPEED = 2**63 // (1 << 20) - 1


class Jobs(DomainBase):
    """jobInfo, jobStats, abortJob, and the limits of a migration."""

    @domain_call("virDomainGetJobInfo", write=False)
    def jobInfo(self, session: Session, record: DomainRecord) -> list[int]:
        self._allowed("live", record)
        found = state.backup(record)
        return (
            job_info(record, self._host.now())
            if found is None
            else backup.job_info(self._host, record, found)
        )

    @domain_call("virDomainGetJobStats", write=False)
    def jobStats(self, session: Session, record: DomainRecord, flags: int = 0) -> dict[str, Any]:
        self._flags(flags, _STATS_FLAGS, "GetJobStats")
        if flags & c.VIR_DOMAIN_JOB_STATS_COMPLETED:
            last = record.last_job
            if last is None:
                return {"type": c.VIR_DOMAIN_JOB_NONE}
            if not flags & c.VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED:
                record.last_job = None
            return dict(last)
        self._allowed("live", record)
        found = state.backup(record)
        if found is not None:
            return {**backup.numbers(self._host, record, found), "type": c.VIR_DOMAIN_JOB_UNBOUNDED}
        return job_statistics(record, self._host.now())

    @domain_call("virDomainAbortJob")
    def abortJob(self, session: Session, record: DomainRecord) -> int:
        return self._abort(session, record)

    @domain_call("virDomainAbortJobFlags")
    def abortJobFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._allowed("live", record)
        in_postcopy = record.job is not None and record.job.postcopy
        if flags & c.VIR_DOMAIN_ABORT_JOB_POSTCOPY and not in_postcopy:
            self._refuse("current job is not outgoing migration in post-copy mode")
        return self._abort(session, record)

    def _abort(self, session: Session, record: DomainRecord) -> int:
        self._allowed("live", record)
        if state.backup(record) is not None:
            backup.abort(self._host, session, record)
            return 0
        if record.job is None:
            self._refuse("no job is active on the domain")
        if record.job.postcopy:
            self._refuse("cannot abort migration in post-copy mode")
        record.job.abort = True
        self._host.wake()
        return 0

    @domain_call("virDomainMigrateSetMaxDowntime")
    def migrateSetMaxDowntime(
        self, session: Session, record: DomainRecord, downtime: int, flags: int = 0
    ) -> int:
        self._flags(flags, 0, "MigrateSetMaxDowntime")
        self._allowed("live", record)
        record.max_downtime = downtime
        if record.job is not None:
            record.job.advance(self._host.now())
            record.job.max_downtime = downtime / 1000.0
            self._host.wake()
        return 0

    @domain_call("virDomainMigrateGetMaxDowntime", write=False)
    def migrateGetMaxDowntime(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._flags(flags, 0, "MigrateGetMaxDowntime")
        self._allowed("live", record)
        return record.max_downtime

    @domain_call("virDomainMigrateSetMaxSpeed")
    def migrateSetMaxSpeed(
        self, session: Session, record: DomainRecord, bandwidth: int, flags: int = 0
    ) -> int:
        self._flags(flags, c.VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY, "MigrateSetMaxSpeed")
        if bandwidth > _MAX_SPEED:
            message = f"bandwidth must be less than {_MAX_SPEED + 1}"
            self._refuse(message, c.VIR_ERR_OVERFLOW)
        if flags & c.VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY:
            record.extra["postcopy speed"] = bandwidth
            return 0
        record.max_speed = bandwidth
        if record.job is not None and bandwidth:
            record.job.advance(self._host.now())
            record.job.bandwidth = float(bandwidth << 20)
            self._host.wake()
        return 0

    @domain_call("virDomainMigrateGetMaxSpeed", write=False)
    def migrateGetMaxSpeed(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._flags(flags, c.VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY, "MigrateGetMaxSpeed")
        if flags & c.VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY:
            return int(record.extra.get("postcopy speed", 0))
        return record.max_speed or _UNLIMITED

    @domain_call("virDomainMigrateGetCompressionCache", write=False)
    def migrateGetCompressionCache(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._allowed("live", record)
        return int(record.extra.get("compression cache", _CACHE))

    @domain_call("virDomainMigrateSetCompressionCache")
    def migrateSetCompressionCache(
        self, session: Session, record: DomainRecord, cacheSize: int, flags: int = 0
    ) -> int:
        self._allowed("live", record)
        record.extra["compression cache"] = cacheSize
        return 0

    @domain_call("virDomainMigrateStartPostCopy")
    def migrateStartPostCopy(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._flags(flags, 0, "MigrateStartPostCopy")
        self._allowed("live", record)
        job = record.job
        if job is None or job.operation != c.VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT:
            self._refuse("post-copy can only be started while outgoing migration is in progress")
        if not job.postcopy_allowed:
            self._refuse(
                "switching to post-copy requires migration to be started with VIR_MIGRATE_POSTCOPY flag"
            )
        job.advance(self._host.now())
        if not job.postcopy:
            job.start_postcopy()
        self._host.wake()
        return 0
