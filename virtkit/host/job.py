"""What a domain is busy with: libvirt's job of a domain, in base units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from virtkit.binding.constants import JobStats, JobType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from virtkit.host.domain import Domain

_OPERATIONS = (
    *("unknown", "start", "save", "restore", "migration in", "migration out", "snapshot", "snapshot revert"),
    *("dump", "backup", "snapshot delete"),
)


@dataclass(frozen=True, slots=True)
class JobInfo:
    """A job of a domain at one moment.

    Attributes:
        operation: ``"migration out"``, ``"save"``, ``"dump"`` and so on.
        elapsed: Seconds since it began.
        total, processed, remaining: Bytes of memory and disks together. A guest writes on while it is
            copied, so ``processed`` may exceed ``total``; ``remaining`` is what counts.
        raw: libvirt's own record: its keys and units.
    """

    operation: str
    elapsed: float
    total: int
    processed: int
    remaining: int
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def progress(self) -> float:
        """How much of it is done, from 0 to 1, judged by what remains."""
        return 1 - self.remaining / self.total if self.total else 0.0


class Job:
    """The job of a domain: ``domain.job``."""

    __slots__ = ("_domain",)

    def __init__(self, domain: Domain) -> None:
        self._domain = domain

    def info(self) -> JobInfo | None:
        """Return what it is busy with, or None: one call, ``virDomainGetJobStats``."""
        with self._domain.calling("read the job of"):
            return info_of(self._domain.raw.jobStats())

    def completed(self) -> JobInfo | None:
        """Return the last job that ended, or None, and keep it to be asked for again."""
        flags = JobStats.COMPLETED | JobStats.KEEP_COMPLETED
        with self._domain.calling("read the last job of"):
            return info_of(self._domain.raw.jobStats(int(flags)))

    def abort(self) -> None:
        """End the job; the domain goes on as before it: one call, ``virDomainAbortJob``.

        Raises:
            WrongState: There is none.
        """
        with self._domain.calling("abort the job of"):
            self._domain.raw.abortJob()


def info_of(stats: Mapping[str, Any]) -> JobInfo | None:
    """Build from what ``jobStats`` returns; None if there is no job."""
    if stats.get("type", JobType.NONE) == JobType.NONE:
        return None
    number = int(stats.get("operation", 0))
    return JobInfo(
        operation=_OPERATIONS[number] if number < len(_OPERATIONS) else _OPERATIONS[0],
        elapsed=stats.get("time_elapsed", 0) / 1000,
        total=int(stats.get("data_total", 0)),
        processed=int(stats.get("data_processed", 0)),
        remaining=int(stats.get("data_remaining", 0)),
        raw=stats,
    )
