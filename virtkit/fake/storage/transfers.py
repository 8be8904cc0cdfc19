"""Volumes' bytes on their way through a stream."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.storage import files
from virtkit.fake.storage.blob import Blob
from virtkit.fake.storage.checking import system
from virtkit.fake.storage.hosting import HostStorage
from virtkit.fake.storage.records import FileRecord
from virtkit.fake.streams import End

if TYPE_CHECKING:
    from virtkit.fake.host import Host


class Download(End):
    """A file to be read, from *offset*, *length* bytes of it (0: all)."""

    readable = True

    def __init__(self, host: Host, path: str, offset: int, length: int) -> None:
        self._host, self._path, self._place = host, path, offset
        self._end = offset + length if length else None

    def _room(self, size: int) -> int:
        return size if self._end is None else max(min(size, self._end - self._place), 0)

    def read(self, size: int) -> bytes:
        """Return the next *size* bytes at most: of sparse streams, none of the next hole."""
        with self._host as session:
            file = session.object(FileRecord, self._path)
            if file is None:
                return b""
            if file.is_dir:
                system(errno.EISDIR, f"Unable to read {self._path}", c.VIR_FROM_STREAMS)
            blob = Blob(session, file)
            if self.sparse:
                size = min(size, blob.section(self._place)[1])
            data = blob.read(self._place, self._room(size))
        self._place += len(data)
        return data

    def hole(self) -> int:
        """Return how long the hole is that comes next."""
        if not self.sparse:
            return 0
        with self._host as session:
            file = session.object(FileRecord, self._path)
            if file is None:
                return 0
            in_data, length = Blob(session, file).section(self._place)
        return 0 if in_data else self._room(length)

    def skip(self, length: int) -> None:
        """Go over a hole."""
        self._place += length


class Upload(End):
    """A file to be written, from *offset*, *length* bytes at most (0: any number)."""

    writable = True

    def __init__(self, host: Host, pool: str, path: str, offset: int, length: int) -> None:
        self._host, self._pool, self._path, self._place = host, pool, path, offset
        self._end = offset + length if length else None

    def write(self, data: bytes) -> None:
        """Write the next bytes."""
        taken = data if self._end is None else data[: max(self._end - self._place, 0)]
        with self._host as session:
            file = session.object(FileRecord, self._path)
            if file is not None and taken:
                with files.changing(self._host, session, file) as blob:
                    blob.write(self._place, taken)
        self._place += len(taken)
        if len(taken) < len(data):
            system(errno.ENOSPC, "cannot write to stream", c.VIR_FROM_STREAMS)

    def write_hole(self, length: int) -> None:
        """Go on after a hole; the file ends there if nothing follows."""
        if self._end is not None:
            length = min(length, self._end - self._place)
        self._place += length
        with self._host as session:
            file = session.object(FileRecord, self._path)
            if file is not None:
                with files.changing(self._host, session, file) as blob:
                    blob.truncate(self._place)

    def close(self, *, aborted: bool) -> None:
        """Have the pool look at what came."""
        with self._host as session:
            driver = HostStorage(self._host, session)
            pool = driver.named(self._pool)
            if pool is not None and pool.active:
                driver.list_volumes(pool)
                driver.tell_refresh(pool)
