"""Keyboards, mice and tablets."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import AbsPath, Line, Word


class InputSpec(Device):
    """An input device: https://libvirt.org/formatdomain.html#input-devices. A bare string is its type."""

    short: ClassVar[str | None] = "type"

    type: Literal["tablet", "mouse", "keyboard", "passthrough", "evdev"] = "tablet"
    """What it is; passthrough and evdev are devices of the host."""
    bus: Literal["usb", "virtio", "ps2", "xen"] | None = None
    """What carries it; without it what libvirt chooses."""
    model: Literal["virtio", "virtio-transitional", "virtio-non-transitional"] | None = None
    """Which virtio a virtio device speaks."""
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """libvirt's attributes of the driver of a virtio device: {iommu: "on", packed: "on"}."""
    source: AbsPath | None = None
    """The host's device: /dev/input/event1."""
    grab: bool | None = None
    """evdev: whether all the host's input devices are taken together."""
    grab_toggle: (
        Literal["ctrl-ctrl", "alt-alt", "shift-shift", "meta-meta", "scrolllock", "ctrl-scrolllock"] | None
    ) = None
    """evdev: the keys that switch between host and guest."""
    repeat: bool | None = None
    """evdev: whether keys repeat."""

    def complete(self, around: Surroundings) -> Self:  # noqa: ARG002 # it is the same everywhere
        """Return a copy with the one bus that a passthrough device can have."""
        return self if self.type != "passthrough" or self.bus else self.filled({"bus": "virtio"})

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        host = self.type in {"passthrough", "evdev"}
        if host and self.source is None:
            yield "source", f"is required for type {self.type}: the host's device"
        if not host and self.source is not None:
            yield "source", f"a {self.type} has none: use type evdev or passthrough"
        if self.type == "evdev" and self.bus is not None:
            yield "bus", "evdev has none"
        if self.type == "passthrough" and self.bus not in {None, "virtio"}:
            yield "bus", "passthrough is on virtio only"
        if self.model is not None and self.bus != "virtio" and self.type != "passthrough":
            yield "model", "only devices on virtio have it: set bus: virtio"
        if self.driver_options and self.bus != "virtio" and self.type != "passthrough":
            yield "driver_options", "only devices on virtio have them: set bus: virtio"
        for key in ("grab", "grab_toggle", "repeat"):
            if getattr(self, key) is not None and self.type != "evdev":
                yield key, f"only evdev has it, and this is a {self.type}"
