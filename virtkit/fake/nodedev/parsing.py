"""Device documents: those that describe a device that there is, and those that ask for a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.nodedev.record import CAPABILITIES, FROM, NodeDevice
from virtkit.fake.reading import parse_uuid, read, text_of

if TYPE_CHECKING:
    from lxml import etree

_NEW = "new device"
# the capabilities inside of others that count: by what contains them, their type and how it is listed
_INNER = {
    "scsi_host": {"fc_host": "fc_host", "vport_ops": "vports"},
    "pci": {"mdev_types": "mdev_types", "vpd": "vpd"},
    "css": {"mdev_types": "mdev_types"},
    "ap_matrix": {"mdev_types": "mdev_types"},
}
# what libvirt says first of one that says nothing
_EMPTY = {
    "system": "no system UUID supplied for", "pci": "no PCI domain ID supplied for",
    "usb_device": "no USB bus number supplied for", "usb": "no USB interface number supplied for",
    "net": "no network interface supplied for", "scsi_target": "no target name supplied for",
    "scsi": "no SCSI host ID supplied for", "storage": "no block device path supplied for",
}  # fmt: skip
_PORTS = ("max_vports", "vports")
_FACTS = {
    "scsi_host": {
        "host": "host", "wwnn": "capability[@type='fc_host']/wwnn",
        "wwpn": "capability[@type='fc_host']/wwpn", "fabric_wwn": "capability[@type='fc_host']/fabric_wwn",
    },
    "mdev": {"uuid": "uuid", "address": "parent_addr"},
}  # fmt: skip


class Wanted(NamedTuple):
    """A device that somebody asks for: which capability, on which parent, with which facts."""

    kind: str
    parent: str | None
    parent_wwns: tuple[str | None, str | None, str | None]  # WWNN, WWPN, fabric
    facts: dict[str, str]
    attributes: list[tuple[str, str]]


def _tree(xml: str, *, validate: bool) -> etree._Element:
    schema = "nodedev.rng" if validate else ""
    return read(xml, "node_device_definition", "device", FROM, schema)


def _types(tree: etree._Element, name: str) -> list[etree._Element]:
    found = tree.findall("capability")
    if not found:
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, f"no device capabilities for '{name}'")
    for capability in found:
        kind = capability.get("type")
        if kind is None:
            message = "Missing required attribute 'type' in element 'capability'"
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
        if kind not in CAPABILITIES:
            message = f"Invalid value for attribute 'type' in element 'capability': '{kind}'."
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
        if kind in _EMPTY and not len(capability):
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, f"{_EMPTY[kind]} '{name}'")
    return found


def existing(xml: str, *, counts_ports: bool = True) -> NodeDevice:
    """Return the device that *xml* describes, which has it all.

    Args:
        xml: the document.
        counts_ports: whether the numbers of virtual ports are read, which the test driver does not.
    """
    tree = _tree(xml, validate=False)
    name = text_of(tree, "name")
    if name is None:
        fail(c.VIR_ERR_NO_NAME, FROM)
    capabilities = _types(tree, name)
    record = NodeDevice(
        name,
        parent=text_of(tree, "parent"),
        path=text_of(tree, "path"),
        devnodes=[[node.get("type", "dev"), node.text or ""] for node in tree.findall("devnode")],
        driver=text_of(tree, "driver/name"),
        own_driver=text_of(tree, "driver/name"),
    )
    for capability in capabilities:
        _numbers(capability)
        if capability.get("type") == "scsi_host":
            _adapter(capability, counts_ports=counts_ports)
        _add(record, capability)
    return record


def _numbers(capability: etree._Element) -> None:
    """Write numbers as libvirt does."""
    for part in capability:
        number = part.get("id") if part.tag in {"product", "vendor"} else None
        if number is not None:
            part.set("id", f"0x{int(number, 0):04x}")
        elif part.tag == "class" and capability.get("type") == "pci":
            part.text = f"0x{int(part.text or '0', 0):06x}"


def _adapter(capability: etree._Element, *, counts_ports: bool) -> None:
    """Put what a SCSI adapter can do into libvirt's order."""
    inner = {each.get("type"): each for each in capability.findall("capability")}
    for kind in ("fc_host", "vport_ops"):
        if kind in inner:
            capability.append(inner[kind])
    if "vport_ops" in inner:
        ports = inner["vport_ops"]
        numbers = {tag: (text_of(ports, tag) if counts_ports else None) or "0" for tag in _PORTS}
        for each in list(ports):
            ports.remove(each)
        for tag, number in numbers.items():
            each = ports.makeelement(tag, {})
            each.text = number
            ports.append(each)


def _add(record: NodeDevice, capability: etree._Element) -> None:
    from virtkit.fake.state.printing import print_xml

    kind = capability.get("type", "")
    record.top.append(kind)
    record.caps.append(kind)
    inner = [each.get("type") for each in capability.findall("capability")]
    record.caps += [shown for name, shown in _INNER.get(kind, {}).items() if name in inner]
    found = {fact: text_of(capability, path) for fact, path in _FACTS.get(kind, {}).items()}
    record.facts.update({fact: value for fact, value in found.items() if value is not None})
    if kind == "mdev":
        of_type = capability.find("type")
        record.facts["type"] = "" if of_type is None else of_type.get("id", "")
    if kind == "pci":
        record.facts["address"] = _pci_address(capability)
    record.body += "".join(f"  {line}\n" for line in print_xml(capability).splitlines())


def _pci_address(capability: etree._Element) -> str:
    domain, bus, slot, function = (
        int(text_of(capability, part) or "0", 0) for part in ("domain", "bus", "slot", "function")
    )
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"


def wanted(xml: str, type_name: str, *, validate: bool) -> Wanted:
    """Return what *xml* asks for, of a driver that calls itself *type_name*."""
    tree = _tree(xml, validate=validate)
    parent = tree.find("parent")
    wwns = _parent_wwns(parent)
    (capability, *_) = _types(tree, _NEW)
    kind = capability.get("type", "")
    facts, attributes = {}, []
    if kind == "scsi_host":
        facts = _fibre_channel(capability, type_name)
    elif kind == "mdev":
        facts = _mediated(capability)
        attributes = [(each.get("name", ""), each.get("value", "")) for each in capability.findall("attr")]
    return Wanted(kind, text_of(tree, "parent"), wwns, facts, attributes)


def _parent_wwns(parent: etree._Element | None) -> tuple[str | None, str | None, str | None]:
    if parent is None:
        return None, None, None
    wwnn, wwpn = parent.get("wwnn") or None, parent.get("wwpn") or None
    if (wwnn is None) != (wwpn is None):
        given, missing = ("wwnn", "wwpn") if wwpn is None else ("wwpn", "wwnn")
        message = f"when providing parent {given}='{wwnn or wwpn}', the {missing} must also be provided"
        fail(c.VIR_ERR_XML_ERROR, FROM, message)
    return wwnn, wwpn, parent.get("fabric_wwn") or None


def _fibre_channel(capability: etree._Element, type_name: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    for inner in capability.findall("capability"):
        kind = inner.get("type")
        if kind is None:
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, f"missing SCSI host capability type for '{_NEW}'")
        if kind == "fc_host":
            for name in ("wwnn", "wwpn"):
                facts[name] = text_of(inner, name) or _new_wwn(name, type_name)
        elif kind != "vport_ops":
            message = f"unknown SCSI host capability type '{kind}' for '{_NEW}'"
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, message)
    return facts


def _new_wwn(name: str, type_name: str) -> str:
    if type_name != "QEMU":
        message = f"no {name.upper()} supplied for '{_NEW}', and auto-generation failed"
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, message)
    import secrets

    return f"5001a4a{secrets.randbits(36):09x}"


def _mediated(capability: etree._Element) -> dict[str, str]:
    of_type = capability.find("type")
    name = None if of_type is None else of_type.get("id") or None
    if name is None:
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, FROM, f"missing type id attribute for '{_NEW}'")
    given = text_of(capability, "uuid")
    uuid = None if given is None else parse_uuid(given)
    if given is not None and uuid is None:
        fail(c.VIR_ERR_INTERNAL_ERROR, FROM, f"Invalid uuid '{given}' for new mdev device")
    return {"type": name, **({} if uuid is None else {"uuid": uuid})}
