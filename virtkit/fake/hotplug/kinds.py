"""The kinds of device, as libvirt names them, and what may be done to each while the guest runs or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import reading
from virtkit.fake.errors import fail
from virtkit.fake.fill.disks import choose_bus, disk_index
from virtkit.fake.fill.nodes import put_first, value

if TYPE_CHECKING:
    from lxml import etree

CHARDEVS = frozenset({"serial", "parallel", "console", "channel"})
_KINDS = frozenset(
    [
        "disk",
        "lease",
        "filesystem",
        "interface",
        "input",
        "sound",
        "video",
        "hostdev",
        "watchdog",
        "controller",
        "graphics",
        "hub",
        "redirdev",
        "smartcard",
        "memballoon",
        "nvram",
        "rng",
        "shmem",
        "tpm",
        "panic",
        "memory",
        "iommu",
        "vsock",
        "audio",
    ]
)
_LIVE = frozenset(
    [
        "disk",
        "controller",
        "lease",
        "interface",
        "hostdev",
        "redirdev",
        "chr",
        "rng",
        "memory",
        "shmem",
        "watchdog",
        "input",
        "vsock",
        "filesystem",
    ]
)
# what can be attached and detached, live and in the definition; what can be updated, in both
ATTACHED_LIVE = DETACHED_LIVE = _LIVE
ATTACHED = DETACHED = _LIVE | {"sound"}
UPDATED = frozenset({"disk", "graphics", "interface", "memory"})
_SOURCES = ("file", "dev", "dir", "protocol", "pool", "name", "volume", "index")


def kind_of(device: etree._Element) -> str:
    """Return what libvirt calls a device of that element: the four kinds of character device are one."""
    tag = str(device.tag)
    return "chr" if tag in CHARDEVS else tag


def read(xml: str, *, whole: bool = True) -> etree._Element:
    """Return the device that *xml* describes, checked as libvirt's parser does before it fills it in.

    Args:
        xml: what the caller gave.
        whole: whether it must be fit to run.
    """
    device = reading.read(xml, "device_definition", "", c.VIR_FROM_DOMAIN)
    tag = str(device.tag)
    if tag not in _KINDS | CHARDEVS:
        message = f"unknown device type '{tag}'"
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, message)
    if tag == "disk":
        _check_disk(device, whole=whole)
    for comment in [child for child in device.iter() if not isinstance(child.tag, str)]:
        parent = comment.getparent()
        if parent is not None:
            parent.remove(comment)
    return device


def _check_disk(disk: etree._Element, *, whole: bool) -> None:
    put_first(disk, type="file", device="disk")
    target, source = disk.find("target"), disk.find("source")
    where = None if source is None else next((source.get(key) for key in _SOURCES if source.get(key)), None)
    dev = value(target, "dev")
    if target is None or not dev:
        fail(c.VIR_ERR_NO_TARGET, c.VIR_FROM_DOMAIN, where)
    if not whole:
        return
    if where is None and disk.get("device") in {"disk", "lun"} and disk.get("type") in {"file", "block"}:
        fail(c.VIR_ERR_NO_SOURCE, c.VIR_FROM_DOMAIN, dev)
    if disk_index(dev) < 0 and disk.find("address") is None:
        message = f"Unknown disk name '{dev}' and no address specified"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, message)
    if disk.get("device") in {"cdrom", "floppy"} and choose_bus(disk) == "virtio":
        message = f"disk type of '{dev}' does not support ejectable media"
        unsupported(message)


def refuse(
    detail: str, code: int = c.VIR_ERR_OPERATION_UNSUPPORTED, source: int = c.VIR_FROM_QEMU
) -> NoReturn:
    """Raise what the driver says of an operation that it cannot do on a device."""
    fail(code, source, detail)


def unsupported(detail: str, source: int = c.VIR_FROM_QEMU) -> NoReturn:
    """Raise what the driver says of a configuration that it does not support."""
    fail(c.VIR_ERR_CONFIG_UNSUPPORTED, source, detail)


def missing(detail: str, source: int = c.VIR_FROM_QEMU) -> NoReturn:
    """Raise that a device is not there."""
    fail(c.VIR_ERR_DEVICE_MISSING, source, detail)


def source_path(disk: etree._Element | None) -> str:
    """Return what a disk's data is in, empty for an empty drive."""
    source = None if disk is None else disk.find("source")
    if source is None:
        return ""
    return next((text for key in _SOURCES[:-1] if (text := source.get(key))), "")
