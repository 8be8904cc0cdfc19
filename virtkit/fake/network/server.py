"""A network's DHCP server: who asks it, which address it gives, and until when."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from virtkit.fake import constants as c
from virtkit.fake import guest
from virtkit.fake.network import addressing, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.network.records import NetworkRecord
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

Lease: TypeAlias = "dict[str, Any]"

_USUAL = 3600  # seconds that dnsmasq gives a lease for, unless it is told otherwise
_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}
_SIX = 6
_MOST_KEPT = 1024


class Client(NamedTuple):
    """A guest's interface as the server sees it; *since*: for how many seconds the guest has been up."""

    mac: str
    hostname: str
    since: float


def source_of(record: DomainRecord) -> etree._Element:
    """Return the document of a running domain: without what its start added, where that is known."""
    document = record.document
    return (document.derived_from or document).tree()


def nics(tree: etree._Element, network: NetworkRecord) -> Iterator[etree._Element]:
    """Yield the interfaces of the domain *tree* that are on *network*."""
    name = values.filled_text(network.tree, "bridge/@name")
    for interface in tree.iterfind("devices/interface"):
        source = interface.find("source")
        if source is None:
            continue
        wanted = source.get("network")
        bridged = wanted is None and interface.get("type") == "bridge" and source.get("bridge") == name
        if wanted == network.name or (bridged and name is not None):
            yield interface


def mac_of(interface: etree._Element) -> str:
    """Return the MAC address of a domain's interface."""
    mac = interface.find("mac")
    return "" if mac is None else mac.get("address", "")


def renew(host: Host, session: Session, network: NetworkRecord) -> None:
    """Bring the leases of *network* up to date: what guests asked for, in the order in which they booted."""
    if not network.active:
        return
    found = [
        client
        for record in session.all()
        if record.active and record.facts.links
        for client in _clients(host, record, network)
    ]
    _serve(network, sorted(found, key=lambda client: -client.since), host.now())


def renew_for(host: Host, session: Session, network: NetworkRecord, record: DomainRecord) -> None:
    """Bring the leases of *record*'s guest up to date; all, if it has none yet: others may be first."""
    if not network.active:
        return
    clients = list(_clients(host, record, network))
    known = {lease["mac"] for lease in network.leases}
    if all(client.mac in known for client in clients):
        _serve(network, clients, host.now())
    else:
        renew(host, session, network)


def _clients(host: Host, record: DomainRecord, network: NetworkRecord) -> Iterator[Client]:
    if not guest.booted(host, record):
        return
    manners = guest.of(host, record)
    since = guest.uptime(host, record) - manners.boot_time
    hostname = manners.hostname or record.name
    for interface in nics(source_of(record), network):
        yield Client(mac_of(interface), hostname, max(since, 0.0))


def _serve(network: NetworkRecord, clients: list[Client], now: float) -> None:
    if not clients:
        return
    for ip in network.tree.iterfind("ip"):
        if ip.find("dhcp") is not None:
            server = _Server(network, ip, now)
            for client in clients:
                server.serve(client)
            network.leases = server.leases()


class _Server:
    """Gives the addresses of one family for the length of one call."""

    def __init__(self, network: NetworkRecord, ip: etree._Element, now: float) -> None:
        six = addressing.family_of(ip) == _SIX
        self._kind = c.VIR_IP_ADDR_TYPE_IPV6 if six else c.VIR_IP_ADDR_TYPE_IPV4
        self._now = now
        self._others = [lease for lease in network.leases if lease["type"] != self._kind]
        self._leases = {lease["mac"]: lease for lease in network.leases if lease["type"] == self._kind}
        self._owners = {lease["ipaddr"]: lease["mac"] for lease in self._leases.values()}
        self._hosts = ip.findall("dhcp/host")
        self._ranges = ip.findall("dhcp/range")
        self._held = {each.get("ip") for each in self._hosts} | {ip.get("address")}
        self._fresh, self._used = (self._addresses(fresh=fresh) for fresh in (True, False))

    def leases(self) -> list[Lease]:
        """Return all leases of the network, those just given last."""
        return [*self._others, *self._leases.values()]

    def serve(self, client: Client) -> None:
        """Give *client* its address, or renew it: a client asks when half of the time has passed."""
        old = self._leases.pop(client.mac, None)
        reserved = next((each for each in self._hosts if _is_for(each, client)), None)
        address, length = self._free(old) if reserved is None else (reserved.get("ip"), _length(reserved))
        if old is not None and self._owners.get(old["ipaddr"]) == client.mac:
            del self._owners[old["ipaddr"]]
        if address is None:
            return
        former = self._owners.get(address)
        if former is not None:
            self._leases.pop(former, None)
        six = self._kind == c.VIR_IP_ADDR_TYPE_IPV6
        named = None if reserved is None else reserved.get("name")
        self._owners[address] = client.mac
        self._leases[client.mac] = {
            "type": self._kind,
            "mac": client.mac,
            "ipaddr": address,
            "hostname": named or client.hostname,
            "clientid": f"{'00:03:00:01' if six else '01'}:{client.mac}",
            "iaid": str(int(client.mac.replace(":", "")[4:], 16)) if six else None,
            "expirytime": int(self._now - client.since % (length / 2) + length) if length else 0,
        }

    def _free(self, old: Lease | None) -> tuple[str | None, int]:
        """Return the address of *old* if the server still gives it, else a free one; and for how long."""
        if old is not None and old["ipaddr"] not in self._held:
            kept = next((each for each in self._ranges if _within(old["ipaddr"], each)), None)
            if kept is not None:
                return old["ipaddr"], _length(kept)
        return next(self._fresh, None) or next(self._used, None) or (None, 0)

    def _addresses(self, *, fresh: bool) -> Iterator[tuple[str, int]]:
        """Yield addresses that nobody has: those that nobody had, or those whose lease is over."""
        now = int(self._now)
        over = {lease["ipaddr"] for lease in self._leases.values() if 0 < lease["expirytime"] < now}
        if not (fresh or over):
            return
        for given in self._ranges:
            length = _length(given)
            for address in _all(given.get("start", ""), given.get("end", "")):
                wanted = address not in self._owners if fresh else address in over
                if wanted and address not in self._held:
                    yield address, length


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
    (start, end), address = _ends(given), ipaddress.ip_address(text)
    return start.version == address.version and int(start) <= int(address) <= int(end)


def _all(first: str, last: str) -> Iterable[str]:
    """Return the addresses from *first* to *last*: those of a usual range are kept, as asked for often."""
    start, end = ipaddress.ip_address(first), ipaddress.ip_address(last)
    size = int(end) - int(start) + 1
    return _few(first, size) if size <= _MOST_KEPT else (str(start + each) for each in range(size))


@lru_cache(maxsize=16)
def _few(first: str, size: int) -> tuple[str, ...]:
    start = ipaddress.ip_address(first)
    return tuple(str(start + each) for each in range(size))


def _length(given: etree._Element) -> int:
    """Return for how many seconds a range or a reservation gives an address; 0: for ever."""
    lease = given.find("lease")
    if lease is None:
        return _USUAL
    return int(lease.get("expiry", "0")) * _UNITS[lease.get("unit", "minutes")]


def lasts(lease: Lease, now: float) -> bool:
    """Return whether *lease* is not over."""
    return not lease["expirytime"] or bool(lease["expirytime"] >= int(now))
