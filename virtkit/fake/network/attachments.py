"""What a domain needs of the host's networks and filters when it starts, and leaves when it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.grants import port_id
from virtkit.fake.network import leases, ports, server, values
from virtkit.fake.network.forward import OWN_BRIDGE, mode_of
from virtkit.fake.network.records import FROM, by_name, required

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.network.records import NetworkRecord
    from virtkit.fake.state.document import Document, Facts
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


def require(host: Host, session: Session, record: DomainRecord, document: Document) -> None:
    """Refuse to start *record* from *document* where a network is missing or off, or a filter missing.

    Raises:
        libvirtError: what QEMU's driver says; the test driver does not look.
    """
    if not host.personality.guest_decides:
        return
    facts = document.facts()
    for kind, name in facts.links:
        if kind == "network":
            network = _active(host, session, name)
            ports.check(session, network, record, list(server.nics(document.tree(), network)))
    if facts.filters:
        for interface in document.tree().iterfind("devices/interface"):
            _require_filter(host, session, interface)


def _active(host: Host, session: Session, name: str) -> NetworkRecord:
    network = required(host, session, name)
    if not network.active:
        fail(c.VIR_ERR_OPERATION_INVALID, FROM, f"network '{name}' is not active")
    return network


def _require_filter(host: Host, session: Session, interface: etree._Element) -> None:
    from virtkit.fake.nwfilter.records import require_filter

    reference = interface.find("filterref[@filter]")
    if reference is not None:
        given = [each.get("name", "") for each in reference.iterfind("parameter")]
        require_filter(host, session, reference.get("filter", ""), given)


def plug_in(host: Host, session: Session, record: DomainRecord, interface: etree._Element) -> None:
    """Have a new *interface* of the running *record* say where it is plugged in.

    Raises:
        libvirtError: as ``require``.
    """
    if not host.personality.guest_decides:
        return
    source = interface.find("source")
    name = None if source is None else source.get("network")
    if source is not None and name is not None:
        network = _active(host, session, name)
        ports.check(session, network, record, [interface])
        source.set("portid", port_id(record.uuid, record.id, server.mac_of(interface)))
        bridge = values.filled_text(network.tree, "bridge/@name")
        if bridge is not None:
            source.set("bridge", bridge)
    _require_filter(host, session, interface)


def plugs(host: Host, session: Session, facts: Facts) -> dict[str, dict[str, str]]:
    """Return what the live document says of the networks that a domain is on, by their names."""
    found = {}
    for kind, name in facts.links:
        network = by_name(host, session, name) if kind == "network" else None
        bridge = None if network is None else network.tree.find("bridge[@name]")
        if network is not None and bridge is not None:
            own = mode_of(network.tree) in OWN_BRIDGE
            found[name] = {"type": "network" if own else "bridge", "bridge": bridge.get("name", "")}
            manager = bridge.get("macTableManager")
            if manager is not None:
                found[name]["macTableManager"] = manager
    return found


def leave(host: Host, session: Session, record: DomainRecord) -> None:
    """Keep what networks gave to the guest of *record*, which is about to stop."""
    if host.personality.guest_decides:
        leases.leave(host, session, record)
