"""Calls that take as long as their job: memory that is written to a file, or read from one.

Such a call begins in one look at the host, ends in another, and lets everybody look in between.
"""

from __future__ import annotations

import threading
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.errors import fail
from virtkit.fake.state.job import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord, SavedImage
    from virtkit.fake.store.session import Session

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")

_LOOK = 0.05  # seconds between looks at a state that other processes share


class Lasting(Generic[R]):
    """What is left of a call when its domain's job has begun.

    Args:
        record: the domain.
        label: what libvirt calls the job.
        finish: ends the call, once the job is done.
        give_up: undoes what the call began, when the job is aborted.
    """

    def __init__(
        self,
        host: Host,
        record: DomainRecord,
        label: str,
        finish: Callable[[Session, DomainRecord], R],
        give_up: Callable[[Session, DomainRecord], object],
    ) -> None:
        self._host, self._uuid, self._label = host, record.uuid, label
        self._finish, self._give_up = finish, give_up

    def run(self) -> R:
        """Wait for the job, and end the call."""
        host, wake = self._host, threading.Event()
        with host.waiting(wake):
            while True:
                wake.clear()
                with host as session:
                    record = session.find(self._uuid)
                    job = None if record is None else record.job
                    if record is not None and job is not None:
                        job.advance(host.now())
                        if job.abort:
                            record.job = None
                            self._give_up(session, record)
                        elif job.finished:
                            return self._finish(session, record)
                if job is None:
                    fail(c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_QEMU, "domain is no longer running")
                if job.abort:
                    message = f"{self._label}: canceled by client"
                    fail(c.VIR_ERR_OPERATION_ABORTED, c.VIR_FROM_QEMU, message)
                pause = max(job.round_end() - host.now(), 0.0)
                clock.current().wait(wake, min(pause, _LOOK) if host.store.shared else pause)


def ended(result: R | Lasting[R]) -> R:
    """Return what a call returns, once its job is done."""
    return result.run() if isinstance(result, Lasting) else result


def lasts(
    call: Callable[Concatenate[S, P], R | Lasting[R]],
) -> Callable[Concatenate[S, P], R]:
    """Make a call of one that may leave something to be done when its job ends."""

    @wraps(call)
    def through(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        host: Host = self._host  # type: ignore[attr-defined]
        if host.faults:
            with host.faults.whole():
                return ended(call(self, *args, **kwargs))
        return ended(call(self, *args, **kwargs))

    through.__signature__ = call.__signature__  # type: ignore[attr-defined]
    return through


def memory_job(host: Host, record: DomainRecord, operation: int, *, at_once: bool = False) -> Job:
    """Return the job of moving *record*'s memory to or from a file: done, where files take no time."""
    total = record.balloon * 1024
    rate = None if at_once else host.disk_bandwidth
    done: dict[str, Any] = {"sent": float(total), "iteration": 2, "finished": True}
    return Job(
        operation=operation,
        started=host.now(),
        now=host.now(),
        total=total,
        left=float(total) if rate else 0.0,
        bandwidth=float(rate or host.bandwidth),
        dirty_rate=0.0,
        max_downtime=0.0,
        paused=True,
        owner=host.owner,
        **({} if rate else done),
    )


def brought_back(
    host: Host, session: Session, record: DomainRecord, image: SavedImage, *, paused: bool = False
) -> int | Lasting[int]:
    """Have *record* go on with what *image* holds: at once, or when it has been read."""
    if host.disk_bandwidth is None or not host.personality.tells_steps:
        power.bring_back(host, session, record, image, paused=paused)
        return 0
    power.expect_back(host, session, record, image)
    record.job = memory_job(host, record, c.VIR_DOMAIN_JOB_OPERATION_RESTORE)

    def finish(own: Session, found: DomainRecord) -> int:
        power.bring_back(host, own, found, image, paused=paused)
        return 0

    def give_up(own: Session, found: DomainRecord) -> None:
        power.stop(host, own, found, c.VIR_DOMAIN_SHUTOFF_FAILED, c.VIR_DOMAIN_EVENT_STOPPED_FAILED)

    return Lasting(host, record, "domain restore", finish, give_up)
