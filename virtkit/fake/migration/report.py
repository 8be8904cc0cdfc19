"""A job as libvirt reports it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c

if TYPE_CHECKING:
    from virtkit.fake.state.job import Job
    from virtkit.fake.state.records import DomainRecord

_PAGE = 4096
_INFO_FIELDS = 12


def job_statistics(record: DomainRecord, now: float) -> dict[str, Any]:
    """Return the statistics of *record*'s job at the time *now*, named as libvirt names them."""
    if record.job is None:
        return {"type": c.VIR_DOMAIN_JOB_NONE}
    return {"type": c.VIR_DOMAIN_JOB_UNBOUNDED, **statistics(record.job.at(now), now)}


def statistics(job: Job, now: float) -> dict[str, Any]:
    """Return the statistics of *job*, worked out up to *now*, without its type."""
    elapsed = max(int((now - job.started) * 1000), 0)
    memory_left, disk_left = int(job.left), int(job.disk_left)
    sent = int(job.sent)
    found: dict[str, Any] = {
        "operation": job.operation,
        "time_elapsed": elapsed,
        "data_total": job.total + job.disk_total,
        "data_processed": sent,
        "data_remaining": memory_left + disk_left,
        "memory_total": job.total,
        "memory_processed": max(sent - (job.disk_total - disk_left), 0),
        "memory_remaining": memory_left,
        "memory_bps": int(job.bandwidth),
        "memory_constant": 0,
        "memory_normal": sent // _PAGE,
        "memory_normal_bytes": sent,
        "memory_dirty_rate": int(job.rate) // _PAGE,
        "memory_iteration": job.iteration,
        "memory_page_size": _PAGE,
        "memory_postcopy_requests": 0,
        "setup_time": 1,
    }
    if job.operation != c.VIR_DOMAIN_JOB_OPERATION_SAVE:
        found.update(
            {
                "disk_total": job.disk_total,
                "disk_processed": job.disk_total - disk_left,
                "disk_remaining": disk_left,
            }
        )
    if job.auto_converge:
        found["auto_converge_throttle"] = int(job.throttle * 100)
    if job.finished:
        found["downtime"] = int(job.downtime() * 1000)
    return found


def job_info(record: DomainRecord, now: float) -> list[int]:
    """Return the twelve numbers of jobInfo."""
    if record.job is None:
        return [0] * _INFO_FIELDS
    found = job_statistics(record, now)
    keys = (
        "type time_elapsed time_remaining data_total data_processed data_remaining memory_total"
        " memory_processed memory_remaining disk_total disk_processed disk_remaining"
    )
    return [found.get(key, 0) for key in keys.split()]
