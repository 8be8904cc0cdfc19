"""A domain's job as plain numbers, and how it goes on with time.

The memory of a live migration: each round sends what is dirty while the guest dirties more; the last
round is the one that fits into the allowed downtime. The same numbers give the same course, so any
process that reads them at a time sees the same progress.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

MIB = 1 << 20
_THROTTLE_STEP = 0.1  # auto-converge: first 20 %, then 10 % more each round


@dataclass(slots=True)
class Job:
    """A migration (or save) under way. Sizes in bytes, rates in bytes a second, times on the clock."""

    operation: int
    started: float
    now: float  # how far it has been worked out
    total: int  # memory
    left: float  # of this round
    bandwidth: float
    dirty_rate: float
    max_downtime: float  # seconds
    disk_total: int = 0
    disk_left: float = 0.0
    sent: float = 0.0
    dirtied: float = 0.0  # since this round began
    iteration: int = 1
    auto_converge: bool = False
    throttle: float = 0.0
    postcopy_allowed: bool = False
    postcopy: bool = False
    paused: bool = False  # the guest stands still: nothing gets dirty
    finished: bool = False
    told: bool = False  # that the first round began
    abort: bool = False
    owner: str = ""

    @property
    def rate(self) -> float:
        """How fast the guest dirties memory now."""
        return 0.0 if self.paused or self.postcopy else self.dirty_rate * (1.0 - self.throttle)

    @property
    def dirty(self) -> float:
        """Bytes that this round's end would leave to send."""
        return min(self.dirtied, float(self.total))

    def round_end(self) -> float:
        """When the present round (or the disks before it) ends, if nothing changes."""
        if self.finished:
            return self.now
        return self.now + (self.disk_left + self.left) / max(self.bandwidth, 1.0)

    def advance(self, to: float) -> None:
        """Work the job out up to the time *to*, or to its end."""
        while not self.finished:
            end = self.round_end()
            if end > to:
                self._pass(to - self.now)
                self.now = max(self.now, to)
                return
            self._pass(end - self.now)
            self.now = end
            self._next_round()

    def _pass(self, seconds: float) -> None:
        if seconds <= 0:
            return
        bytes_sent = seconds * self.bandwidth
        of_disk = min(bytes_sent, self.disk_left)
        self.disk_left -= of_disk
        self.left = max(self.left - (bytes_sent - of_disk), 0.0)
        self.sent += bytes_sent
        self.dirtied += seconds * self.rate

    def _next_round(self) -> None:
        self.disk_left = 0.0
        if self.postcopy or self.dirty <= self.bandwidth * self.max_downtime:
            self.sent += self.dirty
            self.left = 0.0
            self.finished = True
            return
        if self.auto_converge:
            self.throttle = min(
                self.throttle + (2 * _THROTTLE_STEP if not self.throttle else _THROTTLE_STEP), 0.99
            )
        self.left, self.dirtied = self.dirty, 0.0
        self.iteration += 1

    def start_postcopy(self) -> None:
        """Go on at the destination: what is left follows the guest, once."""
        self.left = min(self.left + self.dirty, float(self.total))
        self.dirtied = 0.0
        self.postcopy = True

    def downtime(self) -> float:
        """How long the guest stood still for the last round, in seconds."""
        return 0.01 if self.postcopy else 0.005 + self.dirty / max(self.bandwidth, 1.0)

    def at(self, time: float) -> Job:
        """Return this job as it is at *time*."""
        copy = replace(self)
        copy.advance(time)
        return copy

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, for storage."""
        return asdict(self)
