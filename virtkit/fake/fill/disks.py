"""Disks: buses, drive addresses, drivers, and what is printed of their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, child, default, integer, put_first, remove, value

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_BUSES = (("hd", "ide"), ("sd", "scsi"), ("vd", "virtio"), ("xvd", "xen"), ("ubd", "uml"))
_PREFIXES = ("fd", "hd", "vd", "sd", "xvd", "ubd")
_PER_CONTROLLER = {"ide": 4, "sata": 6, "fdc": 2}
_NARROW_SCSI = 7
_DISK_TYPES = {"file", "block", "dir", "network", "volume", "nvme", "vhostuser"}
_PLACE = ("controller", "bus", "target", "unit")


def disk_index(dev: str) -> int:
    """Return the number that the letters of a target stand for: 0 for vda, 26 for vdaa; -1 for others."""
    for prefix in _PREFIXES:
        if dev.startswith(prefix):
            letters = dev[len(prefix) :].rstrip("0123456789")
            break
    else:
        return -1
    if not letters or not letters.isalpha() or not letters.islower():
        return -1
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("a") + 1
    return number - 1


def choose_bus(disk: etree._Element) -> str:
    """Return the bus of *disk*: what it says, or what its target's name suggests."""
    target = disk.find("target")
    bus = value(target, "bus")
    if bus:
        return bus
    if disk.get("device") == "floppy":
        return "fdc"
    dev = value(target, "dev")
    return next((bus for prefix, bus in _BUSES if dev.startswith(prefix)), "ide")


def fill(disk: etree._Element) -> None:
    """Fill in what every driver fills in of a disk."""
    put_first(disk, type="file", device="disk")
    target = disk.find("target")
    if target is not None:
        put_first(target, dev="", bus=choose_bus(disk))
        if target.get("dev", "").startswith("ioemu:"):
            target.set("dev", target.get("dev", "").removeprefix("ioemu:"))
        if target.get("tray") == "closed":
            del target.attrib["tray"]
    if disk.get("device") == "cdrom" and disk.find("readonly") is None:
        add(disk, "readonly")
    readonly = disk.find("readonly") is not None
    if readonly and disk.get("snapshot") == "no":
        del disk.attrib["snapshot"]
    if disk.get("type") == "vhostuser" and not readonly:
        default(disk, snapshot="no")
    _source(disk)
    if target is not None and disk.find("address") is None:
        place(disk, target.get("bus", ""), target.get("dev", ""))


def _source(disk: etree._Element) -> None:
    source = disk.find("source")
    if source is None:
        return
    kind = disk.get("type")
    if kind == "network" and source.get("protocol") == "iscsi" and "/" not in source.get("name", "/"):
        source.set("name", f"{source.get('name')}/0")
    if kind == "nvme":
        default(source, managed="yes")
    if kind in {"file", "block", "dir"} and not len(source):
        named = {"file": "file", "block": "dev", "dir": "dir"}[kind]
        if not source.get(named) and set(source.attrib) <= {named}:
            remove(source)


def place(disk: etree._Element, bus: str, dev: str) -> None:
    """Place *disk* on its controller, by the letters of its target."""
    if bus not in _PER_CONTROLLER and bus != "scsi":
        if disk_index(dev) < 0:
            _unknown(dev)
        return
    index = disk_index(dev)
    if index < 0:
        _unknown(dev)
    unit = 0
    channel = 0
    if bus == "scsi":
        controller, unit = divmod(index, _NARROW_SCSI)
    else:
        controller, unit = divmod(index, _PER_CONTROLLER[bus])
    if bus == "ide":
        channel, unit = divmod(unit, 2)
    numbers = {"controller": controller, "bus": channel, "target": 0, "unit": unit}
    add(disk, "address", type="drive", **{key: str(number) for key, number in numbers.items()})


def _unknown(dev: str) -> None:
    message = f"Unknown disk name '{dev}' and no address specified"
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, message)


def fill_qemu(disk: etree._Element) -> None:
    """Fill in what QEMU's driver adds: the image's driver and format."""
    driver = child(disk, "driver")
    if disk.get("type") == "volume":
        put_first(driver, name="qemu")
    else:
        if driver.get("type") == "aio":  # Xen's, long ago
            del driver.attrib["type"]
        put_first(driver, name="qemu", type="raw")
    for encryption in disk.iter("encryption"):
        if encryption.get("format") and encryption.get("engine") is None:
            encryption.set("engine", "qemu")


def arrange(draft: Draft) -> None:
    """Put the disks into the order in which libvirt keeps them."""
    disks = draft.all("disk")
    if len(disks) < 2:
        return
    ordered = in_order(disks)
    if ordered != disks:
        for disk in disks:
            draft.devices.remove(disk)
        for number, disk in enumerate(ordered):
            draft.devices.insert(number, disk)


def in_order(disks: list[etree._Element]) -> list[etree._Element]:
    """Return the disks in the order in which libvirt keeps them."""
    ordered: list[etree._Element] = []
    for disk in disks:
        _insert(ordered, disk)
    return ordered


def _insert(ordered: list[etree._Element], disk: etree._Element) -> None:
    """Insert *disk* behind those of its bus that come before it."""
    target = disk.find("target")
    bus, index = value(target, "bus"), disk_index(value(target, "dev"))
    place = len(ordered)
    behind = True
    for number in reversed(range(len(ordered))):
        other = ordered[number].find("target")
        if value(other, "bus") != bus:
            continue
        if disk_index(value(other, "dev")) > index:
            place, behind = number, False
        elif behind and place == len(ordered):
            place, behind = number + 1, False
    ordered.insert(place, disk)


def scsi_units(draft: Draft) -> set[tuple[int, ...]]:
    """Return where on SCSI there is something already."""
    return {
        tuple(integer(address.get(name)) for name in _PLACE)
        for device in draft.in_order("disk hostdev")
        if (device.tag == "hostdev" or value(device.find("target"), "bus") == "scsi")
        and (address := device.find("address")) is not None
        and address.get("type") == "drive"
    }


def check_places(draft: Draft) -> None:
    """Raise what libvirt says of two drives at one place.

    Raises:
        libvirtError: with VIR_ERR_CONFIG_UNSUPPORTED.
    """
    seen: dict[tuple[str, ...], str] = {}
    for disk in draft.all("disk"):
        target = disk.find("target")
        place = _place(disk)
        key = (value(target, "bus"), *place)
        if place and key in seen:
            _unsupported(
                f"Found duplicate drive address for disk with target name '{seen[key]}' {_where(place)}"
            )
        seen[key] = value(target, "dev")
    taken = set()
    for hostdev in draft.all("hostdev"):
        place = _place(hostdev)
        if not place or hostdev.get("type") != "scsi":
            continue
        if ("scsi", *place) in seen:
            dev = seen["scsi", *place]
            _unsupported(
                f"using disk target name '{dev}' conflicts with SCSI host device address {_where(place)}"
            )
        if place in taken:
            _unsupported(f"SCSI host address {_where(place)} in use by another SCSI host device")
        taken.add(place)


def _place(device: etree._Element) -> tuple[str, ...]:
    address = device.find("address")
    if address is None or address.get("type") != "drive":
        return ()
    return tuple(str(integer(address.get(name))) for name in _PLACE)


def _where(place: tuple[str, ...]) -> str:
    return " ".join(f"{name}='{number}'" for name, number in zip(_PLACE, place, strict=True))


def _unsupported(message: str) -> None:
    fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, message)
