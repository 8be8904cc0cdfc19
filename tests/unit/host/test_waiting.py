"""wait_until(): a predicate on what is seen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

import virtkit.fake
from virtkit import clock
from virtkit.errors import NotFound, WaitTimeout
from virtkit.host import wait_until

if TYPE_CHECKING:
    from virtkit.clock import VirtualClock
    from virtkit.host import Domain


def test_it_returns_what_was_seen(running: Domain) -> None:
    """What is true already takes no time."""
    assert str(wait_until(running, lambda status: status.running)) == "running (booted)"


def test_it_waits_until_it_is_true(running: Domain, held: VirtualClock) -> None:
    """The guest takes its time."""
    virtkit.fake.host("one").guest.shutdown_time = 20
    began = held.monotonic()
    running.shutdown()
    status = wait_until(running, lambda status: not status.active)
    assert status.reason == "shutdown"
    assert held.monotonic() - began >= 20


def test_timeout_says_what_was_seen_last(running: Domain, held: VirtualClock) -> None:
    """In the message and as `last`."""
    began = held.monotonic()
    with pytest.raises(WaitTimeout) as caught:
        wait_until(running, lambda status: not status.active, timeout=5)
    assert str(caught.value) == (
        "wait for 'web1' on fake:///one: not what was waited for within 5 s; last seen: running (booted)"
    )
    assert caught.value.last.state == "running"
    assert held.monotonic() - began == pytest.approx(5)
    assert isinstance(caught.value, TimeoutError)


def test_what_is_gone_is_not_waited_for(running: Domain) -> None:
    """The look itself fails, at once."""
    running.undefine()
    running.destroy()
    with pytest.raises(NotFound):
        wait_until(running, lambda status: status.running)


def test_any_function_can_be_looked_at(held: VirtualClock) -> None:
    """What it returns is given to the predicate."""
    seen = iter(range(10))
    assert wait_until(lambda: next(seen), lambda number: number == 3) == 3


def test_timeout_of_a_function_names_it(held: VirtualClock) -> None:
    """Not by its address in memory."""

    def load() -> float:
        return 2.5

    with pytest.raises(WaitTimeout, match=r"wait for .*load: .* within 1 s; last seen: 2.5$"):
        wait_until(load, lambda value: value < 1, timeout=1)


def test_an_event_ends_the_wait_at_once(running: Domain) -> None:
    """On a real clock, an event of the host wakes the waiter long before it would look again."""
    with clock.use(clock.SystemClock()) as now:
        timer = threading.Timer(0.05, running.suspend)
        timer.start()
        began = now.monotonic()
        wait_until(running, lambda status: status.state == "paused", timeout=10)
        assert now.monotonic() - began < 0.4
        timer.join()
