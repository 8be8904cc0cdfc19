"""A pool's document: what libvirt reads of it, and how it prints it.

A definition is plain data: ``type``, ``name``, ``uuid``, ``cow``, ``source``, ``target``, ``refresh`` and
``options``, each as it is in the document, defaults filled in.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.network.values import choice, number
from virtkit.fake.reading import parse_uuid, read, text_of
from virtkit.fake.storage.kinds import KINDS, Kind
from virtkit.fake.storage.values import (
    FROM,
    attribute,
    clean_path,
    permissions,
    print_permissions,
    print_secret,
    secret,
    unsupported,
    wrong,
)
from virtkit.fake.storage.writing import Lines

if TYPE_CHECKING:
    from lxml import etree

_NAMESPACE = "http://libvirt.org/schemas/storagepool/{}/1.0"
_WWN = re.compile(r"(0x)?[0-9a-fA-F]{16}\Z")
_FC_HOST = ("parent", "parent_wwnn", "parent_wwpn", "parent_fabric_wwn", "managed", "wwnn", "wwpn")
TITLE = "storage_pool_definition"
_PCI = (("domain", 4), ("bus", 2), ("slot", 2))


def parse_pool(xml: str, *, validate: bool = False) -> dict[str, Any]:
    """Return the definition that *xml* makes.

    Raises:
        libvirtError: it is faulty.
    """
    tree = read(xml, TITLE, "pool", FROM, "storagepool.rng" if validate else "")
    return pool_of(tree)


def pool_of(tree: etree._Element) -> dict[str, Any]:
    """Return the definition that the element *tree* makes."""
    if tree.get("type") is None:
        message = "Missing required attribute 'type' in element 'pool'"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
    kind = KINDS[choice(tree, "type", tuple(KINDS)) or ""]
    given = tree.find("source")
    source = {"format": kind.default_format or None} if given is None else parse_source(given, kind)
    name = text_of(tree, "name") or (source.get("name") if "name" in kind.source else None)
    if name is None:
        wrong("missing pool source name element")
    if "/" in name:
        wrong(f"name {name} cannot contain '/'")
    definition = {
        "type": kind.name,
        "name": name,
        "uuid": _uuid(tree),
        "cow": _cow(tree, kind),
        "source": source,
        "target": None,
        "refresh": None,
        "options": None,
    }
    _require(kind, source, name)
    definition["target"] = _target(tree, kind, source)
    if kind.name == "iscsi-direct" and not source.get("iqn"):
        unsupported("missing initiator IQN")
    allocation = attribute(tree, "refresh/volume", "allocation")
    if allocation is not None and allocation not in {"default", "capacity"}:
        unsupported(f"unknown storage pool volume refresh allocation type {allocation}")
    definition["refresh"] = allocation
    definition["options"] = _options(tree, kind)
    return definition


def _uuid(tree: etree._Element) -> str:
    given = text_of(tree, "uuid")
    found = str(uuid.uuid4()) if given is None else parse_uuid(given)
    if found is None:
        wrong("malformed uuid element")
    return found


def _cow(tree: etree._Element, kind: Kind) -> str | None:
    state = choice(tree.find("features/cow"), "state", ("yes", "no"))
    if state is not None and kind.name not in {"fs", "dir"}:
        message = "cow feature may only be used for 'fs' and 'dir' pools"
        fail(c.VIR_ERR_NO_SUPPORT, FROM, message)
    return state


def parse_source(given: etree._Element, kind: Kind) -> dict[str, Any]:
    """Return what a ``source`` element says."""
    name = text_of(given, "name")
    if kind.name == "rbd" and name is None:
        wrong("element 'name' is mandatory for RBD pool")
    style = attribute(given, "format", "type") or kind.default_format or None
    if kind.formats and style not in kind.formats:
        unsupported(f"unknown pool format type {style}")
    source: dict[str, Any] = {"name": name, "format": style if kind.formats else None}
    source["hosts"] = [_host(each) for each in given.findall("host")]
    source["iqn"] = attribute(given, "initiator/iqn", "name")
    source["devices"] = [_device(each) for each in given.findall("device")]
    folder = attribute(given, "dir", "path") or ("/" if kind.name == "gluster" else None)
    source["dir"] = None if folder is None else clean_path(folder)
    adapter, auth = given.find("adapter"), given.find("auth")
    source["adapter"] = None if adapter is None else _adapter(adapter)
    source["auth"] = None if auth is None else _auth(auth)
    source["protocol"] = _protocol(given, style)
    source["vendor"] = attribute(given, "vendor", "name")
    source["product"] = attribute(given, "product", "name")
    return source


def _host(element: etree._Element) -> dict[str, Any]:
    name, text = element.get("name"), element.get("port")
    if name is None:
        wrong("missing storage pool host name")
    port = 0 if text is None else number(text, most=(1 << 31) - 1)
    if port is None:
        message = f"Invalid value for attribute 'port' in element 'host': '{text}'. Expected integer value"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
    return {"name": name, "port": port}


def _device(element: etree._Element) -> dict[str, Any]:
    path = element.get("path")
    if path is None:
        wrong("missing storage pool source device path")
    return {"path": path, "part_separator": choice(element, "part_separator", ("yes", "no"))}


def _adapter(element: etree._Element) -> dict[str, Any]:
    kind = choice(element, "type", ("scsi_host", "fc_host"))
    if kind is None:
        if any(element.get(name) is not None for name in ("wwnn", "wwpn", "parent")):
            wrong("Use of 'wwnn', 'wwpn', and 'parent' attributes requires use of the adapter 'type'")
        if element.find("parentaddr") is not None:
            wrong("Use of 'parentaddr' element requires use of the adapter 'type'")
        name = element.get("name")
        return {"type": "scsi_host" if name is not None else None, "name": name}
    if kind == "fc_host":
        choice(element, "managed", ("yes", "no"))
        return {"type": kind, **{name: element.get(name) for name in _FC_HOST}}
    return {"type": kind, "name": element.get("name"), "parent": _parent_address(element)}


def _parent_address(adapter: etree._Element) -> dict[str, Any] | None:
    parent = adapter.find("parentaddr")
    if parent is None:
        return None
    address = parent.find("address")
    if address is None:
        wrong("Missing scsi_host PCI address element")
    unique = number(parent.get("unique_id") or "", most=(1 << 31) - 1)
    if unique is None:
        wrong("Missing or invalid scsi adapter 'unique_id' value")
    parts = {
        name: number(address.get(name) or "0", base=0) or 0 for name in ("domain", "bus", "slot", "function")
    }
    return {"unique_id": unique, **parts}


def _auth(element: etree._Element) -> dict[str, Any]:
    if not element.get("username"):
        wrong("missing username for auth")
    kind = element.get("type") or None
    if kind not in {None, "none", "chap", "ceph"}:
        unsupported(f"unknown auth type '{kind}'")
    given = element.find("secret")
    if given is None:
        wrong("Missing <secret> element in auth")
    found = {"type": kind, "username": element.get("username"), "secret": secret(given)}
    if kind in {None, "none"}:
        unsupported("storage pool missing auth type")
    return found


def _protocol(given: etree._Element, style: str | None) -> str | None:
    version = attribute(given, "protocol", "ver")
    if version is None:
        return None
    if style not in {"nfs", "auto"}:
        unsupported(f"storage pool protocol ver unsupported for pool type '{style}'")
    if "," in version:
        message = f"storage pool protocol ver '{version}' must not contain ','"
        fail(c.VIR_ERR_XML_DETAIL, FROM, message)
    return version


def _require(kind: Kind, source: dict[str, Any], name: str) -> None:
    """Refuse a source without what the type needs; name it after the pool where that is enough."""
    if "host" in kind.source and not source.get("hosts"):
        wrong("missing storage pool source host name")
    if "dir" in kind.source and not source.get("dir"):
        wrong("missing storage pool source path")
    if "name" in kind.source and source.get("name") is None:
        source["name"] = name
    if "adapter" in kind.source:
        _check_adapter(source.get("adapter") or {"type": None})
    if kind.source == {"device"} and not source.get("devices"):
        wrong("missing storage pool source device name")


def _check_adapter(adapter: dict[str, Any]) -> None:
    if adapter["type"] is None:
        wrong("missing storage pool source adapter")
    if adapter["type"] == "scsi_host":
        if not adapter["name"] and not adapter.get("parent"):
            wrong("Either 'name' or 'parent' must be specified for the 'scsi_host' adapter")
        if adapter["name"] and adapter.get("parent"):
            wrong("Both 'name' and 'parent' cannot be specified for the 'scsi_host' adapter")
        return
    if adapter["wwnn"] is None or adapter["wwpn"] is None:
        wrong("'wwnn' and 'wwpn' must be specified for adapter type 'fchost'")
    _check_wwn(adapter["wwnn"])
    _check_wwn(adapter["wwpn"])
    node, port = adapter["parent_wwnn"], adapter["parent_wwpn"]
    if node is not None and port is None:
        wrong(f"when providing parent_wwnn='{node}', the parent_wwpn must also be provided")
    if node is None and port is not None:
        wrong(f"when providing parent_wwpn='{port}', the parent_wwnn must also be provided")
    for given in (node, port, adapter["parent_fabric_wwn"]):
        if given is not None:
            _check_wwn(given)


def _check_wwn(text: str) -> None:
    if not _WWN.match(text):
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, f"Malformed wwn: {text}")


def _target(tree: etree._Element, kind: Kind, source: dict[str, Any]) -> dict[str, Any] | None:
    if "network" in kind.source:
        return None
    fixed = {"logical": "/dev/{}", "zfs": "/dev/zvol/{}"}.get(kind.name)
    path = fixed.format(source["name"]) if fixed else text_of(tree, "target/path")
    if path is None:
        wrong("missing storage pool target path")
    return {"path": clean_path(path), "permissions": permissions(tree, "target/permissions")}


def _options(tree: etree._Element, kind: Kind) -> list[list[str | None]] | None:
    if kind.options is None:
        return None
    prefix, tag = kind.options
    space = _NAMESPACE.format(prefix)
    found: list[list[str | None]] = []
    for element in tree.iterfind(f"{{{space}}}{tag}/{{{space}}}option"):
        name, value = element.get("name"), element.get("value")
        if name is None:
            wrong("no fs mount option name specified" if prefix == "fs" else "no rbd option name specified")
        if prefix == "rbd" and not name:
            wrong("empty rbd option name specified")
        if prefix == "rbd" and not value:
            wrong(f"{'no' if value is None else 'empty'} rbd option value specified for name '{name}'")
        found.append([name, value if prefix == "rbd" else None])
    return found or None


def print_pool(definition: dict[str, Any], sizes: tuple[int, int, int]) -> str:
    """Return the document of *definition* with capacity, allocation and available bytes."""
    kind, lines = KINDS[definition["type"]], Lines()
    spaces = {}
    if definition["options"] and kind.options:
        spaces = {f"xmlns__{kind.options[0]}": _NAMESPACE.format(kind.options[0])}
    with lines.inside("pool", type=kind.name, **spaces):
        lines.leaf("name", definition["name"])
        lines.leaf("uuid", definition["uuid"])
        for tag, size in zip(("capacity", "allocation", "available"), sizes, strict=True):
            lines.leaf(tag, size, unit="bytes")
        if definition["cow"]:
            with lines.inside("features"):
                lines.empty("cow", state=definition["cow"])
        with lines.inside("source"):
            _print_source(lines, kind, definition["source"])
        if kind.has_target:
            with lines.inside("target"):
                lines.leaf("path", definition["target"]["path"])
                print_permissions(lines, definition["target"]["permissions"])
        if definition["refresh"]:
            with lines.inside("refresh"):
                lines.empty("volume", allocation=definition["refresh"])
        if definition["options"] and kind.options:
            prefix, tag = kind.options
            with lines.inside(f"{prefix}:{tag}"):
                for name, value in definition["options"]:
                    lines.empty(f"{prefix}:option", name=name, value=value)
    return lines.text()


def _print_source(lines: Lines, kind: Kind, source: dict[str, Any]) -> None:
    if "host" in kind.source:
        for host in source.get("hosts", ()):
            lines.empty("host", name=host["name"], port=host["port"] or None)
    if "device" in kind.source:
        for device in source.get("devices", ()):
            lines.empty("device", **device)
    if "dir" in kind.source:
        lines.empty("dir", path=source["dir"])
    if "adapter" in kind.source:
        _print_adapter(lines, source["adapter"])
    if "name" in kind.source:
        lines.leaf("name", source["name"])
    if "iqn" in kind.source and source.get("iqn"):
        with lines.inside("initiator"):
            lines.empty("iqn", name=source["iqn"])
    if kind.formats:
        lines.empty("format", type=source["format"])
    _print_rest(lines, source)


def _print_rest(lines: Lines, source: dict[str, Any]) -> None:
    auth = source.get("auth")
    if auth:
        with lines.inside("auth", type=auth["type"], username=auth["username"]):
            print_secret(lines, auth["secret"])
    for tag, name in (("protocol", "ver"), ("vendor", "name"), ("product", "name")):
        if source.get(tag):
            lines.empty(tag, **{name: source[tag]})


def _print_adapter(lines: Lines, adapter: dict[str, Any]) -> None:
    parent = adapter.get("parent")
    if adapter["type"] == "scsi_host" and parent:
        with (
            lines.inside("adapter", type="scsi_host"),
            lines.inside("parentaddr", unique_id=parent["unique_id"]),
        ):
            address = {name: f"0x{parent[name]:0{width}x}" for name, width in _PCI}
            lines.empty("address", **address, function=f"0x{parent['function']:x}")
    elif adapter["type"] == "scsi_host":
        lines.empty("adapter", type="scsi_host", name=adapter["name"])
    else:
        lines.empty("adapter", **{name: adapter[name] for name in ("type", *_FC_HOST)})


def filled_pool(xml: str) -> str:
    """Return what libvirt's storage driver makes of the pool *xml* on definition."""
    return print_pool(parse_pool(xml), (0, 0, 0))
