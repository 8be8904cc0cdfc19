"""Reading a document as libvirt's parser does: refused at once, or a tree whose sizes are in KiB."""

from __future__ import annotations

import re
import uuid as uuids
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import reading as documents
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import integer, sort_attributes, value
from virtkit.fake.fill.parts import Parts
from virtkit.fake.fill.sizes import kib

if TYPE_CHECKING:
    from lxml import etree

_KINDS = " qemu kqemu kvm xen lxc uml openvz test vmware hyperv vbox phyp parallels vz bhyve hvf "
_UUID = re.compile(r"\A[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\Z")
_PLAIN = re.compile(r"\A[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\Z")
_SIZES = ("memory", "currentMemory", "maxMemory")


def read(xml: str, *, new: bool = True) -> etree._Element:
    """Return the tree of *xml*, checked as libvirt's parser does, its sizes in KiB."""
    return read_parts(xml, new=new).tree


def read_parts(xml: str, *, new: bool = True) -> Parts:
    """Return the same, with its elements by name."""
    tree = documents.read(xml, "domain_definition", "domain", c.VIR_FROM_DOMAIN)
    parts = Parts(tree)
    _check_head(parts)
    _sizes(parts, new=new)
    _uuid_of_sysinfo(parts)
    for tag in ("uuid", "genid"):
        for given in parts.all(tag)[:1]:
            text = (given.text or "").strip()
            if text:
                given.text = text if _PLAIN.match(text) else str(uuids.UUID(text))
    return parts


def _uuid_of_sysinfo(parts: Parts) -> None:
    """The UUID may stand among what the firmware tells only."""
    told = parts.one("sysinfo")
    entry = None if told is None else told.find("system/entry[@name='uuid']")
    if told is None or entry is None or told.get("type") != "smbios":
        return
    text, given = (entry.text or "").strip(), parts.text("uuid")
    if not _UUID.match(text):
        fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, "malformed <sysinfo> uuid element")
    if not given:
        parts.add("uuid", text)
    elif uuids.UUID(given) != uuids.UUID(text):
        message = "UUID mismatch between <uuid> and <sysinfo>"
        fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, message)


def is_container(tree: etree._Element) -> bool:
    """Return whether *tree* is of a container, not of a machine."""
    return tree.findtext("os/type") == "exe"


def _check_head(parts: Parts) -> None:
    kind = parts.tree.get("type")
    name = (parts.one("name").text or "") if parts.all("name") else ""  # type: ignore[union-attr]
    if not name:
        fail(c.VIR_ERR_NO_NAME, c.VIR_FROM_DOMAIN)
    if parts.all("uuid") and not _UUID.match(parts.text("uuid")):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "malformed uuid element")
    if parts.text("genid") and not _UUID.match(parts.text("genid")):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "malformed genid element")
    if kind is None:
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "missing domain type attribute")
    if f" {kind} " not in _KINDS:
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, f"invalid domain type {kind}")
    system = parts.system
    if (system is None or not system.text) and not parts.all("bootloader"):
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, "an os <type> must be specified")
    if "/" in name:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, f"name {name} cannot contain '/'")
    if parts.text("vcpu") == "0":
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "CPU IDs in <numa> exceed the <vcpu> count")


def _sizes(parts: Parts, *, new: bool) -> None:
    for tag in _SIZES:
        for element in parts.all(tag):
            text = (element.text or "").strip()
            if not text.isdecimal():
                _no_size(text, f"./{tag}[1]")
            element.text = str(kib(text, element.get("unit", "KiB")))
            element.set("unit", "KiB")
            sort_attributes(element, ("slots", "dumpCore", "unit"))
    memory = parts.one("memory")
    total = integer(memory.text) if memory is not None else 0
    cpu = parts.one("cpu")
    cells = 0 if cpu is None else sum(_cell(cell) for cell in cpu.findall("numa/cell"))
    if cells and (new or not total):
        total = cells + sum(_module(each) for each in parts.of("memory"))
    if not total:
        fail(
            c.VIR_ERR_XML_ERROR,
            c.VIR_FROM_DOMAIN,
            "Memory size must be specified via <memory> or in the <numa> configuration",
        )
    if memory is None:
        memory = parts.add("memory", unit="KiB")
    memory.text = str(total)
    current = parts.one("currentMemory")
    if current is None:
        current = parts.add("currentMemory", unit="KiB")
    if not 0 < integer(current.text) <= total:
        current.text = str(total)


def _no_size(text: str, place: str) -> NoReturn:
    message = f"Invalid value '{text}' for element or attribute '{place}'"
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)


def _cell(cell: etree._Element) -> int:
    """Return the size of a NUMA cell in KiB."""
    text = cell.get("memory")
    if text is None:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, "missing element or attribute './@memory'")
    if not text.strip().isdecimal():
        _no_size(text, "./@memory")
    return kib(text, value(cell, "unit", "KiB"))


def _module(device: etree._Element) -> int:
    """Return the size of a memory device in KiB."""
    element = device.find("target/size")
    text = "" if element is None else (element.text or "").strip()
    return kib(text, value(element, "unit", "KiB")) if text.isdecimal() else 0
