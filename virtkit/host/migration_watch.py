"""Run a migration beside the caller: report progress, act when it takes too long, end it if interrupted."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from virtkit import clock
from virtkit.binding import translate
from virtkit.binding.constants import JobType
from virtkit.errors import HostError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from virtkit.binding import Opened
    from virtkit.binding.constants import Migrate
    from virtkit.host.connection import Connection
    from virtkit.host.domain import Domain
    from virtkit.host.migration import MigrationOptions

POLL = 0.25  # seconds between two looks at the job
_FIRST = 0.02  # and before the first one, so that a short migration is seen too; then twice as long each time


@dataclass(frozen=True, slots=True)
class MigrationProgress:
    """A migration at one moment.

    Attributes:
        elapsed: Seconds since libvirt began it.
        total, processed, remaining: Bytes of memory and copied disks. What the guest rewrites is sent again,
            so ``processed`` may exceed ``total``: judge by ``remaining``.
        bandwidth: Bytes of memory per second, now.
        dirty_rate: Bytes of memory per second that the guest rewrites; None in the first pass.
        iteration: Which pass over the memory this is, from 1.
        downtime: Seconds that the guest would stand still if it were switched over now; None if not known.
        postcopy: The guest runs at the destination already.
    """

    elapsed: float
    total: int
    processed: int
    remaining: int
    bandwidth: int = 0
    dirty_rate: int | None = None
    iteration: int = 0
    downtime: float | None = None
    postcopy: bool = False

    @property
    def fraction(self) -> float:
        """How much is done, from 0 to 1, judged by what remains; it may fall when the guest writes."""
        return max(0.0, 1 - self.remaining / self.total) if self.total else 0.0


class Watch:
    """One migration: the blocking call in a thread on a connection of its own, and the caller who watches."""

    def __init__(
        self,
        domain: Domain,
        to: Connection,
        lane: Opened,
        flags: Migrate,
        parameters: dict[str, Any],
        options: MigrationOptions,
    ) -> None:
        self._domain = domain
        self._to = to
        self._lane = lane
        self._flags = flags
        self._parameters = parameters
        self._options = options
        self._done = threading.Event()
        self._seen_at: float | None = None
        self._acted = False
        self.error: Exception | None = None
        self.timed_out = False
        self.lost = False
        self.postcopy = False
        self.suspended = False
        self.transferred = 0

    def run(self) -> None:
        """Migrate, and return when the call has ended, well (``error`` is None) or not.

        Whatever interrupts it, Ctrl-C or a callback that fails, first ends the migration and waits for that.
        """
        now, pause = clock.current(), _FIRST
        now.start(self._work, f"virtkit-migrate-{self._domain.name}")
        try:
            while not now.wait(self._done, pause):
                self._look()
                pause = min(2 * pause, POLL)
        except BaseException:
            self._give_up()
            raise

    @property
    def finished(self) -> bool:
        """Whether the call has ended."""
        return self._done.is_set()

    def _work(self) -> None:
        try:
            guest = self._lane.raw.lookupByUUIDString(self._domain.uuid)
            guest.migrate3(self._to.raw, self._parameters, int(self._flags))
        except Exception as error:  # noqa: BLE001 - the caller's thread raises it
            self.error = error
        finally:
            self._done.set()

    def _look(self) -> None:
        if not self.postcopy and not self._to.is_alive():
            self.lost = self._abort()  # it could never be finished there
        stats = self._stats()
        if stats is None or self._done.is_set():
            return
        progress = progress_of(stats, postcopy=self.postcopy)
        self.transferred = max(self.transferred, progress.processed)
        if self._options.on_progress is not None:
            self._options.on_progress(progress)
        now = clock.current().monotonic()
        if self._seen_at is None:
            self._seen_at = now
        timeout = self._options.timeout
        if timeout is not None and not self._acted and now - self._seen_at >= timeout:
            self._acted = self._act()

    def _stats(self) -> Mapping[str, Any] | None:
        try:
            with self._domain.calling("watch"):
                stats = self._domain.raw.jobStats()
        except HostError:  # it has just gone, or not begun: the call itself says what happened
            return None
        return stats if stats.get("type", JobType.NONE) != JobType.NONE else None

    def _act(self) -> bool:
        """Do what the caller wants of a migration that takes too long; False: not possible yet."""
        raw, wanted = self._domain.raw, self._options.on_timeout
        try:
            with self._domain.calling("migrate"):
                if wanted == "postcopy" and self._flags & self._flags.POSTCOPY:
                    raw.migrateStartPostCopy()
                    self.postcopy = True
                elif wanted == "suspend":
                    raw.suspend()
                    self.suspended = True
                else:
                    self.timed_out = self._abort()
                    return self.timed_out
        except HostError:
            return False
        return True

    def _give_up(self) -> None:
        """Abort, as often as it takes: there is a while in which the job has begun and cannot be aborted."""
        now = clock.current()
        while not self._done.is_set():
            self._abort()
            now.wait(self._done, POLL)

    def _abort(self) -> bool:
        try:
            with translate("abort"):
                self._domain.raw.abortJob()
        except HostError:
            return False
        return True


def progress_of(stats: Mapping[str, Any], *, postcopy: bool = False) -> MigrationProgress:
    """Build from what ``jobStats`` returns."""
    rate, page = stats.get("memory_dirty_rate"), int(stats.get("memory_page_size", 4096))
    downtime = stats.get("downtime")
    return MigrationProgress(
        elapsed=stats.get("time_elapsed", 0) / 1000,
        total=int(stats.get("data_total", 0)),
        processed=int(stats.get("data_processed", 0)),
        remaining=int(stats.get("data_remaining", 0)),
        bandwidth=int(stats.get("memory_bps", 0)),
        dirty_rate=None if not rate else int(rate) * page,
        iteration=int(stats.get("memory_iteration", 0)),
        downtime=None if downtime is None else downtime / 1000,
        postcopy=postcopy,
    )
