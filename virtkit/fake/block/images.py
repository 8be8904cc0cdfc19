"""What is known of the images behind disks: files of the host, and disks that nobody ever made a file for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake.state.records import Stored
from virtkit.fake.statistics import disk_sizes

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.storage.blob import Blob
    from virtkit.fake.store.session import Session

_WITHOUT_BITMAPS = 2  # the version of qcow2


@dataclass
class Image(Stored):
    """What the guest made of an image. Its key is its path, sizes are in bytes.

    Attributes:
        capacity: how big the guest sees it, when there is no file that says so; 0: not known.
        data: how much of it the guest wrote; None: what has a place in the file.
        born: when the file was made that this is about; 0: there is none.
    """

    kind: ClassVar[str] = "image"
    capacity: int = 0
    data: int | None = None
    born: int = 0


def _born(session: Session, path: str) -> int:
    from virtkit.fake.storage.records import FileRecord

    file = session.object(FileRecord, path)
    return 0 if file is None else file.times[3]


def _known(session: Session, path: str) -> Image | None:
    """Return what is known of the image at *path*, if it is still the same file."""
    image = session.object(Image, path)
    return image if image is not None and image.born == _born(session, path) else None


def make(
    host: Host,
    session: Session,
    path: str,
    form: str,
    *,
    like: str,
    data: int = 0,
    over: tuple[str, str] | None = None,
) -> None:
    """Make an image at *path*.

    Args:
        host: where.
        session: of the call.
        path: the file.
        form: its format.
        like: the image that it is as big as.
        data: how many bytes of it hold something.
        over: the image below it, and that one's format.
    """
    from virtkit.fake.storage import files

    size = capacity(session, like)
    below, below_format = over or (None, None)
    files.create_image(host, session, path, form, size, backing=below, backing_format=below_format)
    session.put(Image(path, data=data, born=_born(session, path)))


def backing(session: Session, path: str) -> tuple[str, str] | None:
    """Return the image below the one at *path*, and its format."""
    from virtkit.fake.storage import files

    image = files.find_by_path(session, path)
    if image is None or image.backing_path is None:
        return None
    return image.backing_path, image.backing_format or "raw"


def resize(host: Host, session: Session, path: str, size: int) -> None:
    """Change the size that the guest sees of the image at *path*."""
    from virtkit.fake.storage import files
    from virtkit.fake.storage.records import FileRecord

    data = allocation(session, path)
    file, image = session.object(FileRecord, path), files.find_by_path(session, path)
    if file is not None and image is not None:
        with files.changing(host, session, file) as blob:
            _resize_file(blob, image.format, size)
        session.put(Image(path, data=min(data, size), born=_born(session, path)))
    else:
        session.put(Image(path, size, min(data, size)))


def _resize_file(blob: Blob, form: str, size: int) -> None:
    if form == "qcow2":
        from virtkit.fake.storage import qcow2

        qcow2.resize(blob, size)
    elif form == "raw":
        blob.truncate(size)


def remove(session: Session, path: str) -> None:
    """Remove the image at *path*."""
    from virtkit.fake.storage import files

    files.remove(session, path)
    image = session.object(Image, path)
    if image is not None:
        session.drop(image)


def capacity(session: Session, path: str) -> int:
    """Return how big the guest sees the disk on the image at *path*."""
    from virtkit.fake.storage import files

    file = files.find_by_path(session, path)
    if file is not None:
        return file.capacity
    known = _known(session, path)
    return known.capacity if known is not None and known.capacity else disk_sizes()[0]


def allocation(session: Session, path: str) -> int:
    """Return how much of the image at *path* holds data."""
    from virtkit.fake.storage import files

    known = _known(session, path)
    if known is not None and known.data is not None:
        return known.data
    file = files.find_by_path(session, path)
    return disk_sizes()[1] if file is None else file.allocation


def exists(session: Session, path: str) -> bool:
    """Return whether there is something at *path*: on the fake host, or else on this machine."""
    from virtkit.fake.storage import files

    return files.exists(session, path) or Path(path).exists()


def has_folder(path: str) -> bool:
    """Return whether an image can be made at *path*: every folder is there but the one that never is."""
    return not path.startswith("/nonexistent/")


def holds_data(session: Session, path: str) -> bool:
    """Return whether a new image at *path* would write over one."""
    from virtkit.fake.storage import files

    image = files.find_by_path(session, path)
    if image is not None:
        return image.physical > 0
    file = Path(path)
    return file.is_file() and file.stat().st_size > 0


def read(session: Session, path: str, offset: int, size: int) -> bytes:
    """Return bytes of the raw image at *path*: fewer than *size* at its end, zeros where nobody wrote."""
    from virtkit.fake.storage.blob import Blob
    from virtkit.fake.storage.records import FileRecord

    size = max(min(size, capacity(session, path) - offset), 0)
    file = session.object(FileRecord, path)
    return bytes(size) if file is None else Blob(session, file).read(offset, size)


def keeps_bitmaps(session: Session, path: str) -> bool:
    """Return whether what changed since a checkpoint can be kept in the image at *path*."""
    from virtkit.fake.storage import qcow2
    from virtkit.fake.storage.blob import Blob
    from virtkit.fake.storage.records import FileRecord

    file = session.object(FileRecord, path)
    header = None if file is None else qcow2.read_header(Blob(session, file).read(0, 1 << 16))
    return header is None or header.version > _WITHOUT_BITMAPS


def sizes(session: Session, path: str) -> tuple[int, int, int]:
    """Return capacity, allocation and physical size of the image at *path*, in bytes."""
    known = _known(session, path)
    if known is not None and known.capacity:
        return known.capacity, allocation(session, path), allocation(session, path)
    return disk_sizes(session, path)


def is_smaller(session: Session, path: str, size: int) -> bool:
    """Return whether there is a file at *path* in which an image of *size* bytes has no room."""
    from virtkit.fake.storage import files

    image = files.find_by_path(session, path)
    return image is not None and image.capacity < size
