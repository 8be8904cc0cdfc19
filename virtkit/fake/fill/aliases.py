"""The names that devices of a running guest have, as QEMU's driver gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.disks import disk_index
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.fill.order import sort_children

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft

# what is numbered by its place among its kind
_PREFIXES = {
    "interface": "net", "filesystem": "fs", "sound": "sound", "hostdev": "hostdev", "redirdev": "redir",
    "video": "video", "input": "input", "parallel": "parallel", "serial": "serial", "channel": "channel",
    "console": "console", "hub": "hub", "shmem": "shmem", "smartcard": "smartcard", "watchdog": "watchdog",
    "memballoon": "balloon", "rng": "rng", "tpm": "tpm", "vsock": "vsock", "iommu": "iommu",
}  # fmt: skip
_MEMORY = {
    "dimm": "dimm", "nvdimm": "nvdimm", "virtio-pmem": "virtiopmem", "virtio-mem": "virtiomem",
    "sgx-epc": "epc",
}  # fmt: skip


def assign(draft: Draft) -> None:
    """Name each device of *draft* that has no name."""
    for disk in draft.all("disk"):
        _name(disk, _disk(draft, disk))
    for controller in draft.all("controller"):
        _name(controller, _controller(draft, controller))
    for tag, prefix in _PREFIXES.items():
        for number, device in enumerate(draft.all(tag)):
            _name(device, f"{prefix}{number}")
    _hostdevs(draft)
    memory: dict[str, int] = {}
    for device in draft.all("memory"):
        prefix = _MEMORY.get(device.get("model", ""), "dimm")
        number = memory.get(prefix, 0)
        if prefix in {"dimm", "nvdimm"}:
            number = integer(value(device.find("address"), "slot"), number)
        memory[prefix] = number + 1
        _name(device, f"{prefix}{number}")


def _name(device: etree._Element, name: str) -> None:
    absent = device.tag == "memballoon" and device.get("model") == "none"
    if device.find("alias") is None and name and not absent:
        alias = device.makeelement("alias", {"name": name})
        device.append(alias)
        sort_children(device)
        if device.find("address") is not None and device[-1] is alias:
            device.find("address").addprevious(alias)  # type: ignore[union-attr]


def _hostdevs(draft: Draft) -> None:
    """Devices of the host share their numbers with interfaces that are such."""
    names = [each for each in draft.all("interface") if each.get("type") == "hostdev"]
    number = 0
    for device in [*names, *draft.all("hostdev")]:
        alias = device.find("alias")
        if alias is not None and not alias.get("name", "").startswith("ua-"):
            alias.set("name", f"hostdev{number}")
            number += 1
    number = 0
    for interface in draft.all("interface"):
        alias = interface.find("alias")
        if alias is not None and alias.get("name", "").startswith("net"):
            alias.set("name", f"net{number}")
            number += 1


def _disk(draft: Draft, disk: etree._Element) -> str:
    target, address = disk.find("target"), disk.find("address")
    bus = value(target, "bus")
    if address is None or address.get("type") != "drive":
        return f"{bus}-disk{disk_index(value(target, 'dev'))}"
    names = ["controller", "bus", "target", "unit"]
    if (
        bus != "scsi"
        or value(draft.controller("scsi", integer(address.get("controller"))), "model") == "lsilogic"
    ):
        names.remove("target")
    return bus + "-".join(address.get(name, "0") for name in names)


def _controller(draft: Draft, controller: etree._Element) -> str:
    kind, model, index = controller.get("type", ""), controller.get("model", ""), controller.get("index", "0")
    if kind == "pci":
        return f"pcie.{index}" if model == "pcie-root" else f"pci.{index}"
    first = index == "0"
    builtin_ide = draft.i440fx or draft.machine in {"malta", "sun4u", "g3beige"}
    if first and ((kind == "ide" and builtin_ide) or (kind == "sata" and draft.q35)):
        return "ide"
    if first and kind == "usb":
        return "usb"
    if first and model == "ncr53c90":
        return "scsi"
    return f"{kind}{index}"
