"""The ip and route elements of a network: addresses, DHCP ranges and reservations."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.network import values
from virtkit.fake.network.values import Address, make, refuse, unsupported

if TYPE_CHECKING:
    from lxml import etree

_IPV4, _IPV6 = ipaddress.IPv4Address, ipaddress.IPv6Address
_UNITS = ("seconds", "minutes", "hours")
_LEAST = {"seconds": 120, "minutes": 2}
_BITS = {4: 32, 6: 128}
_CLASSES = ((0x80, 8), (0xC0, 16), (0xE0, 24))  # below this first octet: a network of so many bits


def prefix_of(ip: etree._Element) -> int:
    """Return how many bits of the address of *ip* (as libvirt keeps it) are the network's."""
    prefix, netmask = ip.get("prefix"), ip.get("netmask")
    if prefix is not None:
        return int(prefix)
    address = ipaddress.ip_address(ip.get("address", ""))
    if netmask is not None:
        return int(ipaddress.ip_address(netmask)).bit_count()
    if isinstance(address, _IPV6):
        return 0 if int(address) == 0 else 64
    if int(address) == 0:
        return 0
    octet = int(address) >> 24
    return next((bits for limit, bits in _CLASSES if octet < limit), -1)


def family_of(ip: etree._Element) -> int:
    """Return 4 or 6: the version of the address of *ip*."""
    return ipaddress.ip_address(ip.get("address", "")).version


def net_of(ip: etree._Element) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """Return the network that *ip* is in."""
    return ipaddress.ip_network(f"{ip.get('address')}/{prefix_of(ip)}", strict=False)


def read(network: str, given: etree._Element) -> etree._Element:
    """Return the ip element *given* as libvirt keeps it."""
    text = values.filled_text(given, "@address")
    if text is None:
        refuse(f"Missing required address attribute in network '{network}'")
    address = values.address(text)
    if address is None:
        refuse(f"Invalid address '{text}' in network '{network}'")
    mask_text = values.filled_text(given, "@netmask")
    netmask = None if mask_text is None else values.address(mask_text)
    if mask_text is not None and netmask is None:
        refuse(f"Invalid netmask '{mask_text}' in network '{network}'")
    prefix = values.unsigned(given, "prefix") or 0
    pointers = values.truth(given, "localPtr")
    family = values.filled_text(given, "@family")
    _check_family(network, family, (text, address), (mask_text, netmask), prefix)
    made = make(
        "ip",
        {
            "family": family,
            "address": str(address),
            "netmask": None if netmask is None else str(netmask),
            "prefix": str(prefix) if prefix else None,
            "localPtr": pointers,
        },
    )
    dhcp = given.find("dhcp")
    services = None if dhcp is None else _dhcp(network, made, dhcp)
    if given.find("tftp") is not None:
        if not isinstance(address, _IPV4):
            unsupported(f"Unsupported <tftp> element in an IPv6 element in network '{network}'")
        root = values.filled_text(given, "tftp/@root")
        if root is not None:
            made.append(make("tftp", {"root": root}))
    if services is not None:
        made.append(services)
    return made


def _check_family(
    network: str,
    family: str | None,
    given: tuple[str, Address],
    mask: tuple[str | None, Address | None],
    prefix: int,
) -> None:
    (text, address), (mask_text, netmask) = given, mask
    where = f"in network '{network}'"
    if family in {None, "ipv4"}:
        if not isinstance(address, _IPV4):
            unsupported(f"{family or 'no'} family specified for non-IPv4 address '{text}' {where}")
        if mask_text is not None:
            if not isinstance(netmask, _IPV4):
                unsupported(f"Invalid netmask '{mask_text}' for address '{text}' {where} (both must be IPv4)")
            if prefix > 0:
                unsupported(f"Network '{network}' IP address cannot have both a prefix and a netmask")
        elif prefix > _BITS[4]:
            unsupported(f"Invalid IPv4 prefix '{prefix}' {where}")
    elif family == "ipv6":
        if not isinstance(address, _IPV6):
            unsupported(f"Family 'ipv6' specified for non-IPv6 address '{text}' {where}")
        if mask_text is not None:
            unsupported(f"netmask not allowed for IPv6 address '{text}' {where}")
        if prefix > _BITS[6]:
            unsupported(f"Invalid IPv6 prefix '{prefix}' {where}")
    else:
        refuse(f"Unrecognized family '{family}' {where}")


def _dhcp(network: str, ip: etree._Element, given: etree._Element) -> etree._Element | None:
    ranges, hosts, boot = [], [], None
    for child in given:
        if child.tag == "range":
            ranges.append(dhcp_range(network, ip, child))
        elif child.tag == "host":
            hosts.append(dhcp_host(network, ip, child))
        elif child.tag == "bootp" and family_of(ip) == 4 and child.get("file") is not None:
            server = child.get("server")
            address = None if server is None else str(values.given_address(server))
            boot = make("bootp", {"file": child.get("file"), "server": address})
    if not ranges and not hosts:
        return None
    return make("dhcp", None, *ranges, *hosts, *([] if boot is None else [boot]))


def _lease(given: etree._Element) -> list[etree._Element]:
    made: list[etree._Element] = []
    for lease in given.iterfind("lease"):
        expiry = values.unsigned(lease, "expiry", base=10, most=values.NUMBER)
        if expiry is None:
            continue
        unit = values.choice(lease, "unit", _UNITS) or "minutes"
        if 0 < expiry < _LEAST.get(unit, 0):
            unsupported("The minimum lease time should be greater than 2 minutes")
        made = [make("lease", {"expiry": str(expiry), "unit": unit if expiry else None})]
    return made


def dhcp_range(network: str, ip: etree._Element, given: etree._Element) -> etree._Element:
    """Return a DHCP range as libvirt keeps it, within the network of *ip*."""
    ends = []
    for key in ("start", "end"):
        text = given.get(key)
        if text is None:
            refuse(f"Missing '{key}' attribute in dhcp range for network '{network}'")
        ends.append(values.given_address(text))
    check_range(ends[0], ends[1], ip)
    return make("range", {"start": str(ends[0]), "end": str(ends[1])}, *_lease(given))


def _internal(detail: str) -> NoReturn:
    refuse(detail, c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE)


def check_range(start: Address, end: Address, ip: etree._Element | None) -> None:
    """Refuse a range that is none, is too large, or leaves the network of *ip*."""
    shown = f"{start} - {end}"
    if start.version != end.version:
        _internal(f"mismatch of address family in range {shown}")
    if ip is not None:
        _check_inside(start, end, ip, shown)
    bits = 16
    if int(start) >> bits != int(end) >> bits:
        _internal(f"range {shown} is too large (> 65535)")
    if end < start:  # type: ignore[operator]
        reversed_ = "is reversed " if isinstance(start, _IPV4) else "start larger than end"
        _internal(f"range {shown} {reversed_}")


def _check_inside(start: Address, end: Address, ip: etree._Element, shown: str) -> None:
    address, prefix = ip.get("address"), prefix_of(ip)
    if start.version != family_of(ip):
        _internal(f"mismatch of address family in range {shown} for network {address}")
    if not 0 <= prefix <= _BITS[start.version]:
        _internal(f"bad prefix {prefix} for network {address} when  checking range {shown}")
    net = net_of(ip)
    if start not in net or end not in net:
        _internal(f"range {shown} is not entirely within network {address}/{prefix}")
    if isinstance(net, ipaddress.IPv4Network):
        where = f"of range {shown} in network {address}/{prefix}"
        if start == net.network_address:
            _internal(f"start {where} is the network address")
        if end == net.broadcast_address:
            _internal(f"end {where} is the broadcast address")


def dhcp_host(
    network: str, ip: etree._Element, given: etree._Element, *, partial: bool = False
) -> etree._Element:
    """Return a reservation as libvirt keeps it; *partial*: it is there to be looked for."""
    mac, identity, name, text = (given.get(key) for key in ("mac", "id", "name", "ip"))
    six = family_of(ip) == 6
    if mac is not None:
        _check_mac(network, mac, six=six)
    if identity is not None:
        bad = next((letter for letter in identity if letter not in "0123456789abcdefABCDEF:"), None)
        if bad is not None:
            refuse(f"Invalid character '{bad}' in id '{identity}' of network '{network}'")
    if name and not (name[0].isascii() and name[0].isalnum()):
        refuse(f"Cannot use host name '{name}' in network '{network}'")
    address = None if text is None else values.address(text)
    if text is not None and address is None:
        refuse(f"Invalid IP address in static host definition for network '{network}'")
    if partial:
        if mac is None and name is None and text is None:
            wanted = "At least one of name, mac, or ip attribute must be specified"
            refuse(f"{wanted} for static host definition in network '{network}' ")
    elif six and identity is None and name is None:
        refuse(f"Static host definition in IPv6 network '{network}' must have id or name attribute")
    elif not six and mac is None and name is None:
        refuse(f"Static host definition in IPv4 network '{network}' must have mac or name attribute")
    elif text is None:
        refuse(f"Missing IP address in static host definition for network '{network}'")
    shown = None if address is None else str(address)
    return make("host", {"mac": mac, "id": identity, "name": name, "ip": shown}, *_lease(given))


def _check_mac(network: str, mac: str, *, six: bool) -> None:
    if six:
        where = f"in network '{network}' IPv6 static host definition"
        refuse(f"Invalid to specify MAC address '{mac}' {where}")
    normal = values.mac(mac)
    if normal is None:
        refuse(f"Cannot parse MAC address '{mac}' in network '{network}'")
    if values.is_multicast(normal):
        refuse(f"expected unicast mac address, found multicast '{mac}' in network '{network}'")


def route(network: str, given: etree._Element) -> etree._Element:
    """Return the route *given* as libvirt keeps it."""
    family, text, mask_text, gate_text = (
        given.get(key) for key in ("family", "address", "netmask", "gateway")
    )
    prefix = values.unsigned(given, "prefix")
    metric = values.unsigned(given, "metric", nonzero=True)
    for key, value in (("address", text), ("gateway", gate_text)):
        if not value:
            refuse(f"{network}: Missing required {key} attribute in route definition")
    assert text is not None and gate_text is not None  # noqa: S101, PT018
    address, gateway = values.address(text), values.address(gate_text)
    if address is None:
        refuse(f"{network}: Bad network address '{text}' in route definition")
    if gateway is None:
        refuse(f"{network}: Bad gateway address '{gate_text}' in route definition")
    netmask = _route_family(network, family, (text, address), (gate_text, gateway), mask_text, prefix)
    most = _BITS[address.version]
    if (prefix or 0) > most:
        limit = f"must be 0 - {most}"
        refuse(f"{network}: Invalid prefix {prefix} specified in route definition, {limit}")
    bits = prefix or 0 if netmask is None else int(netmask).bit_count()
    if ipaddress.ip_network(f"{address}/{bits}", strict=False).network_address != address:
        refuse(f"{network}: Address '{text}' in route definition is not a network address")
    return make(
        "route",
        {
            "family": family,
            "address": str(address),
            "netmask": None if netmask is None else str(netmask),
            "prefix": None if prefix is None else str(prefix),
            "gateway": str(gateway),
            "metric": None if metric is None else str(metric),
        },
    )


def _route_family(
    network: str,
    family: str | None,
    given: tuple[str, Address],
    gate: tuple[str, Address],
    mask_text: str | None,
    prefix: int | None,
) -> Address | None:
    """Check that all parts of a route are of its *family*; return its netmask."""
    (text, address), (gate_text, gateway) = given, gate
    netmask = None
    if family in {None, "ipv4"}:
        called = "No" if family is None else "IPv4"
        for what, value in (("address", address), ("gateway", gateway)):
            if not isinstance(value, _IPV4):
                refuse(
                    f"{network}: {called} family specified for non-IPv4 {what} '{text}' in route definition"
                )
        if mask_text is not None:
            netmask = values.address(mask_text)
            if netmask is None:
                refuse(f"{network}: Bad netmask address '{mask_text}' in route definition")
            if not isinstance(netmask, _IPV4):
                refuse(f"{network}: Invalid netmask '{mask_text}' for address '{text}' (both must be IPv4)")
            if prefix is not None:
                refuse(f"{network}: Route definition cannot have both a prefix and a netmask")
    elif family == "ipv6":
        if not isinstance(address, _IPV6):
            refuse(f"{network}: ipv6 family specified for non-IPv6 address '{text}' in route definition")
        if mask_text is not None:
            refuse(f"{network}: Specifying netmask invalid for IPv6 address '{text}' in route definition")
        if not isinstance(gateway, _IPV6):
            refuse(
                f"{network}: ipv6 specified for non-IPv6 gateway address '{gate_text}' in route definition"
            )
    else:
        refuse(f"{network}: Unrecognized family '{family}' in route definition")
    return netmask
