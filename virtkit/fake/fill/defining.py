"""What defining a document does: check it, fill in defaults, put it into libvirt's order."""

from __future__ import annotations

import re
import secrets
import uuid as uuids
from typing import TYPE_CHECKING

from virtkit.errors import ParseError
from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import devices
from virtkit.tree import parse

if TYPE_CHECKING:
    from lxml import etree

_ORDER = [
    "name",
    "uuid",
    "genid",
    "title",
    "description",
    "metadata",
    "maxMemory",
    "memory",
    "currentMemory",
    "blkiotune",
    "memtune",
    "memoryBacking",
    "vcpu",
    "vcpus",
    "iothreads",
    "iothreadids",
    "cputune",
    "numatune",
    "resource",
    "sysinfo",
    "bootloader",
    "bootloader_args",
    "os",
    "idmap",
    "features",
    "cpu",
    "clock",
    "on_poweroff",
    "on_reboot",
    "on_crash",
    "on_lockfailure",
    "pm",
    "perf",
    "devices",
    "seclabel",
    "keywrap",
    "launchSecurity",
]
_RANK = {tag: rank for rank, tag in enumerate(_ORDER)}
_KINDS = {
    "qemu",
    "kqemu",
    "kvm",
    "xen",
    "lxc",
    "uml",
    "openvz",
    "test",
    "vmware",
    "hyperv",
    "vbox",
    "phyp",
    "parallels",
    "vz",
    "bhyve",
    "hvf",
}
_UNITS = {
    "b": 1, "bytes": 1, "kb": 1000, "k": 1024, "kib": 1024, "mb": 10**6, "m": 1 << 20, "mib": 1 << 20,
    "gb": 10**9, "g": 1 << 30, "gib": 1 << 30, "tb": 10**12, "t": 1 << 40, "tib": 1 << 40,
}  # fmt: skip
_UUID = re.compile(r"\A[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\Z")
_SIZES = ("memory", "currentMemory", "maxMemory")
_PC = "pc-i440fx-7.2"
_MACHINES = {"pc": _PC, "q35": "pc-q35-7.2", "virt": "virt-7.2"}
_DEFAULT_MACHINE = {"x86_64": _PC, "i686": _PC, "aarch64": "virt-7.2", "mipsel": "malta", "mips": "malta"}
_EMULATOR = {"i686": "/usr/bin/qemu-system-i386"}


def read(xml: str) -> etree._Element:
    """Return the tree of *xml*, checked as libvirt's parser does, its sizes in KiB."""
    try:
        tree = parse(xml, "domain XML")
    except ParseError as error:
        fail(
            c.VIR_ERR_XML_DETAIL,
            c.VIR_FROM_DOMAIN,
            f"(domain_definition):{error.line or 1}: {_reason(error)}",
        )
    if tree.tag != "domain":
        fail(
            c.VIR_ERR_XML_ERROR,
            c.VIR_FROM_XML,
            f"expecting root element of 'domain', not '{tree.tag!s}'",
        )
    _check_head(tree)
    _sizes(tree)
    given = tree.find("uuid")
    if given is not None:
        given.text = str(uuids.UUID((given.text or "").strip()))
    return tree


def _reason(error: ParseError) -> str:
    cause = error.__cause__
    return str(getattr(cause, "msg", None) or "Document is empty").split(", line")[0]


def _check_head(tree: etree._Element) -> None:
    kind = tree.get("type")
    if kind is None:
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "missing domain type attribute")
    if kind not in _KINDS:
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, f"invalid domain type {kind}")
    name = tree.findtext("name")
    if not name:
        fail(c.VIR_ERR_NO_NAME, c.VIR_FROM_DOMAIN)
    if "/" in name:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, f"name {name} cannot contain '/'")
    given = tree.findtext("uuid")
    if given is not None and not _UUID.match(given.strip()):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "malformed uuid element")
    if not tree.findtext("os/type") and tree.find("bootloader") is None:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, "an os <type> must be specified")
    if tree.findtext("vcpu", "1").strip() == "0":
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "CPU IDs in <numa> exceed the <vcpu> count")


def fill(tree: etree._Element, personality: str) -> None:
    """Add to *tree* what the driver adds, in place."""
    _plain_defaults(tree)
    if personality == "qemu":
        _platform(tree)
    else:
        tree.find("os/type").set("arch", tree.find("os/type").get("arch", "i686"))  # type: ignore[union-attr]
    devices.fill(tree, personality)
    _in_order(tree)


def _sizes(tree: etree._Element) -> None:
    for tag in _SIZES:
        for element in tree.findall(tag):
            text = (element.text or "").strip()
            if not text.isdigit():
                fail(
                    c.VIR_ERR_XML_ERROR,
                    c.VIR_FROM_XML,
                    f"Invalid value '{text}' for element or attribute './{tag}[1]'",
                )
            unit = element.get("unit", "KiB")
            if unit.lower() not in _UNITS:
                fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, f"unknown suffix '{unit}'")
            number = int(text) * _UNITS[unit.lower()]
            element.set("unit", "KiB")
            element.text = str(-(-number // 1024))
    memory = tree.find("memory")
    cells = tree.findall("cpu/numa/cell")
    if memory is None and cells:
        memory = _new(tree, "memory", str(sum(int(cell.get("memory", "0")) for cell in cells)), unit="KiB")
    if memory is None or memory.text == "0":
        fail(
            c.VIR_ERR_XML_ERROR,
            c.VIR_FROM_DOMAIN,
            "Memory size must be specified via <memory> or in the <numa> configuration",
        )
    current = tree.find("currentMemory")
    if current is None:
        _new(tree, "currentMemory", memory.text or "", unit="KiB")
    elif int(current.text or "0") > int(memory.text or "0") or current.text == "0":
        current.text = memory.text


def _plain_defaults(tree: etree._Element) -> None:
    vcpu = tree.find("vcpu")
    if vcpu is None:
        vcpu = _new(tree, "vcpu", "1")
    vcpu.text = (vcpu.text or "1").strip()
    if vcpu.get("placement") is None:
        attributes = dict(vcpu.attrib)
        vcpu.attrib.clear()
        vcpu.set("placement", "static")
        vcpu.attrib.update(attributes)
    if vcpu.get("current") == vcpu.text:
        del vcpu.attrib["current"]
    container = tree.findtext("os/type") == "exe"
    if tree.find("clock") is None:
        _new(tree, "clock", offset="utc")
    for tag, value in (("on_poweroff", "destroy"), ("on_reboot", "restart"), ("on_crash", "destroy")):
        if tree.find(tag) is None:
            _new(tree, tag, value)
    if tree.find("devices") is None:
        _new(tree, "devices")
    system = tree.find("os")
    if system is not None and not container and system.find("boot") is None and not _kernel_or_order(tree):
        _new(system, "boot", dev="hd")


def _kernel_or_order(tree: etree._Element) -> bool:
    return any(tree.find(f"devices/{device}/boot") is not None for device in ("disk", "interface", "hostdev"))


def _platform(tree: etree._Element) -> None:
    system = tree.find("os/type")
    if system is None or tree.get("type") not in {"kvm", "qemu"}:
        return
    arch, machine = system.get("arch", "x86_64"), system.get("machine")
    system.set("arch", arch)
    system.set("machine", _MACHINES.get(machine or "", machine or _DEFAULT_MACHINE.get(arch, "virt")))
    target = tree.find("devices")
    if target is not None and target.find("emulator") is None:
        emulator = _new(target, "emulator", _EMULATOR.get(arch, f"/usr/bin/qemu-system-{arch}"))
        target.remove(emulator)
        target.insert(0, emulator)
    cpu = tree.find("cpu")
    if cpu is None and arch in {"x86_64", "i686"}:
        cpu = _new(tree, "cpu", mode="custom", match="exact", check="none")
        _new(cpu, "model", "qemu64" if arch == "x86_64" else "qemu32", fallback="forbid")
    elif cpu is not None and cpu.get("mode") == "host-model" and cpu.get("check") is None:
        cpu.set("check", "partial")
    elif cpu is not None and cpu.get("mode") == "host-passthrough":
        cpu.set("check", cpu.get("check", "none"))
        cpu.set("migratable", cpu.get("migratable", "on"))


def _in_order(tree: etree._Element) -> None:
    tree[:] = sorted(tree, key=lambda child: _RANK.get(str(child.tag), len(_RANK)))
    devices.in_order(tree)


def wants_random(tree: etree._Element) -> bool:
    """Return whether *tree* lacks what is drawn at random: its UUID, or the MAC of an interface."""
    return tree.find("uuid") is None or any(
        interface.find("mac") is None for interface in tree.iterfind("devices/interface")
    )


def personalise(tree: etree._Element, uuid: str) -> None:
    """Give *tree* its UUID and the MACs that it lacks, in place."""
    if tree.find("uuid") is None:
        element = _new(tree, "uuid", uuid)
        tree.remove(element)
        tree.insert(1, element)
    for interface in tree.iterfind("devices/interface"):
        if interface.find("mac") is None:
            mac = interface.makeelement("mac", {"address": new_mac()})
            interface.insert(0, mac)


def new_mac() -> str:
    """Return a random MAC address of QEMU's range."""
    return "52:54:00:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(3))


def _new(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = parent.makeelement(tag, attributes)
    element.text = text
    parent.append(element)
    return element
