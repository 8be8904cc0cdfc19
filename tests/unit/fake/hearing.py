"""Hearing of everything that happens to a host's domains."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import virtkit.fake as libvirt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KINDS = (
    "lifecycle", "reboot", "rtc_change", "watchdog", "io_error", "io_error_reason", "agent_lifecycle",
    "pmsuspend", "pmwakeup", "pmsuspend_disk", "balloon_change", "tray_change", "job_completed",
    "migration_iteration",
)  # fmt: skip


class Heard:
    """The events so far, each its kind and its arguments."""

    def __init__(self, conn: Any) -> None:
        self._conn = conn
        self._seen: list[tuple[Any, ...]] = []

    def hear(self, kind: str) -> Callable[..., None]:
        """Return a callback that records events as *kind*."""

        def callback(_conn: Any, _domain: Any, *arguments: Any) -> None:
            self._seen.append((kind, *arguments[:-1]))

        return callback

    def all(self) -> list[tuple[Any, ...]]:
        """Return what happened, all of it."""
        self._conn._events.state.dispatch()
        return list(self._seen)

    def clear(self) -> None:
        """Forget what happened."""
        self.all()
        self._seen.clear()


@contextmanager
def heard(conn: Any) -> Iterator[Heard]:
    """Listen to everything on *conn*; its queue is emptied when one looks, by no loop."""
    libvirt.virEventRegisterDefaultImpl()
    found = Heard(conn)
    numbers = [
        conn.domainEventRegisterAny(
            None,
            getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_{kind.upper()}"),
            found.hear("agent" if kind == "agent_lifecycle" else kind),
            None,
        )
        for kind in _KINDS
    ]
    yield found
    for number in numbers:
        if conn.isAlive():
            conn.domainEventDeregisterAny(number)
