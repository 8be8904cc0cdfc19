"""How each device connects on PCI: a table of kinds of device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.buses import AUTO, INTEGRATED, PCI, PCIE, PLUGS
from virtkit.fake.fill.nodes import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.fill.draft import Draft

# "pci", "pcie", "virtio" (what virtio devices do on this machine), "" is not on PCI
_VIRTIO = {"virtio-transitional": "pci"}  # any other model of a virtio device: "virtio"
_USB = {
    "": "pci", "piix3-uhci": "pci", "piix4-uhci": "pci", "ehci": "pci", "ich9-ehci1": "pci",
    "ich9-uhci1": "pci", "ich9-uhci2": "pci", "ich9-uhci3": "pci", "vt82c686b-uhci": "pci",
    "pci-ohci": "pci", "nec-xhci": "pcie", "qemu-xhci": "pcie",
}  # fmt: skip
_VIDEO = {
    "virtio": "virtio", "vga": "pci", "cirrus": "pci", "vmvga": "pci", "xen": "pci", "vbox": "pci",
    "qxl": "pci", "parallels": "pci", "bochs": "pcie",
}  # fmt: skip
_SOUND = {"es1370": "pci", "ac97": "pci", "ich6": "pci", "ich9": "pci"}
_NET = {
    "virtio": "virtio", "virtio-non-transitional": "virtio", "virtio-transitional": "pci", "e1000e": "pcie",
    "usb-net": "", "": "pcie",
}  # fmt: skip


def _virtio(device: etree._Element) -> str:
    return _VIRTIO.get(device.get("model", ""), "virtio")


def _controller(device: etree._Element) -> str:
    kind, model = device.get("type", ""), device.get("model", "")
    if kind == "usb":
        return _USB.get(model, "")
    if kind == "scsi":
        if model in {"virtio-scsi", "virtio-non-transitional"}:
            return "virtio"
        return "" if model in {"", "ncr53c90"} else "pci"
    if kind == "virtio-serial":
        return _virtio(device)
    return {"sata": "pci", "ide": "pci", "pci": model}.get(kind, "")


def _interface(device: etree._Element) -> str:
    if device.get("type") == "hostdev":
        return "hostdev" if value(device.find("source/address"), "type", "pci") == "pci" else ""
    return _NET.get(value(device.find("model"), "type"), "pci")


def _hostdev(device: etree._Element) -> str:
    if device.get("mode", "subsystem") != "subsystem":
        return ""
    kind = device.get("type")
    if kind == "scsi_host":
        return _virtio(device)
    return "hostdev" if kind in {"pci", "mdev"} else ""


def _filesystem(device: etree._Element) -> str:
    kind = value(device.find("driver"), "type", "path")
    if kind == "virtiofs":
        return "virtio"
    return _virtio(device) if kind in {"path", "handle"} else ""


def _serial(device: etree._Element) -> str:
    return "pci" if value(device.find("target"), "type") == "pci-serial" else ""


_KINDS: dict[str, Callable[[etree._Element], str]] = {
    "controller": _controller,
    "filesystem": _filesystem,
    "interface": _interface,
    "hostdev": _hostdev,
    "serial": _serial,
    "rng": _virtio,
    "vsock": _virtio,
    "disk": lambda disk: _virtio(disk) if value(disk.find("target"), "bus") == "virtio" else "",
    "input": lambda each: _virtio(each) if each.get("bus") == "virtio" else "",
    "sound": lambda sound: _SOUND.get(sound.get("model", ""), ""),
    "video": lambda video: _VIDEO.get(value(video.find("model"), "type"), ""),
    "memballoon": lambda balloon: "" if balloon.get("model") in {"none", "xen"} else _virtio(balloon),
    "watchdog": lambda watchdog: "pci" if watchdog.get("model") == "i6300esb" else "",
    "shmem": lambda _: "pci",
    "iommu": lambda iommu: "integrated" if iommu.get("model") == "virtio" else "",
    "memory": lambda memory: "virtio" if memory.get("model", "").startswith("virtio-") else "",
}


def needs(device: etree._Element, draft: Draft) -> int:
    """Return what a bus must offer for *device*, 0 if it is not on PCI."""
    describe = _KINDS.get(str(device.tag))
    kind = describe(device) if describe else ""
    if kind in PLUGS:
        return PLUGS[kind]
    express = PCIE if draft.has_root("pcie-root") else PCI
    virtio = express if draft.emulator.has("virtio-pci-non-transitional") else PCI
    bits = {"pci": PCI, "pcie": express, "hostdev": express, "virtio": virtio, "integrated": virtio}
    if kind not in bits:
        return 0
    extra = INTEGRATED if kind == "integrated" else 0
    return bits[kind] | AUTO | extra
