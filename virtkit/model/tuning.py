"""How a domain uses the host: memory, CPU time, NUMA nodes, block devices."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Flag, Integer, Size, Text, YesNo
from virtkit.model.views import View


class MaxMemory(View):
    """How far memory can grow by plugging modules."""

    TAG = "maxMemory"
    size = Size(".")
    slots = Integer("@slots")


class Vcpu(View):
    """How many virtual CPUs there are at most, and on which of the host's they run."""

    TAG = "vcpu"
    count = Integer(".")
    placement = Choice[Literal["static", "auto"]]("@placement")
    cpuset = Text("@cpuset")
    current = Integer("@current")


class VcpuState(View):
    """One virtual CPU."""

    TAG = "vcpu"
    id = Integer("@id")
    enabled = YesNo("@enabled")
    hotpluggable = YesNo("@hotpluggable")
    order = Integer("@order")


class Vcpus(View):
    """The virtual CPUs one by one."""

    TAG = "vcpus"
    vcpus = Children(VcpuState)


class IoThread(View):
    """One I/O thread."""

    TAG = "iothread"
    id = Integer("@id")
    thread_pool_min = Integer("@thread_pool_min")
    thread_pool_max = Integer("@thread_pool_max")
    poll_max = Integer("poll/@max")
    poll_grow = Integer("poll/@grow")
    poll_shrink = Integer("poll/@shrink")
    poll_weight = Integer("poll/@weight")


class IoThreadIds(View):
    """The I/O threads one by one."""

    TAG = "iothreadids"
    iothreads = Children(IoThread)


class Page(View):
    """Huge pages of one size."""

    TAG = "page"
    size = Size("@size")
    nodeset = Text("@nodeset")


class Hugepages(View):
    """Which huge pages a guest's memory is made of."""

    TAG = "hugepages"
    KEEP = True
    pages = Children(Page)


class MemoryBacking(View):
    """What a guest's memory is made of."""

    TAG = "memoryBacking"
    hugepages = Child(Hugepages)
    nosharepages = Flag("nosharepages")
    locked = Flag("locked")
    source = Choice[Literal["anonymous", "file", "memfd"]]("source/@type")
    access = Choice[Literal["shared", "private"]]("access/@mode")
    allocation = Choice[Literal["immediate", "ondemand"]]("allocation/@mode")
    allocation_threads = Integer("allocation/@threads")
    discard = Flag("discard")


class MemTune(View):
    """Limits of the memory that a domain uses on the host."""

    TAG = "memtune"
    hard_limit = Size("hard_limit")
    soft_limit = Size("soft_limit")
    min_guarantee = Size("min_guarantee")
    swap_hard_limit = Size("swap_hard_limit")


class VcpuPin(View):
    """On which of the host's CPUs a virtual CPU runs."""

    TAG = "vcpupin"
    vcpu = Integer("@vcpu")
    cpuset = Text("@cpuset")


class IoThreadPin(View):
    """On which of the host's CPUs an I/O thread runs."""

    TAG = "iothreadpin"
    iothread = Integer("@iothread")
    cpuset = Text("@cpuset")


Scheduler = Literal["batch", "idle", "fifo", "rr"]


class VcpuSched(View):
    """How virtual CPUs are scheduled."""

    TAG = "vcpusched"
    vcpus = Text("@vcpus")
    scheduler = Choice[Scheduler]("@scheduler")
    priority = Integer("@priority")


class IoThreadSched(View):
    """How I/O threads are scheduled."""

    TAG = "iothreadsched"
    iothreads = Text("@iothreads")
    scheduler = Choice[Scheduler]("@scheduler")
    priority = Integer("@priority")


class EmulatorSched(View):
    """How the emulator is scheduled."""

    TAG = "emulatorsched"
    scheduler = Choice[Scheduler]("@scheduler")
    priority = Integer("@priority")


class CacheShare(View):
    """A share of a cache of the host."""

    TAG = "cache"
    id = Integer("@id")
    level = Integer("@level")
    type = Choice[Literal["both", "code", "data"]]("@type")
    size = Size("@size", "bytes")


class Monitor(View):
    """Which use of a cache or of memory is watched."""

    TAG = "monitor"
    level = Integer("@level")
    vcpus = Text("@vcpus")


class CacheTune(View):
    """Which of the host's cache virtual CPUs get."""

    TAG = "cachetune"
    vcpus = Text("@vcpus")
    id = Text("@id")
    caches = Children(CacheShare)
    monitors = Children(Monitor)


class MemoryTuneNode(View):
    """The bandwidth from one NUMA node, in percent."""

    TAG = "node"
    id = Integer("@id")
    bandwidth = Integer("@bandwidth")


class MemoryTune(View):
    """Which bandwidth of memory virtual CPUs get."""

    TAG = "memorytune"
    vcpus = Text("@vcpus")
    nodes = Children(MemoryTuneNode)
    monitors = Children(Monitor)


class EnergyTune(View):
    """Whose use of energy is watched."""

    TAG = "energytune"
    vcpus = Text("@vcpus")
    id = Text("@id")
    monitors = Children(Monitor)


class CpuTune(View):
    """Which CPU time of the host a domain gets; periods and quotas in microseconds."""

    TAG = "cputune"
    shares = Integer("shares")
    period = Integer("period")
    quota = Integer("quota")
    global_period = Integer("global_period")
    global_quota = Integer("global_quota")
    emulator_period = Integer("emulator_period")
    emulator_quota = Integer("emulator_quota")
    iothread_period = Integer("iothread_period")
    iothread_quota = Integer("iothread_quota")
    vcpupins = Children(VcpuPin)
    emulatorpin = Text("emulatorpin/@cpuset")
    iothreadpins = Children(IoThreadPin)
    vcpuscheds = Children(VcpuSched)
    iothreadscheds = Children(IoThreadSched)
    emulatorsched = Child(EmulatorSched)
    cachetunes = Children(CacheTune)
    memorytunes = Children(MemoryTune)
    energytunes = Children(EnergyTune)


class NumaMemory(View):
    """From which NUMA nodes of the host memory comes."""

    TAG = "memory"
    mode = Choice[Literal["strict", "preferred", "interleave", "restrictive"]]("@mode")
    nodeset = Text("@nodeset")
    placement = Choice[Literal["static", "auto"]]("@placement")


class MemNode(View):
    """From which NUMA nodes of the host the memory of one of the guest's cells comes."""

    TAG = "memnode"
    cellid = Integer("@cellid")
    mode = Choice[Literal["strict", "preferred", "interleave", "restrictive"]]("@mode")
    nodeset = Text("@nodeset")


class NumaTune(View):
    """From which NUMA nodes of the host a guest's memory comes."""

    TAG = "numatune"
    memory = Child(NumaMemory)
    memnodes = Children(MemNode)


class BlkioDevice(View):
    """Limits for one block device of the host."""

    TAG = "device"
    path = Text("path")
    weight = Integer("weight")
    read_iops_sec = Integer("read_iops_sec")
    write_iops_sec = Integer("write_iops_sec")
    read_bytes_sec = Integer("read_bytes_sec")
    write_bytes_sec = Integer("write_bytes_sec")


class BlkioTune(View):
    """Limits of a domain's use of block devices."""

    TAG = "blkiotune"
    weight = Integer("weight")
    devices = Children(BlkioDevice)
