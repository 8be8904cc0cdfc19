"""Watchdogs."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device


class WatchdogSpec(Device):
    """A watchdog: https://libvirt.org/formatdomain.html#watchdog-devices. A bare string is its model."""

    short: ClassVar[str | None] = "model"

    model: Literal["i6300esb", "ib700", "diag288"] = "i6300esb"
    """What the guest sees."""
    action: Literal["reset", "shutdown", "poweroff", "pause", "none", "dump", "inject-nmi"] | None = None
    """What happens when the guest does not answer; reset if none."""
