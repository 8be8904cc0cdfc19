"""What starting a domain adds to its document: id, aliases, and what the host gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake.fill import aliases, chardevs, containers
from virtkit.fake.fill.draft import Draft
from virtkit.fake.fill.emulator import installed
from virtkit.fake.fill.grants import port_id
from virtkit.fake.fill.hostcpu import HOST_MODEL
from virtkit.fake.fill.nodes import add, default, drop, put_first, remove, sort_attributes, value
from virtkit.fake.fill.order import arrange, sort_children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_TAPS = {"network", "bridge", "ethernet"}
_LISTEN = "127.0.0.1"
_FORBID = {"custom", "host-model"}


def fill(tree: etree._Element, personality: str, number: int, given: dict[str, Any] | None = None) -> None:
    """Make of the inactive document *tree* the live one, in place.

    Args:
        tree: the inactive document.
        personality: the driver's name.
        number: the domain's id.
        given: what :func:`virtkit.fake.fill.grants.give` lent to the guest.
    """
    tree.set("id", str(number))
    if personality != "qemu":
        return
    if tree.get("type") == "lxc":
        containers.start(tree, given or {})
        return
    arch = value(tree.find("os/type"), "arch", "x86_64")
    draft = Draft(tree, installed(arch))
    if tree.find("resource") is None:
        add(add(tree, "resource"), "partition", "/machine")
    _cpu(draft)
    _disks(draft)
    _interfaces(draft, (given or {}).get("tap", 0))
    _plugs(draft, number, (given or {}).get("networks", {}))
    aliases.assign(draft)
    _characters(draft, iter((given or {}).get("terminals", ())), number)
    chardevs.mirror_console(draft)
    _tty(draft)
    _displays(draft, iter((given or {}).get("ports", ())))
    _label(tree)
    arrange(tree)


def _cpu(draft: Draft) -> None:
    """Say what CPU the guest got."""
    cpu = draft.tree.find("cpu")
    if cpu is None or not draft.x86 or cpu.get("mode", "custom") not in _FORBID:
        return
    if cpu.get("mode") == "host-model":
        expand_host_model(cpu)
    model = cpu.find("model")
    if model is None:
        return
    cpu.set("check", "full")
    model.set("fallback", "forbid")
    given = {each.get("name") for each in cpu.iterfind("feature")}
    extra = ("hypervisor", "lahf_lm") if model.text in {"qemu64", "qemu32"} else ("hypervisor",)
    for name in extra:
        if name not in given:
            add(cpu, "feature", policy="require", name=name)


def expand_host_model(cpu: etree._Element) -> None:
    """Name the host's CPU model instead of referring to it."""
    put_first(cpu, mode="custom", match="exact")
    cpu.set("mode", "custom")
    remove(cpu.find("model"))
    remove(cpu.find("vendor"))
    model = cpu.makeelement("model", {"fallback": "forbid"})
    model.text = HOST_MODEL
    vendor = cpu.makeelement("vendor", {})
    vendor.text = "Intel"
    cpu.insert(0, model)
    cpu.insert(1, vendor)
    sort_attributes(cpu, ("mode", "match", "check"))


def _disks(draft: Draft) -> None:
    """Number the images, the last disk first, and end the chains that are known."""
    disks = draft.all("disk")
    following = len(disks)
    for place, disk in enumerate(disks):
        source = disk.find("source")
        if source is None:
            driver = disk.find("driver")
            if disk.get("device") in {"cdrom", "floppy"}:
                drop(driver, "type")
            continue
        default(source, index=str(len(disks) - place))
        if disk.get("type") == "vhostuser":
            continue
        chain = disk
        backing = disk.find("backingStore")
        while backing is not None and backing.get("type"):
            following += 1
            default(backing, index=str(following))
            chain, backing = backing, backing.find("backingStore")
        if backing is None:
            add(chain, "backingStore")
            sort_children(disk)


def _interfaces(draft: Draft, number: int) -> None:
    for interface in draft.all("interface"):
        if interface.get("type") not in _TAPS:
            continue
        target = interface.find("target")
        if target is None:
            target = add(interface, "target")
            sort_children(interface)
        if target.get("dev") is None:
            target.set("dev", f"vnet{number}")
        number += 1


def _plugs(draft: Draft, number: int, networks: dict[str, dict[str, str]]) -> None:
    """Say where interfaces on networks are plugged in."""
    for interface in draft.all("interface"):
        source = interface.find("source")
        name = None if source is None else source.get("network")
        if source is None or name is None or interface.get("type") != "network":
            continue
        mac = value(interface.find("mac"), "address")
        plug = dict(networks.get(name, {}))
        interface.set("type", plug.pop("type", "network"))
        source.set("portid", port_id(draft.tree.findtext("uuid") or "", number, mac))
        for key, text in plug.items():
            source.set(key, text)


def _characters(draft: Draft, terminals: Iterator[int], number: int) -> None:
    serials = draft.all("serial")
    for device in draft.in_order("serial parallel channel console"):
        target = device.find("target")
        if device.tag == "console" and serials and value(target, "type", "serial") == "serial":
            continue
        if device.get("type") == "pty":
            _source(device).set("path", f"/dev/pts/{next(terminals, 0)}")
        elif device.get("type") == "tcp":
            default(_source(device), tls="no")
        if device.tag == "channel" and value(target, "type") == "virtio":
            _channel(draft, device, number)


def _source(device: etree._Element) -> etree._Element:
    source = device.find("source")
    if source is None:
        source = device.makeelement("source", {})
        device.insert(0, source)
    return source


def _channel(draft: Draft, device: etree._Element, number: int) -> None:
    target = device.find("target")
    if target is None:
        return
    if device.get("type") == "unix" and device.find("source") is None:
        folder = f"{draft.emulator.channels}/domain-{number}-{(draft.tree.findtext('name') or '')[:20]}"
        _source(device).attrib.update({"mode": "bind", "path": f"{folder}/{target.get('name', '')}"})
    default(target, state="disconnected")


def _tty(draft: Draft) -> None:
    """Say at the first console where it is, as old programs expect."""
    for console in draft.all("console"):
        path = value(console.find("source"), "path")
        if value(console.find("target"), "port") == "0" and console.get("type") == "pty" and path:
            put_first(console, type="pty", tty=path)


def _displays(draft: Draft, ports: Iterator[int]) -> None:
    for graphics in draft.all("graphics"):
        if graphics.get("type") not in {"vnc", "spice"}:
            continue
        listen = graphics.find("listen")
        kind = value(listen, "type")
        if kind not in {"address", "network"}:
            continue
        if graphics.get("autoport") == "yes":
            graphics.set("port", str(next(ports, 5900)))
        if listen is not None:
            default(listen, address=_LISTEN)
            graphics.set("listen", listen.get("address", _LISTEN))
        sort_attributes(graphics, ("type", "port", "tlsPort", "autoport", "websocket", "listen"))


def _label(tree: etree._Element) -> None:
    """Say under which user QEMU runs."""
    if any(each.get("model") in {None, "dac"} for each in tree.iterfind("seclabel")):
        return
    label = add(tree, "seclabel", type="dynamic", model="dac", relabel="yes")
    add(label, "label", "+0:+0")
    add(label, "imagelabel", "+0:+0")
