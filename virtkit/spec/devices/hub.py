"""USB hubs."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device


class HubSpec(Device):
    """A hub: https://libvirt.org/formatdomain.html#hub-devices. ``true`` is a USB hub."""

    short: ClassVar[str | None] = "type"

    type: Literal["usb"] = "usb"
    """What it is a hub of."""
