"""The events of the contract tests' domains, and the errors of their calls."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING, Any

from tests.contract.driver import MARKER, PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.driver import Driver

_NAMES = {
    0: ("DEFINED", ("ADDED", "UPDATED", "RENAMED", "FROM_SNAPSHOT")),
    1: ("UNDEFINED", ("REMOVED", "RENAMED")),
    2: ("STARTED", ("BOOTED", "MIGRATED", "RESTORED", "FROM_SNAPSHOT", "WAKEUP")),
    3: ("SUSPENDED", ("PAUSED", "MIGRATED", "IOERROR", "WATCHDOG", "RESTORED", "FROM_SNAPSHOT")),
    4: ("RESUMED", ("UNPAUSED", "MIGRATED", "FROM_SNAPSHOT", "POSTCOPY")),
    5: ("STOPPED", ("SHUTDOWN", "DESTROYED", "CRASHED", "MIGRATED", "SAVED", "FAILED", "FROM_SNAPSHOT")),
    6: ("SHUTDOWN", ("FINISHED", "GUEST", "HOST")),
    7: ("PMSUSPENDED", ("MEMORY", "DISK")),
    8: ("CRASHED", ("PANICKED", "CRASHLOADED")),
}


def event_name(event: int, detail: int) -> str:
    """Return a lifecycle event as libvirt's constants call it."""
    name, details = _NAMES[event]
    return f"{name}_{details[detail]}"


class Recorder:
    """Collects events from the loop's thread. A marker shows that all before it have come."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._conn = conn = driver.conn
        self._seen: list[tuple[str, Any]] = []
        self._changed = threading.Condition()
        self._marks = itertools.count(1)
        self._marker = conn.defineXML(driver.xml(MARKER))
        self._ids = [
            conn.domainEventRegisterAny(None, number, call, None)
            for number, call in (
                (driver.constant("DOMAIN_EVENT_ID_LIFECYCLE"), self._lifecycle),
                (driver.constant("DOMAIN_EVENT_ID_REBOOT"), self._reboot),
                (driver.constant("DOMAIN_EVENT_ID_METADATA_CHANGE"), self._metadata),
            )
        ]
        self.clear()

    def close(self) -> None:
        """Listen no more."""
        for number in self._ids:
            self._conn.domainEventDeregisterAny(number)
        self._marker.undefine()

    def _add(self, name: str, what: Any) -> None:
        with self._changed:
            self._seen.append((name, what))
            self._changed.notify_all()

    def _lifecycle(self, _conn: Any, domain: Any, event: int, detail: int, _opaque: Any) -> None:
        self._add(domain.name(), event_name(event, detail))

    def _reboot(self, _conn: Any, domain: Any, _opaque: Any) -> None:
        self._add(domain.name(), "REBOOT")

    def _metadata(self, _conn: Any, domain: Any, kind: int, uri: str | None, _opaque: Any) -> None:
        self._add(domain.name(), ("METADATA_CHANGE", kind, uri))

    def _wait(self, done: Callable[[], bool]) -> bool:
        with self._changed:
            return self._changed.wait_for(done, PATIENCE)

    def clear(self) -> None:
        """Forget what has happened so far."""
        self.names()
        with self._changed:
            self._seen.clear()

    def names(self) -> list[Any]:
        """Return what happened so far, in order, once all of it has come."""
        marker, uri = self._driver.named(MARKER), f"urn:mark:{next(self._marks)}"
        element = self._driver.constant("DOMAIN_METADATA_ELEMENT")
        config = self._driver.constant("DOMAIN_AFFECT_CONFIG")
        self._marker.setMetadata(element, "<mark/>", "mark", uri, config)
        mark = (marker, ("METADATA_CHANGE", element, uri))
        assert self._wait(lambda: mark in self._seen), "the marker never came"
        with self._changed:
            return [what for name, what in self._seen if name != marker]

    def wait_for(self, what: Any) -> None:
        """Wait until *what* has happened."""
        assert self._wait(lambda: any(seen == what for _, seen in self._seen)), f"no {what}: {self._seen}"


def outcome(driver: Driver, call: Callable[[], Any]) -> tuple[int, int, str] | None:
    """Make *call*; return the error's code, source and message, or None if it succeeded."""
    try:
        call()
    except driver.module.libvirtError as error:
        return (error.get_error_code(), error.get_error_domain(), error.get_error_message())
    return None
