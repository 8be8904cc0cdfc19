"""Devices of few words: rng, watchdog, balloon, vsock, panic, shared memory, IOMMU, NVRAM, crypto."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Flag, Integer, OnOff, Size, Text, YesNo
from virtkit.model.shared import CharacterSource, Device, VirtioOptions
from virtkit.model.views import View

VirtioModel = Literal["virtio", "virtio-transitional", "virtio-non-transitional"]


class RngBackend(View):
    """Where random numbers come from."""

    TAG = "backend"
    model = Choice[Literal["random", "egd", "builtin"]]("@model")
    type = Text("@type")
    path = Text(".")
    source = Child(CharacterSource)
    protocol = Text("protocol/@type")
    log_file = Text("log/@file")
    log_append = OnOff("log/@append")


class Rng(Device):
    """A source of random numbers."""

    TAG = "rng"
    model = Choice[VirtioModel]("@model")
    rate_bytes = Integer("rate/@bytes")
    rate_period = Integer("rate/@period")
    backend = Child(RngBackend)
    driver = Child(VirtioOptions)


class Watchdog(Device):
    """A device that acts when the guest does not answer."""

    TAG = "watchdog"
    model = Choice[Literal["i6300esb", "ib700", "diag288", "itco"]]("@model")
    action = Choice[Literal["reset", "shutdown", "poweroff", "pause", "none", "dump", "inject-nmi"]](
        "@action"
    )


class Memballoon(Device):
    """The device through which the host takes memory back."""

    TAG = "memballoon"
    model = Choice[Literal["virtio", "virtio-transitional", "virtio-non-transitional", "xen", "none"]](
        "@model"
    )
    autodeflate = OnOff("@autodeflate")
    free_page_reporting = OnOff("@freePageReporting")
    stats_period = Integer("stats/@period")
    driver = Child(VirtioOptions)


class Cid(View):
    """A guest's address on vsock."""

    TAG = "cid"
    auto = YesNo("@auto")
    address = Integer("@address")


class Vsock(Device):
    """Sockets between host and guest."""

    TAG = "vsock"
    model = Choice[VirtioModel]("@model")
    cid = Child(Cid)
    driver = Child(VirtioOptions)


class Panic(Device):
    """The device through which a guest says that it crashed."""

    TAG = "panic"
    model = Choice[Literal["isa", "pseries", "hyperv", "s390", "pvpanic"]]("@model")


class ShmemServer(View):
    """The server that guests get the memory from; without a path, where it listens by default."""

    TAG = "server"
    KEEP = True
    path = Text("@path")


class Shmem(Device):
    """Memory that guests share."""

    TAG = "shmem"
    name = Text("@name")
    role = Choice[Literal["peer", "master"]]("@role")
    model = Choice[Literal["ivshmem", "ivshmem-plain", "ivshmem-doorbell"]]("model/@type")
    size = Size("size", "MiB")
    server = Child(ShmemServer)
    msi = Flag("msi")
    msi_enabled = OnOff("msi/@enabled")
    msi_vectors = Integer("msi/@vectors")
    msi_ioeventfd = OnOff("msi/@ioeventfd")


class IommuDriver(View):
    """What an IOMMU does."""

    TAG = "driver"
    intremap = OnOff("@intremap")
    caching_mode = OnOff("@caching_mode")
    eim = OnOff("@eim")
    iotlb = OnOff("@iotlb")
    aw_bits = Integer("@aw_bits")
    dma_translation = OnOff("@dma_translation")
    xtsup = OnOff("@xtsup")
    passthrough = OnOff("@passthrough")
    pci_bus = Integer("@pciBus")
    accel = OnOff("@accel")
    ats = OnOff("@ats")
    ril = OnOff("@ril")
    ssidsize = Integer("@ssidsize")
    oas = Integer("@oas")
    cmdqv = OnOff("@cmdqv")
    granule_mode = Choice[Literal["host"]]("granule/@mode")
    granule_size = Size("granule/@size")


class Iommu(Device):
    """An IOMMU that the guest sees."""

    TAG = "iommu"
    model = Choice[Literal["intel", "smmuv3", "virtio", "amd"]]("@model")
    driver = Child(IommuDriver)


class NvramDevice(Device):
    """The non-volatile memory of pseries machines."""

    TAG = "nvram"


class Crypto(Device):
    """A virtual crypto device."""

    TAG = "crypto"
    model = Choice[Literal["virtio"]]("@model")
    type = Choice[Literal["qemu"]]("@type")
    backend_model = Choice[Literal["builtin", "lkcf"]]("backend/@model")
    backend_queues = Integer("backend/@queues")
    driver = Child(VirtioOptions)


class Pstore(Device):
    """A place where a crashing guest leaves its last words."""

    TAG = "pstore"
    backend = Choice[Literal["acpi-erst"]]("@backend")
    path = Text("path")
    size = Size("size")


class Lease(View):
    """A lease of a lock manager."""

    TAG = "lease"
    lockspace = Text("lockspace")
    key = Text("key")
    target_path = Text("target/@path")
    target_offset = Integer("target/@offset")
