"""What is known of the images behind disks: those that jobs and snapshots made, and volumes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake.state.records import Stored
from virtkit.fake.statistics import disk_sizes

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session


@dataclass
class Image(Stored):
    """An image that is no volume. Its key is its path, sizes are in bytes."""

    kind: ClassVar[str] = "image"
    format: str = "qcow2"
    capacity: int = 0
    allocation: int = 0
    backing: str = ""
    backing_format: str = ""


def make(
    session: Session,
    path: str,
    form: str,
    *,
    like: str,
    allocation: int = 0,
    over: tuple[str, str] = ("", ""),
) -> None:
    """Note that there is an image at *path* now.

    Args:
        session: of the call.
        path: where.
        form: its format.
        like: the image that it is as big as.
        allocation: how much of it holds data.
        over: the image below it, and that one's format.
    """
    session.put(Image(path, form, capacity(session, like), allocation, *over))


def backing(session: Session, path: str) -> tuple[str, str] | None:
    """Return the image below the one at *path*, and its format."""
    image = session.object(Image, path)
    return None if image is None or not image.backing else (image.backing, image.backing_format)


def resize(session: Session, path: str, size: int) -> None:
    """Change the size that the guest sees of the image at *path*."""
    image = session.object(Image, path)
    if image is None:
        image = Image(path, capacity=size, allocation=min(size, allocation(session, path)))
        session.put(image)
    image.capacity = size


def remove(session: Session, path: str) -> None:
    """Forget the image at *path*."""
    image = session.object(Image, path)
    if image is not None:
        session.drop(image)


def capacity(session: Session, path: str) -> int:
    """Return how big the guest sees the disk on the image at *path*."""
    image = session.object(Image, path)
    return disk_sizes()[0] if image is None else image.capacity


def allocation(session: Session, path: str) -> int:
    """Return how much of the image at *path* holds data."""
    image = session.object(Image, path)
    return disk_sizes()[1] if image is None else image.allocation


def exists(session: Session, path: str) -> bool:
    """Return whether there is something at *path*: on the fake host, or else on this machine."""
    return session.object(Image, path) is not None or Path(path).exists()


def has_folder(path: str) -> bool:
    """Return whether an image can be made at *path*: every folder is there but the one that never is."""
    return not path.startswith("/nonexistent/")


def holds_data(session: Session, path: str) -> bool:
    """Return whether a new image at *path* would write over one."""
    if session.object(Image, path) is not None:
        return True
    file = Path(path)
    return file.is_file() and file.stat().st_size > 0
