"""Reads the ticks that a guest of the lab writes on its console: a record of when it ran."""

from __future__ import annotations

import os
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Self

from .shell import LabError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PERIOD = 0.2  # seconds between ticks, as the guest counts
_TICK = re.compile(r"tick (\d+) (\d+\.\d+)\s*$")


@dataclass(frozen=True)
class Tick:
    """One tick.

    Attributes:
        number: Counted from 1 since the guest booted.
        uptime: Seconds since the guest booted, by its own clock.
        seen: When `TickLog` first saw it, by this machine's `time.monotonic()`: within 10 ms of when
            it came while the log waits or is `watched`, else the time of the next read.
    """

    number: int
    uptime: float
    seen: float


class TickLog:
    """The ticks in a file that a guest's console is written to. The file may not exist yet.

    A file that the next QEMU truncates (after a restore, say) holds no record: each method that looks
    at ticks raises LabError then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = 0
        self._rest = ""
        self._ticks: list[Tick] = []
        self._lines: list[str] = []
        self._truncated = False
        self._lock = threading.Lock()

    @contextmanager
    def watched(self) -> Iterator[Self]:
        """Read all the time in the background, so that each tick's `seen` is right."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.01):
                self._read()

        thread = threading.Thread(target=watch, name=f"ticks of {self.path.name}", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            done.set()
            thread.join()

    def ticks(self) -> list[Tick]:
        """All ticks so far, in the order in which they were written."""
        self._read()
        if self._truncated:
            raise LabError(f"{self.path} was written anew: its <source> or <log> wants append='on'")
        return list(self._ticks)

    def last(self) -> Tick | None:
        """The newest tick."""
        ticks = self.ticks()
        return ticks[-1] if ticks else None

    def boots(self) -> int:
        """How often the guest has booted."""
        return sum("lab: boot" in line for line in self.lines())

    def lines(self) -> list[str]:
        """Every complete line of the console."""
        self._read()
        return list(self._lines)

    def wait_for_tick(self, number: int = 1, timeout: float = 60) -> Tick:
        """Wait until the newest tick is `number` or a later one, and return the newest."""
        return self._wait(lambda tick: tick.number >= number, f"tick {number}", timeout)

    def wait_for_next(self, count: int = 1, timeout: float = 60) -> Tick:
        """Wait for `count` more ticks than there are now, and return the newest."""
        wanted = len(self.ticks()) + count
        return self._wait(lambda _: len(self._ticks) >= wanted, f"{count} more ticks", timeout)

    def wait_for_line(self, text: str, timeout: float = 60) -> str:
        """Wait for a line of the console that contains `text`."""
        end = time.monotonic() + timeout
        while True:
            for line in self.lines():
                if text in line:
                    return line
            self._nap(end, f"a line with {text!r}", timeout)

    def stands_still(self, seconds: float = 1.0) -> bool:
        """Whether no tick comes for this long."""
        before = len(self.ticks())
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.01)
            if len(self.ticks()) != before:
                return False
        return True

    def between(self, first: Tick, last: Tick) -> list[Tick]:
        """The ticks after `first` up to and with `last`."""
        ticks = self.ticks()
        return ticks[ticks.index(first) + 1 : ticks.index(last) + 1]

    def since(self, first: Tick) -> list[Tick]:
        """`first` and all ticks after it."""
        ticks = self.ticks()
        return ticks[ticks.index(first) :]

    def _wait(self, reached: Callable[[Tick], bool], what: str, timeout: float) -> Tick:
        end = time.monotonic() + timeout
        while not ((tick := self.last()) and reached(tick)):
            self._nap(end, what, timeout)
        return tick

    def _nap(self, end: float, what: str, timeout: float) -> None:
        if time.monotonic() > end:
            tail = "\n".join([*self._lines[-8:], self._rest])
            raise LabError(f"waited {timeout:g} s in vain for {what} in {self.path}, which ends:\n{tail}")
        time.sleep(0.01)

    def _read(self) -> None:
        """Take in what has been written since the last read; an unfinished line waits for its end."""
        with self._lock:
            try:
                with self.path.open("rb") as file:
                    self._truncated |= file.seek(0, os.SEEK_END) < self._offset
                    file.seek(self._offset)
                    new = file.read()
            except FileNotFoundError:
                return
            self._offset += len(new)
            *lines, self._rest = (self._rest + new.decode(errors="replace")).split("\n")
            for line in lines:
                self._take(line.rstrip("\r"))

    def _take(self, line: str) -> None:
        self._lines.append(line)
        if found := _TICK.search(line):
            self._ticks.append(Tick(int(found[1]), float(found[2]), time.monotonic()))


def missing(ticks: list[Tick]) -> list[int]:
    """The numbers left out between the first and the last of `ticks`."""
    numbers = {tick.number for tick in ticks}
    return [number for number in range(ticks[0].number, ticks[-1].number) if number not in numbers]


def repeated(ticks: list[Tick]) -> list[int]:
    """The numbers that came twice, or after a higher one: a guest that ran in two places, or rebooted."""
    return [after.number for before, after in pairwise(ticks) if after.number <= before.number]


def longest_gap(ticks: list[Tick]) -> float:
    """The longest time between two ticks that follow each other, in seconds of the guest's own clock."""
    return max((after.uptime - before.uptime for before, after in pairwise(ticks)), default=0.0)


def longest_silence(ticks: list[Tick]) -> float:
    """The longest time between two ticks as this machine saw them, in seconds."""
    return max((after.seen - before.seen for before, after in pairwise(ticks)), default=0.0)
