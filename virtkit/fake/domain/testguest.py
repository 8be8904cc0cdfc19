"""What libvirt's test driver makes up of the inside of a guest: each has / and /boot, on its first disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord

_PLACES = ("/", "/boot")


def check_place(place: str) -> None:
    """Refuse a mount point that no guest has."""
    if place not in _PLACES:
        fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_TEST, f"mount point not found: {place}")


def freeze(record: DomainRecord, mountpoints: list[str] | None, *, frozen: bool) -> int:
    """Freeze or thaw; return how many were not so before."""
    chosen = mountpoints or _PLACES
    for place in chosen:
        check_place(place)
    now = set(record.extra.get("frozen", []))
    changed = {place for place in chosen if (place in now) != frozen}
    record.extra["frozen"] = sorted(now | changed if frozen else now - changed)
    return len(changed)


def filesystems(record: DomainRecord) -> list[Any]:
    """Return where, what, of which type, on which disks."""
    for disk in record.document.tree().iterfind("devices/disk"):
        target = disk.find("target")
        if disk.get("device", "disk") == "disk" and target is not None:
            name = target.get("dev", "")
            return [("/", f"{name}1", "ext4", [name]), ("/boot", f"{name}2", "ext4", [name])]
    return []
