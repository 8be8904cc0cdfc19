"""A domain's memory is dumped; a domain ends with the connection that it was started for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

_LIVE, _CRASH, _RESET, _MEMORY_ONLY = 2, 1, 8, 16


@pytest.fixture(autouse=True)
def _only_qemu(driver: Driver) -> None:
    if driver.family != "qemu":
        pytest.skip("the test driver does it all at once, and tells of nothing")


@pytest.mark.parametrize(
    ("flags", "told", "state"),
    [
        (0, ["SUSPENDED_PAUSED", "RESUMED_UNPAUSED"], [1, 5]),
        (_LIVE, ["SUSPENDED_PAUSED", "RESUMED_UNPAUSED"], [1, 5]),
        (_CRASH, ["SUSPENDED_PAUSED", "STOPPED_CRASHED"], [5, 3]),
        (_RESET, ["SUSPENDED_PAUSED", "REBOOT", "RESUMED_UNPAUSED"], [1, 5]),
        (_MEMORY_ONLY, ["SUSPENDED_PAUSED", "RESUMED_UNPAUSED"], [1, 5]),
        (_MEMORY_ONLY | _CRASH, ["SUSPENDED_PAUSED", "STOPPED_CRASHED"], [5, 3]),
    ],
)
def test_dump(
    running: Any, events: Recorder, tmp_path: Path, flags: int, told: list[str], state: list[int]
) -> None:
    """The guest stands still at some time, and what follows is what the flags say."""
    assert running.coreDump(str(tmp_path / "core"), flags) == 0
    assert events.names()[: len(told)] == told
    assert running.state() == state


def test_dump_of_a_paused_domain(paused: Any, events: Recorder, tmp_path: Path) -> None:
    """It stays paused, and there is nothing to tell."""
    assert paused.coreDump(str(tmp_path / "core")) == 0
    assert events.names() == []
    assert paused.state() == [3, 1]


def test_format(driver: Driver, running: Any, tmp_path: Path) -> None:
    """Compressed is for memory alone."""
    text = "Operation not supported: kdump-compressed format is only supported with memory-only dump"
    call = running.coreDumpWithFormat
    assert outcome(driver, lambda: call(str(tmp_path / "core"), 1, 0)) == (84, driver.source, text)
    assert call(str(tmp_path / "core"), 0, _MEMORY_ONLY) == 0


def test_autodestroy(driver: Driver, conn: Any, domain: Any, events: Recorder) -> None:
    """Started for a connection, it is destroyed with it."""
    flag = driver.constant("DOMAIN_START_AUTODESTROY")
    other = driver.module.open(conn.getURI())
    other.createXML(driver.xml("two"), flag)
    mine = other.lookupByName(domain.name())
    mine.createWithFlags(flag)
    events.clear()
    del mine
    other.close()
    events.wait_for("STOPPED_DESTROYED")
    for _ in range(100):
        if len(events.names()) == 4:
            break
    assert sorted(events.names()) == ["SHUTDOWN_HOST"] * 2 + ["STOPPED_DESTROYED"] * 2
    assert domain.state() == [5, 2]
    assert outcome(driver, lambda: conn.lookupByName(driver.named("two"))) is not None
