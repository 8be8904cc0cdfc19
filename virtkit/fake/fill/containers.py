"""What LXC's driver makes of a definition, and of one that starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, child, default, put_first, value
from virtkit.fake.fill.order import arrange, sort_children

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft
    from virtkit.fake.fill.parts import Parts

EMULATOR = "/usr/lib/libvirt/libvirt_lxc"


def check(parts: Parts) -> None:
    """Raise what LXC's driver says of a document that is none of its containers."""
    system = parts.system
    if system is not None and (system.text or "").strip() != "exe":
        arch = system.get("arch", "x86_64")
        message = f"could not find capabilities for arch={arch} domaintype=lxc "
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_CAPABILITIES, message)
    if not any(console.get("type", "pty") == "pty" for console in parts.of("console")):
        message = "At least one PTY console is required"
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_LXC, message)


def define(draft: Draft) -> None:
    """Fill in what a container's document lacks."""
    if draft.devices.find("emulator") is None:
        add(draft.devices, "emulator", EMULATOR)
    for console in draft.all("console"):
        put_first(child(console, "target"), type="lxc")


def start(tree: etree._Element, given: dict[str, Any]) -> None:
    """Make of the inactive document *tree* the live one, in place; *given*: what the host lends."""
    devices = tree.find("devices")
    if devices is None:
        return
    if not any(value(each.find("target"), "dir") == "/" for each in devices.iterfind("filesystem")):
        root = add(devices, "filesystem", type="mount")
        add(root, "source", dir="/")
        add(root, "target", dir="/")
    terminals = iter(given.get("terminals", ()))
    for number, console in enumerate(devices.findall("console")):
        path = f"/dev/pts/{next(terminals, number)}"
        source = console.find("source")
        if source is None:
            source = console.makeelement("source", {})
            console.insert(0, source)
        source.set("path", path)
        if number == 0:
            put_first(console, type="pty", tty=path)
        if console.find("alias") is None:
            add(console, "alias", name=f"console{number}")
    for number, interface in enumerate(devices.findall("interface"), given.get("tap", 0)):
        default(child(interface, "target"), dev=f"vnet{number}")
        sort_children(interface)
    if tree.find("resource") is None:
        add(add(tree, "resource"), "partition", "/machine")
    arrange(tree)
