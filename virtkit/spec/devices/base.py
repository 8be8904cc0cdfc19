"""What every device has in common."""

from typing import Any

from virtkit.spec.base import Part
from virtkit.spec.types import Alias, Line


class Device(Part):
    """A device of a domain: https://libvirt.org/formatdomain.html#devices."""

    alias: Alias | None = None
    """A name that stays, for events and overlays: 'ua-' and then letters, digits, _ or -."""
    address: dict[str, Line] | None = None
    """Where the guest sees the device, as libvirt's attributes: {type: pci, bus: "0x01", slot: "0x00"}."""

    def completed(self, **context: Any) -> "Device":  # noqa: ARG002 # devices that have defaults look at it
        """Return a copy in which everything that XML needs is set; *context* is the domain's."""
        return self
