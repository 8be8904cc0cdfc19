"""The document of a domain."""

from __future__ import annotations

from typing import Literal

from lxml import etree

from virtkit import tree
from virtkit.model import nodes, order
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
from virtkit.model.shared import SecurityLabel
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


class Metadata(View):
    """What applications keep with a domain: one element for each, in a namespace of its own."""

    TAG = "metadata"

    def get(self, uri: str) -> etree._Element | None:
        """The element in the namespace *uri*, or None."""
        found = self.found
        inside = nodes.children(found) if found is not None else []
        return next((each for each in inside if etree.QName(each).namespace == uri), None)

    def set(self, source: tree.Source) -> None:
        """Put an element, which must have a namespace, in the place of the one in the same namespace.

        Raises:
            ValueError: it has no namespace.
        """
        element = nodes.copy(tree.parse(source, "metadata"))
        uri = etree.QName(element).namespace
        if uri is None:
            raise ValueError(f"metadata <{nodes.tag(element)}> has no XML namespace: libvirt drops it")
        present = self.get(uri)
        if present is not None:
            order.remove(present)
        order.place(self.element, element)

    def remove(self, uri: str) -> None:
        """Remove the element in the namespace *uri*, if there is one."""
        present = self.get(uri)
        if present is not None:
            order.remove(present)
            self.prune()


class IdRange(View):
    """Which ids of the host a container's ids are."""

    start = Integer("@start")
    target = Integer("@target")
    count = Integer("@count")


class IdMap(View):
    """A container's users and groups."""

    TAG = "idmap"
    uids = Children(IdRange, "uid")
    gids = Children(IdRange, "gid")


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


class LaunchSecurity(View):
    """Memory that the host cannot read."""

    TAG = "launchSecurity"
    KEEP = True
    type = Choice[Literal["sev", "sev-snp", "s390-pv"]]("@type")
    kernel_hashes = YesNo("@kernelHashes")
    handle = Integer("handle")
    cbitpos = Integer("cbitpos")
    reduced_phys_bits = Integer("reducedPhysBits")
    policy = Integer("policy")
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
        Literal["destroy", "restart", "preserve", "rename-restart", "coredump-destroy", "coredump-restart"]
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
