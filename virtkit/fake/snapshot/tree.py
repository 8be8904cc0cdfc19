"""Moments of a domain, its snapshots or its checkpoints: a tree that goes by the names of parents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Moment:
    """What snapshots and checkpoints have in common. Documents are texts."""

    name: str
    created: int
    description: str | None = None
    parent: str | None = None
    domain: str | None = None
    disks: list[dict[str, Any]] = field(default_factory=list)


M = TypeVar("M", bound=Moment)


@dataclass
class Moments(Stored, Generic[M]):
    """All moments of one domain, whose UUID is the key. Of siblings, those linked last come first."""

    item: ClassVar[type[Any]] = Moment
    current: str | None = None
    known: dict[str, M] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stored: dict[str, Any] = dict(self.known)  # moments, or what was kept of them in a file
        self.known = {
            name: self.item(**moment) if isinstance(moment, dict) else moment
            for name, moment in stored.items()
        }

    def children(self, name: str | None) -> list[M]:
        """Return those whose parent is *name*; None: the roots."""
        return [moment for moment in reversed(self.known.values()) if moment.parent == name]

    def descendants(self, name: str | None) -> Iterator[M]:
        """Return those below *name*, parents before children."""
        for child in self.children(name):
            yield child
            yield from self.descendants(child.name)

    def add(self, moment: M) -> None:
        """Link *moment*, in the place of the one of its name if there is one."""
        self.known.pop(moment.name, None)
        self.known[moment.name] = moment

    def remove(self, name: str) -> None:
        """Forget one; nobody is current if it was."""
        del self.known[name]
        if self.current == name:
            self.current = None

    def remove_single(self, name: str) -> None:
        """Forget one whose children its parent takes, and which its parent follows as the current one."""
        moment = self.known[name]
        was_current = self.current == name
        for child in reversed(self.children(name)):
            child.parent = moment.parent
            self.add(child)
        self.remove(name)
        if was_current:
            self.current = moment.parent

    def remove_descendants(self, name: str) -> None:
        """Forget those below *name*, which is current if one of them was."""
        below = [moment.name for moment in self.descendants(name)]
        was_current = self.current in below
        for each in below:
            self.remove(each)
        if was_current:
            self.current = name

    def check_new(self, name: str) -> None:
        """Refuse a second one called *name*."""
        if name in self.known:
            message = f"domain moment {name} already exists"
            fail(c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_DOMAIN, message)

    def check_parent(self, moment: Moment) -> None:
        """Refuse a *moment* whose parent is unknown, or is below it."""
        parent = moment.parent
        if parent is None:
            return
        if parent == moment.name:
            self._refuse(f"cannot set moment {moment.name} as its own parent")
        other = self.known.get(parent)
        if other is None:
            self._refuse(f"parent {parent} for moment {moment.name} not found")
        while other is not None and other.parent is not None:
            if other.parent == moment.name:
                self._refuse(f"parent {other.name} would create cycle to {moment.name}")
            other = self.known.get(other.parent)

    @staticmethod
    def _refuse(message: str) -> NoReturn:
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN, message)

    def select(self, name: str | None, *, deep: bool, passes: Callable[[M], bool]) -> list[M]:
        """Return the children of *name* (*deep*: all below) of which *passes* holds."""
        found = self.descendants(name) if deep else self.children(name)
        return [moment for moment in found if passes(moment)]

    def passes_leaves(self, moment: M, leaves: int, no_leaves: int) -> bool:
        """Return whether a list asked for *leaves*, or for those that are none, has *moment*."""
        parent = bool(self.children(moment.name))
        return not (leaves and parent) and not (no_leaves and not parent)
