"""An interface's document: what libvirt takes of it, in the order in which libvirt prints it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_unknown
from virtkit.fake.reading import read
from virtkit.fake.state.printing import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

FROM = c.VIR_FROM_INTERFACE
_TYPES = ("ethernet", "bridge", "bond", "vlan")
_INSIDE = {"bond": ("ethernet",), "bridge": ("ethernet", "bond", "vlan")}  # what each can hold
_START = ("onboot", "hotplug", "none")
_BONDS = (
    "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb",
)  # fmt: skip
_LINKS = ("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")
_LARGEST_MTU = 100000
_NUMBER = re.compile(r"\s*[-+]?\d+\Z")


class Description(NamedTuple):
    """What a document says: the name, the MAC address (empty: none), the whole as libvirt prints it."""

    name: str
    mac: str
    text: str


def parse(xml: str, *, validate: bool = False) -> Description:
    """Return what *xml* describes."""
    tree = read(xml, "interface_definition", "interface", FROM, "interface.rng" if validate else "")
    lines = list(_interface(tree, None))
    mac = tree.find("mac")
    ethernet = tree.get("type") == "ethernet" and mac is not None
    address = (mac.get("address") or "") if ethernet and mac is not None else ""
    return Description(tree.get("name", ""), address, "\n".join(lines) + "\n")


def _refuse(message: str) -> NoReturn:
    fail(c.VIR_ERR_XML_ERROR, FROM, message)


def _invalid(element: etree._Element, name: str, expected: str = "") -> NoReturn:
    message = f"Invalid value for attribute '{name}' in element '{element.tag!s}': '{element.get(name)}'."
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message + expected)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _interface(element: etree._Element, parent: str | None) -> list[str]:
    kind = element.get("type")
    if kind is None:
        message = "Missing required attribute 'type' in element 'interface'"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
    if kind not in _TYPES:
        _invalid(element, "type")
    if parent is not None and kind not in _INSIDE[parent]:
        _refuse(f"interface has unsupported type '{kind}'")
    name = element.get("name")
    if name is None:
        _refuse("interface has no name")
    lines: list[str] = []
    if parent is None:
        lines += [*_start(element), *_mtu(element)]
        for protocol in element.findall("protocol"):
            lines += _protocol(protocol)
    if kind != "bridge":
        lines += _link(element)
    lines += _KINDS[kind](element)
    return [f"<interface type='{kind}' name='{quote(name)}'>", *_indented(lines), "</interface>"]


def _attribute(element: etree._Element, path: str, name: str) -> str | None:
    found = element.find(path)
    return None if found is None else found.get(name) or None


def _start(element: etree._Element) -> list[str]:
    mode = _attribute(element, "start", "mode")
    if mode is not None and mode not in _START:
        _refuse(f"unknown interface startmode {mode}")
    return [] if mode is None else [f"<start mode='{mode}'/>"]


def _mtu(element: etree._Element) -> list[str]:
    size = _attribute(element, "mtu", "size")
    if size is None:
        return []
    if not _NUMBER.match(size) or int(size) < 0:
        fail_unknown()
    if int(size) > _LARGEST_MTU:
        _refuse("value of the 'size' attribute of 'mtu' element must be at most 100000")
    return [f"<mtu size='{int(size)}'/>"] if int(size) else []


def _protocol(element: etree._Element) -> list[str]:
    family = element.get("family")
    if family is None:
        _refuse("protocol misses the family attribute")
    if family not in {"ipv4", "ipv6"}:
        _refuse(f"unsupported protocol family '{family}'")
    lines = []
    if family == "ipv6" and element.find("autoconf") is not None:
        lines.append("<autoconf/>")
    dhcp = element.find("dhcp")
    if dhcp is not None:
        servers = dhcp.get("peerdns")
        if servers not in {None, "yes", "no"}:
            _invalid(dhcp, "peerdns")
        lines.append(f"<dhcp peerdns='{servers}'/>" if servers else "<dhcp/>")
    for address in element.findall("ip"):
        lines += _ip(address)
    gateway = _attribute(element, "route", "gateway")
    if gateway is not None:
        lines.append(f"<route gateway='{gateway}'/>")
    return [f"<protocol family='{family}'>", *_indented(lines), "</protocol>"]


def _ip(element: etree._Element) -> list[str]:
    address, prefix = element.get("address"), element.get("prefix")
    if address is None:
        return []
    if prefix is not None and not _NUMBER.match(prefix):
        _invalid(element, "prefix", " Expected integer value")
    return [
        f"<ip address='{address}'" + (f" prefix='{int(prefix)}'" if prefix and int(prefix) else "") + "/>"
    ]


def _link(element: etree._Element) -> list[str]:
    link = element.find("link")
    if link is None:
        return []
    state, speed = link.get("state"), link.get("speed")
    if state is not None and state not in _LINKS:
        _invalid(link, "state")
    if speed is not None and not (_NUMBER.match(speed) and int(speed) >= 0):
        _invalid(link, "speed", " Expected non-negative integer value")
    shown = (f" speed='{int(speed)}'" if speed and int(speed) else "") + (
        f" state='{state}'" if state else ""
    )
    return [f"<link{shown}/>"] if shown else []


def _ethernet(element: etree._Element) -> list[str]:
    address = _attribute(element, "mac", "address")
    return [] if address is None else [f"<mac address='{address}'/>"]


def _inside(element: etree._Element, kind: str) -> etree._Element:
    found = element.find(kind)
    if found is None:
        _refuse(f"{kind} interface misses the {kind} element")
    return found


def _bridge(element: etree._Element) -> list[str]:
    bridge = _inside(element, "bridge")
    stp, delay = bridge.get("stp"), bridge.get("delay")
    if stp not in {None, "on", "off"}:  # libvirt goes on, without what else the bridge has
        return ["<bridge>", "</bridge>"]
    head = (f" stp='{stp}'" if stp else "") + (f" delay='{delay}'" if delay is not None else "")
    inner = [line for each in bridge.findall("interface") for line in _interface(each, "bridge")]
    return [f"<bridge{head}>", *_indented(inner), "</bridge>"]


def _bond(element: etree._Element) -> list[str]:
    bond = _inside(element, "bond")
    mode = bond.get("mode") or None
    if mode is not None and mode not in _BONDS:
        _refuse(f"unknown bonding mode {mode}")
    inner = [line for each in bond.findall("interface") for line in _interface(each, "bond")]
    watching = [*_miimon(bond)] or [*_arpmon(bond)]
    head = f" mode='{mode}'" if mode else ""
    return [f"<bond{head}>", *_indented([*watching, *inner]), "</bond>"]


def _miimon(bond: etree._Element) -> list[str]:
    found = bond.find("miimon")
    if found is None:
        return []
    numbers = {name: found.get(name) for name in ("freq", "downdelay", "updelay")}
    for name, value in numbers.items():
        if not _NUMBER.match(value or ("" if name == "freq" else "0")):
            _refuse(f"bond interface miimon {name} {'missing or ' if name == 'freq' else ''}invalid")
    carrier = found.get("carrier") or None
    if carrier not in {None, "ioctl", "netif"}:
        _refuse(f"unknown mii bonding carrier {carrier}")
    shown = f" freq='{int(numbers['freq'] or 0)}'"
    for name in ("downdelay", "updelay"):
        number = int(numbers[name] or 0)
        shown += f" {name}='{number}'" if number > 0 else ""
    return [f"<miimon{shown}" + (f" carrier='{carrier}'" if carrier else "") + "/>"]


def _arpmon(bond: etree._Element) -> list[str]:
    found = bond.find("arpmon")
    if found is None:
        return []
    interval, target, check = found.get("interval"), found.get("target"), found.get("validate") or None
    if not _NUMBER.match(interval or ""):
        _refuse("bond interface arpmon interval missing or invalid")
    if not target:
        _refuse("bond interface arpmon target missing")
    if check not in {None, "active", "backup", "all"}:
        _refuse(f"unknown arp bonding validate {check}")
    shown = f" interval='{int(interval or 0)}' target='{target}'"
    return [f"<arpmon{shown}" + (f" validate='{check}'" if check else "") + "/>"]


def _vlan(element: etree._Element) -> list[str]:
    vlan = _inside(element, "vlan")
    tag, device = vlan.get("tag") or None, _attribute(vlan, "interface", "name")
    if tag is None:
        _refuse("vlan interface misses the tag attribute")
    if device is None:
        _refuse("vlan interface misses name attribute")
    return [f"<vlan tag='{tag}'>", f"  <interface name='{device}'/>", "</vlan>"]


_KINDS = {"ethernet": _ethernet, "bridge": _bridge, "bond": _bond, "vlan": _vlan}
