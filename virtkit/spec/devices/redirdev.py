"""USB devices that a viewer hands over."""

from typing import Literal

from virtkit.spec.devices.chardev import Chardev, SourceType
from virtkit.spec.values import Positive


class RedirdevSpec(Chardev):
    """A place for a client's USB device: https://libvirt.org/formatdomain.html#redirected-devices.

    A bare string is its type.
    """

    type: SourceType = "spicevmc"
    """What carries it: SPICE, or a character device of the host such as tcp."""
    bus: Literal["usb"] = "usb"
    """What the guest sees it on."""
    boot_order: Positive | None = None
    """Its place among the devices that are booted from; 1 is first."""
