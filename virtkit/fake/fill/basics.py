"""What every driver fills in beside devices: CPUs, threads, clock, lifecycle, features, tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from virtkit.fake.fill import bitmaps
from virtkit.fake.fill.nodes import (
    add,
    child,
    default,
    drop,
    integer,
    put_first,
    remove,
    remove_if_empty,
    sort_attributes,
    value,
)
from virtkit.fake.fill.order import sort

if TYPE_CHECKING:
    from lxml import etree

_LIFECYCLE = (("on_poweroff", "destroy"), ("on_reboot", "restart"), ("on_crash", "destroy"))
_PINS = ("vcpupin", "emulatorpin", "iothreadpin")
_INIT = frozenset({"init", "initarg", "initenv", "initdir", "inituser", "initgroup"})
_BOOT = frozenset({"boot", "bootmenu", "bios"})
_KERNEL = frozenset({"kernel", "initrd", "cmdline", "dtb", "root"})
_LOADER = frozenset({"loader", "nvram", "acpi", "firmware"})
_ORDERED = ("disk", "interface", "hostdev", "redirdev", "filesystem")


def fill(tree: etree._Element, *, container: bool) -> None:
    """Fill in what is neither a device nor the QEMU driver's."""
    _vcpu(tree)
    _vcpus(tree)
    _iothreads(tree)
    _tuning(tree)
    _clock(tree)
    for tag, text in _LIFECYCLE:
        element = tree.find(tag)
        if element is None:
            add(tree, tag, text)
    _boot(tree)
    _sysinfo(tree)
    _loader(tree)
    _backing(tree)
    features(tree)
    smbios = tree.find("os/smbios")
    if value(smbios, "mode") == "none":
        remove(smbios)


def _loader(tree: etree._Element) -> None:
    loader = tree.find("os/loader")
    if loader is not None and (loader.text or "").strip() and not loader.get("type"):
        loader.set("type", "rom")


def _vcpu(tree: etree._Element) -> None:
    vcpu = tree.find("vcpu")
    if vcpu is None:
        vcpu = add(tree, "vcpu", "1")
    vcpu.text = (vcpu.text or "1").strip()
    if vcpu.get("cpuset"):
        vcpu.set("cpuset", bitmaps.tidy(vcpu.get("cpuset", "")))
    placement = _placement(tree, vcpu)
    if placement == "auto":
        drop(vcpu, "placement")
    put_first(vcpu, placement=placement)
    if vcpu.get("placement") == "auto":
        drop(vcpu, "cpuset")
    if vcpu.get("current") == vcpu.text:
        del vcpu.attrib["current"]
    sort_attributes(vcpu, ("placement", "cpuset", "current"))
    numatune = tree.find("numatune/memory")
    if numatune is not None:
        if numatune.get("placement") == "auto":
            drop(numatune, "nodeset")
        if numatune.get("nodeset"):
            numatune.set("nodeset", bitmaps.tidy(numatune.get("nodeset", "")))
            drop(numatune, "placement")
            put_first(numatune, mode="strict")
        elif numatune.get("placement") is None:
            auto = vcpu.get("placement") == "auto"
            put_first(numatune, mode="strict")
            if auto:
                numatune.set("placement", "auto")
        sort_attributes(numatune, ("mode", "nodeset", "placement"))
    elif vcpu.get("placement") == "auto" and tree.find("numatune") is None:
        add(add(tree, "numatune"), "memory", mode="strict", placement="auto")


def _placement(tree: etree._Element, vcpu: etree._Element) -> str:
    memory = tree.find("numatune/memory")
    if memory is None or memory.get("placement") != "auto":
        return "static"
    pinned = vcpu.get("cpuset") or any(tree.find(f"cputune/{tag}") is not None for tag in _PINS)
    return "static" if pinned else "auto"


def _vcpus(tree: etree._Element) -> None:
    vcpus, vcpu = tree.find("vcpus"), tree.find("vcpu")
    if vcpus is None or vcpu is None:
        return
    known = {integer(each.get("id")): each for each in vcpus.findall("vcpu")}
    online = 0
    for number in range(integer(vcpu.text, 1)):
        each = known.get(number)
        if each is None:
            each = add(vcpus, "vcpu", id=str(number), enabled="no")
        enabled = each.get("enabled") == "yes"
        online += enabled
        default(each, hotpluggable="no" if enabled else "yes")
        if each.get("order") == "0":
            drop(each, "order")
        sort_attributes(each, ("id", "enabled", "hotpluggable", "order"))
    vcpus[:] = sorted(vcpus, key=lambda each: integer(each.get("id")))
    drop(vcpu, "current")
    if online < integer(vcpu.text, 1):
        vcpu.set("current", str(online))


def _iothreads(tree: etree._Element) -> None:
    element, ids = tree.find("iothreads"), tree.find("iothreadids")
    count = integer(element.text) if element is not None else 0
    given = [] if ids is None else ids.findall("iothread")
    known = {integer(each.get("id")) for each in given}
    total = max(count, len(given))
    if not total:
        remove(element)
        return
    if element is None:
        element = add(tree, "iothreads")
    element.text = str(total)
    if ids is not None:
        number = 1
        while len(known) < total:
            if number not in known:
                known.add(number)
                add(ids, "iothread", id=str(number))
            number += 1


def _tuning(tree: etree._Element) -> None:
    tune = tree.find("cputune")
    if tune is not None:
        for tag in _PINS:
            for pin in tune.findall(tag):
                if pin.get("cpuset"):
                    pin.set("cpuset", bitmaps.tidy(pin.get("cpuset", "")))
        remove_if_empty(tune)
    for tag in ("blkiotune", "memtune", "numatune", "memoryBacking"):
        remove_if_empty(tree.find(tag))


def _clock(tree: etree._Element) -> None:
    clock = tree.find("clock")
    if clock is None:
        clock = add(tree, "clock", offset="utc")
    put_first(clock, offset="utc")
    offset = clock.get("offset")
    if offset in {"utc", "localtime"} and clock.get("adjustment") not in {None, "reset"}:
        adjustment = clock.get("adjustment", "")
        clock.attrib.clear()
        basis = "localtime" if offset == "localtime" else "utc"
        for name, text in (("offset", "variable"), ("adjustment", adjustment), ("basis", basis)):
            clock.set(name, text)
    elif offset == "variable":
        default(clock, adjustment="0", basis="utc")
        drop(clock, "adjustment0")


# what of <os> each type of guest does without
_NOT_READ = {
    "hvm": _INIT,
    "exe": _BOOT | _KERNEL | _LOADER,
    "linux": _INIT | _BOOT | _KERNEL | _LOADER,
    **dict.fromkeys(("xen", "xenpvh", "uml"), _INIT | _BOOT | {"acpi", "firmware"}),
}


def _boot(tree: etree._Element) -> None:
    system = tree.find("os")
    loader = tree.find("bootloader")
    if loader is not None and not (loader.text or "").strip():
        remove(loader)
        loader = None
    if system is None:
        return
    kind = (tree.findtext("os/type") or "").strip()
    if tree.get("type") == "xen" and kind in {"linux", "xen"}:  # one to libvirt, which shows the older name
        kind = "xen"
        child(system, "type").text = "linux"
    strays = _NOT_READ.get(kind, frozenset()) | (_BOOT if loader is not None else frozenset())
    for part in list(system):
        if part.tag in strays:
            system.remove(part)
    if kind == "hvm" and loader is None:
        _boot_devices(tree, system)


def _boot_devices(tree: etree._Element, system: etree._Element) -> None:
    menu = system.find("bootmenu")
    if menu is not None:
        if menu.get("enable") != "yes":
            drop(menu, "timeout")
        remove_if_empty(menu)
    if system.find("boot") is None and not any(
        tree.find(f"devices/{device}/boot") is not None for device in _ORDERED
    ):
        add(system, "boot", dev="hd")


_SMBIOS = {
    "bios": "vendor version date release",
    "system": "manufacturer product version serial uuid sku family",
    "baseBoard": "manufacturer product version serial asset location",
    "chassis": "manufacturer version serial asset sku",
}


def _sysinfo(tree: etree._Element) -> None:
    """What SMBIOS tells: each entry once, in libvirt's order; none that it does not know."""
    for told in tree.findall("sysinfo[@type='smbios']"):
        for table in list(told):
            names = _SMBIOS.get(str(table.tag))
            if names is not None:
                entries = (table.find(f"entry[@name='{name}']") for name in names.split())
                table[:] = [entry for entry in entries if entry is not None and entry.text]
                remove_if_empty(table)
        for entry in told.findall("system/entry[@name='uuid']"):
            entry.text = str(UUID((entry.text or "").strip()))
        sort(told, {name: number for number, name in enumerate((*_SMBIOS, "oemStrings"))})


def _backing(tree: etree._Element) -> None:
    """Huge pages for a NUMA node where there are none are for all."""
    if tree.find("cpu/numa") is None:
        for page in tree.findall("memoryBacking/hugepages/page"):
            if not bitmaps.parse(value(page, "nodeset")) - {0}:
                drop(page, "nodeset")


# the order in which features are printed
_FEATURES = (
    "acpi apic pae hap viridian privnet hyperv kvm pvspinlock xen capabilities pmu vmport gic smm ioapic hpt"
    " vmcoreinfo htm nested-hv msrs ccf-assist cfpc sbbc ibs tcg"
)
_HYPERV = (
    "relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment"
    " tlbflush ipi evmcs avic"
)
_STATES = ("hap", "pmu", "pvspinlock", "vmport", "smm", "htm", "nested-hv", "vmcoreinfo", "ccf-assist")


def features(tree: etree._Element) -> None:
    """Write the guest's features as libvirt prints them."""
    element = tree.find("features")
    if element is None:
        return
    rank = {name: number for number, name in enumerate(_FEATURES.split())}
    element[:] = sorted(element, key=lambda each: rank.get(str(each.tag), len(rank)))
    for each in element:
        if each.tag in _STATES:
            put_first(each, state="on")
    hyperv = element.find("hyperv")
    if hyperv is not None:
        put_first(hyperv, mode="custom")
        order = {name: number for number, name in enumerate(_HYPERV.split())}
        hyperv[:] = sorted(hyperv, key=lambda each: order.get(str(each.tag), len(order)))
    remove_if_empty(element)
