"""Streams to what is no volume: bytes that are there, and lines to something that talks."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import virtkit.fake as libvirt
from virtkit.fake import eventloop
from virtkit.fake.streams import Buffer, Pipe


def opened(conn: Any, end: Any, flags: int = 0) -> Any:
    """Return a stream that is connected to *end*."""
    stream = conn.newStream(flags)
    stream.open(end)
    return stream


def test_buffer(conn: Any) -> None:
    """Bytes that are there are read to their end."""
    stream = opened(conn, Buffer(b"screen"))
    assert [stream.recv(4), stream.recv(4), stream.recv(4)] == [b"scre", b"en", b""]
    assert stream.finish() == 0


def test_a_buffer_takes_nothing(conn: Any) -> None:
    """What is sent where nothing is taken is heard of by the next call."""
    stream = opened(conn, Buffer(b""))
    assert stream.send(b"x") == 1
    with pytest.raises(libvirt.libvirtError, match="stream had unexpected termination"):
        stream.finish()


def test_pipe_both_ways(conn: Any) -> None:
    """A line carries what each side says, and ends when it is hung up."""
    heard: list[bytes] = []
    pipe = Pipe(heard.append)
    stream = opened(conn, pipe)
    pipe.feed(b"login: ")
    assert stream.recv(100) == b"login: "
    assert stream.send(b"root\n") == 5
    assert heard == [b"root\n"]
    pipe.feed(b"bye")
    pipe.hang_up()
    assert (stream.recv(100), stream.recv(100)) == (b"bye", b"")


def test_nonblocking(conn: Any) -> None:
    """Who does not wait is told that there is nothing yet."""
    pipe = Pipe()
    stream = opened(conn, pipe, libvirt.VIR_STREAM_NONBLOCK)
    assert stream.recv(10) == -2
    with pytest.raises(libvirt.libvirtError, match="cannot use recvAll with nonblocking stream"):
        stream.recvAll(lambda *_arguments: None, None)
    pipe.feed(b"x")
    assert stream.recv(10) == b"x"


def test_blocking(conn: Any) -> None:
    """Who waits gets what is said later."""
    pipe = Pipe()
    stream = opened(conn, pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(stream.recv(10)))
    reader.start()
    pipe.feed(b"late")
    reader.join(10)
    assert got == [b"late"]


@pytest.mark.parametrize("end", ["finish", "abort"])
def test_the_far_side_hears_of_the_end(conn: Any, end: str) -> None:
    """Hanging up is heard on the other side."""
    ended: list[bool] = []
    stream = opened(conn, Pipe(closed=lambda: ended.append(True)))
    getattr(stream, end)()
    assert ended == [True]


def test_dropped(conn: Any) -> None:
    """A stream that is let go of ends its line, and holds its connection no more."""
    ended: list[bool] = []
    stream = opened(conn, Pipe(closed=lambda: ended.append(True)))
    del stream
    assert ended == [True]
    assert conn.close() == 0


def test_holds_its_connection(conn: Any) -> None:
    """A connection is not closed for good while a stream uses it."""
    stream = conn.newStream()
    assert conn.close() == 1
    assert stream.abort() == 0


def test_callback_by_a_loop_of_ones_own(conn: Any) -> None:
    """The callback is a timer of the program's event loop, on while there is something to say."""
    intervals: dict[int, int] = {}
    calls: dict[int, Any] = {}

    def add(interval: int, call: Any, opaque: Any) -> int:
        number = len(calls) + 1
        intervals[number], calls[number] = interval, (call, opaque)
        return number

    def nothing(*_arguments: Any) -> int:
        return 0

    loop = eventloop.Implementation(nothing, nothing, nothing, add, intervals.__setitem__, intervals.pop)
    before = eventloop.current()
    eventloop.use(loop)
    try:
        pipe, seen = Pipe(), []
        stream = opened(conn, pipe)
        stream.eventAddCallback(
            libvirt.VIR_STREAM_EVENT_READABLE,
            lambda stream, _events, _opaque: seen.append(stream.recv(9)),
            None,
        )
        assert intervals == {1: -1}
        pipe.feed(b"now")
        assert intervals == {1: 0}
        call, opaque = calls[1]
        call(1, opaque)
        assert (seen, intervals) == ([b"now"], {1: -1})
        stream.eventRemoveCallback()
        assert intervals == {}
    finally:
        eventloop.use(before)


def test_the_test_drivers_streams() -> None:
    """The test driver's streams are files: they end as often as one likes, and know no holes."""
    stream = opened(libvirt.open("test:///default"), Buffer(b"png"))
    with pytest.raises(
        libvirt.libvirtError, match="not supported by the connection driver: virStreamRecvHole"
    ):
        stream.recvHole()
    with pytest.raises(libvirt.libvirtError, match="cannot write to stream: Bad file descriptor"):
        stream.send(b"x")
    assert (stream.finish(), stream.finish(), stream.abort()) == (0, 0, 0)
    with pytest.raises(libvirt.libvirtError, match="internal error: stream is not open"):
        stream.recv(1)


def test_faults_strike_streams(conn: Any) -> None:
    """A fault can be about a stream's call."""
    stream = opened(conn, Buffer(b"data"))
    libvirt.host("one").faults.add("recv", message="lost", times=1)
    with pytest.raises(libvirt.libvirtError, match="lost"):
        stream.recv(1)
    assert stream.recv(1) == b"d"
