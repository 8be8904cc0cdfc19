"""The types of texts in schemas, as XML Schema has them: Python takes more for a number."""

from __future__ import annotations

import re
from functools import cache

from virtkit.model.nodes import BLANKS
from virtkit.model.schemas import Choice, Data, Group, Pattern, Reference, Text, Value

RANGES = {
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "positiveInteger": (1, float("inf")),
    "integer": (float("-inf"), float("inf")),
    "double": (float("-inf"), float("inf")),
}
"""The types that are numbers, and the smallest and largest of them."""

_WORD = re.compile(f"[^{BLANKS}]+")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"[{_START}][{_START}.0-9\xb7\u0300-\u036f\u203f\u2040-]*")
_URI = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:|[^:/?#]*(?:[/?#]|\Z)).*", re.DOTALL)
"""What starts with something that a colon ends starts with a scheme."""
_SHAPES = {"NCName": _NAME, "anyURI": _URI}
_LONGEST = 4000
"""A number of more digits is larger than all that is asked for."""


def fits(text: str, pattern: Pattern) -> bool:
    """Whether *text* is what *pattern* allows."""
    words, others = _alternatives(pattern)
    if text in words or any(_is_of_type(text, each) for each in others):
        return True
    return not text.isalnum() and " ".join(_WORD.findall(text)) in words


@cache
def _alternatives(pattern: Pattern) -> tuple[frozenset[str], tuple[Data, ...]]:
    """The words that *pattern* is a choice of, and its types; what is empty is an empty word."""
    match pattern:
        case Text():
            return frozenset(), (Data("string"),)
        case Value():
            return frozenset({pattern.text}), ()
        case Data():
            return frozenset(), (pattern,)
        case Reference():
            return _alternatives(pattern.target)
        case Choice():
            parts = [_alternatives(item) for item in pattern.items]
            words = frozenset(word for part in parts for word in part[0])
            return words, tuple(each for part in parts for each in part[1])
        case Group(items=[]):
            return frozenset({""}), ()
    return frozenset(), ()


def _is_of_type(text: str, data: Data) -> bool:
    if data.type not in ("string", "anyURI"):
        text = text.strip(BLANKS)
    if data.type in RANGES:
        number = _number(text, data.type)
        if number is None or not _is_within(number, data):
            return False
    shape = _SHAPES.get(data.type)
    if shape is not None and not shape.fullmatch(text):
        return False
    if text in data.exceptions or (data.longest is not None and len(text) > data.longest):
        return False
    return all(each.fullmatch(text) for each in data.patterns)


def _number(text: str, type_: str) -> float | None:
    """The number that *text* is, or None if it is none of that type."""
    if type_ == "double":
        return float(text) if _DOUBLE.fullmatch(text) else None
    if not _INTEGER.fullmatch(text):
        return None
    return int(text) if len(text) < _LONGEST else float("-inf" if text.startswith("-") else "inf")


def _is_within(number: float, data: Data) -> bool:
    low, high = RANGES[data.type]
    return max(low, _or(data.smallest, low)) <= number <= min(high, _or(data.largest, high))


def _or(bound: float | None, default: float) -> float:
    return default if bound is None else bound
