"""Serial and parallel ports, consoles and channels."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Integer, Text
from virtkit.model.shared import CharacterDevice
from virtkit.model.views import View


class PortTarget(View):
    """Which of its kind a serial or parallel port is."""

    TAG = "target"
    type = Text("@type")
    port = Integer("@port")
    model = Text("model/@name")


class Serial(CharacterDevice):
    """A serial port."""

    TAG = "serial"
    target = Child(PortTarget)


class Parallel(CharacterDevice):
    """A parallel port."""

    TAG = "parallel"
    target = Child(PortTarget)


class Console(CharacterDevice):
    """A console; a serial port that is the first console has a console beside it."""

    TAG = "console"
    target = Child(PortTarget)


class ChannelTarget(View):
    """The guest's end of a channel."""

    TAG = "target"
    type = Choice[Literal["virtio", "guestfwd", "xen"]]("@type")
    name = Text("@name")
    address = Text("@address")
    port = Integer("@port")
    state = Choice[Literal["connected", "disconnected"]]("@state")


class Channel(CharacterDevice):
    """A private line between host and guest, such as the guest agent's."""

    TAG = "channel"
    target = Child(ChannelTarget)
