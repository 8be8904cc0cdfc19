"""A document's elements by name, found once: looking for them one by one is what costs time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import KeysView

    from lxml import etree

_NONE: list[etree._Element] = []


class Parts:
    """The children of a document and of its devices, by name.

    Attributes:
        tree: the root element.
        devices: every device, kind by kind.
        system: the element that says what kind of guest it is.
    """

    __slots__ = ("_devices", "_top", "devices", "system", "tree")

    def __init__(self, tree: etree._Element) -> None:
        self.tree = tree
        self._top = _by_name(tree)
        found = self._top.get("devices")
        self._devices = _by_name(found[0]) if found else {}
        self.devices = [each for same in self._devices.values() for each in same]
        system = self._top.get("os")
        self.system = system[0].find("type") if system else None

    def all(self, tag: str) -> list[etree._Element]:
        """Return the root's children of that name."""
        return self._top.get(tag, _NONE)

    def one(self, tag: str) -> etree._Element | None:
        """Return the first of them, None if there is none."""
        found = self._top.get(tag)
        return found[0] if found else None

    def text(self, tag: str, default: str = "") -> str:
        """Return what the first of them says."""
        found = self._top.get(tag)
        return (found[0].text or "").strip() if found else default

    def of(self, tag: str) -> list[etree._Element]:
        """Return the devices of a kind."""
        return self._devices.get(tag, _NONE)

    def kinds(self) -> KeysView[str]:
        """Return what kinds of device there are."""
        return self._devices.keys()

    def add(self, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
        """Append a child to the root and return it."""
        element = self.tree.makeelement(tag, attributes)
        element.text = text
        self.tree.append(element)
        self._top.setdefault(tag, []).append(element)
        return element


def _by_name(element: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        tag = child.tag
        if tag in found:
            found[tag].append(child)
        elif isinstance(tag, str):
            found[tag] = [child]
    return found
