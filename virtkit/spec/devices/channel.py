"""Channels between guest and host."""

from collections.abc import Iterator
from typing import Any, Literal

from virtkit.spec.devices.chardev import Chardev
from virtkit.spec.values import Line, Natural

AGENT = "org.qemu.guest_agent.0"
SPICE = "com.redhat.spice.0"


class ChannelSpec(Chardev):
    """A channel: https://libvirt.org/formatdomain.html#channel.

    ``agent`` and ``spice`` are short for the usual two; another bare string is the host's side.
    """

    name: Line | None = None
    """The name that the guest looks for: org.qemu.guest_agent.0 is the guest agent's."""
    target_type: Literal["virtio", "xen", "guestfwd"] = "virtio"
    """What carries it."""
    port: Natural | None = None
    """guestfwd: the port that the guest connects to."""
    target_address: Line | None = None
    """guestfwd: the address that the guest connects to."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """``agent`` is the guest agent's channel, ``spice`` is SPICE's."""
        if value == "agent":
            return {"type": "unix", "name": AGENT}
        if value == "spice":
            return {"type": "spicevmc", "name": SPICE}
        return super().expand(value)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        yield from super().rules()
        if self.target_type == "guestfwd":
            for key in ("target_address", "port"):
                if getattr(self, key) is None:
                    yield key, "is required for guestfwd"
        elif self.target_address is not None:
            yield "target_address", f"only guestfwd has it, and this is {self.target_type}"
        if self.target_type == "xen" and self.name is None:
            yield "name", "is required for target_type xen"
