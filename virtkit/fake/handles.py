"""What libvirt-python's objects wrap: a pointer there, a few facts here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Handle:
    """Which domain an object means, and the id that it had when it was looked up."""

    uuid: str
    name: str
    id: int


@dataclass(slots=True)
class Named:
    """Which object that is no domain is meant: its record's key, its name, a number that goes with it."""

    key: str
    name: str
    number: int = 0  # a secret's usage type


FAMILIES: dict[str, type[Any]] = {}  # by the family of their events, the classes of what events are about
