"""Which of a domain's devices is meant: by kind, the attributes that must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.fill.sizes import kib
from virtkit.fake.hotplug.kinds import CHARDEVS, missing, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml import etree

_NUMBERS = {
    "pci": ("domain", "bus", "slot", "function"),
    "drive": ("controller", "bus", "target", "unit"),
    "virtio-serial": ("controller", "bus", "port"),
    "ccw": ("cssid", "ssid", "devno"),
    "dimm": ("slot",),
}
_NOTHING = "(<null>)"


def address_of(device: etree._Element) -> tuple[Any, ...] | None:
    """Return a device's address so that equal ones are equal; None if it has none."""
    address = device.find("address")
    kind = value(address, "type")
    if address is None or not kind:
        return None
    if kind == "usb":
        return (kind, integer(address.get("bus")), address.get("port", ""))
    return (kind, *(integer(address.get(name)) for name in _NUMBERS.get(kind, ())))


def alias_of(device: etree._Element) -> str:
    """Return a device's alias, empty if it has none."""
    return value(device.find("alias"), "name")


def _agrees(given: etree._Element, device: etree._Element) -> bool:
    """Return whether the address that is *given*, if there is one, is the device's."""
    address = address_of(given)
    return address is None or address == address_of(device)


def find(devices: etree._Element, given: etree._Element) -> etree._Element | None:
    """Return the first of *devices* that libvirt takes for the one that is *given*, None if there is none."""
    tag = str(given.tag)
    same = _chardev if tag in CHARDEVS else _SAME[tag]
    return next((device for device in devices.iterfind(tag) if same(given, device)), None)


def interface(devices: etree._Element, given: etree._Element) -> etree._Element:
    """Return the interface that is meant, by MAC, address and alias.

    Raises:
        libvirtError: none is, or several are.
    """
    mac = value(given.find("mac"), "address").lower()
    address, alias = address_of(given), alias_of(given)
    if address is not None and address[0] not in {"pci", "ccw"}:
        address = None
    found = None
    for device in devices.iterfind("interface"):
        if mac and value(device.find("mac"), "address").lower() != mac:
            continue
        if address is not None and address_of(device) != address:
            continue
        if alias and alias_of(device) not in {"", alias}:
            continue
        if found is not None:
            what = (
                f"multiple devices matching MAC address {mac} found"
                if mac
                else "multiple matching devices found"
            )
            refuse(what, c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_DOMAIN)
        found = device
    if found is None:
        place = _NOTHING if address is None else _printed(address)
        missing(
            f"no device found at address '{place}' matching MAC address '{mac or _NOTHING}'"
            f" and alias '{alias or _NOTHING}'",
            c.VIR_FROM_DOMAIN,
        )
    return found


def _printed(address: tuple[Any, ...]) -> str:
    kind, *numbers = address
    if kind == "ccw":
        return "{:x}.{:x}.{:04x}".format(*numbers)
    return "{:04x}:{:02x}:{:02x}.{:x}".format(*numbers)


def by_alias(devices: etree._Element, alias: str) -> etree._Element | None:
    """Return the device with that alias."""
    return next((device for device in devices if device.find(f"alias[@name='{alias}']") is not None), None)


def disk(devices: etree._Element, dev: str) -> etree._Element | None:
    """Return the disk with that target."""
    found: Iterable[etree._Element] = devices.iterfind("disk")
    return next((each for each in found if value(each.find("target"), "dev") == dev), None)


def _disk(given: etree._Element, device: etree._Element) -> bool:
    return value(given.find("target"), "dev") == value(device.find("target"), "dev")


def _lease(given: etree._Element, device: etree._Element) -> bool:
    names = ("key", "lockspace")
    return all(given.findtext(name) == device.findtext(name) for name in names)


def _controller(given: etree._Element, device: etree._Element) -> bool:
    return given.get("type") == device.get("type") and integer(given.get("index"), -1) == integer(
        device.get("index"), -1
    )


def _filesystem(given: etree._Element, device: etree._Element) -> bool:
    target = value(given.find("target"), "dir")
    if target and value(device.find("target"), "dir") != target:
        return False
    alias = alias_of(given)
    return _agrees(given, device) and (not alias or alias_of(device) == alias)


def _sound(given: etree._Element, device: etree._Element) -> bool:
    alias = alias_of(given)
    return (
        given.get("model") == device.get("model")
        and _agrees(given, device)
        and (not alias or alias_of(device) in {"", alias})
    )


def _rng(given: etree._Element, device: etree._Element) -> bool:
    def identity(rng: etree._Element) -> tuple[Any, ...]:
        backend, rate = rng.find("backend"), rng.find("rate")
        text = "" if backend is None else (backend.text or "").strip()
        source = "" if backend is None else source_of(backend)
        limits = integer(value(rate, "bytes")), integer(value(rate, "period"))
        return (rng.get("model"), value(backend, "model"), text, source, limits)

    return identity(given) == identity(device) and _agrees(given, device)


def source_of(device: etree._Element) -> tuple[Any, ...]:
    """Return where a character device leads to, so that equal ones are equal."""
    parts = tuple(
        tuple(
            sorted((name, text) for name, text in source.attrib.items() if name != "append" or text != "off")
        )
        for source in device.iterfind("source")
    )
    return (
        device.get("type"),
        tuple(part for part in parts if part),
        value(device.find("protocol"), "type", "raw"),
    )


def _chardev(given: etree._Element, device: etree._Element) -> bool:
    if source_of(given) != source_of(device):
        return False
    mine, its = given.find("target"), device.find("target")
    if given.tag == "channel":
        names = ("type", "name", "address", "port")
        return all(value(mine, name) == value(its, name) for name in names)
    if given.tag == "serial" and value(mine, "type") not in {"", value(its, "type")}:
        return False
    return integer(value(mine, "port"), -1) == integer(value(its, "port"))


def _redirdev(given: etree._Element, device: etree._Element) -> bool:
    alias = alias_of(given)
    return (
        given.get("bus", "usb") == device.get("bus", "usb")
        and source_of(given) == source_of(device)
        and _agrees(given, device)
        and (not alias or alias_of(device) == alias)
    )


def _input(given: etree._Element, device: etree._Element) -> bool:
    same = given.get("type") == device.get("type") and given.get("bus") == device.get("bus")
    if same and given.get("type") in {"passthrough", "evdev"}:
        names = ("evdev", "dev")
        same = all(value(given.find("source"), name) == value(device.find("source"), name) for name in names)
    return same and _agrees(given, device)


def _watchdog(given: etree._Element, device: etree._Element) -> bool:
    names = ("model", "action")
    same = all(given.get(name, "reset") == device.get(name, "reset") for name in names)
    return same and address_of(given) == address_of(device)


def _shmem(given: etree._Element, device: etree._Element) -> bool:
    def identity(shmem: etree._Element) -> tuple[Any, ...]:
        size, server, msi = shmem.find("size"), shmem.find("server"), shmem.find("msi")
        return (
            shmem.get("name"),
            shmem.get("role", ""),
            value(shmem.find("model"), "type", "ivshmem"),
            0 if size is None else kib((size.text or "0").strip(), size.get("unit", "B")),
            None if server is None else server.get("path", ""),
            None if msi is None else (msi.get("vectors"), msi.get("ioeventfd")),
        )

    return identity(given) == identity(device) and _agrees(given, device)


def _vsock(given: etree._Element, device: etree._Element) -> bool:
    same = given.get("model", "virtio") == device.get("model", "virtio")
    return (
        same
        and value(given.find("cid"), "auto", "no") == value(device.find("cid"), "auto", "no")
        and _agrees(given, device)
    )


def size_of(memory: etree._Element, path: str = "target/size") -> int:
    """Return a size of a memory device in KiB."""
    size = memory.find(path)
    return 0 if size is None else kib((size.text or "0").strip(), size.get("unit", "KiB"))


def _memory(given: etree._Element, device: etree._Element) -> bool:
    def identity(memory: etree._Element) -> tuple[Any, ...]:
        texts = ("target/node", "source/nodemask", "source/path")
        sizes = ("target/size", "target/block", "target/requested", "source/pagesize")
        return (
            memory.get("model"),
            *((memory.findtext(path) or "").strip() for path in texts),
            *(size_of(memory, path) for path in sizes),
        )

    alias = alias_of(given)
    same = identity(given) == identity(device) and _agrees(given, device)
    return same and (not alias or alias_of(device) == alias)


_HOST_PCI = ("domain", "bus", "slot", "function")


def _hostdev(given: etree._Element, device: etree._Element) -> bool:
    if given.get("mode", "subsystem") != device.get("mode", "subsystem") or given.get("type") != device.get(
        "type"
    ):
        return False
    return host_device(given) == host_device(device)


def host_device(hostdev: etree._Element) -> tuple[Any, ...]:
    """Return which device of the host it is."""
    source = hostdev.find("source")
    if source is None:
        return ()
    address = source.find("address")
    kind = hostdev.get("type")
    if kind == "pci" and address is not None:
        return tuple(integer(address.get(name)) for name in _HOST_PCI)
    if kind == "usb":
        if address is not None and integer(address.get("bus")) and integer(address.get("device")):
            return (integer(address.get("bus")), integer(address.get("device")))
        return tuple(integer(value(source.find(name), "id")) for name in ("vendor", "product"))
    if kind == "mdev" and address is not None:
        return (address.get("uuid", "").lower(),)
    if kind == "scsi" and address is not None:
        numbers = tuple(integer(address.get(name)) for name in ("bus", "target", "unit"))
        return (value(source.find("adapter"), "name"), *numbers)
    return tuple(sorted((str(name), str(text)) for name, text in source.attrib.items()))


_SAME: dict[str, Callable[[etree._Element, etree._Element], bool]] = {
    "disk": _disk,
    "lease": _lease,
    "controller": _controller,
    "filesystem": _filesystem,
    "sound": _sound,
    "rng": _rng,
    "redirdev": _redirdev,
    "input": _input,
    "watchdog": _watchdog,
    "shmem": _shmem,
    "vsock": _vsock,
    "memory": _memory,
    "hostdev": _hostdev,
}
