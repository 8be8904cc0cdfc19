"""Where sound goes on the host."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from virtkit.spec.base import Part
from virtkit.spec.devices.base import Device
from virtkit.spec.values import AbsPath, Line, Natural, Positive, Word


class AudioSideSpec(Part):
    """One direction of the sound."""

    options: dict[Word, Line] = Field(default_factory=dict)
    """More of libvirt's attributes: {bufferCount: "4", name: sink}."""
    dev: Line | None = None
    """The host's device."""
    mixing_engine: bool | None = None
    """Whether QEMU mixes and converts; it is needed for the settings below."""
    fixed_settings: bool | None = None
    """Whether the settings below hold, whatever the guest asks for."""
    voices: Positive | None = None
    """Number of voices."""
    buffer_length: Positive | None = None
    """The buffer in microseconds."""
    frequency: Positive | None = None
    """Samples a second."""
    channels: Positive | None = None
    """Number of channels: 1 is mono, 2 stereo."""
    format: Literal["s8", "u8", "s16", "u16", "s32", "u32", "f32"] | None = None
    """How a sample is written."""


class AudioSpec(Device):
    """Where sound goes on the host: https://libvirt.org/formatdomain.html#audio-backends.

    A bare string is its type.
    """

    short: ClassVar[str | None] = "type"

    id: Positive = 1
    """Its number, by which sound cards name it."""
    type: Literal[
        "none", "alsa", "coreaudio", "dbus", "file", "jack", "oss", "pulseaudio", "sdl", "spice"
    ] = "none"
    """The host's side; none is silence."""
    timer_period: Natural | None = None
    """Microseconds between looks at the buffers."""
    server: Line | None = None
    """pulseaudio: the server."""
    path: AbsPath | None = None
    """file: the file that is written."""
    driver: Literal["esd", "alsa", "arts", "pulseaudio"] | None = None
    """sdl: the driver."""
    options: dict[Word, Line] = Field(default_factory=dict)
    """More of libvirt's attributes: {exclusive: "yes"}."""
    input: AudioSideSpec | None = None
    """What the guest hears."""
    output: AudioSideSpec | None = None
    """What the guest plays."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        for key in ("alias", "address"):
            if getattr(self, key) is not None:
                yield key, "audio has none: it is no device of the guest"
        for key, kind in (("server", "pulseaudio"), ("path", "file"), ("driver", "sdl")):
            if getattr(self, key) is not None and self.type != kind:
                yield key, f"only {kind} has it, and this is {self.type}"
