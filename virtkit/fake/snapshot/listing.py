"""Which snapshots a list has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.snapshot.record import DISK_ONLY

if TYPE_CHECKING:
    from virtkit.fake.snapshot.record import Snapshot, Snapshots

_METADATA, _NO_METADATA = c.VIR_DOMAIN_SNAPSHOT_LIST_METADATA, c.VIR_DOMAIN_SNAPSHOT_LIST_NO_METADATA
_STATES = {
    "shutoff": c.VIR_DOMAIN_SNAPSHOT_LIST_INACTIVE,
    DISK_ONLY: c.VIR_DOMAIN_SNAPSHOT_LIST_DISK_ONLY,
}
_ANY_STATE = (
    c.VIR_DOMAIN_SNAPSHOT_LIST_INACTIVE
    | c.VIR_DOMAIN_SNAPSHOT_LIST_ACTIVE
    | c.VIR_DOMAIN_SNAPSHOT_LIST_DISK_ONLY
)
_INTERNAL, _EXTERNAL = c.VIR_DOMAIN_SNAPSHOT_LIST_INTERNAL, c.VIR_DOMAIN_SNAPSHOT_LIST_EXTERNAL


def select(known: Snapshots, name: str | None, flags: int) -> list[Snapshot]:
    """Return the snapshots below *name* (None: of the domain) that *flags* ask for."""
    if flags & (_METADATA | _NO_METADATA) == _NO_METADATA:
        return []
    flag = bool(flags & c.VIR_DOMAIN_SNAPSHOT_LIST_DESCENDANTS)  # of a domain, it means: roots only
    deep = flag if name is not None else not flag
    return known.select(name, deep=deep, passes=lambda snapshot: _passes(known, snapshot, flags))


def _passes(known: Snapshots, snapshot: Snapshot, flags: int) -> bool:
    states = flags & _ANY_STATE
    if states and not states & _STATES.get(snapshot.state, c.VIR_DOMAIN_SNAPSHOT_LIST_ACTIVE):
        return False
    places = flags & (_INTERNAL | _EXTERNAL)
    if places and not places & (_EXTERNAL if snapshot.external else _INTERNAL):
        return False
    leaves = flags & c.VIR_DOMAIN_SNAPSHOT_LIST_LEAVES
    return known.passes_leaves(snapshot, leaves, flags & c.VIR_DOMAIN_SNAPSHOT_LIST_NO_LEAVES)
