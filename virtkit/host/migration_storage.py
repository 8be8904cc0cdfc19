"""Which disks go along when a domain migrates, and the volumes that wait for them at the destination."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from virtkit import tree
from virtkit.errors import NotSupported
from virtkit.host.ownership import source_path, volume_of

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.binding import VirStoragePool, VirStorageVol
    from virtkit.host.connection import Connection
    from virtkit.host.domain import Domain

_NETWORK_POOLS = {"netfs", "gluster", "rbd", "sheepdog", "iscsi", "iscsi-direct", "mpath", "scsi", "vstorage"}


@dataclass(slots=True)
class Disks:
    """The disks to copy, by target, and the volumes that were made for them."""

    targets: tuple[str, ...]
    created: list[VirStorageVol] = field(default_factory=list)


def prepare(domain: Domain, to: Connection, storage: Literal["auto", "shared", "copy"]) -> Disks | None:
    """Decide which disks are copied, and make their volumes at the destination; None: nothing is copied.

    ``auto`` copies a disk if its image is a volume of local storage that the destination lacks, and takes
    everything else for shared: libvirt itself refuses what it finds unsafe. An overlay is copied with all
    that its base holds, and has no base there.

    Raises:
        NotSupported: A disk is to be copied, and no storage pool at the destination covers its path.
    """
    if storage == "shared":
        return None
    root = tree.parse(domain.xml(), "domain XML")
    local = [disk for disk in root.iterfind("devices/disk") if _is_local(disk)]
    if storage == "auto":
        local = [disk for disk in local if _must_be_copied(domain, to, disk)]
    if not local:
        return None
    disks = Disks(tuple(_target(disk) for disk in local))
    try:
        for disk in local:
            _make_room(domain, to, disk, disks)
    except BaseException:
        undo(disks)
        raise
    return disks


def undo(disks: Disks | None) -> None:
    """Delete the volumes that were made for a migration that did not happen."""
    for volume in disks.created if disks is not None else ():
        try:
            volume.delete()
        except Exception as error:  # noqa: BLE001 - the migration's own error is the one to report
            _note(error)
    if disks is not None:
        disks.created.clear()


def _note(error: Exception) -> None:
    import logging

    logging.getLogger("virtkit.host").warning("a volume made for a failed migration stays: %s", error)


def _is_local(disk: etree._Element) -> bool:
    if disk.get("device", "disk") not in {"disk", "lun"} or disk.get("type") == "network":
        return False
    if disk.find("readonly") is not None or disk.find("shareable") is not None:
        return False
    return source_path(disk) is not None


def _target(disk: etree._Element) -> str:
    target = disk.find("target")
    return "" if target is None else target.get("dev", "")


def _must_be_copied(domain: Domain, to: Connection, disk: etree._Element) -> bool:
    here = volume_of(domain.connection, disk)
    if here is None:
        return False
    with domain.calling("migrate"):
        pool = tree.parse(here.storagePoolLookupByVolume().XMLDesc(), "pool XML")
    return pool.get("type") not in _NETWORK_POOLS and volume_of(to, disk) is None


def _make_room(domain: Domain, to: Connection, disk: etree._Element, disks: Disks) -> None:
    if volume_of(to, disk) is not None:
        return
    path = source_path(disk) or ""
    pool = _pool_for(to, disk, path)
    if pool is None:
        place = PurePosixPath(path).parent
        which = f"is called {place}" if disk.get("type") == "volume" else f"covers {place}"
        raise NotSupported(
            f"disk {_target(disk)} ({path}) is to be copied, and no active storage pool there {which}",
            uri=to.uri,
            operation="migrate",
            name=domain.name,
            hint="make such a pool there, or put an image there first",
        )
    driver = disk.find("driver")
    kind = "raw" if driver is None else driver.get("type", "raw")
    with domain.calling("migrate"):
        capacity = domain.raw.blockInfo(_target(disk))[0]
    with to.calling("make a volume for", path):
        disks.created.append(pool.createXML(_volume_xml(PurePosixPath(path).name, capacity, kind)))


def _volume_xml(name: str, capacity: int, kind: str) -> str:
    from lxml import etree

    volume = etree.Element("volume")
    etree.SubElement(volume, "name").text = name
    etree.SubElement(volume, "capacity", unit="bytes").text = str(capacity)
    etree.SubElement(etree.SubElement(volume, "target"), "format", type=kind)
    return tree.tostring(volume)


def _pool_for(connection: Connection, disk: etree._Element, path: str) -> VirStoragePool | None:
    """The active pool in which the disk's volume belongs: by its name, or by the folder of its path."""
    place, by_name = str(PurePosixPath(path).parent), disk.get("type") == "volume"
    with connection.calling("list the storage pools"):
        for pool in connection.raw.listAllStoragePools():
            if pool.isActive() and place == (pool.name() if by_name else _folder(pool)):
                return pool
    return None


def _folder(pool: VirStoragePool) -> str | None:
    return tree.parse(pool.XMLDesc(), "pool XML").findtext("target/path")
