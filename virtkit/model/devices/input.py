"""Input devices: keyboards, mice, tablets."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Text
from virtkit.model.shared import Device, VirtioOptions
from virtkit.model.views import View


class InputSource(View):
    """The device of the host that a guest's input comes from."""

    TAG = "source"
    evdev = Text("@evdev")
    dev = Text("@dev")
    grab = Choice[Literal["all"]]("@grab")
    repeat = Choice[Literal["on", "off"]]("@repeat")
    grab_toggle = Text("@grabToggle")


class Input(Device):
    """A keyboard, mouse or tablet."""

    TAG = "input"
    type = Choice[Literal["tablet", "mouse", "keyboard", "passthrough", "evdev"]]("@type")
    bus = Choice[Literal["usb", "ps2", "virtio", "xen", "parallels", "none"]]("@bus")
    model = Choice[Literal["virtio", "virtio-transitional", "virtio-non-transitional"]]("@model")
    driver = Child(VirtioOptions)
    source = Child(InputSource)
