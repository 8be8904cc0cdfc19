"""Changing a domain's documents in place of libvirt: on the running side, in the definition, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import add, remove
from virtkit.fake.fill.order import arrange, sort, sort_children

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.state.records import DomainRecord

    Edit = Callable[[etree._Element], object]

_CPUTUNE = (
    "shares period quota global_period global_quota emulator_period emulator_quota iothread_period"
    " iothread_quota vcpupin emulatorpin iothreadpin vcpusched iothreadsched emulatorsched cachetune"
    " memorytune"
)
_ORDERS = {
    "cputune": _CPUTUNE,
    "memtune": "hard_limit soft_limit min_guarantee swap_hard_limit",
    "blkiotune": "weight device",
    "device": "path weight read_iops_sec write_iops_sec read_bytes_sec write_bytes_sec",
    "bandwidth": "inbound outbound",
}
_RANKS = {tag: {name: rank for rank, name in enumerate(names.split())} for tag, names in _ORDERS.items()}


def apply(record: DomainRecord, edit: Edit, *, live: bool, config: bool) -> None:
    """Have *edit* change the documents of *record*: it must not fail."""
    if live and record.live is not None:
        record.live = record.live.edited(edit)
        if record.base is not None:
            record.base = record.base.edited(edit)
    if config and record.config is not None:
        record.config = record.config.edited(edit)


def section(tree: etree._Element, path: str) -> etree._Element:
    """Return the element at *path*, a new one in its place if there is none."""
    parent, _, tag = path.rpartition("/")
    holder = tree if not parent else section(tree, parent)
    found = holder.find(tag)
    if found is None:
        found = add(holder, tag)
        tidy(holder)
    return found


def tidy(element: etree._Element) -> None:
    """Put the children of *element* into libvirt's order."""
    if element.tag == "domain":
        arrange(element)
    elif element.tag in _RANKS:
        sort(element, _RANKS[str(element.tag)])
    else:
        sort_children(element)


def put(tree: etree._Element, path: str, text: str | None, **attributes: str) -> None:
    """Have the element at *path* say *text*; None: have no such element."""
    if text is None:
        drop(tree, path)
        return
    found = section(tree, path)
    found.text = text or None
    for name, value in attributes.items():
        found.set(name, value)


def drop(tree: etree._Element, path: str) -> None:
    """Remove the element at *path*, and its parent if that is empty then."""
    found = tree.find(path)
    if found is None:
        return
    parent = found.getparent()
    remove(found)
    if parent is not None and parent is not tree and not len(parent) and not parent.attrib:
        remove(parent)
