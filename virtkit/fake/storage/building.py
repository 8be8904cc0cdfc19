"""How a new volume's file gets its bytes: empty, copied, or converted from another image."""

from __future__ import annotations

import errno
import posixpath
from typing import TYPE_CHECKING, Any

from virtkit.fake.storage import files, images, qcow2
from virtkit.fake.storage.blob import Blob
from virtkit.fake.storage.checking import PREALLOCATE, REFLINK, Plan, check_conversion, check_raw, system
from virtkit.fake.storage.records import FileRecord

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

_SECTOR, _KIB = 512, 1024
_STEP = 1 << 20
_EMPTY_CLUSTER = 1 << 16


def write_image(plan: Plan) -> None:
    """Make the file of a new volume."""
    definition = plan.definition
    if plan.style == "dir":
        files.new_folder(plan.host, plan.session, plan.path, {"mode": 0o600, **_stated(plan)})
        return
    capacity = _capacity(plan)
    file = files.new_file(plan.host, plan.session, plan.path, _stated(plan))
    with files.changing(plan.host, plan.session, file) as blob:
        if plan.style == "qcow2":
            _write_qcow2(plan, blob, capacity)
        elif plan.style == "raw" or not plan.pool.type.is_local:
            blob.truncate(max(capacity, definition["allocation"]))
            file.reserved = definition["allocation"]
        else:
            images.create(blob, plan.style, -(-capacity // _KIB) * _KIB)


def _stated(plan: Plan) -> dict[str, int]:
    stated = plan.definition["permissions"] or {}
    return {name: stated[name] for name in ("mode", "owner", "group") if name in stated}


def _capacity(plan: Plan) -> int:
    """Return the guest's size: as stated, else as the backing file has it."""
    definition = plan.definition
    if definition["has_capacity"] or not definition["backing"]:
        return int(definition["capacity"])
    backing = definition["backing"]
    image = files.find_by_path(plan.session, posixpath.join(plan.pool.target, backing["path"]))
    if image is None:
        return 0
    size = image.physical if backing["format"] == "raw" else image.capacity
    return -(-size // _SECTOR) * _SECTOR


def _write_qcow2(plan: Plan, blob: Blob, capacity: int, *, with_backing: bool = True) -> None:
    definition = plan.definition
    backing = definition["backing"] if with_backing else None
    size = -(-capacity // _KIB) * _KIB if definition["has_capacity"] else capacity
    header = qcow2.Header(
        size,
        2 if definition["compat"] in {None, "0.10"} else 3,
        definition["cluster_size"] or _EMPTY_CLUSTER,
        None if backing is None else backing["path"],
        None if backing is None else backing["format"],
        tuple(definition["features"] or ()),
    )
    qcow2.create(blob, header)
    if plan.flags & PREALLOCATE:
        tables = -(-size // header.covered) * header.cluster
        end = -(-blob.file.size // header.cluster) * header.cluster + tables
        blob.fill(blob.file.size, end)
        blob.file.reserved = end + size
        blob.truncate(end + size)


def copy_raw(plan: Plan, original: dict[str, Any]) -> None:
    """Make a raw volume of another one."""
    check_raw(plan)
    if plan.flags & REFLINK and plan.pool.type.is_local:
        system(errno.EOPNOTSUPP, f"failed to clone files from '{original['path']}'")
    definition = plan.definition
    source = plan.session.object(FileRecord, original["path"])
    file = files.new_file(plan.host, plan.session, plan.path, _stated(plan))
    sparse = definition["allocation"] < original["capacity"]
    with files.changing(plan.host, plan.session, file) as blob:
        blob.truncate(max(definition["capacity"], 0 if sparse else definition["allocation"]))
        file.reserved = 0 if sparse else definition["allocation"]
        if source is not None:
            _copy(Blob(plan.session, source), blob)


def _copy(source: Blob, target: Blob) -> None:
    for start, end in source.file.extents:
        place = start
        while place < min(end, source.file.size):
            data = source.read(place, min(_STEP, end - place))
            if data.strip(b"\0"):
                target.write(place, data)
            place += _STEP


def convert(plan: Plan, original: dict[str, Any]) -> None:
    """Make an image of another one, whatever the formats: what the guest would read stays the same."""
    check_conversion(plan, original)
    guest = Guest(plan.session, original["path"])
    file = files.new_file(plan.host, plan.session, plan.path, _stated(plan))
    with files.changing(plan.host, plan.session, file) as blob:
        if plan.style == "qcow2":
            _write_qcow2(plan, blob, original["capacity"], with_backing=False)
            cluster = plan.definition["cluster_size"] or _EMPTY_CLUSTER
            qcow2.fill_guest(blob, guest.read, guest.clusters(cluster))
        elif plan.style in {"raw", "iso"}:
            blob.truncate(guest.size)
            for number in guest.clusters(_EMPTY_CLUSTER):
                data = guest.read(number * _EMPTY_CLUSTER, _EMPTY_CLUSTER)
                if data.strip(b"\0"):
                    blob.write(number * _EMPTY_CLUSTER, data)
            blob.truncate(guest.size)
        else:
            images.create(blob, plan.style, guest.size)


class Guest:
    """The bytes that a guest would see in an image, with all that it stands on."""

    def __init__(self, session: Session, path: str, depth: int | None = None) -> None:
        found = files.chain(session, path)[:depth]
        self.size = found[0].capacity if found else 0
        self._layers: list[tuple[Blob, qcow2.Header | None]] = []
        for image in found:
            file = session.object(FileRecord, image.path)
            if file is not None:
                blob = Blob(session, file)
                self._layers.append((blob, qcow2.read_header(blob.read(0, _EMPTY_CLUSTER))))

    def clusters(self, size: int) -> list[int]:
        """Return the numbers of the pieces of *size* bytes that may hold something."""
        found: set[int] = set()
        for blob, header in self._layers:
            if header is not None:
                pieces = [
                    (number * header.cluster, (number + 1) * header.cluster)
                    for number in _allocated(blob, header)
                ]
            else:
                pieces = [(start, min(end, blob.file.size)) for start, end in blob.file.extents]
            for start, end in pieces:
                found.update(range(start // size, -(-min(end, self.size) // size)))
        return sorted(found)

    def read(self, offset: int, size: int) -> bytes:
        """Return *size* bytes from *offset*, fewer at the end."""
        end, parts = min(offset + size, self.size), []
        while offset < end:
            part = self._piece(offset, end - offset)
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def _piece(self, offset: int, size: int) -> bytes:
        smallest = min((header.cluster for _, header in self._layers if header), default=size)
        size = min(size, smallest - offset % smallest) if smallest else size
        for blob, header in self._layers:
            if header is None:
                return blob.read(offset, size).ljust(size, b"\0")
            data = qcow2.guest_cluster(blob, header, offset // header.cluster)
            if data is not None:
                start = offset % header.cluster
                return data[start : start + size].ljust(size, b"\0")
        return bytes(size)


def _allocated(blob: Blob, header: qcow2.Header) -> list[int]:
    per_table = header.cluster // 8
    found = []
    for first in range(header.l1_entries):
        if any(blob.read(header.l1_offset + 8 * first, 8)):
            found += [
                first * per_table + second
                for second in range(per_table)
                if qcow2.guest_cluster(blob, header, first * per_table + second) is not None
            ]
    return found
