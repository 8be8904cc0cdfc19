"""The document of a storage volume."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Flag, Integer, Size, Text
from virtkit.model.shared import Encryption
from virtkit.model.storage.files import Permissions, Timestamps
from virtkit.model.views import OrderedView

VolumeFormat = Literal[
    "none",
    "raw",
    "dir",
    "bochs",
    "cloop",
    "cow",
    "dmg",
    "iso",
    "qcow",
    "qcow2",
    "qed",
    "vmdk",
    "vdi",
    "vhd",
    "vpc",
    "luks",
    "ploop",
    "fat",
    "linux",
    "fat16",
    "fat32",
    "linux-swap",
    "linux-lvm",
    "linux-raid",
    "extended",
    "auto",
    "ext2",
    "ext3",
    "ext4",
    "ufs",
    "iso9660",
    "udf",
    "gfs",
    "gfs2",
    "vfat",
    "hfs+",
    "xfs",
    "ocfs2",
    "vmfs",
    "unknown",
]
"""Formats of images, types of partitions and file systems: which of them, depends on the pool."""


class Extent(OrderedView):
    """A part of a device, in bytes."""

    TAG = "extent"
    start = Integer("@start")
    end = Integer("@end")


class VolumeDevice(OrderedView):
    """A device that a volume is on."""

    TAG = "device"
    path = Text("@path")
    extents = Children(Extent)


class VolumeSource(OrderedView):
    """The devices that a volume is on."""

    TAG = "source"
    devices = Children(VolumeDevice)


class VolumeFile(OrderedView):
    """Where the host sees a volume, or the image below it."""

    path = Text("path")
    format = Choice[VolumeFormat]("format/@type")
    permissions = Child(Permissions)
    timestamps = Child(Timestamps)


class VolumeTarget(VolumeFile):
    """Where the host sees a volume, and what it is like."""

    TAG = "target"
    encryption = Child(Encryption)
    compat = Text("compat")
    cluster_size = Size("clusterSize", "bytes")
    nocow = Flag("nocow")
    lazy_refcounts = Flag("features/lazy_refcounts")
    extended_l2 = Flag("features/extended_l2")


class VolumeBackingStore(VolumeFile):
    """The image below a volume."""

    TAG = "backingStore"


class StorageVolume(OrderedView):
    """A storage volume: ``<volume>``.

    ``virStorageVolGetXMLDesc`` gives it, ``virStorageVolCreateXML`` takes it.
    Sizes are in bytes, whatever the unit in the document.
    """

    TAG = "volume"
    type = Choice[Literal["file", "block", "dir", "network", "netdir", "ploop"]]("@type")
    name = Text("name")
    key = Text("key")
    source = Child(VolumeSource)
    capacity = Size("capacity", "bytes")
    allocation = Size("allocation", "bytes")
    physical = Size("physical", "bytes")
    target = Child(VolumeTarget)
    backing_store = Child(VolumeBackingStore)
