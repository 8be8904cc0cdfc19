"""What is checked once all is read: nothing twice, and what belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.checks.report import internal, unsupported, xml
from virtkit.fake.fill.disks import choose_bus, disk_index, in_order
from virtkit.fake.fill.nodes import integer, value

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.parts import Parts

_BOOTABLE = ("disk", "interface", "hostdev", "redirdev")
_LAST_BUS = 255
_MAY_BE_EMPTY = {"cdrom", "floppy"}
_DRIVES = {"ide", "sata", "scsi", "fdc"}
_IOTUNE = ("bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max")


def check(parts: Parts) -> None:
    """Check the document as a whole, as far as every driver does."""
    system = parts.system
    machine = system is not None and (system.text or "").strip() == "hvm"
    _controllers(parts.of("controller"))
    if machine:
        _boot_order(parts)
    disks = parts.of("disk")
    for disk in disks:
        _disk(disk)
    _targets(disks)
    _panics(parts.of("panic"))
    if machine:
        _consoles(parts.of("console"))
    _aliases(parts.devices)


def _controllers(controllers: list[etree._Element]) -> None:
    seen = set()
    for controller in controllers:
        kind, index = controller.get("type"), controller.get("index")
        if kind == "usb" or index is None:
            continue
        if kind == "pci" and integer(index) > _LAST_BUS:
            unsupported(f"PCI controller index {integer(index)} too high, maximum is {_LAST_BUS}")
        if (kind, integer(index)) in seen:
            xml(f"Multiple '{kind}' controllers with index '{integer(index)}'")
        seen.add((kind, integer(index)))


def _boot_order(parts: Parts) -> None:
    seen = set()
    for tag in _BOOTABLE:
        for boot in [child for device in parts.of(tag) for child in device if child.tag == "boot"]:
            order = integer(boot.get("order"))
            if order in seen:
                unsupported(f"boot order '{order}' used for more than one device")
            seen.add(order)
    if seen and parts.tree.find("os/boot") is not None:
        unsupported("per-device boot elements cannot be used together with os/boot elements")


def _source_of(disk: etree._Element) -> str:
    source = disk.find("source")
    if source is None:
        return ""
    return next(
        (source.get(name, "") for name in ("file", "dev", "dir", "name", "volume") if source.get(name)), ""
    )


def _disk(disk: etree._Element) -> None:
    target = disk.find("target")
    dev = value(target, "dev")
    if target is None or target.get("dev") is None:
        fail(c.VIR_ERR_NO_TARGET, c.VIR_FROM_DOMAIN, _source_of(disk) or None)
    if disk.find("address") is None and disk_index(dev.removeprefix("ioemu:")) < 0:
        xml(f"Unknown disk name '{dev}' and no address specified")
    device, bus = disk.get("device", "disk"), choose_bus(disk)
    if not _has_source(disk) and device not in _MAY_BE_EMPTY:
        fail(c.VIR_ERR_NO_SOURCE, c.VIR_FROM_DOMAIN, dev)
    if device == "lun" and disk.get("type", "file") not in {"block", "network", "volume"}:
        unsupported("disk device='lun' is only valid for block type disk source")
    if device == "floppy" and bus != "fdc":
        internal(f"Invalid bus type '{bus}' for floppy disk")
    if device != "floppy" and bus == "fdc":
        internal(f"Invalid bus type '{bus}' for disk")
    _iotune(disk)


def _has_source(disk: etree._Element) -> bool:
    source = disk.find("source")
    kind = disk.get("type", "file")
    if source is None:
        return False
    named = {"file": "file", "block": "dev", "dir": "dir"}.get(kind)
    return named is None or bool(source.get(named)) or source.get("fdgroup") is not None


def _iotune(disk: etree._Element) -> None:
    tune = disk.find("iotune")
    if tune is None:
        return
    for name in _IOTUNE:
        parts = [integer(tune.findtext(f"{side}_{name}")) for side in ("read", "write")]
        if integer(tune.findtext(f"total_{name}")) and any(parts):
            xml(f"total and read/write {name} cannot be set at the same time")


def _targets(disks: list[etree._Element]) -> None:
    seen: dict[str, etree._Element] = {}
    for disk in disks:
        dev = value(disk.find("target"), "dev")
        if dev in seen:
            same = [each for each in in_order(disks) if value(each.find("target"), "dev") == dev]
            first, second = (_source_of(each) for each in same[:2])
            xml(f"target '{dev}' duplicated for disk sources '{first}' and '{second}'")
        seen[dev] = disk
    places = set()
    for disk in disks:
        address = disk.find("address")
        if address is None or address.get("type") != "drive" or choose_bus(disk) not in _DRIVES:
            continue
        bus = choose_bus(disk)
        numbers = tuple(integer(address.get(name)) for name in ("controller", "bus", "target", "unit"))
        if (bus, *numbers) in places:
            controller, channel, target, unit = numbers
            former = next(each for each in disks if _drive(each) == (bus, *numbers))
            unsupported(
                "Found duplicate drive address for disk with target name "
                f"'{value(former.find('target'), 'dev')}' controller='{controller}' bus='{channel}' "
                f"target='{target}' unit='{unit}'"
            )
        places.add((bus, *numbers))


def _drive(disk: etree._Element) -> tuple[object, ...]:
    address = disk.find("address")
    names = ("controller", "bus", "target", "unit")
    return (choose_bus(disk), *(integer(value(address, name)) for name in names))


def _panics(panics: list[etree._Element]) -> None:
    seen = set()
    for panic in panics:
        model = panic.get("model", "isa")
        if model in seen:
            xml(f"Multiple panic devices with model '{model}'")
        seen.add(model)


def _consoles(consoles: list[etree._Element]) -> None:
    for console in consoles[1:]:
        if value(console.find("target"), "type") == "serial":
            unsupported("Only the first console can be a serial port")


def _aliases(devices: list[etree._Element]) -> None:
    seen = set()
    for alias in [child for device in devices for child in device if child.tag == "alias"]:
        name = alias.get("name", "")
        if not name.startswith("ua-"):
            continue
        if name in seen:
            unsupported(f"non unique alias detected: {name}")
        seen.add(name)


# what QEMU's driver takes

_NO_EJECT = {"virtio"}
_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-. +")


def check_qemu(parts: Parts) -> None:
    """Check what QEMU's driver takes."""
    q35 = "q35" in value(parts.system, "machine")
    for disk in parts.of("disk"):
        target = disk.find("target")
        dev, bus = value(target, "dev"), value(target, "bus") or choose_bus(disk)
        driver = value(disk.find("driver"), "name", "qemu")
        if driver != "qemu":
            unsupported(f"unsupported driver name '{driver}' for disk '{dev}'", c.VIR_FROM_QEMU)
        if disk.get("device") in _MAY_BE_EMPTY and bus in _NO_EJECT:
            unsupported(f"disk type of '{dev}' does not support ejectable media", c.VIR_FROM_QEMU)
        serial = disk.findtext("serial")
        if serial and not set(serial) <= _SAFE:
            internal(f"driver serial '{serial}' contains unsafe characters", c.VIR_FROM_QEMU)
        if bus == "ide" and q35:
            message = "IDE controllers are unsupported for this QEMU binary or machine type"
            unsupported(message, c.VIR_FROM_QEMU)
    for graphics in parts.of("graphics"):
        if graphics.get("type") in {"rdp", "desktop"}:
            message = f"{graphics.get('type')} graphics are not supported with this QEMU"
            unsupported(message, c.VIR_FROM_QEMU)
    for number, video in enumerate(parts.of("video")):
        element = video.find("model")
        model = value(element, "type")
        if model not in {"vga", "cirrus", "vmvga", "bochs", "ramfb"}:
            continue
        if number:
            message = f"video type '{model}' is only valid as primary video device"
            unsupported(message, c.VIR_FROM_QEMU)
        if integer(value(element, "heads"), 1) != 1:
            unsupported(f"video type '{model}' doesn't support multiple 'heads'", c.VIR_FROM_QEMU)
