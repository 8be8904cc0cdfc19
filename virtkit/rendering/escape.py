"""What a template writes for a value: XML that reads back as exactly that value, or an error.

Jinja2's autoescape takes care of ``< > & " '``. It leaves three holes, which are closed here: tab,
newline and carriage return in an attribute would read back as blanks; control characters, lone
surrogates and U+FFFE/U+FFFF are in no XML at all; and ``None``, ``True`` or a list would be written
as Python spells them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv6Address
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jinja2 import Undefined
from markupsafe import Markup, escape

from virtkit.tree import parse
from virtkit.units import parse_size

if TYPE_CHECKING:
    from collections.abc import Callable

# Everything outside of these ranges needs a second look: it is written as a reference, or not at all.
_odd = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
_forbidden = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
_special = re.compile(
    "[^\x20!#-%(-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
).search  # and what markup is of
_REFERENCES = {ord("\t"): "&#9;", ord("\n"): "&#10;", ord("\r"): "&#13;"}

# Types whose str() is their meaning; whatever else a template prints is a mistake in the template.
_PLAIN = (str, int, float, Decimal, UUID, PurePath, IPv4Address, IPv6Address)
_INSTEAD = {
    bool: "write it as libvirt does: {{ value | yesno }} or {{ value | onoff }}",
    type(None): "ask first: {% if value is not none %}",
    list: "write its items: {% for item in value %}",
    tuple: "write its items: {% for item in value %}",
    dict: "write its items: {% for key, item in value.items() %}",
}


def is_plain(value: str) -> bool:
    """Return whether *value* is itself in XML, attributes and text alike."""
    return value.isalnum() or _special(value) is None


class Unwritable(ValueError):
    """A value that has no place in XML; ``value`` is that value."""

    def __init__(self, value: object, reason: str) -> None:
        self.value = value
        self.reason = reason
        super().__init__(reason)


def finalize(value: Any) -> Any:
    """Return what Jinja2's autoescape is to write for *value*.

    Raises:
        Unwritable: no XML can hold it, or it is of a type that is not text.
    """
    kind = type(value)
    if kind is str:  # the first two tests settle nearly every value
        return value if value.isalnum() or _odd(value) is None else as_attribute(value)
    if kind is Markup or kind is int:
        return value
    return _unusual(value)


def _unusual(value: Any) -> Any:
    if isinstance(value, Undefined):
        return str(value)  # raises, and names the variable
    if hasattr(value, "__html__"):  # a macro's result, super()
        return value
    if isinstance(value, Enum):
        return finalize(value.value)
    if isinstance(value, _PLAIN) and not isinstance(value, bool):
        return finalize(str.__str__(value) if isinstance(value, str) else str(value))
    kind = type(value)
    hint = f"; {_INSTEAD[kind]}" if kind in _INSTEAD else ""
    raise Unwritable(value, f"a value of type {kind.__name__} cannot be written as XML text{hint}")


def as_attribute(value: str) -> Markup:
    """Return *value* escaped so that it reads back whole from an attribute, and from text."""
    _check(value)
    return Markup(str(escape(value)).translate(_REFERENCES))  # noqa: S704 - it is escaped


def as_text(value: Any) -> Any:
    """Return *value* escaped for the text of an element, where line breaks may stay line breaks."""
    if type(value) is not str:
        return finalize(value)
    _check(value)
    return Markup(str(escape(value)).replace("\r", "&#13;"))  # noqa: S704 - it is escaped


def _check(value: str) -> None:
    found = _forbidden(value)
    if found is not None:
        code = ord(found[0])
        kind = "lone surrogate" if 0xD800 <= code <= 0xDFFF else "character"
        raise Unwritable(value, f"XML cannot hold the {kind} U+{code:04X} (at position {found.start()})")


def yesno(value: bool) -> str:
    """Return libvirt's ``yes`` or ``no``."""
    return "yes" if _true(value) else "no"


def onoff(value: bool) -> str:
    """Return libvirt's ``on`` or ``off``."""
    return "on" if _true(value) else "off"


def _true(value: object) -> bool:
    if not isinstance(value, bool):
        raise Unwritable(value, f"true or false is needed here, not {type(value).__name__}")
    return value


def fragment(value: str) -> Markup:
    """Return *value*, which is XML already, for a template to write as it is.

    Raises:
        ParseError: it is not well-formed by itself.
    """
    parse(f"<fragment>{value}</fragment>", "the XML fragment")
    return Markup(value)  # noqa: S704 - that is what this filter is for


def kib(value: str | int) -> int:
    """Return a size such as ``"2GiB"`` (an int is bytes) in KiB, rounded up."""
    return -(-parse_size(value) // 1024)


FILTERS: dict[str, Callable[..., Any]] = {
    "text": as_text,
    "yesno": yesno,
    "onoff": onoff,
    "xml": fragment,
    "bytes": parse_size,
    "kib": kib,
}
