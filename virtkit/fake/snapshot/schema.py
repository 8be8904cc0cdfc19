"""What libvirt's schemas refuse of documents that it always validates: checked here, with its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_SCHEMAS = "/usr/share/libvirt/schemas"
NAME = re.compile(r"[a-zA-Z0-9_\-][a-zA-Z0-9_\-.]*\Z")
DEVICE = re.compile(r"(ioemu:)?(fd|hd|sd|vd|xvd|ubd)[a-zA-Z0-9_]+\Z")


def refuse(tree: etree._Element, reason: str) -> NoReturn:
    """Raise that the document *tree* does not fit its schema."""
    message = f"Unable to validate doc against {_SCHEMAS}/{tree.tag!s}.rng\n{reason}\n"
    fail(c.VIR_ERR_XML_INVALID_SCHEMA, c.VIR_FROM_XML, message)


def check_children(tree: etree._Element, fits: dict[str, Callable[[etree._Element], bool]]) -> None:
    """Refuse a child of *tree* that is unknown, that comes twice or that does not fit."""
    seen = set()
    for child in tree.iterchildren("*"):
        tag = str(child.tag)
        if tag not in fits:
            refuse(tree, f"Element {tree.tag!s} has extra content: {tag}")
        if tag in seen or not fits[tag](child):
            refuse(
                tree, f"Extra element {tag} in interleave\nElement {tree.tag!s} failed to validate content"
            )
        seen.add(tag)


def is_name(element: etree._Element) -> bool:
    """Return whether *element* holds the name of a checkpoint."""
    return bool(NAME.match(element.text or ""))


def is_number(element: etree._Element) -> bool:
    """Return whether *element* holds a number."""
    return (element.text or "").strip().isdigit()


def anything(_element: etree._Element) -> bool:
    """Return that *element* fits."""
    return True


def all_disks(fits: Callable[[etree._Element], bool]) -> Callable[[etree._Element], bool]:
    """Return what tells whether an element holds disks, all of which are as *fits* says."""

    def check(element: etree._Element) -> bool:
        disks = list(element.iterchildren("*"))
        return bool(disks) and all(disk.tag == "disk" and fits(disk) for disk in disks)

    return check
