"""Memory modules that are plugged into a guest."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Flag, Integer, Size, Text, YesNo
from virtkit.model.shared import Device, VirtioOptions
from virtkit.model.views import View


class MemorySource(View):
    """What of the host a module is made of."""

    TAG = "source"
    path = Text("path")
    pagesize = Size("pagesize")
    nodemask = Text("nodemask")
    alignsize = Size("alignsize")
    pmem = Flag("pmem")


class MemoryTarget(View):
    """What the guest sees of a module."""

    TAG = "target"
    size = Size("size")
    requested = Size("requested")
    current = Size("current")
    node = Integer("node")
    block = Size("block")
    dynamic_memslots = YesNo("@dynamicMemslots")
    label_size = Size("label/size")
    readonly = Flag("readonly")
    address_base = Integer("address/@base")


class MemoryModule(Device):
    """A DIMM, NVDIMM or virtio-mem device."""

    TAG = "memory"
    model = Choice[Literal["dimm", "nvdimm", "virtio-pmem", "virtio-mem", "sgx-epc"]]("@model")
    access = Choice[Literal["shared", "private"]]("@access")
    discard = YesNo("@discard")
    uuid = Text("uuid")
    source = Child(MemorySource)
    target = Child(MemoryTarget)
    driver = Child(VirtioOptions)
