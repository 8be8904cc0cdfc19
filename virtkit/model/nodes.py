"""Small questions to lxml elements, asked in every module here."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree


def tag(element: etree._Element) -> str:
    """The name of *element*, with its namespace in braces if it has one."""
    return str(element.tag)


def local(element: etree._Element) -> str:
    """The name of *element* without its namespace."""
    return etree.QName(element).localname


def children(element: etree._Element) -> list[etree._Element]:
    """The child elements: no comments, no processing instructions."""
    return [child for child in element if isinstance(child.tag, str)]


def groups(element: etree._Element) -> dict[str, list[etree._Element]]:
    """The child elements by name, in the order of their first."""
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(child.tag, []).append(child)
    return found


def copy(element: etree._Element) -> etree._Element:
    """A copy of *element* that belongs to no tree."""
    twin = deepcopy(element)
    twin.tail = None
    return twin


def is_blank(text: str | None) -> bool:
    """Whether there is nothing but blanks, or nothing."""
    return text is None or not text.strip()
