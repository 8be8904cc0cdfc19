"""USB addresses: ports of controllers and hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, integer, value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_HUB_PORTS, _DEPTH = 8, 4
_PORTS = {
    "": 2, "piix3-uhci": 2, "piix4-uhci": 2, "vt82c686b-uhci": 2, "ehci": 6, "ich9-ehci1": 6, "pci-ohci": 3,
    "nec-xhci": 4, "qemu-xhci": 4, "qusb1": 8, "qusb2": 8,
}  # fmt: skip
_OWN_PORTS = {"nec-xhci", "qemu-xhci", "qusb1", "qusb2"}


class _Hub:
    """A controller or a hub: its ports, and the hubs in them."""

    def __init__(self, ports: int) -> None:
        self.ports, self.taken, self.hubs = ports, set[int](), dict[int, _Hub]()

    def free(self, level: int = 1) -> list[int] | None:
        """Return the way to the first free port."""
        for port in range(1, self.ports + 1):
            if port not in self.taken:
                return [port]
        if level < _DEPTH:
            for port, hub in sorted(self.hubs.items()):
                way = hub.free(level + 1)
                if way:
                    return [port, *way]
        return None


def assign(draft: Draft) -> None:
    """Give each USB device of *draft* a port, and the guest the hubs that this takes."""
    if not draft.new and any(not _way(device) for device in _devices(draft, hubs=True)):
        return  # a guest that may run has its own order
    _add_hubs(draft)
    buses: dict[int, _Hub] = {}
    for controller in draft.controllers("usb"):
        _add_controller(controller, buses)
    hubs = [each for each in draft.all("hub") if each.get("type") == "usb"]
    for hub in hubs:
        if _way(hub):
            _plug_hub(hub, buses)
    for device in _devices(draft, hubs=False):
        if _way(device):
            _take(device, buses)
    for hub in hubs:
        if not _way(hub):
            _assign(hub, buses)
            _plug_hub(hub, buses)
    for device in _devices(draft, hubs=False):
        if value(device.find("address"), "type", "usb") == "usb" and not _way(device):
            _assign(device, buses)


def _ports(controller: etree._Element) -> int:
    model = controller.get("model", "")
    number = _PORTS.get(model, 0)
    return integer(controller.get("ports"), number) if model in _OWN_PORTS else number


def _add_controller(controller: etree._Element, buses: dict[int, _Hub]) -> None:
    ports, index = _ports(controller), integer(controller.get("index"))
    if not ports:
        return
    if index in buses:
        _fail(f"Duplicate USB controllers with index {index}")
    buses[index] = _Hub(ports)


def _devices(draft: Draft, *, hubs: bool) -> Iterator[etree._Element]:
    """Yield what is plugged into USB, in the order in which it gets its ports."""
    if hubs:
        yield from (each for each in draft.all("hub") if each.get("type") == "usb")
    yield from (each for each in draft.all("hostdev") if each.get("type") == "usb")
    yield from (each for each in draft.all("disk") if value(each.find("target"), "bus") == "usb")
    yield from draft.controllers("ccid")
    yield from (each for each in draft.all("input") if each.get("bus") == "usb")
    for serial in draft.all("serial"):
        if value(serial.find("target"), "type") == "usb-serial":
            yield serial
    yield from (each for each in draft.all("sound") if each.get("model") == "usb")
    yield from (each for each in draft.all("redirdev") if each.get("bus") == "usb")


def _add_hubs(draft: Draft) -> None:
    available = sum(_ports(each) for each in draft.controllers("usb"))
    available += _HUB_PORTS * sum(each.get("type") == "usb" for each in draft.all("hub"))
    count = sum(1 for _ in _devices(draft, hubs=True))
    if count and not any(each.get("model") != "none" for each in draft.controllers("usb")):
        message = "USB is disabled for this domain, but USB devices are present in the domain XML"
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
    if count > available:
        for _ in range(-(-(count - available + 1) // (_HUB_PORTS - 1))):
            draft.add("hub", type="usb")


def _way(device: etree._Element) -> list[int]:
    """Return the ports that lead to *device*, nothing if it has none yet."""
    address = device.find("address")
    if address is None or address.get("type") != "usb":
        return []
    return [integer(port) for port in address.get("port", "").split(".") if integer(port)]


def _fail(message: str) -> None:
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, message)


def _find(device: etree._Element, buses: dict[int, _Hub]) -> tuple[_Hub, int]:
    """Return the hub that *device* is plugged into, and the port."""
    bus = integer(value(device.find("address"), "bus"))
    way = _way(device)
    text = ".".join(str(port) for port in way)
    if bus not in buses:
        _fail(f"Missing USB bus {bus}")
    hub = buses[bus]
    for port in way[:-1]:
        if port > hub.ports:
            _fail(f"port {port} out of range in USB address bus: {bus} port: {text}")
        if port not in hub.hubs:
            _fail(f"there is no hub at port {port} in USB address bus: {bus} port: {text}")
        hub = hub.hubs[port]
    if way[-1] > hub.ports:
        _fail(f"requested USB port {text} not present on USB bus {bus}")
    return hub, way[-1]


def _plug_hub(device: etree._Element, buses: dict[int, _Hub]) -> None:
    hub, port = _find(device, buses)
    if port in hub.hubs:
        bus, text = value(device.find("address"), "bus"), ".".join(map(str, _way(device)))
        _fail(f"Duplicate USB hub on bus {bus} port {text}")
    hub.taken.add(port)
    hub.hubs[port] = _Hub(_HUB_PORTS)


def _take(device: etree._Element, buses: dict[int, _Hub]) -> None:
    hub, port = _find(device, buses)
    if port in hub.taken:
        bus, text = value(device.find("address"), "bus"), ".".join(map(str, _way(device)))
        _fail(f"Duplicate USB address bus {bus} port {text}")
    hub.taken.add(port)


def _assign(device: etree._Element, buses: dict[int, _Hub]) -> None:
    address = device.find("address")
    candidates = sorted(buses)
    if address is not None:
        candidates = [integer(address.get("bus"))]
        if candidates[0] not in buses:
            _fail(f"USB bus {candidates[0]} requested but no controller with that index is present")
    for bus in candidates:
        way = buses[bus].free()
        if way:
            if address is None:
                address = add(device, "address", type="usb")
            address.set("bus", str(bus))
            address.set("port", ".".join(map(str, way)))
            _take(device, buses)
            return
    fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "No free USB ports")
