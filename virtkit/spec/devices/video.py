"""Graphics cards."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.values import AbsPath, Line, Positive, SmallSize, Word

VideoModel = Literal[
    "virtio", "vga", "qxl", "bochs", "cirrus", "ramfb", "none", "vmvga", "xen", "vbox", "gop"
]


class VideoSpec(Device):
    """A graphics card: https://libvirt.org/formatdomain.html#video-devices. A bare string is its model."""

    short: ClassVar[str | None] = "model"

    model: VideoModel = "virtio"
    """What the guest sees; none stops libvirt from adding one."""
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """libvirt's attributes of the driver of a virtio device: {iommu: "on", packed: "on"}."""
    vram: SmallSize | None = None
    """Video memory."""
    ram: SmallSize | None = None
    """qxl's primary memory."""
    vgamem: SmallSize | None = None
    """qxl's VGA framebuffer."""
    heads: Positive | None = None
    """Number of screens."""
    primary: bool | None = None
    """Whether it is the first card."""
    accel3d: bool | None = None
    """Whether 3D is accelerated by the host's GPU."""
    accel2d: bool | None = None
    """Whether 2D is accelerated (vbox)."""
    rendernode: AbsPath | None = None
    """The host's GPU, with vhostuser."""
    resolution_x: Positive | None = None
    """Width of the screen in pixels, with resolution_y."""
    resolution_y: Positive | None = None
    """Height of the screen in pixels."""
    driver: Literal["qemu", "vhostuser"] | None = None
    """Whether QEMU or a process of its own draws."""
    vgaconf: Literal["io", "on", "off"] | None = None
    """bhyve's VGA registers."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        for key in ("ram", "vgamem"):
            if getattr(self, key) is not None and self.model != "qxl":
                yield key, f"only qxl has it, and this is {self.model}"
        for key, other in (("resolution_x", "resolution_y"), ("resolution_y", "resolution_x")):
            if getattr(self, key) is not None and getattr(self, other) is None:
                yield other, f"is required with {key}"
