"""The document of what a domain can have: of one emulator, machine and type of domain."""

from __future__ import annotations

from typing import Literal

from virtkit.model.cpu import CpuFeature, MaxPhysAddr
from virtkit.model.fields import Child, Children, Choice, Integer, Size, Text, YesNo
from virtkit.model.shared import Describing, Enum, Enumerated, EnumValue
from virtkit.model.views import OrderedView


class Supported(OrderedView):
    """Something that a domain can have or not."""

    KEEP = True
    supported = YesNo("@supported")


class LoaderCapabilities(Describing):
    """The firmwares that a domain can have."""

    TAG = "loader"
    supported = YesNo("@supported")
    values = Children(EnumValue)
    enums = Children(Enum)


class OsCapabilities(Enumerated):
    """What a domain can boot."""

    TAG = "os"
    loader = Child(LoaderCapabilities)


class UsableModel(OrderedView):
    """A CPU model, and whether this host's CPU can be it."""

    TAG = "model"
    name = Text(".")
    usable = Choice[Literal["yes", "no", "unknown"]]("@usable")
    deprecated = YesNo("@deprecated")
    vendor = Text("@vendor")
    canonical = Text("@canonical")
    fallback = Choice[Literal["allow", "forbid"]]("@fallback")
    vendor_id = Text("@vendor_id")


class BlockingFeature(OrderedView):
    """A feature that this host's CPU lacks."""

    TAG = "feature"
    name = Text("@name")


class Blockers(OrderedView):
    """Why this host's CPU cannot be a model."""

    TAG = "blockers"
    model = Text("@model")
    features = Children(BlockingFeature)


class CpuMode(Enumerated):
    """A mode of a domain's CPU; for ``host-model``, the model and features that it comes to."""

    TAG = "mode"
    name = Choice[Literal["custom", "host-model", "host-passthrough", "maximum"]]("@name")
    models = Children(UsableModel)
    vendor = Text("vendor")
    maxphysaddr = Child(MaxPhysAddr)
    features = Children(CpuFeature)
    blockers = Children(Blockers)


class CpuCapabilities(OrderedView):
    """The CPUs that a domain can have."""

    TAG = "cpu"
    modes = Children(CpuMode)

    def mode(self, name: str) -> CpuMode:
        """What is said of one mode.

        Raises:
            LookupError: nothing is.
        """
        for mode in self.modes:
            if mode.name == name:
                return mode
        raise LookupError(f"there is no CPU mode {name!r}")


class DeviceCapabilities(OrderedView):
    """The devices that a domain can have."""

    TAG = "devices"
    disk = Child(Enumerated, "disk")
    graphics = Child(Enumerated, "graphics")
    video = Child(Enumerated, "video")
    hostdev = Child(Enumerated, "hostdev")
    rng = Child(Enumerated, "rng")
    filesystem = Child(Enumerated, "filesystem")
    tpm = Child(Enumerated, "tpm")
    redirdev = Child(Enumerated, "redirdev")
    channel = Child(Enumerated, "channel")
    crypto = Child(Enumerated, "crypto")
    interface = Child(Enumerated, "interface")
    panic = Child(Enumerated, "panic")


class Sev(Supported):
    """AMD's encrypted memory."""

    TAG = "sev"
    cbitpos = Integer("cbitpos")
    reduced_phys_bits = Integer("reducedPhysBits")
    max_guests = Integer("maxGuests")
    max_es_guests = Integer("maxESGuests")
    cpu0_id = Text("cpu0Id")


class SgxSection(OrderedView):
    """Memory for enclaves on one NUMA node."""

    TAG = "section"
    node = Integer("@node")
    size = Size("@size")


class Sgx(Supported):
    """Intel's enclaves."""

    TAG = "sgx"
    flc = YesNo("flc")
    sgx1 = YesNo("sgx1")
    sgx2 = YesNo("sgx2")
    section_size = Size("section_size")
    sections = Children(SgxSection, "sections/section")


class FeatureCapabilities(OrderedView):
    """What else a domain can have."""

    TAG = "features"
    gic = Child(Enumerated, "gic")
    vmcoreinfo = Child(Supported, "vmcoreinfo")
    genid = Child(Supported, "genid")
    backing_store_input = Child(Supported, "backingStoreInput")
    backup = Child(Supported, "backup")
    async_teardown = Child(Supported, "async-teardown")
    s390_pv = Child(Supported, "s390-pv")
    ps2 = Child(Supported, "ps2")
    sev = Child(Sev)
    sgx = Child(Sgx)
    hyperv = Child(Enumerated, "hyperv")
    launch_security = Child(Enumerated, "launchSecurity")


class DomainCapabilities(OrderedView):
    """What a domain can have: ``<domainCapabilities>``, as ``virConnectGetDomainCapabilities`` gives it."""

    TAG = "domainCapabilities"
    path = Text("path")
    domain = Text("domain")
    machine = Text("machine")
    arch = Text("arch")
    vcpu_max = Integer("vcpu/@max")
    iothreads = Child(Supported, "iothreads")
    os = Child(OsCapabilities)
    cpu = Child(CpuCapabilities)
    memory_backing = Child(Enumerated, "memoryBacking")
    devices = Child(DeviceCapabilities)
    features = Child(FeatureCapabilities)
