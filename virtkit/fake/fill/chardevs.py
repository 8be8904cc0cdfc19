"""Serial ports, consoles, channels: targets, ports, and the console that is the first serial port."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, child, default, drop, integer, put_first, remove, value
from virtkit.tree import equal

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_ISA_PORTS = 4
_MODELS = {
    "isa-serial": "isa-serial", "usb-serial": "usb-serial", "pci-serial": "pci-serial",
    "spapr-vio-serial": "spapr-vty", "sclp-serial": "sclpconsole", "isa-debug": "isa-debugcon",
}  # fmt: skip
# the first serial port of these types is the first console too
_CONSOLES = {"", "isa-serial", "spapr-vio-serial", "system-serial", "sclp-serial"}
KINDS = "serial parallel console channel"


def parse(draft: Draft) -> None:
    """Give each what libvirt's parser gives it."""
    for device in draft.in_order(KINDS):
        put_first(device, type="pty")
        drop(device, "tty")
        _source(device)
        if device.tag != "channel":
            child(device, "target")
    for device in draft.in_order("smartcard redirdev"):
        _source(device)
    for backend in draft.devices.iterfind("rng/backend"):
        _source(backend)
    for number, console in enumerate(draft.all("console")):
        child(console, "target").set("port", str(number))
    for number, parallel in enumerate(draft.all("parallel")):
        before = [integer(value(each.find("target"), "port")) for each in draft.all("parallel")[:number]]
        default(child(parallel, "target"), port=str(max(before, default=-1) + 1))


def _source(device: etree._Element) -> None:
    source = device.find("source")
    kind = device.get("type")
    if kind != "tcp":
        remove(device.find("protocol"))
    else:
        default(child(device, "protocol"), type="raw")
        if source is not None:
            put_first(source, mode="connect", host="127.0.0.1")
    if kind == "dbus" and device.tag == "redirdev":
        default(child(device, "source"), channel="org.qemu.usbredir")
    if source is None:
        return
    if kind == "udp":
        for each in device.findall("source"):
            put_first(each, mode="connect")
    elif kind == "unix":
        if source.get("path"):
            put_first(source, mode="connect")
        elif not len(source):
            remove(source)
    elif kind == "pty":
        drop(source, "path")
        if not len(source) and not source.attrib:
            remove(source)


def default_type(draft: Draft, serial: etree._Element) -> None:
    """Choose what kind of serial port it is on this machine, and its model."""
    target = child(serial, "target")
    kind = target.get("type", "")
    if kind in {"", "isa-serial"}:
        kind = ""
        if draft.x86:
            kind = "isa-serial"
        elif draft.pseries:
            kind = "spapr-vio-serial"
        elif draft.arm_virt or draft.riscv_virt:
            kind = "system-serial"
        elif draft.s390:
            kind = "sclp-serial"
    if not kind:
        drop(target, "type")
        return
    drop(target, "type")
    put_first(target, type=kind)
    model = _MODELS.get(kind, "")
    if kind == "system-serial":
        model = "pl011" if draft.arm_virt else "16550a" if draft.riscv_virt else ""
    if model and not value(target.find("model"), "name"):
        child(target, "model").set("name", model)


def number_isa(draft: Draft) -> None:
    """Number the ISA serial ports that have no number; two have not the same."""
    ports = [
        child(each, "target")
        for each in draft.all("serial")
        if value(each.find("target"), "type") == "isa-serial"
    ]
    taken: set[int] = set()
    for target in ports:
        port = target.get("port")
        if len(ports) > _ISA_PORTS or integer(port) >= _ISA_PORTS:
            message = f"Maximum supported number of ISA serial ports is '{_ISA_PORTS}'"
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, message)
        if port is not None:
            if integer(port) in taken:
                message = f"target port '{integer(port)}' already allocated"
                fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, message)
            taken.add(integer(port))
    for target in ports:
        if target.get("port") is None:
            free = next(number for number in range(_ISA_PORTS) if number not in taken)
            taken.add(free)
            target.set("port", str(free))


def number_others(draft: Draft) -> None:
    """Number the serial ports that still have no number."""
    highest = -1
    serials = draft.all("serial")
    for serial in serials:
        highest = max(highest, integer(value(serial.find("target"), "port"), -1))
    for serial in serials:
        target = child(serial, "target")
        if target.get("port") is None:
            highest += 1
            target.set("port", str(highest))
    for console in draft.all("console"):
        put_first(child(console, "target"), type="serial")


def pair_console(draft: Draft, *, container: bool) -> bool:
    """Make the first console the first serial port, and the other way round.

    Returns:
        Whether a serial port was added.
    """
    consoles, serials = draft.all("console"), draft.all("serial")
    for console in consoles[1:]:
        if value(console.find("target"), "type") == "serial" and not container:
            message = "Only the first console can be a serial port"
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, message)
    if container:
        return False
    added = False
    if consoles and value(consoles[0].find("target"), "type", "serial") == "serial":
        if not serials:
            serial = _renamed(consoles[0], "serial")
            drop(child(serial, "target"), "type")
            draft.devices.append(serial)
            child(serial, "target").set("port", "0")
            added = True
    elif serials and value(serials[0].find("target"), "type") in _CONSOLES:
        console = add(draft.devices, "console")
        if consoles:
            consoles[0].addprevious(console)
    return added


def mirror_console(draft: Draft) -> None:
    """Show as the first console what the first serial port is."""
    console, serial = draft.devices.find("console"), draft.devices.find("serial")
    if console is None or serial is None:
        return
    if value(console.find("target"), "type", "serial") != "serial":
        return
    copy = _renamed(serial, "console")
    target = copy.find("target")
    port = value(target, "port", "0")
    remove(target)
    new = copy.makeelement("target", {"type": "serial", "port": port})
    before = [number for number, each in enumerate(copy) if each.tag in {"source", "protocol", "log"}]
    copy.insert(max(before, default=-1) + 1, new)
    if not equal(copy, console):
        console.addprevious(copy)
        remove(console)


def _renamed(device: etree._Element, tag: str) -> etree._Element:
    copy = deepcopy(device)
    copy.tag = tag
    copy.tail = None
    return copy


def drop_generated(draft: Draft) -> None:
    """Forget the sockets that an earlier start made up for channels."""
    folder = re.escape(draft.emulator.channels)
    for channel in draft.all("channel"):
        target, source = channel.find("target"), channel.find("source")
        if value(target, "type") != "virtio":
            continue
        drop(target, "state")
        name, path = value(target, "name"), value(source, "path")
        # the expression is libvirt's own: its alternatives are wider than they look
        generated = re.search(rf"^{folder}/([^/]+\.)|(domain-[^/]+/){re.escape(name)}$", path)
        if source is not None and channel.get("type") == "unix" and name and generated:
            remove(source)
