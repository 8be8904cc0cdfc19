"""The environment for templates that come from elsewhere.

Jinja2's sandbox keeps a template away from Python's insides. This one is narrower still: only methods of
plain data can be called, only filters of known cost exist, and everything is charged to a budget, so that
a hostile template can neither read what it was not given nor keep the machine busy.
"""

from __future__ import annotations

from types import BuiltinMethodType, MethodType
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner
from markupsafe import escape

from virtkit.model import HostFacts
from virtkit.rendering import budget
from virtkit.rendering.places import is_shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_LARGEST_SOURCE = 100_000
_LARGEST_NUMBER = 2**256

# Filters whose result is no longer than what they are given.
_PLAIN_FILTERS = """
    abs capitalize count d default dictsort e escape first float groupby int items last length list lower map
    max min reject rejectattr reverse round select selectattr sort string title trim unique upper
"""

_TEXT_METHODS = """
    capitalize casefold count endswith find index isalnum isalpha isascii isdigit islower isupper lower lstrip
    partition removeprefix removesuffix replace rfind rpartition rsplit rstrip split splitlines startswith
    strip title upper
"""
_METHODS: dict[type, frozenset[str]] = {
    str: frozenset(_TEXT_METHODS.split()),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    int: frozenset({"bit_length"}),
}
_OWNERS = (LoopContext, Cycler, HostFacts)
_CALLABLE = (Macro, BlockReference, LoopContext, Joiner, Undefined)  # the last says what is undefined


class Sandbox(ImmutableSandboxedEnvironment):
    """Renders templates that nobody vouches for."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, *, loader: BaseLoader, **options: Any) -> None:
        super().__init__(loader=loader, **options)
        self.filters = {name: _metered(JINJA_FILTERS[name]) for name in _PLAIN_FILTERS.split()}
        self.filters.update(join=_join, replace=_replace, indent=_indent)
        self.filters[budget.CHARGE] = budget.charge_filter
        self.filters[budget.ROUND] = budget.round_filter

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > _LARGEST_SOURCE:
            raise SecurityError(f"the template is longer than {_LARGEST_SOURCE} characters")
        tree = super()._parse(source, name, filename)
        if is_shipped(filename):
            return tree  # virtkit's own templates go round as often as the data has items
        return budget.Meter().visit(tree)  # type: ignore[no-any-return]

    def is_safe_callable(self, obj: Any) -> bool:
        """Return whether a template may call *obj*: what the environment offers, and methods of data."""
        if isinstance(obj, _CALLABLE) or any(obj is offered for offered in self.globals.values()):
            return True
        if not isinstance(obj, BuiltinMethodType | MethodType):
            return False
        owner = obj.__self__
        if isinstance(owner, _OWNERS):
            return True
        return any(isinstance(owner, kind) and obj.__name__ in names for kind, names in _METHODS.items())

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 - Jinja2's
        """Call *obj* if that is safe, and charge for what comes back."""
        if not __self.is_safe_callable(__obj):  # before 3.1.5 Jinja2 asks this of str.format too late
            raise SecurityError(f"{__obj!r} is not safely callable")
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str) and __obj.__name__ == "replace" and len(args) > 1:
            _spend_on_replacing(owner, args[0], args[1])
        return budget.charge(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Do ``left operator right`` unless the result could be huge."""
        if isinstance(left, int | float) and isinstance(right, int | float):
            largest = 256 if operator == "**" else _LARGEST_NUMBER
            if abs(left) >= _LARGEST_NUMBER or abs(right) >= largest:
                raise SecurityError("the numbers are too large")
        elif operator != "+":
            raise SecurityError(f"{operator!r} works on numbers only here")
        return budget.charge(super().call_binop(context, operator, left, right))


def _metered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter *function*, charging for its input and its result, and never run while compiling."""
    wanted = getattr(function, "jinja_pass_arg", None)
    what = wanted.name if wanted is not None else ""

    @pass_context
    def metered(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        first: dict[str, Any] = {"context": context, "environment": context.environment, "": None}
        first["eval_context"] = context.eval_ctx
        leading = (first[what],) if what else ()
        return budget.charge(function(*leading, budget.charge(value), *args, **kwargs))

    return metered


@pass_context
def _join(_context: Context, value: Iterable[Any] | Mapping[Any, Any], d: str = "") -> Any:
    items = list(value)
    budget.spend(len(items) * (len(d) + 1))
    return escape(d).join(budget.charge(item) for item in items)


@pass_context
def _replace(_context: Context, value: str, old: str, new: str) -> Any:
    _spend_on_replacing(value, old, new)
    return value.replace(old, new)


def _spend_on_replacing(value: str, old: str, new: str) -> None:
    budget.spend(len(value) + value.count(old) * len(new))


@pass_context
def _indent(_context: Context, value: str, width: int = 4, first: bool = False) -> Any:
    if not 0 <= width <= 80:
        raise SecurityError("indent takes a width from 0 to 80")
    lines = value.splitlines(keepends=True)
    budget.spend(len(value) + width * len(lines))
    pad = " " * width
    return type(value)("").join(
        line if (number == 0 and not first) or not line.strip() else pad + line
        for number, line in enumerate(lines)
    )
