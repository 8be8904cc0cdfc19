"""Kinds of fields that only some documents have: octal numbers, fractions, numbers that may be words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from virtkit.model.fields import Field, Switch, whole_number

if TYPE_CHECKING:
    from lxml import etree


class ZeroOne(Switch):
    """A bool that libvirt writes as ``1`` or ``0``."""

    WORDS = ("0", "1")


class TrueFalse(Switch):
    """A bool that libvirt writes as ``true`` or ``false``, in whatever case."""

    WORDS = ("false", "true")

    def _folded(self, text: str) -> str:
        return text.lower()


class Octal(Field[int]):
    """A file's mode, which libvirt writes in octal digits: ``0644`` is ``0o644``."""

    def read(self, _element: etree._Element, text: str, /) -> int:
        """The value of *text*."""
        word = text.strip()
        if not re.fullmatch("[0-7]{1,20}", word):
            raise ValueError(f"{word[:60]!r} is not octal digits")
        return int(word, 8)

    def write(self, _element: etree._Element, value: int, old: str | None, /) -> str:
        """The text for *value*, as wide as it was."""
        if type(value) is not int or value < 0:
            raise TypeError(f"{value!r} is not a mode, such as 0o644")
        width = len(old.strip()) if old else 4
        return f"{value:0{width}o}"


class Real(Field[float]):
    """A number that may have a fraction. It keeps its spelling while its value stays."""

    def read(self, _element: etree._Element, text: str, /) -> float:
        """The value of *text*."""
        word = text.strip()
        if not re.fullmatch(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?", word):
            raise ValueError(f"{word[:60]!r} is not a number")
        return float(word)

    def write(self, _element: etree._Element, value: float, old: str | None, /) -> str:
        """The text for *value*."""
        if type(value) not in (int, float):
            raise TypeError(f"{value!r} is not a number")
        return old if old is not None and _is(old, value) else f"{value:g}"


def _is(text: str, value: float) -> bool:
    try:
        return float(text) == value
    except ValueError:
        return False


class NumberOrWord(Field["int | str"]):
    """A number, or a word that stands for one: a protocol's name, or a variable such as ``$PORT``."""

    def read(self, _element: etree._Element, text: str, /) -> int | str:
        """The value of *text*."""
        try:
            return whole_number(text)
        except ValueError:
            return text

    def write(self, element: etree._Element, value: int | str, old: str | None, /) -> str:
        """The text for *value*: a number keeps its spelling while its value stays."""
        if type(value) not in (int, str):
            raise TypeError(f"{value!r} is neither a number nor a word")
        if old is not None and isinstance(value, int) and self.read(element, old) == value:
            return old
        return str(value)
