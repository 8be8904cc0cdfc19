"""qcow2 images: their header, and the guest's bytes in them (uncompressed, no snapshots)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.storage.blob import Blob

MAGIC = b"QFI\xfb"
_HEADER = struct.Struct(">4sIQIIQIIQQIIQ")
_V3 = struct.Struct(">QQQII")
_V3_LENGTH = 104
_V2, _NEWEST = 2, 3
_FORMAT_EXTENSION = 0xE2792ACA
_LAZY = 1
_EXTENDED_L2 = 16
_OFFSET = 0x00FFFFFFFFFFFE00
_COPIED, _COMPRESSED, _ZERO = 1 << 63, 1 << 62, 1
_CLUSTER = 1 << 16
_SECTOR = 512


@dataclass(frozen=True)
class Header:
    """What an image says of itself."""

    size: int
    version: int = _V2
    cluster: int = _CLUSTER
    backing: str | None = None
    backing_format: str | None = None
    features: tuple[str, ...] = ()
    l1_offset: int = 0
    l1_entries: int = 0

    @property
    def compat(self) -> str | None:
        """What documents call its version; nothing for the old one."""
        return "1.1" if self.version >= _NEWEST else None

    @property
    def covered(self) -> int:
        """Bytes of the guest that one entry of the L1 table stands for."""
        return self.cluster * (self.cluster // 8)


def read_header(data: bytes) -> Header | None:
    """Return the header that *data* begins with, None if it is no qcow2 image."""
    if len(data) < _HEADER.size or data[:4] != MAGIC:
        return None
    _, version, name_at, name_length, bits, size, _, l1_entries, l1_offset, *_ = _HEADER.unpack_from(data)
    if version not in {_V2, _NEWEST}:
        return None
    features: list[str] = []
    length = _HEADER.size
    if version == _NEWEST and len(data) >= _V3_LENGTH:
        incompatible, compatible, _, _, length = _V3.unpack_from(data, _HEADER.size)
        features += ["lazy_refcounts"] if compatible & _LAZY else []
        features += ["extended_l2"] if incompatible & _EXTENDED_L2 else []
    backing = data[name_at : name_at + name_length].decode(errors="replace") if name_at else None
    return Header(
        size,
        version,
        1 << bits,
        backing,
        _format(data, length) if backing else None,
        tuple(features),
        l1_offset,
        l1_entries,
    )


def _format(data: bytes, offset: int) -> str | None:
    """Return the backing file's format, from the extensions that follow the header."""
    while offset + 8 <= len(data):
        kind, length = struct.unpack_from(">II", data, offset)
        if kind == 0:
            return None
        if kind == _FORMAT_EXTENSION:
            return data[offset + 8 : offset + 8 + length].decode(errors="replace")
        offset += 8 + -(-length // 8) * 8
    return None


def create(blob: Blob, header: Header) -> None:
    """Write an image without guest data: header, refcounts, an empty L1 table, as qemu-img lays it out."""
    cluster = header.cluster
    entries = -(-header.size // header.covered)
    blob.truncate(0)
    blob.truncate(3 * cluster + 8 * entries)
    blob.fill(0, blob.file.size)
    blob.write(0, _packed(header, entries))
    blob.write(cluster, struct.pack(">Q", 2 * cluster))
    _count(blob, cluster, 0, 3 + -(-8 * entries // cluster), 1)


def _packed(header: Header, entries: int) -> bytes:
    cluster = header.cluster
    bits = cluster.bit_length() - 1
    tail = b""
    if header.backing and header.backing_format:
        name = header.backing_format.encode()
        tail = struct.pack(">II", _FORMAT_EXTENSION, len(name)) + name.ljust(-(-len(name) // 8) * 8, b"\0")
    tail += bytes(8)
    extra = b""
    if header.version >= _NEWEST:
        incompatible = _EXTENDED_L2 if "extended_l2" in header.features else 0
        compatible = _LAZY if "lazy_refcounts" in header.features else 0
        extra = _V3.pack(incompatible, compatible, 0, 4, _V3_LENGTH)
    backing = (header.backing or "").encode()
    name_at = _HEADER.size + len(extra) + len(tail) if backing else 0
    head = _HEADER.pack(
        MAGIC,
        header.version,
        name_at,
        len(backing),
        bits,
        header.size,
        0,
        entries,
        3 * cluster,
        cluster,
        1,
        0,
        0,
    )
    return head + extra + tail + backing


def resize(blob: Blob, size: int) -> None:
    """Change the guest's size; the L1 table moves to the end when it needs more room."""
    header = read_header(blob.read(0, _CLUSTER))
    if header is None:
        return
    entries = max(-(-size // header.covered), header.l1_entries)
    cluster, offset = header.cluster, header.l1_offset
    if entries > header.l1_entries:
        table = blob.read(offset, 8 * header.l1_entries).ljust(8 * entries, b"\0")
        if offset + 8 * header.l1_entries < blob.file.size:
            _count(blob, cluster, offset // cluster, -(-8 * header.l1_entries // cluster), 0)
            offset = -(-blob.file.size // cluster) * cluster
        blob.write(offset, table)
        _count(blob, cluster, offset // cluster, -(-8 * entries // cluster), 1)
    blob.write(24, struct.pack(">Q", size))
    blob.write(36, struct.pack(">IQ", entries, offset))


def _count(blob: Blob, cluster: int, first: int, number: int, value: int) -> None:
    """Note how often *number* clusters from *first* are in use; room for it is made at the end."""
    per_block = cluster // 2
    while number > 0:
        index, place = divmod(first, per_block)
        run = min(number, per_block - place)
        blob.write(_counts_at(blob, cluster, index) + 2 * place, struct.pack(">H", value) * run)
        first, number = first + run, number - run


def _counts_at(blob: Blob, cluster: int, index: int) -> int:
    """Return where the block *index* of counts is; make it if there is none."""
    (table,) = struct.unpack(">Q", blob.read(48, 8))
    (offset,) = struct.unpack(">Q", blob.read(table + 8 * index, 8))
    if not offset:
        offset = -(-blob.file.size // cluster) * cluster
        blob.fill(offset, offset + cluster)
        blob.write(table + 8 * index, struct.pack(">Q", offset))
        _count(blob, cluster, offset // cluster, 1, 1)
    return int(offset)


def guest_cluster(blob: Blob, header: Header, number: int) -> bytes | None:
    """Return the guest's cluster *number*; None if the image does not have it."""
    per_table = header.cluster // 8
    first, second = divmod(number, per_table)
    if first >= header.l1_entries:
        return None
    (table,) = struct.unpack(">Q", blob.read(header.l1_offset + 8 * first, 8).ljust(8, b"\0"))
    if not table & _OFFSET:
        return None
    (entry,) = struct.unpack(">Q", blob.read((table & _OFFSET) + 8 * second, 8).ljust(8, b"\0"))
    if entry & _COMPRESSED:
        return None
    if header.version >= _NEWEST and entry & _ZERO:
        return bytes(header.cluster)
    if not entry & _OFFSET:
        return None
    return blob.read(entry & _OFFSET, header.cluster).ljust(header.cluster, b"\0")


def fill_guest(blob: Blob, read: Callable[[int, int], bytes], numbers: list[int]) -> None:
    """Write the guest's clusters *numbers*, which *read* gives, into an image without guest data."""
    header = read_header(blob.read(0, _CLUSTER))
    if header is None:
        return
    cluster, per_table = header.cluster, header.cluster // 8
    tables: dict[int, int] = {}
    for number in numbers:
        data = read(number * cluster, cluster).ljust(cluster, b"\0")
        if not data.strip(b"\0"):
            continue
        first, second = divmod(number, per_table)
        if first not in tables:
            tables[first] = _append(blob, cluster, b"")
            blob.write(header.l1_offset + 8 * first, struct.pack(">Q", tables[first] | _COPIED))
        place = _append(blob, cluster, data)
        blob.write(tables[first] + 8 * second, struct.pack(">Q", place | _COPIED))


def _append(blob: Blob, cluster: int, data: bytes) -> int:
    """Add a cluster at the end; return where it is."""
    place = -(-blob.file.size // cluster) * cluster
    blob.fill(place, place + cluster)
    if data:
        blob.write(place, data)
    _count(blob, cluster, place // cluster, 1, 1)
    return place
