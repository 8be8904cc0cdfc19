"""Holding a document against the typed views, where there is no schema.

They know what elements and attributes there are, and what a value may be. They do not know what must be
there, or what goes together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.model import nodes, wording
from virtkit.model.fields import Child, Children, Choice, Field, Flag
from virtkit.model.metadata import Metadata
from virtkit.model.snapshots import SnapshotCookie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.errors import Problem
    from virtkit.model.views import View

_TEXT = "."


class Known:
    """What is known of an element: its fields by attribute (or its text), its children, and its views."""

    def __init__(self, *views: type[View]) -> None:
        self._fields: dict[str, list[Field[Any]]] = {}
        self._children: dict[str, Known] = {}
        self._waiting = list(views)
        self.takes_all = False

    def add(self, view: type[View]) -> None:
        """Know *view* too: what either takes is right."""
        self._waiting.append(view)

    @property
    def fields(self) -> dict[str, list[Field[Any]]]:
        """The fields of each attribute, and of the text."""
        self._learn()
        return self._fields

    @property
    def children(self) -> dict[str, Known]:
        """What is known of each child."""
        self._learn()
        return self._children

    def _learn(self) -> None:
        """Take in the views: only now, for a view may be within itself."""
        while self._waiting:
            view = self._waiting.pop()
            self.takes_all = self.takes_all or issubclass(view, Metadata | SnapshotCookie)
            for owner in view.__mro__:
                for member in vars(owner).values():
                    self._add(member)

    def _add(self, member: object) -> None:
        if isinstance(member, Field):
            name = f"@{member.attribute}" if member.attribute is not None else _TEXT
            last = self._below(member.steps)
            last._fields.setdefault(name, []).append(member)
            beside = getattr(member, "beside", None)
            if beside is not None:
                last._fields.setdefault(f"@{beside}", [])
        elif isinstance(member, Flag):
            self._below(member.steps)
        elif isinstance(member, Child | Children):
            self._below(member.steps).add(member.type)

    def _below(self, steps: tuple[str, ...] | list[str]) -> Known:
        found = self
        for step in steps:
            found = found._children.setdefault(step, Known())
        return found


def problems(element: etree._Element, known: Known) -> Iterator[Problem]:
    """What the views find wrong with *element* and all below it, in the order of the document."""
    waiting = [(element, known)]
    while waiting:
        element, known = waiting.pop()
        fields, children = known.fields, known.children
        if known.takes_all:
            continue
        for name, value in element.attrib.items():
            if f"@{name}" not in fields:
                names = [each[1:] for each in fields if each != _TEXT]
                yield wording.unknown_attribute(element, str(name), names)
            else:
                yield from _bad(element, fields[f"@{name}"], str(value), f"/@{name}")
        yield from _text(element, fields)
        for child in reversed(nodes.children(element)):
            if nodes.tag(child) in children:
                waiting.append((child, children[nodes.tag(child)]))
            else:
                yield wording.unknown_child(child, children)


def _text(element: etree._Element, fields: dict[str, list[Field[Any]]]) -> Iterator[Problem]:
    if nodes.is_blank(element.text):
        return
    if _TEXT not in fields:
        yield wording.bad_value(element, element.text or "", ())
    else:
        yield from _bad(element, fields[_TEXT], element.text or "")


def _bad(element: etree._Element, fields: list[Field[Any]], text: str, below: str = "") -> Iterator[Problem]:
    """A problem if *text* is a value of none of *fields*."""
    words: list[str] = []
    reasons: list[str] = []
    for field in fields:
        if isinstance(field, Choice):
            words += field.choices
            if text in field.choices:
                return
            continue
        try:
            field.read(element, text)
        except ValueError:
            reasons.append(_NOUNS.get(type(field).__name__, "another value"))
        else:
            return
    if fields:
        yield wording.bad_value(element, text, words, reasons, below)


_NOUNS = {
    "Integer": "a whole number",
    "Octal": "octal digits",
    "OnOff": "on, off",
    "Real": "a number",
    "Size": "a size",
    "TrueFalse": "true, false",
    "YesNo": "yes, no",
    "ZeroOne": "0, 1",
}
"""What the types of fields take."""
