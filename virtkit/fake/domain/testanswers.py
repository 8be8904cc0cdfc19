"""What libvirt's test driver makes up of a domain: figures from its document and from the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.state.records import DomainRecord

_TEST = c.VIR_FROM_TEST
_EPOCH = 627319920  # 1989-11-17: the guests' time, until it is set
_BLOCK = [1099506450432, 1099511627776, 1099511627776]
_SOURCES = ("file", "dev", "dir", "name")


def source_of(disk: etree._Element) -> str | None:
    """Return what a disk's data is in, None for an empty drive."""
    source = disk.find("source")
    return None if source is None else next((source.get(key) for key in _SOURCES if source.get(key)), None)


def disk_of(record: DomainRecord, path: str) -> etree._Element | None:
    """Return the disk with the target or, if there is but one, the source *path*."""
    disks = record.document.tree().findall("devices/disk")
    if path.startswith("/"):
        found = [disk for disk in disks if source_of(disk) == path]
        return found[0] if len(found) == 1 else None
    return next((disk for disk in disks if disk.find(f"target[@dev='{path}']") is not None), None)


def interface_of(record: DomainRecord, device: str) -> etree._Element | None:
    """Return the interface with that MAC, or that name on the host."""
    for interface in record.document.tree().iterfind("devices/interface"):
        mac, target = interface.find("mac"), interface.find("target")
        if mac is not None and mac.get("address") == device.lower():
            return interface
        if target is not None and target.get("dev") == device:
            return interface
    return None


def block_info(record: DomainRecord, path: str) -> list[int]:
    """Return capacity, allocation and size of any disk."""
    disk = disk_of(record, path)
    if disk is None:
        fail(c.VIR_ERR_INVALID_ARG, _TEST, f"invalid path {path} not assigned to domain")
    if source_of(disk) is None:
        fail(c.VIR_ERR_INVALID_ARG, _TEST, f"disk '{path}' does not currently have a source assigned")
    return list(_BLOCK)


def block_counters(record: DomainRecord, path: str, now: float) -> tuple[int, ...]:
    """Return requests and bytes read, then written, then errors."""
    if disk_of(record, path) is None:
        fail(c.VIR_ERR_INVALID_ARG, _TEST, f"invalid path: {path}")
    base = int(now * 1e6)
    return (base // 10, base // 20, base // 30, base // 40, base // 2_000_000)


def interface_counters(record: DomainRecord, device: str, now: float) -> tuple[int, ...]:
    """Return received bytes, packets, errors, drops, then the same of what was sent."""
    if interface_of(record, device) is None:
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN, f"'{device}' is not a known interface")
    base = int(now * 1e6)
    parts = (10, 100, 1_000_000, 2_000_000, 20, 110, 3_000_000, 4_000_000)
    return tuple(base // part for part in parts)


def memory_stats(record: DomainRecord) -> dict[str, int]:
    """Return what the balloon would tell, nothing without one."""
    balloon = record.document.tree().find("devices/memballoon")
    if balloon is None or balloon.get("model") == "none":
        return {}
    memory = record.facts.current_memory
    return {
        "actual": memory, "swap_in": 0, "swap_out": 0, "major_fault": 0, "minor_fault": 0,
        "unused": memory // 2, "available": memory, "usable": memory // 2, "last_update": _EPOCH,
        "disk_caches": memory // 8, "hugetlb_pgalloc": 0, "hugetlb_pgfail": 0, "rss": memory // 2,
    }  # fmt: skip


def disk_errors(record: DomainRecord) -> dict[str, int]:
    """Return an error for every disk, one kind after the other."""
    kinds = c.VIR_DOMAIN_DISK_ERROR_NO_SPACE
    targets = record.document.tree().iterfind("devices/disk/target")
    return {target.get("dev", ""): number % kinds + 1 for number, target in enumerate(targets)}


def dump(name: str, path: str) -> None:
    """Write what stands for the memory of the guest *name* to *path*."""
    from virtkit.fake.store.testimages import MAGIC, create

    create(path, MAGIC, f"domain '{name}' coredump: failed to open {path}")


def control_info(seconds: int) -> list[int]:
    """Return the monitor's state, which hangs on what time the guest was set to."""
    if 0 < seconds < 10000:
        return [c.VIR_DOMAIN_CONTROL_JOB, 0, seconds]
    if 10000 <= seconds < 30000:
        return [c.VIR_DOMAIN_CONTROL_OCCUPIED, 0, seconds - 10000]
    if 30000 <= seconds < 60000:
        return [c.VIR_DOMAIN_CONTROL_ERROR, seconds % 4, seconds - 30000]
    return [c.VIR_DOMAIN_CONTROL_OK, 0, 0]


def time_of(record: DomainRecord) -> dict[str, Any]:
    """Return the guest's time: it stands still."""
    seconds, nanoseconds = record.extra.get("time", (_EPOCH, 0))
    return {"seconds": seconds, "nseconds": nanoseconds}
