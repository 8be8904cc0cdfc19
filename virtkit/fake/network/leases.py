"""What is known of guests' addresses: by the networks' leases, by what the host saw, or made up."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.guest.addresses import gives_addresses
from virtkit.fake.network import addressing, server, values
from virtkit.fake.network.records import NetworkRecord, networks, required

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.network.server import Lease
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_SIX = 6


def leave(host: Host, session: Session, record: DomainRecord) -> None:
    """Keep the leases of a guest that goes: they last until they expire."""
    names = {name for kind, name in record.facts.links if kind == "network"}
    bridged = any(kind == "bridge" for kind, _ in record.facts.links)
    for network in networks(host, session):
        if network.name in names or bridged:
            server.renew_for(host, session, network, record)


def given_out(host: Host, session: Session, network: NetworkRecord, mac: str | None = None) -> list[Lease]:
    """Return the leases of *network* that last, as libvirt tells of them: all, or those of one *mac*."""
    server.renew(host, session, network)
    return list(_told(host, network, mac))


def _told(host: Host, network: NetworkRecord, mac: str | None) -> Iterator[Lease]:
    bridge = values.filled_text(network.tree, "bridge/@name")
    prefixes: dict[int, int] = {}
    for ip in network.tree.iterfind("ip"):
        six = addressing.family_of(ip) == _SIX
        kind = c.VIR_IP_ADDR_TYPE_IPV6 if six else c.VIR_IP_ADDR_TYPE_IPV4
        prefixes.setdefault(kind, int(ip.get("prefix", "0")) if six else addressing.prefix_of(ip))
    now = host.now()
    for lease in network.leases:
        if mac in {None, lease["mac"]} and server.lasts(lease, now):
            yield {
                "iface": bridge,
                "expirytime": lease["expirytime"],
                "type": lease["type"],
                "mac": lease["mac"],
                "ipaddr": lease["ipaddr"],
                "prefix": prefixes.get(lease["type"], 0),
                "hostname": lease["hostname"],
                "clientid": lease["clientid"],
                "iaid": lease["iaid"],
            }


@gives_addresses
def addresses(
    host: Host, session: Session, record: DomainRecord, interface: etree._Element
) -> list[tuple[str, str, int]]:
    """Return the addresses (family, address, prefix) that *interface* of a domain got from a network."""
    if interface.get("type") == "user":
        return [("ipv4", "10.0.2.15", 24)]
    mac, found = server.mac_of(interface), []
    for network in networks(host, session):
        if any(server.mac_of(each) == mac for each in server.nics(server.source_of(record), network)):
            server.renew_for(host, session, network, record)
            found += list(_told(host, network, mac))
    return [
        ("ipv6" if lease["type"] == c.VIR_IP_ADDR_TYPE_IPV6 else "ipv4", lease["ipaddr"], lease["prefix"])
        for lease in found
    ]


def _shown(interface: etree._Element, found: list[dict[str, Any]]) -> dict[str, Any]:
    name = values.filled_text(interface, "target/@dev")
    return {str(name): {"addrs": found or None, "hwaddr": server.mac_of(interface)}}


def _networked(
    host: Host, session: Session, record: DomainRecord
) -> Iterator[tuple[etree._Element, list[Lease]]]:
    """Yield a domain's interfaces of the type ``network`` with the leases that they have."""
    for interface in record.document.tree().iterfind("devices/interface"):
        name = values.filled_text(interface, "source/@network")
        if name is not None:
            network = required(host, session, name)
            server.renew_for(host, session, network, record)
            yield interface, list(_told(host, network, server.mac_of(interface)))


def by_lease(host: Host, session: Session, record: DomainRecord) -> dict[str, Any]:
    """Return the addresses of a domain's interfaces as its networks' leases tell of them."""
    shown: dict[str, Any] = {}
    for interface, leases in _networked(host, session, record):
        found = [
            {"addr": lease["ipaddr"], "prefix": lease["prefix"], "type": lease["type"]} for lease in leases
        ]
        if found:
            shown.update(_shown(interface, found))
    return shown


def hostname(host: Host, session: Session, record: DomainRecord) -> str | None:
    """Return the name that the guest of *record* gave with its request for an address."""
    names = (lease["hostname"] for _, leases in _networked(host, session, record) for lease in leases)
    return next(names, None)


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
    prefix = addressing.prefix_of(ip)
    if ip.get("family") != "ipv6":
        return {"addr": str(start + offset), "prefix": prefix, "type": c.VIR_IP_ADDR_TYPE_IPV4}
    *upper, last = start.packed  # of which it counts the last byte only
    address = ipaddress.ip_address(bytes((*upper, (last + offset) % 256)))
    return {"addr": str(address), "prefix": prefix, "type": c.VIR_IP_ADDR_TYPE_IPV6}
