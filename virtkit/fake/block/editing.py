"""Changing which images a domain's disks are on: of the running domain, and of its next start."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from virtkit.fake.block import images, state
from virtkit.fake.block.disks import Chain, Disk, by_name, disks, file_layer, insert, rewrite

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


def live_disk(record: DomainRecord, name: str) -> Disk | None:
    """Return the disk of the running (or else the defined) domain that *name* means."""
    return by_name(disks(record.document.tree()), name)


def config_disk(record: DomainRecord, target: str) -> Disk | None:
    """Return the disk *target* of the next start, of a domain that runs and has one."""
    if record.config is None or not record.active:
        return None
    return by_name(disks(record.config.tree()), target)


def _edited(document: Document, target: str, change: Callable[[etree._Element], None]) -> Document:
    def edit(tree: etree._Element) -> None:
        disk = by_name(disks(tree), target)
        if disk is not None:
            change(disk.element)

    return document.edited(edit, document.facts())


def put_live(record: DomainRecord, target: str, chain: Chain) -> None:
    """Have the running domain's disk *target* on *chain*."""
    assert record.live is not None  # noqa: S101
    record.live = _edited(record.live, target, partial(rewrite, chain=chain, live=True))
    if record.base is not None:
        record.base = _edited(record.base, target, partial(rewrite, chain=chain, live=False))


def put_config(record: DomainRecord, target: str, chain: Chain) -> None:
    """Have the disk *target* of the next start on *chain*."""
    if record.config is not None:
        record.config = _edited(record.config, target, partial(rewrite, chain=chain, live=False))


def show_mirror(record: DomainRecord, target: str, mirror: etree._Element | None) -> None:
    """Show in the live document where the disk *target* is copied to: None for nowhere."""
    assert record.live is not None  # noqa: S101

    def change(disk: etree._Element) -> None:
        old = disk.find("mirror")
        if old is not None:
            disk.remove(old)
        if mirror is not None:
            insert(disk, mirror)

    record.live = _edited(record.live, target, change)


def overlay(
    host: Host, session: Session, record: DomainRecord, disk: Disk, source: dict[str, str], form: str
) -> None:
    """Put the running domain's *disk* upon another image, and the next start's too where it is the same one.

    Args:
        host: of the domain.
        session: of the call.
        record: the domain.
        disk: its disk, of the live document.
        source: the attributes of the new image's element.
        form: its format.
    """
    target, old = disk.target, disk.path
    layer = file_layer("", form, index=state.next_index(record))
    if layer.source is not None:
        layer.source.attrib.clear()
        layer.source.attrib.update(source)
    inactive = config_disk(record, target)
    chain = disk.chain()
    if not chain.layers[0].index:
        chain.layers[0].index = "1"
    chain.closed = True
    put_live(record, target, Chain([layer]).on(chain))
    if inactive is not None and inactive.path == old:
        put_config(record, target, Chain([layer]).on(inactive.chain()))


def open_chains(session: Session, record: DomainRecord) -> None:
    """Show below a started domain's disks the images that its inactive document did not tell of."""
    for disk, told in zip(
        disks(record.document.tree()), disks(record.inactive_of_live().tree()), strict=True
    ):
        chain = disk.chain()
        chain.closed = told.chain().closed
        while chain.layers and not chain.closed:
            below = images.backing(session, chain.layers[-1].path)
            if below is None:
                break
            chain.layers.append(file_layer(*below))
        if len(chain.layers) > 1:
            for layer in chain.layers:
                layer.index = state.next_index(record) if layer is not chain.layers[0] else layer.index
            put_live(record, disk.target, Chain(chain.layers, closed=True))
