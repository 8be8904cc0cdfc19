"""Addresses beside PCI: virtio-serial, spapr-vio, channel devices, virtio-mmio, zPCI, DIMM slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.controllers import add_controller
from virtkit.fake.fill.draft import ARM, RISCV
from virtkit.fake.fill.nodes import add, integer, value
from virtkit.fake.fill.pci import ITERATION
from virtkit.fake.fill.places import place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_VIRTIO_SERIAL_PORTS = 31
_VIO = {"interface": 0x1000, "controller": 0x2000, "serial": 0x30000000, "nvram": 0x3000, "tpm": 0x4000}
_NET_VIRTIO = {"virtio", "virtio-transitional", "virtio-non-transitional"}


def _xml_error(message: str) -> None:
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, message)


# virtio-serial


def assign_virtio_serial(draft: Draft) -> None:
    """Give each virtio console and channel a port; port 0 is for consoles."""
    ports = {integer(each.get("index")): _ports(each) for each in draft.controllers("virtio-serial")}
    taken: set[tuple[int, int]] = set()
    devices = [
        each for each in draft.in_order("channel console") if value(each.find("target"), "type") == "virtio"
    ]
    for device in devices:
        address = device.find("address")
        if address is not None and address.get("type") == "virtio-serial" and integer(address.get("port")):
            _take(integer(address.get("controller")), integer(address.get("port")), ports, taken)
    for device in sorted(devices, key=lambda each: each.tag != "console"):
        _assign_port(draft, device, ports, taken)


def _ports(controller: etree._Element) -> int:
    return integer(controller.get("ports"), _VIRTIO_SERIAL_PORTS)


def _take(controller: int, port: int, ports: dict[int, int], taken: set[tuple[int, int]]) -> None:
    if controller not in ports:
        _xml_error(f"virtio serial controller {controller} is missing")
    if port >= ports[controller]:
        _xml_error(f"virtio serial controller {controller} does not have port {port}")
    if (controller, port) in taken:
        _xml_error(f"virtio serial port {port} on controller {controller} is already occupied")
    taken.add((controller, port))


def _assign_port(
    draft: Draft, device: etree._Element, ports: dict[int, int], taken: set[tuple[int, int]]
) -> None:
    address = device.find("address")
    if address is not None and (address.get("type") != "virtio-serial" or integer(address.get("port"))):
        return
    if device.tag == "console":  # its port is kept free for it, and not written down
        taken.add(_first_free(draft, 0, ports, taken))
        return
    if address is None:
        found = _first_free(draft, 1, ports, taken)
        address = add(device, "address", type="virtio-serial")
    else:
        found = _free_on(integer(address.get("controller")), ports, taken)
    taken.add(found)
    for name, number in (("controller", found[0]), ("bus", 0), ("port", found[1])):
        address.set(name, str(number))


def _free_on(controller: int, ports: dict[int, int], taken: set[tuple[int, int]]) -> tuple[int, int]:
    if controller not in ports:
        message = f"virtio-serial controller {controller} not available"
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, message)
    port = _free_port(controller, 1, ports, taken)
    if port is None:
        _xml_error(f"Unable to find a free port on virtio-serial controller {controller}")
    return controller, port or 0


def _free_port(
    controller: int, lowest: int, ports: dict[int, int], taken: set[tuple[int, int]]
) -> int | None:
    return next((port for port in range(lowest, ports[controller]) if (controller, port) not in taken), None)


def _first_free(
    draft: Draft, lowest: int, ports: dict[int, int], taken: set[tuple[int, int]]
) -> tuple[int, int]:
    for controller in sorted(ports):
        port = _free_port(controller, lowest, ports, taken)
        if port is not None:
            return controller, port
    index = next(number for number in range(len(ports) + 1) if number not in ports)
    add_controller(draft, "virtio-serial", index)
    ports[index] = _VIRTIO_SERIAL_PORTS
    return index, lowest


# spapr-vio


def assign_spapr(draft: Draft) -> None:
    """Give the pSeries' own devices their registers."""
    taken = {
        integer(address.get("reg"))
        for address in draft.devices.iterfind("*/address[@type='spapr-vio']")
        if address.get("reg") is not None
    }
    for tag in ("interface", "controller", "serial", "nvram", "tpm"):
        for device in draft.all(tag):
            if _on_vio(draft, device):
                _assign_register(device, _VIO[tag], taken)


def _on_vio(draft: Draft, device: etree._Element) -> bool:
    if value(device.find("address"), "type") == "spapr-vio":
        return True
    match device.tag:
        case "interface":
            return value(device.find("model"), "type") == "spapr-vlan"
        case "controller":
            return device.get("type") == "scsi" and device.get("model") == "ibmvscsi"
        case "serial":
            return value(device.find("target"), "type") == "spapr-vio-serial"
        case "nvram":
            return draft.pseries
    return draft.pseries and device.get("model") != "spapr-tpm-proxy"


def _assign_register(device: etree._Element, register: int, taken: set[int]) -> None:
    address = device.find("address")
    if address is None:
        address = add(device, "address")
    address.set("type", "spapr-vio")
    if address.get("reg") is None:
        while register in taken:
            register += 0x1000
        address.set("reg", f"0x{register:08x}")
        taken.add(register)


# channel devices and virtio-mmio: what kind of address virtio devices have


def choose_virtio(draft: Draft) -> None:
    """Say of virtio devices without an address what kind they are to have, where it is not PCI."""
    if draft.ccw:
        if draft.emulator.has("vfio-ccw"):
            for hostdev in draft.all("hostdev"):
                if hostdev.get("model") == "vfio-ccw" and hostdev.find("address") is None:
                    add(hostdev, "address", type="ccw")
        _prime(draft, "ccw")
        _number_channels(draft)
    if draft.arch not in ARM | RISCV:
        return
    if not (draft.machine.startswith("vexpress-") or draft.arm_virt or draft.riscv_virt):
        return
    ports = draft.emulator.has("pcie-root-port") or draft.emulator.has("ioh3420")
    mmio = draft.devices.find("*/address[@type='virtio-mmio']") is not None
    if draft.has_root("pcie-root") and ports and not mmio:
        _prime(draft, "pci")
    elif draft.emulator.has("virtio-mmio"):
        _prime(draft, "virtio-mmio")


def _prime(draft: Draft, kind: str) -> None:
    for device in draft.in_order(" ".join(_VIRTIO)):
        if device.find("address") is None and _VIRTIO[str(device.tag)](device):
            add(device, "address", type=kind)
    if kind == "ccw":
        for device in draft.in_order("filesystem vsock"):
            if device.find("address") is None:
                add(device, "address", type=kind)


_VIRTIO: dict[str, Callable[[etree._Element], bool]] = {
    "disk": lambda disk: value(disk.find("target"), "bus") == "virtio",
    "interface": lambda net: value(net.find("model"), "type") in _NET_VIRTIO,
    "video": lambda video: value(video.find("model"), "type") == "virtio",
    "input": lambda each: each.get("bus") == "virtio",
    "controller": lambda controller: controller.get("type") in {"virtio-serial", "scsi"},
    "hostdev": lambda hostdev: hostdev.get("type") == "scsi_host",
    "memballoon": lambda balloon: balloon.get("model") != "none",
    "rng": lambda _: True,
    "memory": lambda memory: memory.get("model", "").startswith("virtio-"),
}


def _number_channels(draft: Draft) -> None:
    """Number the channel devices; virtio ones are in channel subsystem 0xfe."""
    found = [
        address
        for device in draft.in_order(f"{ITERATION} console")
        if (address := device.find("address")) is not None and address.get("type") == "ccw"
    ]
    taken = set()
    for address in found:
        if address.get("devno") is not None:
            number = tuple(integer(address.get(name)) for name in ("cssid", "ssid", "devno"))
            if number in taken:
                text = f"{number[0]:x}.{number[1]:x}.{number[2]:04x}"
                _xml_error(f"The CCW devno '{text}' is in use already")
            taken.add(number)
    following = 0
    for address in found:
        if address.get("devno") is None:
            while (0xFE, 0, following) in taken:
                following += 1
            taken.add((0xFE, 0, following))
            address.set("cssid", "0xfe")
            address.set("ssid", "0x0")
            address.set("devno", f"0x{following:04x}")


# zPCI


def assign_zpci(draft: Draft) -> None:
    """Give each PCI device of an IBM Z its two numbers."""
    if not draft.emulator.has("zpci"):
        return
    devices = [
        each
        for each in draft.in_order(ITERATION)
        if place_of(each) is not None
        and each.tag not in {"serial", "parallel", "channel"}
        and each not in draft.grown
    ]
    taken: dict[str, set[int]] = {"uid": set(), "fid": set()}
    given = [each for each in devices if each.find("address/zpci") is not None]
    for device in [*given, *[each for each in devices if each not in given]]:
        address = device.find("address")
        assert address is not None  # noqa: S101
        zpci = address.find("zpci")
        if zpci is None:
            zpci = add(address, "zpci")
        for name, lowest, digits in (("uid", 1, 4), ("fid", 0, 8)):
            number = lowest
            if zpci.get(name) is not None:
                number = integer(zpci.get(name))
                if number in taken[name]:
                    message = f"zPCI {name} {number:o} is already reserved"
                    fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, message)
            while number in taken[name]:
                number += 1
            taken[name].add(number)
            zpci.set(name, f"0x{number:0{digits}x}")


# DIMM


def assign_dimm_slots(draft: Draft) -> None:
    """Give each DIMM a slot, where the document has any."""
    slots = integer(value(draft.tree.find("maxMemory"), "slots"))
    if not slots:
        return
    memories = [each for each in draft.all("memory") if each.get("model") in {"dimm", "nvdimm"}]
    taken = {
        integer(address.get("slot")) for address in draft.devices.iterfind("memory/address[@type='dimm']")
    }
    for memory in memories:
        if value(memory.find("address"), "type") == "dimm":
            continue
        free = next((number for number in range(slots) if number not in taken), None)
        if free is None:
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_QEMU, "failed to find an empty memory slot")
        taken.add(free)
        add(memory, "address", type="dimm", slot=str(free))
