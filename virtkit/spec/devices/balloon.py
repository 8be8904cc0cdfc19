"""Memory balloons."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.values import Line, Natural, Word


class BalloonSpec(Device):
    """A memory balloon: https://libvirt.org/formatdomain.html#memory-balloon-device. ``false`` is none."""

    short: ClassVar[str | None] = "model"

    model: Literal["virtio", "virtio-transitional", "virtio-non-transitional", "xen", "none"] = "virtio"
    """What the guest sees; none stops libvirt from adding one."""
    autodeflate: bool | None = None
    """Whether memory is given back before the guest kills processes."""
    free_page_reporting: bool | None = None
    """Whether the guest tells which memory it does not use."""
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """libvirt's attributes of the driver of a virtio device: {iommu: "on", packed: "on"}."""
    stats_period: Natural | None = None
    """Seconds between the guest's memory statistics."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """``false`` is no balloon."""
        return {"model": "none"} if value is False else super().expand(value)
