"""What a network's DHCP server gives out: to whom, which address, and until when."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from virtkit.fake import constants as c
from virtkit.fake import guest
from virtkit.fake.guest.addresses import gives_addresses
from virtkit.fake.network import addressing, values
from virtkit.fake.network.records import NetworkRecord, networks, required

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

Lease: TypeAlias = "dict[str, Any]"

_USUAL = 3600  # seconds that dnsmasq gives a lease for, unless it is told otherwise
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}
_SIX = 6


class Client(NamedTuple):
    """A guest's interface as the server sees it; *since*: for how many seconds the guest has been up."""

    mac: str
    hostname: str
    since: float


def nics(tree: etree._Element, network: NetworkRecord) -> Iterator[etree._Element]:
    """Yield the interfaces of the domain *tree* that are on *network*."""
    bridge = network.tree.find("bridge")
    name = None if bridge is None else bridge.get("name")
    for interface in tree.iterfind("devices/interface"):
        source = interface.find("source")
        if source is None:
            continue
        kind = interface.get("type")
        if (kind == "network" and source.get("network") == network.name) or (
            kind == "bridge" and name is not None and source.get("bridge") == name
        ):
            yield interface


def mac_of(interface: etree._Element) -> str:
    """Return the MAC address of a domain's interface."""
    return values.filled_text(interface, "mac/@address") or ""


def renew(host: Host, session: Session, network: NetworkRecord) -> None:
    """Bring the leases of *network* up to date: what guests asked for, in the order in which they booted."""
    if not network.active or not _servers(network):
        return
    found = [
        client
        for record in session.all()
        if record.active and record.facts.links and guest.booted(host, record)
        for client in _clients(host, record, network)
    ]
    for client in sorted(found, key=lambda client: -client.since):
        _serve(network, client, host.now())


def leave(host: Host, session: Session, record: DomainRecord) -> None:
    """Keep the leases of a guest that goes: they last until they expire."""
    if not guest.booted(host, record):
        return
    for network in networks(host, session):
        if network.active and _servers(network):
            for client in _clients(host, record, network):
                _serve(network, client, host.now())


def _clients(host: Host, record: DomainRecord, network: NetworkRecord) -> Iterator[Client]:
    manners = guest.of(host, record)
    since = guest.uptime(host, record) - manners.boot_time
    hostname = manners.hostname or record.name
    for interface in nics(record.document.tree(), network):
        yield Client(mac_of(interface), hostname, since)


def _servers(network: NetworkRecord) -> list[etree._Element]:
    """Return the ip elements of *network* that give addresses: one a family."""
    return [ip for ip in network.tree.iterfind("ip") if ip.find("dhcp") is not None]


def _serve(network: NetworkRecord, client: Client, now: float) -> None:
    """Give *client* its addresses, or renew them: a client asks when half of the time has passed."""
    for ip in _servers(network):
        six = addressing.family_of(ip) == _SIX
        kind = c.VIR_IP_ADDR_TYPE_IPV6 if six else c.VIR_IP_ADDR_TYPE_IPV4
        old = next(
            (each for each in network.leases if (each["mac"], each["type"]) == (client.mac, kind)), None
        )
        reserved = next((each for each in ip.iterfind("dhcp/host") if _is_for(each, client)), None)
        if reserved is None:
            address, length = _address(network, ip, old, now)
        else:
            address, length = reserved.get("ip"), _length(reserved)
        if old is not None:
            network.leases.remove(old)
        if address is None:
            continue
        lease = {
            "type": kind,
            "mac": client.mac,
            "ipaddr": address,
            "hostname": client.hostname if reserved is None else reserved.get("name", client.hostname),
            "clientid": f"{'00:03:00:01' if six else '01'}:{client.mac}",
            "iaid": str(int(client.mac.replace(":", "")[4:], 16)) if six else None,
            "expirytime": int(now - client.since % (length / 2) + length) if length else 0,
        }
        network.leases = [each for each in network.leases if each["ipaddr"] != address]
        network.leases.append(lease)


def _address(
    network: NetworkRecord, ip: etree._Element, old: Lease | None, now: float
) -> tuple[str | None, int]:
    """Return an address of a range, None if there is none left, and how long it is given for."""
    held = {each.get("ip") for each in ip.iterfind("dhcp/host")} | {ip.get("address")}
    others = [each for each in network.leases if each is not old]
    taken = held | {each["ipaddr"] for each in others if _lasts(each, now)}
    once = taken | {each["ipaddr"] for each in others}
    for each in ip.iterfind("dhcp/range"):
        if old is not None and old["ipaddr"] not in taken and _within(old["ipaddr"], each):
            return old["ipaddr"], _length(each)
    for used in (once, taken):  # a fresh one, else one whose lease is over
        for each in ip.iterfind("dhcp/range"):
            free = next((text for text in _all(each) if text not in used), None)
            if free is not None:
                return free, _length(each)
    return None, 0


def _is_for(reserved: etree._Element, client: Client) -> bool:
    mac, identity, name = (reserved.get(key) for key in ("mac", "id", "name"))
    if mac is not None:
        return values.mac(mac) == client.mac
    if identity is not None and identity.lower() == f"00:03:00:01:{client.mac}":
        return True
    return name is not None and name == client.hostname


def _ends(given: etree._Element) -> tuple[values.Address, values.Address]:
    return ipaddress.ip_address(given.get("start", "")), ipaddress.ip_address(given.get("end", ""))


def _within(text: str, given: etree._Element) -> bool:
    start, end = _ends(given)
    return start.version == ipaddress.ip_address(text).version and int(start) <= int(
        ipaddress.ip_address(text)
    ) <= int(end)


def _all(given: etree._Element) -> Iterator[str]:
    start, end = _ends(given)
    return (str(start + offset) for offset in range(int(end) - int(start) + 1))


def _length(given: etree._Element) -> int:
    """Return for how many seconds a range or a reservation gives an address; 0: for ever."""
    lease = given.find("lease")
    if lease is None:
        return _USUAL
    return int(lease.get("expiry", "0")) * _UNITS[lease.get("unit", "minutes")]


def _lasts(lease: Lease, now: float) -> bool:
    return not lease["expirytime"] or bool(lease["expirytime"] >= int(now))


def given_out(host: Host, session: Session, network: NetworkRecord, mac: str | None = None) -> list[Lease]:
    """Return the leases of *network* that last, as libvirt tells of them: all, or those of one *mac*."""
    renew(host, session, network)
    bridge = network.tree.find("bridge")
    prefixes: dict[int, int] = {}
    for ip in network.tree.iterfind("ip"):
        six = addressing.family_of(ip) == _SIX
        kind = c.VIR_IP_ADDR_TYPE_IPV6 if six else c.VIR_IP_ADDR_TYPE_IPV4
        prefixes.setdefault(kind, int(ip.get("prefix", "0")) if six else addressing.prefix_of(ip))
    return [
        {
            "iface": None if bridge is None else bridge.get("name"),
            "expirytime": lease["expirytime"],
            "type": lease["type"],
            "mac": lease["mac"],
            "ipaddr": lease["ipaddr"],
            "prefix": prefixes.get(lease["type"], 0),
            "hostname": lease["hostname"],
            "clientid": lease["clientid"],
            "iaid": lease["iaid"],
        }
        for lease in network.leases
        if _lasts(lease, host.now()) and mac in {None, lease["mac"]}
    ]


@gives_addresses
def addresses(
    host: Host, session: Session, record: DomainRecord, interface: etree._Element
) -> list[tuple[str, str, int]]:
    """Return the addresses (family, address, prefix) that *interface* of a domain got from a network."""
    if interface.get("type") == "user":
        return [("ipv4", "10.0.2.15", 24)]
    mac = mac_of(interface)
    return [
        ("ipv6" if lease["type"] == c.VIR_IP_ADDR_TYPE_IPV6 else "ipv4", lease["ipaddr"], lease["prefix"])
        for network in networks(host, session)
        if any(each is interface for each in nics(record.document.tree(), network))
        for lease in given_out(host, session, network, mac)
    ]


def _shown(interface: etree._Element, found: list[dict[str, Any]]) -> dict[str, Any]:
    name = values.filled_text(interface, "target/@dev")
    return {str(name): {"addrs": found or None, "hwaddr": mac_of(interface)}}


def by_lease(host: Host, session: Session, record: DomainRecord) -> dict[str, Any]:
    """Return the addresses of a domain's interfaces as its networks' leases tell of them."""
    shown: dict[str, Any] = {}
    for interface in record.document.tree().iterfind("devices/interface"):
        if interface.get("type") != "network":
            continue
        network = required(host, session, values.filled_text(interface, "source/@network") or "")
        found = [
            {"addr": lease["ipaddr"], "prefix": lease["prefix"], "type": lease["type"]}
            for lease in given_out(host, session, network, mac_of(interface))
        ]
        if found:
            shown.update(_shown(interface, found))
    return shown


def hostname(host: Host, session: Session, record: DomainRecord) -> str | None:
    """Return the name that the guest of *record* gave with its request for an address."""
    for interface in record.document.tree().iterfind("devices/interface"):
        if interface.get("type") != "network":
            continue
        network = required(host, session, values.filled_text(interface, "source/@network") or "")
        for lease in given_out(host, session, network, mac_of(interface)):
            name: str = lease["hostname"]
            return name
    return None


def by_arp(host: Host, session: Session, record: DomainRecord) -> dict[str, Any]:
    """Return the IPv4 addresses of a domain's interfaces with which the host has spoken."""
    shown: dict[str, Any] = {}
    for interface in record.document.tree().iterfind("devices/interface"):
        if interface.get("type") == "user":
            continue
        found = [
            {"addr": address, "prefix": 0, "type": c.VIR_IP_ADDR_TYPE_IPV4}
            for family, address, _ in addresses(host, session, record, interface)
            if family == "ipv4"
        ]
        if found:
            shown.update(_shown(interface, found))
    return shown


def invented(host: Host, session: Session, record: DomainRecord) -> dict[str, Any]:
    """Return the addresses that the test driver makes up for a domain's interfaces."""
    shown: dict[str, Any] = {}
    for number, interface in enumerate(record.document.tree().iterfind("devices/interface"), 1):
        found = {"addr": f"192.168.0.{number}", "prefix": 24, "type": c.VIR_IP_ADDR_TYPE_IPV4}
        if interface.get("type") == "network":
            network = required(host, session, values.filled_text(interface, "source/@network") or "")
            ip = network.tree.find("ip")
            if ip is not None:
                found = _counted(ip, 20 * (record.id - 1) + number)
        shown.update(_shown(interface, [found]))
    return shown


def _counted(ip: etree._Element, offset: int) -> dict[str, Any]:
    first = ip.find("dhcp/range")
    start = ipaddress.ip_address((ip.get("address") if first is None else first.get("start")) or "")
    six = ip.get("family") == "ipv6"
    kind = c.VIR_IP_ADDR_TYPE_IPV6 if six else c.VIR_IP_ADDR_TYPE_IPV4
    return {"addr": str(start + offset), "prefix": addressing.prefix_of(ip), "type": kind}
