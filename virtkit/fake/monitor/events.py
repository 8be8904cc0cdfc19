"""What QEMU's monitor tells of by itself, worked out from what libvirt tells of."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from virtkit.fake import constants as c

if TYPE_CHECKING:
    from collections.abc import Callable

_REGEX, _NO_CASE = 1, 2
_LIFECYCLE: dict[int, Callable[[int], tuple[str, dict[str, Any] | None] | None]] = {
    c.VIR_DOMAIN_EVENT_SUSPENDED: lambda _: ("STOP", None),
    c.VIR_DOMAIN_EVENT_RESUMED: lambda _: ("RESUME", None),
    c.VIR_DOMAIN_EVENT_SHUTDOWN: lambda detail: ("SHUTDOWN", _shutdown(detail)),
    c.VIR_DOMAIN_EVENT_CRASHED: lambda _: ("GUEST_PANICKED", {"action": "pause"}),
}


def _shutdown(detail: int) -> dict[str, Any]:
    guest = detail == c.VIR_DOMAIN_EVENT_SHUTDOWN_GUEST
    return {"guest": guest, "reason": "guest-shutdown" if guest else "host-signal"}


_WATCHDOG = ("none", "pause", "reset", "poweroff", "shutdown", "debug", "inject-nmi")
# by libvirt's event, what the monitor said: its name and, made of the event's arguments, its data
_OTHERS: dict[int, tuple[str, Callable[..., dict[str, Any] | None]]] = {
    c.VIR_DOMAIN_EVENT_ID_REBOOT: ("RESET", lambda: {"guest": True, "reason": "guest-reset"}),
    c.VIR_DOMAIN_EVENT_ID_RTC_CHANGE: ("RTC_CHANGE", lambda offset: {"offset": offset}),
    c.VIR_DOMAIN_EVENT_ID_WATCHDOG: ("WATCHDOG", lambda action: {"action": _WATCHDOG[action]}),
    c.VIR_DOMAIN_EVENT_ID_PMSUSPEND: ("SUSPEND", lambda _: None),
    c.VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK: ("SUSPEND_DISK", lambda _: None),
    c.VIR_DOMAIN_EVENT_ID_PMWAKEUP: ("WAKEUP", lambda _: None),
    c.VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE: ("BALLOON_CHANGE", lambda kib: {"actual": kib * 1024}),
    c.VIR_DOMAIN_EVENT_ID_TRAY_CHANGE: (
        "DEVICE_TRAY_MOVED",
        lambda alias, reason: {"device": "", "tray-open": reason == 0, "id": alias},
    ),
    c.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED: (
        "DEVICE_DELETED",
        lambda alias: {"device": alias, "path": f"/machine/peripheral/{alias}"},
    ),
    c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION: ("MIGRATION_PASS", lambda number: {"pass": number}),
}
NUMBERS = (c.VIR_DOMAIN_EVENT_ID_LIFECYCLE, *_OTHERS)


def said(number: int, arguments: tuple[Any, ...]) -> tuple[str, str | None] | None:
    """Return the name, and the data as JSON, of the monitor's event behind libvirt's event *number*."""
    if number == c.VIR_DOMAIN_EVENT_ID_LIFECYCLE:
        event, detail = arguments
        found = _LIFECYCLE[event](detail) if event in _LIFECYCLE else None
    else:
        name, data = _OTHERS[number]
        found = (name, data(*arguments))
    if found is None:
        return None
    return found[0], None if found[1] is None else json.dumps(found[1], separators=(",", ":"))


class Filter(NamedTuple):
    """Which of the monitor's events a callback is for."""

    event: str | None
    flags: int

    def lets(self, name: str) -> bool:
        """Return whether an event called *name* goes through."""
        if self.event is None:
            return True
        case = re.IGNORECASE if self.flags & _NO_CASE else 0
        pattern = self.event if self.flags & _REGEX else f"^{re.escape(self.event)}$"
        return re.search(pattern, name, case) is not None
