"""What a device must not clash with in the domain that is to have it, whichever side it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.disks import choose_bus
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.hotplug.kinds import refuse, unsupported
from virtkit.fake.hotplug.matching import alias_of, size_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree


def fit(tree: etree._Element, device: etree._Element, *, live: bool) -> None:
    """Refuse *device*, which is to be added to the domain *tree*, if that cannot have it."""
    forget_alias(device)
    valid(tree, device)
    unique_alias(tree, device)
    check(tree, device, live=live)


def forget_alias(device: etree._Element) -> None:
    """Drop an alias that a definition does not keep: any but the user's own."""
    alias = device.find("alias")
    if alias is not None and not value(alias, "name").startswith("ua-"):
        device.remove(alias)


def valid(tree: etree._Element, device: etree._Element) -> None:
    """Refuse what the driver refuses of any document that has such a device."""
    valid_kind = _ANYWHERE.get(str(device.tag))
    if valid_kind is not None:
        valid_kind(tree, device)
    if device.get("type") == "spicevmc" and tree.find("devices/graphics[@type='spice']") is None:
        unsupported("chardev 'spicevmc' not supported without spice graphics")


def _any_disk(_tree: etree._Element, disk: etree._Element) -> None:
    target = disk.find("target")
    if target is not None:
        target.set("bus", choose_bus(disk))
    bus = value(target, "bus")
    if bus in {"ide", "sata"} and disk.get("device") == "disk" and disk.find("readonly") is not None:
        unsupported(f"readonly {bus} disks are not supported")


def _any_hostdev(_tree: etree._Element, hostdev: etree._Element) -> None:
    if hostdev.get("mode") == "capabilities":
        unsupported("hostdev mode 'capabilities' is not supported in qemu")


def _any_filesystem(tree: etree._Element, filesystem: etree._Element) -> None:
    if value(filesystem.find("driver"), "type") != "virtiofs":
        return
    access = value(tree.find("memoryBacking/access"), "mode")
    if access != "shared" and tree.find("cpu/numa/cell[@memAccess='shared']") is None:
        unsupported("'virtiofs' requires shared memory")


def _any_shmem(_tree: etree._Element, shmem: etree._Element) -> None:
    if value(shmem.find("model"), "type", "ivshmem") == "ivshmem":
        unsupported("ivshmem device is not supported with this QEMU binary")


def _any_video(_tree: etree._Element, video: etree._Element) -> None:
    model = value(video.find("model"), "type", "cirrus")
    if model not in {"qxl", "virtio"}:
        unsupported(f"video type '{model}' is only valid as primary video device")


_ANYWHERE: dict[str, Callable[[etree._Element, etree._Element], None]] = {
    "disk": _any_disk,
    "hostdev": _any_hostdev,
    "filesystem": _any_filesystem,
    "shmem": _any_shmem,
    "video": _any_video,
}


def check(
    tree: etree._Element, device: etree._Element, old: etree._Element | None = None, *, live: bool
) -> None:
    """Refuse *device*, which is new or changes *old*, if the domain *tree* cannot have it."""
    if live and old is not None:
        _same_info(device, old)
    if _is_usb(device) and not _has_usb(tree):
        unsupported(
            "Device configuration is not compatible: Domain has no USB bus support", c.VIR_FROM_DOMAIN
        )
    _boot(tree, device, old)
    if device.tag == "memory":
        _memory(tree, device, new=old is None)


def unique_alias(tree: etree._Element, device: etree._Element) -> None:
    """Refuse an alias of the user's that another device has."""
    alias = alias_of(device)
    if alias.startswith("ua-") and tree.find(f"devices/*/alias[@name='{alias}']") is not None:
        unsupported(f"non unique alias detected: {alias}", c.VIR_FROM_DOMAIN)


def _same_info(device: etree._Element, old: etree._Element) -> None:
    alias = alias_of(device)
    if alias and alias_of(old) and alias != alias_of(old):
        refuse("changing device alias is not allowed", c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN)
    if value(device.find("acpi"), "index") != value(old.find("acpi"), "index"):
        refuse("changing device 'acpi index' is not allowed", c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN)


def _is_usb(device: etree._Element) -> bool:
    tag = device.tag
    if tag == "disk":
        return value(device.find("target"), "bus") == "usb"
    if tag == "hostdev":
        return device.get("mode", "subsystem") == "subsystem" and device.get("type") == "usb"
    if tag == "redirdev":
        return device.get("bus", "usb") == "usb"
    return (tag == "input" and device.get("bus") == "usb") or (tag == "hub" and device.get("type") == "usb")


def _has_usb(tree: etree._Element) -> bool:
    controllers = tree.iterfind("devices/controller")
    return any(each.get("type") == "usb" and each.get("model") != "none" for each in controllers)


def _boot(tree: etree._Element, device: etree._Element, old: etree._Element | None) -> None:
    order = integer(value(device.find("boot"), "order"))
    if not order:
        return
    if tree.find("os/boot") is not None:
        unsupported(
            "per-device boot elements cannot be used together with os/boot elements", c.VIR_FROM_DOMAIN
        )
    for other in tree.iterfind("devices/*"):
        if other is not old and integer(value(other.find("boot"), "order")) == order:
            unsupported(f"boot order {order} is already used by another device", c.VIR_FROM_DOMAIN)


def _memory(tree: etree._Element, device: etree._Element, *, new: bool) -> None:
    nodes, node = len(tree.findall("cpu/numa/cell")), integer(device.findtext("target/node"))
    message = ""
    if not nodes:
        message = "can't add memory backend as guest has no NUMA nodes configured"
    elif node >= nodes:
        message = (
            f"can't add memory backend for guest node '{node}' as the guest has only '{nodes}' NUMA nodes"
            " configured"
        )
    if message:
        fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, message)
    limit = tree.find("maxMemory")
    if limit is None:
        message = "cannot use/hotplug a memory device when domain 'maxMemory' is not defined"
        unsupported(message, c.VIR_FROM_DOMAIN)
    size = size_of(device)
    if new and integer(tree.findtext("memory")) + size > integer(limit.text):
        unsupported(
            f"Attaching memory device with size '{size}' would exceed domain's maxMemory config size"
            f" '{integer(limit.text)}'",
            c.VIR_FROM_DOMAIN,
        )
