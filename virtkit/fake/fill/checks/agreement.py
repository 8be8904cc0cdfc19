"""What of a document must agree with the rest of it, whichever driver reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import bitmaps
from virtkit.fake.fill.checks.report import detail, unsupported, xml
from virtkit.fake.fill.disks import choose_bus
from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.fill.sizes import UNITS, size
from virtkit.tree import equal

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.parts import Parts

_DRIVE_BUSES = {"ide", "fdc", "scsi", "sata"}
_ROOTS = {"pci-root", "pcie-root"}
_DATE = re.compile(r"\A *[+]?(\d+)/ *[+]?(\d+)/ *[+]?(\d+)\Z")
_TIMEOUT_MAX = 65535
_MONTHS, _DAYS, _SHORT_YEARS, _FIRST_YEAR = 12, 31, 100, 1900
_PORTED = {"network", "bridge", "direct", "hostdev"}
_QEMU_KINDS = {"qemu", "kvm"}
_SECURED = {"auth", "encryption"}
_SECRETS = {"volume", "ceph", "iscsi", "tls", "vtpm"}
_SCHEDULES = {"vcpusched": "vcpus", "iothreadsched": "iothreads"}


def check(parts: Parts) -> None:
    """Raise what libvirt says of the first that does not agree."""
    _numatune(parts)
    _boot_menu(parts)
    _labels(parts.all("seclabel"))
    _schedules(parts)
    for sysinfo in parts.all("sysinfo"):
        _bios_date(sysinfo)
    _huge_pages(parts)
    for controller in parts.of("controller"):
        _pci_root(controller)
    for disk in parts.of("disk"):
        _disk(disk)
    for interface in parts.of("interface"):
        kind = interface.get("type", "user")
        if kind not in _PORTED and interface.find("virtualport") is not None:
            unsupported(f"<virtualport> element unsupported for <interface type='{kind}'>")
    _hostdevs(parts.of("hostdev"))
    _videos(parts.of("video"))
    if parts.of("memory"):
        _memories(parts)
    for shmem in parts.of("shmem"):
        if shmem.find("msi") is not None and shmem.find("server") is None:
            xml("msi option is only supported with a server")


def check_redirected(parts: Parts, *, by_qemu: bool) -> None:
    """Refuse what comes by a USB that is not there; QEMU's driver adds one if none is named."""
    if any(device.get("bus", "usb") == "usb" for device in parts.of("redirdev")):
        models = [each.get("model") for each in parts.of("controller") if each.get("type") == "usb"]
        if by_qemu and models and all(model == "none" for model in models):
            message = "USB is disabled for this domain, but USB devices are present in the domain XML"
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        elif not by_qemu and all(model == "none" for model in models):
            unsupported("cannot add redirected USB device: USB is disabled for this domain")


def cells(parts: Parts) -> int:
    """Return how many NUMA cells the guest has."""
    cpu = parts.one("cpu")
    return 0 if cpu is None else len(cpu.findall("numa/cell"))


def _numatune(parts: Parts) -> None:
    tune = parts.one("numatune")
    if tune is None:
        return
    memory, vcpu = tune.find("memory"), parts.one("vcpu")
    nodes, placement = value(memory, "nodeset"), value(memory, "placement")
    if not placement:
        placement = "static" if nodes or value(vcpu, "placement", "static") == "static" else "auto"
    if nodes and not bitmaps.parse(nodes):
        unsupported(f"Invalid value of 'nodeset': {nodes}")
    if memory is not None and memory.attrib and placement == "static" and not nodes:
        unsupported("nodeset for NUMA memory tuning must be set if 'placement' is 'static'")
    for node in tune.iterfind("memnode"):
        if memory is not None and placement == "auto":
            unsupported("Per-node binding is not compatible with automatic NUMA placement.")
        _memory_node(node, value(memory, "mode"), cells(parts))


def _memory_node(node: etree._Element, mode: str, most: int) -> None:
    if not most:
        xml("Element 'memnode' is invalid without any guest NUMA cells")
    if integer(node.get("cellid")) >= most:
        xml("Argument 'cellid' in memnode element must correspond to existing guest's NUMA cell")
    if mode == "restrictive" and node.get("mode") != mode:
        xml("'restrictive' mode is required in memnode element when mode is 'restrictive' in memory element")
    nodes = node.get("nodeset")
    if nodes is None:
        xml("Missing required nodeset attribute in memnode element")
    if not bitmaps.parse(nodes):
        unsupported(f"Invalid value of 'nodeset': {nodes}")


def _boot_menu(parts: Parts) -> None:
    system = parts.one("os")
    menu = None if system is None else system.find("bootmenu")
    if menu is None:
        return
    timeout = value(menu, "timeout")
    if (
        timeout
        and value(menu, "enable") == "yes"
        and not (timeout.isdigit() and int(timeout) <= _TIMEOUT_MAX)
    ):
        unsupported(f"invalid value for boot menu timeout, must be in range [0,{_TIMEOUT_MAX}]")


def _labels(labels: list[etree._Element]) -> None:
    seen = set()
    for label in labels:
        model = label.get("model")
        if model is not None and model in seen:
            detail(f"seclabel for model {model} is already provided")
        seen.add(model)
        kind, relabel = label.get("type", "dynamic"), label.get("relabel")
        if kind == "dynamic" and relabel == "no":
            unsupported("dynamic label type must use resource relabeling")
        if kind == "none" and relabel == "yes":
            unsupported("resource relabeling is not compatible with 'none' label type")
        if kind == "static" and model != "none" and not label.findtext("label"):
            xml("security label is missing")
    if len(labels) > 1 and None in seen:
        xml("missing security model when using multiple labels")


def _schedules(parts: Parts) -> None:
    tune = parts.one("cputune")
    if tune is None:
        return
    threads = _io_threads(parts)
    for tag, name in _SCHEDULES.items():
        seen: set[int] = set()
        for element in tune.iterfind(tag):
            numbers = bitmaps.parse(element.get(name, ""))
            missing = sorted(numbers - threads) if tag == "iothreadsched" else []
            if missing:
                unsupported(f"Cannot find 'iothread' : {missing[0]}")
            if numbers & seen:
                detail(f"'{tag}' attributes '{name}' must not overlap")
            seen |= numbers


def _io_threads(parts: Parts) -> set[int]:
    named = {integer(each.get("id")) for listed in parts.all("iothreadids") for each in listed}
    count = integer(parts.text("iothreads", "0"))
    number = 1
    while len(named) < count:
        named.add(number)
        number += 1
    return named


def _bios_date(sysinfo: etree._Element) -> None:
    date = sysinfo.find("bios/entry[@name='date']")
    if date is None:
        return
    found = _DATE.match(date.text or "")
    month, day, year = (int(each) for each in found.groups()) if found else (0, 0, 0)
    if not (
        1 <= month <= _MONTHS and 1 <= day <= _DAYS and (0 <= year < _SHORT_YEARS or year >= _FIRST_YEAR)
    ):
        detail("Invalid BIOS 'date' format")


def _huge_pages(parts: Parts) -> None:
    backing = parts.one("memoryBacking")
    if backing is None:
        return
    most = max(cells(parts), 1)
    whole: list[int] = []
    taken: list[tuple[int, set[int]]] = []
    for page in backing.iterfind("hugepages/page"):
        text, unit = page.get("size", ""), page.get("unit", "KiB")
        pages = size(text, unit) // 1024 if text.isdigit() and unit.lower() in UNITS else 0
        nodes = page.get("nodeset")
        if nodes is None or (nodes.strip() == "0" and not cells(parts)):
            if whole:
                detail(f"two master hugepages detected: {pages} and {whole[0]}")
            whole.append(pages)
            continue
        numbers = bitmaps.parse(nodes)
        for other, those in taken:
            if numbers & those:
                detail(f"nodeset attribute of hugepages of sizes {pages} and {other} intersect")
        taken.append((pages, numbers))
        if max(numbers, default=0) >= most:
            detail(f"hugepages: node {min(each for each in numbers if each >= most)} not found")


def _pci_root(controller: etree._Element) -> None:
    if controller.get("type") != "pci" or controller.get("model") not in _ROOTS:
        return
    if controller.find("address") is not None:
        unsupported("pci-root and pcie-root controllers should not have an address")


def _disk(disk: etree._Element) -> None:
    given = {child.tag: child for child in disk}
    place, source = given.get("address"), given.get("source")
    if place is not None and place.get("type") != "drive" and choose_bus(disk) in _DRIVE_BUSES:
        kind, dev, bus = place.get("type"), value(given.get("target"), "dev"), choose_bus(disk)
        unsupported(f"Invalid address type '{kind}' for the disk '{dev}' with the bus type '{bus}'")
    if _SECURED.isdisjoint(given) and (source is None or not len(source)):
        return
    for tag in ("auth", "encryption"):
        if tag in given and source is not None and source.find(tag) is not None:
            unsupported(f"an <{tag}> definition already found for disk source")
    _secret(disk)
    if any(each.find("cipher") is not None for each in disk.iter("encryption")):
        unsupported("supplying <cipher> for domain disk definition is unnecessary")


def _secret(disk: etree._Element) -> None:
    """The secret that opens a network disk must be of the right kind."""
    source = disk.find("source")
    auth = disk.find("auth")
    auth = auth if auth is not None or source is None else source.find("auth")
    if auth is None or source is None or disk.get("type") != "network":
        return
    secret = auth.find("secret")
    kind = None if secret is None else secret.get("type")
    if kind not in _SECRETS:
        unsupported(f"unknown secret type '{kind or '<null>'}'")
    if kind != {"iscsi": "iscsi", "rbd": "ceph"}.get(source.get("protocol", ""), kind):
        unsupported(f"invalid secret type '{kind}'")


def _hostdevs(hostdevs: list[etree._Element]) -> None:
    seen: list[tuple[str | None, etree._Element]] = []
    for hostdev in hostdevs:
        source, kind = hostdev.find("source"), hostdev.get("type")
        place = None if source is None else source.find("address")
        if kind == "mdev" and value(place, "uuid") == "":
            unsupported("Missing 'uuid' attribute for element <address>")
        if source is None or not len(source):
            continue
        if any(kind == other and equal(source, that) for other, that in seen):
            xml("Hostdev already exists in the domain configuration")
        seen.append((kind, source))
    if sum(hostdev.get("ramfb") == "on" for hostdev in hostdevs) > 1:
        unsupported("Only one vgpu device can have 'ramfb' enabled")


def _videos(videos: list[etree._Element]) -> None:
    models = [video.find("model") for video in videos]
    kinds = [value(model, "type") for model in models]
    if len(kinds) > 1 and "none" in kinds:
        unsupported("a 'none' video type must be the only video device defined for the domain")
    if len(kinds) > 1 and sum(value(model, "primary") == "yes" for model in models) > 1:
        unsupported("Only one primary video device is supported")
    if "ramfb" in kinds and videos[kinds.index("ramfb")].find("address") is not None:
        unsupported("address not supported for video type ramfb")


def _memories(parts: Parts) -> None:
    modules = parts.of("memory")
    sizes = [module.find("target/size") for module in modules]
    total = sum(size(each.text or "0", each.get("unit", "KiB")) for each in sizes if each is not None) // 1024
    counted = parts.tree.get("type") in _QEMU_KINDS and cells(parts)  # the total is what they sum up to
    if not counted and total > integer(parts.text("memory")):
        xml("Total size of memory devices exceeds the total memory size")
    for module in modules:
        _memory(module, parts)


def _memory(memory: etree._Element, parts: Parts) -> None:
    node, most = memory.findtext("target/node"), cells(parts)
    if node is None:
        return
    if not most:
        detail("can't add memory backend as guest has no NUMA nodes configured")
    if integer(node) >= most:
        detail(
            f"can't add memory backend for guest node '{integer(node)}' as the guest has only '{most}' "
            "NUMA nodes configured"
        )


def pci_numbers(address: etree._Element) -> None:
    """Raise what libvirt says of a PCI address that there is not."""
    for name, form, most in (
        ("domain", "='0x{:x}', must be <= 0xFFFF", 0xFFFF),
        ("bus", "='0x{:x}', must be <= 0xFF", 0xFF),
        ("slot", "='0x{:x}', must be <= 0x1F", 0x1F),
        ("function", "=0x{:x}, must be <= 7", 7),
    ):
        number = integer(address.get(name))
        if number > most:
            message = f"Invalid PCI address {name}{form.format(number)}"
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_NONE, message)
