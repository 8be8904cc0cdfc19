"""What QEMU cannot do, as its driver says when a domain is defined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.checks import report
from virtkit.fake.fill.checks.agreement import cells
from virtkit.fake.fill.disks import choose_bus
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.fill.sizes import UNITS, size

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.parts import Parts

_X86 = {"x86_64", "i686"}
_FORMATS = {
    "cow": "'cow' storage format is not supported",
    "dir": "'directory' storage format is not directly supported by QEMU, use 'dir' disk type instead",
    "iso": "storage format 'iso' is not directly supported by QEMU, use 'raw' instead",
}
_OPEN = {"", "raw", "qcow2"}
_PARTITION = re.compile(r"\A(fd|hd|vd|sd|xvd|ubd)[a-z]+\d+\Z")
_XHCI = {"nec-xhci", "qemu-xhci"}
_XHCI_PORTS = 15
_MEBIBYTE = 1 << 20
_WHOLE = {"host-passthrough", "maximum"}
_PAIRED = {"egl-headless", "vnc", "spice"}
# the serial ports that only some machines have: their type and model
_PORTS = {"system-serial": "pl011", "spapr-vio-serial": "spapr-vty", "sclp-serial": "sclpconsole"}
_ONE_ARCH = {"gic": {"aarch64", "armv7l"}, "hpt": {"ppc64", "ppc64le"}, "htm": {"ppc64", "ppc64le"}}


def check(parts: Parts) -> None:
    """Raise the first thing that QEMU cannot do."""
    arch, machine = value(parts.system, "arch", "x86_64"), value(parts.system, "machine", "pc")
    _features(parts, arch, machine)
    _cpu(parts)
    _firmware(parts, arch)
    if arch != "ppc64" and parts.one("maxMemory") is not None and not cells(parts):
        _no("At least one numa node has to be configured when enabling memory hotplug")
    for controller in parts.of("controller"):
        _controller(controller)
    for disk in parts.of("disk"):
        _disk(disk)
    for again in parts.tree.iter("reconnect"):
        if again.get("enabled") == "yes" and not integer(again.get("timeout")):
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, "chardev reconnect source timeout cannot be '0'")
    for interface in parts.of("interface"):
        if interface.find("driver") is None:
            continue
        for name in ("rx_queue_size", "tx_queue_size"):
            number = integer(value(interface.find("driver"), name))
            if number & (number - 1):
                _no(f"{name} has to be a power of two")
    _displays(parts)
    _others(parts, arch, machine)


def _no(message: str) -> NoReturn:
    report.unsupported(message, c.VIR_FROM_QEMU)


def _features(parts: Parts, arch: str, machine: str) -> None:
    features = parts.one("features")
    for feature in () if features is None else features:
        if arch not in _ONE_ARCH.get(str(feature.tag), {arch}):
            _no(
                f"The '{feature.tag!s}' feature is not supported for architecture '{arch}' or machine type "
                f"'{'pc-i440fx-7.2' if machine == 'pc' else machine}'"
            )
    tseg = None if features is None else features.find("smm/tseg")
    if tseg is None or value(tseg.getparent(), "state", "on") != "on":
        return
    if "q35" not in machine:
        _no("SMM TSEG is only supported with q35 machine type")
    text, unit = (tseg.text or "").strip(), tseg.get("unit", "MiB")
    if text.isdigit() and unit.lower() in UNITS and size(text, unit) % _MEBIBYTE:
        _no("SMM TSEG size must be divisible by 1 MiB")


def _cpu(parts: Parts) -> None:
    cpu = parts.one("cpu")
    if cpu is None:
        return
    bits, cache = cpu.find("maxphysaddr"), cpu.find("cache")
    if bits is not None and bits.get("mode") == "passthrough" and bits.get("bits") is not None:
        _no("CPU maximum physical address bits number specification cannot be used with mode='passthrough'")
    if bits is not None and bits.get("mode") == "emulate" and bits.get("bits") is None:
        _no("if using CPU maximum physical address mode='emulate', bits= must be specified too")
    if cache is None:
        return
    if cache.get("mode") == "emulate" and cache.get("level") != "3":
        _no("CPU cache mode 'emulate' can only be used with level='3'")
    if cache.get("mode") == "passthrough":
        if cpu.get("mode") not in _WHOLE:
            _no("CPU cache mode 'passthrough' can only be used with 'host-passthrough' / 'maximum' CPUs")
        if cache.get("level") is not None:
            _no("unsupported CPU cache level for mode 'passthrough'")


def _firmware(parts: Parts, arch: str) -> None:
    system, features = parts.one("os"), parts.one("features")
    loader = None if system is None else system.find("loader")
    efi = value(system, "firmware") == "efi" or (
        loader is not None and loader.get("type") == "pflash" and bool((loader.text or "").strip())
    )
    acpi = features is not None and features.find("acpi") is not None
    if efi and not acpi and arch in _X86:
        _no("UEFI requires ACPI on this architecture")
    if acpi and not efi and arch == "aarch64":
        _no("ACPI requires UEFI on this architecture")


def _controller(controller: etree._Element) -> None:
    model = controller.get("model", "")
    if controller.get("type") == "usb" and model in _XHCI and integer(controller.get("ports")) > _XHCI_PORTS:
        _no(f"'{model}' controller only supports up to '{_XHCI_PORTS}' ports")
    if model in {"pci-root", "pcie-root"} and integer(controller.get("index")):
        message = "pci-root and pcie-root controllers should have index 0"
        if controller.find("target") is None:
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_QEMU, message)


def _disk(disk: etree._Element) -> None:
    given = {child.tag: child for child in disk}
    bus = choose_bus(disk)
    dev, form = value(given.get("target"), "dev"), value(given.get("driver"), "type")
    if form in _FORMATS and disk.get("type") != "dir":
        _no(_FORMATS[form])
    if form not in _OPEN and any(each.get("format") == "luks" for each in disk.iter("encryption")):
        _no("encryption is supported only with 'raw' and 'qcow2' image format")
    if bus != "scsi" and ("vendor" in given or "product" in given):
        _no("Only scsi disk supports vendor and product")
    if bus == "usb" and value(given.get("address"), "type", "usb") != "usb":
        report.internal("unexpected address type for usb disk", c.VIR_FROM_QEMU)
    if "shareable" in given and "readonly" not in given and form not in {"", "raw"}:
        _no(f"shared access for disk '{dev}' requires use of supported storage format")
    if dev[-1:].isdigit() and _PARTITION.match(dev):
        _no(f"invalid disk target '{dev}', partitions can't appear in disk targets")


def _displays(parts: Parts) -> None:
    displays = parts.of("graphics")
    headless = any(each.get("type") == "egl-headless" for each in displays)
    for display in displays:
        kind = display.get("type")
        if headless and kind not in _PAIRED:
            _no("graphics type 'egl-headless' is only supported with one of: 'vnc', 'spice' graphics types")
        if headless and kind == "spice" and value(display.find("gl"), "enable") == "yes":
            _no("multiple OpenGL displays are not supported by QEMU")
        if kind == "spice" and integer(display.get("tlsPort")) > 0 and _listens(display):
            _no("spice TLS port set in XML configuration, but TLS is disabled in qemu.conf")
    if not displays and any(each.get("display") == "on" for each in parts.of("hostdev")):
        _no("graphics device is needed for attribute value 'display=on' in <hostdev>")


def _listens(display: etree._Element) -> bool:
    return value(display.find("listen"), "type", "address") in {"address", "network"}


def _others(parts: Parts, arch: str, machine: str) -> None:
    for filesystem in parts.of("filesystem"):
        if value(filesystem.find("driver"), "type") == "virtiofs" and filesystem.find("readonly") is not None:
            _no("virtiofs does not yet support read-only mode")
    for serial in parts.of("serial"):
        target = serial.find("target")
        kind = value(target, "type")
        model = value(None if target is None else target.find("model"), "name", _PORTS.get(kind, ""))
        if kind in _PORTS and arch in _X86:
            _no(
                f"Serial device with target type '{kind}' and target model '{model}' not compatible with "
                "guest architecture or machine type"
            )
    for iommu in parts.of("iommu"):
        _iommu(iommu, parts, machine)


def _iommu(iommu: etree._Element, parts: Parts, machine: str) -> None:
    model, features = iommu.get("model"), parts.one("features")
    if model == "intel" and "q35" not in machine:
        _no("IOMMU device: 'intel' is only supported with Q35 machines")
    if model != "virtio":
        return
    if "q35" not in machine and not machine.startswith("virt"):
        _no("IOMMU device: 'virtio' is only supported with Q35 and ARM Virt machines")
    if features is None or features.find("acpi") is None:
        _no("IOMMU device: 'virtio' requires ACPI")
    if value(iommu.find("address"), "type", "pci") != "pci":
        _no("IOMMU device: 'virtio' needs a PCI address")
