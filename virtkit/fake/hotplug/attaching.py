"""A device comes: into the definition, into the running guest, or both or neither."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.fill import defining
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.hotplug import compatible, context, kinds, matching, media
from virtkit.fake.hotplug.kinds import refuse, unsupported
from virtkit.fake.hotplug.sides import Change, resize
from virtkit.fake.network import attachments

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_INVALID = c.VIR_ERR_OPERATION_INVALID
_HOT_BUSES = {"virtio", "scsi", "usb"}
_HOT_NETS = {
    "network", "bridge", "direct", "ethernet", "hostdev", "vhostuser", "user", "vdpa", "null", "vds",
}  # fmt: skip
_MODULE = 2048  # KiB: sizes of memory devices are multiples of it
_RAM_END = 0x100000000  # where memory that is plugged begins
_ALREADY = "device is already in the domain configuration"


def attach(host: Host, session: Session, record: DomainRecord, xml: str, *, live: bool, config: bool) -> None:
    """Attach the device that *xml* describes to one side of a domain, or to both."""
    given = kinds.read(xml)
    if given.tag == "interface" and given.find("mac") is None:
        given.insert(0, given.makeelement("mac", {"address": defining.new_mac()}))
    change = Change(host, session, record, live=live)
    if config and record.config is not None:
        device = deepcopy(given)
        compatible.fit(record.config.tree(), device, live=False)
        _check_config(record.config.tree(), device)
        change.config = context.refilled(
            record.config, host.personality.name, lambda devices: _define(devices, device)
        )
    alias = _attach_live(change, given) if live else ""
    change.apply()
    if alias:
        power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, alias)


# into the definition


def _define(devices: etree._Element, device: etree._Element) -> None:
    context.append(devices, device)
    root = devices.getparent()
    if device.tag == "memory" and root is not None:
        resize(root, matching.size_of(device))


def _check_config(tree: etree._Element, device: etree._Element) -> None:
    kind = kinds.kind_of(device)
    if kind not in kinds.ATTACHED:
        refuse(f"persistent attach of device '{kind}' is not supported")
    check = _CONFIG.get(kind)
    if check is not None:
        check(context.devices_of(tree), device)


def _new_disk(devices: etree._Element, disk: etree._Element) -> None:
    dev = value(disk.find("target"), "dev")
    if matching.disk(devices, dev) is not None:
        refuse(f"target {dev} already exists", _INVALID)
    _scsi_place(devices, disk)


def _scsi_place(devices: etree._Element, disk: etree._Element) -> None:
    address = matching.address_of(disk)
    if address is None or value(disk.find("target"), "bus") != "scsi":
        return
    for other in (*devices.iterfind("disk"), *devices.iterfind("hostdev")):
        on_scsi = other.get("type") == "scsi" or value(other.find("target"), "bus") == "scsi"
        if on_scsi and matching.address_of(other) == address:
            refuse("Domain already contains a disk with that address", _INVALID)


def _new_in_definition(devices: etree._Element, device: etree._Element) -> None:
    if matching.find(devices, device) is not None:
        refuse(_ALREADY, _INVALID)


def _new_lease(devices: etree._Element, lease: etree._Element) -> None:
    if matching.find(devices, lease) is not None:
        names = lease.findtext("key"), lease.findtext("lockspace")
        refuse("Lease {} in lockspace {} already exists".format(*names), _INVALID)


def _new_controller(devices: etree._Element, controller: etree._Element) -> None:
    index = controller.get("index")
    if index is not None and matching.find(devices, controller) is not None:
        refuse(f"controller index='{integer(index)}' already exists", _INVALID)


def _new_chardev(devices: etree._Element, device: etree._Element) -> None:
    if device.tag == "console" and value(device.find("target"), "type", "serial") == "serial":
        refuse("attaching serial console is not supported")
    target = value(device.find("target"), "port"), value(device.find("target"), "name")
    if any(target) and matching.find(devices, device) is not None:
        refuse("chardev already exists", _INVALID)


def _new_filesystem(devices: etree._Element, filesystem: etree._Element) -> None:
    target = value(filesystem.find("target"), "dir")
    if devices.find(f"filesystem/target[@dir='{target}']") is not None:
        refuse("Target already exists", _INVALID)


def _new_rng(devices: etree._Element, rng: etree._Element) -> None:
    address = matching.address_of(rng)
    if address is not None and any(matching.address_of(each) == address for each in devices):
        unsupported("a device with the same address already exists ")


def _new_memory(devices: etree._Element, _memory: etree._Element) -> None:
    slots = integer(value(devices.find("../maxMemory"), "slots"))
    if len(devices.findall("memory")) >= slots:
        unsupported("no free memory device slot available")


def _only_one(tag: str, what: str, code: int) -> Callable[[etree._Element, etree._Element], None]:
    def check(devices: etree._Element, _device: etree._Element) -> None:
        if devices.find(tag) is not None:
            refuse(what, code)

    return check


_one_watchdog = _only_one("watchdog", "domain already has a watchdog", _INVALID)
_CONFIG: dict[str, Callable[[etree._Element, etree._Element], None]] = {
    "disk": _new_disk,
    "hostdev": _new_in_definition,
    "shmem": _new_in_definition,
    "lease": _new_lease,
    "controller": _new_controller,
    "chr": _new_chardev,
    "filesystem": _new_filesystem,
    "rng": _new_rng,
    "memory": _new_memory,
    "watchdog": _one_watchdog,
    "vsock": _only_one("vsock", "domain already has a vsock device", _INVALID),
}


# into the running guest


def _attach_live(change: Change, given: etree._Element) -> str:
    """Attach to the running side; return the alias to tell of, empty if there is nothing to tell."""
    assert change.tree is not None  # noqa: S101
    device = deepcopy(given)
    compatible.fit(change.tree, device, live=True)
    kind = kinds.kind_of(device)
    if kind not in kinds.ATTACHED_LIVE:
        refuse(f"live attach of device '{kind}' is not supported")
    if kind == "disk" and device.get("device") in {"cdrom", "floppy"}:
        drive = matching.disk(change.devices, value(device.find("target"), "dev"))
        if drive is not None:
            media.exchange(change, drive, device)
            return ""
    check = _LIVE.get(kind)
    if check is not None:
        check(change.devices, device)
    _check_given(change.devices, device)
    added = context.placed(change.tree, change.host.personality.name, device)
    if device.tag == "interface":
        attachments.plug_in(change.host, change.session, change.record, device)
    _check_bus(change.tree, [each for _, each in added])
    for place, each in sorted(added, key=lambda one: one[1].tag != "controller"):
        change.add(place, each)
    if kind == "memory":
        _put_memory(change.devices, device)
        change.resize(matching.size_of(device))
        return f"mem{matching.alias_of(device)}"
    if device.tag == "serial":
        context.mirror_console(change.tree)
    return matching.alias_of(device)


def _put_memory(devices: etree._Element, memory: etree._Element) -> None:
    """Say where QEMU has put a memory device: behind the others."""
    end = _RAM_END
    for other in devices.iterfind("memory"):
        base = integer(value(other.find("address"), "base"))
        if base:
            end = max(end, base + matching.size_of(other) * 1024)
    address = memory.find("address")
    if address is not None and address.get("base") is None:
        address.set("base", f"{end:#x}")


def _check_given(devices: etree._Element, device: etree._Element) -> None:
    """Refuse a place on a bus that a running guest cannot get."""
    place = matching.address_of(device)
    buses = [integer(each.get("index")) for each in devices.iterfind("controller[@type='pci']")]
    if place is not None and place[0] == "pci" and int(str(place[2])) > max(buses, default=0):
        numbers = "{:04x}:{:02x}:{:02x}.{:x}".format(*place[1:])
        message = f"Invalid PCI address {numbers}. Only PCI buses up to {max(buses, default=0)} are available"
        refuse(message, c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN)
    root = devices.find("controller[@type='pci'][@index='0']")
    if place is not None and place[:3] == ("pci", 0, 0) and value(root, "model") == "pcie-root":
        numbers = "{:04x}:{:02x}:{:02x}.{:x}".format(*place[1:])
        message = (
            f"The device at PCI address {numbers} requires hotplug capability, but the PCI controller with"
            " index='0' doesn't support hotplug"
        )
        refuse(message, c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN)
    bus = value(device.find("target"), "bus")
    if device.tag == "disk" and bus == "sata" and devices.find("controller[@type='sata']") is None:
        message = "Could not find sata controller with index 0 required for device"
        refuse(message, c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN)


def _check_bus(tree: etree._Element, added: list[etree._Element]) -> None:
    """Refuse what is on a bus to which nothing can be plugged."""
    if any(each.tag == "controller" and each.get("type") == "pci" for each in added):
        context.no_slot()
    bus = ""
    device = added[0]
    address = matching.address_of(device)
    pc = value(tree.find("os/type"), "machine").startswith("pc")
    if address is not None and address[:3] == ("pci", 0, 0) and pc and tree.find("features/acpi") is None:
        bus = "pci.0"
    if device.tag == "parallel" or value(device.find("target"), "type") == "isa-serial":
        bus = "isa.0"
    if device.tag == "disk" and value(device.find("target"), "bus") in {"ide", "sata"}:
        bus = "ide.0"
    if bus:
        _by_qemu(f"Bus '{bus}' does not support hotplugging")


def _hot_disk(devices: etree._Element, disk: etree._Element) -> None:
    if disk.get("device") == "floppy":
        refuse("floppy device hotplug isn't supported")
    dev, bus = value(disk.find("target"), "dev"), value(disk.find("target"), "bus")
    old = matching.disk(devices, dev)
    if old is not None:
        paths = kinds.source_path(old) or "<null>", kinds.source_path(disk) or "<null>"
        message = "target '{}' duplicated for disk sources '{}' and '{}'".format(dev, *paths)
        refuse(message, c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN)
    if disk.get("device") == "lun" and bus == "usb":
        unsupported("disk device='lun' is not supported for usb bus")
    if bus not in _HOT_BUSES | {"ide", "sata"}:
        refuse(f"disk bus '{bus}' cannot be hotplugged.")
    _scsi_place(devices, disk)


def _hot_interface(_devices: etree._Element, interface: etree._Element) -> None:
    kind = interface.get("type", "")
    if kind not in _HOT_NETS:
        refuse(f"hotplug of interface type of {kind} is not implemented yet")


def _hot_controller(devices: etree._Element, controller: etree._Element) -> None:
    kind, index = controller.get("type", ""), controller.get("index")
    if kind != "scsi":
        refuse(f"'{kind}' controller cannot be hot plugged.")
    if index is not None and matching.find(devices, controller) is not None:
        refuse(f"target {kind}:{integer(index)} already exists", c.VIR_ERR_OPERATION_FAILED)


def _hot_chardev(devices: etree._Element, device: etree._Element) -> None:
    if device.tag == "console" and value(device.find("target"), "type", "serial") == "serial":
        unsupported("unsupported console target type serial")
    target = device.find("target")
    if value(target, "type") != "virtio":
        _new_chardev(devices, device)
        return
    if devices.find("controller[@type='virtio-serial']") is None:
        message = "no virtio-serial controllers are available"
        refuse(message, c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN)
    name = value(target, "name")
    if name and devices.find(f"channel/target[@name='{name}']") is not None:
        _by_qemu(f"virtio-serial-bus: A port already exists by name {name}")


def _by_qemu(detail: str) -> NoReturn:
    refuse(f"unable to execute QEMU command 'device_add': {detail}", c.VIR_ERR_INTERNAL_ERROR)


def _hot_watchdog(devices: etree._Element, watchdog: etree._Element) -> None:
    _one_watchdog(devices, watchdog)
    model = watchdog.get("model", "")
    if model != "i6300esb":
        refuse(f"hotplug of watchdog of model {model} is not supported")


def _hot_input(_devices: etree._Element, device: etree._Element) -> None:
    bus = device.get("bus", "usb")
    if bus not in {"usb", "virtio", "none"}:
        refuse(f"input device on bus '{bus}' cannot be hot plugged.")


def _hot_filesystem(_devices: etree._Element, filesystem: etree._Element) -> None:
    if value(filesystem.find("driver"), "type") != "virtiofs":
        refuse("only virtiofs filesystems can be hotplugged")


def _hot_memory(devices: etree._Element, memory: etree._Element) -> None:
    slots = integer(value(devices.find("../maxMemory"), "slots"))
    count = len(devices.findall("memory")) + 1
    if memory.get("model") in {"dimm", "nvdimm"} and count > slots:
        unsupported(f"count of memory devices requiring memory slots '{count}' exceeds slots count '{slots}'")
    if matching.size_of(memory) % _MODULE:
        _by_qemu(f"backend memory size must be multiple of {_MODULE * 1024:#x}")


_LIVE: dict[str, Callable[[etree._Element, etree._Element], None]] = {
    "disk": _hot_disk,
    "interface": _hot_interface,
    "controller": _hot_controller,
    "chr": _hot_chardev,
    "watchdog": _hot_watchdog,
    "input": _hot_input,
    "vsock": _only_one("vsock", "the domain already has a vsock device", c.VIR_ERR_OPERATION_UNSUPPORTED),
    "filesystem": _hot_filesystem,
    "memory": _hot_memory,
}
