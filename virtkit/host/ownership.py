"""Which disks of a domain may be deleted with it, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit import tree
from virtkit.errors import HostError, NotFound, NotSupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.binding import VirStorageVol
    from virtkit.host.connection import Connection
    from virtkit.host.domain import Domain


@dataclass(frozen=True, slots=True)
class DiskPlan:
    """One disk: the volume to delete, or else the reason to keep it."""

    path: str
    volume: VirStorageVol | None
    reason: str = ""


def plan_disks(domain: Domain, root: etree._Element, disks: str) -> list[DiskPlan]:
    """Decide about each disk of *domain*, whose definition is *root*. Nothing is changed.

    The costly questions, what other domains use and what other volumes are based on, are only asked if
    something would be deleted.
    """
    owned = _owned(root) if disks == "owned" else frozenset()
    plans = [_consider(domain.connection, disk, disks, owned) for disk in root.iterfind("devices/disk")]
    found = [plan for plan in plans if plan is not None]
    if not any(plan.volume for plan in found):
        return found
    users = _used_by_others(domain)
    bases = _bases(domain.connection)
    return [_spare(plan, users, bases) for plan in found]


def _consider(
    connection: Connection, disk: etree._Element, disks: str, owned: frozenset[str]
) -> DiskPlan | None:
    path = source_path(disk)
    if path is None:
        return None  # an empty drive, or network storage, which is nobody's to delete here
    if disks == "none":
        return DiskPlan(path, None, "not asked for")
    device = disk.get("device", "disk")
    if device not in {"disk", "lun"}:
        return DiskPlan(path, None, f"a {device}")
    for mark, why in (("readonly", "read-only"), ("shareable", "shareable")):
        if disk.find(mark) is not None:
            return DiskPlan(path, None, why)
    if disks == "owned" and path not in owned:
        return DiskPlan(path, None, "not made for this domain")
    volume = volume_of(connection, disk)
    return DiskPlan(path, volume, "" if volume is not None else "not in a storage pool")


def _spare(plan: DiskPlan, users: dict[str, str], bases: dict[str, str]) -> DiskPlan:
    if plan.volume is None:
        return plan
    path = plan.volume.path()
    for known in (plan.path, path):
        if known in users:
            return DiskPlan(plan.path, None, f"used by domain {users[known]!r}")
        if known in bases:
            return DiskPlan(plan.path, None, f"the base of {bases[known]}")
    return plan


def source_path(disk: etree._Element) -> str | None:
    """Return what a disk's source is called: a path, or ``pool/volume``; None for an empty or network one."""
    source = disk.find("source")
    if source is None:
        return None
    if disk.get("type") == "volume":
        return f"{source.get('pool')}/{source.get('volume')}"
    return source.get("file") or source.get("dev")


def volume_of(connection: Connection, disk: etree._Element) -> VirStorageVol | None:
    """Return the volume on that host which is a disk's source, or would be there; None if it has none."""
    path = source_path(disk) or ""
    try:
        with connection.calling("find volume", path):
            if disk.get("type") == "volume":
                pool, _, name = path.partition("/")
                return connection.raw.storagePoolLookupByName(pool).storageVolLookupByName(name)
            return connection.raw.storageVolLookupByPath(path)
    except (NotFound, NotSupported):
        return None


def _owned(root: etree._Element) -> frozenset[str]:
    from virtkit.model import NAMESPACE

    marks = root.iterfind(f"metadata//{{{NAMESPACE}}}volume")
    return frozenset(mark.get("path", "") for mark in marks)


def _used_by_others(domain: Domain) -> dict[str, str]:
    """Every source of every other domain, running or defined, with its backing files: path to domain."""
    users: dict[str, str] = {}
    for other in domain.connection.domains:
        if other.uuid == domain.uuid:
            continue
        try:
            documents = {other.xml(), other.xml(inactive=True)}
        except NotFound:
            continue
        for document in documents:
            for path in _sources(tree.parse(document, "domain XML")):
                users[path] = other.name
    return users


def _sources(root: etree._Element) -> Iterator[str]:
    for disk in root.iterfind("devices/disk"):
        path = source_path(disk)
        if path is not None:
            yield path
        for source in disk.iterfind(".//backingStore/source"):
            backing = source.get("file") or source.get("dev")
            if backing is not None:
                yield backing


def _bases(connection: Connection) -> dict[str, str]:
    """What volumes are based on, in all active pools: path of the base to path of the overlay."""
    bases: dict[str, str] = {}
    try:
        with connection.calling("list the storage pools"):
            pools = [pool for pool in connection.raw.listAllStoragePools() if pool.isActive()]
    except NotSupported:
        return bases
    for pool in pools:
        with connection.calling("list the volumes of", pool.name()):
            volumes = pool.listAllVolumes()
        for volume in volumes:
            try:
                with connection.calling("read the XML of volume", volume.name()):
                    root = tree.parse(volume.XMLDesc(), "volume XML")
            except HostError:  # it has gone meanwhile
                continue
            base = root.findtext("backingStore/path")
            if base:
                bases[base] = volume.path()
    return bases
