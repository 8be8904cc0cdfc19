"""The one clock: whatever waits or measures asks it, so that a test can hold time still.

``current()`` is the machine's clock unless a test says otherwise::

    with virtkit.clock.use(VirtualClock()) as clock:
        domain.stop(timeout=300)      # returns in milliseconds; five minutes have passed on the clock
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

C = TypeVar("C", bound="Clock")


class Timer:
    """A call that a clock will make; ``cancel()`` it to prevent that."""

    def __init__(self, when: float, call: Callable[[], object]) -> None:
        self.when = when
        self._call: Callable[[], object] | None = call

    def cancel(self) -> None:
        """Do not make the call. Does nothing if it has been made."""
        self._call = None

    def fire(self) -> None:
        """Make the call, once."""
        call, self._call = self._call, None
        if call is not None:
            call()


class Clock(Protocol):
    """What waits and measurements ask for. Times are in seconds."""

    def time(self) -> float:
        """Seconds since 1970."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass."""
        ...

    def wait(self, event: threading.Event, timeout: float) -> bool:
        """Wait until *event* is set, at most *timeout* seconds; return whether it is set."""
        ...

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Make *call* when ``monotonic()`` reaches *when*, from a thread of the clock's choosing."""
        ...

    def start(self, call: Callable[[], object], name: str) -> None:
        """Make *call* in a daemon thread of that name, which will wait on this clock."""
        ...


class _Queue:
    """Timers in the order in which they are due."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()

    def push(self, timer: Timer) -> None:
        heapq.heappush(self._heap, (timer.when, next(self._count), timer))

    def next_due(self) -> float | None:
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: float) -> Timer | None:
        if self._heap and self._heap[0][0] <= now:
            return heapq.heappop(self._heap)[2]
        return None


class SystemClock:
    """The machine's clock. Timers fire in one daemon thread, started when the first one is asked for."""

    def __init__(self) -> None:
        self._queue = _Queue()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since the machine started."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        time.sleep(max(seconds, 0.0))

    def wait(self, event: threading.Event, timeout: float) -> bool:
        """Block until *event* is set, at most *timeout* seconds."""
        return event.wait(max(timeout, 0.0))

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Make *call* in the timer thread when ``monotonic()`` reaches *when*."""
        timer = Timer(when, call)
        with self._changed:
            self._queue.push(timer)
            if self._thread is None or not self._thread.is_alive():  # a fork leaves it behind
                self._thread = threading.Thread(target=self._run, name="virtkit-clock", daemon=True)
                self._thread.start()
            self._changed.notify()
        return timer

    def start(self, call: Callable[[], object], name: str) -> None:
        """Make *call* in a daemon thread of that name."""
        threading.Thread(target=call, name=name, daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._changed:
                timer = self._queue.pop_due(self.monotonic())
                if timer is None:
                    due = self._queue.next_due()
                    self._changed.wait(None if due is None else max(due - self.monotonic(), 0.0))
                    continue
            timer.fire()


class ScaledClock:
    """The machine's clock, faster or slower: an hour on it is ``3600 / factor`` seconds of real time.

    Args:
        factor: how many seconds pass on it in a second.
        origin: when the two clocks agreed, in seconds since 1970; now, if it is not given. Clocks of
            several processes agree that were made with the same.
    """

    def __init__(self, factor: float, origin: float | None = None) -> None:
        if not factor > 0:
            raise ValueError(f"factor={factor}: time goes forward")
        self.factor = factor
        self.origin = time.time() if origin is None else origin
        self._monotonic = time.monotonic() + self.origin - time.time()

    def time(self) -> float:
        """Seconds since 1970 on this clock."""
        return self.origin + (time.time() - self.origin) * self.factor

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self._monotonic + (time.monotonic() - self._monotonic) * self.factor

    def sleep(self, seconds: float) -> None:
        """Block the calling thread until *seconds* have passed on this clock."""
        _system.sleep(seconds / self.factor)

    def wait(self, event: threading.Event, timeout: float) -> bool:
        """Block until *event* is set, at most *timeout* seconds of this clock."""
        return _system.wait(event, timeout / self.factor)

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Make *call* in the timer thread when ``monotonic()`` reaches *when*."""
        return _system.call_at(self._monotonic + (when - self._monotonic) / self.factor, call)

    def start(self, call: Callable[[], object], name: str) -> None:
        """Make *call* in a daemon thread of that name."""
        _system.start(call, name)


_PATIENCE = 0.25  # seconds of real time that a held clock gives a thread at work


class VirtualClock:
    """A clock that moves only when somebody waits on it, or calls ``advance()``: then at once.

    Waiting makes every timer that falls due in between fire, in order, in the waiting thread, each at
    its own time. Threads that wait on it take turns: time moves to the earliest end of what they wait for,
    and not while one of them is at work. One that does not come back soon is no longer waited for: it may
    itself be waiting for something else than this clock.

    Args:
        start: Seconds since 1970 at which it stands. Without it, it goes on where the current clock is, so
            that what began on that one has not been in the future.
    """

    def __init__(self, start: float | None = None) -> None:
        self._now = _current.monotonic() if start is None else 0.0
        self._offset = (_current.time() if start is None else start) - self._now
        self._queue = _Queue()
        self._lock = threading.RLock()
        self._threads: set[threading.Thread] = set()  # all that take turns
        self._asleep: dict[threading.Thread, tuple[float, threading.Event]] = {}  # those that wait now

    def time(self) -> float:
        """Seconds since 1970 on this clock."""
        return self._offset + self._now

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Advance by *seconds*."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let *seconds* pass, and fire what falls due."""
        self.wait(threading.Event(), seconds, settle=0.0)

    def wait(self, event: threading.Event, timeout: float, *, settle: float = 0.001) -> bool:
        """Advance until *event* is set, at most *timeout* seconds.

        *settle* is how much real time, in seconds, other threads get to set the event before time moves.
        """
        end, patience, pause = self._now + max(timeout, 0.0), time.monotonic() + _PATIENCE, settle
        with self._asleep_until(end, event):
            while not (event.wait(pause) if pause else event.is_set()):
                with self._lock:
                    if self._others_first():
                        pause = settle or 0.001
                        if time.monotonic() > patience:
                            self._threads.intersection_update(self._asleep)
                        continue
                    due = self._queue.next_due()
                    if due is None or due > end:
                        self._now = max(self._now, end)
                        break
                    self._now = max(self._now, due)
                    timer = self._queue.pop_due(self._now)
                if timer is not None:
                    with self._awake():
                        timer.fire()
        return event.is_set()

    @contextmanager
    def _asleep_until(self, end: float, event: threading.Event) -> Iterator[None]:
        me = threading.current_thread()
        with self._lock:
            self._threads.add(me)
            self._asleep[me] = end, event
        try:
            yield
        finally:
            with self._lock:
                del self._asleep[me]

    @contextmanager
    def _awake(self) -> Iterator[None]:
        me = threading.current_thread()
        with self._lock:
            before = self._asleep.pop(me)
        try:
            yield
        finally:
            with self._lock:
                self._asleep[me] = before

    def _others_first(self) -> bool:
        """Say whether another thread is at work, or has what it waits for, or waits less long."""
        me = threading.current_thread()
        self._threads = {each for each in self._threads if each.is_alive()}
        if self._threads - self._asleep.keys():
            return True
        first = min(self._asleep, key=lambda each: self._asleep[each][0])  # of several, who came first
        return first is not me or any(event.is_set() for _, event in self._asleep.values())

    def call_at(self, when: float, call: Callable[[], object]) -> Timer:
        """Make *call* when this clock reaches *when*, in the thread that moves it there."""
        timer = Timer(when, call)
        with self._lock:
            self._queue.push(timer)
        return timer

    def start(self, call: Callable[[], object], name: str) -> None:
        """Make *call* in a daemon thread of that name, which takes turns with this one."""
        thread = threading.Thread(target=call, name=name, daemon=True)
        with self._lock:
            self._threads.add(threading.current_thread())
            thread.start()
            self._threads.add(thread)


_system = SystemClock()
_current: Clock = _system


def current() -> Clock:
    """Return the clock that is in use: the machine's, unless ``use()`` says otherwise."""
    return _current


def switch(clock: Clock) -> None:
    """Use *clock* in the whole process from now on."""
    global _current
    _current = clock


@contextmanager
def use(clock: C) -> Iterator[C]:
    """Use *clock* in the whole process for the length of the ``with`` block."""
    global _current
    before, _current = _current, clock
    try:
        yield clock
    finally:
        _current = before
