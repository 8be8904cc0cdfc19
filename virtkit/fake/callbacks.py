"""Who wants to know of what, on one connection; and the queue that the event loop empties."""

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
    import itertools
    from collections.abc import Callable, Iterable

    from virtkit.fake.connection import virConnect
    from virtkit.fake.state.records import Event


class _Callback(NamedTuple):
    family: str  # domain, network, pool, nodedev, secret
    number: int  # VIR_*_EVENT_ID_*
    uuid: str | None  # the key of the one object that it is for
    call: Callable[..., Any]
    opaque: Any
    legacy: bool


_line: deque[tuple[Events, Event]] = (
    deque()
)  # one for all connections: events come in the order they happened


class Events:
    """The events of one connection."""

    def __init__(self, connection: virConnect, numbers: itertools.count[int]) -> None:
        self._owner = weakref.ref(connection)  # no cycle: a connection that is let go of closes at once
        self._callbacks: dict[int, _Callback] = {}
        self._old_style: dict[Callable[..., Any], int] = {}
        self._numbers = numbers
        self._lock = threading.Lock()
        self._timer: int | None = None
        self._loop: eventloop.Implementation | None = None

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
        with self._lock:
            if not legacy and any(
                (known.family, known.number, known.uuid, known.legacy) == (family, number, uuid, False)
                for known in self._callbacks.values()
            ):  # libvirt-python hands the same C function over each time, and libvirt refuses that
                fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, "event callback already tracked")
            if self._timer is None:
                self._start()
            callback_id = next(self._numbers)
            self._callbacks[callback_id] = _Callback(family, number, uuid, call, opaque, legacy)
        self._connection._host.listen(self._connection, on=True)  # noqa: SLF001
        return callback_id

    def _start(self) -> None:
        loop = eventloop.current()
        if loop is None:
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, "could not initialize domain event timer")
        self._loop, self._timer = loop, loop.add_internal_timeout(self.dispatch)

    def deregister(self, callback_id: int) -> None:
        """Forget a callback."""
        with self._lock:
            if self._callbacks.pop(callback_id, None) is None:
                self._unknown(callback_id)
            if self._callbacks:
                return
        self.stop()

    def _unknown(self, callback_id: int) -> None:
        if self._connection._host.personality.names_missing:  # noqa: SLF001
            detail = f"event callback id {callback_id} not registered"
        else:
            detail = f"could not find event callback {callback_id} for deletion"
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, detail)

    def register_old(self, call: Callable[..., Any], opaque: Any) -> None:
        """Register for lifecycle events the old way: by function."""
        if call not in self._old_style:
            number = c.VIR_DOMAIN_EVENT_ID_LIFECYCLE
            self._old_style[call] = self.register(number, None, call, opaque, legacy=True)

    def deregister_old(self, call: Callable[..., Any]) -> None:
        """Forget a function that was registered the old way."""
        callback_id = self._old_style.pop(call, None)
        if callback_id is not None:
            self.deregister(callback_id)

    def stop(self) -> None:
        """Forget all callbacks and what is queued for them."""
        owner = self._owner()
        if owner is not None:
            owner._host.listen(owner, on=False)  # noqa: SLF001
        with self._lock:
            timer, self._timer = self._timer, None
            self._callbacks.clear()
        if timer is not None and self._loop is not None:
            self._loop.remove_timeout(timer)

    def queue(self, events: Iterable[Event]) -> None:
        """Have the loop deliver *events*."""
        _line.extend((self, event) for event in events)
        timer = self._timer
        if timer is not None and self._loop is not None:
            self._loop.update_timeout(timer, 0)

    def dispatch(self) -> None:
        """Deliver what is queued, for other connections too, in the loop's thread."""
        timer = self._timer
        if timer is None or self._loop is None:
            return
        self._loop.update_timeout(timer, -1)
        while _line:
            owner, event = _line.popleft()
            owner.tell(event)

    def tell(self, event: Event) -> None:
        """Call back whoever wants to know of *event*."""
        for callback in tuple(self._callbacks.values()):
            about = (callback.family, callback.number) == (event.family, event.number)
            if about and callback.uuid in {None, event.uuid}:
                self._deliver(callback, event)

    def _deliver(self, callback: _Callback, event: Event) -> None:
        connection = self._connection
        if event.family == "domain":
            subject: Any = connection._domain(event.uuid, event.name, event.id)  # noqa: SLF001
        else:
            subject = FAMILIES[event.family](connection, Named(event.uuid, event.name, event.id))
        try:
            callback.call(connection, subject, *event.arguments, callback.opaque)
        except Exception:  # noqa: BLE001
            traceback.print_exc(file=sys.stderr)
