"""How a host is built: its NUMA cells, caches and memory bandwidth."""

from __future__ import annotations

from typing import Literal

from virtkit.model.cpu import Distances, Interconnects, MemoryCache
from virtkit.model.fields import Child, Children, Choice, Integer, Size, Text
from virtkit.model.views import OrderedView


class CellPages(OrderedView):
    """How many pages of one size a cell has."""

    TAG = "pages"
    size = Size("@size")
    count = Integer(".")


class CellCpu(OrderedView):
    """A CPU of the host, and which others share its core."""

    TAG = "cpu"
    id = Integer("@id")
    socket_id = Integer("@socket_id")
    die_id = Integer("@die_id")
    cluster_id = Integer("@cluster_id")
    core_id = Integer("@core_id")
    siblings = Text("@siblings")


class HostCell(OrderedView):
    """A NUMA cell of the host."""

    TAG = "cell"
    id = Integer("@id")
    memory = Size("memory")
    pages = Children(CellPages)
    distances = Child(Distances)
    caches = Children(MemoryCache)
    cpu_count = Integer("cpus/@num")
    cpus = Children(CellCpu, "cpus/cpu")


class HostTopology(OrderedView):
    """The NUMA cells of the host, and what is between them."""

    TAG = "topology"
    cell_count = Integer("cells/@num")
    cells = Children(HostCell, "cells/cell")
    interconnects = Child(Interconnects)


class CacheControl(OrderedView):
    """In what steps a cache can be given out."""

    TAG = "control"
    granularity = Size("@granularity", "bytes")
    minimum = Size("@min", "bytes")
    type = Choice[Literal["both", "code", "data"]]("@type")
    max_allocs = Integer("@maxAllocs")


class CacheBank(OrderedView):
    """A cache of the host."""

    TAG = "bank"
    id = Integer("@id")
    level = Integer("@level")
    type = Choice[Literal["both", "code", "data"]]("@type")
    size = Size("@size", "bytes")
    cpus = Text("@cpus")
    controls = Children(CacheControl)


class MonitorFeature(OrderedView):
    """Something that can be watched."""

    TAG = "feature"
    name = Text("@name")


class HostMonitor(OrderedView):
    """What can be watched of caches or of memory bandwidth."""

    TAG = "monitor"
    level = Integer("@level")
    reuse_threshold = Integer("@reuseThreshold")
    max_monitors = Integer("@maxMonitors")
    features = Children(MonitorFeature)


class HostCache(OrderedView):
    """The caches of the host."""

    TAG = "cache"
    banks = Children(CacheBank)
    monitors = Children(HostMonitor)


class BandwidthControl(OrderedView):
    """In what steps memory bandwidth can be given out, in percent."""

    TAG = "control"
    granularity = Integer("@granularity")
    minimum = Integer("@min")
    max_allocs = Integer("@maxAllocs")


class BandwidthNode(OrderedView):
    """The memory bandwidth of one node."""

    TAG = "node"
    id = Integer("@id")
    cpus = Text("@cpus")
    controls = Children(BandwidthControl)


class MemoryBandwidth(OrderedView):
    """The memory bandwidth of the host."""

    TAG = "memory_bandwidth"
    nodes = Children(BandwidthNode)
    monitors = Children(HostMonitor)
