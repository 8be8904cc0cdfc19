"""Serial ports."""

from typing import Literal

from virtkit.spec.devices.chardev import Chardev
from virtkit.spec.values import Natural


class SerialSpec(Chardev):
    """A serial port: https://libvirt.org/formatdomain.html#serial-port. A bare string is the host's side."""

    port: Natural | None = None
    """Its number among its kind: 0 is the first."""
    target_type: (
        Literal[
            "isa-serial",
            "usb-serial",
            "pci-serial",
            "spapr-vio-serial",
            "system-serial",
            "sclp-serial",
            "isa-debug",
        ]
        | None
    ) = None
    """What carries it; without it what the machine has."""
    target_model: (
        Literal[
            "isa-serial",
            "usb-serial",
            "pci-serial",
            "spapr-vty",
            "pl011",
            "16550a",
            "sclpconsole",
            "sclplmconsole",
            "isa-debugcon",
        ]
        | None
    ) = None
    """The chip."""
