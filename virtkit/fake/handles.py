"""What libvirt-python's objects wrap: a pointer there, a few facts here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Handle:
    """Which domain an object means, and the id that it had when it was looked up."""

    uuid: str
    name: str
    id: int
