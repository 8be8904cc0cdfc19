"""Typed parameters, as libvirt-python makes them of a dict and as libvirt checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from collections.abc import Mapping

INT, UINT, LLONG, ULLONG, BOOLEAN, STRING = (
    c.VIR_TYPED_PARAM_INT,
    c.VIR_TYPED_PARAM_UINT,
    c.VIR_TYPED_PARAM_LLONG,
    c.VIR_TYPED_PARAM_ULLONG,
    c.VIR_TYPED_PARAM_BOOLEAN,
    c.VIR_TYPED_PARAM_STRING,
)
_BITS = {INT: 32, UINT: 32, LLONG: 64, ULLONG: 64}
_SIGNED = {INT, LLONG}


def like(params: Mapping[Any, Any], known: Mapping[str, int]) -> dict[str, Any]:
    """Return *params* as the types that *known* has for those names.

    Raises:
        LookupError: a name is not known.
        TypeError: a value is of another type.
    """
    found = {}
    for key, value in params.items():
        name = _text(key)
        if name not in known:
            raise LookupError(f'Attribute name "{name}" could not be recognized')
        found[name] = convert(value, known[name])
    return found


def guessed(params: Mapping[Any, Any], known: Mapping[str, int]) -> dict[str, tuple[int, Any]]:
    """Return *params* with their types: those of *known*, else what Python's types suggest."""
    found = {}
    for key, value in params.items():
        name = _text(key)
        kind = known.get(name) or _guess(name, value)
        found[name] = (kind, convert(value, kind))
    return found


def _guess(name: str, value: Any) -> int:
    kind: int | None = None
    if isinstance(value, str):
        kind = STRING
    elif isinstance(value, bool):
        kind = BOOLEAN
    elif isinstance(value, int):
        kind = LLONG if value < 0 else ULLONG
    if kind is not None:
        return kind
    raise TypeError(f'Unknown type of "{name}" field')


def check(params: Mapping[str, Any], known: Mapping[str, int]) -> None:
    """Refuse names that a driver does not know, as libvirt does."""
    unknown = sorted(name for name in params if name not in known)
    if unknown:
        fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_NONE, f"parameter '{unknown[0]}' not supported")


def convert(value: Any, kind: int) -> Any:
    """Return *value* as the binding turns it into a C value of *kind*."""
    if kind == STRING:
        return _text(value)
    if kind == BOOLEAN:
        return bool(value)
    if not isinstance(value, int):
        raise TypeError("an integer is required")
    bits = _BITS[kind]
    if kind in _SIGNED:
        if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
            raise OverflowError("Python int too large to convert to C long")
    elif value < 0:
        raise OverflowError("can't convert negative int to unsigned")
    elif value >= 1 << bits:
        raise OverflowError("Python int too large to convert to C unsigned long")
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"bad argument type for built-in operation: {type(value).__name__}")
    return value
