"""Lifecycle events of one connection, for those who wait: asked for once, when the first one waits."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from virtkit.binding.constants import EventID
from virtkit.binding.log import debug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from virtkit.binding import Opened, VirConnect, VirDomain

_CLOSED = ("error", "end of file", "keepalive", "client")  # VIR_CONNECT_CLOSE_REASON_*


class LifecycleEvents:
    """Wakes whoever waits for a domain when libvirt says that something happened to it.

    Events only make waiting shorter: whoever is woken looks at the state, and also looks now and then
    without one. So a driver without events is slower to wait on, and nothing else.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._waiting: dict[str, list[threading.Event]] = {}
        self._asking = threading.Lock()  # not the other one: libvirt's loop waits for that
        self._asked = False
        self._undo: list[Callable[[], object]] = []

    @contextmanager
    def of(self, uuid: str) -> Iterator[threading.Event]:
        """Within the ``with`` block, the event is set whenever something happens to the domain *uuid*."""
        event = threading.Event()
        with self._lock:
            self._waiting.setdefault(uuid, []).append(event)
        try:
            self._ask()
            yield event
        finally:
            with self._lock:
                left = self._waiting[uuid]
                left.remove(event)
                if not left:
                    del self._waiting[uuid]

    def close(self) -> None:
        """Ask for no more events; without this libvirt's connection would stay open."""
        with self._asking:
            self._asked, undo, self._undo = True, self._undo, []
        for call in undo:
            try:
                call()
            except self._opened.module.libvirtError as error:
                debug("virtkit.host", "closing the connection: %s", error)

    def _ask(self) -> None:
        with self._asking:
            if self._asked:
                return
            self._asked = True
            raw, failed = self._opened.raw, self._opened.module.libvirtError
            try:
                number = raw.domainEventRegisterAny(None, EventID.LIFECYCLE, self._on_lifecycle, None)
                self._undo.append(lambda: raw.domainEventDeregisterAny(number))
            except failed as error:  # ESX and others have none
                debug("virtkit.host", "no events: %s", error)
            try:
                raw.registerCloseCallback(self._on_close, None)
                self._undo.append(raw.unregisterCloseCallback)
            except failed as error:
                debug("virtkit.host", "no word when the connection closes: %s", error)

    def _on_lifecycle(
        self, _conn: VirConnect, domain: VirDomain, _event: int, _detail: int, _opaque: Any
    ) -> None:
        self._wake(domain.UUIDString())

    def _on_close(self, _conn: VirConnect, reason: int, _opaque: Any) -> None:
        why = _CLOSED[reason] if 0 <= reason < len(_CLOSED) else str(reason)
        debug("virtkit.host", "the connection is closed: %s", why)
        self._wake(None)

    def _wake(self, uuid: str | None) -> None:
        with self._lock:
            if uuid is None:
                waiting = [event for events in self._waiting.values() for event in events]
            else:
                waiting = list(self._waiting.get(uuid, ()))
        for event in waiting:
            event.set()
