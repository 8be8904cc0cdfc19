"""The progress of a migration, on stderr: a bar on a terminal, else a line now and then; nothing for JSON."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from virtkit import clock

if TYPE_CHECKING:
    from types import TracebackType

    from virtkit.cli.command import Call
    from virtkit.host import Migrated, MigrationProgress

_EVERY = 5.0  # seconds between two lines


class Progress:
    """Shows what it is told about a migration; ``close()`` it before anything else is printed."""

    def __init__(self, call: Call, what: str) -> None:
        self._call = call
        self._what = what
        self._bar: Any = None
        self._task: Any = None
        self._next = clock.current().monotonic() + _EVERY

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, progress: MigrationProgress) -> None:
        """Show *progress*."""
        if self._call.json or sys.stderr is None:
            return
        text = describe(self._what, progress)
        if sys.stderr.isatty():
            self._show_bar(text, progress.fraction)
            return
        now = clock.current().monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            self._call.complain(text)

    def close(self) -> None:
        """Take the bar away; the next progress begins another one."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show_bar(self, text: str, fraction: float) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn
            from rich.progress import Progress as Bar

            columns = TextColumn("{task.description}", markup=False), BarColumn()
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(text, total=1.0)
        self._bar.update(self._task, completed=fraction, description=text)


def describe(what: str, progress: MigrationProgress) -> str:
    """Return one line: how much is done, what is left, for how long it has been going on."""
    if not progress.total:
        return f"{what}: beginning, {progress.elapsed:.1f} s so far"
    left = progress.remaining / 2**20
    return f"{what}: {progress.fraction:.0%}, {left:.0f} MiB left, {progress.elapsed:.1f} s so far"


def figures(moved: Migrated) -> str:
    """Return what a migration cost: ``1.2 s, 84 ms of downtime, 91 MiB``."""
    parts = [f"{moved.total_time:.1f} s"]
    if moved.downtime is not None:
        parts.append(f"{moved.downtime * 1000:.0f} ms of downtime")
    if moved.transferred:
        parts.append(f"{moved.transferred / 2**20:.0f} MiB")
    return ", ".join(parts)
