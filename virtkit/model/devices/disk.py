"""Disks: what a guest sees as a drive."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Flag, Integer, OnOff, Text
from virtkit.model.limits import IoTune
from virtkit.model.shared import Authentication, Bootable, DriverThreads, Encryption, VirtioOptions
from virtkit.model.sources import (
    DiskFormat,
    DiskType,
    Format,
    MetadataCache,
    PrivateData,
    StorageSource,
)
from virtkit.model.views import View


class ThrottleFilter(View):
    """A group of disks whose limits a disk has a part in."""

    TAG = "throttlefilter"
    group = Text("@group")


class Statistic(View):
    """Seconds over which figures are gathered."""

    TAG = "statistic"
    interval = Integer("@interval")


class HistogramBin(View):
    """The nanoseconds that a bar begins at."""

    TAG = "bin"
    start = Integer("@start")


class LatencyHistogram(View):
    """How long requests of one kind take, in bars."""

    TAG = "latency-histogram"
    type = Choice[Literal["read", "write", "zone", "flush"]]("@type")
    bins = Children(HistogramBin)


class DiskStatistics(View):
    """The figures that are gathered of a disk."""

    TAG = "statistics"
    statistics = Children(Statistic)
    latency_histograms = Children(LatencyHistogram)


class DiskDriver(VirtioOptions):
    """How the host does a disk's input and output."""

    name = Text("@name")
    type = Choice[Format]("@type")
    cache = Choice[Literal["default", "none", "writethrough", "writeback", "directsync", "unsafe"]]("@cache")
    io = Choice[Literal["threads", "native", "io_uring"]]("@io")
    discard = Choice[Literal["unmap", "ignore"]]("@discard")
    detect_zeroes = Choice[Literal["off", "on", "unmap"]]("@detect_zeroes")
    discard_no_unref = OnOff("@discard_no_unref")
    error_policy = Choice[Literal["stop", "report", "ignore", "enospace"]]("@error_policy")
    rerror_policy = Choice[Literal["stop", "report", "ignore"]]("@rerror_policy")
    ioeventfd = OnOff("@ioeventfd")
    event_idx = OnOff("@event_idx")
    copy_on_read = OnOff("@copy_on_read")
    iothread = Integer("@iothread")
    queues = Integer("@queues")
    queue_size = Integer("@queue_size")
    iothreads = Child(DriverThreads)
    statistics = Child(DiskStatistics)
    metadata_cache = Child(MetadataCache)


class BackingStore(View):
    """The image below a disk's; an empty one ends the chain."""

    TAG = "backingStore"
    KEEP = True
    type = Choice[DiskType]("@type")
    index = Integer("@index")
    format = Child(DiskFormat)
    source = Child(StorageSource)
    backing_store: Child[BackingStore]


BackingStore.backing_store = Child(BackingStore)


class Mirror(View):
    """The copy that a running block job writes."""

    TAG = "mirror"
    type = Choice[DiskType]("@type")
    job = Choice[Literal["copy", "active-commit"]]("@job")
    ready = Choice[Literal["yes", "abort", "pivot"]]("@ready")
    file = Text("@file")
    old_format = Choice[Format]("@format")
    format = Child(DiskFormat)
    source = Child(StorageSource)
    backing_store = Child(BackingStore)


class DiskTarget(View):
    """Where the guest sees a disk."""

    TAG = "target"
    dev = Text("@dev")
    bus = Choice[Literal["virtio", "scsi", "sata", "ide", "fdc", "usb", "sd", "xen", "nvme", "uml"]]("@bus")
    tray = Choice[Literal["open", "closed"]]("@tray")
    removable = OnOff("@removable")
    dpofua = OnOff("@dpofua")
    rotation_rate = Integer("@rotation_rate")
    product = Text("@product")


class Geometry(View):
    """What a disk tells the guest of its cylinders."""

    TAG = "geometry"
    cyls = Integer("@cyls")
    heads = Integer("@heads")
    secs = Integer("@secs")
    trans = Choice[Literal["auto", "none", "lba"]]("@trans")


class BlockIo(View):
    """The sizes of blocks that a disk tells the guest, in bytes."""

    TAG = "blockio"
    logical_block_size = Integer("@logical_block_size")
    physical_block_size = Integer("@physical_block_size")
    discard_granularity = Integer("@discard_granularity")


class Disk(Bootable):
    """A disk, a CD-ROM or floppy drive, or a LUN."""

    TAG = "disk"
    type = Choice[DiskType]("@type")
    device = Choice[Literal["disk", "cdrom", "floppy", "lun"]]("@device")
    model = Choice[
        Literal["virtio", "virtio-transitional", "virtio-non-transitional", "usb-storage", "usb-bot"]
    ]("@model")
    rawio = Choice[Literal["yes", "no"]]("@rawio")
    sgio = Choice[Literal["filtered", "unfiltered"]]("@sgio")
    snapshot = Choice[Literal["no", "internal", "external", "manual"]]("@snapshot")
    driver = Child(DiskDriver)
    auth = Child(Authentication)
    source = Child(StorageSource)
    backing_store = Child(BackingStore)
    mirror = Child(Mirror)
    target = Child(DiskTarget)
    geometry = Child(Geometry)
    blockio = Child(BlockIo)
    iotune = Child(IoTune)
    readonly = Flag("readonly")
    shareable = Flag("shareable")
    transient = Flag("transient")
    transient_share_backing = Choice[Literal["yes", "no"]]("transient/@shareBacking")
    serial = Text("serial")
    wwn = Text("wwn")
    vendor = Text("vendor")
    product = Text("product")
    backenddomain = Text("backenddomain/@name")
    encryption = Child(Encryption)
    throttlefilters = Children(ThrottleFilter, "throttlefilters/throttlefilter")
    private_data = Child(PrivateData)
