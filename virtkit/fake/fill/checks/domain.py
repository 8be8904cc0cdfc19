"""What is checked beside devices: identity, CPUs, memory, lifecycle, tuning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import bitmaps
from virtkit.fake.fill.checks import generic
from virtkit.fake.fill.checks.report import internal, unsupported, xml
from virtkit.fake.fill.nodes import integer, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from virtkit.fake.fill.parts import Parts

_ARCHES = (
    " alpha armv6l armv7l armv7b aarch64 cris i686 ia64 lm32 loongarch64 m68k microblaze microblazeel mips"
    " mipsel mips64 mips64el openrisc parisc parisc64 ppc ppcle ppc64 ppc64le ppcemb riscv32 riscv64 s390"
    " s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 xtensa xtensaeb "
)
_OS_TYPES = " hvm xen linux exe uml xenpvh "
_ACTIONS = " destroy restart rename-restart preserve "
_CRASH_ACTIONS = f"{_ACTIONS}coredump-destroy coredump-restart "
_FEATURES = (
    " acpi apic pae hap viridian privnet hyperv kvm pvspinlock capabilities pmu vmport gic smm ioapic hpt"
    " vmcoreinfo htm nested-hv msrs ccf-assist xen cfpc sbbc ibs tcg "
)
_HYPERV = (
    " relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment"
    " tlbflush ipi evmcs avic "
)
_MODES = " custom host-model host-passthrough maximum "
_POLICIES = " force require optional disable forbid "
_BITMAP = re.compile(r"\A\s*\^?\d+(-\d+)?(\s*,\s*\^?\d+(-\d+)?)*\s*\Z")
_PARTS = (
    "memory vcpu vcpus iothreadids cputune numatune memoryBacking os features cpu clock pm perf"
    " seclabel sysinfo launchSecurity"
)


def check(parts: Parts) -> None:
    """Check what is not a device, in the order in which libvirt reads it."""
    _identity(parts)
    for part in _PARTS.split():
        for element in parts.all(part):
            generic.walk(element, f"domain/{part}")
    _vcpus(parts)
    _threads(parts)
    _tuning(parts)
    _cpu(parts)
    _features(parts)
    _lifecycle(parts)
    _memory(parts)


def inside(parts: Parts, tag: str) -> list[etree._Element]:
    """Return what the root's child *tag* holds."""
    found = parts.one(tag)
    return [] if found is None else [each for each in found if isinstance(each.tag, str)]


def _identity(parts: Parts) -> None:
    kind = parts.system
    if kind is not None:
        if f" {(kind.text or '').strip()} " not in _OS_TYPES:
            unsupported(f"unknown OS type '{kind.text}'")
        if kind.get("arch") and f" {kind.get('arch')} " not in _ARCHES:
            unsupported(f"Unknown architecture {kind.get('arch')}")
        init = parts.tree.find("os/init")
        if kind.text == "exe" and (init is None or not init.text):
            xml("init binary must be specified")
    if len(parts.all("genid")) > 1:
        xml("element 'genid' can only appear once")
    if "\n" in (parts.text("title")):
        xml("Domain title can't contain newlines")
    if len(parts.all("resource")) > 1:
        xml("only one resource element is supported")


def bitmap(text: str) -> None:
    """Raise what libvirt says if *text* is no set of CPUs."""
    if not _BITMAP.match(text):
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, f"Failed to parse bitmap '{text}'")


def _vcpus(parts: Parts) -> None:
    vcpu = parts.one("vcpu")
    text = "1" if vcpu is None else (vcpu.text or "").strip()
    if not text.lstrip("+").isdecimal():
        xml("maximum vcpus count must be an integer")
    most = int(text)
    if vcpu is not None and vcpu.get("cpuset") and vcpu.get("placement") != "auto":
        bitmap(vcpu.get("cpuset", ""))
    if integer(value(vcpu, "current")) > most:
        unsupported("maximum vCPU count must not be less than current vCPU count")
    for each in inside(parts, "vcpus"):
        if integer(each.get("id")) >= most:
            xml(f"vcpu id '{integer(each.get('id'))}' is out of range of maximum vcpu count")
        if each.get("enabled") == "no" and each.get("hotpluggable") == "no":
            unsupported(f"vcpu '{integer(each.get('id'))}' is both offline and not hotpluggable")


def _threads(parts: Parts) -> None:
    count = parts.text("iothreads", "0")
    if not count.isdigit():
        xml(f"invalid iothreads count '{count}'")
    seen = set()
    for each in inside(parts, "iothreadids"):
        number = integer(each.get("id"))
        if number in seen:
            xml(f"duplicate iothread id '{number}' found")
        seen.add(number)


_RANGES = {"quota": (1000, 17592186044415), "period": (1000, 1000000)}


def _tuning(parts: Parts) -> None:
    tune = parts.one("cputune")
    if tune is None:
        return
    shares = tune.findtext("shares")
    if shares is not None and not shares.strip().isdigit():
        xml("can't parse cputune shares value")
    for element in tune:
        name = str(element.tag)
        limits = _RANGES.get(name.removeprefix("global_").removeprefix("emulator_").removeprefix("iothread_"))
        if limits is None:
            continue
        number = integer((element.text or "").strip(), 0)
        if number and not (limits[0] <= number <= limits[1]) and number != -1:
            unsupported(f"Value of cputune '{name}' must be in range [{limits[0]}, {limits[1]}]")
    seen = set()
    for pin in tune.findall("vcpupin"):
        if pin.get("cpuset") is None:
            internal("missing cpuset for vcpupin")
        if pin.get("vcpu") in seen:
            internal(f"duplicate vcpupin for vcpu '{pin.get('vcpu')}'")
        seen.add(pin.get("vcpu"))
    for pin in tune.findall("emulatorpin"):
        if pin.get("cpuset") is None:
            internal("missing cpuset for emulatorpin")


def _cpu(parts: Parts) -> None:
    cpu = parts.one("cpu")
    if cpu is None:
        return
    mode, model = cpu.get("mode", "custom"), (cpu.findtext("model") or "").strip()
    if f" {mode} " not in _MODES:
        unsupported(f"Invalid mode attribute '{mode}'", c.VIR_FROM_CPU)
    if cpu.get("migratable") and mode not in {"host-passthrough", "maximum"}:
        message = "Attribute migratable is only allowed for 'host-passthrough' / 'maximum' CPU mode"
        unsupported(message, c.VIR_FROM_CPU)
    if value(cpu.find("model"), "fallback", "allow") not in {"allow", "forbid"}:
        unsupported("Invalid fallback attribute", c.VIR_FROM_CPU)
    if cpu.find("vendor") is not None and not model:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_CPU, "CPU vendor specified without CPU model")
    features = cpu.findall("feature")
    if features and not model and mode == "custom":
        message = "Non-empty feature list specified without CPU model"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_CPU, message)
    seen = set()
    for feature in features:
        if f" {feature.get('policy', 'require')} " not in _POLICIES:
            unsupported("Invalid CPU feature policy", c.VIR_FROM_CPU)
        name = feature.get("name")
        if not name:
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_CPU, "Invalid CPU feature name")
        if name in seen:
            message = f"CPU feature '{name}' specified more than once"
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_CPU, message)
        seen.add(name)
    _numa(parts, cpu)


def _numa(parts: Parts, cpu: etree._Element) -> None:
    numa = cpu.find("numa")
    if numa is None:
        return
    cells = numa.findall("cell")
    if not cells:
        xml("NUMA topology defined without NUMA cells")
    sets: dict[int, set[int]] = {}
    for number, cell in enumerate(cells):
        identity = integer(cell.get("id"), number)
        if identity >= len(cells):
            xml(
                "Exactly one 'cell' element per guest NUMA cell allowed, non-contiguous ranges or ranges not "
                "starting from 0 are not allowed"
            )
        if identity in sets:
            xml(f"Duplicate NUMA cell info for cell id '{identity}'")
        sets[identity] = bitmaps.parse(cell.get("cpus", ""))
        for other in sorted(sets):
            if other != identity and sets[other] & sets[identity]:
                unsupported(f"NUMA cells {identity} and {other} have overlapping vCPU ids")
    most = integer(parts.text("vcpu", "1"), 1)
    if sum(map(len, sets.values())) > most:
        internal("Number of CPUs in <numa> exceeds the <vcpu> count")
    if max((max(each) for each in sets.values() if each), default=-1) >= most:
        internal("CPU IDs in <numa> exceed the <vcpu> count")


def _features(parts: Parts) -> None:
    features = parts.one("features")
    if features is None:
        return
    for feature in features:
        if isinstance(feature.tag, str) and f" {feature.tag} " not in _FEATURES:
            unsupported(f"unexpected feature '{feature.tag}'")
    hyperv = features.find("hyperv")
    for each in () if hyperv is None else hyperv:
        if isinstance(each.tag, str) and f" {each.tag} " not in _HYPERV:
            unsupported(f"unsupported HyperV Enlightenment feature: {each.tag}")
        if each.tag == "spinlocks" and each.get("retries") and integer(each.get("retries")) < 4095:
            xml("HyperV spinlock retry count must be at least 4095")


def _lifecycle(parts: Parts) -> None:
    for tag in ("on_reboot", "on_poweroff", "on_crash"):
        text = parts.text(tag)
        if text and f" {text} " not in (_CRASH_ACTIONS if tag == "on_crash" else _ACTIONS):
            unsupported(f"unknown {tag} action: {text}")


def _memory(parts: Parts) -> None:
    most = parts.one("maxMemory")
    if most is None:
        return
    if not integer(most.get("slots")) or not integer(most.text):
        xml("both maximum memory size and memory slot count must be specified")
    if integer(most.text) < integer(parts.text("memory")):
        xml("maximum memory size must be equal or greater than the actual memory size")


def check_qemu(parts: Parts) -> None:
    """Check what QEMU's driver takes."""
    vcpu = parts.one("vcpu")
    first = next((each for each in inside(parts, "vcpus") if integer(each.get("id")) == 0), None)
    if value(vcpu, "current", "1") == "0" or value(first, "enabled") == "no":
        unsupported("vcpu 0 can't be offline", c.VIR_FROM_QEMU)
    check_actions({tag: parts.text(tag) for tag in ("on_poweroff", "on_reboot", "on_crash")})
    cpu = parts.one("cpu")
    topology = None if cpu is None else cpu.find("topology")
    if topology is not None:
        product = 1
        for name in ("sockets", "dies", "cores", "threads"):
            product *= integer(topology.get(name), 1)
        if product != integer(parts.text("vcpu", "1"), 1):
            unsupported("CPU topology doesn't match maximum vcpu count", c.VIR_FROM_QEMU)
    if parts.of("memory") and parts.one("maxMemory") is None:
        message = "cannot use/hotplug a memory device when domain 'maxMemory' is not defined"
        unsupported(message, c.VIR_FROM_QEMU)


def check_actions(actions: Mapping[str, str]) -> None:
    """Refuse what QEMU's driver cannot do at the guest's end; *actions* by element, empty: the default."""
    off, reboot = actions["on_poweroff"] or "destroy", actions["on_reboot"] or "restart"
    start = "qemu driver doesn't support"
    if "rename-restart" in actions.values():
        places = "'on_reboot'/'on_poweroff'/'on_crash'"
        unsupported(f"{start} the 'rename-restart' action for {places}", c.VIR_FROM_QEMU)
    if "preserve" in {off, reboot}:
        unsupported(f"{start} the 'preserve' action for 'on_reboot'/'on_poweroff'", c.VIR_FROM_QEMU)
    if off == "restart" and reboot == "destroy":
        message = f"{start} 'onReboot' set to 'destroy and 'onPoweroff' set to 'reboot'"
        unsupported(message, c.VIR_FROM_QEMU)
