"""Clocks: the machine's, and one that a test holds."""

import threading
import time

import pytest

from virtkit import clock
from virtkit.clock import ScaledClock, SystemClock, VirtualClock


def test_the_virtual_clock_stands_still_until_somebody_waits() -> None:
    """Waiting is what makes time pass."""
    held = VirtualClock(start=0)
    assert held.monotonic() == held.monotonic()
    held.sleep(300)
    assert held.monotonic() == 300


def test_timers_fire_in_order_each_at_its_time() -> None:
    """A timer sees the time that it was set for."""
    held = VirtualClock(start=0)
    seen: list[tuple[str, float]] = []
    held.call_at(20, lambda: seen.append(("b", held.monotonic())))
    held.call_at(10, lambda: seen.append(("a", held.monotonic())))
    held.call_at(40, lambda: seen.append(("late", held.monotonic())))
    held.advance(30)
    assert seen == [("a", 10), ("b", 20)]
    assert held.monotonic() == 30


def test_waiting_ends_when_the_event_is_set() -> None:
    """Time moves no further than to the timer that sets the event."""
    held = VirtualClock(start=0)
    event = threading.Event()
    held.call_at(5, event.set)
    assert held.wait(event, 60)
    assert held.monotonic() == 5


def test_waiting_ends_at_the_timeout() -> None:
    """An event that nobody sets costs its timeout on the clock, and no real time."""
    held = VirtualClock(start=0)
    assert not held.wait(threading.Event(), 60)
    assert held.monotonic() == 60


def test_a_cancelled_timer_does_not_fire() -> None:
    """cancel() is final."""
    held = VirtualClock(start=0)
    event = threading.Event()
    held.call_at(1, event.set).cancel()
    held.advance(2)
    assert not event.is_set()


def test_a_held_clock_goes_on_where_the_current_one_is() -> None:
    """What began before it was held is not in the future."""
    before = clock.current().time(), clock.current().monotonic()
    held = VirtualClock()
    assert (held.time(), held.monotonic()) >= before


def test_threads_that_wait_take_turns() -> None:
    """Each wakes at its own time, in order, however long the other works; equal times in order of coming."""
    held = VirtualClock(start=0)
    seen: list[tuple[str, float]] = []
    done = threading.Event()

    def other() -> None:
        for _ in range(3):
            held.sleep(10)
            seen.append(("other", held.monotonic()))
        done.set()

    held.start(other, "other")
    while not held.wait(done, 4):
        seen.append(("main", held.monotonic()))
    expected = [("main", float(at)) for at in range(4, 29, 4)] + [("other", float(at)) for at in (10, 20, 30)]
    assert sorted(seen, key=lambda each: each[1]) == seen
    assert sorted(seen) == sorted(expected)


def test_a_thread_that_waits_for_something_else_does_not_hold_time() -> None:
    """Only for a moment."""
    held = VirtualClock(start=0)
    blocked = threading.Event()
    held.start(blocked.wait, "blocked")
    held.sleep(60)
    held.sleep(60)
    assert held.monotonic() == 120
    blocked.set()


def test_a_timer_may_wait_too() -> None:
    """The thread that it fires in goes on with its own wait afterwards."""
    held = VirtualClock(start=0)
    held.call_at(5, lambda: held.sleep(3))
    held.sleep(20)
    assert held.monotonic() == 20


def test_use_swaps_the_clock_for_a_while() -> None:
    """Also when the block ends with an error."""
    before = clock.current()
    held = VirtualClock()
    try:
        with clock.use(held):
            assert clock.current() is held
            raise KeyError  # noqa: TRY301
    except KeyError:
        pass
    assert clock.current() is before


def test_the_system_clock_fires_timers_from_its_thread() -> None:
    """Earlier ones first, though they were set later."""
    system = SystemClock()
    seen: list[str] = []
    done = threading.Event()

    def second() -> None:
        seen.append("second")
        done.set()

    now = system.monotonic()
    system.call_at(now + 0.02, second)
    system.call_at(now + 0.01, lambda: seen.append("first"))
    assert system.wait(done, 5)
    assert seen == ["first", "second"]


def test_a_scaled_clock_runs_faster() -> None:
    """A thousand of its seconds in one; what waits on it waits as much less."""
    clock = ScaledClock(1000.0)
    start, began = clock.monotonic(), time.monotonic()
    clock.sleep(20.0)
    assert 20.0 <= clock.monotonic() - start < 2000.0
    assert not clock.wait(threading.Event(), 20.0)
    assert time.monotonic() - began < 2.0
    fired = threading.Event()
    clock.call_at(clock.monotonic() + 20.0, fired.set)
    assert fired.wait(5.0)


def test_scaled_clocks_of_one_origin_agree() -> None:
    """As those of several processes do."""
    one, other = ScaledClock(100.0, origin=1_000_000.0), ScaledClock(100.0, origin=1_000_000.0)
    assert abs(one.time() - other.time()) < 60
    with pytest.raises(ValueError, match="forward"):
        ScaledClock(0)
