"""IOMMUs."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from virtkit.spec.devices.base import Device


class IommuSpec(Device):
    """An IOMMU: https://libvirt.org/formatdomain.html#iommu-devices. A bare string is its model."""

    short: ClassVar[str | None] = "model"

    model: Literal["intel", "smmuv3", "virtio"]
    """What the guest sees."""
    intremap: bool | None = None
    """intel: whether interrupts are remapped; sets features.ioapic to qemu."""
    caching_mode: bool | None = None
    """intel: needed for devices of the host."""
    eim: bool | None = None
    """intel: more than 255 CPUs."""
    iotlb: bool | None = None
    """intel: whether devices may cache translations."""
    aw_bits: Annotated[int, Field(ge=1, le=64)] | None = None
    """intel: width of addresses."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        for key in ("intremap", "caching_mode", "eim", "iotlb", "aw_bits"):
            if getattr(self, key) is not None and self.model != "intel":
                yield key, f"only intel has it, and this is {self.model}"
