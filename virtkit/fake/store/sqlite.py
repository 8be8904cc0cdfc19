"""A host's state in one SQLite file, which processes share.

Each call is one transaction: a process that is killed leaves every call that returned, and no half of
one. What was read is kept until another process writes.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.state.records import Due, Event, Stored
from virtkit.fake.store.rows import Snapshot, from_row, image_of, image_text, snapshot, to_row
from virtkit.fake.store.shelves import SCHEMA, Shelves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from virtkit.fake.rules import Personality
    from virtkit.fake.state.records import DomainRecord, SavedImage
    from virtkit.fake.store.session import Session

T = TypeVar("T", bound=Stored)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS domains (
    uuid TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, id INTEGER NOT NULL,
    config TEXT, base TEXT, live TEXT, saved TEXT, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS images (path TEXT PRIMARY KEY, image TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS due (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
    action TEXT NOT NULL, uuid TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);
"""
_COLUMNS = "uuid, name, id, config, base, live, saved, data"
_APPLICATION = 0x766B6661  # "vkfa": whose file it is
_VERSION = 2
_BUSY = 30.0  # seconds to wait for the other processes
_KEPT_EVENTS = 10_000


class SQLiteStore:
    """The file at *path*. It is its own session."""

    shared = True

    def __init__(self, path: str, personality: Personality) -> None:
        self.path = path
        self._personality = personality
        self._lock = threading.RLock()
        self._depth = 0
        self._failed = False
        self.closed = False
        self._known: dict[str, DomainRecord] = {}
        self._stored: dict[str, Snapshot] = {}
        self._touched: dict[str, DomainRecord] = {}
        self._complete = False  # whether every domain is known
        self._seen = -1  # data_version of what is known
        self._events: list[Event] = []
        self._told = 0  # the last event that this process has had
        self._shelves = Shelves()
        self._db = self._open()

    @contextlib.contextmanager
    def _explained(self, code: int = c.VIR_ERR_INTERNAL_ERROR) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            fail(code, c.VIR_FROM_QEMU, f"the fake host's file {self.path}: {error}")

    def _open(self) -> sqlite3.Connection:
        with self._explained(c.VIR_ERR_SYSTEM_ERROR):  # as for a daemon that cannot be reached
            folder = os.path.dirname(self.path)  # noqa: PTH120
            if not os.path.isdir(folder):  # noqa: PTH112
                raise sqlite3.OperationalError(f"there is no folder {folder}")
            db = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            try:
                self._claim(db)
            except BaseException:
                db.close()
                raise
        self._pid = os.getpid()
        self._place = _place(self.path)
        return db

    def _check_place(self) -> None:
        if self.closed:
            raise sqlite3.OperationalError("reset() has let go of it: open a new connection")
        if self.stale():
            raise sqlite3.OperationalError("it was removed or replaced: open a new connection")

    def stale(self) -> bool:
        """Return whether another file, or none, is where this one was."""
        return self.closed or _place(self.path) != self._place

    def _claim(self, db: sqlite3.Connection) -> None:
        """Make an empty file a fake host's; refuse another program's before anything is changed in it."""
        empty = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        mark = db.execute("PRAGMA application_id").fetchone()[0]
        if mark != _APPLICATION and (mark or not empty):
            raise sqlite3.DatabaseError("it belongs to another program")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if mark and version != _VERSION:
            raise sqlite3.DatabaseError(
                f"another release of virtkit made it (format {version}, not {_VERSION}): remove it"
            )
        if not mark:
            db.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} {SCHEMA} PRAGMA application_id={_APPLICATION}; "
                f"PRAGMA user_version={_VERSION}; COMMIT;"
            )
        self._told = db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]

    def peek(self, key: str) -> Any:
        """Return a setting as it is now, without waiting for the other processes."""
        with self._lock:
            if self._depth or (self._pid == os.getpid() and not self.closed):
                with self._explained():
                    return self.setting(key)
        session = self.begin()
        try:
            return session.setting(key)
        finally:
            self.finish(ok=True)

    def begin(self) -> Session:
        """Lock the file, and forget what another process changed."""
        self._lock.acquire()
        self._depth += 1
        if self._depth > 1:
            return self
        try:
            with self._explained():
                if self._pid != os.getpid():  # a fork must not share the parent's file handle
                    self._forget()
                    self._db = self._open()
                self._check_place()
                self._db.execute("BEGIN IMMEDIATE")
                version = self._db.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen:
                self._forget()
                self._seen = version
        except BaseException:
            self._depth -= 1
            self._lock.release()
            raise
        return self

    def _forget(self) -> None:
        self._known.clear()
        self._stored.clear()
        self._complete = False
        self._seen = -1
        self._shelves.forget()

    def finish(self, *, ok: bool) -> list[Event]:
        """Write what changed, or undo all of it; return the events that this process has not had."""
        try:
            self._failed = self._failed or not ok
            if self._depth > 1:
                return []
            with self._explained():
                return self._commit()
        except BaseException:
            self._forget()  # what this process knows was not written
            raise
        finally:
            if self._depth == 1:
                self._failed = False
                self._touched.clear()
                self._events.clear()
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                    self._forget()
            self._depth -= 1
            self._lock.release()

    def _commit(self) -> list[Event]:
        if self._failed:
            self._db.execute("ROLLBACK")
            self._forget()
            return []
        for record in self._touched.values():
            self._write(record)
        self._shelves.write(self._db)
        if self._events:
            rows = [(json.dumps(event),) for event in self._events]
            self._db.executemany("INSERT INTO events (event) VALUES (?)", rows)
        self._db.execute("COMMIT")
        return self.untold() if self._events else []

    def _write(self, record: DomainRecord) -> None:
        now = snapshot(record)
        if self._stored.get(record.uuid) != now:
            row = to_row(record, now[-1])
            self._db.execute(f"INSERT OR REPLACE INTO domains ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", row)  # noqa: S608
            self._stored[record.uuid] = now

    def untold(self) -> list[Event]:
        """Return the events of all processes that this one has not had."""
        with self._lock, self._explained():
            if self.closed:
                return []
            rows = self._db.execute("SELECT seq, event FROM events WHERE seq > ?", (self._told,)).fetchall()
            if not rows:
                return []
            self._told = rows[-1][0]
            if self._told % 1000 == 0:
                self._db.execute("DELETE FROM events WHERE seq < ?", (self._told - _KEPT_EVENTS,))
            return [_event(text) for _, text in rows]

    def skip(self) -> None:
        """Count every event so far as told."""
        with self._lock, self._explained():
            self._told = self._db.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]

    def overdue(self, now: float) -> bool:
        """Return whether something was due before *now*, cheaply."""
        with self._lock, self._explained():
            if self.closed:
                return False
            return self._db.execute("SELECT 1 FROM due WHERE at <= ? LIMIT 1", (now,)).fetchone() is not None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.closed = True
            self._db.close()

    # the session

    def _load(self, where: str, value: Any) -> DomainRecord | None:
        row = self._db.execute(f"SELECT {_COLUMNS} FROM domains WHERE {where} = ?", (value,)).fetchone()  # noqa: S608
        return None if row is None else self._take(row)

    def _take(self, row: tuple[Any, ...]) -> DomainRecord:
        record = self._known.get(row[0])
        if record is None:
            record = self._known[row[0]] = from_row(row, self._personality)
            self._stored[record.uuid] = snapshot(record)
        self._touched[record.uuid] = record
        return record

    def find(self, uuid: str) -> DomainRecord | None:
        """Return the domain with *uuid*."""
        record = self._known.get(uuid)
        if record is not None:
            self._touched[uuid] = record
            return record
        return None if self._complete else self._load("uuid", uuid)

    def find_name(self, name: str) -> DomainRecord | None:
        """Return the domain called *name*."""
        for record in self._known.values():
            if record.name == name:
                self._touched[record.uuid] = record
                return record
        return None if self._complete else self._load("name", name)

    def find_id(self, number: int) -> DomainRecord | None:
        """Return the active domain with the id *number*."""
        return next((record for record in self.all() if record.id == number and number > 0), None)

    def all(self) -> Iterable[DomainRecord]:
        """Return every domain."""
        if not self._complete:
            for row in self._db.execute(f"SELECT {_COLUMNS} FROM domains ORDER BY rowid").fetchall():  # noqa: S608
                self._take(row)
            self._complete = True
        self._touched.update(self._known)
        return list(self._known.values())

    def insert(self, record: DomainRecord) -> None:
        """Add a domain."""
        self._known[record.uuid] = self._touched[record.uuid] = record

    def delete(self, record: DomainRecord) -> None:
        """Forget a domain, and what is due for it."""
        self._known.pop(record.uuid, None)
        self._touched.pop(record.uuid, None)
        self._stored.pop(record.uuid, None)
        self._db.execute("DELETE FROM domains WHERE uuid = ?", (record.uuid,))
        self.cancel(record.uuid)

    def rename(self, record: DomainRecord, name: str) -> None:
        """Change a domain's name."""
        record.name = name

    def next_id(self) -> int:
        """Return a number that no domain of this host has had."""
        number = int(self.setting("last id") or 0) + 1
        self.put_setting("last id", number)
        return number

    def image(self, path: str) -> SavedImage | None:
        """Return what save wrote to *path*."""
        row = self._db.execute("SELECT image FROM images WHERE path = ?", (path,)).fetchone()
        return None if row is None else image_of(row[0])

    def put_image(self, path: str, image: SavedImage) -> None:
        """Write a saved domain to *path*."""
        self._db.execute("INSERT OR REPLACE INTO images VALUES (?, ?)", (path, image_text(image)))

    def drop_image(self, path: str) -> None:
        """Remove the saved domain at *path*."""
        self._db.execute("DELETE FROM images WHERE path = ?", (path,))

    def objects(self, kind: type[T]) -> list[T]:
        """Return everything of a kind that is not a domain, in the order in which it came."""
        return self._shelves.objects(self._db, kind)

    def object(self, kind: type[T], key: str) -> T | None:
        """Return the one of *kind* with *key*."""
        return self._shelves.object(self._db, kind, key)

    def put(self, record: Stored) -> None:
        """Add *record*, or put it in the place of the one with its key."""
        self._shelves.put(record)

    def drop(self, record: Stored) -> None:
        """Forget *record*."""
        self._shelves.drop(self._db, record)

    def chunk(self, blob: str, number: int) -> bytes | None:
        """Return a piece of the bytes called *blob*; None where there is a hole."""
        query = "SELECT data FROM chunks WHERE blob = ? AND number = ?"
        row = self._db.execute(query, (blob, number)).fetchone()
        return None if row is None else bytes(row[0])

    def put_chunk(self, blob: str, number: int, data: bytes | None) -> None:
        """Keep a piece of the bytes called *blob*, or (None) make a hole of it."""
        if data is None:
            self._db.execute("DELETE FROM chunks WHERE blob = ? AND number = ?", (blob, number))
        else:
            self._db.execute("INSERT OR REPLACE INTO chunks VALUES (?, ?, ?)", (blob, number, data))

    def chunks(self, blob: str) -> list[int]:
        """Return the numbers of the pieces of *blob* that are not holes, in order."""
        query = "SELECT number FROM chunks WHERE blob = ? ORDER BY number"
        return [row[0] for row in self._db.execute(query, (blob,)).fetchall()]

    def setting(self, key: str) -> Any:
        """Return a setting of the host, or None."""
        row = self._db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return None if row is None else json.loads(row[0])

    def put_setting(self, key: str, value: Any) -> None:
        """Keep a setting of the host."""
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, json.dumps(value)))

    def schedule(self, when: float, action: str, uuid: str, detail: str = "") -> None:
        """Have *action* happen to a domain at the time *when*."""
        row = (when, action, uuid, detail)
        self._db.execute("INSERT INTO due (at, action, uuid, detail) VALUES (?, ?, ?, ?)", row)

    def cancel(self, uuid: str, action: str | None = None) -> None:
        """Forget what is due for a domain: all of it, or one action."""
        self._db.execute("DELETE FROM due WHERE uuid = ? AND coalesce(?, action) = action", (uuid, action))

    def take_due(self, now: float) -> Due | None:
        """Take the earliest action that is due."""
        query = "SELECT at, number, action, uuid, detail FROM due WHERE at <= ? ORDER BY at, number LIMIT 1"
        row = self._db.execute(query, (now,)).fetchone()
        if row is None:
            return None
        self._db.execute("DELETE FROM due WHERE number = ?", (row[1],))
        return Due(*row)

    def next_due(self) -> float | None:
        """Return when the next action is due."""
        found: float | None = self._db.execute("SELECT min(at) FROM due").fetchone()[0]
        return found

    def emit(self, event: Event) -> None:
        """Announce *event* once the call is done."""
        self._events.append(event)


def _place(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - at every call
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino)


def _event(text: str) -> Event:
    number, name, uuid, domain_id, arguments, family = json.loads(text)
    return Event(number, name, uuid, domain_id, tuple(arguments), family)
