"""Debian packages of any architecture, fetched and unpacked without touching the machine's own apt.

Each architecture has an apt of its own: lists, cache and an empty dpkg status below the cache
folder. So nothing is installed, no foreign architecture is added, and no root is needed. The
sources and keys are the machine's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .shell import LabError, run

if TYPE_CHECKING:
    from pathlib import Path


class Packages:
    """The packages of one Debian architecture, such as "amd64" or "mipsel"."""

    def __init__(self, architecture: str, folder: Path) -> None:
        self.architecture = architecture
        self._folder = folder
        self._updated = False

    def dependency(self, package: str, pattern: str) -> str:
        """The first dependency of `package` whose name matches `pattern` from its start."""
        self._update()
        listing = run("apt-cache", *self._options(), "depends", package)
        for name in re.findall(r"^\s*\|?Depends: (\S+)$", listing, re.MULTILINE):
            if re.match(pattern, name):
                return str(name)
        raise LabError(f"{package} ({self.architecture}) depends on nothing like {pattern}")

    def unpack(self, package: str, target: Path) -> None:
        """Download the newest version of `package` and unpack its files below `target`."""
        self._update()
        target.mkdir(parents=True, exist_ok=True)
        run("apt-get", *self._options(), "-qq", "download", package, cwd=target)
        for archive in target.glob(f"{package}_*.deb"):
            run("dpkg", "-x", archive, target)
            archive.unlink()

    def _update(self) -> None:
        if self._updated:
            return
        for folder in ("lists/partial", "archives/partial"):
            (self._folder / folder).mkdir(parents=True, exist_ok=True)
        (self._folder / "status").touch()
        run("apt-get", *self._options(), "-qq", "update")
        self._updated = True

    def _options(self) -> list[str]:
        settings = {
            "APT::Architecture": self.architecture,
            "APT::Architectures": self.architecture,
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Dir::State": self._folder,
            "Dir::State::lists": self._folder / "lists",
            "Dir::State::status": self._folder / "status",
            "Dir::Cache": self._folder,
        }
        return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
