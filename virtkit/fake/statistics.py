"""What a domain's counters say: they follow the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_DISK_READ_RATE, _DISK_WRITE_RATE = 1 << 20, 1 << 19  # bytes a second of a running guest
_NET_RATE = 1 << 16
_SECTOR = 4096


def domain_statistics(session: Session, record: DomainRecord, groups: int, now: float) -> dict[str, Any]:
    """Return the counters of *record* in the ``VIR_DOMAIN_STATS_*`` *groups*, named as libvirt names them."""
    found: dict[str, Any] = {}
    for group, collect in _GROUPS:
        if groups & group:
            collect(record, now, found)
    if groups & c.VIR_DOMAIN_STATS_BLOCK:
        _sizes(session, found)
    return found


def _state(record: DomainRecord, _now: float, found: dict[str, Any]) -> None:
    found["state.state"], found["state.reason"] = record.state, record.reason


def _cpu(record: DomainRecord, now: float, found: dict[str, Any]) -> None:
    if record.active:
        spent = int(record.cpu_seconds(now) * 1e9)
        found.update({"cpu.time": spent, "cpu.user": spent * 9 // 10, "cpu.system": spent // 10})


def _balloon(record: DomainRecord, _now: float, found: dict[str, Any]) -> None:
    facts = record.facts
    found["balloon.current"] = record.balloon if record.active else facts.current_memory
    found["balloon.maximum"] = facts.memory
    if record.active:
        found["balloon.rss"] = record.balloon // 2


def _vcpu(record: DomainRecord, now: float, found: dict[str, Any]) -> None:
    facts = record.facts
    current = record.vcpus if record.active else facts.vcpus
    found["vcpu.current"], found["vcpu.maximum"] = current, facts.max_vcpus
    if record.active:
        share = int(record.cpu_seconds(now) * 1e9) // max(current, 1)
        for number in range(current):
            found[f"vcpu.{number}.state"] = c.VIR_VCPU_RUNNING
            found[f"vcpu.{number}.time"] = share
            found[f"vcpu.{number}.wait"] = 0


def _interface(record: DomainRecord, now: float, found: dict[str, Any]) -> None:
    if not record.active:
        return
    targets = record.document.tree().findall("devices/interface/target")
    found["net.count"] = len(targets)
    for number, target in enumerate(targets):
        found[f"net.{number}.name"] = target.get("dev", "")
        for key, value in zip(INTERFACE_KEYS, interface_counters(record, now), strict=True):
            found[f"net.{number}.{key}"] = value


INTERFACE_KEYS = ("rx.bytes", "rx.pkts", "rx.errs", "rx.drop", "tx.bytes", "tx.pkts", "tx.errs", "tx.drop")


def interface_counters(record: DomainRecord, now: float) -> tuple[int, ...]:
    """Return received bytes, packets, errors, drops, then the same of what was sent."""
    moved = int(record.cpu_seconds(now) * _NET_RATE)
    return (moved, moved // 1000, 0, 0, moved // 2, moved // 2000, 0, 0)


def _block(record: DomainRecord, now: float, found: dict[str, Any]) -> None:
    disks = record.document.tree().findall("devices/disk")
    found["block.count"] = len(disks)
    for number, disk in enumerate(disks):
        _disk(found, f"block.{number}", disk, record, now)


def _disk(found: dict[str, Any], prefix: str, disk: etree._Element, record: DomainRecord, now: float) -> None:
    target, source = disk.find("target"), disk.find("source")
    found[f"{prefix}.name"] = "" if target is None else target.get("dev", "")
    path = "" if source is None else source.get("file") or source.get("dev") or ""
    if path:
        found[f"{prefix}.path"] = path
    if record.active:
        read_requests, read, write_requests, written, _ = block_counters(record, now)
        found.update(
            {
                f"{prefix}.rd.reqs": read_requests,
                f"{prefix}.rd.bytes": read,
                f"{prefix}.wr.reqs": write_requests,
                f"{prefix}.wr.bytes": written,
            }
        )


def _sizes(session: Session, found: dict[str, Any]) -> None:
    for number in range(found["block.count"]):
        prefix = f"block.{number}"
        capacity, allocation, physical = disk_sizes(session, found.get(f"{prefix}.path", ""))
        found[f"{prefix}.allocation"] = allocation
        found[f"{prefix}.capacity"] = capacity
        found[f"{prefix}.physical"] = physical


def block_counters(record: DomainRecord, now: float) -> tuple[int, int, int, int, int]:
    """Return read requests, read bytes, write requests, written bytes, errors (-1: unknown)."""
    seconds = record.cpu_seconds(now)
    read, written = int(seconds * _DISK_READ_RATE), int(seconds * _DISK_WRITE_RATE)
    return (read // _SECTOR, read, written // _SECTOR, written, -1)


def disk_sizes(session: Session | None = None, path: str = "") -> tuple[int, int, int]:
    """Return capacity, allocation and physical size of the disk at *path*, in bytes; of one made up else."""
    if session is not None and path:
        from virtkit.fake.storage import find_by_path

        image = find_by_path(session, path)
        if image is not None:
            return image.capacity, image.allocation, image.physical
    return (10 << 30, 1 << 30, 1 << 30)


_GROUPS: tuple[tuple[int, Callable[[DomainRecord, float, dict[str, Any]], None]], ...] = (
    (c.VIR_DOMAIN_STATS_STATE, _state),
    (c.VIR_DOMAIN_STATS_CPU_TOTAL, _cpu),
    (c.VIR_DOMAIN_STATS_BALLOON, _balloon),
    (c.VIR_DOMAIN_STATS_VCPU, _vcpu),
    (c.VIR_DOMAIN_STATS_INTERFACE, _interface),
    (c.VIR_DOMAIN_STATS_BLOCK, _block),
)
