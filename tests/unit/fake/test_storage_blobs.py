"""Bytes with holes, and the images in them, against a plain array of bytes and against qemu-img."""

from __future__ import annotations

import random
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from virtkit.fake import hosts
from virtkit.fake.storage import qcow2
from virtkit.fake.storage.blob import BLOCK, Blob
from virtkit.fake.storage.building import Guest
from virtkit.fake.storage.files import new_file
from virtkit.fake.store.memory import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

    from virtkit.fake.storage.records import FileRecord
    from virtkit.fake.store.session import Session

MIB = 1 << 20


@pytest.fixture
def session() -> Session:
    """A store without anything in it."""
    return MemoryStore()


@pytest.fixture
def file(session: Session) -> FileRecord:
    """An empty file."""
    return new_file(hosts.named("one"), session, "/file")


@pytest.fixture
def blob(session: Session, file: FileRecord) -> Blob:
    """Its bytes."""
    return Blob(session, file)


@pytest.mark.parametrize("seed", range(20))
def test_like_an_array(blob: Blob, seed: int) -> None:
    """Whatever is written, filled and cut off, reading gives what an array of bytes would."""
    chance, model = random.Random(seed), bytearray()
    for _ in range(60):
        start, size = chance.randrange(300_000), chance.randrange(1, 100_000)
        action = chance.choice(["write", "write", "fill", "truncate"])
        if action == "truncate":
            model = model[:start].ljust(start, b"\0")
            blob.truncate(start)
            continue
        data = chance.randbytes(size) if action == "write" else bytes(size)
        if start + size > len(model):
            model = model.ljust(start + size, b"\0")
        model[start : start + size] = data
        blob.write(start, data) if action == "write" else blob.fill(start, start + size)
        place = chance.randrange(len(model))
        assert blob.read(place, 5000) == model[place : place + 5000]
    assert blob.read(0, len(model) + 10) == model
    assert blob.allocation % BLOCK == 0


@pytest.mark.parametrize("seed", range(10))
def test_sections_add_up(blob: Blob, seed: int) -> None:
    """Data and holes take turns, and cover the file; holes are zeros."""
    chance = random.Random(seed)
    for _ in range(20):
        blob.write(chance.randrange(MIB), chance.randbytes(chance.randrange(1, 20_000)))
    place, before = 0, None
    while place < blob.file.size:
        in_data, length = blob.section(place)
        assert length > 0
        assert in_data != before
        if not in_data:
            assert not blob.read(place, length).strip(b"\0")
        place, before = place + length, in_data
    assert place == blob.file.size


def test_zeros_take_no_memory(session: Session, blob: Blob) -> None:
    """Written zeros have a place on disk, and none in memory."""
    blob.fill(0, 10 * MIB)
    assert (blob.allocation, session.chunks("/file")) == (10 * MIB, [])


def test_dropped(session: Session, blob: Blob) -> None:
    """Nothing stays of a file that is removed."""
    blob.write(5, b"x")
    blob.drop()
    assert (blob.allocation, session.chunks("/file")) == (0, [])


@pytest.mark.parametrize(("version", "shown"), [(2, None), (3, "1.1")])
def test_header(blob: Blob, version: int, shown: str | None) -> None:
    """What an image was made with, it says."""
    made = qcow2.Header(5 * MIB, version, 1 << 12, "/base", "raw")
    qcow2.create(blob, made)
    found = qcow2.read_header(blob.read(0, 4096))
    assert found is not None
    assert (found.size, found.version, found.cluster) == (5 * MIB, version, 4096)
    assert (found.backing, found.backing_format, found.compat) == ("/base", "raw", shown)


@pytest.mark.parametrize("data", [b"", b"QFI\xfb", b"QFI\xfb" + bytes(100), b"\0" * 200])
def test_no_header(data: bytes) -> None:
    """What is no image, or cut off, is not taken for one."""
    assert qcow2.read_header(data) is None


def _scattered(chance: random.Random, size: int) -> bytes:
    data = bytearray(size)
    for _ in range(10):
        start = chance.randrange(size - 10_000)
        data[start : start + 10_000] = chance.randbytes(10_000)
    return bytes(data)


@pytest.mark.parametrize("cluster", [4096, 65536])
def test_guest_reads_what_it_was_given(session: Session, blob: Blob, cluster: int) -> None:
    """An image holds the guest's bytes, also after it became bigger."""
    data = _scattered(random.Random(1), 4 * MIB)
    qcow2.create(blob, qcow2.Header(len(data), 2, cluster))
    everything = list(range(len(data) // cluster))
    qcow2.fill_guest(blob, lambda offset, size: data[offset : offset + size], everything)
    qcow2.resize(blob, 1 << 40)
    guest = Guest(session, "/file")
    assert guest.size == 1 << 40
    assert guest.read(0, len(data)) == data
    assert guest.read(1 << 39, 10) == bytes(10)


@pytest.mark.skipif(shutil.which("qemu-img") is None, reason="qemu-img is not installed")
@pytest.mark.parametrize(("version", "cluster"), [(2, 65536), (3, 65536), (2, 4096), (3, 1 << 21)])
def test_qemu_takes_it(blob: Blob, tmp_path: Path, version: int, cluster: int) -> None:
    """qemu-img finds no fault in an image, and the same bytes in it."""
    data = _scattered(random.Random(version), 16 * MIB)
    qcow2.create(blob, qcow2.Header(len(data), version, cluster))
    clusters = list(range(len(data) // cluster))
    qcow2.fill_guest(blob, lambda offset, size: data[offset : offset + size], clusters)
    image, raw = tmp_path / "image", tmp_path / "raw"
    image.write_bytes(blob.read(0, blob.file.size))
    raw.write_bytes(data)
    for words in (["check", str(image)], ["compare", str(image), str(raw)]):
        said = subprocess.run(["qemu-img", *words], capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stdout + said.stderr
    qcow2.resize(blob, 1 << 40)
    image.write_bytes(blob.read(0, blob.file.size))
    said = subprocess.run(["qemu-img", "check", str(image)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
