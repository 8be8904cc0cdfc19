"""The forms in which libvirt prints what it read: sizes in one unit, sets tidy, nothing that says nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from virtkit.fake.fill import bitmaps
from virtkit.fake.fill.nodes import add, default, drop, integer, remove, remove_if_empty, value
from virtkit.fake.fill.order import sort
from virtkit.fake.fill.sizes import UNITS, size

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_UNLIMITED = 9007199254740991  # KiB
_KIB = (
    "memtune/hard_limit", "memtune/soft_limit", "memtune/min_guarantee", "memtune/swap_hard_limit",
    "features/hpt/maxpagesize", "devices/controller/pcihole64",
)  # fmt: skip
_SETS = {
    "numatune/memnode": "nodeset", "memoryBacking/hugepages/page": "nodeset", "cputune/cachetune": "vcpus",
    "cputune/memorytune": "vcpus",
}  # fmt: skip
_PORTS = {
    "http": "80", "https": "443", "ftp": "21", "ftps": "990", "tftp": "69", "sheepdog": "7000",
    "nbd": "10809", "ssh": "22", "iscsi": "3260", "gluster": "24007", "vxhs": "9999",
}  # fmt: skip
_TUNING = (
    "shares period quota global_period global_quota emulator_period emulator_quota iothread_period"
    " iothread_quota vcpupin emulatorpin iothreadpin emulatorsched vcpusched iothreadsched cachetune"
    " memorytune"
)
_TUNING_RANK = {name: number for number, name in enumerate(_TUNING.split())}
_USB = (
    ("vendor", "id", "0x{:04x}"), ("product", "id", "0x{:04x}"),
    ("address", "bus", "{}"), ("address", "device", "{}"),
)  # fmt: skip
_PCI = {"domain": "0x{:04x}", "bus": "0x{:02x}", "slot": "0x{:02x}", "function": "0x{:x}"}
_SCHEDULED = {"vcpusched": "vcpus", "iothreadsched": "iothreads"}
_VERSION = re.compile(r"\A(\d+)\.(\d)\Z")
_MODELS = frozenset(
    [
        "netfront", "rtl8139", "virtio", "e1000", "e1000e", "virtio-transitional", "virtio-non-transitional",
        "usb-net", "spapr-vlan", "lan9118", "scm91c111", "vlance", "vmxnet", "vmxnet2", "vmxnet3",
        "Am79C970A", "Am79C973", "82540EM", "82545EM", "82543GC", "cirrus",
    ]
)  # fmt: skip
_BY_CASE = {name.lower(): name for name in _MODELS}


def tidy(tree: etree._Element) -> None:
    """Write all of *tree* as libvirt prints it, in place."""
    for path in _KIB:
        for element in tree.findall(path):
            _in_kib(element)
    for path, name in _SETS.items():
        for element in tree.findall(path):
            if element.get(name):
                element.set(name, bitmaps.tidy(element.get(name, "")))
    _memory_limits(tree)
    _tuning(tree)
    _firmware(tree)
    _metadata(tree)
    for tseg in tree.findall("features/smm/tseg"):
        default(tseg, unit="MiB")
    devices = tree.find("devices")
    for device in () if devices is None else devices:
        form = _FORMS.get(str(device.tag))
        if form is not None:
            form(device)


def _in_kib(element: etree._Element) -> None:
    text, unit = (element.text or "").strip(), element.get("unit", "KiB")
    if text.isdigit() and unit.lower() in UNITS:
        element.text = str(-(-size(text, unit) // 1024))
        element.set("unit", "KiB")


def _memory_limits(tree: etree._Element) -> None:
    tune = tree.find("memtune")
    for limit in () if tune is None else list(tune):
        if (limit.text or "").strip().isdigit() and int(limit.text or "0") >= _UNLIMITED:
            remove(limit)
    remove_if_empty(tune)


def _tuning(tree: etree._Element) -> None:
    """Schedulers are listed thread by thread; pins by number."""
    tune = tree.find("cputune")
    if tune is None:
        return
    for tag, name in _SCHEDULED.items():
        found: dict[int, dict[str, str]] = {}
        for element in tune.findall(tag):
            rest = {str(key): str(text) for key, text in element.attrib.items() if key != name}
            found |= dict.fromkeys(bitmaps.parse(element.get(name, "")), rest)
            tune.remove(element)
        for number in sorted(found):
            add(tune, tag, **{name: str(number)}, **found[number])
    pins = sorted(tune.findall("iothreadpin"), key=lambda pin: int(pin.get("iothread", "0")))
    for pin in pins:
        tune.remove(pin)
        tune.append(pin)
    sort(tune, _TUNING_RANK)


def _firmware(tree: etree._Element) -> None:
    """Enrolled keys imply secure boot; a loader is a ROM unless it says more."""
    loader, firmware = tree.find("os/loader"), tree.find("os/firmware")
    if loader is not None and (loader.text or "").strip() and loader.get("type") is None:
        loader.set("type", "rom")
    if firmware is None:
        return
    given = {each.get("name"): each for each in firmware.findall("feature")}
    keys, secure = given.get("enrolled-keys"), given.get("secure-boot")
    if keys is not None and keys.get("enabled") == "yes" and secure is None:
        firmware.append(firmware.makeelement("feature", {"enabled": "yes", "name": "secure-boot"}))
    sort_by_name = sorted(firmware, key=lambda each: each.get("name", ""))
    firmware[:] = sort_by_name


def _metadata(tree: etree._Element) -> None:
    """One element of each namespace is kept, and none without."""
    metadata = tree.find("metadata")
    if metadata is None:
        return
    seen = set()
    for child in list(metadata):
        space = str(child.tag).partition("}")[0] if isinstance(child.tag, str) else ""
        if not space.startswith("{") or space in seen:
            metadata.remove(child)
        seen.add(space)
    if not len(metadata):
        remove(metadata)


# devices


def _alias(device: etree._Element) -> None:
    """Names that a former start gave are forgotten."""
    alias = device.find("alias")
    if alias is not None and not alias.get("name", "").startswith("ua-"):
        device.remove(alias)


def _boot(device: etree._Element) -> None:
    boot = device.find("boot")
    if boot is not None and boot.get("loadparm"):
        boot.set("loadparm", boot.get("loadparm", "").upper())


def _disk(disk: etree._Element) -> None:
    _alias(disk)
    _boot(disk)
    remove(disk.find("mirror"))
    for source in disk.iter("source"):
        drop(source, "index")
        for label in source.findall("seclabel"):
            if label.get("labelskip") == "yes":
                source.remove(label)
        _ports(source)
    for backing in disk.iter("backingStore"):
        drop(backing, "index")
    for limit in disk.iter("max_size"):
        text, unit = (limit.text or "").strip(), limit.get("unit", "bytes")
        if text.isdigit() and unit.lower() in UNITS:
            limit.text = str(size(text, unit))
            limit.set("unit", "bytes")
    if disk.find("source") is None and disk.get("type") not in {"file", "block"}:
        disk.set("type", "file")


def _ports(source: etree._Element) -> None:
    port = _PORTS.get(source.get("protocol", ""))
    for host in source.findall("host") if port else ():
        if host.get("transport", "tcp") == "tcp" and host.get("name"):
            default(host, port=port or "")


def _interface(interface: etree._Element) -> None:
    _alias(interface)
    _boot(interface)
    model, source = interface.find("model"), interface.find("source")
    if model is not None:
        model.set("type", _BY_CASE.get(model.get("type", "").lower(), model.get("type", "")))
    if interface.get("type") == "hostdev" and value(interface.find("source/address"), "type") == "pci":
        _host_address(interface.find("source/address"))
    if interface.get("type") == "network":
        drop(source, "portid", "bridge")
    coalesce = interface.find("coalesce")
    if coalesce is not None:
        for frames in list(coalesce.iter("frames")):
            if frames.get("max", "0") == "0":
                remove(frames)
        for each in list(coalesce):
            remove_if_empty(each)
        remove_if_empty(coalesce)


def _hostdev(hostdev: etree._Element) -> None:
    _alias(hostdev)
    _boot(hostdev)
    if hostdev.get("type") == "pci":
        _host_address(hostdev.find("source/address"))
    elif hostdev.get("type") == "usb":
        _usb_numbers(hostdev)


def _usb_numbers(hostdev: etree._Element) -> None:
    """Write the numbers of a USB device of the host as libvirt does, which reads a leading 0 as C does."""
    for path, name, form in _USB:
        element = hostdev.find(f"source/{path}")
        text = value(element, name)
        if element is not None and text:
            octal = text.strip("01234567") == "" and text.startswith("0")
            element.set(name, form.format(int(text, 8) if octal else integer(text)))


def _host_address(address: etree._Element | None) -> None:
    """Write a PCI address of the host as libvirt does."""
    if address is None:
        return
    for name, form in _PCI.items():
        address.set(name, form.format(integer(address.get(name))))


def _graphics(graphics: etree._Element) -> None:
    listen = graphics.find("listen")
    if graphics.get("type") == "vnc" and value(listen, "type") == "socket" and value(listen, "socket"):
        default(graphics, socket=value(listen, "socket"))


def _filesystem(filesystem: etree._Element) -> None:
    _alias(filesystem)
    source = filesystem.find("source")
    if source is not None and (usage := source.get("usage")) is not None and usage.isdigit():
        source.set("usage", str(-(-size(usage, source.get("units", "KiB")) // 1024)))
        source.set("units", "KiB")
    for name in ("fmode", "dmode"):
        text = filesystem.get(name, "")
        if text.isdigit():
            filesystem.set(name, f"{int(text, 8):04o}")


def _filter(redirfilter: etree._Element) -> None:
    for device in redirfilter.findall("usbdev"):
        for name in ("class", "vendor", "product", "version"):
            if device.get(name) == "-1":
                drop(device, name)
        minor = _VERSION.match(device.get("version", ""))
        if minor:
            device.set("version", f"{minor[1]}.{minor[2]}0")


_FORMS: dict[str, Callable[[etree._Element], None]] = {
    **dict.fromkeys(
        [
            "controller", "smartcard", "serial", "parallel", "console", "channel", "input", "tpm", "sound",
            "video", "redirdev", "hub", "watchdog", "memballoon", "rng", "nvram", "panic", "shmem", "memory",
            "iommu", "vsock",
        ],
        _alias,
    ),
    "disk": _disk,
    "interface": _interface,
    "hostdev": _hostdev,
    "graphics": _graphics,
    "filesystem": _filesystem,
    "redirfilter": _filter,
}  # fmt: skip


def labels(tree: etree._Element) -> None:
    """Say of each security label its type and whether the guest's files get it."""
    for label in tree.findall("seclabel"):
        kind = "none" if label.get("model") == "none" else label.get("type")
        if kind is None:
            remove(label)  # the driver's own, then
            continue
        label.set("type", kind)
        if kind == "none":
            drop(label, "relabel")
            label[:] = []
        else:
            default(label, relabel="yes" if kind == "dynamic" else "no")
        for each in list(label):
            if each.tag == "imagelabel" or each.tag == {"dynamic": "label", "static": "baselabel"}.get(kind):
                remove(each)
            else:
                each.attrib.clear()


def default_labels(tree: etree._Element) -> None:
    """Labels that name no model are of the host's, which is none."""
    for label in tree.findall("seclabel"):
        if label.get("model") is None:
            label.attrib.clear()
            label[:] = []
            label.set("type", "none")
            label.set("model", "none")
