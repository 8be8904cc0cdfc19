"""The document of a domain's snapshot."""

from __future__ import annotations

from typing import Literal

from virtkit.model.domain import Domain
from virtkit.model.fields import Child, Children, Choice, Flag, Integer, Text
from virtkit.model.sources import DiskType, Format, MetadataCache, StorageSource
from virtkit.model.values import ZeroOne
from virtkit.model.views import OrderedView


class SnapshotMemory(OrderedView):
    """Whether, and where, the memory is kept."""

    TAG = "memory"
    snapshot = Choice[Literal["no", "internal", "external"]]("@snapshot")
    file = Text("@file")


class SnapshotDriver(OrderedView):
    """The format of the image that is written from now on."""

    TAG = "driver"
    type = Choice[Format]("@type")
    metadata_cache = Child(MetadataCache)


class SnapshotDisk(OrderedView):
    """How one disk is kept; for an external one, ``source`` is what is written from now on."""

    TAG = "disk"
    name = Text("@name")
    snapshot = Choice[Literal["no", "internal", "external", "manual"]]("@snapshot")
    type = Choice[DiskType]("@type")
    driver = Child(SnapshotDriver)
    source = Child(StorageSource)
    delete_in_progress = Flag("snapshotDeleteInProgress")


class SnapshotCookie(OrderedView):
    """What a hypervisor keeps with a snapshot for itself."""

    TAG = "cookie"
    KEEP = True


class DomainSnapshot(OrderedView):
    """A snapshot: ``<domainsnapshot>``, as ``virDomainSnapshotGetXMLDesc`` gives it.

    ``domain`` is what the domain was then, ``inactive_domain`` what its definition was, if it was another.
    """

    TAG = "domainsnapshot"
    name = Text("name")
    description = Text("description")
    state = Choice[
        Literal[
            "running", "blocked", "paused", "shutdown", "shutoff", "crashed", "pmsuspended", "disk-snapshot"
        ]
    ]("state")
    parent = Text("parent/name")
    creation_time = Integer("creationTime")
    memory = Child(SnapshotMemory)
    disks = Children(SnapshotDisk, "disks/disk")
    revert_disks = Children(SnapshotDisk, "revertDisks/disk")
    domain = Child(Domain)
    inactive_domain = Child(Domain, "inactiveDomain")
    active = ZeroOne("active")
    cookie = Child(SnapshotCookie)

    def disk(self, name: str) -> SnapshotDisk:
        """How the disk *name* is kept.

        Raises:
            LookupError: nothing is said of it.
        """
        for disk in self.disks:
            if disk.name == name:
                return disk
        raise LookupError(f"there is no disk {name!r}")
