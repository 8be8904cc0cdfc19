"""Deleting snapshots as libvirt's QEMU driver does: overlays are merged into what is below them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.block import chains, images, state
from virtkit.fake.block.disks import Chain, by_name, disks, rewrite
from virtkit.fake.errors import fail, fail_unknown
from virtkit.fake.snapshot.document import path_of
from virtkit.fake.snapshot.flags import check_delete_flags
from virtkit.fake.snapshot.record import NO, Snapshot, Snapshots
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from virtkit.fake.block.disks import Disk
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_CHILDREN = c.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN
_CHILDREN_ONLY = c.VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY


@dataclass
class _Merge:
    """One disk of an external snapshot: its image *path*, to be merged into the one below."""

    target: str
    path: str


def _refuse(message: str, code: int = c.VIR_ERR_CONFIG_UNSUPPORTED) -> NoReturn:
    fail(code, c.VIR_FROM_QEMU, message)


def delete(
    host: Host, session: Session, record: DomainRecord, known: Snapshots, snapshot: Snapshot, flags: int
) -> None:
    """Delete *snapshot*, or what *flags* say."""
    check_delete_flags(flags)
    state.check_no_backup(record)
    metadata_only = bool(flags & c.VIR_DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY)
    with_children = bool(flags & (_CHILDREN | _CHILDREN_ONLY))
    if not metadata_only:
        _check(record, known, snapshot, flags)
        if snapshot.external and not with_children:
            _merge(host, session, record, known, snapshot)
    if with_children:
        known.remove_descendants(snapshot.name)
        if flags & _CHILDREN_ONLY:
            return
    for child in known.descendants(snapshot.name):
        _forget_images(child, snapshot)
    known.remove_single(snapshot.name)


def _check(record: DomainRecord, known: Snapshots, snapshot: Snapshot, flags: int) -> None:
    if not snapshot.external and record.active:
        _check_same_images(record, snapshot)
    if flags & (_CHILDREN | _CHILDREN_ONLY):
        kinds = {child.external for child in known.descendants(snapshot.name)}
        if kinds == {True, False}:
            _refuse("deletion of external and internal children disk snapshots not supported")
        if True in kinds:
            _refuse("deletion of external children disk snapshots not supported")
    if snapshot.external and state.jobs(record):
        message = "cannot delete external snapshots when there is another active block job"
        _refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
    if snapshot.external and flags & _CHILDREN:
        _refuse("deletion of external disk snapshots with children not supported")


def _check_same_images(record: DomainRecord, snapshot: Snapshot) -> None:
    if snapshot.domain is None:
        return
    now, then = disks(record.document.tree()), disks(Document(text=snapshot.domain).tree())
    for asked in snapshot.disks:
        here, there = by_name(now, asked["name"]), by_name(then, asked["name"])
        if here is not None and there is not None and here.path != there.path:
            message = "is not the same as disk image currently used by VM"
            which = f"disk image '{asked['name']}' for internal snapshot '{snapshot.name}'"
            _refuse(f"{which} {message}", c.VIR_ERR_OPERATION_UNSUPPORTED)


def _merge(host: Host, session: Session, record: DomainRecord, known: Snapshots, snapshot: Snapshot) -> None:
    """Merge the images of *snapshot*; a domain that is off is started for it, and paused."""
    merges = [_plan(record, known, snapshot, asked) for asked in snapshot.disks if asked["snapshot"] != NO]
    if not merges:
        fail_unknown()
    was_off = not record.active
    if was_off:
        power.go_live(host, session, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_STARTING_UP)
    top = [chains.merge_begins(session, record, merge.target, merge.path) for merge in merges]
    for merge, active in zip(merges, top, strict=True):
        chains.merge(host, session, record, merge.target, merge.path, active=active)
        images.remove(session, merge.path)
    if was_off:
        power.halt(host, session, record, c.VIR_DOMAIN_SHUTOFF_SHUTDOWN)


def _plan(record: DomainRecord, known: Snapshots, snapshot: Snapshot, asked: dict[str, Any]) -> _Merge:
    target, path = asked["name"], path_of(asked)
    disk = by_name(disks(record.document.tree()), target)
    if disk is None:
        _refuse(f"disk '{target}' not found in domain", c.VIR_ERR_INVALID_ARG)
    chain = disk.chain()
    if path not in chain.paths():
        message = "could not find base disk source in disk source chain"
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_STORAGE, message)
    then = by_name(disks(Document(text=snapshot.domain or "<domain/>").tree()), target)
    if then is None:
        _refuse(f"failed to find disk '{target}' in snapshot VM XML", c.VIR_ERR_OPERATION_FAILED)
    if record.active:
        _check_below(chain, path, then)
    parent = _parent_for(known, snapshot, target)
    if parent is not None and not parent.external:
        message = "deleting external snapshot that has internal snapshot as parent not supported"
        _refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
    return _Merge(target, path)


def _check_below(chain: Chain, path: str, then: Disk) -> None:
    below = chain.paths()[chain.paths().index(path) + 1 :]
    if not below:
        _refuse("failed to find parent disk source in backing chain", c.VIR_ERR_OPERATION_FAILED)
    if below[0] != then.path:
        message = "snapshot VM disk source and parent disk source are not the same"
        _refuse(message, c.VIR_ERR_OPERATION_FAILED)


def _parent_for(known: Snapshots, snapshot: Snapshot, target: str) -> Snapshot | None:
    """Return the nearest snapshot above *snapshot* that the disk *target* takes part in."""
    parent = known.known.get(snapshot.parent or "")
    while parent is not None:
        if any(disk["name"] == target and disk["snapshot"] != NO for disk in parent.disks):
            return parent
        parent = known.known.get(parent.parent or "")
    return None


def _forget_images(child: Snapshot, snapshot: Snapshot) -> None:
    """Take the images of *snapshot*, which are gone, out of the documents that *child* keeps."""
    gone = {disk["name"]: path_of(disk) for disk in snapshot.disks if disk["snapshot"] != NO}
    if not gone or snapshot.domain is None:
        return
    if child.domain is not None:
        child.domain = _without(child, child.domain, gone, snapshot.domain)
    if child.inactive is not None:
        child.inactive = _without(child, child.inactive, gone, snapshot.inactive or snapshot.domain)


def _without(child: Snapshot, text: str, gone: dict[str, str], before: str) -> str:
    from copy import deepcopy

    tree = deepcopy(Document(text=text).tree())
    then = disks(Document(text=before).tree())
    for target, path in gone.items():
        disk, old = by_name(disks(tree), target), by_name(then, target)
        if disk is None or disk.empty or not path:
            continue
        chain = disk.chain()
        if child.external and old is not None and disk.path == path:
            chain = Chain(old.chain().layers[:1])
        chain.layers[1:] = [layer for layer in chain.layers[1:] if layer.path != path]
        rewrite(disk.element, chain, live=False)
    return Document(tree=tree).text()
