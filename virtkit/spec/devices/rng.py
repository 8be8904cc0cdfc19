"""Random number generators."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath, Positive


class RngSpec(Device):
    """A source of random numbers: https://libvirt.org/formatdomain.html#random-number-generator-device.

    ``true`` is the usual one; a bare string is the host's device.
    """

    short: ClassVar[str | None] = "source"

    model: Literal["virtio", "virtio-transitional", "virtio-non-transitional"] = "virtio"
    """What the guest sees."""
    backend: Literal["random", "builtin"] = "random"
    """Where numbers come from: a device of the host, or QEMU itself."""
    source: AbsPath | None = None
    """The host's device; without it /dev/urandom."""
    rate_bytes: Positive | None = None
    """Bytes that the guest gets in each period."""
    rate_period: Positive | None = None
    """The period in milliseconds; 1000 if none."""
