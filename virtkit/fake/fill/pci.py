"""PCI addresses: what the machine has fixed, what the document gives, and the rest in libvirt's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import chipsets
from virtkit.fake.fill.buses import AUTO, PCI, PCIE, Buses, Place
from virtkit.fake.fill.connecting import needs
from virtkit.fake.fill.controllers import add_controller
from virtkit.fake.fill.nodes import add, child, integer, value
from virtkit.fake.fill.places import place_of, put, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.fill.draft import Draft

# the order in which devices that have an address reserve it
ITERATION = (
    "disk interface sound hostdev video controller smartcard serial parallel channel input filesystem"
    " watchdog memballoon rng nvram hub shmem tpm panic memory redirdev iommu vsock"
)
_COMPANIONS = {"ich9-ehci1": 7, "ich9-uhci1": 0, "ich9-uhci2": 1, "ich9-uhci3": 2}
_ROOTS = {"pci-root", "pcie-root"}


def assign(draft: Draft) -> None:
    """Give every PCI device of *draft* an address, and it the controllers that this takes."""
    highest = max((integer(each.get("index")) for each in draft.controllers("pci")), default=-1)
    count = highest + 1
    if count:
        count = _grow(draft, count)
    buses = _collect(draft, count, grows=False)
    if not draft.has_pci:
        return
    chipsets.reserve(draft, buses)
    _place_all(draft, buses, write=True)
    _mark_multifunction(draft)


def _grow(draft: Draft, count: int) -> int:
    """Find out how many buses it takes, and add the controllers of those that are missing."""
    buses = _collect(draft, count, grows=True)
    chipsets.reserve(draft, buses)
    if draft.has_root("pci-root") and not all(bus.full for bus in buses.all):
        buses.next(AUTO | PCI)  # room for one more device
    _place_all(draft, buses, write=False)
    if count <= 1 and len(buses.all) > count and draft.has_root("pcie-root"):
        buses.next(AUTO | PCIE)  # a port to plug into
    for number in range(1, len(buses.all)):
        if draft.controller("pci", number) is not None:
            continue
        model = buses.all[number].model
        controller = add_controller(draft, "pci", number, model)
        draft.grown.append(controller)
        if model not in _ROOTS:
            buses.next(needs(controller, draft))
    return len(buses.all)


def _addressed(draft: Draft) -> Iterator[etree._Element]:
    for device in draft.in_order(ITERATION):
        if place_of(device) is not None:
            yield device


def _collect(draft: Draft, count: int, *, grows: bool) -> Buses:
    """Return the buses of *draft* with all that the document itself places."""
    bridges = draft.emulator.has("pcie-pci-bridge")
    buses = Buses(count, grows=grows, roots=draft.pseries, bridges=bridges)
    express = False
    for controller in draft.controllers("pci"):
        model = controller.get("model", "")
        buses.all[integer(controller.get("index"))].become(model)
        express = express or model == "pcie-root"
    if count and not buses.all[0].model:
        buses.all[0].become("pci-root")
    for bus in buses.all[1:]:
        if not bus.model:
            bus.become("pci-root" if draft.pseries else "pcie-root-port" if express else "pci-bridge")
    for device in _addressed(draft):
        place = place_of(device)
        if place is None or _on_piix3(device, place, buses):
            continue
        buses.reserve(place, needs(device, draft) or PCI)
    return buses


def _on_piix3(device: etree._Element, place: Place, buses: Buses) -> bool:
    """Return whether *device* is an integrated controller of the PIIX3, which the chipset reserves."""
    if device.tag != "controller" or place[:2] != (0, 1) or integer(device.get("index")):
        return False
    kind, model = device.get("type"), device.get("model", "")
    if not (
        (kind == "ide" and place.function == 1)
        or (kind == "usb" and model in {"", "piix3-uhci"} and place.function == 2)
    ):
        return False
    if buses.all and not buses.all[0].offers & PCI:
        message = "Bus 0 must be PCI for integrated PIIX3 USB or IDE controllers"
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_QEMU, message)
    return True


def _place_all(draft: Draft, buses: Buses, *, write: bool) -> None:
    """Find a place for each device that has none; *write* it down."""
    found: dict[etree._Element, Place] = {}  # this round's, where nothing is written down
    for device in _in_turn(draft):
        bits = needs(device, draft)
        if not bits or not wanted(device) or device in found:
            continue
        model = device.get("model", "")
        if device.tag == "controller" and device.get("type") == "usb" and model in _COMPANIONS:
            place = _companion(draft, buses, device, found)
        else:
            place = buses.next(bits)
        found[device] = place
        if write:
            put(device, place, multifunction=model == "ich9-uhci1" and device.tag == "controller")


def _companion(
    draft: Draft, buses: Buses, device: etree._Element, found: dict[etree._Element, Place]
) -> Place:
    """Place one of the controllers that together are a USB 2 controller: all in one slot."""
    function = _COMPANIONS[device.get("model", "")]
    bits = needs(device, draft)
    for other in draft.controllers("usb"):
        same = other.get("model", "") in _COMPANIONS and other.get("index") == device.get("index")
        place = place_of(other) or found.get(other)
        if same and place is not None:
            return buses.reserve(place._replace(function=function), bits)
    return buses.next(bits, function)


def _in_turn(draft: Draft) -> Iterator[etree._Element]:
    """Yield what may need an address, in the order in which libvirt hands them out."""
    yield from (each for each in draft.controllers("pci") if each.get("model") not in _ROOTS)
    yield from draft.all("filesystem")
    yield from (each for each in draft.all("interface") if each.get("type") != "hostdev")
    yield from draft.all("sound")
    for controller in draft.all("controller"):
        if controller.get("type") == "pci" or (
            controller.get("type") == "ide" and integer(controller.get("index")) == 0
        ):
            continue
        yield controller
    yield from draft.all("disk")
    yield from (each for each in draft.all("interface") if each.get("type") == "hostdev")
    for hostdev in draft.all("hostdev"):
        if hostdev.get("type") != "mdev" or hostdev.get("model") == "vfio-pci":
            yield hostdev
    yield from draft.in_order("memballoon rng watchdog video shmem input serial iommu vsock memory")


def _mark_multifunction(draft: Draft) -> None:
    """Say of function 0 that there are others, where there are."""
    places = [(device, place_of(device)) for device in _addressed(draft)]
    several = {place[:2] for _, place in places if place is not None and place.function}
    for device, place in places:
        if place is not None and place[:2] in several and not place.function:
            address = device.find("address")
            if address is not None and address.get("multifunction") is None:
                address.set("multifunction", "on")


# what controllers say about themselves once they have a place

_NAMES = {
    "pci-bridge": "pci-bridge",
    "dmi-to-pci-bridge": "i82801b11-bridge",
    "pcie-to-pci-bridge": "pcie-pci-bridge",
    "pcie-switch-upstream-port": "x3130-upstream",
    "pcie-switch-downstream-port": "xio3130-downstream",
    "pci-expander-bus": "pxb",
    "pcie-expander-bus": "pxb-pcie",
}


def describe(draft: Draft) -> None:
    """Fill in the model names and targets of the PCI controllers."""
    if not draft.has_pci:
        return
    for controller in draft.controllers("pci"):
        model, index = controller.get("model", ""), controller.get("index", "0")
        name = _NAMES.get(model)
        if model == "pcie-root-port":
            name = "pcie-root-port" if draft.emulator.has("pcie-root-port") else "ioh3420"
        elif model == "pci-root" and draft.pseries:
            name = "spapr-pci-host-bridge"
        if name and value(controller.find("model"), "name") == "":
            child(controller, "model").set("name", name)
        _target(draft, controller, model, index)
        _check_index(controller, model, index)


def _target(draft: Draft, controller: etree._Element, model: str, index: str) -> None:
    place = place_of(controller) or Place(0, 0)
    wanted: dict[str, str] = {}
    if model == "pci-bridge":
        wanted["chassisNr"] = index
    elif model == "pcie-root-port":
        wanted |= {"chassis": index, "port": f"0x{(place.slot << 3) + place.function:x}"}
    elif model == "pcie-switch-downstream-port":
        wanted |= {"chassis": index, "port": f"0x{place.slot:x}"}
    elif model in {"pci-expander-bus", "pcie-expander-bus"}:
        wanted["busNr"] = str(_free_bus_number(draft, place))
    elif model == "pci-root" and draft.pseries:
        wanted["index"] = "0" if index == "0" else _free_host_bridge(draft)
    if wanted:
        target = controller.find("target")
        if target is None:
            target = add(controller, "target")
        for key, text in wanted.items():
            if target.get(key) is None:
                target.set(key, text)


def _free_bus_number(draft: Draft, place: Place) -> int:
    taken = [integer(value(each.find("target"), "busNr", "256")) for each in draft.controllers("pci")]
    lowest = min([256, *taken])
    if lowest <= 2 and 256 not in taken:
        message = (
            "No free busNr lower than current lowest busNr is available to auto-assign to bus "
            f"{place.bus}. Must be manually assigned"
        )
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
    return lowest - 2


def _free_host_bridge(draft: Draft) -> str:
    taken = {value(each.find("target"), "index") for each in draft.controllers("pci")}
    return next((str(number) for number in range(1, 32) if str(number) not in taken), "")


def _check_index(controller: etree._Element, model: str, index: str) -> None:
    place, number = place_of(controller), integer(index)
    if model == "pci-bridge" and place is not None and number <= place.bus:
        message = (
            f"PCI controller at index {number} (0x{number:02x}) has bus='0x{place.bus:02x}', "
            "but index must be larger than bus"
        )
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
