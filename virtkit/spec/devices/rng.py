"""Random number generators."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import AbsPath, Line, Positive, Word


class RngSpec(Device):
    """A source of random numbers: https://libvirt.org/formatdomain.html#random-number-generator-device.

    ``true`` is the usual one; a bare string is the host's device.
    """

    short: ClassVar[str | None] = "source"

    model: Literal["virtio", "virtio-transitional", "virtio-non-transitional"] = "virtio"
    """What the guest sees."""
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """libvirt's attributes of the driver of a virtio device: {iommu: "on", packed: "on"}."""
    backend: Literal["random", "builtin"] = "random"
    """Where numbers come from: a device of the host, or QEMU itself."""
    source: AbsPath | None = None
    """The host's device; without it /dev/urandom."""
    rate_bytes: Positive | None = None
    """Bytes that the guest gets in each period."""
    rate_period: Positive | None = None
    """The period in milliseconds; 1000 if none."""

    def complete(self, around: Surroundings) -> Self:
        """Return a copy with the host's device."""
        if self.backend != "random" or self.source is not None:
            return self
        if around.bare:
            return self.filled({})
        return self.filled({"source": "/dev/urandom"})

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.backend == "builtin" and self.source is not None:
            yield "source", "the builtin backend has none"
        if self.rate_period is not None and self.rate_bytes is None:
            yield "rate_bytes", "is required with rate_period"
