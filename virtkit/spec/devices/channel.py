"""Channels between guest and host."""

from typing import Any, Literal

from virtkit.spec.devices.chardev import Chardev
from virtkit.spec.types import Line

AGENT = "org.qemu.guest_agent.0"
SPICE = "com.redhat.spice.0"


class ChannelSpec(Chardev):
    """A channel: https://libvirt.org/formatdomain.html#channel. ``agent`` and ``spice`` are short for the usual two."""

    name: Line | None = None
    """The name that the guest looks for: org.qemu.guest_agent.0 is the guest agent's."""
    target_type: Literal["virtio", "xen", "guestfwd"] = "virtio"
    """What carries it."""
    target_address: Line | None = None
    """guestfwd: the address that the guest connects to; its port is 'port'."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """``agent`` is the guest agent's channel, ``spice`` is SPICE's."""
        if value == "agent":
            return {"type": "unix", "name": AGENT}
        if value == "spice":
            return {"type": "spicevmc", "name": SPICE}
        return super().expand(value)
