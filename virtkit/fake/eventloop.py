"""The event loop: libvirt's default implementation, or the one that a program registered."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import sys
import threading
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # order of registration, where it must still be known when its turn comes, number, callback, arguments
    _Due = tuple[int, dict[int, Any], int, Callable[..., Any], tuple[Any, ...]]

_POLL = (
    (c.VIR_EVENT_HANDLE_READABLE, select.POLLIN),
    (c.VIR_EVENT_HANDLE_WRITABLE, select.POLLOUT),
    (c.VIR_EVENT_HANDLE_ERROR, select.POLLERR),
    (c.VIR_EVENT_HANDLE_HANGUP, select.POLLHUP),
)


@dataclass
class _Handle:
    fd: int
    events: int
    callback: Callable[..., Any]
    opaque: Any
    order: int


@dataclass
class _Timeout:
    interval: float  # seconds; below 0: disabled
    due: float
    callback: Callable[..., Any]
    opaque: Any
    order: int = 0


class Implementation:
    """The six functions that an event loop gives; a program's own, or ``DefaultImplementation``."""

    def __init__(
        self,
        add_handle: Callable[..., int],
        update_handle: Callable[..., Any],
        remove_handle: Callable[..., Any],
        add_timeout: Callable[..., int],
        update_timeout: Callable[..., Any],
        remove_timeout: Callable[..., Any],
    ) -> None:
        self.add_handle, self.update_handle, self.remove_handle = add_handle, update_handle, remove_handle
        self.add_timeout, self.update_timeout, self.remove_timeout = (
            add_timeout,
            update_timeout,
            remove_timeout,
        )

    def add_internal_timeout(self, call: Callable[[], None]) -> int:
        """Add a disabled timer of libvirt's own."""

        def fire(_timer: int, _opaque: Any) -> None:
            call()

        return self.add_timeout(-1, fire, (fire, None, None))


class DefaultImplementation(Implementation):
    """poll() over file handles and timers. Timers run on virtkit's clock."""

    def __init__(self) -> None:
        super().__init__(
            self._add_handle,
            self._update_handle,
            self._remove_handle,
            self._add_timeout,
            self._update_timeout,
            self._remove_timeout,
        )
        self._handles: dict[int, _Handle] = {}
        self._timeouts: dict[int, _Timeout] = {}
        self._next = 1
        self._orders = itertools.count()  # a change puts it last, as GLib's loop does
        self._lock = threading.RLock()
        self._wakeup: tuple[int, int] | None = None
        self._pid = 0

    def _pipe(self) -> tuple[int, int]:
        if self._wakeup is None or self._pid != os.getpid():
            read, write = os.pipe()
            os.set_blocking(read, False)
            os.set_blocking(write, False)
            self._wakeup, self._pid = (read, write), os.getpid()
        return self._wakeup

    def wake(self) -> None:
        """Have a loop that sleeps look again."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._pipe()[1], b"!")

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _add_handle(self, fd: int, events: int, callback: Callable[..., Any], opaque: Any) -> int:
        with self._lock:
            number = self._number()
            self._handles[number] = _Handle(fd, events, callback, opaque, next(self._orders))
        self.wake()
        return number

    def _update_handle(self, watch: int, events: int) -> None:
        with self._lock:
            if watch in self._handles:
                self._handles[watch].events = events
                self._handles[watch].order = next(self._orders)
        self.wake()

    def _remove_handle(self, watch: int) -> int:
        with self._lock:
            found = self._handles.pop(watch, None)
        self.wake()
        return -1 if found is None else 0

    def _add_timeout(self, interval: int, callback: Callable[..., Any], opaque: Any) -> int:
        with self._lock:
            number = self._number()
            self._timeouts[number] = _Timeout(-1.0, 0.0, callback, opaque)
        self._update_timeout(number, interval)
        return number

    def _update_timeout(self, timer: int, interval: int) -> None:
        now = clock.current()
        with self._lock:
            timeout = self._timeouts.get(timer)
            if timeout is None:
                return
            timeout.interval = interval / 1000.0
            timeout.order = next(self._orders)
            timeout.due = now.monotonic() + timeout.interval
        if interval > 0:
            now.call_at(timeout.due, self.wake)
        else:
            self.wake()

    def _remove_timeout(self, timer: int) -> int:
        with self._lock:
            found = self._timeouts.pop(timer, None)
        self.wake()
        return -1 if found is None else 0

    def run(self) -> int:
        """Run one round: wait for something to happen, and call back in the order of registration."""
        ready = self._poll()
        with _changed:  # a thread of a loop that a test has replaced runs no rounds of the next one
            _changed.wait_for(lambda: _current is self)
        calls = sorted([*self._due_timeouts(), *self._ready_handles(ready)], key=lambda each: each[0])
        for _, known, number, callback, arguments in calls:
            if number in known:
                _call(callback, number, *arguments)
        return 0

    def _ready_handles(self, ready: list[tuple[int, int]]) -> Iterator[_Due]:
        for watch, events in ready:
            handle = self._handles.get(watch)
            if handle is not None and handle.events:
                yield (
                    handle.order,
                    self._handles,
                    watch,
                    handle.callback,
                    (handle.fd, events, handle.opaque),
                )

    def _poll(self) -> list[tuple[int, int]]:
        wakeup = self._pipe()[0]
        poll = select.poll()
        poll.register(wakeup, select.POLLIN)
        with self._lock:
            watched = {handle.fd: watch for watch, handle in self._handles.items() if handle.events}
            for handle in self._handles.values():
                if handle.events:
                    poll.register(handle.fd, sum(bit for event, bit in _POLL if handle.events & event))
            urgent = any(self._is_due(timeout) for timeout in self._timeouts.values())
        found = []
        for fd, bits in poll.poll(0 if urgent else None):
            if fd == wakeup:
                with contextlib.suppress(BlockingIOError):
                    os.read(wakeup, 4096)
            else:
                found.append((watched[fd], sum(event for event, bit in _POLL if bits & bit)))
        return found

    @staticmethod
    def _is_due(timeout: _Timeout) -> bool:
        return timeout.interval >= 0 and clock.current().monotonic() >= timeout.due

    def _due_timeouts(self) -> list[_Due]:
        now = clock.current()
        with self._lock:
            due = [(number, each) for number, each in self._timeouts.items() if self._is_due(each)]
            for _, timeout in due:
                timeout.due = now.monotonic() + timeout.interval
                if timeout.interval > 0:
                    now.call_at(timeout.due, self.wake)
        return [(each.order, self._timeouts, number, each.callback, (each.opaque,)) for number, each in due]


def _call(callback: Callable[..., Any], *arguments: Any) -> None:
    """Call back; what it raises is printed, and the loop goes on."""
    try:
        callback(*arguments)
    except Exception:  # noqa: BLE001
        traceback.print_exc(file=sys.stderr)


_current: Implementation | None = None
_changed = threading.Condition()


def current() -> Implementation | None:
    """Return the loop in use, or None."""
    return _current


def register_default() -> int:
    """Use libvirt's own loop, unless one is in use already."""
    global _current
    if _current is None:
        _current = DefaultImplementation()
    return 0


def register(*functions: Callable[..., Any]) -> None:
    """Use the program's own loop, given by its six functions, unless one is in use already."""
    global _current
    if _current is None:
        _current = Implementation(*functions)


def run_default() -> int:
    """Run one round of the default loop."""
    if not isinstance(_current, DefaultImplementation):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_EVENT, "no event implementation registered")
    return _current.run()


def use(implementation: Implementation | None) -> None:
    """Use *implementation*, whatever was registered before (for tests)."""
    global _current
    with _changed:
        _current = implementation
        _changed.notify_all()
