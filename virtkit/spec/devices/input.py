"""Keyboards, mice and tablets."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath


class InputSpec(Device):
    """An input device: https://libvirt.org/formatdomain.html#input-devices. A bare string is its type."""

    short: ClassVar[str | None] = "type"

    type: Literal["tablet", "mouse", "keyboard", "passthrough", "evdev"] = "tablet"
    """What it is; passthrough and evdev are devices of the host."""
    bus: Literal["usb", "virtio", "ps2", "xen"] | None = None
    """What carries it; without it what libvirt chooses."""
    model: Literal["virtio", "virtio-transitional", "virtio-non-transitional"] | None = None
    """Which virtio a virtio device speaks."""
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
