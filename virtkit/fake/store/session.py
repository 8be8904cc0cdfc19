"""What one call sees of its host, whatever the store: find, change, announce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from virtkit.fake.state.records import DomainRecord, Due, Event, SavedImage

T = TypeVar("T", bound=Stored)


class Session(Protocol):
    """One call's exclusive view. What it changes is kept when the call succeeds, else undone (SQLite)."""

    def find(self, uuid: str) -> DomainRecord | None:
        """Return the domain with *uuid*."""

    def find_name(self, name: str) -> DomainRecord | None:
        """Return the domain called *name*."""

    def find_id(self, number: int) -> DomainRecord | None:
        """Return the active domain with the id *number*."""

    def all(self) -> Iterable[DomainRecord]:
        """Return every domain."""

    def insert(self, record: DomainRecord) -> None:
        """Add a domain."""

    def delete(self, record: DomainRecord) -> None:
        """Forget a domain, and what is due for it."""

    def rename(self, record: DomainRecord, name: str) -> None:
        """Change a domain's name."""

    def next_id(self) -> int:
        """Return a number that no domain of this host has had."""

    def image(self, path: str) -> SavedImage | None:
        """Return what save wrote to *path* on the host."""

    def put_image(self, path: str, image: SavedImage) -> None:
        """Write a saved domain to *path*."""

    def drop_image(self, path: str) -> None:
        """Remove the saved domain at *path*."""

    def objects(self, kind: type[T]) -> list[T]:
        """Return everything of a kind that is not a domain, in the order in which it came."""

    def object(self, kind: type[T], key: str) -> T | None:
        """Return the one of *kind* with *key*."""

    def put(self, record: Stored) -> None:
        """Add *record*, or put it in the place of the one with its key."""

    def drop(self, record: Stored) -> None:
        """Forget *record*."""

    def chunk(self, blob: str, number: int) -> bytes | None:
        """Return a piece of the bytes called *blob*; None where there is a hole."""

    def put_chunk(self, blob: str, number: int, data: bytes | None) -> None:
        """Keep a piece of the bytes called *blob*, or (None) make a hole of it."""

    def chunks(self, blob: str) -> list[int]:
        """Return the numbers of the pieces of *blob* that are not holes, in order."""

    def setting(self, key: str) -> Any:
        """Return a setting of the host, or None."""

    def put_setting(self, key: str, value: Any) -> None:
        """Keep a setting of the host: numbers, texts, lists, dicts."""

    def schedule(self, when: float, action: str, uuid: str, detail: str = "") -> None:
        """Have *action* happen to a domain at the time *when*."""

    def cancel(self, uuid: str, action: str | None = None) -> None:
        """Forget what is due for a domain: all of it, or one action."""

    def take_due(self, now: float) -> Due | None:
        """Take the earliest action that is due."""

    def next_due(self) -> float | None:
        """Return when the next action is due."""

    def emit(self, event: Event) -> None:
        """Announce *event* once the call is done."""


class Store(Protocol):
    """Gives sessions, one at a time."""

    shared: bool  # with other processes: what waits must look now and then

    def begin(self) -> Session:
        """Wait for the others, and start a call."""

    def peek(self, key: str) -> Any:
        """Return a setting of the host as it is now, outside of any call."""

    def finish(self, *, ok: bool) -> list[Event]:
        """End the call, keeping or undoing what it did; return the events it leaves for this process."""

    def stale(self) -> bool:
        """Return whether what the store stood on is no longer there."""

    def close(self) -> None:
        """Let go of what the store holds."""
