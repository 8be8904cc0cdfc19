"""What is checked of character devices, and of the others that talk to something as they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.checks import generic
from virtkit.fake.fill.checks.report import internal, xml
from virtkit.fake.fill.nodes import value

if TYPE_CHECKING:
    from lxml import etree

_PATHS = {"dev", "file", "pipe"}
_OF_ITS_OWN = {"virtio", "xen"}  # the targets of channels whose socket libvirt makes


def check(device: etree._Element) -> None:
    """Check a serial or parallel port, a console or a channel."""
    target = device.find("target")
    kind = value(target, "type")
    if device.tag == "channel":
        if not kind:
            xml("target type must be specified for channel device")
        if kind == "guestfwd" and not value(target, "address"):
            xml("guestfwd channel does not define a target address")
    elif not value(target, "port", "0").isdigit():
        xml(f"Invalid port number: {value(target, 'port')}")
    own = device.tag == "channel" and kind in _OF_ITS_OWN
    check_source(device, device.get("type", "pty"), makes_socket=own)


def check_source(device: etree._Element, kind: str, *, makes_socket: bool = False) -> None:
    """Check what *device*, whose source is of *kind*, talks to; *makes_socket*: libvirt can choose it."""
    sources = device.findall("source")
    if len(sources) > (2 if kind == "udp" else 1):
        count = "two source elements are" if kind == "udp" else "one source element is"
        xml(f"only {count} allowed for character device")
    for tag in ("log", "protocol"):
        if len(device.findall(tag)) > 1:
            xml(f"only one {tag} element is allowed for character device")
    source = sources[0] if sources else None
    if kind in _PATHS or (kind == "unix" and not makes_socket):
        _require(source, "path")
    elif kind == "tcp":
        _require(source, "host")
        _require(source, "service")
    elif kind == "udp":
        connected = [each for each in sources if each.get("mode", "connect") == "connect"]
        _require(connected[0] if connected else None, "service")
    _reconnect(source)


def _require(source: etree._Element | None, name: str) -> None:
    if not value(source, name):
        internal(f"Missing source {name} attribute for char device")


def _reconnect(source: etree._Element | None) -> None:
    again = None if source is None else source.find("reconnect")
    if again is None or again.get("enabled") != "yes":
        return
    if again.get("timeout") is None:
        generic.missing(again, "timeout")
    if value(source, "mode") == "bind":
        internal("chardev reconnect is possible only for connect mode")
