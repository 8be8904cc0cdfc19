"""Streams: volumes' bytes in and out, holes, callbacks, errors that come late."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.storage import MIB

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.storage import Storage

NO_SUPPORT, STREAMS, RPC, STORAGE = 3, 38, 7, 18
FULL = "cannot write to stream: No space left on device"
BLOCK = 4096


def upload(storage: Storage, volume: Any, data: bytes, offset: int = 0, length: int = 0) -> None:
    """Write *data* into *volume*, and wait until its pool has seen it."""
    stream = storage.conn.newStream(0)
    volume.upload(stream, offset, length, 0)
    storage.events()
    stream.send(data)
    stream.finish()
    storage.wait_for("REFRESH")


def download(storage: Storage, volume: Any, offset: int = 0, length: int = 0) -> bytes:
    """Return the bytes of *volume*."""
    stream = storage.conn.newStream(0)
    volume.download(stream, offset, length, 0)
    parts: list[bytes] = []
    stream.recvAll(lambda _stream, data, parts: parts.append(data), parts)
    stream.finish()
    return b"".join(parts)


def sections(storage: Storage, volume: Any, offset: int = 0, length: int = 0) -> list[tuple[str, int]]:
    """Return which parts of *volume* are data, and which are holes."""
    stream = storage.conn.newStream(0)
    volume.download(stream, offset, length, storage.driver.constant("STORAGE_VOL_DOWNLOAD_SPARSE_STREAM"))
    found: list[tuple[str, int]] = []
    stream.sparseRecvAll(
        lambda _stream, data, found: found.append(("data", len(data))),
        lambda _stream, size, found: found.append(("hole", size)),
        found,
    )
    stream.finish()
    return found


@pytest.fixture
def volume(files: Storage) -> Any:
    """A raw volume of 1 MiB without content."""
    return files.volume(files.active())


# unused streams

_UNUSED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "send": (lambda stream: stream.send(b"x"), "virStreamSend"),
    "recv": (lambda stream: stream.recv(1), "virStreamRecv"),
    "recvFlags": (lambda stream: stream.recvFlags(1, 1), "virStreamRecvFlags"),
    "sendHole": (lambda stream: stream.sendHole(1), "virStreamSendHole"),
    "recvHole": (lambda stream: stream.recvHole(), "virStreamRecvHole"),
    "finish": (lambda stream: stream.finish(), "virStreamFinish"),
    "eventUpdateCallback": (lambda stream: stream.eventUpdateCallback(1), "virStreamEventUpdateCallback"),
    "eventRemoveCallback": (lambda stream: stream.eventRemoveCallback(), "virStreamEventRemoveCallback"),
}


@pytest.mark.parametrize("call", _UNUSED)
def test_unused(storage: Storage, call: str) -> None:
    """A stream that nothing uses can do nothing."""
    function = _UNUSED[call][1]
    message = f"this function is not supported by the connection driver: {function}"
    stream = storage.conn.newStream(0)
    assert storage.outcome(lambda: _UNUSED[call][0](stream)) == (NO_SUPPORT, STREAMS, message)


def test_abort_unused(storage: Storage) -> None:
    """But it can be given up."""
    stream = storage.conn.newStream(0)
    assert stream.abort() == 0
    assert stream.connect() is storage.conn


# bytes


def test_there_and_back(files: Storage, volume: Any) -> None:
    """What was uploaded comes back, and zeros where nothing was written."""
    data = bytes(range(256)) * 1000
    upload(files, volume, data)
    assert download(files, volume) == data + bytes(MIB - len(data))


def test_offset_and_length(files: Storage, volume: Any) -> None:
    """A part can be written, and a part be read."""
    upload(files, volume, b"abcdef", 1000)
    assert download(files, volume, 998, 5) == b"\0\0abc"
    assert download(files, volume, 1004, 4) == b"ef\0\0"


def test_beyond_the_end(files: Storage, volume: Any) -> None:
    """There is nothing behind the end, and writing there makes the file longer."""
    assert download(files, volume, 2 * MIB) == b""
    assert download(files, volume, MIB - 10, 100) == bytes(10)
    upload(files, volume, b"end", MIB)
    assert volume.info()[1] == MIB + 3


def test_allocation_follows(files: Storage, volume: Any) -> None:
    """What was written takes room, in blocks."""
    upload(files, volume, b"x" * 1000)
    assert volume.info()[1:] == [MIB, BLOCK]
    upload(files, volume, b"x" * 1000, MIB // 2)
    assert volume.info()[2] == 2 * BLOCK


def test_large(files: Storage) -> None:
    """Many packets arrive in order."""
    volume = files.volume(files.active(), capacity=3 * MIB)
    data = b"".join(bytes([number % 256]) * 65536 for number in range(48))
    stream = files.conn.newStream(0)
    volume.upload(stream, 0, 0, 0)
    rest = [data]

    def piece(_stream: Any, size: int, rest: list[bytes]) -> bytes:
        part, rest[0] = rest[0][:size], rest[0][size:]
        return part

    stream.sendAll(piece, rest)
    stream.finish()
    assert download(files, volume) == data


def test_pool_hears_of_an_upload(files: Storage, volume: Any) -> None:
    """After an upload the pool has been refreshed."""
    upload(files, volume, b"x")
    assert "REFRESH" in [*files.events(), "REFRESH"]


def test_an_uploaded_image_is_recognised(files: Storage, volume: Any) -> None:
    """What is uploaded into a raw volume makes it the image that it is."""
    pool = volume.storagePoolLookupByVolume()
    image = files.volume(pool, "image", style="qcow2", capacity=8 * MIB, allocation=None)
    inner = f"<backingStore><path>{image.path()}</path><format type='qcow2'/></backingStore>"
    top = files.volume(pool, "top", style="qcow2", capacity=16 * MIB, inner=inner)
    upload(files, volume, download(files, top))
    text = volume.XMLDesc(0)
    assert "<format type='qcow2'/>" in text
    assert f"<backingStore>\n    <path>{image.path()}</path>" in text
    assert volume.info()[1] == 16 * MIB


def test_clones_have_the_bytes(files: Storage, volume: Any) -> None:
    """A clone has what was in the original, in any format."""
    pool = volume.storagePoolLookupByVolume()
    data = b"guest" * 5000
    upload(files, volume, data, 100_000)
    image = pool.createXMLFrom(files.volume_xml("image", style="qcow2"), volume, 0)
    assert image.info()[2] < MIB // 2
    again = pool.createXMLFrom(files.volume_xml("again"), image, 0)
    whole = download(files, again)
    assert whole == bytes(100_000) + data + bytes(MIB - 100_000 - len(data))


def test_wiped(files: Storage, volume: Any) -> None:
    """Nothing is left of a wiped volume."""
    upload(files, volume, b"secret")
    volume.wipe(0)
    assert download(files, volume) == bytes(MIB)


# holes


def test_holes(files: Storage, volume: Any) -> None:
    """A sparse download tells holes from data."""
    upload(files, volume, b"x" * 10)
    upload(files, volume, b"x" * 10, MIB // 2)
    assert sections(files, volume) == [
        *(("data", BLOCK), ("hole", MIB // 2 - BLOCK), ("data", BLOCK), ("hole", MIB // 2 - BLOCK)),
    ]
    assert sections(files, volume, 600, BLOCK) == [("data", BLOCK - 600), ("hole", 600)]


def test_hole_is_read_as_zeros(files: Storage, volume: Any) -> None:
    """Who does not ask for holes gets zeros."""
    upload(files, volume, b"abc", BLOCK)
    stream = files.conn.newStream(0)
    volume.download(stream, 0, 2 * BLOCK, files.driver.constant("STORAGE_VOL_DOWNLOAD_SPARSE_STREAM"))
    got = b""
    while part := stream.recv(1000):
        got += part
    stream.finish()
    assert got == bytes(BLOCK) + b"abc" + bytes(BLOCK - 3)


def test_recv_stops_at_a_hole(files: Storage, volume: Any) -> None:
    """A hole is answered by -3, and then asked for."""
    stop = files.driver.constant("STREAM_RECV_STOP_AT_HOLE")
    stream = files.conn.newStream(0)
    volume.download(stream, 0, 0, files.driver.constant("STORAGE_VOL_DOWNLOAD_SPARSE_STREAM"))
    assert stream.recvFlags(100, stop) == -3
    assert stream.recvHole() == MIB
    assert stream.recvFlags(100, stop) == b""
    stream.finish()


def test_sending_holes(files: Storage, volume: Any) -> None:
    """A sparse upload makes holes, and ends the file where it ends."""
    stream = files.conn.newStream(0)
    volume.upload(stream, 0, 0, files.driver.constant("STORAGE_VOL_UPLOAD_SPARSE_STREAM"))
    files.events()
    plan = iter([(False, 2 * MIB), (True, 10), (True, 0)])
    stream.sparseSendAll(
        lambda _stream, size, _opaque: b"x" * size,
        lambda _stream, _opaque: next(plan),
        lambda _stream, size, _opaque: size,
        None,
    )
    stream.finish()
    files.wait_for("REFRESH")
    assert volume.info()[1:] == [2 * MIB + 10, BLOCK]
    assert download(files, volume, 2 * MIB - 2) == b"\0\0" + b"x" * 10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda stream: stream.sendHole(5), "Skipping is not supported with this stream"),
        (lambda stream: stream.recvHole(), "Holes are not supported with this stream"),
    ],
)
def test_no_holes(files: Storage, volume: Any, call: Callable[[Any], Any], message: str) -> None:
    """Holes must have been asked for."""
    stream = files.conn.newStream(0)
    volume.download(stream, 0, 0, 0)
    message = f"Requested operation is not valid: {message}"
    assert files.outcome(lambda: call(stream)) == (55, RPC, message)
    stream.abort()


# the end


@pytest.mark.parametrize("end", ["finish", "abort"])
@pytest.mark.parametrize("call", ["send", "recv", "finish", "abort"])
def test_closed(files: Storage, volume: Any, end: str, call: str) -> None:
    """A stream that is closed stays so."""
    stream = files.conn.newStream(0)
    volume.download(stream, 0, 10, 0)
    while end == "finish" and stream.recv(100):
        pass
    getattr(stream, end)()
    arguments = {"send": (b"x",), "recv": (1,)}.get(call, ())
    message = "operation failed: stream is closed"
    assert files.outcome(lambda: getattr(stream, call)(*arguments)) == (9, RPC, message)


def test_more_than_fits(files: Storage, volume: Any) -> None:
    """What is too much is heard of late: by finish at the latest, and from then on."""
    # On a connection of its own: on a loaded machine libvirt 9.0 was seen to lose it after this.
    conn = files.driver.module.open(files.conn.getURI())
    stream = conn.newStream(0)
    conn.storageVolLookupByPath(volume.path()).upload(stream, 0, 100, 0)
    assert stream.send(b"x" * 150) == 150
    assert files.outcome(stream.finish) == (38, STREAMS, FULL)
    assert files.outcome(lambda: stream.send(b"x")) == (38, STREAMS, FULL)
    conn.close()


def test_given_up_early(files: Storage, volume: Any) -> None:
    """A download may be finished before its end."""
    stream = files.conn.newStream(0)
    volume.download(stream, 0, 0, 0)
    assert len(stream.recv(5)) == 5
    assert stream.finish() == 0


def test_used_again(files: Storage, volume: Any) -> None:
    """Two streams work side by side."""
    upload(files, volume, b"abcdef")
    one, two = files.conn.newStream(0), files.conn.newStream(0)
    volume.download(one, 0, 0, 0)
    volume.download(two, 3, 0, 0)
    assert (one.recv(3), two.recv(3)) == (b"abc", b"def")
    one.abort()
    two.abort()


def test_unknown_flags(files: Storage, volume: Any) -> None:
    """Flags that nobody knows are refused."""
    stream = files.conn.newStream(0)
    message = "unsupported flags (0x8) in function storageVolUpload"
    assert files.outcome(lambda: volume.upload(stream, 0, 0, 8)) == (8, STORAGE, message)
    volume.download(stream, 0, 0, 0)
    message = "unsupported flags (0x2) in function remoteStreamRecvFlags"
    assert files.outcome(lambda: stream.recvFlags(1, 2)) == (8, 13, message)
    stream.abort()


def test_no_stream(files: Storage, volume: Any) -> None:
    """A volume needs a stream."""
    message = "invalid stream pointer in virStorageVolDownload"
    assert files.outcome(lambda: volume.download(None, 0, 0, 0)) == (73, STREAMS, message)


def test_handler_that_fails(files: Storage, volume: Any) -> None:
    """When the program's function fails, the stream is given up, and the error is the program's."""
    stream = files.conn.newStream(0)
    volume.download(stream, 0, 0, 0)

    def fail(_stream: Any, _data: bytes, _opaque: Any) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        stream.recvAll(fail, None)
    assert files.outcome(lambda: stream.recv(1)) == (9, RPC, "operation failed: stream is closed")


def test_handler_that_says_no(files: Storage, volume: Any) -> None:
    """A negative answer is a failure too."""
    stream = files.conn.newStream(0)
    volume.download(stream, 0, 0, 0)
    with pytest.raises(RuntimeError, match="recvAll handler returned -1"):
        stream.recvAll(lambda *_arguments: -1, None)


# callbacks and streams that do not wait


def test_callback(files: Storage, volume: Any) -> None:
    """The event loop says when there is something to read, until the callback is removed."""
    upload(files, volume, b"hello")
    stream = files.conn.newStream(files.driver.constant("STREAM_NONBLOCK"))
    volume.download(stream, 0, 5, 0)
    got: list[Any] = []
    done = threading.Event()

    def readable(stream: Any, events: int, opaque: Any) -> None:
        data = stream.recv(100)
        if data == -2:
            return
        got.append((events, opaque, data))
        if not data:
            stream.eventRemoveCallback()
            stream.finish()
            done.set()

    event = files.driver.constant("STREAM_EVENT_READABLE")
    stream.eventAddCallback(event, readable, "opaque")
    assert done.wait(10)
    assert got == [(event, "opaque", b"hello"), (event, "opaque", b"")]


def test_writable(files: Storage, volume: Any) -> None:
    """A stream can be written to at any time."""
    stream = files.conn.newStream(files.driver.constant("STREAM_NONBLOCK"))
    volume.upload(stream, 0, 0, 0)
    done = threading.Event()
    seen: list[int] = []

    def writable(stream: Any, events: int, _opaque: Any) -> None:
        seen.append(events)
        stream.send(b"late")
        stream.eventRemoveCallback()
        done.set()

    stream.eventAddCallback(files.driver.constant("STREAM_EVENT_WRITABLE"), writable, None)
    assert done.wait(10)
    stream.finish()
    assert seen == [files.driver.constant("STREAM_EVENT_WRITABLE")]
    assert download(files, volume, 0, 4) == b"late"


def test_one_callback(files: Storage, volume: Any) -> None:
    """A stream has one callback at most."""
    stream = files.conn.newStream(0)
    volume.upload(stream, 0, 0, 0)
    event = files.driver.constant("STREAM_EVENT_READABLE")
    none = (1, RPC, "internal error: no stream callback registered")
    assert files.outcome(lambda: stream.eventUpdateCallback(event)) == none
    assert files.outcome(stream.eventRemoveCallback) == none
    stream.eventAddCallback(event, lambda *_arguments: None, None)
    twice = files.outcome(lambda: stream.eventAddCallback(event, lambda *_arguments: None, None))
    assert twice == (1, RPC, "internal error: multiple stream callbacks not supported")
    assert stream.eventUpdateCallback(event) == 0
    assert stream.eventRemoveCallback() == 0
    stream.abort()
