"""Video: a guest's graphics cards."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Integer, OnOff, Text, YesNo
from virtkit.model.shared import Device, VirtioOptions
from virtkit.model.views import View


class Acceleration(View):
    """What a card's drawing may use of the host."""

    TAG = "acceleration"
    accel2d = YesNo("@accel2d")
    accel3d = YesNo("@accel3d")
    rendernode = Text("@rendernode")


class VideoModel(View):
    """What kind of card it is; sizes of memory in KiB."""

    TAG = "model"
    type = Choice[
        Literal[
            "vga",
            "cirrus",
            "vmvga",
            "xen",
            "vbox",
            "virtio",
            "gop",
            "none",
            "bochs",
            "ramfb",
            "qxl",
            "parallels",
        ]
    ]("@type")
    device = Choice[
        Literal[
            "virtio-vga",
            "virtio-vga-gl",
            "virtio-gpu",
            "virtio-gpu-gl",
            "vhost-user-vga",
            "vhost-user-gpu",
        ]
    ]("@device")
    vram = Integer("@vram")
    vram64 = Integer("@vram64")
    ram = Integer("@ram")
    vgamem = Integer("@vgamem")
    heads = Integer("@heads")
    blob = OnOff("@blob")
    edid = OnOff("@edid")
    primary = YesNo("@primary")
    acceleration = Child(Acceleration)
    resolution_x = Integer("resolution/@x")
    resolution_y = Integer("resolution/@y")


class VideoDriver(VirtioOptions):
    """How the host does a card's work."""

    name = Choice[Literal["qemu", "vhostuser"]]("@name")
    vgaconf = Choice[Literal["io", "on", "off"]]("@vgaconf")


class Video(Device):
    """A graphics card."""

    TAG = "video"
    driver = Child(VideoDriver)
    model = Child(VideoModel)
