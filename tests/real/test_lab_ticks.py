"""How the lab reads a guest's ticks. These tests need no libvirt and no root."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.lab import LabError, Tick, TickLog, longest_gap, missing, repeated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ticks"


def write(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_ticks_are_taken_from_among_other_lines(path: Path) -> None:
    """What the firmware prints is no tick; carriage returns do not matter."""
    write(path, "\x1b[2Jlab: boot\r\ntick 1 1.78\r\nBooting tick from ROM\ntick 2 1.99\r\n")
    log = TickLog(path)
    assert [(tick.number, tick.uptime) for tick in log.ticks()] == [(1, 1.78), (2, 1.99)]
    assert log.boots() == 1


def test_a_line_counts_when_it_is_finished(path: Path) -> None:
    """A tick that one QEMU begins to write and another finishes is one tick."""
    log = TickLog(path)
    assert log.last() is None
    write(path, "tick 1 1.7")
    assert log.last() is None
    write(path, "8\n")
    last = log.last()
    assert last is not None
    assert last.uptime == 1.78


def test_a_file_written_anew_is_no_record(path: Path) -> None:
    """A QEMU that truncates the file loses what the one before wrote: that is said, not hidden."""
    write(path, "tick 1 1.78\ntick 2 1.99\n")
    log = TickLog(path)
    assert len(log.ticks()) == 2
    path.write_text("tick 9 3.4\n")
    with pytest.raises(LabError, match="append='on'"):
        log.last()


def test_waiting_ends_with_the_tick_or_with_the_console(path: Path) -> None:
    """A wait in vain shows the end of the console."""
    log = TickLog(path)
    timer = threading.Timer(0.05, write, (path, "tick 1 1.78\n"))
    timer.start()
    assert log.wait_for_tick(1, timeout=5).number == 1
    timer.join()
    write(path, "Kernel panic\n")
    with pytest.raises(LabError, match=r"(?s)in vain for 1 more ticks.*Kernel panic"):
        log.wait_for_next(timeout=0.02)
    assert log.wait_for_line("panic", timeout=0) == "Kernel panic"


def test_what_is_wrong_with_ticks_is_found() -> None:
    """Lost ticks, ticks that came twice, and the longest gap by the guest's clock."""
    good = [Tick(1, 1.0, 0.0), Tick(2, 1.2, 0.1), Tick(3, 1.4, 0.2)]
    assert (missing(good), repeated(good)) == ([], [])
    bad = [*good, Tick(3, 1.5, 0.3), Tick(6, 3.0, 0.4)]
    assert (missing(bad), repeated(bad)) == ([4, 5], [3])
    assert longest_gap(bad) == pytest.approx(1.5)


def test_stillness_and_what_was_seen_between(path: Path) -> None:
    """A log can say that nothing came, and cut out a stretch."""
    write(path, "".join(f"tick {number} {number / 5}\n" for number in range(1, 7)))
    log = TickLog(path)
    ticks = log.ticks()
    assert log.stands_still(0.02)
    assert log.between(ticks[1], ticks[3]) == ticks[2:4]
    assert log.since(ticks[4]) == ticks[4:]
