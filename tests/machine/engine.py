"""Runs a sequence on both sides, and says where they part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.machine.kinds import Family, Step
    from tests.machine.side import Maker, Side

_SHORT = 60


@dataclass(frozen=True)
class Find:
    """Where the two part: after which step, in what, and how."""

    kind: str
    aspect: str
    there: Any
    here: Any
    steps: tuple[Step, ...]

    @property
    def key(self) -> str:
        """What finds of one kind have in common."""
        parts = (self.kind, self.aspect, *(_short(it) for it in _parting(self.there, self.here)))
        return " | ".join(parts)

    def __str__(self) -> str:
        """The calls that lead there, and the difference."""
        calls = "\n".join(f"    {step}" for step in self.steps)
        there, here = _parting(self.there, self.here)
        return f"{self.kind}, {self.aspect}\n{calls}\n  libvirt: {there!r}\n  fake:    {here!r}"


def _short(value: Any) -> str:
    return str(value)[:_SHORT]


def _parting(there: Any, here: Any) -> tuple[Any, Any]:
    """Return the smallest parts of two different values that differ."""
    if isinstance(there, str) and isinstance(here, str):
        lines = [(a, b) for a, b in zip(there.splitlines(), here.splitlines(), strict=False) if a != b]
        return lines[0] if lines and there.count("\n") + here.count("\n") else (there, here)
    if isinstance(there, dict) and isinstance(here, dict) and there.keys() == here.keys():
        key = next(key for key in there if there[key] != here[key])
        left, right = _parting(there[key], here[key])
        return f"{key}: {left}", f"{key}: {right}"
    same_kind = isinstance(there, list | tuple) and isinstance(here, list | tuple)
    if same_kind and len(there) == len(here):
        first = next((pair for pair in zip(there, here, strict=True) if pair[0] != pair[1]), None)
        if first is not None and all(isinstance(it, str | list | tuple | dict) for it in first):
            return _parting(*first)
    return there, here


def _sound(steps: Iterable[Step]) -> list[Step]:
    """Return *steps* without what leaves libvirt's test driver with a list of domains that is broken.

    A snapshot from before a renaming brings the old name back; the driver goes on to find the domain by
    the new one only, also when it is long gone. (QEMU's driver renames no domain that has snapshots.)
    """
    kept, renamed = [], False
    for step in steps:
        renamed = renamed or step.kind == "rename"
        if not (renamed and step.kind == "revertToSnapshot"):
            kept.append(step)
    return kept


def compare(pair: tuple[Maker, Maker], families: Iterable[Family], steps: Sequence[Step]) -> Find | None:
    """Make the calls *steps* on both sides of *pair*; return where they first part, if anywhere."""
    families, steps = tuple(families), _sound(steps)
    kinds = {kind.name: kind for family in families for kind in family.kinds}
    there = pair[0](families)
    try:
        here = pair[1](families)
        try:
            for number, step in enumerate(steps):
                found = _compare_step(kinds[step.kind], step, there, here, families)
                if found is not None:
                    aspect, left, right = found
                    return Find(step.kind, aspect, left, right, tuple(steps[: number + 1]))
        finally:
            here.close()
    finally:
        there.close()
    return None


def _compare_step(
    kind: Any, step: Step, there: Side, here: Side, families: tuple[Family, ...]
) -> tuple[str, Any, Any] | None:
    left, right = there.run(kind, step), here.run(kind, step)
    if left != right:
        return ("answer", left, right)
    left, right = tuple(there.pump()), tuple(here.pump())
    if left != right:
        return ("events", left, right)
    for family in families:
        known, ours = there.look(family), here.look(family)
        if known != ours:
            return (f"{family.name} afterwards", known, ours)
    return None
