"""Which addresses a guest has on which interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from virtkit.fake.guest.life import booted
from virtkit.fake.statistics import interface_counters

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Leases(Protocol):
    """Says which addresses the networks of a host gave an interface: (family, address, prefix)."""

    def __call__(
        self, host: Host, session: Session, record: DomainRecord, interface: etree._Element, /
    ) -> list[tuple[str, str, int]]:
        """Return them; none if the interface is on no network that gives any."""


_sources: list[Leases] = []


def gives_addresses(leases: Leases) -> Leases:
    """Have guests ask *leases* for their addresses too."""
    _sources.append(leases)
    return leases


def interfaces(host: Host, session: Session, record: DomainRecord) -> list[dict[str, Any]]:
    """Return a guest's interfaces as its agent tells of them: loopback, then one for each of the domain's."""
    loopback = [_told("ipv4", "127.0.0.1", 8), _told("ipv6", "::1", 128)]
    found = [_interface("lo", "00:00:00:00:00:00", loopback, record, 0.0)]
    for number, interface in enumerate(record.document.tree().iterfind("devices/interface")):
        mac = interface.find("mac")
        hardware = "" if mac is None else mac.get("address", "")
        addresses = []
        if booted(host, record):
            leases = [lease for source in _sources for lease in source(host, session, record, interface)]
            addresses = [_told(*lease) for lease in leases]
            addresses.append(_told("ipv6", link_local(hardware), 64))
        found.append(_interface(f"eth{number}", hardware, addresses, record, host.now()))
    return found


def _told(family: str, address: str, prefix: int) -> dict[str, Any]:
    return {"ip-address-type": family, "ip-address": address, "prefix": prefix}


def _interface(
    name: str, mac: str, addresses: list[dict[str, Any]], record: DomainRecord, now: float
) -> dict[str, Any]:
    counted = interface_counters(record, now) if now else (0,) * 8
    keys = ("bytes", "packets", "errs", "dropped")
    statistics = {
        f"{way}-{key}": counted[4 * turn + place]
        for turn, way in enumerate(("rx", "tx"))
        for place, key in enumerate(keys)
    }
    found = {"name": name, "hardware-address": mac, "statistics": statistics}
    return {**found, "ip-addresses": addresses} if addresses else found


def link_local(mac: str) -> str:
    """Return the IPv6 address that an interface with *mac* gives itself."""
    parts = [int(part, 16) for part in mac.split(":")]
    parts[0] ^= 2
    parts[3:3] = [0xFF, 0xFE]
    groups = [f"{high << 8 | low:x}" for high, low in zip(parts[::2], parts[1::2], strict=True)]
    import ipaddress

    return str(ipaddress.IPv6Address("fe80::" + ":".join(groups)))
