"""Checkpoints of domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine import documents
from tests.machine.domains import lifecycle_events
from tests.machine.domains import summary as domains_summary
from tests.machine.kinds import Family, Kind, Step, calls, flags, some
from tests.machine.snapshots import DOMAINS, NAMED, NAMES, SNAPSHOTS, document, named

if TYPE_CHECKING:
    from tests.machine.side import Side

_CHECKPOINT = st.one_of(
    st.builds(
        document,
        st.just("domaincheckpoint"),
        NAMED,
        some(
            "",
            "<description>d</description>",
            "<disks><disk name='vda'/></disks>",
            "<disks><disk name='vda' checkpoint='bitmap' bitmap='b'/></disks>",
            "<disks><disk name='vda' checkpoint='no'/></disks>",
            "<disks><disk name='bogus'/></disks>",
        ),
    ),
    some("<domaincheckpoint", "", "<domain/>", None),
)
_DOMAIN: dict[str, tuple[Any, ...]] = {
    "checkpointCreateXML": (_CHECKPOINT, flags(1, 2, 4)),
    "listAllCheckpoints": (flags(1, 2, 4, 8, 16, 32),),
    "checkpointLookupByName": (some(*NAMES, "none", None), flags(1)),
    "create": (),
    "destroy": (),
    "suspend": (),
    "undefine": (),
    "undefineFlags": (flags(1, 2, 16),),
    "snapshotCreateXML": (some("<domainsnapshot><name>s1</name></domainsnapshot>"), flags(4, 8)),
}
_CHECK: dict[str, tuple[Any, ...]] = {
    "checkpoint.delete": (flags(1, 2, 4),),
    "checkpoint.getName": (),
    "checkpoint.getParent": (flags(1),),
    "checkpoint.getXMLDesc": (flags(1, 2, 4),),
    "checkpoint.listAllChildren": (flags(1, 2, 4, 8),),
}


def _summary(side: Side) -> Any:
    known = domains_summary(side)
    for domain in side.conn.listAllDomains():
        found = {each.getName(): each.getXMLDesc(0) for each in domain.listAllCheckpoints()}
        known[domain.name()]["checkpoints"] = found
    return known


checkpoints = Family(
    "checkpoints",
    (
        *calls("domain", _DOMAIN, 3),
        *named("checkpoint", _CHECK),
        Kind("checkpoints.defineXML", "connection", "defineXML", (documents.good,)),
    ),
    {"domain": DOMAINS, "checkpoint": SNAPSHOTS},
    some(
        [],
        [
            Step(
                "checkpointCreateXML",
                "test",
                "fresh",
                ("<domaincheckpoint><name>s1</name></domaincheckpoint>", 0),
            )
        ],
    ),
    _summary,
    lifecycle_events,
)
