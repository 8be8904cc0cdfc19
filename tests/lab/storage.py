"""Storage that two hosts share, as far as libvirt can tell.

libvirt refuses to migrate a guest whose disk is on a file system that it takes for local, such as
`Lab.shared`. It knows shared ones by their type. So each host sees `Lab.disks` through a FUSE
pass-through (Debian's bindfs, unpacked into the cache) that calls itself GlusterFS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .lab import Lab

TYPE = "fuse.glusterfs"


def mount_disks(lab: Lab) -> Path:
    """Mount `Lab.disks` on all hosts where it is not mounted, and return it."""
    tools = lab.images.tools("bindfs", "libfuse2")
    lab.disks.mkdir(exist_ok=True)
    options = f"subtype={TYPE.partition('.')[2]},fsname={lab.disks},nonempty,allow_other"
    for host in lab.hosts:
        if f" {lab.disks} {TYPE} " not in host.run("cat", "/proc/mounts"):
            libraries = f"LD_LIBRARY_PATH={tools}/lib/x86_64-linux-gnu"
            host.run("env", libraries, tools / "usr/bin/bindfs", "-o", options, lab.disks, lab.disks)
    return lab.disks
