"""The bytes of a file of the host, with holes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from virtkit.fake.storage.records import FileRecord
    from virtkit.fake.store.session import Session

PIECE = 1 << 16
BLOCK = 4096


def _up(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


class Blob:
    """A file's bytes. Pieces keep no zeros at their end, and none where there are only zeros."""

    def __init__(self, session: Session, file: FileRecord) -> None:
        self._session, self.file = session, file

    @property
    def allocation(self) -> int:
        """Bytes that have a place on disk."""
        reserved = _up(self.file.reserved)
        return reserved + sum(
            end - max(start, reserved) for start, end in self.file.extents if end > reserved
        )

    def read(self, offset: int, size: int) -> bytes:
        """Return *size* bytes from *offset*, fewer at the end."""
        end = min(offset + size, self.file.size)
        parts = []
        while offset < end:
            number, start = divmod(offset, PIECE)
            count = min(PIECE - start, end - offset)
            piece = self._session.chunk(self.file.key, number) or b""
            parts.append(piece[start : start + count].ljust(count, b"\0"))
            offset += count
        return b"".join(parts)

    def write(self, offset: int, data: bytes) -> None:
        """Write *data* at *offset*; the file grows if need be."""
        if not data:
            return
        place = 0
        while place < len(data):
            number, start = divmod(offset + place, PIECE)
            part = data[place : place + PIECE - start]
            self._put(number, start, part)
            place += len(part)
        end = offset + len(data)
        self.file.size = max(self.file.size, end)
        self._cover(offset // BLOCK * BLOCK, _up(end))

    def _put(self, number: int, start: int, part: bytes) -> None:
        old = b"" if start == 0 and len(part) == PIECE else self._session.chunk(self.file.key, number)
        piece = old or b""
        whole = piece[:start].ljust(start, b"\0") + part + piece[start + len(part) :]
        kept = whole.rstrip(b"\0")
        if kept or old:
            self._session.put_chunk(self.file.key, number, kept or None)

    def _cover(self, start: int, end: int) -> None:
        """Note that the blocks from *start* to *end* were written."""
        before = [extent for extent in self.file.extents if extent[1] < start]
        after = [extent for extent in self.file.extents if extent[0] > end]
        touched = self.file.extents[len(before) : len(self.file.extents) - len(after)]
        starts, ends = zip(*touched, strict=True) if touched else ((), ())
        self.file.extents = [*before, [min((start, *starts)), max((end, *ends))], *after]

    def fill(self, start: int, end: int) -> None:
        """Write zeros."""
        if end > start:
            self.file.size = max(self.file.size, end)
            self._erase(start, end)
            self._cover(start // BLOCK * BLOCK, _up(end))

    def truncate(self, size: int) -> None:
        """Cut the file off at *size*, or make it longer by a hole."""
        if size < self.file.size:
            self._erase(size, self.file.size)
            edge = _up(size)
            self.file.extents = [[start, min(end, edge)] for start, end in self.file.extents if start < edge]
            self.file.reserved = min(self.file.reserved, size)
        self.file.size = size

    def _erase(self, start: int, end: int) -> None:
        first, last = start // PIECE, (end - 1) // PIECE
        for number in self._session.chunks(self.file.key):
            if not first <= number <= last:
                continue
            piece = self._session.chunk(self.file.key, number) or b""
            left, right = max(start - number * PIECE, 0), end - number * PIECE
            whole = piece[:left].ljust(left, b"\0") if left else b""
            if right < len(piece):
                whole = whole.ljust(right, b"\0") + piece[right:]
            self._session.put_chunk(self.file.key, number, whole.rstrip(b"\0") or None)

    def section(self, offset: int) -> tuple[bool, int]:
        """Return whether there is data at *offset*, and how many bytes it or the hole goes on."""
        size = self.file.size
        for start, end in self.file.extents:
            if offset < start:
                return False, min(start, size) - offset
            if offset < end:
                return True, min(end, size) - offset
        return False, max(size - offset, 0)

    def drop(self) -> None:
        """Forget all bytes."""
        for number in self._session.chunks(self.file.key):
            self._session.put_chunk(self.file.key, number, None)
        self.file.extents, self.file.reserved = [], 0
