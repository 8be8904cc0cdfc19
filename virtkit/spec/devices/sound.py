"""Sound cards."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.values import OneOrMore, Positive


class SoundSpec(Device):
    """A sound card: https://libvirt.org/formatdomain.html#sound-devices. A bare string is its model."""

    short: ClassVar[str | None] = "model"

    model: Literal["ich9", "ich6", "ich7", "ac97", "es1370", "sb16", "pcspk", "usb"] = "ich9"
    """What the guest sees."""
    audio: Positive | None = None
    """The number of the audio that it plays on; the first if none."""
    codecs: Annotated[list[Literal["duplex", "micro", "output"]], OneOrMore] = Field(default_factory=list)
    """What is connected to ich6 and ich9; duplex if none."""
