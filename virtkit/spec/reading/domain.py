"""A domain but for its devices: what `templates/domain.xml.j2` writes, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.spec.reading.devices import device
from virtkit.spec.reading.values import Table, children, filled, pairs, read, states, value

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "{https://virtkit.dev/xmlns/1}"
LIBOSINFO = "{http://libosinfo.org/xmlns/libvirt/domain/1.0}"
QEMU = "{http://libvirt.org/schemas/domain/qemu/1.0}"
_MAXIMUM: Table = {"size": ".=KiB", "slots": "@slots"}
_SECLABEL: Table = {
    "type": "@type", "model": "@model", "relabel": "@relabel", "label": "label", "baselabel": "baselabel",
}  # fmt: skip

DEVICES: dict[str, str] = {
    "disks": "disk", "controllers": "controller", "filesystems": "filesystem", "interfaces": "interface",
    "serial": "serial", "console": "console", "channels": "channel", "inputs": "input", "tpm": "tpm",
    "graphics": "graphics", "sound": "sound", "video": "video", "hostdevs": "hostdev",
    "watchdog": "watchdog", "balloon": "memballoon", "rng": "rng", "shmem": "shmem", "panic": "panic",
    "vsock": "vsock", "iommu": "iommu", "audio": "audio", "redirdevs": "redirdev", "hubs": "hub",
    "memory_modules": "memory",
}  # fmt: skip
"""Each field with devices, and the element that they are."""

_SINGLE = frozenset({"tpm", "watchdog", "balloon", "vsock", "iommu"})
_DOMAIN: Table = {
    "type": "@type", "name": "name", "uuid": "uuid", "genid": "genid", "title": "title",
    "description": "description",
    "memory": "memory=KiB", "dump_core": "memory/@dumpCore", "current_memory": "currentMemory=KiB",
    "iothreads": "iothreads",
    "arch": "os/type/@arch", "machine": "os/type/@machine", "os_type": "os/type",
    "on_poweroff": "on_poweroff", "on_reboot": "on_reboot", "on_crash": "on_crash",
    "os_info": f"metadata/{LIBOSINFO}libosinfo/{LIBOSINFO}os/@id",
    "on_lockfailure": "on_lockfailure", "suspend_to_mem": "pm/suspend-to-mem/@enabled",
    "suspend_to_disk": "pm/suspend-to-disk/@enabled", "emulator": "devices/emulator",
}  # fmt: skip
_VCPUS: Table = {"maximum": ".", "current": "@current", "cpuset": "@cpuset", "placement": "@placement"}
_TOPOLOGY: Table = {"sockets": "@sockets", "dies": "@dies", "cores": "@cores", "threads": "@threads"}
_BACKING: Table = {
    "locked": "locked?", "nosharepages": "nosharepages?", "source": "source/@type", "access": "access/@mode",
    "allocation": "allocation/@mode", "discard": "discard?",
}  # fmt: skip
_LIMITS: Table = {
    name: f"{name}=KiB" for name in ("hard_limit", "soft_limit", "swap_hard_limit", "min_guarantee")
}
_SMBIOS = {"bios": "bios", "system": "system", "board": "baseBoard", "chassis": "chassis"}
_PAGE: Table = {"size": "@size=KiB", "nodeset": "@nodeset"}
_TUNED = (
    "shares", "period", "quota", "global_period", "global_quota", "emulator_period", "emulator_quota",
    "iothread_period", "iothread_quota",
)  # fmt: skip
_SCHEDULER: Table = {"vcpus": "@vcpus", "scheduler": "@scheduler", "priority": "@priority"}
_NUMATUNE: Table = {"mode": "memory/@mode", "nodeset": "memory/@nodeset", "placement": "memory/@placement"}
_MEMNODE: Table = {"cellid": "@cellid", "mode": "@mode", "nodeset": "@nodeset"}
_CPU: Table = {
    "mode": "@mode", "match": "@match", "check": "@check", "migratable": "@migratable", "model": "model",
    "fallback": "model/@fallback", "vendor": "vendor",
}  # fmt: skip
_CELL: Table = {
    "id": "@id", "cpus": "@cpus", "memory": "@memory=KiB", "mem_access": "@memAccess", "discard": "@discard",
}  # fmt: skip
_BOOT: Table = {
    "bootloader": "bootloader", "bootloader_args": "bootloader_args", "firmware": "os/@firmware",
    "loader": "os/loader", "loader_readonly": "os/loader/@readonly", "loader_secure": "os/loader/@secure",
    "loader_stateless": "os/loader/@stateless", "loader_type": "os/loader/@type",
    "nvram": "os/nvram", "nvram_template": "os/nvram/@template",
    "kernel": "os/kernel", "initrd": "os/initrd", "cmdline": "os/cmdline", "dtb": "os/dtb",
    "init": "os/init", "init_dir": "os/initdir", "init_user": "os/inituser", "init_group": "os/initgroup",
    "menu": "os/bootmenu/@enable", "menu_timeout": "os/bootmenu/@timeout",
    "reboot_timeout": "os/bios/@rebootTimeout", "smbios": "os/smbios/@mode",
}  # fmt: skip
_CLOCK: Table = {
    "offset": "@offset", "timezone": "@timezone", "adjustment": "@adjustment", "basis": "@basis",
    "start": "@start",
}  # fmt: skip
_TIMER: Table = {
    "name": "@name", "present": "@present", "tickpolicy": "@tickpolicy", "track": "@track",
    "frequency": "@frequency", "mode": "@mode",
}  # fmt: skip
_FEATURES: Table = {
    "acpi": "acpi?", "apic": "apic?", "apic_eoi": "apic/@eoi", "pae": "pae?",
    "viridian": "viridian?", "privnet": "privnet?",
    "hap": "hap/@state", "pvspinlock": "pvspinlock/@state", "pmu": "pmu/@state", "vmport": "vmport/@state",
    "vmcoreinfo": "vmcoreinfo/@state", "htm": "htm/@state", "nested_hv": "nested-hv/@state",
    "gic": "gic/@version", "smm": "smm/@state", "tseg": "smm/tseg=MiB", "ioapic": "ioapic/@driver",
}  # fmt: skip
_HYPERV = (
    "relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "reset", "frequencies",
    "reenlightenment", "tlbflush", "ipi", "evmcs", "avic",
)  # fmt: skip


def read_domain(root: etree._Element) -> dict[str, Any]:
    """Return the fields of a spec that *root* has, as far as they can be read, not checked."""
    fields = read(root, _DOMAIN)
    fields["metadata"] = pairs(root.find(f"metadata/{NAMESPACE}domain"), f"{NAMESPACE}entry", "name", ".")
    most = root.find("maxMemory")
    fields["max_memory"] = read(most, _MAXIMUM) if most is not None else None
    fields["seclabels"] = children(root, "seclabel", _SECLABEL)
    fields["qemu_args"] = [each.get("value") for each in root.findall(f"{QEMU}commandline/{QEMU}arg")]
    fields["vcpus"] = _vcpus(root)
    if root.find("genid") is not None:
        fields.setdefault("genid", True)
    fields["memtune"] = _memtune(root.find("memtune"))
    fields["sysinfo"] = _sysinfo(root.find("sysinfo"))
    fields["memory_backing"] = _memory_backing(root.find("memoryBacking"))
    fields["cputune"] = _cputune(root.find("cputune"))
    fields["numatune"] = _numatune(root.find("numatune"))
    fields["numa"] = [_cell(each) for each in root.findall("cpu/numa/cell")]
    fields["cpu"] = _cpu(root.find("cpu"))
    fields["boot"] = _boot(root)
    fields["clock"] = _clock(root.find("clock"))
    fields["features"] = _features(root.find("features"))
    devices = root.find("devices")
    if devices is not None:
        for name, tag in DEVICES.items():
            found = [device(each) for each in devices.findall(tag)]
            fields[name] = found[:1] and found[0] if name in _SINGLE else found
    return filled(fields)


def _vcpus(root: etree._Element) -> dict[str, Any]:
    count, topology = root.find("vcpu"), root.find("cpu/topology")
    fields = read(count, _VCPUS) if count is not None else {}
    if topology is not None:
        fields["topology"] = read(topology, _TOPOLOGY)
    return fields


def _memtune(element: etree._Element | None) -> dict[str, Any] | None:
    return None if element is None else read(element, _LIMITS)


def _sysinfo(element: etree._Element | None) -> dict[str, Any] | None:
    if element is None or element.get("type") != "smbios":
        return None
    return {name: pairs(element.find(tag), "entry", "name", ".") for name, tag in _SMBIOS.items()}


def _memory_backing(element: etree._Element | None) -> dict[str, Any] | None:
    if element is None:
        return None
    pages = children(element.find("hugepages"), "page", _PAGE)
    return read(element, _BACKING) | filled({
        "hugepages": pages or (True if element.find("hugepages") is not None else None)
    })  # fmt: skip


def _cputune(element: etree._Element | None) -> dict[str, Any] | None:
    if element is None:
        return None
    fields = read(element, {name: name for name in _TUNED} | {"emulatorpin": "emulatorpin/@cpuset"})
    return fields | filled({
        "vcpupin": pairs(element, "vcpupin", "vcpu", "@cpuset"),
        "iothreadpin": pairs(element, "iothreadpin", "iothread", "@cpuset"),
        "vcpusched": children(element, "vcpusched", _SCHEDULER),
    })  # fmt: skip


def _numatune(element: etree._Element | None) -> dict[str, Any] | None:
    if element is None:
        return None
    return read(element, _NUMATUNE) | filled({"memnodes": children(element, "memnode", _MEMNODE)})


def _cell(element: etree._Element) -> dict[str, Any]:
    distances = pairs(element.find("distances"), "sibling", "id", "@value")
    return read(element, _CELL) | filled({"distances": distances})


def _cpu(element: etree._Element | None) -> dict[str, Any] | None:
    if element is None:
        return None
    policies = pairs(element, "feature", "name", "@policy")
    inside = {name: element.find(name) for name in ("cache", "maxphysaddr")}
    parts = {name: dict(each.attrib) for name, each in inside.items() if each is not None}
    return read(element, _CPU) | filled({"features": filled(policies), **parts})


def _boot(root: etree._Element) -> dict[str, Any]:
    fields = read(root, _BOOT)
    system = root.find("os")
    if system is not None:
        fields |= {
            "order": [each.get("dev") for each in system.findall("boot")],
            "init_args": [each.text for each in system.findall("initarg")],
            "init_env": pairs(system, "initenv", "name", "."),
        }
        firmware = pairs(system.find("firmware"), "feature", "name", "@enabled")
        fields |= {"enrolled_keys": firmware.get("enrolled-keys"), "secure": firmware.get("secure-boot")}
    return filled(fields)


def _clock(element: etree._Element | None) -> dict[str, Any] | None:
    if element is None:
        return None
    return read(element, _CLOCK) | filled({"timers": children(element, "timer", _TIMER)})


def _features(element: etree._Element | None) -> dict[str, Any] | None:
    if element is None:
        return None
    fields = read(element, _FEATURES)
    kvm, xen, hyperv = element.find("kvm"), element.find("xen"), element.find("hyperv")
    if kvm is not None:
        ring = {"dirty_ring": value(kvm, "dirty-ring/@size")}
        fields["kvm"] = states(kvm, ("hidden", "hint-dedicated", "poll-control", "pv-ipi")) | filled(ring)
    if xen is not None:
        mode = {"passthrough_mode": value(xen, "passthrough/@mode")}
        fields["xen"] = states(xen, ("e820_host", "passthrough")) | filled(mode)
    if hyperv is not None:
        fields["hyperv"] = states(hyperv, _HYPERV) | filled({
            "mode": hyperv.get("mode"),
            "spinlocks_retries": value(hyperv, "spinlocks/@retries"),
            "stimer_direct": value(hyperv, "stimer/direct/@state"),
            "vendor_id": value(hyperv, "vendor_id/@value"),
        })  # fmt: skip
    capabilities = element.find("capabilities")
    if capabilities is not None:
        names = {str(each.tag): each.get("state") for each in capabilities if isinstance(each.tag, str)}
        fields["capabilities"] = filled({"policy": capabilities.get("policy"), "names": names})
    return fields
