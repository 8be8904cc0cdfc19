"""QEMU's monitor, as far as programs talk to it past libvirt."""

from __future__ import annotations

from virtkit.fake.monitor.commands import QMP, human, reply

__all__ = ["QMP", "human", "reply"]
