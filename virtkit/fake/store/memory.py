"""A host's state in this process's memory."""

from __future__ import annotations

import heapq
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit.fake.state.records import Due, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from virtkit.fake.state.records import DomainRecord, Event, SavedImage
    from virtkit.fake.store.session import Session

T = TypeVar("T", bound=Stored)


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
        self._objects: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._blobs: defaultdict[str, dict[int, bytes]] = defaultdict(dict)
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

    def stale(self) -> bool:
        """Memory is where it was."""
        return False

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

    def objects(self, kind: type[T]) -> list[T]:
        """Return everything of a kind that is not a domain, in the order in which it came."""
        return list(self._objects[kind.kind].values())

    def object(self, kind: type[T], key: str) -> T | None:
        """Return the one of *kind* with *key*."""
        return self._objects[kind.kind].get(key)

    def put(self, record: Stored) -> None:
        """Add *record*, or put it in the place of the one with its key."""
        self._objects[record.kind][record.key] = record

    def drop(self, record: Stored) -> None:
        """Forget *record*."""
        self._objects[record.kind].pop(record.key, None)

    def chunk(self, blob: str, number: int) -> bytes | None:
        """Return a piece of the bytes called *blob*; None where there is a hole."""
        return self._blobs[blob].get(number)

    def put_chunk(self, blob: str, number: int, data: bytes | None) -> None:
        """Keep a piece of the bytes called *blob*, or (None) make a hole of it."""
        if data is None:
            self._blobs[blob].pop(number, None)
        else:
            self._blobs[blob][number] = data

    def chunks(self, blob: str) -> list[int]:
        """Return the numbers of the pieces of *blob* that are not holes, in order."""
        return sorted(self._blobs[blob])

    def setting(self, key: str) -> Any:
        """Return a setting of the host, or None."""
        return self._settings.get(key)

    def put_setting(self, key: str, value: Any) -> None:
        """Keep a setting of the host."""
        self._settings[key] = value

    def peek(self, key: str) -> Any:
        """Return a setting as it is now."""
        return self._settings.get(key)

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
