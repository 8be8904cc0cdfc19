"""Reading a document as libvirt's parser does: refused at once, or a tree whose sizes are in KiB."""

from __future__ import annotations

import re
import uuid as uuids
from typing import TYPE_CHECKING

from virtkit.errors import ParseError
from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, integer, sort_attributes, value
from virtkit.fake.fill.sizes import kib
from virtkit.tree import parse

if TYPE_CHECKING:
    from lxml import etree

_KINDS = " qemu kqemu kvm xen lxc uml openvz test vmware hyperv vbox phyp parallels vz bhyve hvf "
_UUID = re.compile(r"\A[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\Z")
_SIZES = ("memory", "currentMemory", "maxMemory")


def read(xml: str, *, new: bool = True) -> etree._Element:
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
    _sizes(tree, new=new)
    _uuid_of_sysinfo(tree)
    for tag in ("uuid", "genid"):
        given = tree.find(tag)
        if given is not None and (given.text or "").strip():
            given.text = str(uuids.UUID((given.text or "").strip()))
    return tree


def _uuid_of_sysinfo(tree: etree._Element) -> None:
    """The UUID may stand among what the firmware tells only."""
    entry = tree.find("sysinfo/system/entry[@name='uuid']")
    if entry is None or tree.find("sysinfo").get("type") != "smbios":  # type: ignore[union-attr]
        return
    text, given = (entry.text or "").strip(), tree.findtext("uuid")
    if not _UUID.match(text):
        fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, "malformed <sysinfo> uuid element")
    if given is None:
        add(tree, "uuid", text)
    elif uuids.UUID(given.strip()) != uuids.UUID(text):
        message = "UUID mismatch between <uuid> and <sysinfo>"
        fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, message)


def is_container(tree: etree._Element) -> bool:
    """Return whether *tree* is of a container, not of a machine."""
    return tree.findtext("os/type") == "exe"


def _reason(error: ParseError) -> str:
    cause = error.__cause__
    return str(getattr(cause, "msg", None) or "Document is empty").split(", line")[0]


def _check_head(tree: etree._Element) -> None:
    kind = tree.get("type")
    name = tree.findtext("name")
    if not name:
        fail(c.VIR_ERR_NO_NAME, c.VIR_FROM_DOMAIN)
    given = tree.findtext("uuid")
    if given is not None and not _UUID.match(given.strip()):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "malformed uuid element")
    if kind is None:
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "missing domain type attribute")
    if f" {kind} " not in _KINDS:
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, f"invalid domain type {kind}")
    if not tree.findtext("os/type") and tree.find("bootloader") is None:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, "an os <type> must be specified")
    if "/" in name:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, f"name {name} cannot contain '/'")
    if tree.findtext("vcpu", "1").strip() == "0":
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "CPU IDs in <numa> exceed the <vcpu> count")


def _sizes(tree: etree._Element, *, new: bool) -> None:
    for tag in _SIZES:
        for element in tree.findall(tag):
            text = (element.text or "").strip()
            if not text.isdigit():
                fail(
                    c.VIR_ERR_XML_ERROR,
                    c.VIR_FROM_XML,
                    f"Invalid value '{text}' for element or attribute './{tag}[1]'",
                )
            element.text = str(kib(text, element.get("unit", "KiB")))
            element.set("unit", "KiB")
            sort_attributes(element, ("slots", "dumpCore", "unit"))
    memory = tree.find("memory")
    total = integer(memory.text) if memory is not None else 0
    if new or not total:
        cells = tree.findall("cpu/numa/cell")
        sizes = sum(kib(value(cell, "memory", "0"), value(cell, "unit", "KiB")) for cell in cells)
        if sizes:
            total = sizes + sum(_module(each) for each in tree.iterfind("devices/memory/target/size"))
    if not total:
        fail(
            c.VIR_ERR_XML_ERROR,
            c.VIR_FROM_DOMAIN,
            "Memory size must be specified via <memory> or in the <numa> configuration",
        )
    if memory is None:
        memory = add(tree, "memory", unit="KiB")
    memory.text = str(total)
    current = tree.find("currentMemory")
    if current is None:
        current = add(tree, "currentMemory", unit="KiB")
    if not 0 < integer(current.text) <= total:
        current.text = str(total)


def _module(element: etree._Element) -> int:
    """Return the size of a memory device in KiB."""
    text = (element.text or "").strip()
    return kib(text, element.get("unit", "KiB")) if text.isdigit() else 0
