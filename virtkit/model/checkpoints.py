"""The document of a domain's checkpoint: from when on changed blocks are known."""

from __future__ import annotations

from typing import Literal

from virtkit.model.domain import Domain
from virtkit.model.fields import Child, Children, Choice, Integer, Text
from virtkit.model.views import OrderedView


class CheckpointDisk(OrderedView):
    """Whether one disk's changes are noted, and in which bitmap; the size is in bytes."""

    TAG = "disk"
    name = Text("@name")
    checkpoint = Choice[Literal["no", "bitmap"]]("@checkpoint")
    bitmap = Text("@bitmap")
    size = Integer("@size")


class DomainCheckpoint(OrderedView):
    """A checkpoint: ``<domaincheckpoint>``, as ``virDomainCheckpointGetXMLDesc`` gives it."""

    TAG = "domaincheckpoint"
    name = Text("name")
    description = Text("description")
    parent = Text("parent/name")
    creation_time = Integer("creationTime")
    disks = Children(CheckpointDisk, "disks/disk")
    domain = Child(Domain)

    def disk(self, name: str) -> CheckpointDisk:
        """What is noted of the disk *name*.

        Raises:
            LookupError: nothing is said of it.
        """
        for disk in self.disks:
            if disk.name == name:
                return disk
        raise LookupError(f"there is no disk {name!r}")
