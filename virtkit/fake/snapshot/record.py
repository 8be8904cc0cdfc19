"""What is kept of a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake.snapshot.tree import Moment, Moments

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

ONLINE = ("running", "paused")
DISK_ONLY = "disk-snapshot"
INTERNAL, EXTERNAL, NO, MANUAL = "internal", "external", "no", "manual"


@dataclass
class Snapshot(Moment):
    """One snapshot. Each of its disks has ``name``, ``snapshot``, ``type``, ``format`` and ``source``.

    Attributes:
        state: the domain's, as the document says it.
        memory: where its memory is: no, internal, external; empty: not said.
        memory_file: the file of external memory.
        inactive: the document of the next start then, of a domain that ran.
        cookie: what the driver needs to go on with a running guest, as XML.
    """

    state: str = ""
    memory: str = ""
    memory_file: str | None = None
    inactive: str | None = None
    cookie: str | None = None

    @property
    def external(self) -> bool:
        """Whether some of it is in files of its own."""
        return self.memory == EXTERNAL or any(disk["snapshot"] == EXTERNAL for disk in self.disks)


@dataclass
class Snapshots(Moments[Snapshot]):
    """The snapshots of a domain."""

    kind: ClassVar[str] = "snapshots"
    item: ClassVar[type[Snapshot]] = Snapshot


def of(session: Session, uuid: str) -> Snapshots:
    """Return the snapshots of the domain *uuid*: none to begin with, and not kept unless put."""
    return session.object(Snapshots, uuid) or Snapshots(uuid)


def count(session: Session, uuid: str) -> int:
    """Return how many snapshots the domain *uuid* has."""
    found = session.object(Snapshots, uuid)
    return 0 if found is None else len(found.known)


def forget(session: Session, uuid: str) -> None:
    """Forget the snapshots of a domain that is gone."""
    found = session.object(Snapshots, uuid)
    if found is not None:
        session.drop(found)
