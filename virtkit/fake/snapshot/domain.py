"""What a domain is at a moment: the document that a snapshot or a checkpoint keeps of it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from virtkit.fake.block.disks import Chain, disks, rewrite
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.rules import Personality
    from virtkit.fake.state.records import DomainRecord

_LIVE = ("title", "description", "metadata", "memory", "currentMemory", "vcpu")  # may have changed since


def present(personality: Personality, record: DomainRecord) -> str:
    """Return *record*'s document as it is now, without what only a running domain has."""
    if record.live is None:
        return record.inactive.text()
    tree = deepcopy(record.inactive_of_live().tree())
    live = record.live.tree()
    for tag in _LIVE:
        _take_over(tree, live, tag)
    if personality.guest_decides:
        _take_over(tree, live, "resource", after="vcpu")
        for disk in disks(tree):
            chain = disk.chain()
            if chain.layers:
                rewrite(disk.element, Chain(chain.layers, closed=True), live=False)
    return Document(tree=tree).text()


def _take_over(tree: etree._Element, live: etree._Element, tag: str, after: str = "") -> None:
    """Have in *tree* the element *tag* that *live* has."""
    old, new = tree.find(tag), live.find(tag)
    if new is None:
        if old is not None:
            tree.remove(old)
        return
    copied = deepcopy(new)
    if old is not None:
        tree.replace(old, copied)
        return
    following = [child for child in live.iterchildren() if live.index(child) < live.index(new)]
    names = {str(child.tag) for child in following} | {after}
    place = 0
    for number, child in enumerate(tree, 1):
        if child.tag in names:
            place = number
    tree.insert(place, copied)


def cookie(record: DomainRecord) -> str | None:
    """Return what QEMU's driver keeps to go on with *record*'s guest: the CPU that it has."""
    if record.live is None:
        return None
    from lxml.etree import Element, SubElement, tostring

    made = Element("cookie")
    cpu = record.live.tree().find("cpu")
    if cpu is not None:
        made.append(deepcopy(cpu))
    SubElement(made, "slirpHelper")
    return tostring(made, encoding="unicode")
