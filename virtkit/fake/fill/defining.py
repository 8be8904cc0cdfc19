"""What defining a document makes of it: the common part first, then the driver's own."""

from __future__ import annotations

import secrets
import uuid as uuids
from itertools import count
from typing import TYPE_CHECKING

from virtkit.fake.fill import (
    basics,
    chardevs,
    containers,
    controllers,
    cpu,
    devices,
    disks,
    forms,
    graphics,
    interfaces,
    order,
    qemu,
)
from virtkit.fake.fill.draft import Draft
from virtkit.fake.fill.emulator import installed, path
from virtkit.fake.fill.nodes import add, child, default, value
from virtkit.fake.fill.reading import is_container

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.emulator import Emulator
    from virtkit.fake.fill.parts import Parts

_KNOWN = ("pc", "q35", "virt", "pseries", "s390-ccw-virtio", "malta", "isapc", "microvm")
_QEMU_KINDS = {"qemu", "kvm", "hvf"}


def fill(
    tree: etree._Element, personality: str, *, emulator: Emulator | None = None, new: bool = True
) -> None:
    """Add to *tree* what the driver adds, in place.

    Args:
        tree: what :func:`virtkit.fake.fill.reading.read` returned.
        personality: the driver's name.
        emulator: what QEMU can do, instead of the host's.
        new: whether what the guest sees may be chosen.
    """
    container = is_container(tree)
    by_qemu = personality == "qemu" and tree.get("type") in _QEMU_KINDS
    system = tree.find("os/type")
    if system is None and tree.findtext("bootloader"):
        system = add(child(tree, "os"), "type", "xen")
    if system is not None:
        default(system, arch="i686" if personality == "test" else "x86_64")
    arch = value(system, "arch", "x86_64")
    draft = Draft(tree, emulator or installed(arch), new=new)
    if by_qemu and draft.devices.find("emulator") is None:
        add(draft.devices, "emulator", path(arch))
    _parse(draft, container=container)
    if by_qemu:
        graphics.drop_generated(draft)
        qemu.machine(draft)
        qemu.complete_devices(draft)
    elif personality == "test":
        _test(draft)
    elif tree.get("type") == "lxc":
        containers.define(draft)
    _common(draft, container=container, by_qemu=by_qemu)
    if by_qemu:
        forms.default_labels(tree)
        qemu.assign_addresses(draft)
    forms.labels(tree)
    if personality != "qemu":
        order.drop_unknown(tree)
    _finish(draft)


def _parse(draft: Draft, *, container: bool) -> None:
    disks.arrange(draft)
    controllers.arrange(draft)
    chardevs.parse(draft)
    for interface in draft.all("interface"):
        interfaces.parse(interface)
    cpu.parse(draft.tree)
    basics.fill(draft.tree, container=container)
    for display in draft.all("graphics"):
        graphics.fill(display)


def _common(draft: Draft, *, container: bool, by_qemu: bool) -> None:
    """Do what domain_conf does for every driver."""
    chardevs.number_isa(draft)
    for disk in draft.all("disk"):
        disks.fill(disk)
    qemu.scsi_hostdevs(draft)
    disks.check_places(draft)
    devices.fill(draft)
    chardevs.drop_generated(draft)
    if not container:
        chardevs.number_others(draft)
    if chardevs.pair_console(draft, container=container) and by_qemu:
        chardevs.default_type(draft, draft.all("serial")[0])
    controllers.imply(draft)
    if by_qemu:
        for controller in draft.controllers("scsi"):
            qemu.complete_controller(draft, controller)
    devices.first_video(draft, qemu=by_qemu, otherwise="" if container else _video(draft.tree))


def _video(tree: etree._Element) -> str:
    """Return the model of a video device that does not say its own, outside QEMU."""
    kind = tree.find("os/type")
    if kind is not None and (kind.text or "").strip() in {"xen", "linux"}:
        return "xen"
    return "vga" if value(kind, "arch").startswith("ppc64") else "cirrus"


def _test(draft: Draft) -> None:
    """What the test driver adds: names for its interfaces."""
    named = {value(each.find("target"), "dev") for each in draft.all("interface")}
    for interface in draft.all("interface"):
        target = interface.find("target")
        if value(target, "dev"):
            continue
        name = next(f"testnet{number}" for number in count() if f"testnet{number}" not in named)
        named.add(name)
        if target is None:
            add(interface, "target", dev=name)
        else:
            target.set("dev", name)


def _finish(draft: Draft) -> None:
    draft.tree.attrib.pop("id", None)
    forms.tidy(draft.tree)
    chardevs.mirror_console(draft)
    cpu.finish(draft)
    order.arrange(draft.tree)
    order.tidy_addresses(draft.tree)


def says_where(parts: Parts) -> bool:
    """Return whether a document itself places devices, or bears buses, or is of an unknown machine."""
    machine = value(parts.system, "machine", "pc")
    return (
        not machine.startswith(_KNOWN)
        or any(child.tag == "address" for device in parts.devices for child in device)
        or any(each.get("type") == "pci" for each in parts.of("controller"))
    )


def places_drives(parts: Parts) -> bool:
    """Return whether a document itself places disks, or the host's SCSI devices."""
    return any(
        child.tag == "address" for tag in ("disk", "hostdev") for device in parts.of(tag) for child in device
    )


def wants_random(parts: Parts) -> bool:
    """Return whether a document lacks what is drawn at random: its UUID, or the MAC of an interface."""
    if parts.all("genid") and not parts.text("genid"):
        return True
    return not parts.all("uuid") or any(interface.find("mac") is None for interface in parts.of("interface"))


def personalise(tree: etree._Element, uuid: str) -> None:
    """Give *tree* its UUID and the MACs that it lacks, in place."""
    if tree.find("uuid") is None:
        element = add(tree, "uuid", uuid)
        tree.remove(element)
        tree.insert(1, element)
    genid = tree.find("genid")
    if genid is not None and not genid.text:
        genid.text = str(uuids.uuid4())
    for interface in tree.iterfind("devices/interface"):
        if interface.find("mac") is None:
            mac = interface.makeelement("mac", {"address": new_mac()})
            interface.insert(0, mac)


def new_mac() -> str:
    """Return a random MAC address of QEMU's range."""
    return "52:54:00:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(3))
