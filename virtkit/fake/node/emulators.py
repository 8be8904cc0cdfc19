"""What QEMU 7.2 of Debian 12 can run, from guests.json: emulators, machines, what each can have."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_KVM_CPUS = 1024  # the most that the kernel gives a guest
_WRAPPERS = ("kvm", "qemu-kvm")


class Machine(NamedTuple):
    """A machine type of an emulator.

    Attributes:
        name: what it is called.
        cpus: how many it can have.
        canonical: what it stands for, if it is a short name.
        deprecated: whether QEMU wants to be rid of it.
        parts: the places in ``parts()`` of what it can have.
    """

    name: str
    cpus: int
    canonical: str | None
    deprecated: bool
    parts: list[int]


class Guest(NamedTuple):
    """An architecture that guests can have."""

    arch: str
    wordsize: int
    emulator: str
    features: list[str]
    machines: list[Machine]

    def machine(self, name: str | None) -> Machine | None:
        """Return the machine called *name* by its full name; without one, the emulator's own choice."""
        known = {each.name: each for each in self.machines}
        found = self.machines[0] if name is None else known.get(name)
        if found is not None and found.canonical is not None:
            return known[found.canonical]
        return found


@cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "guests.json").read_text(encoding="utf-8"))
    return found


@cache
def guests() -> dict[str, Guest]:
    """Return what can run, by architecture."""
    return {
        fact["arch"]: Guest(
            fact["arch"],
            fact["wordsize"],
            fact["emulator"],
            fact["features"],
            [Machine(*machine) for machine in fact["machines"]],
        )
        for fact in _facts()["guests"]
    }


def parts() -> list[str]:
    """Return the elements of which domain capabilities are made."""
    found: list[str] = _facts()["parts"]
    return found


def of_binary(path: str) -> Guest | None:
    """Return what the emulator at *path* runs, None if there is no such emulator."""
    name = path.rpartition("/")[2]
    if name in _WRAPPERS:
        return guests()["x86_64"]
    found = [guest for guest in guests().values() if guest.emulator.rpartition("/")[2] == name]
    return found[-1] if found else None


def most_cpus(machine: Machine, kind: str) -> int:
    """Return how many CPUs a guest on *machine* can have."""
    return min(machine.cpus, _KVM_CPUS) if kind == "kvm" else machine.cpus
