"""What a file keeps besides domains: objects of every kind as JSON, and volumes' bytes in pieces."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T", bound=Stored)

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, key TEXT NOT NULL, data TEXT NOT NULL,
    UNIQUE (kind, key));
CREATE TABLE IF NOT EXISTS chunks (
    blob TEXT NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (blob, number));
"""


class Shelves:
    """The objects of one file. Changed records are written when the call ends."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Stored] = {}
        self._stored: dict[tuple[str, str], str] = {}
        self._touched: dict[tuple[str, str], Stored] = {}
        self._complete: set[str] = set()

    def forget(self) -> None:
        """Forget what was read."""
        self._known.clear()
        self._stored.clear()
        self._touched.clear()
        self._complete.clear()

    def write(self, db: sqlite3.Connection) -> None:
        """Write what the call changed."""
        for place, record in self._touched.items():
            text = json.dumps(asdict(record))
            if self._stored.get(place) != text:
                db.execute(
                    "INSERT INTO objects (kind, key, data) VALUES (?, ?, ?) "
                    "ON CONFLICT (kind, key) DO UPDATE SET data = excluded.data",
                    (*place, text),
                )
                self._stored[place] = text
        self._touched.clear()

    def objects(self, db: sqlite3.Connection, kind: type[T]) -> list[T]:
        """Return everything of *kind*."""
        name = kind.kind
        if name not in self._complete:
            query = "SELECT key, data FROM objects WHERE kind = ? ORDER BY number"
            for key, data in db.execute(query, (name,)).fetchall():
                self._take(kind, key, data)
            self._complete.add(name)
        found = [record for record in self._known.values() if isinstance(record, kind)]
        self._touched.update({(name, record.key): record for record in found})
        return found

    def object(self, db: sqlite3.Connection, kind: type[T], key: str) -> T | None:
        """Return the one of *kind* with *key*."""
        place = (kind.kind, key)
        record = self._known.get(place)
        if record is None and kind.kind not in self._complete:
            row = db.execute("SELECT data FROM objects WHERE kind = ? AND key = ?", place).fetchone()
            record = None if row is None else self._take(kind, key, row[0])
        if isinstance(record, kind):
            self._touched[place] = record
            return record
        return None

    def _take(self, kind: type[T], key: str, data: str) -> Stored:
        place = (kind.kind, key)
        if place not in self._known:
            self._known[place] = kind(**json.loads(data))
            self._stored[place] = data
        return self._known[place]

    def put(self, record: Stored) -> None:
        """Add *record*."""
        place = (record.kind, record.key)
        self._known[place] = self._touched[place] = record

    def drop(self, db: sqlite3.Connection, record: Stored) -> None:
        """Forget *record*."""
        place = (record.kind, record.key)
        for shelf in (self._known, self._touched, self._stored):
            shelf.pop(place, None)
        db.execute("DELETE FROM objects WHERE kind = ? AND key = ?", place)
