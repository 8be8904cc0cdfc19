"""The few facts of a domain's XML that ``virtkit domain show`` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit import tree
from virtkit.units import parse_size

if TYPE_CHECKING:
    from lxml import etree

_SOURCES = ("file", "dev", "dir", "volume", "name", "network", "bridge")


def summary(xml: str) -> dict[str, Any]:
    """Return title, type, arch, machine, vcpus, memory (bytes), disks and interfaces."""
    root = tree.parse(xml, "domain XML")
    kind = root.find("os/type")
    return {
        "title": root.findtext("title"),
        "type": root.get("type"),
        "arch": kind.get("arch") if kind is not None else None,
        "machine": kind.get("machine") if kind is not None else None,
        "vcpus": int(root.findtext("vcpu") or 1),
        "memory": _memory(root),
        "disks": [_disk(each) for each in root.iterfind("devices/disk")],
        "interfaces": [_interface(each) for each in root.iterfind("devices/interface")],
    }


def _memory(root: etree._Element) -> int | None:
    memory = root.find("memory")
    return None if memory is None else parse_size(f"{memory.text}{memory.get('unit', 'KiB')}")


def _disk(disk: etree._Element) -> dict[str, str | None]:
    target = disk.find("target")
    return {
        "target": target.get("dev") if target is not None else None,
        "device": disk.get("device", "disk"),
        "source": _source(disk),
    }


def _interface(interface: etree._Element) -> dict[str, str | None]:
    mac = interface.find("mac")
    return {
        "mac": mac.get("address") if mac is not None else None,
        "type": interface.get("type"),
        "source": _source(interface),
    }


def _source(device: etree._Element) -> str | None:
    source = device.find("source")
    if source is None:
        return None
    return next((source.get(key) for key in _SOURCES if source.get(key)), None)
