"""Telling when a guest has written up to some place of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.block import chains, images, state
from virtkit.fake.block.disks import by_name, disks
from virtkit.fake.block.lookup import indexed
from virtkit.fake.block.requests import refuse
from virtkit.fake.due import happens

if TYPE_CHECKING:
    from virtkit.fake.block.disks import Layer
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord, Due
    from virtkit.fake.store.session import Session

_ACTION = "block threshold"
_WRITES = 1 << 19  # bytes a second that a guest writes to each disk
_EXCESS = 1 << 16


def put(host: Host, session: Session, record: DomainRecord, device: str, threshold: int) -> None:
    """Have it told when *device* (``vda``, or ``vda[2]``) is written beyond *threshold*; 0: no more."""
    target, layer = _image(record, device)
    found = state.of(record)["thresholds"]
    found.pop(f"{target}[{layer.index}]", None)
    if threshold:
        held = images.allocation(session, layer.path)
        told = {"at": threshold, "path": layer.path, "indexed": device != target}
        found[f"{target}[{layer.index}]"] = {**told, "due": host.now() + max(threshold - held, 0) / _WRITES}
    session.cancel(record.uuid, _ACTION)
    for name, each in found.items():
        host.after(session, max(each["due"] - host.now(), 0.0), _ACTION, record.uuid, name)


def _image(record: DomainRecord, device: str) -> tuple[str, Layer]:
    target, index = indexed(device) or (device, 0)
    disk = by_name(disks(record.document.tree()), target)
    if disk is None:
        refuse(f"failed to find disk '{device}'")
    layers = chains.live_chain(record, disk.target).layers
    found = [layer for layer in layers if not index or layer.index == str(index)]
    if not found:
        refuse(f"failed to find disk '{device}'")
    return disk.target, found[0]


@happens(_ACTION)
def _due(host: Host, session: Session, due: Due) -> None:
    record = session.find(due.uuid)
    found = None if record is None else state.peek(record)
    told = None if found is None else found["thresholds"].pop(due.detail, None)
    if record is None or told is None:
        return
    target, _, _ = due.detail.partition("[")
    disk = by_name(disks(record.document.tree()), target)
    number = c.VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD
    if disk is not None and disk.path == told["path"] and not told["indexed"]:
        power.emit(session, record, number, target, told["path"], told["at"], _EXCESS)
    power.emit(session, record, number, due.detail, told["path"], told["at"], _EXCESS)
