"""What starting a domain adds to its document: id, aliases, and what the host gave it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from virtkit.fake.fill.disks import disk_index
from virtkit.fake.fill.order import sort_children

if TYPE_CHECKING:
    from lxml import etree

_ALIAS = {
    "interface": "net", "hostdev": "hostdev", "memballoon": "balloon", "filesystem": "fs", "tpm": "tpm",
    "redirdev": "redir", "watchdog": "watchdog", "memory": "dimm", "shmem": "shmem",
}  # fmt: skip
_NO_ALIAS = {"emulator", "graphics", "audio", "lease", "iommu", "redirfilter"}
_VNC_BASE = 5900


def fill(tree: etree._Element, personality: str, number: int) -> None:
    """Make of the inactive document *tree* the live one of the domain with id *number*, in place."""
    tree.set("id", str(number))
    devices = tree.find("devices")
    if personality != "qemu":
        return
    if devices is None or tree.get("type") == "lxc":
        return
    counts: Counter[str] = Counter()
    for device in devices:
        _start_device(device, counts, number)


def _start_device(device: etree._Element, counts: Counter[str], number: int) -> None:
    tag = str(device.tag)
    if tag == "interface":
        _target(device, f"vnet{number * 10 + counts['interface'] - 10}")
    elif tag in {"serial", "console"} and device.get("type") == "pty":
        _pty(device, number)
    elif tag == "graphics":
        _port(device, number)
    elif tag == "disk":
        source = device.find("source")
        if source is not None and source.get("index") is None:
            source.set("index", str(counts["disk"] + 1))
    if tag not in _NO_ALIAS and device.find("alias") is None:
        _alias(device, _alias_name(device, tag, counts))
    counts[tag] += 1


def _alias_name(device: etree._Element, tag: str, counts: Counter[str]) -> str:
    if tag == "disk":
        target = device.find("target")
        bus, dev = ("virtio", "vda") if target is None else (target.get("bus", ""), target.get("dev", ""))
        if bus == "virtio":
            return f"virtio-disk{disk_index(dev)}"
        return f"{bus}0-0-{disk_index(dev)}" if bus in {"ide", "sata"} else f"{bus}0-0-0-{disk_index(dev)}"
    if tag == "controller":
        kind, index = device.get("type", ""), device.get("index", "0")
        if kind == "pci":
            return "pci.0" if index == "0" else f"pci.{index}"
        return "usb" if kind == "usb" and index == "0" else f"{kind}{index}"
    if tag == "console":
        return "serial0" if counts["console"] == 0 else f"console{counts['console']}"
    return f"{_ALIAS.get(tag, tag)}{counts[tag]}"


def _alias(device: etree._Element, name: str) -> None:
    alias = device.makeelement("alias", {"name": name})
    address = device.find("address")
    if address is None:
        device.append(alias)
    else:
        address.addprevious(alias)


def _target(interface: etree._Element, dev: str) -> None:
    if interface.get("type") in {"hostdev", "user", "vhostuser"}:
        return
    target = interface.find("target")
    if target is None:
        target = interface.makeelement("target", {})
        interface.append(target)
        sort_children(interface)
    target.set("dev", target.get("dev", dev))


def _pty(device: etree._Element, number: int) -> None:
    path = f"/dev/pts/{number}"
    if device.tag == "console":
        device.set("tty", path)
    source = device.find("source")
    if source is None:
        source = device.makeelement("source", {})
        device.insert(0, source)
    source.set("path", path)


def _port(graphics: etree._Element, number: int) -> None:
    if graphics.get("autoport") == "yes" and graphics.get("port", "-1") == "-1":
        graphics.set("port", str(_VNC_BASE + number - 1))
    listen = graphics.find("listen")
    address = graphics.get("listen", "127.0.0.1")
    graphics.set("listen", address)
    if listen is not None and listen.get("type") == "address":
        listen.set("address", listen.get("address", address))
