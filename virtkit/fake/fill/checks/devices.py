"""What libvirt's parser checks of each device, in its own words where it has them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.checks import agreement, characters, generic
from virtkit.fake.fill.checks.report import internal, unsupported, xml
from virtkit.fake.fill.nodes import integer, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.fill.parts import Parts

_MAC = re.compile(r"\A([0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}\Z")
_MODEL = re.compile(r"\A[A-Za-z0-9_-]*\Z")
_WWN = re.compile(r"\A(0x)?[0-9a-fA-F]{16}\Z")
_PORT_PATH = re.compile(r"\A\d+(\.\d+){0,3}\Z")
_ADDRESSES = (
    " none pci drive virtio-serial ccid usb spapr-vio virtio-s390 ccw virtio-mmio isa dimm unassigned "
)
_CONTROLLER_MODELS = {
    "pci": " pci-root pcie-root pci-bridge dmi-to-pci-bridge pcie-to-pci-bridge pcie-root-port"
    " pcie-switch-upstream-port pcie-switch-downstream-port pci-expander-bus pcie-expander-bus ",
    "usb": " piix3-uhci piix4-uhci ehci ich9-ehci1 ich9-uhci1 ich9-uhci2 ich9-uhci3 vt82c686b-uhci pci-ohci"
    " nec-xhci qusb1 qusb2 qemu-xhci none ",
    "scsi": " auto buslogic lsilogic lsisas1068 vmpvscsi ibmvscsi virtio-scsi lsisas1078 virtio-transitional"
    " virtio-non-transitional ncr53c90 dc390 am53c974 ",
    "virtio-serial": " virtio virtio-transitional virtio-non-transitional ",
    "ide": " piix3 piix4 ich6 ",
}
_COMPANIONS = {"ich9-uhci1", "ich9-uhci2", "ich9-uhci3"}
_SOURCES = {"network": "network", "bridge": "bridge", "direct": "dev"}
_ONE = {
    "watchdog": "only a single watchdog device is supported",
    "memballoon": "only a single memory balloon device is supported",
    "nvram": "only a single nvram device is supported",
}
_READING = (
    "disk controller lease filesystem interface smartcard parallel serial console channel input"
    " graphics sound audio video hostdev watchdog memballoon rng tpm nvram hub redirdev redirfilter"
    " panic shmem memory iommu vsock"
)
_RANK = {tag: number for number, tag in enumerate(_READING.split())}


def check(parts: Parts) -> None:
    """Check each device, kind by kind as libvirt reads them."""
    for tag in sorted(_RANK.keys() & parts.kinds(), key=_RANK.__getitem__):
        found = parts.of(tag)
        if len(found) > 1 and tag in _ONE:
            internal(_ONE[tag])
        own = _CHECKS.get(tag)
        for device in found:
            generic.walk(device, tag)
            if own is not None:
                own(device)
            for child in device:
                if child.tag == "address":
                    _address(child)
    if parts.of("controller"):
        _usb(parts)


def _address(address: etree._Element) -> None:
    kind = address.get("type")
    if kind is None:
        internal("No type specified for device address")
    if f" {kind} " not in _ADDRESSES:
        unsupported(f"unknown address type '{kind}'")
    if kind == "pci":
        agreement.pci_numbers(address)
    if kind == "usb" and not _PORT_PATH.match(address.get("port", "0")):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DEVICE, "Cannot parse <address> 'port' attribute")


def _disk(disk: etree._Element) -> None:
    source = disk.find("source")
    if source is not None and disk.get("type") == "network" and source.get("protocol") is None:
        generic.missing(source, "protocol")
    if (
        source is not None
        and disk.get("type") == "volume"
        and not (source.get("pool") and source.get("volume"))
    ):
        xml("'pool' and 'volume' must be specified together for 'pool' type source")
    for field in disk.iterfind("iotune/*"):
        if str(field.tag) != "group_name" and not (field.text or "").strip().isdigit():
            xml(f"disk iotune field '{field.tag!s}' must be an integer")
    wwn = disk.findtext("wwn")
    if wwn is not None and not _WWN.match(wwn):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, f"Malformed wwn: {wwn}")


def _controller(controller: etree._Element) -> None:
    kind, model = controller.get("type", ""), controller.get("model")
    if model is not None and f" {model} " not in _CONTROLLER_MODELS.get(kind, f" {model} "):
        unsupported(f"Unknown model type '{model}'")
    for tag in ("model", "target"):
        if len(controller.findall(tag)) > 1:
            xml(f"Multiple <{tag}> elements in controller definition not allowed")


def _usb(parts: Parts) -> None:
    usb = [each for each in parts.of("controller") if each.get("type") == "usb"]
    off = [each for each in usb if each.get("model") == "none"]
    if off and len(usb) > 1:
        message = "Can't add another USB controller: USB is disabled for this domain"
        fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, message)
    if (
        usb
        and not off
        and all(each.find("master") is not None or each.get("model") in _COMPANIONS for each in usb)
    ):
        fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, "No master USB controller specified")
    if off and any(each.get("type") == "usb" for each in parts.of("hub")):
        unsupported("Can't add USB hub: USB is disabled for this domain")
    if off and any(each.get("bus") == "usb" for each in parts.of("input")):
        unsupported("Can't add USB input device. USB bus is disabled")
    if off and any(each.get("type") == "usb" for each in parts.of("hostdev")):
        unsupported("Can't add host USB device: USB is disabled in this host")


def _interface(interface: etree._Element) -> None:
    kind = interface.get("type", "")
    mac = interface.find("mac")
    if mac is not None and mac.get("address") is not None:
        _mac(mac.get("address", ""))
    source = interface.find("source")
    if kind in _SOURCES:
        if source is None:
            xml(f"interface type='{kind}' requires a 'source' element")
        if source.get(_SOURCES[kind]) is None:
            generic.missing(source, _SOURCES[kind])
    model = value(interface.find("model"), "type")
    if not _MODEL.match(model):
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN, "Model name contains invalid characters")
    mtu = interface.find("mtu")
    if mtu is not None and not mtu.get("size", "").isdigit():
        xml("malformed mtu size")
    for limit in interface.iterfind("bandwidth/*"):
        for name in ("average", "peak", "burst", "floor"):
            text = limit.get(name)
            if text is not None and not text.isdigit():
                message = f"could not convert bandwidth {name} value '{text}'"
                unsupported(message, c.VIR_FROM_NONE)


def _mac(text: str) -> None:
    if not _MAC.match(text):
        xml(f"unable to parse mac address '{text}'")
    if int(text.split(":", maxsplit=1)[0], 16) & 1:
        xml(f"expected unicast mac address, found multicast '{text}'")


def _input(device: etree._Element) -> None:
    if device.get("type") is None:
        internal("missing input device type")


def _graphics(graphics: etree._Element) -> None:
    kind = graphics.get("type", "")
    for name in ("port", "tlsPort", "websocket"):
        text = graphics.get(name)
        if text is not None and not text.lstrip("-").isdigit():
            if kind in {"vnc", "rdp"} and name == "port":
                internal(f"cannot parse {kind} port {text}")
            expected = f"'{text}'. Expected integer value"
            message = f"Invalid value for attribute '{name}' in element 'graphics': {expected}"
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
    listen = graphics.find("listen")
    if listen is not None and listen.get("type") == "address":
        old, new = graphics.get("listen"), listen.get("address")
        if old and new and old != new:
            unsupported(
                f"graphics 'listen' attribute '{old}' must match 'address' attribute of first listen element "
                f"(found '{new}')"
            )
    socket = value(listen, "socket")
    if value(listen, "type") == "socket" and graphics.get("socket", socket) != socket and socket:
        unsupported(
            f"graphics 'socket' attribute '{graphics.get('socket')}' must match 'socket' attribute of first "
            f"listen element (found '{socket}')"
        )
    for each in graphics.iterfind("listen"):
        if each.get("type") == "network" and not each.get("network"):
            xml("'network' attribute is required for listen type 'network'")
    secret = graphics.get("passwd") is not None
    if kind == "vnc" and secret and graphics.get("connected", "keep") != "keep":
        unsupported("VNC supports connected='keep' only")
    until = graphics.get("passwdValidTo")
    if until is not None and secret and not _is_time(until):
        message = f"cannot parse password validity time '{until}', expect YYYY-MM-DDTHH:MM:SS"
        internal(message)


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return True


def _video(video: etree._Element) -> None:
    model = video.find("model")
    for name in ("ram", "vram", "vram64", "vgamem"):
        text = value(model, name, "0")
        if not text.isdigit():
            xml(f"cannot parse video {name} '{text}'")
    if not value(model, "heads", "1").isdigit():
        internal(f"cannot parse video heads '{value(model, 'heads')}'")


def _rng(rng: etree._Element) -> None:
    if len(rng.findall("backend")) != 1:
        xml("only one RNG backend is supported")
    backend = rng.find("backend")
    if backend is not None and backend.get("model") == "egd":
        characters.check_source(backend, backend.get("type", ""))


def _tpm(tpm: etree._Element) -> None:
    backends = tpm.findall("backend")
    if len(backends) > 1:
        xml("only one TPM backend is supported")
    if not backends:
        xml("missing TPM device backend")


def _hostdev(hostdev: etree._Element) -> None:
    source = hostdev.find("source")
    if hostdev.get("type") is None:
        xml("missing source address type")
    if source is None:
        xml("Missing <source> element in hostdev device")
    if hostdev.get("type") == "pci" and source.find("address") is None:
        return
    if hostdev.get("type") == "usb":
        vendor, product = source.find("vendor"), source.find("product")
        if (vendor is None) != (product is None):
            xml("missing vendor" if vendor is None else "missing product")


def _filesystem(filesystem: etree._Element) -> None:
    source, target = filesystem.find("source"), filesystem.find("target")
    place = "" if source is None else next((str(text) for text in source.attrib.values()), "")
    where = value(target, "dir")
    if source is None and filesystem.get("type", "mount") != "ram":
        fail(c.VIR_ERR_NO_SOURCE, c.VIR_FROM_DOMAIN, where or None)
    if not where:
        fail(c.VIR_ERR_NO_TARGET, c.VIR_FROM_DOMAIN, place or None)


def _redirdev(device: etree._Element) -> None:
    if device.get("type") is None:
        internal("missing type in redirdev")
    characters.check_source(device, device.get("type", ""))


def _smartcard(device: etree._Element) -> None:
    if device.get("mode") == "passthrough":
        characters.check_source(device, device.get("type", ""))


def _shmem(device: etree._Element) -> None:
    if not device.get("name"):
        xml("shmem element must contain 'name' attribute")


def _vsock(device: etree._Element) -> None:
    address = value(device.find("cid"), "address")
    if address and integer(address) < 3 and value(device.find("cid"), "auto") != "yes":
        unsupported("guest CIDs must be >= 3")


_CHECKS: dict[str, Callable[[etree._Element], None]] = {
    "disk": _disk,
    "controller": _controller,
    "interface": _interface,
    "input": _input,
    "graphics": _graphics,
    "video": _video,
    "rng": _rng,
    "tpm": _tpm,
    "hostdev": _hostdev,
    "filesystem": _filesystem,
    "serial": characters.check,
    "parallel": characters.check,
    "console": characters.check,
    "channel": characters.check,
    "redirdev": _redirdev,
    "smartcard": _smartcard,
    "shmem": _shmem,
    "vsock": _vsock,
}
