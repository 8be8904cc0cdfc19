"""What a device must not clash with in the domain that is to have it, whichever side it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.hotplug.kinds import refuse, unsupported
from virtkit.fake.hotplug.matching import alias_of, size_of

if TYPE_CHECKING:
    from lxml import etree


def check(tree: etree._Element, device: etree._Element, old: etree._Element | None = None, *, live: bool) -> None:
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
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, f"non unique alias detected: {alias}")


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
    if tree.find("cpu/numa/cell") is None:
        message = "can't add memory backend as guest has no NUMA nodes configured"
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
