"""The document of a domain's backup."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, Text, YesNo
from virtkit.model.shared import Encryption, SecurityLabel
from virtkit.model.sources import Format
from virtkit.model.views import OrderedView


class BackupServer(OrderedView):
    """Where a backup can be pulled from."""

    TAG = "server"
    transport = Choice[Literal["tcp", "unix", "fd"]]("@transport")
    tls = YesNo("@tls")
    name = Text("@name")
    port = Integer("@port")
    socket = Text("@socket")
    fdgroup = Text("@fdgroup")


class BackupFile(OrderedView):
    """A file or device of the host: what a backup is written to, or where it notes what changes meanwhile."""

    file = Text("@file")
    dev = Text("@dev")
    encryption = Child(Encryption)
    seclabels = Children(SecurityLabel)


class BackupDisk(OrderedView):
    """How one disk is backed up."""

    TAG = "disk"
    name = Text("@name")
    backup = YesNo("@backup")
    type = Choice[Literal["file", "block"]]("@type")
    backupmode = Choice[Literal["full", "incremental"]]("@backupmode")
    incremental = Text("@incremental")
    exportname = Text("@exportname")
    exportbitmap = Text("@exportbitmap")
    driver = Choice[Format]("driver/@type")
    target = Child(BackupFile, "target")
    scratch = Child(BackupFile, "scratch")


class DomainBackup(OrderedView):
    """A backup: ``<domainbackup>``.

    ``virDomainBackupBegin`` takes it, ``virDomainBackupGetXMLDesc`` gives it while it runs.
    """

    TAG = "domainbackup"
    mode = Choice[Literal["push", "pull"]]("@mode")
    incremental = Text("incremental")
    server = Child(BackupServer)
    disks = Children(BackupDisk, "disks/disk")

    def disk(self, name: str) -> BackupDisk:
        """How the disk *name* is backed up.

        Raises:
            LookupError: nothing is said of it.
        """
        for disk in self.disks:
            if disk.name == name:
                return disk
        raise LookupError(f"there is no disk {name!r}")
