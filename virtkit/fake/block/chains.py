"""What becomes of a disk's chain, in the running domain and for its next start, when a job on it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.block import contents, editing
from virtkit.fake.block.disks import Chain, Disk, by_name, disks

if TYPE_CHECKING:
    from virtkit.fake.block.disks import Layer
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


def tell(session: Session, record: DomainRecord, target: str, kind: int, status: int) -> None:
    """Announce what a job of a *kind* on the disk *target* came to: by its image, and by its name."""
    disk = _live(record, target)
    if disk.path:
        power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_BLOCK_JOB, disk.path, kind, status)
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2, target, kind, status)


def _live(record: DomainRecord, target: str) -> Disk:
    found = by_name(disks(record.document.tree()), target)
    assert found is not None  # noqa: S101
    return found


def live_chain(record: DomainRecord, target: str) -> Chain:
    """Return the images of the running domain's disk *target*: all of them."""
    chain = _live(record, target).chain()
    if chain.layers and not chain.layers[0].index:
        chain.layers[0].index = "1"
    chain.closed = True
    return chain


def _matching(record: DomainRecord, target: str, chain: Chain, bottom: int | None) -> Disk | None:
    """Return the next start's disk, if it is on the same images: down to the one at *bottom*, or all."""
    disk = editing.config_disk(record, target)
    if disk is None:
        return None
    own = disk.chain()
    if bottom is not None:
        return disk if own.paths()[: bottom + 1] == chain.paths()[: bottom + 1] else None
    return disk if own.paths() == chain.paths() and own.closed else None


def _forget_below(record: DomainRecord, target: str, chain: Chain) -> None:
    """Have the next start look for itself what is below the top image, if that is the same one."""
    disk = editing.config_disk(record, target)
    if disk is not None and disk.path == chain.layers[0].path:
        editing.put_config(record, target, Chain(disk.chain().layers[:1]))


def _move_config(record: DomainRecord, target: str, old: str, chain: Chain) -> None:
    """Have the next start's disk on *chain*, if it was on the image *old*."""
    disk = editing.config_disk(record, target)
    if disk is not None and disk.path == old:
        editing.put_config(record, target, chain)


def pulled(record: DomainRecord, target: str, base: str) -> None:
    """Take out what is between the top image and the one with the index *base* (empty: all below)."""
    chain = live_chain(record, target)
    bottom = place(chain, base) if base else None
    inactive = _matching(record, target, chain, bottom)
    if inactive is None:
        _forget_below(record, target, chain)
    if bottom == 1:
        return
    rest = Chain(closed=True) if bottom is None else chain.below(bottom)
    editing.put_live(record, target, Chain(chain.layers[:1]).on(rest))
    if inactive is not None:
        own = inactive.chain()
        rest = Chain(closed=True) if bottom is None else own.below(bottom)
        editing.put_config(record, target, Chain(own.layers[:1]).on(rest))


def committed(record: DomainRecord, target: str, base: str, top: str) -> list[str]:
    """Take out the images from *top* down to above *base* (indexes); return where they were."""
    chain = live_chain(record, target)
    first, bottom = place(chain, top), place(chain, base)
    gone = chain.paths()[first:bottom]
    inactive = _matching(record, target, chain, bottom)
    lower = chain.below(bottom)
    if inactive is not None:
        own = inactive.chain()
        editing.put_config(record, target, Chain(own.layers[:first]).on(own.below(bottom)))
    elif first:
        _forget_below(record, target, chain)
    else:
        _move_config(record, target, chain.layers[0].path, lower)
    editing.put_live(record, target, Chain(chain.layers[:first]).on(lower))
    return gone


def copied(record: DomainRecord, target: str, layer: Layer, *, shallow: bool) -> None:
    """Go over to the image *layer*: what was below the old one stays below it if it is *shallow*."""
    chain = live_chain(record, target)
    new = Chain([layer]).on(chain.below(1) if shallow else Chain(closed=True))
    editing.put_live(record, target, new)
    _move_config(record, target, chain.layers[0].path, new)


def place(chain: Chain, index: str) -> int:
    """Return where in *chain* the image with *index* is."""
    return next(number for number, layer in enumerate(chain.layers) if layer.index == index)


def index_of(record: DomainRecord, target: str, path: str) -> str:
    """Return the index of the image *path* of a running domain's disk."""
    return next(layer.index for layer in live_chain(record, target).layers if layer.path == path)


# merging the image of a snapshot into the one below it


def merge_begins(session: Session, record: DomainRecord, target: str, path: str) -> bool:
    """Announce what can be told before the end; return whether it is the top image."""
    active = _live(record, target).path == path
    if active:
        kind = c.VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT
        tell(session, record, target, kind, c.VIR_DOMAIN_BLOCK_JOB_READY)
    return active


def merge(
    host: Host, session: Session, record: DomainRecord, target: str, path: str, *, active: bool
) -> None:
    """Merge the image *path* into the one below it."""
    chain = live_chain(record, target)
    number = chain.paths().index(path)
    contents.push_down(host, session, chain, number, number + 1)
    committed(record, target, chain.layers[number + 1].index, chain.layers[number].index)
    kind = c.VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT if active else c.VIR_DOMAIN_BLOCK_JOB_TYPE_COMMIT
    tell(session, record, target, kind, c.VIR_DOMAIN_BLOCK_JOB_COMPLETED)
