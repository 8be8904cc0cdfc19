"""What a filter's rules may say of a packet: attributes by protocol, and the values of each."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

from virtkit.fake.network import values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ETHERTYPES = {"arp": 0x806, "rarp": 0x8035, "ipv4": 0x800, "ipv6": 0x86DD, "vlan": 0x8100}
_OPCODES = {
    "Request": 1, "Reply": 2, "Request_Reverse": 3, "Reply_Reverse": 4, "DRARP_Request": 5,
    "DRARP_Reply": 6, "DRARP_Error": 7, "InARP_Request": 8, "ARP_NAK": 9,
}  # fmt: skip
PROTOCOLS = {
    "tcp": 6, "udp": 17, "udplite": 136, "esp": 50, "ah": 51, "icmp": 1, "igmp": 2, "sctp": 132, "icmpv6": 58,
}  # fmt: skip
_STATES = {"NEW": 2, "ESTABLISHED": 4, "RELATED": 8, "INVALID": 16, "NONE": 32}
_TCP_FLAGS = {"FIN": 1, "SYN": 2, "RST": 4, "PSH": 8, "ACK": 16, "URG": 32, "ALL": 63, "NONE": 0}
_ALL_TCP_FLAGS = 0x3F
_BYTE, _SHORT, _LONG = 0xFF, 0xFFFF, 0xFFFFFFFF
_LEAST_ETHERTYPE, _LEAST_ENCAPSULATED, _LARGEST_VLAN, _LARGEST_DSCP = 0x600, 0x3C, 4095, 63
_LONGEST_COMMENT, _LONGEST_SET = 256, 31
_SET = re.compile(r"[a-zA-Z0-9_.:+ -]*\Z")
_SET_FLAGS = re.compile(r"(src|dst)(,(src|dst)){0,5}\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"(\w*)(?:\[\s*(@?)\s*\+?(\d+)\s*\].*)?\Z", re.ASCII | re.DOTALL)
_LARGEST_ITERATOR = 1000

_MACS = "srcmacaddr:mac srcmacmask:mac_mask dstmacaddr:mac dstmacmask:mac_mask "
_PORTS = "srcportstart:u16 srcportend:u16 dstportstart:u16 dstportend:u16 "
_IP = (
    "srcmacaddr:mac srcipaddr:ip{0} srcipmask:mask{0} dstipaddr:ip{0} dstipmask:mask{0} srcipfrom:ip{0} "
    "srcipto:ip{0} dstipfrom:ip{0} dstipto:ip4 dscp:dscp connlimit-above:limit state:state ipset:ipset "
    "ipsetflags:ipsetflags "
)
_COMMENT = "comment:comment"
_ARP = (
    "hwtype:u16 protocoltype:u16 opcode:opcode arpsrcmacaddr:mac arpdstmacaddr:mac arpsrcipaddr:ip4 "
    "arpsrcipmask:mask4 arpdstipaddr:ip4 arpdstipmask:mask4 gratuitous:truth "
)
_STP = (
    "srcmacaddr:mac srcmacmask:mac_mask type:u8 flags:u8 root-priority:u16 root-priority-hi:u16 "
    "root-address:mac root-address-mask:mac_mask root-cost:u32 root-cost-hi:u32 sender-priority:u16 "
    "sender-priority-hi:u16 sender-address:mac sender-address-mask:mac_mask port:u16 port-hi:u16 age:u16 "
    "age-hi:u16 max-age:u16 max-age-hi:u16 hello-time:u16 hello-time-hi:u16 forward-delay:u16 "
    "forward-delay-hi:u16 "
)
_HEADER = "srcipaddr:ip{0} srcipmask:mask{0} dstipaddr:ip{0} dstipmask:mask{0} protocol:protocol "
_ICMP = "type:u8 typeend:u8 code:u8 codeend:u8 "


def _listed(text: str) -> dict[str, str]:
    return dict(each.split(":") for each in text.split())


def _over_ip(version: int) -> dict[str, dict[str, str]]:
    """Return the attributes of the protocols over IPv4 or IPv6, by the names of their elements."""
    common, suffix = _IP.format(version), "" if version == 4 else "-ipv6"
    ports = common + _PORTS
    tcp = f"{ports}option:u8 " + ("" if suffix else "flags:tcpflags ")
    found = {
        f"tcp{suffix}": tcp,
        f"udp{suffix}": ports,
        f"udplite{suffix}": common,
        f"esp{suffix}": common,
        f"ah{suffix}": common,
        f"sctp{suffix}": ports,
        "icmpv6" if suffix else "icmp": f"{common}type:u8 code:u8 ",
        f"all{suffix}": common,
    }
    if not suffix:
        found["igmp"] = common
    return {name: _listed(text + _COMMENT) for name, text in found.items()}


ATTRIBUTES: dict[str, dict[str, str]] = {
    "arp": _listed(_MACS + _ARP + _COMMENT),
    "rarp": _listed(_MACS + _ARP + _COMMENT),
    "mac": _listed(f"{_MACS}protocolid:ethertype {_COMMENT}"),
    "vlan": _listed(f"{_MACS}vlanid:vlan encap-protocol:encapsulated {_COMMENT}"),
    "stp": _listed(_STP + _COMMENT),
    "ip": _listed(_MACS + _HEADER.format(4) + _PORTS + "dscp:dscp " + _COMMENT),
    "ipv6": _listed(_MACS + _HEADER.format(6) + _PORTS + _ICMP + _COMMENT),
    **_over_ip(4),
    **_over_ip(6),
}

_MASKS = {"srcipmask": "srcipaddr", "dstipmask": "dstipaddr", "srcipto": "srcipfrom", "dstipto": "dstipfrom"}
_MAC_MASKS = {"srcmacmask": "srcmacaddr", "dstmacmask": "dstmacaddr"}
_PORT_SIGNS = dict.fromkeys(("srcportend", "dstportstart", "dstportend"), "srcportstart")


def signs(protocol: str) -> Mapping[str, str]:
    """Return which attributes of *protocol* are meant or denied with which other one."""
    bare = protocol.removesuffix("-ipv6")
    if protocol in {"mac", "vlan"}:
        return _MAC_MASKS
    if protocol == "stp":
        high = {name: name.removesuffix("-hi") for name in ATTRIBUTES["stp"] if name.endswith("-hi")}
        masks = {"root-address-mask": "root-address", "sender-address-mask": "sender-address"}
        return {"srcmacmask": "srcmacaddr", **high, **masks}
    if protocol in {"arp", "rarp"}:
        return {}
    if protocol == "ip":
        return {"srcipmask": "srcipaddr", "dstipmask": "dstipaddr"}
    if protocol == "ipv6":
        icmp = dict.fromkeys(("typeend", "code", "codeend"), "type")
        return {"srcipmask": "srcipaddr", "dstipmask": "dstipaddr", **icmp}
    if bare in {"tcp", "udp", "sctp"}:
        return {**_MASKS, **_PORT_SIGNS}
    return {**_MASKS, "code": "type"} if protocol in {"icmp", "icmpv6"} else _MASKS


def normal(protocol: str, name: str, text: str) -> str | None:
    """Return the value *text* of an attribute as libvirt writes it, None if it is none."""
    if text.startswith("$"):
        return _variable(text[1:])
    return _KINDS[ATTRIBUTES[protocol][name]](text)


def _variable(text: str) -> str | None:
    found = _VARIABLE.match(text)
    if found is None:
        return None
    name, iterates, index = found.groups()
    if index is None:
        return f"${name}"
    if not iterates:
        return f"${name}[{int(index)}]"
    if int(index) > _LARGEST_ITERATOR:
        return None
    return f"${name}[@{int(index)}]" if int(index) else f"${name}"


def _number(text: str, most: int) -> tuple[int, str] | None:
    """Return a number and how it is written: as it was given, decimal or hexadecimal."""
    decimal = values.number(text)
    if decimal is not None and decimal <= most:
        return decimal, str(decimal)
    try:
        value = int(text, 16)
    except ValueError:
        return None
    return (value, f"{value:#x}") if 0 <= value <= most and "_" not in text else None


def _sized(most: int) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        found = _number(text, most)
        return None if found is None else found[1]

    return read


def _named(
    names: Mapping[str, int], size: int, least: int = 0, *, decimal: bool = False
) -> Callable[[str], str | None]:
    """Return what reads a number that may have a name."""
    by_number = {number: name for name, number in names.items()}

    def read(text: str) -> str | None:
        found = _number(text, size)
        if found is None:
            return next((name for name in names if name.lower() == text.lower()), None)
        number, shown = found
        if number < least:
            return None
        return by_number.get(number, str(number) if decimal else shown)

    return read


def _up_to(limit: int, size: int) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        found = _number(text, size)
        return None if found is None or found[0] > limit else found[1]

    return read


def _mac_mask(text: str) -> str | None:
    found = values.mac(text)
    if found is None:
        return None
    bits = "".join(f"{int(part, 16):08b}" for part in found.split(":"))
    return None if "01" in bits else found


def _address(family: int) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        found = values.address(text, family)
        return None if found is None else str(found)

    return read


def _mask(family: int, bits: int) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        number = values.number(text)
        if number is not None:
            return str(number) if number <= bits else None
        found = values.address(text, family)
        if found is None:
            return None
        ones = f"{int(found):0{bits}b}"
        return None if "01" in ones else str(ones.count("1"))

    return read


def _items(text: str, names: Mapping[str, int]) -> int | None:
    """Return the sum of the named flags in *text*, with commas between them or none."""
    flags, rest = 0, text
    while rest := rest.lstrip(" \t\n\r\f\v,"):
        name = next((name for name in names if rest.lower().startswith(name.lower())), None)
        if name is None:
            return None
        flags |= names[name]
        rest = rest[len(name) :]
    return flags


def _printed(flags: int, names: Mapping[str, int]) -> str:
    return ",".join(name for name, bit in names.items() if bit and bit & flags == bit)


def _state(text: str) -> str | None:
    flags = _items(text, _STATES)
    if flags is None:
        return None
    return "NONE" if flags & _STATES["NONE"] else _printed(flags, _STATES)


def _tcp_flags(text: str) -> str | None:
    if "/" not in text:
        return None
    found = [_items(part, _TCP_FLAGS) for part in text.split("/", 1)]
    if None in found:
        return None
    single = {name: bit for name, bit in _TCP_FLAGS.items() if name not in {"ALL", "NONE"}}
    shown = []
    for flags in found:
        kept = (flags or 0) & _ALL_TCP_FLAGS
        shown.append("NONE" if not kept else "ALL" if kept == _ALL_TCP_FLAGS else _printed(kept, single))
    return "/".join(shown)


def _limit(text: str) -> str | None:
    found = values.number(text, most=_SHORT)
    return None if found is None else str(found)


_KINDS: dict[str, Callable[[str], str | None]] = {
    "mac": values.mac,
    "mac_mask": _mac_mask,
    "u8": _sized(_BYTE),
    "u16": _sized(_SHORT),
    "u32": _sized(_LONG),
    "ip4": _address(socket.AF_INET),
    "ip6": _address(socket.AF_INET6),
    "mask4": _mask(socket.AF_INET, 32),
    "mask6": _mask(socket.AF_INET6, 128),
    "ethertype": _named(_ETHERTYPES, _SHORT, _LEAST_ETHERTYPE),
    "encapsulated": _named(_ETHERTYPES, _SHORT, _LEAST_ENCAPSULATED),
    "opcode": _named(_OPCODES, _SHORT, decimal=True),
    "protocol": _named(PROTOCOLS, _BYTE),
    "vlan": _up_to(_LARGEST_VLAN, _SHORT),
    "dscp": _up_to(_LARGEST_DSCP, _BYTE),
    "limit": _limit,
    "truth": lambda text: "true" if text in {"true", "1", "yes"} else "false",
    "state": _state,
    "tcpflags": _tcp_flags,
    "ipset": lambda text: text if len(text) <= _LONGEST_SET and _SET.match(text) else None,
    "ipsetflags": lambda text: text.lower() if _SET_FLAGS.match(text) else None,
    "comment": lambda text: text[:_LONGEST_COMMENT],
}
