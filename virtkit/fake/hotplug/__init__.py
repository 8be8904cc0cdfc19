"""Devices that come, go and change: what QEMU's driver lets happen to which, and what becomes of the XML."""

from __future__ import annotations

from virtkit.fake.hotplug.attaching import attach
from virtkit.fake.hotplug.detaching import detach, detach_alias
from virtkit.fake.hotplug.updating import update

__all__ = ["attach", "detach", "detach_alias", "update"]
