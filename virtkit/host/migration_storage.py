"""Which disks go along when a domain migrates, and the volumes that wait for them at the destination."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from virtkit import tree
from virtkit.errors import HostError, NotFound, NotSupported
from virtkit.host.ownership import source_path

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
    everything else for shared: libvirt itself refuses what it finds unsafe.

    Raises:
        NotSupported: A disk is to be copied, and no storage pool at the destination covers its path.
    """
    if storage == "shared":
        return None
    root = tree.parse(domain.xml(), "domain XML")
    local = [disk for disk in root.iterfind("devices/disk") if _is_local(disk)]
    if storage == "auto":
        local = [disk for disk in local if _must_be_copied(domain, to, source_path(disk) or "")]
    if not local:
        return None
    disks = Disks(tuple(_target(disk) for disk in local))
    try:
        for disk in local:
            _make_room(domain, to, disk, disks)
    except HostError:
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


def _must_be_copied(domain: Domain, to: Connection, path: str) -> bool:
    here = _volume(domain.connection, path)
    if here is None:
        return False
    with domain.calling("migrate"):
        pool = tree.parse(here.storagePoolLookupByVolume().XMLDesc(), "pool XML")
    if pool.get("type") in _NETWORK_POOLS:
        return False
    return _volume(to, path) is None


def _volume(connection: Connection, path: str) -> VirStorageVol | None:
    try:
        with connection.calling("find volume", path):
            return connection.raw.storageVolLookupByPath(path)
    except (NotFound, NotSupported):
        return None


def _make_room(domain: Domain, to: Connection, disk: etree._Element, disks: Disks) -> None:
    path = source_path(disk) or ""
    if _volume(to, path) is not None:
        return
    pool = _pool_over(to, path)
    if pool is None:
        raise NotSupported(
            f"disk {_target(disk)} ({path}) is to be copied, and no storage pool there covers its folder",
            uri=to.uri,
            operation="migrate",
            name=domain.name,
            hint=f"make a pool for {PurePosixPath(path).parent} there, or put an image there first",
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


def _pool_over(connection: Connection, path: str) -> VirStoragePool | None:
    folder = str(PurePosixPath(path).parent)
    with connection.calling("list the storage pools"):
        pools = [pool for pool in connection.raw.listAllStoragePools() if pool.isActive()]
        for pool in pools:
            if tree.parse(pool.XMLDesc(), "pool XML").findtext("target/path") == folder:
                return pool
    return None
