"""virStream."""
# ruff: noqa: SLF001

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake import eventloop
from virtkit.fake.call import gate
from virtkit.fake.errors import (
    fail,
    fail_argument,
    libvirtError,
    no_support,
    repeat,
    reporting,
)
from virtkit.fake.handles import Wrapper
from virtkit.fake.streams.manners import LOCAL, REMOTE
from virtkit.fake.streams.watching import Watch
from virtkit.fake.streams.whole import BUFFER_SIZE, Whole
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.connection import virConnect
    from virtkit.fake.errors import RawError
    from virtkit.fake.streams.ends import End

_O = TypeVar("_O")
_WOULD_BLOCK, _AT_HOLE = -2, -3
_PATIENCE = 3600.0  # seconds on the clock between two looks at a line where nobody says anything
_STOP = c.VIR_STREAM_RECV_STOP_AT_HOLE
_READABLE: int = c.VIR_STREAM_EVENT_READABLE
_WRITABLE: int = c.VIR_STREAM_EVENT_WRITABLE
_NO_BYTES = "<built-in function virStreamSend> returned a result with an exception set"
_UNEXPECTED = (c.VIR_ERR_RPC, c.VIR_FROM_STREAMS, "stream had unexpected termination")


class NewStream:
    """What newStream() gives, and virStream wraps."""

    def __init__(self, flags: int) -> None:
        self.nonblock = bool(flags & c.VIR_STREAM_NONBLOCK)


@complete
class virStream(Wrapper, Whole):
    """Bytes on their way, with the methods of libvirt-python's class."""

    _wraps = NewStream
    _o: NewStream
    _end: End | None = None

    def __init__(self, conn: virConnect, _obj: NewStream | None = None) -> None:
        super().__init__(conn, _obj)
        self._closed = False
        self._error: RawError | None = None
        self._hole = 0  # bytes of a hole that was met and not taken yet
        self._watch: Watch | None = None
        self._news = threading.Event()
        self._manners = REMOTE if conn._host.personality.guest_decides else LOCAL

    def __del__(self) -> None:
        super().__del__()
        if self._end is not None and not self._closed:
            self._end.dropped()

    def open(self, end: End) -> None:
        """Connect the stream to *end* (for the calls that take a stream)."""
        self._end, self._closed, self._error, self._hole = end, False, None, 0
        itself = weakref.ref(self)  # no cycle: a stream that is let go of goes at once

        def changed() -> None:
            stream = itself()
            if stream is not None:
                stream._changed()

        end.changed = changed

    # one piece

    def send(self, data: bytes) -> int:
        end = self._begin("send")
        if not isinstance(data, bytes | bytearray | memoryview):
            raise SystemError(_NO_BYTES)  # noqa: TRY004
        if end.writable:
            self._give(end.write, bytes(data))
        elif self._manners is LOCAL:
            fail(c.VIR_ERR_SYSTEM_ERROR, c.VIR_FROM_STREAMS, "cannot write to stream: Bad file descriptor")
        else:
            self._give(fail, *_UNEXPECTED)
        return len(data)

    def sendHole(self, length: int, flags: int = 0) -> int:
        end = self._begin("sendHole")
        if self._manners is LOCAL:
            fail(c.VIR_ERR_SYSTEM_ERROR, c.VIR_FROM_STREAMS, "unable to truncate: Invalid argument")
        if not end.sparse:
            message = "Skipping is not supported with this stream"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_RPC, message)
        if end.writable and length > 0:
            self._give(end.write_hole, length)
        return 0

    def _give(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Make *call*; what is wrong is heard of by the next call, as the daemon's answer is."""
        try:
            call(*arguments)
        except libvirtError as error:
            self._error = error.err  # type: ignore[attr-defined,unused-ignore]
            reporting.last = None
            self._changed()

    def recv(self, nbytes: int) -> bytes | int:
        return self._recv(self._begin("recv"), nbytes, 0)

    def recvFlags(self, nbytes: int, flags: int = 0) -> bytes | int:
        end = self._begin("recvFlags", known=_STOP, flags=flags)
        return self._recv(end, nbytes, flags)

    def _recv(self, end: End, nbytes: int, flags: int) -> bytes | int:
        nbytes = min(nbytes, BUFFER_SIZE)
        if not end.readable:
            if self._o.nonblock:
                return _WOULD_BLOCK
            fail(*_UNEXPECTED)
        if not self._hole and (length := end.hole()):
            end.skip(length)
            self._hole = length
        if self._hole:
            if flags & _STOP:
                return _AT_HOLE
            zeros = bytes(min(nbytes, self._hole))
            self._hole -= len(zeros)
            rest = nbytes - len(zeros)
            return zeros + ((end.read(rest) or b"") if rest and not end.hole() else b"")
        return self._wait_for(end, nbytes)

    def _wait_for(self, end: End, nbytes: int) -> bytes | int:
        while (data := end.read(nbytes)) is None:
            if self._o.nonblock:
                return _WOULD_BLOCK
            self._news.clear()
            if not end.ready():
                clock.current().wait(self._news, _PATIENCE)
        if self._watch is not None:
            self._watch.look()
        return data

    def recvHole(self, flags: int = 0) -> int:
        end = self._begin("recvHole", known=0, flags=flags)
        if not end.sparse:
            message = "Holes are not supported with this stream"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_RPC, message)
        length, self._hole = self._hole, 0
        return length

    # the end

    def finish(self) -> int:
        return self._close("finish", aborted=False)

    def abort(self) -> int:
        return 0 if self._end is None else self._close("abort", aborted=True)

    def _close(self, name: str, *, aborted: bool) -> int:
        if self._closed and self._manners.again:
            return 0
        end = self._begin(name)
        self._closed = True
        self._changed()
        try:
            end.close(aborted=aborted)
        except libvirtError as error:
            self._error = error.err  # type: ignore[attr-defined,unused-ignore]
            raise
        return 0

    # the callback

    def eventAddCallback(self, events: int, cb: Callable[[virStream, int, _O], Any], opaque: _O) -> None:
        self._begin("eventAddCallback", open_only=self._manners is LOCAL)
        if self._watch is not None:
            fail(c.VIR_ERR_INTERNAL_ERROR, self._manners.source, self._manners.callback_twice)
        loop = eventloop.current()
        if loop is None:
            raise libvirtError("virStreamEventAddCallback() failed")
        self._watch = Watch(loop, self, events, cb, opaque)
        self._watch.look()  # not before the callback could remove itself

    def eventUpdateCallback(self, events: int) -> int:
        watch = self._watching("eventUpdateCallback")
        watch.events = events
        watch.look()
        return 0

    def eventRemoveCallback(self) -> int:
        watch, self._watch = self._watching("eventRemoveCallback"), None
        watch.stop()
        return 0

    def _watching(self, name: str) -> Watch:
        self._begin(name, open_only=self._manners is LOCAL)
        if self._watch is None:
            fail(c.VIR_ERR_INTERNAL_ERROR, self._manners.source, self._manners.callback_none)
        return self._watch

    def _happening(self) -> int:
        """Return the ``VIR_STREAM_EVENT_*`` that a callback is to hear of now."""
        end = self._end
        over = end is None or self._closed or self._error is not None
        readable = over or self._hole or (end is not None and end.readable and end.ready())
        return (_READABLE if readable else 0) | _WRITABLE

    def _changed(self) -> None:
        self._news.set()
        if self._watch is not None:
            self._watch.look()

    # every call

    def _begin(self, name: str, *, open_only: bool = True, known: int | None = None, flags: int = 0) -> End:
        """Return the end that the stream is open to, or raise why it cannot be used."""
        function = f"virStream{name[0].upper()}{name[1:]}"
        reporting.last = None
        conn = self._conn
        if conn._guarded or conn._host.faults:
            gate(conn, function, name, write=False)
        if self._end is None:
            no_support(function, c.VIR_FROM_STREAMS)
        if self._manners is LOCAL and known is not None:
            no_support(function, c.VIR_FROM_STREAMS)
        if known is not None and flags & ~known:
            unknown = flags & ~known & 0xFFFFFFFF
            remote = f"remoteStream{name[0].upper()}{name[1:]}"
            message = f"unsupported flags ({unknown:#x}) in function {remote}"
            fail_argument(c.VIR_FROM_REMOTE, message, remote, "flags")
        if open_only:
            if self._error is not None:
                repeat(self._error)
            if self._closed:
                fail(*self._manners.closed)
        return self._end
