"""The devices' defaults: tables of what each driver fills in, and in which order devices are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

_ORDER = [
    "emulator",
    "disk",
    "controller",
    "lease",
    "filesystem",
    "interface",
    "smartcard",
    "serial",
    "parallel",
    "console",
    "channel",
    "input",
    "tpm",
    "graphics",
    "sound",
    "audio",
    "video",
    "hostdev",
    "redirdev",
    "redirfilter",
    "hub",
    "watchdog",
    "memballoon",
    "rng",
    "nvram",
    "panic",
    "shmem",
    "memory",
    "iommu",
    "vsock",
    "crypto",
]
_RANK = {tag: rank for rank, tag in enumerate(_ORDER)}
_BUS_BY_TARGET = {"vd": "virtio", "hd": "ide", "sd": "scsi", "xvd": "xen", "fd": "fdc", "ubd": "uml"}
# the order in which libvirt prints a device's children, where it matters to readers
_CHILDREN = {
    "disk": "driver auth source backingStore mirror target iotune readonly shareable boot serial wwn"
    " alias address",
    "interface": "mac source backend virtualport filterref target guest model driver bandwidth vlan link"
    " mtu boot rom alias address",
}
_PER_CONTROLLER = {"ide": 4, "sata": 6, "scsi": 7, "fdc": 2}
_X86 = {"x86_64", "i686"}


def fill(tree: etree._Element, personality: str) -> None:
    """Fill in what the devices of *tree* lack, in place."""
    devices = tree.find("devices")
    if devices is None:
        return
    qemu = personality == "qemu" and tree.get("type") in {"kvm", "qemu"}
    for disk in devices.findall("disk"):
        _disk(disk, qemu=qemu)
    for interface in devices.findall("interface"):
        _interface(interface, qemu=qemu)
    _console(devices, qemu=qemu, container=tree.findtext("os/type") == "exe")
    for graphics in devices.findall("graphics"):
        _graphics(graphics)
    if devices.find("graphics") is not None and devices.find("video") is None:
        video = _add(devices, "video")
        _add(video, "model", type="cirrus", vram="16384", heads="1", primary="yes")
    if qemu:
        _qemu(tree, devices)
    else:
        _test(devices)


def _disk(disk: etree._Element, *, qemu: bool) -> None:
    disk.set("device", disk.get("device", "disk"))
    target = disk.find("target")
    if target is not None and target.get("bus") is None:
        name = (target.get("dev") or "").rstrip("0123456789")[:-1]
        target.set("bus", _BUS_BY_TARGET.get(name, "ide"))
    if disk.get("device") == "cdrom" and disk.find("readonly") is None:
        _add(disk, "readonly")
    if qemu:
        driver = disk.find("driver")
        if driver is None:
            driver = _add(disk, "driver")
        for name, value in (("type", driver.get("type", "raw")), ("name", driver.get("name", "qemu"))):
            _put_first(driver, name, value)
    if target is not None and disk.find("address") is None:
        _drive_address(disk, target.get("bus", ""), disk_index(target.get("dev", "")))
    sort_children(disk)


def _drive_address(disk: etree._Element, bus: str, index: int) -> None:
    """Place a disk on its controller, by the letter of its target."""
    if bus in _PER_CONTROLLER:
        controller, place = divmod(index, _PER_CONTROLLER[bus])
        channel, unit = divmod(place, 2) if bus == "ide" else (0, place)
        numbers = {"controller": controller, "bus": channel, "target": 0, "unit": unit}
        _add(disk, "address", type="drive", **{key: str(number) for key, number in numbers.items()})


def disk_index(dev: str) -> int:
    """Return the number that the letters of a target stand for: 0 for vda, 26 for vdaa."""
    number = 0
    for letter in "".join(each for each in dev if each.isalpha())[2:] or "a":
        number = number * 26 + ord(letter) - ord("a") + 1
    return number - 1


def _put_first(element: etree._Element, name: str, value: str) -> None:
    rest = {key: old for key, old in element.attrib.items() if key != name}
    element.attrib.clear()
    element.set(name, value)
    element.attrib.update(rest)


def _interface(interface: etree._Element, *, qemu: bool) -> None:
    mac = interface.find("mac")
    if mac is not None:
        mac.set("address", mac.get("address", "").lower())
    if qemu and interface.find("model") is None and interface.get("type") != "hostdev":
        _add(interface, "model", type="rtl8139")
    sort_children(interface)


def _console(devices: etree._Element, *, qemu: bool, container: bool) -> None:
    for number, serial in enumerate(devices.findall("serial")):
        if serial.find("target") is None:
            _add(serial, "target", port=str(number))
        target = serial.find("target")
        if target is not None and target.get("port") is None:
            target.set("port", str(number))
        if qemu and target is not None and target.get("type") is None:
            _put_first(target, "type", "isa-serial")
            _add(target, "model", name="isa-serial")
    consoles = devices.findall("console")
    first = devices.find("serial")
    if first is not None and not consoles:
        console = _add(devices, "console", type=first.get("type", "pty"))
        _add(console, "target", type="serial", port="0")
    elif consoles and first is None and not container:
        _serial_of(devices, consoles[0], qemu=qemu)
    for number, console in enumerate(devices.findall("console")):
        target = console.find("target")
        if target is None:
            target = _add(console, "target")
        target.set("type", target.get("type", "lxc" if container else "serial"))
        target.set("port", target.get("port", str(number)))


def _serial_of(devices: etree._Element, console: etree._Element, *, qemu: bool) -> None:
    target = console.find("target")
    if target is not None and target.get("type", "serial") != "serial":
        return
    serial = _add(devices, "serial", type=console.get("type", "pty"))
    added = _add(serial, "target", port="0")
    if qemu:
        _put_first(added, "type", "isa-serial")
        _add(added, "model", name="isa-serial")


def _qemu(tree: etree._Element, devices: etree._Element) -> None:
    system = tree.find("os/type")
    arch = "x86_64" if system is None else system.get("arch", "x86_64")
    machine = "" if system is None else system.get("machine", "")
    if arch in _X86:
        _controllers(devices, machine)
        for bus in ("ps2",):
            _inputs(devices, bus)
    if devices.find("audio") is None and arch in _X86:
        spice = any(graphics.get("type") == "spice" for graphics in devices.findall("graphics"))
        _add(devices, "audio", id="1", type="spice" if spice else "none")
    if devices.find("memballoon") is None:
        _add(devices, "memballoon", model="virtio")


def _test(devices: etree._Element) -> None:
    """What the test driver adds: controllers for its disks, names for its interfaces."""
    buses = {target.get("bus", "") for target in devices.findall("disk/target")}
    present = {controller.get("type") for controller in devices.findall("controller")}
    for bus in sorted(buses & set(_PER_CONTROLLER) - present):
        _add(devices, "controller", type=bus, index="0")
    for number, interface in enumerate(devices.findall("interface")):
        if interface.find("target") is None:
            _add(interface, "target", dev=f"testnet{number}")
            sort_children(interface)


def _graphics(graphics: etree._Element) -> None:
    if graphics.get("type") not in {"vnc", "spice"}:
        return
    if graphics.get("port") in {None, "-1"}:
        graphics.attrib.pop("port", None)
        if graphics.get("type") == "vnc":
            _after_type(graphics, "port", "-1")
        graphics.set("autoport", "yes")
    address = graphics.get("listen")
    if graphics.find("listen") is None:
        listen = _add(graphics, "listen", type="address")
        if address:
            listen.set("address", address)


def _after_type(element: etree._Element, name: str, value: str) -> None:
    attributes = dict(element.attrib)
    element.attrib.clear()
    for key, old in attributes.items():
        element.set(key, old)
        if key == "type":
            element.set(name, value)


def _controllers(devices: etree._Element, machine: str) -> None:
    present = {(each.get("type"), each.get("index", "0")) for each in devices.findall("controller")}
    q35 = "q35" in machine
    wanted = [("usb", "qemu-xhci" if q35 else "piix3-uhci"), ("pci", "pcie-root" if q35 else "pci-root")]
    buses = {target.get("bus") for target in devices.findall("disk/target")}
    if "ide" in buses and not q35:
        wanted.append(("ide", ""))
    if "sata" in buses or q35:
        wanted.append(("sata", ""))
    if "scsi" in buses:
        wanted.append(("scsi", "lsilogic"))
    if "virtio" in {target.get("type") for target in devices.findall("channel/target")}:
        wanted.append(("virtio-serial", ""))
    for kind, model in wanted:
        if (kind, "0") not in present:
            controller = _add(devices, "controller", type=kind, index="0")
            if model:
                controller.set("model", model)


def _inputs(devices: etree._Element, bus: str) -> None:
    present = {(each.get("type"), each.get("bus", bus)) for each in devices.findall("input")}
    for kind in ("mouse", "keyboard"):
        if (kind, bus) not in present:
            _add(devices, "input", type=kind, bus=bus)


def in_order(tree: etree._Element) -> None:
    """Sort the devices of *tree* by kind as libvirt prints them, in place; within a kind the order stays."""
    devices = tree.find("devices")
    if devices is not None:
        devices[:] = sorted(devices, key=lambda child: _RANK.get(str(child.tag), len(_RANK)))


def sort_children(device: etree._Element) -> None:
    """Put the children of *device* into libvirt's order, in place."""
    rank = {tag: number for number, tag in enumerate(_CHILDREN[str(device.tag)].split())}
    device[:] = sorted(device, key=lambda child: rank.get(str(child.tag), len(rank)))


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    element = parent.makeelement(tag, attributes)
    parent.append(element)
    return element
