"""What a domain needs of the host's networks and filters when it starts, and leaves when it stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.network import leases, ports
from virtkit.fake.network.records import FROM, required

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.document import Document
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
        if kind != "network":
            continue
        network = required(host, session, name)
        if not network.active:
            fail(c.VIR_ERR_OPERATION_INVALID, FROM, f"network '{name}' is not active")
        ports.check(session, network, record, document.tree())
    if facts.filters:
        from virtkit.fake.nwfilter.records import require_filter

        for reference in document.tree().iterfind("devices/interface/filterref[@filter]"):
            given = [each.get("name", "") for each in reference.iterfind("parameter")]
            require_filter(host, session, reference.get("filter", ""), given)


def leave(host: Host, session: Session, record: DomainRecord) -> None:
    """Keep what networks gave to the guest of *record*, which is about to stop."""
    if host.personality.guest_decides:
        leases.leave(host, session, record)
