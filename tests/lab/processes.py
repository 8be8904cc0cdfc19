"""Processes named by pid and start time, so that a pid used again by another is never hit."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .shell import LabError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Process:
    """One process of this machine."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> Process:
        """The process that has this pid now."""
        return cls(pid, _started(pid))

    def alive(self) -> bool:
        """Whether it runs (a zombie does not)."""
        return bool(self.started) and _started(self.pid) == self.started

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it is alive."""
        if self.alive():
            os.kill(self.pid, number)

    def kill(self, timeout: float = 20) -> None:
        """End it at once and wait until it is gone."""
        self.send(signal.SIGKILL)
        wait_for(lambda: not self.alive(), f"the end of process {self.pid}", timeout)

    def children(self) -> list[int]:
        """The pids of its children."""
        try:
            pids = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except FileNotFoundError:
            return []
        return [int(pid) for pid in pids.split()]


def name_of(pid: int) -> str:
    """The short name of a process, empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_for(condition: Callable[[], bool], what: str, timeout: float = 20) -> None:
    """Wait until `condition` holds.

    Raises:
        LabError: It did not within `timeout` seconds.
    """
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            raise LabError(f"waited {timeout:g} s in vain for {what}")
        time.sleep(0.01)


def _started(pid: int) -> int:
    """Start time in the kernel's ticks; 0 if there is no such process, or only its zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 0 if fields[0] in "ZX" else int(fields[19])
