"""The document of a domain."""

from __future__ import annotations

from typing import Literal

from virtkit.model.boot import Os, Sysinfo
from virtkit.model.cpu import Cpu, GuestClock
from virtkit.model.devices import Devices
from virtkit.model.features import Features
from virtkit.model.fields import Child, Children, Choice, Integer, OnOff, Size, Text, YesNo
from virtkit.model.hypervisors import (
    BhyveCommandline,
    LxcNamespace,
    QemuCapabilities,
    QemuCommandline,
    QemuDeprecation,
    QemuOverride,
    VmwareDatacenterPath,
    XenCommandline,
)
from virtkit.model.limits import ThrottleGroup
from virtkit.model.metadata import Metadata
from virtkit.model.shared import IdMap, SecurityLabel
from virtkit.model.tuning import (
    BlkioTune,
    CpuTune,
    IoThreadIds,
    MaxMemory,
    MemoryBacking,
    MemTune,
    NumaTune,
    Vcpu,
    Vcpus,
)
from virtkit.model.views import View


class PerfEvent(View):
    """A performance event that is counted."""

    TAG = "event"
    name = Text("@name")
    enabled = YesNo("@enabled")


class Perf(View):
    """The performance events that are counted."""

    TAG = "perf"
    events = Children(PerfEvent)


class KeyWrapCipher(View):
    """Whether keys of one kind may be wrapped."""

    TAG = "cipher"
    name = Choice[Literal["aes", "dea"]]("@name")
    state = OnOff("@state")


class KeyWrap(View):
    """The wrapping of keys on s390."""

    TAG = "keywrap"
    ciphers = Children(KeyWrapCipher)


class QuoteGenerationService(View):
    """Who signs what a TDX guest says of itself, by its socket."""

    TAG = "quoteGenerationService"
    KEEP = True
    path = Text("@path")


class IommuFd(View):
    """Whether devices of the host are handed out by IOMMUFD."""

    TAG = "iommufd"
    enabled = YesNo("@enabled")
    fdgroup = Text("@fdgroup")


class LaunchSecurity(View):
    """Memory that the host cannot read."""

    TAG = "launchSecurity"
    KEEP = True
    type = Choice[Literal["sev", "sev-snp", "s390-pv", "tdx"]]("@type")
    kernel_hashes = YesNo("@kernelHashes")
    handle = Integer("handle")
    cbitpos = Integer("cbitpos")
    reduced_phys_bits = Integer("reducedPhysBits")
    author_key = YesNo("@authorKey")
    vcek = YesNo("@vcek")
    policy = Integer("policy")
    guest_visible_workarounds = Text("guestVisibleWorkarounds")
    id_block = Text("idBlock")
    id_auth = Text("idAuth")
    host_data = Text("hostData")
    mr_config_id = Text("mrConfigId")
    mr_owner = Text("mrOwner")
    mr_owner_config = Text("mrOwnerConfig")
    quote_generation_service = Child(QuoteGenerationService)
    dh_cert = Text("dhCert")
    session = Text("session")


class Domain(View):
    """A domain: ``<domain>``, as ``virDomainGetXMLDesc`` gives it and ``virDomainDefineXML`` takes it.

    Sizes are in bytes, whatever the unit in the document. ``devices`` holds the devices.
    """

    TAG = "domain"
    type = Choice[
        Literal[
            "qemu",
            "kvm",
            "kqemu",
            "hvf",
            "xen",
            "lxc",
            "uml",
            "openvz",
            "test",
            "vmware",
            "hyperv",
            "vbox",
            "phyp",
            "vz",
            "bhyve",
        ]
    ]("@type")
    id = Integer("@id")
    name = Text("name")
    uuid = Text("uuid")
    genid = Text("genid")
    title = Text("title")
    description = Text("description")
    metadata = Child(Metadata)
    max_memory = Child(MaxMemory)
    memory = Size("memory")
    memory_dump_core = OnOff("memory/@dumpCore")
    current_memory = Size("currentMemory")
    blkiotune = Child(BlkioTune)
    memtune = Child(MemTune)
    memory_backing = Child(MemoryBacking)
    vcpu = Child(Vcpu)
    vcpus = Child(Vcpus)
    iothreads = Integer("iothreads")
    iothreadids = Child(IoThreadIds)
    default_iothread_pool_min = Integer("defaultiothread/@thread_pool_min")
    iommufd = Child(IommuFd)
    throttlegroups = Children(ThrottleGroup, "throttlegroups/throttlegroup")
    default_iothread_pool_max = Integer("defaultiothread/@thread_pool_max")
    cputune = Child(CpuTune)
    numatune = Child(NumaTune)
    resource_partition = Text("resource/partition")
    resource_appid = Text("resource/fibrechannel/@appid")
    sysinfos = Children(Sysinfo)
    bootloader = Text("bootloader")
    bootloader_args = Text("bootloader_args")
    os = Child(Os)
    idmap = Child(IdMap)
    features = Child(Features)
    cpu = Child(Cpu)
    clock = Child(GuestClock)
    on_poweroff = Choice[Literal["destroy", "restart", "preserve", "rename-restart"]]("on_poweroff")
    on_reboot = Choice[Literal["destroy", "restart", "preserve", "rename-restart"]]("on_reboot")
    on_crash = Choice[
        Literal[
            "destroy",
            "restart",
            "preserve",
            "rename-restart",
            "coredump-destroy",
            "coredump-restart",
            "preserve-running",
        ]
    ]("on_crash")
    on_lockfailure = Choice[Literal["poweroff", "restart", "pause", "ignore"]]("on_lockfailure")
    suspend_to_mem = YesNo("pm/suspend-to-mem/@enabled")
    suspend_to_disk = YesNo("pm/suspend-to-disk/@enabled")
    perf = Child(Perf)
    devices = Child(Devices)
    seclabels = Children(SecurityLabel)
    keywrap = Child(KeyWrap)
    launch_security = Child(LaunchSecurity)
    qemu_commandline = Child(QemuCommandline)
    qemu_capabilities = Child(QemuCapabilities)
    qemu_override = Child(QemuOverride)
    qemu_deprecation = Child(QemuDeprecation)
    lxc_namespace = Child(LxcNamespace)
    bhyve_commandline = Child(BhyveCommandline)
    xen_commandline = Child(XenCommandline)
    vmware_datacenterpath = Child(VmwareDatacenterPath)
