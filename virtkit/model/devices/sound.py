"""Sound cards, and where their sound goes."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, Text, YesNo
from virtkit.model.shared import Device, VirtioOptions
from virtkit.model.views import View


class Codec(View):
    """A codec of a sound card."""

    TAG = "codec"
    type = Choice[Literal["duplex", "micro", "output"]]("@type")


class Sound(Device):
    """A sound card."""

    TAG = "sound"
    model = Choice[Literal["sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "ich7", "virtio"]](
        "@model"
    )
    streams = Integer("@streams")
    multichannel = YesNo("@multichannel")
    driver = Child(VirtioOptions)
    codecs = Children(Codec)
    audio_id = Integer("audio/@id")


class AudioSettings(View):
    """How sound is encoded."""

    TAG = "settings"
    frequency = Integer("@frequency")
    channels = Integer("@channels")
    format = Choice[Literal["s8", "u8", "s16", "u16", "s32", "u32", "f32"]]("@format")


class AudioStream(View):
    """One direction of a sound device of the host; which fields count depends on its ``type``."""

    mixing_engine = YesNo("@mixingEngine")
    fixed_settings = YesNo("@fixedSettings")
    voices = Integer("@voices")
    buffer_length = Integer("@bufferLength")
    dev = Text("@dev")
    try_poll = YesNo("@tryPoll")
    buffer_count = Integer("@bufferCount")
    latency = Integer("@latency")
    name = Text("@name")
    stream_name = Text("@streamName")
    server_name = Text("@serverName")
    client_name = Text("@clientName")
    connect_ports = Text("@connectPorts")
    exact_name = YesNo("@exactName")
    settings = Child(AudioSettings)


class Audio(View):
    """A sound device of the host."""

    TAG = "audio"
    KEEP = True
    id = Integer("@id")
    type = Choice[
        Literal[
            "none",
            "alsa",
            "coreaudio",
            "dbus",
            "jack",
            "oss",
            "pipewire",
            "pulseaudio",
            "sdl",
            "spice",
            "file",
        ]
    ]("@type")
    timer_period = Integer("@timerPeriod")
    server_name = Text("@serverName")
    driver = Text("@driver")
    path = Text("@path")
    try_mmap = YesNo("@tryMMap")
    exclusive = YesNo("@exclusive")
    dsp_policy = Integer("@dspPolicy")
    runtime_dir = Text("@runtimeDir")
    input = Child(AudioStream, "input")
    output = Child(AudioStream, "output")
