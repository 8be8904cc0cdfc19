"""The host's own files: what pools, disks and images on it are, and how much room is left."""

from __future__ import annotations

import posixpath
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit.fake.storage import images, qcow2
from virtkit.fake.storage.blob import Blob
from virtkit.fake.storage.records import FileRecord, PoolRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_USED = "storage used"  # bytes, of the disk that all folders share
_FOLDERS = frozenset(
    {
        "/", "/dev", "/dev/disk", "/dev/disk/by-id", "/dev/disk/by-path", "/dev/mapper", "/etc", "/home",
        "/media", "/mnt", "/opt", "/root", "/run", "/srv", "/tmp", "/usr", "/usr/share", "/var", "/var/lib",  # noqa: S108
        "/var/lib/libvirt", "/var/lib/libvirt/boot", "/var/lib/libvirt/images", "/var/lib/libvirt/qemu",
        "/var/log", "/var/tmp",  # noqa: S108
    }
)  # fmt: skip


@dataclass(frozen=True)
class Image:
    """A disk image of the host.

    Attributes:
        path: where it is.
        format: what its first bytes say that it is.
        capacity: the guest's size.
        allocation: bytes that have a place on disk.
        physical: the file's size.
        backing: the path of its backing file, as it says.
        backing_format: the format of that.
    """

    path: str
    format: str
    capacity: int
    allocation: int
    physical: int
    backing: str | None = None
    backing_format: str | None = None

    @property
    def backing_path(self) -> str | None:
        """The whole path of its backing file."""
        return None if self.backing is None else resolve(self.path, self.backing)


def resolve(path: str, backing: str) -> str:
    """Return the whole path of what the image at *path* calls *backing*."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), backing))


def find_by_path(session: Session, path: str) -> Image | None:
    """Return the image at *path* on the host; None if there is no such file."""
    file = session.object(FileRecord, path)
    if file is None or file.is_dir:
        return None
    blob = Blob(session, file)
    probed = images.probe(blob)
    size = probed.size or file.size
    return Image(path, probed.format, size, blob.allocation, file.size, probed.backing, probed.backing_format)


def volume_path(session: Session, pool: str, name: str) -> str | None:
    """Return where the volume *name* of the active pool *pool* is; None if there is none."""
    found = next((each for each in session.objects(PoolRecord) if each.name == pool and each.active), None)
    return None if found is None else found.volumes.get(name)


def chain(session: Session, path: str) -> list[Image]:
    """Return the image at *path* and all that it stands on, the topmost first."""
    found: list[Image] = []
    place: str | None = path
    while place is not None and place not in {image.path for image in found}:
        image = find_by_path(session, place)
        if image is None:
            break
        found.append(image)
        place = image.backing_path
    return found


def create_image(
    host: Host,
    session: Session,
    path: str,
    style: str,
    capacity: int,
    *,
    backing: str | None = None,
    backing_format: str | None = None,
) -> None:
    """Write an image without guest data at *path*; what was there is gone."""
    remove(session, path)
    with changing(host, session, new_file(host, session, path)) as blob:
        if style == "qcow2":
            qcow2.create(blob, qcow2.Header(capacity, 3, backing=backing, backing_format=backing_format))
        else:
            images.create(blob, style, capacity)


def new_file(host: Host, session: Session, path: str, stated: dict[str, int] | None = None) -> FileRecord:
    """Add an empty file with the permissions *stated*."""
    stated = stated or {}
    now = _now(host)
    file = FileRecord(
        path,
        mode=stated.get("mode", 0o600),
        owner=stated.get("owner", 0),
        group=stated.get("group", 0),
        times=[now, now, now, now],
    )
    session.put(file)
    return file


def new_folder(host: Host, session: Session, path: str, stated: dict[str, int] | None = None) -> None:
    """Make the folder *path* and those above it."""
    above = posixpath.dirname(path)
    if not is_folder(session, above):
        new_folder(host, session, above, {"mode": 0o755})
    folder = session.object(FileRecord, path)
    if folder is None:
        mode = 0o755 if path in _FOLDERS else 0o711
        folder = new_file(host, session, path, {"mode": mode, **(stated or {})})
        folder.is_dir = True
    elif stated:
        folder.mode = stated.get("mode", folder.mode)
        folder.owner, folder.group = stated.get("owner", folder.owner), stated.get("group", folder.group)


def is_folder(session: Session, path: str) -> bool:
    """Return whether *path* is a folder."""
    if path in _FOLDERS:
        return True
    file = session.object(FileRecord, path)
    return file is not None and file.is_dir


def exists(session: Session, path: str) -> bool:
    """Return whether there is something at *path*."""
    return path in _FOLDERS or session.object(FileRecord, path) is not None


def entries(session: Session, folder: str) -> list[FileRecord]:
    """Return what is in *folder*."""
    start = folder if folder.endswith("/") else f"{folder}/"
    return [
        file
        for file in session.objects(FileRecord)
        if file.key.startswith(start) and "/" not in file.key[len(start) :]
    ]


def remove(session: Session, path: str) -> None:
    """Remove what is at *path*, if anything is."""
    file = session.object(FileRecord, path)
    if file is not None:
        blob = Blob(session, file)
        _count(session, -blob.allocation)
        blob.drop()
        session.drop(file)


@contextmanager
def changing(host: Host, session: Session, file: FileRecord) -> Iterator[Blob]:
    """Give the bytes of *file* to be changed; note when, and what room they take."""
    blob = Blob(session, file)
    before = blob.allocation
    yield blob
    _count(session, blob.allocation - before)
    now = _now(host)
    file.times[1] = file.times[2] = now


def _now(host: Host) -> int:
    return int(host.now() * 1e6) * 1000


def _count(session: Session, size: int) -> None:
    if size:
        session.put_setting(_USED, used(session) + size)


def used(session: Session) -> int:
    """Return how many bytes of the host's disk are in use."""
    return int(session.setting(_USED) or 0)
