"""What XMLDesc's flags make of a document: without secrets, for migration, with the CPU spelt out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill import graphics
from virtkit.fake.fill.controllers import arrange as arrange_controllers
from virtkit.fake.fill.draft import Draft
from virtkit.fake.fill.emulator import installed
from virtkit.fake.fill.live import expand_host_model
from virtkit.fake.fill.nodes import add, drop, integer, remove, value
from virtkit.fake.fill.order import arrange

if TYPE_CHECKING:
    from lxml import etree

_GUESSED = {"spapr-vio-serial", "system-serial"}


def hide_passwords(tree: etree._Element) -> None:
    """Remove what only VIR_DOMAIN_XML_SECURE shows, in place."""
    for element in tree.iterfind("devices/graphics"):
        element.attrib.pop("passwd", None)


def update_cpu(tree: etree._Element) -> None:
    """Name the CPU model that the host's stands for, in place."""
    cpu = tree.find("cpu")
    if cpu is not None and cpu.get("mode") == "host-model":
        expand_host_model(cpu)


def as_inactive(tree: etree._Element) -> None:
    """Leave out of a live document what only a running guest has, as a transient one is shown, in place."""
    tree.attrib.pop("id", None)
    for target in tree.iterfind("devices/interface/target"):
        if target.get("dev", "").startswith("vnet"):
            drop(target, "dev")
            if not target.attrib:
                remove(target)
    for graphics_ in tree.iterfind("devices/graphics"):
        if graphics_.get("autoport") == "yes":
            graphics_.set("port", "-1")
    for device in tree.iterfind("devices/*"):
        if device.get("type") == "pty":
            device.attrib.pop("tty", None)
            remove(device.find("source"))
        if device.tag == "channel":
            drop(device.find("target"), "state")
    for label in tree.findall("seclabel"):
        if label.get("type") == "dynamic":
            remove(label)


def migratable(tree: etree._Element, *, active: bool) -> None:
    """Leave out what older libvirts would not understand, as it is sent in a migration, in place."""
    draft = Draft(tree, installed(value(tree.find("os/type"), "arch", "x86_64")))
    _nameless(tree)
    reread(draft)
    _controllers(draft)
    for panic in draft.all("panic"):
        if panic.get("model") in {"s390", "pseries"}:
            remove(panic)
    for keyboard in draft.all("input"):
        if keyboard.get("type") == "keyboard" and keyboard.get("bus") == "ps2":
            remove(keyboard)
    for serial in draft.all("serial"):
        if value(serial.find("target"), "type") in _GUESSED:
            drop(serial.find("target"), "type")
            remove(serial.find("target/model"))
    for display in draft.all("graphics"):
        listen = display.find("listen")
        if display.get("type") == "spice" and value(listen, "type") == "none":
            remove(listen)
            display.set("autoport", "no")
    _audio(draft)
    if active:
        _running(draft)
    arrange(tree)


def _nameless(tree: etree._Element) -> None:
    """Take away what a start gave: a transient domain's document has it still."""
    for alias in tree.findall("devices/*/alias"):
        if not alias.get("name", "").startswith("ua-"):
            remove(alias)
    for source in tree.iterfind("devices/disk//source[@index]"):
        drop(source, "index")


def _running(draft: Draft) -> None:
    cpu = draft.tree.find("cpu")
    if cpu is not None and draft.x86 and cpu.find("model") is not None:
        cpu.find("model").set("fallback", "forbid")  # type: ignore[union-attr]
    if draft.tree.find("resource") is None:
        add(add(draft.tree, "resource"), "partition", "/machine")
    for disk in draft.all("disk"):
        raw = value(disk.find("driver"), "type") == "raw"
        if raw and disk.find("source") is not None and disk.find("backingStore") is None:
            add(disk, "backingStore")


def reread(draft: Draft) -> None:
    """Do what reading an own document again does: controllers in order, consoles numbered."""
    arrange_controllers(draft)
    for number, console in enumerate(draft.all("console")):
        target = console.find("target")
        if target is not None:
            target.set("port", str(number))


def _controllers(draft: Draft) -> None:
    """The one USB controller and the PCI root that there always was need no mention."""
    usb, pci = draft.controllers("usb"), draft.controllers("pci")
    if len(usb) == 1 and draft.i440fx and not integer(usb[0].get("index")) and _plain(usb[0]):
        remove(usb[0])
    if (
        len(pci) == 1
        and pci[0].get("model") == "pci-root"
        and pci[0].find("pcihole64") is None
        and _own(pci[0])
    ):
        remove(pci[0])


def _plain(controller: etree._Element) -> bool:
    return controller.get("model", "") in {"", "piix3-uhci"} and _own(controller)


def _own(controller: etree._Element) -> bool:
    return not value(controller.find("alias"), "name").startswith("ua-")


def _audio(draft: Draft) -> None:
    """The sound backend that libvirt added by itself is none of the user's."""
    backends = draft.all("audio")
    if len(backends) != 1 or len(backends[0]):
        return
    given = dict(backends[0].attrib)
    remove(backends[0])
    graphics.add_audio(draft)
    added = draft.devices.find("audio")
    if added is None or dict(added.attrib) != given:
        draft.devices.append(backends[0])
    remove(added)
