"""Small edits of elements, as all the fillers need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree


def add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Append a new child to *parent* and return it."""
    element = parent.makeelement(tag, attributes)
    element.text = text
    parent.append(element)
    return element


def child(parent: etree._Element, tag: str) -> etree._Element:
    """Return the first child of that name, a new one if there is none."""
    found = parent.find(tag)
    return add(parent, tag) if found is None else found


def value(element: etree._Element | None, name: str, default: str = "") -> str:
    """Return an attribute of *element*, *default* if either is missing."""
    return default if element is None else element.get(name, default)


def default(element: etree._Element, **attributes: str) -> None:
    """Set those of *attributes* that *element* lacks."""
    for name, text in attributes.items():
        if element.get(name) is None:
            element.set(name, text)


def put_first(element: etree._Element, **attributes: str) -> None:
    """Give *element* those of *attributes* that it lacks, and put them all before its others."""
    rest = dict(element.attrib)
    element.attrib.clear()
    for name, text in attributes.items():
        element.set(name, rest.pop(name, text))
    element.attrib.update(rest)


def sort_attributes(element: etree._Element, names: Iterable[str]) -> None:
    """Put the attributes of *element* into the order of *names*, the others behind them."""
    rest = dict(element.attrib)
    if len(rest) < 2:
        return
    element.attrib.clear()
    for name in names:
        if name in rest:
            element.set(name, rest.pop(name))
    element.attrib.update(rest)


def drop(element: etree._Element | None, *names: str) -> None:
    """Remove the attributes *names* from *element*."""
    if element is not None:
        for name in names:
            element.attrib.pop(name, None)


def remove(element: etree._Element | None) -> None:
    """Remove *element* from its parent, if there is one."""
    if element is not None:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def remove_if_empty(element: etree._Element | None) -> None:
    """Remove *element* if it says nothing."""
    if element is not None and not len(element) and not element.attrib and not (element.text or "").strip():
        remove(element)


def integer(text: str | None, default: int = 0) -> int:
    """Return the number that *text* is, decimal or hexadecimal as libvirt reads it."""
    try:
        return int((text or "").strip(), 0)
    except ValueError:
        digits = (text or "").strip()
        return int(digits) if digits.isdecimal() else default
