"""Reading the values of an element by a table: for each field where it stands."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml import etree

Table = dict[str, str]
"""For each field its place: ``@attribute``, ``child/@attribute``, ``child`` (its text) or ``.`` (the text).

With ``?`` at its end a child is a yes by being there. With ``=KiB`` a value is a size, in that unit if the
element has no attribute ``unit``. Numbers and booleans are left as text, which the spec itself understands.
"""


def read(element: etree._Element, table: Table) -> dict[str, Any]:
    """Return the fields of *table* that *element* has."""
    found = ((name, value(element, place)) for name, place in table.items())
    return {name: each for name, each in found if each is not None}


def value(element: etree._Element, place: str) -> Any:
    """Return what stands at *place*, or None."""
    path, attribute, unit, flag = _parts(place)
    holder = element.find(path)
    if holder is None:
        return None
    if flag:
        return True
    text = holder.get(attribute) if attribute else holder.text
    if text is None or not unit:
        return text
    return f"{text.strip()}{holder.get('unit', unit)}"


@cache
def _parts(place: str) -> tuple[str, str, str, bool]:
    """Return the path, the attribute and the unit of a place, and whether being there is all it asks."""
    place, _, unit = place.partition("=")
    path, _, attribute = place.rpartition("@") if "@" in place else (place, "", "")
    return path.rstrip("/?") or ".", attribute, unit, place.endswith("?")


def children(element: etree._Element | None, tag: str, table: Table) -> list[dict[str, Any]]:
    """Return the fields of each child *tag*."""
    return [] if element is None else [read(child, table) for child in element.findall(tag)]


def pairs(element: etree._Element | None, tag: str, key: str, place: str) -> dict[str, Any]:
    """Return a mapping of each child *tag*: its attribute *key* to what stands at *place*."""
    found = () if element is None else element.findall(tag)
    empty = "" if place == "." else None
    return {child.get(key, ""): value(child, place) or empty for child in found}


def states(element: etree._Element | None, names: Iterable[str]) -> dict[str, Any]:
    """Return what switches below *element* are set to, by their names with ``_`` in place of ``-``."""
    if element is None:
        return {}
    found = ((name.replace("-", "_"), value(element, f"{name}/@state")) for name in names)
    return {name: state for name, state in found if state is not None}


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return *fields* without those that hold nothing."""
    return {name: each for name, each in fields.items() if each is not None and each not in ({}, [], "")}
