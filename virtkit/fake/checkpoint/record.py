"""What is kept of a checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake.snapshot.tree import Moment, Moments

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

BITMAP, NONE = "bitmap", "no"


@dataclass
class Checkpoint(Moment):
    """One checkpoint. Each of its disks has ``name``, ``checkpoint`` and ``bitmap``.

    Attributes:
        run: the id of the domain when it was made.
        ran: how long its guest had computed then, in seconds.
        tracked: the disks whose changes are known since then.
    """

    run: int = -1
    ran: float = 0.0
    tracked: list[str] | None = None


@dataclass
class Checkpoints(Moments[Checkpoint]):
    """The checkpoints of a domain."""

    kind: ClassVar[str] = "checkpoints"
    item: ClassVar[type[Checkpoint]] = Checkpoint


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
