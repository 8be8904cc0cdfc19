"""A host's state in this process's memory."""

from __future__ import annotations

import heapq
import threading
from typing import TYPE_CHECKING, Any

from virtkit.fake.state.records import Due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from virtkit.fake.state.records import DomainRecord, Event, SavedImage
    from virtkit.fake.store.session import Session


class MemoryStore:
    """Dicts under one lock. It is its own session: a call works on the state itself."""

    shared = False

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._domains: dict[str, DomainRecord] = {}
        self._names: dict[str, DomainRecord] = {}
        self._images: dict[str, SavedImage] = {}
        self._settings: dict[str, Any] = {}
        self._due: list[Due] = []
        self._events: list[Event] = []
        self._last_id = 0
        self._order = 0

    def begin(self) -> Session:
        """Lock the state."""
        self._lock.acquire()
        self._depth += 1
        return self

    def finish(self, *, ok: bool) -> list[Event]:
        """Unlock the state; the events come out with the outermost call."""
        self._depth -= 1
        events: list[Event] = []
        if self._events and not self._depth:
            events, self._events = self._events, events
        self._lock.release()
        return events

    def close(self) -> None:
        """Nothing to let go of."""

    def find(self, uuid: str) -> DomainRecord | None:
        """Return the domain with *uuid*."""
        return self._domains.get(uuid)

    def find_name(self, name: str) -> DomainRecord | None:
        """Return the domain called *name*."""
        return self._names.get(name)

    def find_id(self, number: int) -> DomainRecord | None:
        """Return the active domain with the id *number*."""
        return next((record for record in self._domains.values() if record.id == number and number > 0), None)

    def all(self) -> Iterable[DomainRecord]:
        """Return every domain, in the order in which they came."""
        return list(self._domains.values())

    def insert(self, record: DomainRecord) -> None:
        """Add a domain."""
        self._domains[record.uuid] = record
        self._names[record.name] = record

    def delete(self, record: DomainRecord) -> None:
        """Forget a domain, and what is due for it."""
        self._domains.pop(record.uuid, None)
        self._names.pop(record.name, None)
        self.cancel(record.uuid)

    def rename(self, record: DomainRecord, name: str) -> None:
        """Change a domain's name."""
        self._names.pop(record.name, None)
        record.name = name
        self._names[name] = record

    def next_id(self) -> int:
        """Return a number that no domain of this host has had."""
        self._last_id += 1
        return self._last_id

    def image(self, path: str) -> SavedImage | None:
        """Return what save wrote to *path*."""
        return self._images.get(path)

    def put_image(self, path: str, image: SavedImage) -> None:
        """Write a saved domain to *path*."""
        self._images[path] = image

    def drop_image(self, path: str) -> None:
        """Remove the saved domain at *path*."""
        self._images.pop(path, None)

    def setting(self, key: str) -> Any:
        """Return a setting of the host, or None."""
        return self._settings.get(key)

    def put_setting(self, key: str, value: Any) -> None:
        """Keep a setting of the host."""
        self._settings[key] = value

    def schedule(self, when: float, action: str, uuid: str, detail: str = "") -> None:
        """Have *action* happen to a domain at the time *when*."""
        self._order += 1
        heapq.heappush(self._due, Due(when, self._order, action, uuid, detail))

    def cancel(self, uuid: str, action: str | None = None) -> None:
        """Forget what is due for a domain: all of it, or one action."""
        if self._due:
            self._due = [due for due in self._due if due.uuid != uuid or action not in {None, due.action}]
            heapq.heapify(self._due)

    def take_due(self, now: float) -> Due | None:
        """Take the earliest action that is due."""
        return heapq.heappop(self._due) if self._due and self._due[0].when <= now else None

    def next_due(self) -> float | None:
        """Return when the next action is due."""
        return self._due[0].when if self._due else None

    def emit(self, event: Event) -> None:
        """Announce *event* once the call is done."""
        self._events.append(event)
