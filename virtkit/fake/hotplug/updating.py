"""A device changes: its place in the definition is taken by the new one; a running one takes little."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.fill import graphics
from virtkit.fake.fill.nodes import drop, integer, value
from virtkit.fake.fill.order import sort_children
from virtkit.fake.hotplug import compatible, context, kinds, matching, media, nics
from virtkit.fake.hotplug.kinds import missing, refuse, source_path, unsupported
from virtkit.fake.hotplug.sides import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_THROTTLES = [
    "total_bytes_sec",
    "read_bytes_sec",
    "write_bytes_sec",
    "total_iops_sec",
    "read_iops_sec",
    "write_iops_sec",
    "total_bytes_sec_max",
    "read_bytes_sec_max",
    "write_bytes_sec_max",
    "total_iops_sec_max",
    "read_iops_sec_max",
    "write_iops_sec_max",
    "size_iops_sec",
]


def update(host: Host, session: Session, record: DomainRecord, xml: str, *, live: bool, config: bool) -> None:
    """Change the device that *xml* describes."""
    given = kinds.read(xml)
    change = Change(host, session, record, live=live)
    kind = kinds.kind_of(given)
    compatible.valid(record.document.tree(), given)
    if kind == "memory":
        compatible.check(record.document.tree(), given, given, live=live)
    if config and record.config is not None:
        if kind not in kinds.UPDATED:
            refuse(f"persistent update of device '{kind}' is not supported")
        _in_config(change, deepcopy(given))
    if live:
        if kind not in kinds.UPDATED:
            unsupported(f"live update of device '{kind}' is not supported")
        _LIVE[kind](change, deepcopy(given))
    change.apply()


# in the definition


def _in_config(change: Change, given: etree._Element) -> None:
    config = change.record.config
    assert config is not None  # noqa: S101
    devices = context.devices_of(config.tree())
    old = _FIND[kinds.kind_of(given)](devices, given)
    compatible.check(config.tree(), given, old, live=False)
    place, tag = context.place_of(old), str(given.tag)
    compatible.forget_alias(given)
    if tag == "interface":
        nics.keep_identity(given, old)

    def replaced(copied: etree._Element) -> None:
        copied.replace(copied.findall(tag)[place], given)

    change.config = context.refilled(config, change.host.personality.name, replaced)


def _config_disk(devices: etree._Element, given: etree._Element) -> etree._Element:
    dev = value(given.find("target"), "dev")
    old = matching.disk(devices, dev)
    if old is None:
        refuse(f"target {dev} doesn't exist.", c.VIR_ERR_INVALID_ARG)
    return old


def _config_graphics(devices: etree._Element, given: etree._Element) -> etree._Element:
    old = devices.find(f"graphics[@type='{given.get('type')}']")
    if old is None:
        message = f"cannot find existing graphics type '{given.get('type')}' device to modify"
        refuse(message, c.VIR_ERR_INVALID_ARG)
    return old


def _config_memory(devices: etree._Element, given: etree._Element) -> etree._Element:
    old = _memory_of(devices, given)
    if old is None:
        refuse("memory not found", c.VIR_ERR_INVALID_ARG)
    return old


def _memory_of(devices: etree._Element, given: etree._Element) -> etree._Element | None:
    """Return the memory device with that address or that alias."""
    address, alias = matching.address_of(given), matching.alias_of(given)
    for device in devices.iterfind("memory"):
        if address is not None and matching.address_of(device) != address:
            continue
        if alias and matching.alias_of(device) != alias:
            continue
        if address is not None or alias:
            return device
    return None


_FIND: dict[str, Callable[[etree._Element, etree._Element], etree._Element]] = {
    "disk": _config_disk,
    "graphics": _config_graphics,
    "interface": matching.interface,
    "memory": _config_memory,
}


# in the running guest


def _live_disk(change: Change, given: etree._Element) -> None:
    dev = value(given.find("target"), "dev")
    old = matching.disk(change.devices, dev)
    if old is None:
        refuse(f"disk '{dev}' not found", c.VIR_ERR_INTERNAL_ERROR)
    assert change.tree is not None  # noqa: S101
    compatible.check(change.tree, given, old, live=True)
    _same_disk(given, old)
    path = source_path(given)
    if path != source_path(old) or (path and given.get("type") != old.get("type")):
        if old.get("device") not in {"cdrom", "floppy"}:
            unsupported("disk source can be changed only in removable drives")
        media.exchange(change, old, given)
    _startup_policy(old, value(given.find("source"), "startupPolicy"))
    change.changed(old)


def _startup_policy(disk: etree._Element, policy: str) -> None:
    source = disk.find("source")
    if source is None:
        return
    index = source.attrib.pop("index", None)
    drop(source, "startupPolicy")
    if policy:
        source.set("startupPolicy", policy)
    if index is not None:
        source.set("index", index)


def _of_driver(name: str) -> Callable[[etree._Element], str]:
    return lambda disk: value(disk.find("driver"), name)


def _text(path: str) -> Callable[[etree._Element], str]:
    return lambda disk: (disk.findtext(path) or "").strip()


def _number(path: str) -> Callable[[etree._Element], str]:
    return lambda disk: str(integer(disk.findtext(path)) or "")


def _present(tag: str) -> Callable[[etree._Element], str]:
    return lambda disk: "" if disk.find(tag) is None else "yes"


def _attribute(path: str, name: str) -> Callable[[etree._Element], str]:
    return lambda disk: value(disk.find(path), name)


# what a running disk does not change, in the order in which libvirt looks: a field that is not given stays
_DISK_FIELDS: list[tuple[str, Callable[[etree._Element], str]]] = [
    ("removable", _attribute("target", "removable")),
    *((f"blkdeviotune {name}", _number(f"iotune/{name}")) for name in _THROTTLES),
    ("blkdeviotune group name", _text("iotune/group_name")),
    ("serial", _text("serial")),
    ("wwn", _text("wwn")),
    ("vendor", _text("vendor")),
    ("product", _text("product")),
    ("cache", _of_driver("cache")),
    ("error_policy", _of_driver("error_policy")),
    ("rerror_policy", _of_driver("rerror_policy")),
    ("io", _of_driver("io")),
    ("ioeventfd", _of_driver("ioeventfd")),
    ("event_idx", _of_driver("event_idx")),
    ("copy_on_read", _of_driver("copy_on_read")),
    ("transient", _present("transient")),
]
_LATER_FIELDS: list[tuple[str, Callable[[etree._Element], str]]] = [
    ("boot order", _attribute("boot", "order")),
    ("rawio", lambda disk: disk.get("rawio", "")),
    ("sgio", lambda disk: disk.get("sgio", "")),
    ("discard", _of_driver("discard")),
    ("iothread", _of_driver("iothread")),
    ("backenddomain", _attribute("backenddomain", "name")),
    ("readonly", lambda disk: "" if disk.get("device") == "cdrom" else _present("readonly")(disk)),
    ("shared", _present("shareable")),
]


def _same_disk(given: etree._Element, old: etree._Element) -> None:
    for name, same in (
        ("device", given.get("device", "disk") == old.get("device", "disk")),
        ("bus", value(given.find("target"), "bus") == value(old.find("target"), "bus")),
        ("blockio logical_block_size", _block_size(given, "logical") == _block_size(old, "logical")),
        ("blockio physical_block_size", _block_size(given, "physical") == _block_size(old, "physical")),
    ):
        if not same:
            _fixed(name)
    _fields(_DISK_FIELDS, given, old)
    address = matching.address_of(given)
    if address is not None and address != matching.address_of(old):
        _fixed("address")
    _fields(_LATER_FIELDS, given, old)


def _block_size(disk: etree._Element, kind: str) -> int:
    return integer(value(disk.find("blockio"), f"{kind}_block_size"))


def _fields(
    fields: list[tuple[str, Callable[[etree._Element], str]]], given: etree._Element, old: etree._Element
) -> None:
    for name, read in fields:
        if read(given) and read(given) != read(old):
            _fixed(name)


def _fixed(field: str) -> None:
    refuse(f"cannot modify field '{field}' of the disk")


def _live_interface(change: Change, given: etree._Element) -> None:
    assert change.tree is not None  # noqa: S101
    nics.update(change, given)


def _live_graphics(change: Change, given: etree._Element) -> None:
    kind = given.get("type", "")
    old = change.devices.find(f"graphics[@type='{kind}']")
    if old is None:
        missing(f"cannot find existing graphics device to modify of type '{kind}'")
    graphics.fill(given)
    _same_listens(kind, given, _filled(old))
    if kind not in {"vnc", "spice"}:
        return
    auto = given.get("autoport", "no")
    ports = ("port",) if kind == "vnc" else ("port", "tlsPort")
    if auto != old.get("autoport", "no") or (
        auto == "no" and any(given.get(port) != old.get(port) for port in ports)
    ):
        refuse(f"cannot change port settings on {kind} graphics")
    if given.get("keymap", "") != old.get("keymap", ""):
        refuse(f"cannot change keymap setting on {kind} graphics")
    for name in ("passwd", "passwdValidTo", "connected"):
        drop(old, name)
        if given.get(name) is not None:
            old.set(name, given.get(name, ""))
    change.changed(old)


def _filled(display: etree._Element) -> etree._Element:
    copied = deepcopy(display)
    graphics.fill(copied)
    return copied


def _same_listens(kind: str, given: etree._Element, old: etree._Element) -> None:
    mine, its = given.findall("listen"), old.findall("listen")
    if len(mine) != len(its):
        refuse(f"cannot change the number of listen addresses on '{kind}' graphics")
    for new, present in zip(mine, its, strict=True):
        if new.get("type") != present.get("type"):
            refuse(f"cannot change the type of listen address on '{kind}' graphics")
        name, what = {
            "network": ("network", "address"), "socket": ("socket", "socket"),
        }.get(new.get("type", ""), ("address", "address"))  # fmt: skip
        if new.get("type") != "none" and new.get(name) != present.get(name):
            refuse(f"cannot change listen {what} setting on '{kind}' graphics")


_MEMORY_FIELDS: list[tuple[str, Callable[[etree._Element], object]]] = [
    ("memory source nodes", _text("source/nodemask")),
    ("memory targetNode", _text("target/node")),
    ("memory size", matching.size_of),
    ("memory block size", lambda memory: matching.size_of(memory, "target/block")),
]


def _live_memory(change: Change, given: etree._Element) -> None:
    old = _memory_of(change.devices, given)
    if old is None:
        unsupported(f"memory '{matching.alias_of(given) or '(null)'}' not found")
    model = old.get("model")
    if model != "virtio-mem":
        unsupported(f"cannot modify memory of model '{model}'")
    if given.get("model") != model:
        unsupported(f"cannot modify memory model from '{model}' to '{given.get('model')}'")
    for name, read in _MEMORY_FIELDS:
        if read(given) != read(old):
            unsupported(f"cannot modify {name} from '{read(old)}' to '{read(given)}'")
    requested, present = given.find("target/requested"), old.find("target/requested")
    if requested is not None and present is not None:
        present.text = str(matching.size_of(given, "target/requested"))
        present.set("unit", "KiB")
    sort_children(old)
    change.changed(old)


_LIVE: dict[str, Callable[[Change, etree._Element], None]] = {
    "disk": _live_disk,
    "interface": _live_interface,
    "graphics": _live_graphics,
    "memory": _live_memory,
}
