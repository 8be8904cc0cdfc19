"""What a hypervisor switches on for a guest."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Flag, Integer, OnOff, Size, Text, YesNo
from virtkit.model.views import View


class Apic(View):
    """The interrupt controller of x86."""

    TAG = "apic"
    KEEP = True
    eoi = OnOff("@eoi")


class Hyperv(View):
    """What makes a guest believe in Hyper-V."""

    TAG = "hyperv"
    mode = Choice[Literal["custom", "passthrough", "host-model"]]("@mode")
    relaxed = OnOff("relaxed/@state")
    vapic = OnOff("vapic/@state")
    vpindex = OnOff("vpindex/@state")
    runtime = OnOff("runtime/@state")
    synic = OnOff("synic/@state")
    reset = OnOff("reset/@state")
    frequencies = OnOff("frequencies/@state")
    reenlightenment = OnOff("reenlightenment/@state")
    tlbflush = OnOff("tlbflush/@state")
    tlbflush_direct = OnOff("tlbflush/direct/@state")
    tlbflush_extended = OnOff("tlbflush/extended/@state")
    ipi = OnOff("ipi/@state")
    evmcs = OnOff("evmcs/@state")
    avic = OnOff("avic/@state")
    emsr_bitmap = OnOff("emsr_bitmap/@state")
    xmm_input = OnOff("xmm_input/@state")
    vsm = OnOff("vsm/@state")
    spinlocks = OnOff("spinlocks/@state")
    spinlocks_retries = Integer("spinlocks/@retries")
    stimer = OnOff("stimer/@state")
    stimer_direct = OnOff("stimer/direct/@state")
    vendor_id = OnOff("vendor_id/@state")
    vendor_id_value = Text("vendor_id/@value")


class Kvm(View):
    """What KVM does for a guest."""

    TAG = "kvm"
    hidden = OnOff("hidden/@state")
    hint_dedicated = OnOff("hint-dedicated/@state")
    poll_control = OnOff("poll-control/@state")
    pv_ipi = OnOff("pv-ipi/@state")
    dirty_ring = OnOff("dirty-ring/@state")
    dirty_ring_size = Integer("dirty-ring/@size")


class XenFeatures(View):
    """What Xen does for a guest."""

    TAG = "xen"
    e820_host = OnOff("e820_host/@state")
    passthrough = OnOff("passthrough/@state")
    passthrough_mode = Choice[Literal["sync_pt", "share_pt"]]("passthrough/@mode")


class Smm(View):
    """System management mode of x86."""

    TAG = "smm"
    KEEP = True
    state = OnOff("@state")
    tseg = Size("tseg", "MiB")


class Gic(View):
    """The interrupt controller of ARM."""

    TAG = "gic"
    KEEP = True
    version = Choice[Literal["2", "3", "host"]]("@version")


class Ioapic(View):
    """The I/O interrupt controller of x86."""

    TAG = "ioapic"
    driver = Choice[Literal["kvm", "qemu"]]("@driver")


class Hpt(View):
    """The page table of pseries machines."""

    TAG = "hpt"
    resizing = Choice[Literal["enabled", "disabled", "required"]]("@resizing")
    maxpagesize = Size("maxpagesize", "bytes")


class Feature(View):
    """Something that is on where it is there, unless its state is off."""

    KEEP = True
    state = OnOff("@state")


class AsyncTeardown(View):
    """Whether a guest's memory is given back behind its end; it is on where it is there."""

    TAG = "async-teardown"
    KEEP = True
    enabled = YesNo("@enabled")


class Capabilities(View):
    """What a container's root may do."""

    TAG = "capabilities"
    KEEP = True
    policy = Choice[Literal["allow", "default", "deny"]]("@policy")
    audit_control = OnOff("audit_control/@state")
    audit_write = OnOff("audit_write/@state")
    block_suspend = OnOff("block_suspend/@state")
    chown = OnOff("chown/@state")
    dac_override = OnOff("dac_override/@state")
    dac_read_search = OnOff("dac_read_search/@state")
    fowner = OnOff("fowner/@state")
    fsetid = OnOff("fsetid/@state")
    ipc_lock = OnOff("ipc_lock/@state")
    ipc_owner = OnOff("ipc_owner/@state")
    kill = OnOff("kill/@state")
    lease = OnOff("lease/@state")
    linux_immutable = OnOff("linux_immutable/@state")
    mac_admin = OnOff("mac_admin/@state")
    mac_override = OnOff("mac_override/@state")
    mknod = OnOff("mknod/@state")
    net_admin = OnOff("net_admin/@state")
    net_bind_service = OnOff("net_bind_service/@state")
    net_broadcast = OnOff("net_broadcast/@state")
    net_raw = OnOff("net_raw/@state")
    setgid = OnOff("setgid/@state")
    setfcap = OnOff("setfcap/@state")
    setpcap = OnOff("setpcap/@state")
    setuid = OnOff("setuid/@state")
    sys_admin = OnOff("sys_admin/@state")
    sys_boot = OnOff("sys_boot/@state")
    sys_chroot = OnOff("sys_chroot/@state")
    sys_module = OnOff("sys_module/@state")
    sys_nice = OnOff("sys_nice/@state")
    sys_pacct = OnOff("sys_pacct/@state")
    sys_ptrace = OnOff("sys_ptrace/@state")
    sys_rawio = OnOff("sys_rawio/@state")
    sys_resource = OnOff("sys_resource/@state")
    sys_time = OnOff("sys_time/@state")
    sys_tty_config = OnOff("sys_tty_config/@state")
    syslog = OnOff("syslog/@state")
    wake_alarm = OnOff("wake_alarm/@state")


class Features(View):
    """What is switched on for a guest."""

    TAG = "features"
    acpi = Flag("acpi")
    apic = Child(Apic)
    pae = Flag("pae")
    hap = Child(Feature, "hap")
    viridian = Flag("viridian")
    privnet = Flag("privnet")
    hyperv = Child(Hyperv)
    kvm = Child(Kvm)
    xen = Child(XenFeatures)
    pvspinlock = Child(Feature, "pvspinlock")
    gic = Child(Gic)
    pmu = Child(Feature, "pmu")
    vmport = Child(Feature, "vmport")
    smm = Child(Smm)
    ioapic = Child(Ioapic)
    hpt = Child(Hpt)
    htm = OnOff("htm/@state")
    nested_hv = OnOff("nested-hv/@state")
    msrs_unknown = Choice[Literal["ignore", "fault"]]("msrs/@unknown")
    vmcoreinfo = Child(Feature, "vmcoreinfo")
    capabilities = Child(Capabilities)
    ccf_assist = OnOff("ccf-assist/@state")
    tcg_tb_cache = Size("tcg/tb-cache", "MiB")
    cfpc = Choice[Literal["fixed", "broken", "workaround"]]("cfpc/@value")
    sbbc = Choice[Literal["fixed", "broken", "workaround"]]("sbbc/@value")
    ibs = Choice[Literal["fixed-ibs", "fixed-ccd", "fixed-na", "broken", "workaround"]]("ibs/@value")
    ras = OnOff("ras/@state")
    ps2 = OnOff("ps2/@state")
    aia = Choice[Literal["none", "aplic", "aplic-imsic"]]("aia/@value")
    virtualization = Flag("virtualization")
    async_teardown = Child(AsyncTeardown)
