"""What is mounted in a guest: its root on the first disk, the others below /mnt, unless a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake.agent.protocol import command

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.agent.protocol import Inside

_TOTAL, _USED = 10 << 30, 1 << 30
_BUS = {"virtio": "virtio", "ide": "ide", "sata": "sata", "scsi": "scsi", "usb": "usb"}


def _disks(inside: Inside) -> list[etree._Element]:
    found = inside.record.document.tree().iterfind("devices/disk")
    return [disk for disk in found if disk.get("device", "disk") == "disk" and _name(disk)]


def _name(disk: etree._Element) -> str:
    target = disk.find("target")
    return "" if target is None else target.get("dev", "")


def mounts(inside: Inside) -> list[dict[str, Any]]:
    """Return what is mounted, in the order in which it was: where, its type, on which disk."""
    told: list[dict[str, Any]] | None = inside.disk.get("filesystems")
    if told is not None:
        return told
    return [
        {"mountpoint": "/" if not number else f"/mnt/{_name(disk)}", "type": "ext4", "disk": _name(disk)}
        for number, disk in enumerate(_disks(inside))
    ]


def _address(disk: etree._Element) -> dict[str, Any]:
    """Return where the guest finds *disk*. Its controller's place is told as unknown (-1)."""
    target, address = disk.find("target"), disk.find("address")
    place = {} if address is None else dict(address.attrib)
    bus = "" if target is None else target.get("bus", "")
    pci = dict.fromkeys(("domain", "bus", "slot", "function"), -1)
    if place.get("type") == "pci":
        pci = {key: int(place.get(key, "0"), 0) for key in pci}
    found = {
        "bus-type": _BUS.get(bus, "unknown"),
        "bus": int(place.get("bus", "0"), 0) if place.get("type") == "drive" else 0,
        "target": int(place.get("target", "0")),
        "unit": int(place.get("unit", "0")),
        "pci-controller": pci,
        "dev": f"/dev/{_name(disk)}",
    }
    serial = disk.findtext("serial")
    return {**found, "serial": serial} if serial else found


@command("guest-get-fsinfo")
def filesystems(inside: Inside) -> list[dict[str, Any]]:
    """Return what is mounted, the last first."""
    disks = {_name(disk): disk for disk in _disks(inside)}
    return [
        {
            "name": mount.get("name") or f"{mount['disk']}1",
            "mountpoint": mount["mountpoint"],
            "type": mount["type"],
            "total-bytes": mount.get("total", _TOTAL),
            "used-bytes": mount.get("used", _USED),
            "disk": [
                {**_address(disks[mount["disk"]]), "dev": f"/dev/{mount.get('name') or mount['disk'] + '1'}"}
            ]
            if mount.get("disk") in disks
            else [],
        }
        for mount in reversed(mounts(inside))
    ]


@command("guest-get-disks")
def disks(inside: Inside) -> list[dict[str, Any]]:
    """Return the disks and what they are parted into."""
    found: list[dict[str, Any]] = []
    for disk in _disks(inside):
        name = f"/dev/{_name(disk)}"
        found.append({"name": name, "partition": False, "dependencies": [], "address": _address(disk)})
        found.append({"name": f"{name}1", "partition": True, "dependencies": [name]})
    return found


@command("guest-get-diskstats")
def disk_statistics(inside: Inside) -> list[dict[str, Any]]:
    """Return what each disk has done."""
    keys = ("read-sectors", "read-ios", "write-sectors", "write-ios", "total-ticks")
    return [
        {"name": _name(disk), "major": 254, "minor": 16 * number, "stats": dict.fromkeys(keys, 0)}
        for number, disk in enumerate(_disks(inside))
    ]


def freeze(inside: Inside, only: list[str] | None = None) -> int:
    """Hold what is mounted still, or *only* what is mounted at these places; return how many."""
    places = [mount["mountpoint"] for mount in mounts(inside)]
    frozen = [place for place in places if only is None or place in only]
    inside.boot["frozen"] = frozen
    return len(frozen)


@command("guest-fsfreeze-freeze")
def freeze_all(inside: Inside) -> int:
    """Hold all that is mounted still."""
    return freeze(inside)


@command("guest-fsfreeze-freeze-list", mountpoints="array?")
def freeze_some(inside: Inside, mountpoints: list[str] | None = None) -> int:
    """Hold some of what is mounted still."""
    return freeze(inside, mountpoints)


@command("guest-fsfreeze-thaw", while_frozen=True)
def thaw(inside: Inside) -> int:
    """Let it go on."""
    return len(inside.boot.pop("frozen", []))


@command("guest-fsfreeze-status", while_frozen=True)
def freeze_status(inside: Inside) -> str:
    """Return whether anything is held still."""
    return "frozen" if inside.boot.get("frozen") else "thawed"


@command("guest-fstrim", minimum="integer?")
def trim(inside: Inside, minimum: int = 0) -> dict[str, Any]:
    """Give back what is not used."""
    paths = [
        {"path": mount["mountpoint"], "trimmed": mount.get("total", _TOTAL) - mount.get("used", _USED)}
        for mount in mounts(inside)
    ]
    return {"paths": [{**each, "minimum": minimum} for each in paths]}
