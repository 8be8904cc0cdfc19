"""A network's way in, on, off and out."""

from __future__ import annotations

import ipaddress
from copy import deepcopy
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.network import addressing
from virtkit.fake.network.forward import OWN_BRIDGE, mode_of
from virtkit.fake.network.records import FROM, NetworkRecord, announce, by_name, networks, text_of, tree_of
from virtkit.fake.network.values import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_NAT_PORTS = {"start": "1024", "end": "65535"}
_VIRTUAL_FUNCTIONS = 7  # of a device that a network's pool is made of


def bridges(host: Host, session: Session, *, but: str) -> set[str]:
    """Return the bridges of the networks that are not called *but*."""
    texts = [
        text
        for record in networks(host, session)
        if record.name != but
        for text in (record.definition, record.saved)
        if text is not None
    ]
    found = {bridge.get("name") for text in texts if (bridge := tree_of(text).find("bridge")) is not None}
    return {name for name in found if name is not None}


def check_clash(host: Host, session: Session, tree: etree._Element, *, live: bool) -> NetworkRecord | None:
    """Return the network that *tree* describes, None if it is new.

    Raises:
        libvirtError: another network has its name or its UUID; or it is active, and *live* is wanted.
    """
    name, uuid = tree.findtext("name") or "", tree.findtext("uuid") or ""
    named = by_name(host, session, name)  # first: it also makes the networks that every host has
    record = session.object(NetworkRecord, uuid)
    if record is None:
        if named is not None:
            message = f"network '{name}' already exists with uuid {named.key}"
            fail(c.VIR_ERR_OPERATION_FAILED, FROM, message)
    elif record.name != name:
        message = f"network '{record.name}' is already defined with uuid {record.key}"
        fail(c.VIR_ERR_OPERATION_FAILED, FROM, message)
    elif live and record.active:
        fail(c.VIR_ERR_OPERATION_INVALID, FROM, f"network is already active as '{name}'")
    return record


def assign(host: Host, session: Session, tree: etree._Element, *, live: bool) -> NetworkRecord:
    """Give the network that *tree* describes its document: the *live* one, or that of the next start.

    Raises:
        libvirtError: as ``check_clash``.
    """
    record = check_clash(host, session, tree, live=live)
    text = text_of(tree)
    if record is None:
        record = NetworkRecord(tree.findtext("uuid") or "", tree.findtext("name") or "", text)
        record.persistent = not live
        session.put(record)
    elif live:
        if record.persistent and record.saved is None:
            record.saved = record.definition
        record.definition = text
    else:
        _save(record, text)
    return record


def _save(record: NetworkRecord, text: str) -> None:
    if record.active or not record.persistent:
        record.saved = text
    else:
        record.definition, record.saved = text, None
    record.persistent = True


def check_start(host: Host, session: Session, tree: etree._Element) -> None:
    """Refuse to start a network whose addresses another active one has."""
    if mode_of(tree) not in OWN_BRIDGE:
        return
    own = [addressing.net_of(ip) for ip in tree.iterfind("ip")]
    routes = [_route_net(route) for route in tree.iterfind("route")]
    for bridge, taken in _taken(host, session, tree.findtext("uuid") or ""):
        if taken in own:
            fail(
                c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, f"Network is already in use by interface {bridge}"
            )
        if taken in routes:
            message = f"Route address '{taken.network_address}' conflicts with IP address for '{bridge}'"
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, message)


def _taken(host: Host, session: Session, but: str) -> Iterator[tuple[str, ipaddress.IPv4Network]]:
    """Yield which device of the host leads to which IPv4 network."""
    for record in networks(host, session):
        if not record.active or record.key == but or mode_of(record.tree) not in OWN_BRIDGE:
            continue
        bridge = record.tree.find("bridge")
        name = "" if bridge is None else bridge.get("name", "")
        found = [addressing.net_of(ip) for ip in record.tree.iterfind("ip")]
        found += [_route_net(route) for route in record.tree.iterfind("route")]
        yield from ((name, net) for net in found if isinstance(net, ipaddress.IPv4Network))


def _route_net(route: etree._Element) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    length = route.get("netmask") or route.get("prefix") or "0"
    return ipaddress.ip_network(f"{route.get('address')}/{length}", strict=False)


def start(session: Session, record: NetworkRecord) -> None:
    """Start a network that may start."""
    if record.persistent and record.saved is None:
        record.saved = record.definition
    record.definition = started(record.definition)
    record.active = True
    record.ports.clear()
    announce(session, record, c.VIR_NETWORK_EVENT_STARTED)


def started(text: str) -> str:
    """Return the live document of a network started from *text*."""
    tree = deepcopy(tree_of(text))
    forward = tree.find("forward")
    if forward is None:
        return text
    if forward.get("mode") == "nat":
        _give_ports(tree, forward)
    _give_pool(forward)
    return text_of(tree)


def _give_ports(tree: etree._Element, forward: etree._Element) -> None:
    nat = forward.find("nat")
    four = any(addressing.family_of(ip) == 4 for ip in tree.iterfind("ip"))
    if not four and (nat is None or nat.get("ipv6") != "yes"):
        return
    if nat is None:
        nat = make("nat")
        driver = forward.find("driver")
        forward.insert(0 if driver is None else 1, nat)
    if nat.find("port") is None:
        nat.append(make("port", dict(_NAT_PORTS)))


def _give_pool(forward: etree._Element) -> None:
    """List the virtual functions of the device that a pool is made of."""
    function = forward.find("pf")
    if function is None:
        return
    dev = function.get("dev", "")
    for number in range(_VIRTUAL_FUNCTIONS):
        if forward.get("mode") == "hostdev":
            place = {"domain": "0x0000", "bus": "0x03", "slot": "0x10", "function": f"0x{number}"}
            forward.append(make("address", {"type": "pci", **place}))
        else:
            forward.append(make("interface", {"dev": f"{dev}v{number}"}))


def stop(session: Session, record: NetworkRecord) -> None:
    """Stop an active network, and forget it if that was all it had."""
    record.active = False
    if record.saved is not None:
        record.definition, record.saved = record.saved, None
    record.ports.clear()
    announce(session, record, c.VIR_NETWORK_EVENT_STOPPED)
    if not record.persistent:
        session.drop(record)
