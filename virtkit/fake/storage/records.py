"""What a host keeps of its storage: pools, their volumes, and the files that these are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from virtkit.fake.state.records import Stored
from virtkit.fake.storage.kinds import KINDS, Kind


@dataclass
class PoolRecord(Stored):
    """One pool; its key is its UUID.

    Attributes:
        definition: what is in force.
        next: what is, once it is inactive.
        volumes: the paths of its volumes, by name.
    """

    kind: ClassVar[str] = "pool"
    name: str = ""
    definition: dict[str, Any] = field(default_factory=dict)
    next: dict[str, Any] | None = None
    active: bool = False
    persistent: bool = False
    autostart: bool = False
    capacity: int = 0
    allocation: int = 0
    available: int = 0
    volumes: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> Kind:
        """The type of pool that it is."""
        return KINDS[self.definition["type"]]

    @property
    def target_path(self) -> str | None:
        """The folder of its volumes, if it has one."""
        target = self.definition["target"]
        return str(target["path"]) if target else None

    @property
    def target(self) -> str:
        """The folder of its volumes, or what stands for it."""
        return self.target_path or str(self.definition["source"].get("name") or self.name)

    def take(self, size: int) -> None:
        """Count *size* bytes more as allocated."""
        self.allocation += size
        self.available -= size


@dataclass
class VolumeRecord(Stored):
    """One volume of a pool; its key is made of the pool's UUID and its name."""

    kind: ClassVar[str] = "volume"
    pool: str = ""  # UUID
    definition: dict[str, Any] = field(default_factory=dict)


@dataclass
class FileRecord(Stored):
    """A file, a folder or a device of the host; its key is its path. Its bytes are in pieces of that name.

    Attributes:
        size: bytes.
        extents: which of them were written: beginning and end, in order, in whole blocks.
        reserved: how many bytes from its beginning have a place on disk, written or not.
        times: of access, change, status and birth, in nanoseconds.
    """

    kind: ClassVar[str] = "file"
    is_dir: bool = False
    size: int = 0
    extents: list[list[int]] = field(default_factory=list)
    reserved: int = 0
    mode: int = 0o600
    owner: int = 0
    group: int = 0
    times: list[int] = field(default_factory=lambda: [0, 0, 0, 0])


def volume_key(pool: PoolRecord, name: str) -> str:
    """Return the key of a pool's volume."""
    return f"{pool.key}/{name}"
