"""The processor that a guest sees, its NUMA cells, and the clock."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, OnOff, Size, Text, YesNo
from virtkit.model.views import View


class CpuModel(View):
    """The name of a CPU model."""

    TAG = "model"
    name = Text(".")
    fallback = Choice[Literal["allow", "forbid"]]("@fallback")
    vendor_id = Text("@vendor_id")


class Topology(View):
    """How the virtual CPUs are grouped."""

    TAG = "topology"
    sockets = Integer("@sockets")
    dies = Integer("@dies")
    clusters = Integer("@clusters")
    cores = Integer("@cores")
    threads = Integer("@threads")


class CpuFeature(View):
    """A feature that is added to the model, or taken from it."""

    TAG = "feature"
    policy = Choice[Literal["force", "require", "optional", "disable", "forbid"]]("@policy")
    name = Text("@name")


class CpuCache(View):
    """What the guest sees of the caches."""

    TAG = "cache"
    level = Integer("@level")
    mode = Choice[Literal["emulate", "passthrough", "disable"]]("@mode")


class MaxPhysAddr(View):
    """How wide physical addresses are."""

    TAG = "maxphysaddr"
    mode = Choice[Literal["emulate", "passthrough"]]("@mode")
    bits = Integer("@bits")
    limit = Integer("@limit")


class Sibling(View):
    """The distance to another NUMA cell."""

    TAG = "sibling"
    id = Integer("@id")
    value = Integer("@value")


class Distances(View):
    """The distances to other NUMA cells."""

    TAG = "distances"
    siblings = Children(Sibling)


class MemoryCache(View):
    """A cache of a NUMA cell's memory."""

    TAG = "cache"
    level = Integer("@level")
    associativity = Choice[Literal["none", "direct", "full"]]("@associativity")
    policy = Choice[Literal["none", "writeback", "writethrough"]]("@policy")
    size = Size("size/@value")
    line = Size("line/@value", "bytes")


class Cell(View):
    """A NUMA cell of the guest."""

    TAG = "cell"
    id = Integer("@id")
    cpus = Text("@cpus")
    memory = Size("@memory")
    mem_access = Choice[Literal["shared", "private"]]("@memAccess")
    discard = YesNo("@discard")
    distances = Child(Distances)
    caches = Children(MemoryCache)


class Latency(View):
    """How long access between cells takes."""

    TAG = "latency"
    initiator = Integer("@initiator")
    target = Integer("@target")
    cache = Integer("@cache")
    type = Choice[Literal["access", "read", "write"]]("@type")
    value = Integer("@value")


class Throughput(View):
    """How much passes between cells."""

    TAG = "bandwidth"
    initiator = Integer("@initiator")
    target = Integer("@target")
    cache = Integer("@cache")
    type = Choice[Literal["access", "read", "write"]]("@type")
    value = Size("@value")


class Interconnects(View):
    """What is between NUMA cells."""

    TAG = "interconnects"
    latencies = Children(Latency)
    bandwidths = Children(Throughput)


class Numa(View):
    """The NUMA cells of the guest."""

    TAG = "numa"
    cells = Children(Cell)
    interconnects = Child(Interconnects)


class Cpu(View):
    """The processor that a guest sees."""

    TAG = "cpu"
    mode = Choice[Literal["custom", "host-model", "host-passthrough", "maximum"]]("@mode")
    match = Choice[Literal["minimum", "exact", "strict"]]("@match")
    check = Choice[Literal["none", "partial", "full"]]("@check")
    migratable = OnOff("@migratable")
    deprecated_features = OnOff("@deprecated_features")
    model = Child(CpuModel)
    vendor = Text("vendor")
    topology = Child(Topology)
    cache = Child(CpuCache)
    maxphysaddr = Child(MaxPhysAddr)
    features = Children(CpuFeature)
    numa = Child(Numa)


class Catchup(View):
    """How a timer makes up for lost ticks."""

    TAG = "catchup"
    threshold = Integer("@threshold")
    slew = Integer("@slew")
    limit = Integer("@limit")


class Timer(View):
    """A timer that the guest sees."""

    TAG = "timer"
    KEEP = True
    name = Choice[
        Literal["platform", "hpet", "xen", "pit", "rtc", "kvmclock", "tsc", "hypervclock", "armvtimer"]
    ]("@name")
    present = YesNo("@present")
    tickpolicy = Choice[Literal["delay", "catchup", "merge", "discard"]]("@tickpolicy")
    track = Choice[Literal["boot", "guest", "wall", "realtime"]]("@track")
    frequency = Integer("@frequency")
    mode = Choice[Literal["auto", "native", "emulate", "paravirt", "smpsafe"]]("@mode")
    catchup = Child(Catchup)


class GuestClock(View):
    """The clock that the guest starts with."""

    TAG = "clock"
    offset = Choice[Literal["localtime", "utc", "variable", "timezone", "absolute"]]("@offset")
    basis = Choice[Literal["utc", "localtime"]]("@basis")
    timezone = Text("@timezone")
    adjustment = Text("@adjustment")
    start = Integer("@start")
    timers = Children(Timer)
