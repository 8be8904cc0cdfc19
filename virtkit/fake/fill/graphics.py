"""Displays: ports, addresses to listen on, and the sound backend that goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import drop, remove_if_empty, sort_attributes, value

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_ORDER = (
    "type port tlsPort autoport websocket listen socket display xauth fullscreen replaceUser multiUser p2p"
    " address keymap sharePolicy powerControl defaultMode passwd passwdValidTo connected"
)
_NEVER = {"0", "", None}
_LOGIN = "keymap passwd passwdValidTo connected"
_OWN = {  # the attributes that libvirt keeps, beside the type
    "vnc": f"port autoport websocket listen socket sharePolicy powerControl {_LOGIN}",
    "spice": f"port tlsPort autoport listen socket defaultMode {_LOGIN}",
    "rdp": "port autoport listen replaceUser multiUser",
    "sdl": "display xauth fullscreen",
    "desktop": "display fullscreen",
}


def fill(graphics: etree._Element) -> None:
    """Fill in one display."""
    kind = graphics.get("type", "")
    if kind in {"vnc", "spice", "rdp"}:
        _listens(graphics)
    if kind == "vnc":
        _vnc(graphics)
    elif kind == "spice":
        _spice(graphics)
    elif kind == "rdp":
        _rdp(graphics)
    elif kind in {"sdl", "desktop"} and graphics.get("fullscreen") == "no":
        drop(graphics, "fullscreen")
    if kind in _OWN:
        drop(graphics, *(set(map(str, graphics.attrib)) - {"type", *_OWN[kind].split()}))
    if graphics.get("passwd") is None:
        drop(graphics, "passwdValidTo", "connected")
    sort_attributes(graphics, _ORDER.split())


def _listens(graphics: etree._Element) -> None:
    """Say where to listen both ways: as an attribute and as elements."""
    socket = graphics.get("socket") if graphics.get("type") == "vnc" else None
    listen = graphics.find("listen")
    if listen is None:
        listen = graphics.makeelement("listen", {"type": "socket" if socket else "address"})
        graphics.insert(0, listen)
    elif socket and listen.get("type") in {"address", "network"}:
        listen.attrib.clear()
        listen.set("type", "socket")
    if socket:
        drop(graphics, "socket")
        listen.set("socket", socket)
    if listen.get("type") == "address" and graphics.get("listen") and not listen.get("address"):
        listen.set("address", graphics.get("listen", ""))
    for each in graphics.iterfind("listen"):
        if each.get("type") == "network" or not each.get("address"):
            drop(each, "address")
    drop(graphics, "listen")
    if listen.get("type") == "address" and listen.get("address"):
        graphics.set("listen", listen.get("address", ""))


def _vnc(graphics: etree._Element) -> None:
    auto = graphics.get("port") in {None, "-1"}
    if graphics.get("autoport") in {"yes", "no"}:
        auto = graphics.get("autoport") == "yes"
    kind = value(graphics.find("listen"), "type")
    if kind not in {"address", "network"}:
        drop(graphics, "port", "autoport", "websocket")
        return
    if auto:
        graphics.set("port", "-1")
    elif graphics.get("port") in {"0", "-1"}:
        drop(graphics, "port") if graphics.get("port") == "0" else None
    graphics.set("autoport", "yes" if auto else "no")
    if graphics.get("websocket") == "0":
        drop(graphics, "websocket")


def _spice(graphics: etree._Element) -> None:
    port, tls = graphics.get("port"), graphics.get("tlsPort")
    auto = graphics.get("autoport") == "yes" or (port == "-1" and tls == "-1")
    listen = graphics.find("listen")
    if auto:
        drop(graphics, "port", "tlsPort")
    for name in ("port", "tlsPort"):
        if graphics.get(name) in _NEVER:
            drop(graphics, name)
    nowhere = not auto and graphics.get("port") is None and graphics.get("tlsPort") is None
    if listen is not None and listen.get("type") == "address" and nowhere:
        drop(listen, "address")
        listen.set("type", "none")
    if value(listen, "type") in {"address", "network"}:
        graphics.set("autoport", "yes" if auto else "no")
    else:
        drop(graphics, "port", "tlsPort", "autoport", "listen")
    if graphics.get("defaultMode") == "any":
        drop(graphics, "defaultMode")
    for channel in graphics.findall("channel"):
        if channel.get("mode") == "any":
            graphics.remove(channel)


def _rdp(graphics: etree._Element) -> None:
    auto = graphics.get("port") is None or graphics.get("autoport") == "yes"
    drop(graphics, "autoport")
    if auto:
        graphics.set("port", "0")
        graphics.set("autoport", "yes")
    elif graphics.get("port") == "0":
        drop(graphics, "port")
    for name in ("replaceUser", "multiUser"):
        if graphics.get(name) != "yes":
            drop(graphics, name)


def drop_generated(draft: Draft) -> None:
    """Forget the sockets that an old libvirt made for VNC and wrote down."""
    for graphics in draft.all("graphics"):
        listen = graphics.find("listen")
        made = value(listen, "socket").startswith(draft.emulator.files)
        if graphics.get("type") == "vnc" and listen is not None and made:
            listen.attrib.clear()
            listen.set("type", "address")
            drop(graphics, "socket")
            fill(graphics)


def add_audio(draft: Draft) -> None:
    """Add the sound backend that the displays imply, unless there is one."""
    if draft.devices.find("audio") is not None:
        return
    displays = [each.get("type") for each in draft.all("graphics")]
    backend = None if displays else "none"
    for kind in displays:
        if kind == "vnc":
            backend = "none"
        elif kind == "spice":
            backend = "spice"
        elif kind == "sdl":
            return  # the environment of libvirtd says
    if backend:
        draft.add("audio", id="1", type=backend)


def clean(graphics: etree._Element) -> None:
    """Remove what says nothing."""
    for each in list(graphics):
        if each.tag == "listen" and not each.attrib:
            remove_if_empty(each)
    if graphics.get("type") == "dbus":
        _dbus(graphics)


def _dbus(graphics: etree._Element) -> None:
    if graphics.get("p2p") == "no":
        drop(graphics, "p2p")
    for each in graphics.findall("audio"):
        if each.get("id") == "0":
            graphics.remove(each)
