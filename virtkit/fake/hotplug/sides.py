"""The two sides of a domain that devices change on: the running document and the definition."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import integer
from virtkit.fake.hotplug import context

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


@dataclass
class Change:
    """A change of one domain's devices: worked out on copies, put into force at the end.

    Attributes:
        tree: the running document, to be changed.
        base: what the running side would start from again, to be changed likewise.
        config: the new definition, once there is one.
    """

    host: Host
    session: Session
    record: DomainRecord
    live: bool
    tree: etree._Element | None = None
    base: etree._Element | None = None
    config: Document | None = None

    def __post_init__(self) -> None:
        record = self.record
        if self.live and record.live is not None:
            self.tree = deepcopy(record.live.tree())
            self.base = None if record.base is None else deepcopy(record.base.tree())

    @property
    def devices(self) -> etree._Element:
        """The running domain's devices."""
        assert self.tree is not None  # noqa: S101
        return context.devices_of(self.tree)

    def add(self, place: int, device: etree._Element) -> None:
        """Add a filled device to the running side."""
        assert self.tree is not None  # noqa: S101
        context.insert(self.devices, place, device)
        context.enliven(self.host, self.record, self.tree, device)
        if self.base is not None:
            context.insert(context.devices_of(self.base), place, context.inactive(device))

    def remove(self, device: etree._Element) -> None:
        """Remove a device of the running side."""
        place = context.place_of(device)
        self.devices.remove(device)
        if self.base is not None:
            devices = context.devices_of(self.base)
            others = devices.findall(str(device.tag))
            if place < len(others):
                devices.remove(others[place])

    def changed(self, device: etree._Element) -> None:
        """Have what became of a device of the running side last for a saved image, too."""
        if self.base is None:
            return
        devices, place = context.devices_of(self.base), context.place_of(device)
        others = devices.findall(str(device.tag))
        if place < len(others):
            devices.replace(others[place], context.inactive(device))

    def resize(self, kilobytes: int) -> None:
        """Give the running guest more memory, or take it."""
        for tree in (self.tree, self.base):
            if tree is not None:
                resize(tree, kilobytes)
        self.record.balloon += kilobytes

    def apply(self) -> None:
        """Put the change into force."""
        record = self.record
        if self.tree is not None:
            record.live = context.document(self.tree)
            if self.base is not None:
                record.base = context.document(self.base)
        if self.config is not None:
            record.config = self.config


def resize(tree: etree._Element, kilobytes: int) -> None:
    """Change the memory that a document says the guest has."""
    for tag in ("memory", "currentMemory"):
        element = tree.find(tag)
        if element is not None:
            element.text = str(integer(element.text) + kilobytes)
