"""What the guest's firmware tells of the machine: SMBIOS."""

from typing import Literal

from pydantic import Field

from virtkit.spec.base import Part
from virtkit.spec.values import Text

_Bios = Literal["vendor", "version", "date", "release"]
_System = Literal["manufacturer", "product", "version", "serial", "uuid", "sku", "family"]
_Board = Literal["manufacturer", "product", "version", "serial", "asset", "location"]
_Chassis = Literal["manufacturer", "version", "serial", "asset", "sku"]


class SysinfoSpec(Part):
    """What SMBIOS says: https://libvirt.org/formatdomain.html#smbios-system-information."""

    bios: dict[_Bios, Text] = Field(default_factory=dict)
    """Of the firmware: {vendor: ACME, date: 10/28/2026}."""
    system: dict[_System, Text] = Field(default_factory=dict)
    """Of the machine: {manufacturer: ACME, serial: "12345"}; a uuid has to be the domain's."""
    board: dict[_Board, Text] = Field(default_factory=dict)
    """Of the main board."""
    chassis: dict[_Chassis, Text] = Field(default_factory=dict)
    """Of the case."""
