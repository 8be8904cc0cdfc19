"""What is kept of a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from virtkit.fake.snapshot.tree import Moment, Moments

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

BITMAP, NO = "bitmap", "no"
_WRITES = 1 << 19  # bytes a second that a guest writes to each disk
_CLUSTER = 1 << 16


@dataclass
class Checkpoint(Moment):
    """One checkpoint. Each of its disks has ``name``, ``checkpoint`` and ``bitmap``."""


@dataclass
class Checkpoints(Moments[Checkpoint]):
    """The checkpoints of a domain.

    Attributes:
        bitmaps: by name, what the images know of changes: ``disks``, and the ``run`` (the domain's id) and
            how long the guest had computed (``ran``) when it began.
    """

    kind: ClassVar[str] = "checkpoints"
    item: ClassVar[type[Checkpoint]] = Checkpoint
    bitmaps: dict[str, dict[str, Any]] = field(default_factory=dict)

    def begin_bitmap(self, record: DomainRecord, checkpoint: Checkpoint, now: float) -> None:
        """Have the disks of *checkpoint* count changes from *now* on."""
        disks = [disk["name"] for disk in checkpoint.disks if disk["checkpoint"] == BITMAP]
        ran = record.cpu_seconds(now)
        self.bitmaps[checkpoint.name] = {"disks": disks, "run": record.id, "ran": ran}

    def tracks(self, name: str, target: str) -> bool:
        """Return whether the images of the disk *target* know what changed since the checkpoint *name*."""
        return target in self.bitmaps.get(name, {}).get("disks", ())

    def dirty(self, record: DomainRecord, name: str, capacity: int, now: float) -> int:
        """Return how many bytes of a disk changed since the checkpoint *name*: the guest never rests."""
        bitmap = self.bitmaps[name]
        before = bitmap["ran"] if bitmap["run"] == record.id else 0.0
        written = int(max(record.cpu_seconds(now) - before, 0.0) * _WRITES)
        return min(written // _CLUSTER * _CLUSTER, capacity)


def of(session: Session, uuid: str) -> Checkpoints:
    """Return the checkpoints of the domain *uuid*: none to begin with, and not kept unless put."""
    return session.object(Checkpoints, uuid) or Checkpoints(uuid)


def count(session: Session, uuid: str) -> int:
    """Return how many checkpoints the domain *uuid* has."""
    found = session.object(Checkpoints, uuid)
    return 0 if found is None else len(found.known)


def forget(session: Session, uuid: str) -> None:
    """Forget the checkpoints of a domain that is gone."""
    found = session.object(Checkpoints, uuid)
    if found is not None:
        session.drop(found)
