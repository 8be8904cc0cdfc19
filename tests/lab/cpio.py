"""Writes the archive that the kernel unpacks as its first root: cpio, format "newc"."""

from __future__ import annotations

import gzip
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Initramfs:
    """Collects files for a guest's root; `write` makes the compressed archive. Needs no root."""

    def __init__(self) -> None:
        self._entries: list[bytes] = []
        self._names: set[str] = set()
        self.node("dev/console", 5, 1)

    def folder(self, name: str) -> None:
        """Add an empty folder, with those above it."""
        if name and name not in self._names:
            self._add(name, stat.S_IFDIR | 0o755)

    def file(self, name: str, content: bytes, *, executable: bool = False) -> None:
        """Add a file with this content."""
        self._add(name, stat.S_IFREG | (0o755 if executable else 0o644), content)

    def link(self, name: str, target: str) -> None:
        """Add a symbolic link to `target`."""
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def node(self, name: str, major: int, minor: int) -> None:
        """Add a character device."""
        self._add(name, stat.S_IFCHR | 0o600, device=(major, minor))

    def write(self, path: Path) -> None:
        """Write everything added so far to `path`, gzip-compressed."""
        end = self._record("TRAILER!!!", 0, b"", (0, 0))
        path.write_bytes(gzip.compress(b"".join([*self._entries, end]), compresslevel=6, mtime=0))

    def _add(self, name: str, mode: int, content: bytes = b"", device: tuple[int, int] = (0, 0)) -> None:
        above = name.rpartition("/")[0]
        self.folder(above)
        self._names.add(name)
        self._entries.append(self._record(name, mode, content, device))

    def _record(self, name: str, mode: int, content: bytes, device: tuple[int, int]) -> bytes:
        title = name.encode() + b"\0"
        fields = [len(self._entries) + 1, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(title), 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + title
        return _padded(head) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
