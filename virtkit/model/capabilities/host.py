"""The document of what a host is, and of the guests that it can run."""

from __future__ import annotations

from typing import Literal

from virtkit.model.capabilities.guest import Guest
from virtkit.model.capabilities.topology import HostCache, HostTopology, MemoryBandwidth
from virtkit.model.cpu import MaxPhysAddr, Topology
from virtkit.model.fields import Child, Children, Choice, Flag, Integer, Size, Text, YesNo
from virtkit.model.views import OrderedView


class HostCpuFeatures(OrderedView):
    """What Xen says of the CPU."""

    TAG = "features"
    pae = Flag("pae")
    nonpae = Flag("nonpae")
    vmx = Flag("vmx")
    svm = Flag("svm")


class Signature(OrderedView):
    """What an x86 CPU calls itself."""

    TAG = "signature"
    family = Integer("@family")
    model = Integer("@model")
    stepping = Integer("@stepping")


class Counter(OrderedView):
    """A clock of the CPU; the frequency in Hz."""

    TAG = "counter"
    name = Text("@name")
    frequency = Integer("@frequency")
    scaling = YesNo("@scaling")


class HostCpuFeature(OrderedView):
    """A feature that the CPU has and its model has not."""

    TAG = "feature"
    name = Text("@name")


class PageSize(OrderedView):
    """A size of pages that the CPU knows."""

    TAG = "pages"
    size = Size("@size")


class HostCpu(OrderedView):
    """The host's CPU."""

    TAG = "cpu"
    arch = Text("arch")
    model = Text("model")
    vendor = Text("vendor")
    microcode_version = Integer("microcode/@version")
    signature = Child(Signature)
    counters = Children(Counter)
    topology = Child(Topology)
    maxphysaddr = Child(MaxPhysAddr)
    features = Children(HostCpuFeature)
    xen_features = Child(HostCpuFeatures)
    pages = Children(PageSize)


class PowerManagement(OrderedView):
    """How the host can sleep; an empty one is not at all."""

    TAG = "power_management"
    KEEP = True
    suspend_mem = Flag("suspend_mem")
    suspend_disk = Flag("suspend_disk")
    suspend_hybrid = Flag("suspend_hybrid")


class UriTransport(OrderedView):
    """A way to migrate."""

    TAG = "uri_transport"
    name = Choice[Literal["tcp", "rdma", "vpxmigr", "vzmigr"]](".")


class MigrationFeatures(OrderedView):
    """How guests can migrate."""

    TAG = "migration_features"
    live = Flag("live")
    uri_transports = Children(UriTransport, "uri_transports/uri_transport")


class BaseLabel(OrderedView):
    """The label that guests of one type are given."""

    TAG = "baselabel"
    type = Text("@type")
    label = Text(".")


class SecurityModel(OrderedView):
    """A security driver of the host."""

    TAG = "secmodel"
    model = Text("model")
    doi = Text("doi")
    baselabels = Children(BaseLabel)


class HostCapabilities(OrderedView):
    """What the host is."""

    TAG = "host"
    uuid = Text("uuid")
    cpu = Child(HostCpu)
    power_management = Child(PowerManagement)
    iommu_support = YesNo("iommu/@support")
    migration_features = Child(MigrationFeatures)
    topology = Child(HostTopology)
    cache = Child(HostCache)
    memory_bandwidth = Child(MemoryBandwidth)
    secmodels = Children(SecurityModel)


class Capabilities(OrderedView):
    """What a host is, and what guests it can run: ``<capabilities>``, of ``virConnectGetCapabilities``.

    What of it decides how a domain is rendered is in `virtkit.model.HostFacts`.
    """

    TAG = "capabilities"
    host = Child(HostCapabilities)
    guests = Children(Guest)

    def guest(self, arch: str, os_type: str = "hvm") -> Guest:
        """The guests of one architecture.

        Raises:
            LookupError: the host cannot run them.
        """
        for guest in self.guests:
            if guest.arch.name == arch and guest.os_type == os_type:
                return guest
        known = ", ".join(f"{each.arch.name} {each.os_type}" for each in self.guests) or "none"
        raise LookupError(f"there are no guests of {arch} {os_type}; there are {known}")
