"""The host's side of a stream."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class End:
    """What a stream reads from, or writes to. Subclasses implement the directions that they have.

    Attributes:
        readable: whether there is something to read, ever.
        writable: whether it takes bytes.
        sparse: whether holes go through as holes.
        changed: to be called when ``ready()`` may say something else than before.
    """

    readable = False
    writable = False
    sparse = False
    changed: Callable[[], None] | None = None

    def ready(self) -> bool:
        """Return whether ``read()`` has something to say: bytes, a hole or the end."""
        return self.readable

    def read(self, size: int) -> bytes | None:
        """Return the next *size* bytes at most, nothing at the end, None when there is nothing yet."""
        raise NotImplementedError

    def hole(self) -> int:
        """Return how long the hole is that comes next, if it is sparse."""
        return 0

    def skip(self, length: int) -> None:
        """Go over *length* bytes of a hole."""
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Take *data*, all of it."""
        raise NotImplementedError

    def write_hole(self, length: int) -> None:
        """Make a hole of *length* bytes."""
        raise NotImplementedError

    def close(self, *, aborted: bool) -> None:
        """Hear that the stream is finished, or given up."""

    def dropped(self) -> None:
        """Hear that the program let go of the stream without an end, which a daemon does not hear."""


class Buffer(End):
    """Bytes that are there already, to be read: a screenshot."""

    readable = True

    def __init__(self, data: bytes) -> None:
        self._rest = memoryview(data)

    def read(self, size: int) -> bytes:
        """Return the next *size* bytes at most."""
        data, self._rest = self._rest[:size], self._rest[size:]
        return bytes(data)


class Pipe(End):
    """A line to something that talks: a console.

    The far side says something by ``feed()`` and hangs up by ``hang_up()``.

    Args:
        hear: called with what the program sends.
        closed: called when the program finishes or aborts the stream.
    """

    readable = True
    writable = True

    def __init__(
        self, hear: Callable[[bytes], object] | None = None, closed: Callable[[], object] | None = None
    ) -> None:
        self._hear, self._closed = hear, closed
        self._waiting = bytearray()
        self._ended = False
        self._lock = threading.Lock()

    def feed(self, data: bytes) -> None:
        """Say *data* to the program."""
        with self._lock:
            self._waiting += data
        self._tell()

    def hang_up(self) -> None:
        """End the line: the program reads what is left, then the end."""
        self._ended = True
        self._tell()

    def _tell(self) -> None:
        if self.changed is not None:
            self.changed()

    def ready(self) -> bool:
        """Return whether something was said that has not been read, or the line ended."""
        return bool(self._waiting) or self._ended

    def read(self, size: int) -> bytes | None:
        """Return what was said."""
        with self._lock:
            data = bytes(self._waiting[:size])
            del self._waiting[:size]
        return data if data or self._ended else None

    def write(self, data: bytes) -> None:
        """Have the far side hear *data*."""
        if self._hear is not None:
            self._hear(data)

    def close(self, *, aborted: bool) -> None:
        """Tell the far side that the program is gone."""
        self.dropped()

    def dropped(self) -> None:
        """Tell the far side that the program is gone."""
        if self._closed is not None:
            self._closed()
