"""Getting libvirt's source package, without touching this machine's own apt configuration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

NAME, VERSION = "libvirt", "9.0.0"
_SOURCE = "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} bookworm main\n"
_MIRROR = "http://deb.debian.org/debian"
_SENTINEL = "tests/qemuxml2xmltest.c"


class FetchError(Exception):
    """The source could not be got."""


def cache() -> Path:
    """Return the folder in which the source is kept, outside of the project."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "virtkit-corpus"


def found(folder: Path) -> Path | None:
    """Return where in *folder* the source lies: there itself, or in it under its name."""
    for place in (folder, folder / f"{NAME}-{VERSION}"):
        if (place / _SENTINEL).exists():
            return place
    return None


def fetch(folder: Path, mirror: str = _MIRROR) -> Path:
    """Get the source into *folder* unless it is there, and return where it lies.

    Raises:
        FetchError: apt says no; the message is its own.
    """
    present = found(folder)
    if present is not None:
        return present
    folder.mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.list"
    sources.write_text(_SOURCE.format(mirror=mirror))
    for each in ("lists/partial", "cache/archives/partial"):
        (folder / each).mkdir(parents=True, exist_ok=True)
    options = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
    }
    words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    _run(["apt-get", "-q", *words, "update"], folder)
    _run(["apt-get", "-q", *words, "source", "--download-only", f"{NAME}/bookworm"], folder)
    _unpack(folder)
    place = found(folder)
    if place is None:
        raise FetchError(f"{folder} has no {NAME}-{VERSION} after apt-get source")
    return place


def _unpack(folder: Path) -> None:
    """Unpack what the corpus reads of the upstream archive: Debian's patches change none of it."""
    archive = next(iter(sorted(folder.glob(f"{NAME}_{VERSION}.orig.tar.*[!c]"))), None)
    if archive is None:
        raise FetchError(f"apt-get source left no {NAME}_{VERSION}.orig.tar in {folder}")
    root = f"{NAME}-{VERSION}"
    _run(["tar", "xf", archive.name, f"{root}/src", f"{root}/tests"], folder)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FetchError(f"{' '.join(command[:1])}: {(done.stderr or done.stdout).strip()}")
