"""Making a checkpoint, as libvirt's QEMU and test drivers do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.block import chains, images
from virtkit.fake.block.disks import by_name, disks
from virtkit.fake.block.supported import check_supported
from virtkit.fake.checkpoint import record as records
from virtkit.fake.checkpoint.document import align, name_bitmaps, parse
from virtkit.fake.checkpoint.record import BITMAP, Checkpoint, Checkpoints
from virtkit.fake.errors import fail
from virtkit.fake.snapshot import record as snapshots
from virtkit.fake.snapshot.domain import present
from virtkit.fake.snapshot.flags import check_known
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_REDEFINE = c.VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE
_VALIDATE = c.VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE


def _refuse(host: Host, message: str, code: int = c.VIR_ERR_OPERATION_UNSUPPORTED) -> NoReturn:
    fail(code, host.personality.source, message)


def create(host: Host, session: Session, record: DomainRecord, xml: str, flags: int) -> Checkpoint:
    """Make the checkpoint that *xml* asks for, and return it."""
    redefine, qemu = bool(flags & _REDEFINE), host.personality.guest_decides
    if qemu:
        check_known(flags, _REDEFINE | _VALIDATE, "qemuCheckpointCreateXML")
    elif snapshots.count(session, record.uuid):
        _refuse(host, "cannot create checkpoint while snapshot exists")
    if not record.active and not (qemu and redefine):
        _refuse(host, "cannot create checkpoint for inactive domain")
    checkpoint = parse(host.personality, xml, host.now(), redefine=redefine)
    known = records.of(session, record.uuid)
    if redefine:
        becomes_current = _redefine(record, known, checkpoint, validate=bool(flags & _VALIDATE))
    else:
        prepare(host, record, known, checkpoint)
        if qemu:
            check_bitmaps_fit(session, record, checkpoint)
        becomes_current = True
    finish(host, session, record, known, checkpoint, new=not redefine, current=becomes_current)
    return checkpoint


def _redefine(record: DomainRecord, known: Checkpoints, checkpoint: Checkpoint, *, validate: bool) -> bool:
    """Check *checkpoint*, made before; return whether it is the current one now."""
    known.check_parent(checkpoint)
    if checkpoint.domain is None:
        name_bitmaps(checkpoint)
    else:
        if Document(text=checkpoint.domain).facts().uuid != record.uuid:
            message = f"definition for checkpoint {checkpoint.name} must use uuid {record.uuid}"
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN_CHECKPOINT, message)
        align(checkpoint)
    if validate:
        _check_bitmaps(record, known, checkpoint)
    followed = checkpoint.parent is not None and checkpoint.parent == known.current
    return followed or known.current is None


def _check_bitmaps(record: DomainRecord, known: Checkpoints, checkpoint: Checkpoint) -> None:
    if not record.active:
        fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_DOMAIN, "domain is not running")
    found = disks(record.document.tree())
    for disk in checkpoint.disks:
        name = disk["name"]
        if disk["checkpoint"] != BITMAP or by_name(found, name) is None:
            continue
        if not known.tracks(checkpoint.name, name):
            message = f"missing or broken bitmap '{checkpoint.name}' for disk '{name}'"
            fail(c.VIR_ERR_CHECKPOINT_INCONSISTENT, c.VIR_FROM_QEMU, message)


def prepare(host: Host, record: DomainRecord, known: Checkpoints, checkpoint: Checkpoint) -> None:
    """Bring a new *checkpoint* into line with the domain, and check that it can be made."""
    checkpoint.domain = present(host.personality, record)
    align(checkpoint)
    if host.personality.guest_decides:
        _check_images(record, checkpoint)
    checkpoint.parent = known.current
    known.check_new(checkpoint.name)


def check_bitmaps_fit(session: Session, record: DomainRecord, checkpoint: Checkpoint) -> None:
    """Refuse a *checkpoint* whose bitmaps the images cannot keep, as QEMU itself does."""
    for asked, disk in zip(checkpoint.disks, disks(record.document.tree()), strict=True):
        if asked["checkpoint"] == BITMAP and not images.keeps_bitmaps(session, disk.path):
            node = f"libvirt-{chains.live_chain(record, disk.target).layers[0].index}-format"
            cause = "Cannot store dirty bitmaps in qcow2 v2 files"
            message = f"Can't make bitmap '{checkpoint.name}' persistent in '{node}': {cause}"
            text = f"unable to execute QEMU command 'transaction': {message}"
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_QEMU, text)


def _check_images(record: DomainRecord, checkpoint: Checkpoint) -> None:
    found = disks(record.document.tree())
    for asked, disk in zip(checkpoint.disks, found, strict=True):
        name = asked["name"]
        if asked["checkpoint"] != BITMAP:
            continue
        if asked["bitmap"] != checkpoint.name:
            message = f"bitmap for disk '{name}' must match checkpoint name '{checkpoint.name}'"
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        if disk.format != "qcow2":
            message = f"checkpoint for disk {name} unsupported for storage type {disk.format}"
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        check_supported(disk)


def finish(
    host: Host,
    session: Session,
    record: DomainRecord,
    known: Checkpoints,
    checkpoint: Checkpoint,
    *,
    new: bool,
    current: bool,
) -> None:
    """Keep *checkpoint*: its bitmaps begin if it is *new*."""
    known.add(checkpoint)
    if current:
        known.current = checkpoint.name
    if new:
        known.begin_bitmap(record, checkpoint, host.now())
    session.put(known)
