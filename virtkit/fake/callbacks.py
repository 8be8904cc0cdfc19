"""Who wants to know of what, on which connection; and the queue that the event loop empties."""

from __future__ import annotations

import sys
import threading
import traceback
import weakref
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from virtkit.fake import constants as c
from virtkit.fake import eventloop
from virtkit.fake.errors import fail
from virtkit.fake.handles import FAMILIES, Named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from virtkit.fake.connection import virConnect
    from virtkit.fake.state.records import Event


class _Callback(NamedTuple):
    owner: Events
    family: str  # domain, network, pool, nodedev, secret
    number: int  # VIR_*_EVENT_ID_*
    uuid: str | None  # the key of the one object that it is for
    call: Callable[..., Any]
    opaque: Any
    legacy: bool


_line: deque[tuple[State, Event, int]] = deque()  # one for all: events come in the order they happened


class State:
    """Callbacks that are told of one thing after the other: of one connection, or of all to one driver.

    Args:
        late: whether a callback also hears of what happened before it was there, but was not told yet.
    """

    def __init__(self, *, late: bool = False) -> None:
        self.callbacks: dict[int, _Callback] = {}
        self._late = late
        self._next = 0
        self._lock = threading.Lock()
        self._timer: int | None = None
        self._woken = False
        self._loop: eventloop.Implementation | None = None

    def add(self, callback: _Callback) -> int:
        """Tell *callback* too, from now on; return its id."""
        with self._lock:
            if not callback.legacy and any(
                known[:4] == callback[:4] and not known.legacy for known in self.callbacks.values()
            ):  # libvirt-python hands the same C function over each time, and libvirt refuses that
                fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, "event callback already tracked")
            if self._timer is None:
                self._start()
            callback_id, self._next = self._next, self._next + 1
            self.callbacks[callback_id] = callback
        return callback_id

    def _start(self) -> None:
        loop = eventloop.current()
        if loop is None:
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, "could not initialize domain event timer")
        self._loop, self._timer = loop, loop.add_internal_timeout(self.dispatch)

    def remove(self, *numbers: int) -> None:
        """Forget callbacks, and with the last one what is queued."""
        with self._lock:
            for number in numbers:
                del self.callbacks[number]
            if self.callbacks:
                return
            timer, self._timer = self._timer, None
            self._woken = False
        if timer is not None and self._loop is not None:
            self._loop.remove_timeout(timer)

    def queue(self, events: Iterable[Event]) -> None:
        """Have the loop deliver *events*."""
        timer = self._timer
        if timer is not None and self._loop is not None:
            end = sys.maxsize if self._late else self._next
            for event in events:
                _line.append((self, event, end))
            if not self._woken:  # as libvirt does, for the first that waits
                self._woken = True
                self._loop.update_timeout(timer, 0)

    def dispatch(self) -> None:
        """Deliver what is queued, for other connections too, in the loop's thread."""
        timer = self._timer
        if timer is None or self._loop is None:
            return
        self._loop.update_timeout(timer, -1)
        self._woken = False  # before the line is looked at: what comes now wakes the loop again
        while _line:
            state, event, end = _line.popleft()
            state.tell(event, end)

    def tell(self, event: Event, end: int) -> None:
        """Call back whoever wants to know of *event*, in the order in which they asked; ids below *end*."""
        for number, callback in tuple(self.callbacks.items()):
            about = callback.number == event.number and callback.family == event.family
            if about and number < end and (callback.uuid is None or callback.uuid == event.uuid):
                callback.owner.deliver(callback, event)


class Events:
    """The events of one connection."""

    def __init__(self, connection: virConnect, state: State) -> None:
        self._owner = weakref.ref(connection)  # no cycle: a connection that is let go of closes at once
        self._old_style: dict[Callable[..., Any], Any] = {}  # opaques by function
        self._old_id: int | None = None
        self.state = state

    @property
    def _connection(self) -> virConnect:
        owner = self._owner()
        assert owner is not None  # noqa: S101
        return owner

    def register(
        self,
        number: int,
        uuid: str | None,
        call: Callable[..., Any],
        opaque: Any,
        *,
        family: str = "domain",
        legacy: bool = False,
    ) -> int:
        """Have *call* called for events of the kind *number* of *family*; return the callback's id."""
        callback_id = self.state.add(_Callback(self, family, number, uuid, call, opaque, legacy))
        self._connection._host.listen(self._connection, on=True)  # noqa: SLF001
        return callback_id

    def _mine(self) -> list[int]:
        return [number for number, callback in self.state.callbacks.items() if callback.owner is self]

    def deregister(self, callback_id: int) -> None:
        """Forget a callback."""
        mine = self._mine()
        if callback_id not in mine:
            self._unknown(callback_id)
        self.state.remove(callback_id)
        if len(mine) == 1:
            self._connection._host.listen(self._connection, on=False)  # noqa: SLF001

    def _unknown(self, callback_id: int) -> None:
        if self._connection._host.personality.names_missing:  # noqa: SLF001
            detail = f"event callback id {callback_id} not registered"
        else:
            detail = f"could not find event callback {callback_id} for deletion"
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, detail)

    def register_old(self, call: Callable[..., Any], opaque: Any) -> None:
        """Register for lifecycle events the old way: by function. All of them are one callback to libvirt."""
        self._old_style[call] = opaque
        if self._old_id is None:
            number = c.VIR_DOMAIN_EVENT_ID_LIFECYCLE
            self._old_id = self.register(number, None, self._tell_old, None, legacy=True)

    def _tell_old(self, connection: virConnect, domain: Any, *arguments: Any) -> None:
        handle = domain._o  # noqa: SLF001
        for call, opaque in list(self._old_style.items()):
            subject = connection._domain(handle.uuid, handle.name, handle.id)  # noqa: SLF001
            call(connection, subject, *arguments[:-1], opaque)

    def deregister_old(self, call: Callable[..., Any]) -> None:
        """Forget a function that was registered the old way."""
        if self._old_id is None:
            return
        del self._old_style[call]
        if not self._old_style:
            callback_id, self._old_id = self._old_id, None
            self.deregister(callback_id)

    def stop(self) -> None:
        """Forget all callbacks and what is queued for them."""
        owner = self._owner()
        if owner is not None:
            owner._host.listen(owner, on=False)  # noqa: SLF001
        self.state.remove(*self._mine())

    def deliver(self, callback: _Callback, event: Event) -> None:
        """Make one call back."""
        connection = self._connection
        if event.family == "domain":
            subject: Any = connection._domain(event.uuid, event.name, event.id)  # noqa: SLF001
        else:
            subject = FAMILIES[event.family](connection, Named(event.uuid, event.name, event.id))
        try:
            callback.call(connection, subject, *event.arguments, callback.opaque)
        except Exception:  # noqa: BLE001
            traceback.print_exc(file=sys.stderr)
