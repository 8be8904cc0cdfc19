"""How a guest tells that its kernel crashed."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device


class PanicSpec(Device):
    """A panic device: https://libvirt.org/formatdomain.html#panic-device. ``true`` is the machine's own."""

    short: ClassVar[str | None] = "model"

    model: Literal["isa", "hyperv", "pseries", "s390"] | None = None
    """What the guest sees; without it what the machine has."""
