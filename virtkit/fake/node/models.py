"""libvirt's CPU models and features, from cpus.json, and sums with them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_X86 = ("i686", "x86_64")
_PPC = ("ppc64", "ppc64le")
_OTHERS = ("armv6l", "armv7b", "armv7l", "aarch64", "s390", "s390x")  # libvirt knows no models of theirs
ARCHITECTURES = (
    "alpha", "armv6l", "armv7l", "armv7b", "aarch64", "cris", "i686", "ia64", "lm32", "m68k", "microblaze",
    "microblazeel", "mips", "mipsel", "mips64", "mips64el", "openrisc", "parisc", "parisc64", "ppc", "ppcle",
    "ppc64", "ppc64le", "ppcemb", "riscv32", "riscv64", "s390", "s390x", "sh4", "sh4eb", "sparc", "sparc64",
    "unicore32", "x86_64", "xtensa", "xtensaeb",
)  # fmt: skip
_PENALTY = 2  # of the first feature that has to be disabled; it grows with each


class Model(NamedTuple):
    """A CPU model of x86."""

    name: str
    vendor: str | None
    guest: bool  # whether a CPU may be called so
    features: frozenset[str]
    removed: list[str]  # features that it had once


@cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "cpus.json").read_text(encoding="utf-8"))
    return found


@cache
def models() -> dict[str, Model]:
    """Return every model of x86 by its name, older ones first."""
    return {
        name: Model(name, fact["vendor"], fact["guest"], frozenset(fact["features"].split()), fact["removed"])
        for name, fact in _facts()["models"].items()
    }


@cache
def ranks() -> dict[str, int]:
    """Return the place of every feature in libvirt's order."""
    return {name: number for number, name in enumerate(_facts()["features"])}


def vendors() -> list[str]:
    """Return the names of the vendors of x86 CPUs."""
    return list(_facts()["vendors"])


def unmigratable() -> list[str]:
    """Return the features that a guest cannot take with it."""
    return list(_facts()["unmigratable"])


def in_order(features: frozenset[str]) -> list[str]:
    """Return *features* in libvirt's order."""
    return sorted(features, key=ranks().__getitem__)


def names(arch: str) -> list[str] | None:
    """Return the names of the models of *arch*; None if libvirt has no CPU driver for it."""
    if arch in _X86 or arch in _PPC:
        return list(_facts()["names"]["x86" if arch in _X86 else "ppc64"])
    return [] if arch in _OTHERS else None


class Described(NamedTuple):
    """A set of features as a model, with what it has beyond and what it lacks."""

    model: Model
    required: list[str]
    disabled: list[str]


def describe(
    features: frozenset[str],
    vendor: str | None,
    preferred: list[str],
    allowed: Mapping[str, frozenset[str]] | None = None,
) -> Described | None:
    """Return the model that tells a set of features in the fewest words; None if there is none.

    Args:
        features: what is to be told.
        vendor: whose models are meant.
        preferred: models that win over others that are as good.
        allowed: the models to choose from, each with the features that it cannot have after all.
    """
    best: Described | None = None
    for model in reversed(models().values()):
        if (vendor and model.vendor and vendor != model.vendor) or not (
            allowed is None or model.name in allowed
        ):
            continue
        extra = features - model.features
        blocked = frozenset() if allowed is None else allowed[model.name] - extra
        disabled = in_order((model.features - features) | blocked)
        found = Described(model, in_order(features - model.features), disabled)
        found.disabled.extend(name for name in model.removed if name not in found.required)
        if not model.guest:
            continue
        if [model.name] == preferred:
            return found
        if best is None or _better(found, best, preferred=model.name in preferred):
            best = found
    return best


def _better(candidate: Described, current: Described, *, preferred: bool) -> bool:
    have, disabled_now = _cost(current)
    cost, disabled = _cost(candidate)
    if cost < have or (cost == have and disabled < disabled_now):
        return True
    return preferred and disabled < disabled_now


def _cost(described: Described) -> tuple[int, int]:
    """Return what libvirt counts: of the features to disable, it looks at fewer the more it has seen."""
    policies = [False] * len(described.required) + [True] * len(described.disabled)
    enabled, disabled, penalty, place = len(policies), 0, _PENALTY, 0
    while place < enabled:
        if policies[place]:
            enabled -= 1
            disabled += penalty
            penalty += 1
        place += 1
    return enabled + disabled, disabled
