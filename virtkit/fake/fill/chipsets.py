"""The devices that PC chipsets have built in, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.buses import AUTO, PCI, PCIE, Buses, Place
from virtkit.fake.fill.connecting import needs
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.fill.places import place_of, put, wanted

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_IDE, _PIIX3_USB, _SATA = Place(0, 1, 1), Place(0, 1, 2), Place(0, 0x1F, 2)
_NO_PCI_VIDEO = {"none", "ramfb"}


def reserve(draft: Draft, buses: Buses) -> None:
    """Give the integrated devices their places and take those of the chipset itself."""
    if draft.i440fx:
        _piix3(draft, buses)
    elif draft.q35:
        _ich9(draft, buses)


def _piix3(draft: Draft, buses: Buses) -> None:
    bits = AUTO | PCI
    for controller in draft.all("controller"):
        kind = controller.get("type")
        if integer(controller.get("index")):
            continue
        if kind == "ide":
            message = "Primary IDE controller must have PCI address 0:0:1.1"
            _fixed(controller, _IDE, message)
        elif kind == "usb" and controller.get("model", "") in {"", "piix3-uhci"}:
            message = "PIIX3 USB controller at index 0 must have PCI address 0:0:1.2"
            _fixed(controller, _PIIX3_USB, message)
        else:
            continue
        if buses.all:
            buses.reserve(place_of(controller) or _IDE, bits)
    if buses.all:
        buses.reserve(Place(0, 1, 0), bits)  # the ISA bridge
        buses.reserve(Place(0, 1, 3), bits)  # power management
    _first_video(draft, buses, Place(0, 2), bits)


def _ich9(draft: Draft, buses: Buses) -> None:
    for controller in draft.all("controller"):
        kind, model = controller.get("type"), controller.get("model")
        if kind == "sata" and not integer(controller.get("index")):
            _fixed(controller, _SATA, "Primary SATA controller must have PCI address 0:0:1f.2")
        elif controller.find("address") is not None:
            continue
        elif kind == "usb" and model == "ich9-uhci1":
            _favourite(controller, buses, (0x1D, 0x1A), multifunction=True)
        elif kind == "pci" and model == "dmi-to-pci-bridge":
            _favourite(controller, buses, (0x1E,))
    if buses.all:
        buses.reserve(Place(0, 0x1F, 0), PCIE)  # the ISA bridge
        buses.reserve(Place(0, 0x1F, 3), PCIE)  # the SMBus
    _first_video(draft, buses, Place(0, 1), PCIE)
    _first_sound(draft, buses)


def _fixed(controller: etree._Element, place: Place, message: str) -> None:
    given = place_of(controller)
    if given is None:
        put(controller, place)
    elif given != place:
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_QEMU, message)


def _favourite(
    controller: etree._Element, buses: Buses, slots: tuple[int, ...], *, multifunction: bool = False
) -> None:
    """Put *controller* where real hardware has it, if that is free."""
    for slot in slots:
        place = Place(0, slot)
        if not buses.used(place):
            buses.reserve(place, PCIE)
            put(controller, place, multifunction=multifunction)
            return


def _first_video(draft: Draft, buses: Buses, place: Place, bits: int) -> None:
    video = draft.devices.find("video")
    if video is None or value(video.find("model"), "type") in _NO_PCI_VIDEO or not wanted(video):
        return
    buses.check(place, bits, given=True)
    if buses.used(place):
        place = buses.next(needs(video, draft))
        if buses.grows:
            return  # it is not written down yet
    else:
        buses.reserve(place, bits)
    put(video, place)


def _first_sound(draft: Draft, buses: Buses) -> None:
    place = Place(0, 0x1B)
    if buses.used(place):
        return
    for sound in draft.all("sound"):
        if sound.get("model") == "ich9" and wanted(sound):
            buses.reserve(place, PCIE)
            put(sound, place)
            return
