"""When a place of a document says nothing: the conditions of `virtkit.model.rules`.

Each takes the wanted element that has the place; its docstring is what the reference says of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from virtkit import units
from virtkit.model import nodes

When = Callable[[etree._Element], bool]


def always(_: etree._Element) -> bool:
    """Always."""
    return True


def never(_: etree._Element) -> bool:
    """Never."""
    return False


def is_empty(element: etree._Element) -> bool:
    """It is empty."""
    return not element.attrib and not len(element) and nodes.is_blank(element.text)


def has_no_text(element: etree._Element) -> bool:
    """It has no text."""
    return nodes.is_blank(element.text)


_GENERATED = re.compile(r"/libvirt/qemu/|/domain-\d+-[^/]*/")


def is_generated(element: etree._Element) -> bool:
    """It is a socket that libvirt listens on, with a path of libvirt's making, or none."""
    parent = element.getparent()
    if parent is None or parent.get("type") != "unix":
        return False
    path = element.get("path", "")
    if path and element.get("mode", "bind") != "bind":
        return False
    return not path or bool(_GENERATED.search(path)) or _is_channel(element, path)


def _is_channel(element: etree._Element, path: str) -> bool:
    target = element.find("../target")
    name = target.get("name") if target is not None else None
    return name is not None and path.partition("/channel/")[2].endswith((f".{name}", f"/{name}"))


def has_generated_socket(element: etree._Element) -> bool:
    """It is what libvirt made: it is in the folder of one run."""
    return bool(_GENERATED.search(element.get("socket", "")))


def has_automatic_port(element: etree._Element) -> bool:
    """`autoport` is `yes`."""
    return element.get("autoport") == "yes"


def is_automatic(element: etree._Element) -> bool:
    """`auto` is `yes`."""
    return element.get("auto") == "yes"


def is_terminal(element: etree._Element) -> bool:
    """The device is a pseudo terminal."""
    parent = element.getparent()
    return parent is not None and parent.get("type") == "pty"


def is_own_alias(element: etree._Element) -> bool:
    """It is what libvirt gave: it does not begin with `ua-`."""
    return not element.get("name", "").startswith("ua-")


_OWN_DEVICE = re.compile(r"(?:vnet|macvtap|macvlan|vif)\d+\Z")


def is_own_device(element: etree._Element) -> bool:
    """It is what libvirt gave: `vnet0`, `macvtap0`."""
    return bool(_OWN_DEVICE.match(element.get("dev", "")))


def is_off(element: etree._Element) -> bool:
    """`enable` is not `yes`."""
    return element.get("enable") != "yes"


def has_no_medium(element: etree._Element) -> bool:
    """It is a drive without a medium."""
    return element.get("device") in ("cdrom", "floppy") and element.find("source") is None


def is_of_empty_drive(element: etree._Element) -> bool:
    """The drive has no medium."""
    parent = element.getparent()
    return parent is not None and has_no_medium(parent)


_UNLIMITED = 9007199254740991 * 1024


def is_unlimited(element: etree._Element) -> bool:
    """It is libvirt's word for no limit, or more."""
    try:
        return units.parse_size(f"{(element.text or '').strip()}{element.get('unit', 'KiB')}") >= _UNLIMITED
    except ValueError:
        return False


def is_skipped(element: etree._Element) -> bool:
    """`labelskip` is `yes`: it speaks of one run."""
    return element.get("labelskip") == "yes"


def is_dynamic(element: etree._Element) -> bool:
    """`type` is `dynamic`."""
    return element.get("type", "dynamic") == "dynamic"


def is_of_dynamic(element: etree._Element) -> bool:
    """The label is a dynamic one."""
    parent = element.getparent()
    return parent is not None and is_dynamic(parent)


def has_no_model(element: etree._Element) -> bool:
    """It names no model."""
    return element.get("model") is None


def is_not_virtio(element: etree._Element) -> bool:
    """The interface is not `virtio`."""
    model = element.find("../model")
    return model is None or not model.get("type", "").startswith("virtio")


def has_socket(element: etree._Element) -> bool:
    """The display has a socket, and this is another."""
    parent = element.getparent()
    if parent is None or element.get("type") == "socket":
        return False
    return parent.get("socket") is not None or parent.find("listen[@type='socket']") is not None


def is_logical(element: etree._Element) -> bool:
    """The pool is a volume group, whose path follows from its name."""
    pool = element.getparent()
    pool = pool.getparent() if pool is not None else None
    return pool is not None and pool.get("type") == "logical"


def is_one_too_many(element: etree._Element) -> bool:
    """It has no namespace, or one before it has the same."""
    parent = element.getparent()
    if parent is None or parent.tag != "metadata":
        return False
    namespace = etree.QName(element).namespace
    before = (etree.QName(each).namespace for each in element.itersiblings("*", preceding=True))
    return namespace is None or namespace in before


def has_no_bootloader(element: etree._Element) -> bool:
    """There is no `bootloader`."""
    return element.find("../bootloader") is None


def runs(element: etree._Element) -> bool:
    """The wanted document is of a running domain, which has a number."""
    return element.getroottree().getroot().get("id") is not None


def is_optional(element: etree._Element) -> bool:
    """`policy` is `optional` or `disable`."""
    return element.get("policy") in ("optional", "disable")


def is_dynamic_in_run(element: etree._Element) -> bool:
    """The wanted document is of a running domain, and the label a dynamic one."""
    return is_dynamic(element) and runs(element)


def is_of_network(element: etree._Element) -> bool:
    """It is the bridge of the `network` beside it."""
    return element.get("network") is not None
