"""A device in its domain: filled in among the others, and given what a running one has besides."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import defining
from virtkit.fake.fill.devices import default_net_model
from virtkit.fake.fill.disks import disk_index
from virtkit.fake.fill.draft import Draft
from virtkit.fake.fill.emulator import installed
from virtkit.fake.fill.nodes import drop, integer, value
from virtkit.fake.fill.order import sort_children
from virtkit.fake.hotplug.kinds import CHARDEVS, source_path
from virtkit.fake.hotplug.matching import alias_of
from virtkit.fake.state.document import Document, read_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord

_PREFIX = {
    "interface": "net", "hostdev": "hostdev", "filesystem": "fs", "redirdev": "redir", "input": "input",
    "rng": "rng", "shmem": "shmem", "serial": "serial", "parallel": "parallel", "console": "console",
    "channel": "channel", "watchdog": "watchdog", "vsock": "vsock",
}  # fmt: skip
_MEMORY = {"nvdimm": "nvdimm", "virtio-pmem": "virtiopmem", "virtio-mem": "virtiomem"}
_RUN = "/var/lib/libvirt/qemu"
_TAP = {"network", "bridge", "ethernet", "direct"}


def document(tree: etree._Element) -> Document:
    """Return the document of a tree that is ready."""
    return Document(tree=tree, facts=read_facts(tree))


def devices_of(tree: etree._Element) -> etree._Element:
    """Return the element that holds a tree's devices."""
    found = tree.find("devices")
    assert found is not None  # noqa: S101
    return found


def append(devices: etree._Element, device: etree._Element) -> None:
    """Put *device* behind the others of its kind; a first serial port is the first console, too."""
    others = devices.findall(str(device.tag))
    if device.tag == "serial" and not others and devices.find("console") is None:
        console = devices.makeelement("console", {"type": device.get("type", "pty")})
        console.append(console.makeelement("target", {"type": "serial"}))
        devices.append(console)
    if others:
        others[-1].addnext(device)
    else:
        devices.append(device)


def refilled(before: Document, personality: str, change: Callable[[etree._Element], None]) -> Document:
    """Return the definition that *change* makes of *before*'s devices, filled in anew."""
    tree = deepcopy(before.tree())
    change(devices_of(tree))
    defining.fill(tree, personality)
    defining.personalise(tree, "")
    return document(tree)


def placed(
    tree: etree._Element, personality: str, device: etree._Element
) -> list[tuple[int, etree._Element]]:
    """Return what adding *device* to the running domain *tree* adds: filled in, with its place in its kind.

    The first is *device*; the others are what it needs: controllers, a console beside a serial port.
    """
    scratch = deepcopy(tree)
    devices = devices_of(scratch)
    present = list(devices)
    counts = {str(each.tag): len(devices.findall(str(each.tag))) for each in present}
    append(devices, device)
    defining.fill(scratch, personality)
    defining.personalise(scratch, "")
    added = [device]
    for each in devices:
        tag = str(each.tag)
        grown = len(devices.findall(tag)) > counts.get(tag, 0)
        if each is not device and each not in present and tag in {"controller", "console"} and grown:
            added.append(each)
    return [(devices.findall(str(each.tag)).index(each), each) for each in added]


def insert(devices: etree._Element, place: int, device: etree._Element) -> None:
    """Make *device* the one with the number *place* among *devices* of its kind."""
    from virtkit.fake.fill.order import arrange

    others = devices.findall(str(device.tag))
    if place < len(others):
        others[place].addprevious(device)
        return
    append(devices, device)
    root = devices.getparent()
    if root is not None and not others:
        arrange(root)


def place_of(device: etree._Element) -> int:
    """Return *device*'s number among those of its kind."""
    parent = device.getparent()
    assert parent is not None  # noqa: S101
    return parent.findall(str(device.tag)).index(device)


def next_alias(tree: etree._Element, device: etree._Element) -> str:
    """Return the alias that the driver gives to a new *device* of *tree*."""
    tag, devices = str(device.tag), devices_of(tree)
    if tag == "disk":
        return _disk_alias(devices, device)
    if tag == "controller":
        return f"{device.get('type')}{device.get('index')}"
    prefix = _PREFIX.get(tag, tag)
    tags = [tag]
    if tag == "memory":
        prefix = _MEMORY.get(device.get("model", ""), "dimm")
        slot = device.find("address[@type='dimm']")
        if slot is not None:
            return f"{prefix}{integer(slot.get('slot'))}"
    if tag == "interface" and device.get("type") == "hostdev":
        prefix = "hostdev"
    if prefix == "hostdev":
        tags = ["hostdev", "interface"]
    taken = [alias_of(each) for name in tags for each in devices.iterfind(name) if each is not device]
    if tag == "console":  # the first is called as the serial port that it is
        taken = [alias.replace("serial", "console", 1) for alias in taken]
    numbers = [
        int(rest) for alias in taken if (rest := alias.removeprefix(prefix)).isdigit() and alias != rest
    ]
    return f"{prefix}{max(numbers, default=-1) + 1}"


def _disk_alias(devices: etree._Element, disk: etree._Element) -> str:
    target, address = disk.find("target"), disk.find("address")
    bus = value(target, "bus")
    if address is None or address.get("type") != "drive":
        return f"{bus}-disk{disk_index(value(target, 'dev'))}"
    controller = integer(address.get("controller"))
    names = ["controller", "bus", "unit"]
    if bus == "scsi":
        path = f"controller[@type='scsi'][@index='{controller}']"
        if value(devices.find(path), "model", "lsilogic") != "lsilogic":
            names.insert(2, "target")
    return bus + "-".join(str(integer(address.get(name))) for name in names)


def enliven(host: Host, record: DomainRecord, tree: etree._Element, device: etree._Element) -> None:
    """Give *device*, now in the running domain *tree*, what starting gives to one."""
    tag = str(device.tag)
    alias = device.find("alias")
    if alias is None or not value(alias, "name").startswith("ua-"):
        if alias is not None:
            device.remove(alias)
        if tag != "lease":
            _put_alias(device, next_alias(tree, device))
    if tag == "disk":
        connect_source(record, device)
    elif tag == "interface":
        _connect_interface(host, tree, device)
    elif tag in CHARDEVS:
        _connect_chardev(record, tree, device)
    elif tag == "shmem":
        server = device.find("server")
        if server is not None and not server.get("path"):
            server.set("path", f"/var/lib/libvirt/shmem-{device.get('name')}-sock")
    sort_children(device)


def _put_alias(device: etree._Element, name: str) -> None:
    alias, address = device.makeelement("alias", {"name": name}), device.find("address")
    if address is None:
        device.append(alias)
    else:
        address.addprevious(alias)


def connect_source(record: DomainRecord, disk: etree._Element) -> None:
    """Number the source of a disk that QEMU has opened."""
    number = str(_next_node(record))
    source = disk.find("source")
    if source is None:
        disk.append(disk.makeelement("source", {"index": number}))
        return
    source.attrib.pop("index", None)
    source.set("index", number)
    reservations = source.find("reservations[@managed='yes']")
    if reservations is not None and not len(reservations):
        path = f"{_RUN}/domain-{record.id}-{record.name[:20]}/pr-helper0.sock"
        socket = {"type": "unix", "path": path, "mode": "client"}
        reservations.append(reservations.makeelement("source", socket))
    if source_path(disk) and disk.find("backingStore") is None:
        disk.append(disk.makeelement("backingStore", {}))


def _next_node(record: DomainRecord) -> int:
    live = live_facts(record)
    if "nodes" not in live:
        sources = record.document.tree().iterfind("devices/disk//source")
        indexes = [integer(source.get("index")) for source in sources]
        live["nodes"] = max(indexes, default=0)
    live["nodes"] += 1
    return int(live["nodes"])


def live_facts(record: DomainRecord) -> dict[str, Any]:
    """Return what is remembered of this run of the guest besides its document."""
    live = record.extra.get("live")
    if live is None or live["id"] != record.id:
        live = record.extra["live"] = {"id": record.id}
    found: dict[str, Any] = live
    return found


def _connect_interface(host: Host, tree: etree._Element, device: etree._Element) -> None:
    if device.get("type") not in _TAP:
        return
    target = device.find("target")
    if target is None:
        target = device.makeelement("target", {})
        device.append(target)
    name = value(target, "dev")
    if not name or name.startswith(("vnet", "vif", "macvtap")):
        prefix = "macvtap" if device.get("type") == "direct" else "vnet"
        taken = [value(each, "dev") for each in tree.iterfind("devices/interface/target")]
        numbers = [int(rest) for dev in taken if (rest := dev.removeprefix(prefix)).isdigit() and dev != rest]
        target.set("dev", f"{prefix}{max(numbers, default=integer(tree.get('id')) * 10) + 1}")


def _connect_chardev(record: DomainRecord, tree: etree._Element, device: etree._Element) -> None:
    source = device.find("source")
    target = device.find("target")
    kind = device.get("type")
    if kind not in {"pty", "unix"} or (kind == "unix" and value(target, "type") != "virtio"):
        return
    if source is None:
        source = device.makeelement("source", {})
        device.insert(0, source)
    if kind == "pty":
        taken = [value(each, "path") for each in tree.iterfind("devices/*/source")]
        numbers = [integer(path.rpartition("/")[2]) for path in taken if path.startswith("/dev/pts/")]
        source.set("path", source.get("path") or f"/dev/pts/{max(numbers, default=0) + 1}")
        if device.tag == "console":
            device.set("tty", source.get("path", ""))
    elif not source.get("path"):
        folder = f"{_RUN}/channel/target/domain-{record.id}-{record.name[:20]}"
        source.attrib.update(
            {"mode": source.get("mode", "bind"), "path": f"{folder}/{value(target, 'name')}"}
        )


def mirror_console(tree: etree._Element) -> None:
    """Make the console that stands for the first serial port show what that port has."""
    serial = tree.find("devices/serial")
    console = tree.find("devices/console")
    if serial is None or console is None or value(console.find("target"), "type", "serial") != "serial":
        return
    if alias_of(console) not in {"", alias_of(serial), "console0"}:
        return
    for tag in ("source", "alias", "address"):
        old, new = console.find(tag), serial.find(tag)
        if old is not None:
            console.remove(old)
        if new is not None:
            console.append(deepcopy(new))
    path = value(serial.find("source"), "path")
    if serial.get("type") == "pty" and path:
        console.set("tty", path)
    sort_children(console)


def inactive(device: etree._Element) -> etree._Element:
    """Return the device as the document has it from which its domain starts again."""
    bare = deepcopy(device)
    alias = bare.find("alias")
    if alias is not None and not value(alias, "name").startswith("ua-"):
        bare.remove(alias)
    bare.attrib.pop("tty", None)
    source, target = bare.find("source"), bare.find("target")
    if bare.tag == "disk":
        for each in bare.iter("source"):
            drop(each, "index")
        backing = bare.find("backingStore")
        if backing is not None and not len(backing):
            bare.remove(backing)
        if source is not None and not source.attrib:
            bare.remove(source)
    elif bare.tag == "interface":
        drop(source, "portid")
        if bare.get("type") == "network":
            drop(source, "bridge")
        if target is not None and value(target, "dev").startswith(("vnet", "macvtap")):
            bare.remove(target)
    elif source is not None and bare.tag in CHARDEVS:
        path = source.get("path", "")
        if bare.get("type") == "pty" or path.startswith("/var/lib/libvirt/qemu/channel/"):
            bare.remove(source)
    return bare


def default_model(tree: etree._Element) -> str:
    """Return the model of an interface that names none."""
    arch = value(tree.find("os/type"), "arch", "x86_64")
    return default_net_model(Draft(deepcopy(tree), installed(arch)))


def no_slot() -> None:
    """Raise that a running guest has no place for another PCI device."""
    fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "No more available PCI slots")
