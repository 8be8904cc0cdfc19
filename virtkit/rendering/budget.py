"""What a template from elsewhere may spend, and the code that makes it pay.

Time and memory of a template grow with the data that its expressions read, and with the number of
times that its loops and macros go round. So each is charged: reading a name, an attribute or an item
costs the length of what is read, and each round costs one and the length of its literal text. Operations
that make more out of less (``*``, ``**``, ``replace`` ...) are charged beforehand, in ``sandbox.py``.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import nodes, pass_context
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 100_000
CHARACTERS = 8_000_000

CHARGE = "virtkit charge"  # filters whose names no template can spell
ROUND = "virtkit round"

_Body = TypeVar("_Body", nodes.Template, nodes.Block, nodes.For, nodes.Macro, nodes.CallBlock)


class BudgetSpent(Exception):
    """A foreign template does too much."""


class Budget:
    """What one rendering has left."""

    def __init__(self) -> None:
        self.rounds = ROUNDS
        self.characters = CHARACTERS

    def charge(self, characters: int) -> None:
        """Take *characters* off."""
        self.characters -= characters
        if self.characters < 0:
            raise BudgetSpent(f"it handles more than {CHARACTERS} characters or items")

    def round(self) -> None:
        """Take one round of a loop or macro off."""
        self.rounds -= 1
        if self.rounds < 0:
            raise BudgetSpent(f"its loops and macros go round more than {ROUNDS} times")


_current: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def allowance() -> Iterator[None]:
    """Give whatever renders inside a full budget."""
    token = _current.set(Budget())
    try:
        yield
    finally:
        _current.reset(token)


def charge(value: Any) -> Any:
    """Charge for handling *value*, and return it."""
    if isinstance(value, str | bytes | list | tuple | dict | set | range):
        spend(len(value))
    return value


def spend(characters: int) -> None:
    """Charge *characters* to the current rendering; loading a module outside of one is free."""
    budget = _current.get(None)
    if budget is not None:
        budget.charge(characters)


@pass_context
def charge_filter(_context: object, value: Any) -> Any:
    """Charge, as a filter; it asks for the context so that Jinja2 does not run it while compiling."""
    return charge(value)


@pass_context
def round_filter(_context: object, cost: int) -> None:
    """Charge for one round of a body whose literals have *cost* characters."""
    budget = _current.get(None)
    if budget is not None:
        budget.round()
        budget.charge(cost)


class Meter(NodeTransformer):
    """Puts the charges into a parsed template."""

    def _name(self, node: nodes.Name) -> nodes.Node:
        return _charged(node) if node.ctx == "load" else node

    def _part(self, node: nodes.Getattr | nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        return _charged(node)

    def _body(self, node: _Body) -> _Body:
        literals = [data.data for data in node.find_all(nodes.TemplateData)]
        literals += [const.value for const in node.find_all(nodes.Const) if isinstance(const.value, str)]
        self.generic_visit(node)
        paid = nodes.Filter(nodes.Const(sum(map(len, literals))), ROUND, [], [], None, None)
        node.body.insert(0, nodes.ExprStmt(paid).set_lineno(node.lineno))
        return node

    # Jinja2 looks for these names.
    visit_Name = _name  # noqa: N815
    visit_Getattr = visit_Getitem = _part  # noqa: N815
    visit_Template = visit_Block = visit_For = visit_Macro = visit_CallBlock = _body  # noqa: N815


def _charged(node: nodes.Expr) -> nodes.Node:
    return nodes.Filter(node, CHARGE, [], [], None, None).set_lineno(node.lineno)
