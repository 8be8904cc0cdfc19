"""A device goes: from the definition, from the running guest once that lets go of it, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.block import state
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.hotplug import context, kinds, matching, removal
from virtkit.fake.hotplug.kinds import missing, refuse, unsupported
from virtkit.fake.hotplug.sides import Change, resize

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

    Finder = Callable[[etree._Element, etree._Element], etree._Element]

_INVALID = c.VIR_ERR_OPERATION_INVALID
_ABSENT = "device not present in domain configuration"
_HOT_DISKS = {
    "disk": {"virtio", "usb", "scsi"}, "lun": {"virtio", "usb", "scsi"}, "cdrom": {"usb", "scsi"},
}  # fmt: skip


def detach(
    host: Host, session: Session, record: DomainRecord, xml: str, *, live: bool, config: bool
) -> float:
    """Detach the device that *xml* describes; return how long the running guest takes to answer."""
    given = kinds.read(xml, whole=False)
    change = Change(host, session, record, live=live)
    if config and record.config is not None:
        _from_config(change, _in_config(context.devices_of(record.config.tree()), given))
    delay = 0.0
    if live:
        device = _in_live(change.devices, given)
        _check_unused(record, device)
        _check_live(change.devices, device)
        delay = removal.request(change, device, waits=True)
    change.apply()
    return delay


def detach_alias(
    host: Host, session: Session, record: DomainRecord, alias: str, *, live: bool, config: bool
) -> None:
    """Ask for the device called *alias* to go."""
    change = Change(host, session, record, live=live)
    if config and record.config is not None:
        device = _called(context.devices_of(record.config.tree()), alias)
        if kinds.kind_of(device) not in kinds.DETACHED:
            refuse(f"persistent detach of device '{kinds.kind_of(device)}' is not supported")
        _from_config(change, device)
    if live:
        device = _called(change.devices, alias)
        _check_unused(record, device)
        _check_live(change.devices, _in_live(change.devices, device))
        removal.request(change, device, waits=False)
    change.apply()


def _called(devices: etree._Element, alias: str) -> etree._Element:
    device = matching.by_alias(devices, alias)
    if device is None:
        message = f"no device found with alias {alias}"
        refuse(message, c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN)
    return device


# from the definition


def _from_config(change: Change, device: etree._Element) -> None:
    """Work out the definition without *device*, one of the present definition's."""
    assert change.record.config is not None  # noqa: S101
    place, tag = context.place_of(device), str(device.tag)

    def without(devices: etree._Element) -> None:
        gone = devices.findall(tag)[place]
        devices.remove(gone)
        root = devices.getparent()
        if tag == "memory" and root is not None:
            resize(root, -matching.size_of(gone))
        if tag == "serial" and place == 0:
            console = devices.find("console")
            if console is not None and value(console.find("target"), "type", "serial") == "serial":
                devices.remove(console)

    change.config = context.refilled(change.record.config, change.host.personality.name, without)


def _in_config(devices: etree._Element, given: etree._Element) -> etree._Element:
    kind = kinds.kind_of(given)
    if kind not in kinds.DETACHED:
        refuse(f"persistent detach of device '{kind}' is not supported")
    if kind == "interface":
        return matching.interface(devices, given)
    if kind == "chr" and given.tag == "console" and _is_serial(given):
        refuse("detaching serial console is not supported", _INVALID)
    only = devices.find(kind) if kind == "watchdog" else None  # there is but one, so any will do
    device = only if only is not None else matching.find(devices, given)
    if device is None:
        _not_in_config(kind, given)
    return device


def _is_serial(console: etree._Element) -> bool:
    return value(console.find("target"), "type", "serial") == "serial"


def _not_in_config(kind: str, given: etree._Element) -> NoReturn:
    """Raise that the definition has no such device."""
    if kind == "disk":
        missing(f"no target device {value(given.find('target'), 'dev')}")
    if kind == "lease":
        missing(_lease_text(given))
    if kind == "chr":
        refuse(_ABSENT, c.VIR_ERR_INVALID_ARG)
    if kind == "vsock":
        refuse("matching vsock device not found", c.VIR_ERR_OPERATION_FAILED)
    missing(_CONFIG_TEXTS.get(kind, _ABSENT))


_CONFIG_TEXTS = {
    "filesystem": "no matching filesystem device was found",
    "rng": "no matching RNG device was found",
    "memory": "matching memory device was not found",
    "redirdev": "no matching redirdev was not found",
    "shmem": "matching shmem device was not found",
    "watchdog": "domain has no watchdog",
    "input": "matching input device not found",
}


def _lease_text(lease: etree._Element) -> str:
    return f"Lease {lease.findtext('key')} in lockspace {lease.findtext('lockspace')} does not exist"


# from the running guest


def _in_live(devices: etree._Element, given: etree._Element) -> etree._Element:
    kind = kinds.kind_of(given)
    if kind not in kinds.DETACHED_LIVE:
        refuse(f"live detach of device '{kind}' is not supported")
    if kind == "interface":
        return matching.interface(devices, given)
    if kind == "controller" and given.get("type") != "scsi":
        refuse(f"'{given.get('type')}' controller cannot be hot unplugged.")
    if kind == "hostdev" and given.get("mode", "subsystem") != "subsystem":
        unsupported(f"hot unplug is not supported for hostdev mode '{given.get('mode')}'")
    device = matching.find(devices, given)
    if device is None:
        _not_live(devices, kind, given)
    return device


def _not_live(devices: etree._Element, kind: str, given: etree._Element) -> NoReturn:
    """Raise that the running guest has no such device."""
    if kind == "lease":
        refuse(_lease_text(given), c.VIR_ERR_INVALID_ARG)
    if kind == "redirdev":
        refuse("no matching redirdev was not found", _INVALID)
    if kind == "hostdev":
        missing(_hostdev_text(given))
    if kind == "watchdog":
        present = devices.find("watchdog")
        if present is None:
            missing("watchdog device not present in domain configuration")
        missing(f"model '{present.get('model')}' watchdog device not present in domain configuration")
    missing(_LIVE_TEXTS[kind](given))


def _hostdev_text(given: etree._Element) -> str:
    kind, which = given.get("type"), matching.host_device(given)
    address = given.find("source/address")
    if kind == "pci":
        return "host pci device {:04x}:{:02x}:{:02x}.{:x} not found".format(*which)
    if kind == "usb":
        if address is not None:
            return "host usb device {:03d}.{:03d} not found".format(*which)
        return "host usb device vendor=0x{:04x} product=0x{:04x} not found".format(*which)
    if kind == "scsi" and address is not None:
        return "host scsi device {}:{}:{}.{} not found".format(*which)
    return f"mediated device '{value(address, 'uuid')}' not found"


_LIVE_TEXTS: dict[str, Callable[[etree._Element], str]] = {
    "disk": lambda given: f"disk {value(given.find('target'), 'dev')} not found",
    "controller": lambda given: f"controller {given.get('type')}:{integer(given.get('index'), -1)} not found",
    "rng": lambda _given: "model 'random' RNG device not present in domain configuration",
    "memory": lambda given: (
        f"model '{given.get('model')}' memory device not present in the domain configuration"
    ),
    "shmem": lambda given: (
        f"model '{value(given.find('model'), 'type', 'ivshmem')}' shmem device not present in domain"
        " configuration"
    ),
    "input": lambda _given: "matching input device not found",
    "vsock": lambda _given: "matching vsock device not found",
    "filesystem": lambda _given: "matching filesystem not found",
    "chr": lambda given: f"chr type '{given.tag!s}' device not present in domain configuration",
}


def _check_unused(record: DomainRecord, device: etree._Element) -> None:
    """Refuse to unplug a disk that a job works on."""
    if device.tag == "disk":
        state.check_idle(record, value(device.find("target"), "dev"))


def _check_live(devices: etree._Element, device: etree._Element) -> None:
    """Refuse to unplug what the driver or QEMU cannot."""
    check = _UNPLUG.get(kinds.kind_of(device))
    if check is not None:
        check(devices, device)
    place = matching.address_of(device)
    if place is None or place[0] != "pci":
        return
    for other in devices:
        theirs = matching.address_of(other)
        if other is not device and theirs is not None and theirs[:4] == place[:4] and theirs != place:
            refuse(
                f"{_cannot(device, place)}multifunction PCI guest address: {_shown(place)}",
                c.VIR_ERR_OPERATION_FAILED,
            )
    bus = devices.find(f"controller[@type='pci'][@index='{place[2]}']")
    if bus is None:
        refuse(
            f"{_cannot(device, place)}PCI guest address: {_shown(place)} - controller not found",
            c.VIR_ERR_OPERATION_FAILED,
        )
    if value(bus.find("target"), "hotplug") == "off":
        refuse(
            f"{_cannot(device, place)}PCI guest address: {_shown(place)} - not allowed by controller",
            c.VIR_ERR_OPERATION_FAILED,
        )


def _cannot(device: etree._Element, _place: tuple[Any, ...]) -> str:
    return f"cannot hot unplug {kinds.kind_of(device)} device with "


def _shown(place: tuple[Any, ...]) -> str:
    return "{:04x}:{:02x}:{:02x}.{:x}".format(*place[1:])


def _disk(_devices: etree._Element, disk: etree._Element) -> None:
    kind, bus = disk.get("device", "disk"), value(disk.find("target"), "bus")
    if bus in _HOT_DISKS.get(kind, ()):
        return
    if kind in {"disk", "lun"}:
        refuse("This type of disk cannot be hot unplugged")
    refuse(f"disk device type '{kind}' cannot be detached")


def _controller(devices: etree._Element, controller: etree._Element) -> None:
    index = integer(controller.get("index"))
    for device in (*devices.iterfind("disk"), *devices.iterfind("hostdev")):
        place = matching.address_of(device)
        on_scsi = device.get("type") == "scsi" or value(device.find("target"), "bus") == "scsi"
        if on_scsi and place is not None and place[:2] == ("drive", index):
            refuse("device cannot be detached: device is busy", c.VIR_ERR_OPERATION_FAILED)


def _watchdog(_devices: etree._Element, watchdog: etree._Element) -> None:
    if watchdog.get("model") != "i6300esb":
        refuse(f"hot unplug of watchdog of model {watchdog.get('model')} is not supported")


def _input(_devices: etree._Element, device: etree._Element) -> None:
    bus = device.get("bus", "")
    if bus in {"ps2", "xen", "parallels"}:
        refuse(f"input device on bus '{bus}' cannot be detached")


def _filesystem(_devices: etree._Element, filesystem: etree._Element) -> None:
    if value(filesystem.find("driver"), "type") != "virtiofs":
        refuse("only virtiofs filesystems can be hotplugged")


def _shmem(_devices: etree._Element, shmem: etree._Element) -> None:
    model = value(shmem.find("model"), "type", "ivshmem")
    if model == "ivshmem":
        refuse(f"live detach of shmem model '{model}' is not supported")


def _chardev(_devices: etree._Element, device: etree._Element) -> None:
    if value(device.find("target"), "type") == "isa-serial" or device.tag == "parallel":
        message = "unable to execute QEMU command 'device_del': Bus 'isa.0' does not support hotplugging"
        refuse(message, c.VIR_ERR_INTERNAL_ERROR)


_UNPLUG: dict[str, Callable[[etree._Element, etree._Element], None]] = {
    "disk": _disk,
    "controller": _controller,
    "watchdog": _watchdog,
    "input": _input,
    "filesystem": _filesystem,
    "shmem": _shmem,
    "chr": _chardev,
}
