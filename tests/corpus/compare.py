"""Whether two documents mean the same, and what is lost from one to the next."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING

from virtkit.tree import equal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree


def comparable(tree: etree._Element) -> etree._Element:
    """Return *tree* without comments and without blanks around texts."""
    copy = deepcopy(tree)
    for element in list(copy.iter()):
        if not isinstance(element.tag, str):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        elif not len(element) and element.text is not None and not element.text.strip():
            element.text = None
    return copy


def same(one: etree._Element, other: etree._Element) -> bool:
    """Return whether two documents mean the same to libvirt."""
    return equal(comparable(one), comparable(other))


def statements(tree: etree._Element) -> Counter[str]:
    """Return what *tree* says, place by place: attributes, texts and bare elements."""
    return Counter(_walk(tree, str(tree.tag)))


def _walk(element: etree._Element, path: str) -> Iterator[str]:
    text = (element.text or "").strip()
    if text:
        yield f"{path} = {text}"
    for name, value in element.attrib.items():
        yield f"{path}/@{name} = {value}"
    if not text and not element.attrib and not len(element):
        yield path
    for child in element:
        if isinstance(child.tag, str):
            yield from _walk(child, f"{path}/{child.tag}")


def differences(ours: etree._Element, theirs: etree._Element) -> list[str]:
    """Return what only one of two documents says: ``+`` is ours, ``-`` is libvirt's."""
    mine, libvirts = statements(ours), statements(theirs)
    more = [f"+ {each}" for each in (mine - libvirts).elements()]
    return more + [f"- {each}" for each in (libvirts - mine).elements()]


def lost(given: etree._Element, theirs: etree._Element, ours: etree._Element) -> list[str]:
    """Return what *given* says and libvirt keeps, and *ours* does not."""
    kept = statements(given) & statements(theirs)
    return list((kept - statements(ours)).elements())
