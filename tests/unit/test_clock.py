"""Clocks: the machine's, and one that a test holds."""

import threading

from virtkit import clock
from virtkit.clock import SystemClock, VirtualClock


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
