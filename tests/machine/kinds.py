"""The kinds of operation that a sequence is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.machine.side import Side

Strategy = st.SearchStrategy[Any]
CONNECTION = "connection"
# how a step comes by its object: looked up now; the last handle of that name; the first one
HOW = ("fresh", "kept", "kept", "old")


class Ref(NamedTuple):
    """An argument that is an object: of which kind, called what, by which handle."""

    target: str
    name: str
    how: str


class Step(NamedTuple):
    """One call: of what kind, on which object, by which handle, with which arguments."""

    kind: str
    name: str
    how: str
    arguments: tuple[Any, ...]

    def __str__(self) -> str:
        """The call as one would write it."""
        arguments = ", ".join(repr(argument) for argument in self.arguments)
        return f"{self.name or 'conn'}.{self.kind}({arguments})" + (f"  # {self.how}" if self.how else "")


@dataclass(frozen=True)
class Kind:
    """One kind of operation.

    Attributes:
        name: what finds call it; the method's name, as a rule.
        target: the kind of object that it is called on; ``CONNECTION``, or a key of ``side.FINDERS``.
        method: the method that is called.
        arguments: a strategy for each argument.
        see: what of the answer is compared, if not all of it.
        weight: how often it is drawn, beside others.
    """

    name: str
    target: str
    method: str
    arguments: tuple[Strategy, ...] = ()
    see: Callable[[Any], Any] | None = None
    weight: int = 1

    def run(self, side: Side, step: Step) -> Any:
        """Make the call on *side*."""
        target = side.conn if self.target == CONNECTION else side.find(self.target, step.name, step.how)
        answer = getattr(target, self.method)(*(side.argument(value) for value in step.arguments))
        return answer if self.see is None else self.see(answer)


@dataclass(frozen=True)
class Family:
    """The kinds that belong together.

    Attributes:
        name: of the family.
        kinds: its operations.
        names: which objects they are about, by target.
        setup: steps before a sequence, so that there is something to work on.
        summary: what is known of every object, compared after each step.
        events: what to listen to: the method that registers, the constant of the event, what to call it.
    """

    name: str
    kinds: tuple[Kind, ...]
    names: dict[str, tuple[str, ...]]
    setup: Strategy
    summary: Callable[[Side], Any]
    events: tuple[tuple[str, str, str], ...] = ()

    def step(self) -> Strategy:
        """A strategy for one step."""
        steps = {kind.name: self._step(kind) for kind in self.kinds}
        names = [kind.name for kind in self.kinds for _ in range(kind.weight)]
        return st.sampled_from(names).flatmap(steps.__getitem__)

    def _step(self, kind: Kind) -> Strategy:
        on_object = kind.target != CONNECTION
        names = st.sampled_from(self.names[kind.target]) if on_object else st.just("")
        how = st.sampled_from(HOW) if on_object else st.just("")
        return st.builds(Step, st.just(kind.name), names, how, st.tuples(*kind.arguments))


def calls(target: str, table: dict[str, tuple[Strategy, ...]], weight: int = 1) -> tuple[Kind, ...]:
    """Return the kinds that *table* lists: method, then its arguments. ``method/variant`` names a variant."""
    start = "conn." if target == CONNECTION else ""
    return tuple(
        Kind(f"{start}{name}", target, name.partition("/")[0], arguments, weight=weight)
        for name, arguments in table.items()
    )


def flags(*known: int) -> Strategy:
    """A strategy for flags: mostly none, the *known* ones, two of them, and unknown bits."""
    single = st.sampled_from((0, 0, *known))
    both = st.builds(int.__or__, single, single)
    return st.one_of(single, single, both, st.sampled_from((1 << 30, -1)))


def refs(target: str, *names: str) -> Strategy:
    """A strategy for arguments that are objects."""
    return st.builds(Ref, st.just(target), st.sampled_from(names), st.sampled_from(HOW))


def some(*values: Any) -> Strategy:
    """A strategy for one of *values*."""
    return st.sampled_from(values)


def sequences(families: Iterable[Family], longest: int) -> Strategy:
    """A strategy for whole sequences: a setup of each family, then steps of all of them."""
    chosen = tuple(families)
    setup = st.tuples(*(family.setup for family in chosen)).map(lambda parts: [s for p in parts for s in p])
    step = st.one_of([family.step() for family in chosen])
    steps = st.integers(1, longest).flatmap(lambda count: st.lists(step, min_size=count, max_size=count))
    return st.builds(list.__add__, setup, steps)
