"""Reading and writing the PCI address of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.buses import Place
from virtkit.fake.fill.nodes import add, integer

if TYPE_CHECKING:
    from lxml import etree


def place_of(device: etree._Element) -> Place | None:
    """Return where on PCI *device* is, None if it is not, or not yet."""
    address = device.find("address")
    if address is None or address.get("type") != "pci":
        return None
    place = Place(
        bus=integer(address.get("bus")),
        slot=integer(address.get("slot")),
        function=integer(address.get("function")),
        domain=integer(address.get("domain")),
    )
    return place if place.domain or place.bus or place.slot else None


def wanted(device: etree._Element) -> bool:
    """Return whether *device* may still get a PCI address."""
    address = device.find("address")
    return address is None or (address.get("type") == "pci" and place_of(device) is None)


def put(device: etree._Element, place: Place, *, multifunction: bool = False) -> None:
    """Write the address of *device*."""
    address = device.find("address")
    if address is None:
        address = add(device, "address", type="pci")
    address.set("domain", f"0x{place.domain:04x}")
    address.set("bus", f"0x{place.bus:02x}")
    address.set("slot", f"0x{place.slot:02x}")
    address.set("function", f"0x{place.function:x}")
    if multifunction:
        address.set("multifunction", "on")
