"""Small questions to lxml elements, asked in every module here."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

BLANKS = " \t\r\n"
"""What XML takes for blanks; Python takes more for it."""


def tag(element: etree._Element) -> str:
    """The name of *element*, with its namespace in braces if it has one."""
    return str(element.tag)


def local(element: etree._Element) -> str:
    """The name of *element* without its namespace."""
    return etree.QName(element).localname


def child(element: etree._Element, tag: str) -> etree._Element | None:
    """The first child of that name; ``find`` knows paths, and takes twice as long."""
    return next(element.iterchildren(tag), None)


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
    return text is None or not text.strip(BLANKS)


def is_empty(element: etree._Element) -> bool:
    """Whether there is nothing in *element*: no attribute, no child, no comment, no text."""
    return not element.attrib and not len(element) and is_blank(element.text)


PREFIXES = {
    "qemu": "http://libvirt.org/schemas/domain/qemu/1.0",
    "lxc": "http://libvirt.org/schemas/domain/lxc/1.0",
    "bhyve": "http://libvirt.org/schemas/domain/bhyve/1.0",
    "xen": "http://libvirt.org/schemas/domain/xen/1.0",
    "vmware": "http://libvirt.org/schemas/domain/vmware/1.0",
    "dnsmasq": "http://libvirt.org/schemas/network/dnsmasq/1.0",
    "fs": "http://libvirt.org/schemas/storagepool/fs/1.0",
    "rbd": "http://libvirt.org/schemas/storagepool/rbd/1.0",
}
"""The namespaces of what is one hypervisor's or driver's own, with their customary prefixes."""


def prefix(name: str) -> dict[str, str] | None:
    """The namespace declaration that a new element *name* needs, if it needs one."""
    return next(({short: uri} for short, uri in PREFIXES.items() if name.startswith(f"{{{uri}}}")), None)


def short(name: str) -> str:
    """*name* with its customary prefix for its namespace: ``qemu:arg``."""
    known = prefix(name)
    return f"{next(iter(known))}:{name.partition('}')[2]}" if known else name


def opening(element: etree._Element) -> str:
    """The start tag of *element* as people write it."""
    attributes = "".join(f" {name}='{value}'" for name, value in element.attrib.items())
    return f"<{short(tag(element))}{attributes}>"
