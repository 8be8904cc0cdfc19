"""Image formats by their first bytes: recognised, and written for volumes that are created."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from virtkit.fake.storage import qcow2

if TYPE_CHECKING:
    from virtkit.fake.storage.blob import Blob

_PROBED = 1 << 16


@dataclass(frozen=True)
class _Magic:
    """Where a format says what it is, which version, and the guest's size (in *unit* bytes)."""

    magic: bytes
    at: int
    version_at: int
    version: bytes
    size_at: int
    order: str
    unit: int
    length: int  # of a new image


_MAGICS = {
    "iso": _Magic(b"CD001", 32769, 0, b"", 0, "", 0, 0),
    "vpc": _Magic(b"conectix", 0, 12, b"\0\x01\0\0", 40, "big", 1, 2560),
    "vdi": _Magic(b"\x7f\x10\xda\xbe", 64, 68, b"\x01\0\x01\0", 368, "little", 1, 1024),
    "qcow": _Magic(b"QFI\xfb", 0, 4, b"\0\0\0\x01", 24, "big", 1, 560),
    "qed": _Magic(b"QED\0", 0, 0, b"", 48, "little", 1, 327680),
    "vmdk": _Magic(b"KDMV", 0, 4, b"\x01\0\0\0", 12, "little", 512, 65536),
}
CREATED = frozenset({"raw", "iso", "qcow2", *_MAGICS})


@dataclass(frozen=True)
class Probed:
    """What an image's bytes say. *size* 0: they do not say it."""

    format: str = "raw"
    size: int = 0
    backing: str | None = None
    backing_format: str | None = None
    compat: str | None = None
    cluster_size: int = 0
    features: tuple[str, ...] | None = None

    def details(self) -> dict[str, Any]:
        """Return what a volume's definition has of it."""
        return {
            "format": self.format,
            "compat": self.compat,
            "cluster_size": self.cluster_size,
            "features": None if self.features is None else list(self.features),
        }


def probe(blob: Blob) -> Probed:
    """Return what the bytes of *blob* are."""
    data = blob.read(0, _PROBED)
    header = qcow2.read_header(data)
    if header is not None:
        return Probed(
            "qcow2",
            header.size,
            header.backing,
            header.backing_format,
            header.compat,
            header.cluster,
            header.features if header.compat else None,
        )
    for name, magic in _MAGICS.items():
        if data[magic.at :].startswith(magic.magic) and data[magic.version_at :].startswith(magic.version):
            return Probed(name, _size(data, magic))
    return Probed()


def _size(data: bytes, magic: _Magic) -> int:
    if not magic.unit:
        return 0
    field = data[magic.size_at : magic.size_at + 8]
    return int.from_bytes(field, "little" if magic.order == "little" else "big") * magic.unit


def create(blob: Blob, style: str, size: int) -> None:
    """Write a new image of another format than raw and qcow2."""
    magic = _MAGICS.get(style)
    if magic is None or not magic.unit:
        blob.truncate(size)
        return
    blob.truncate(magic.length)
    blob.write(magic.at, magic.magic)
    blob.write(magic.version_at, magic.version) if magic.version else None
    field = (size // magic.unit).to_bytes(8, "little" if magic.order == "little" else "big")
    blob.write(magic.size_at, field)
