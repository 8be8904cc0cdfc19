"""Snapshots of domains: their trees, reverting, deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine import documents
from tests.machine.domains import lifecycle_events
from tests.machine.domains import summary as domains_summary
from tests.machine.kinds import Family, Kind, Ref, Step, calls, flags, refs, some

if TYPE_CHECKING:
    from tests.machine.side import Side

DOMAINS = ("test", "a")
NAMES = ("s1", "s2", "s3")
SNAPSHOTS = tuple(f"{domain}/{name}" for domain in DOMAINS for name in NAMES)


def document(tag: str, name: str, inner: str) -> str:
    """Return the document of a snapshot or a checkpoint, which *tag* says."""
    return f"<{tag}>{name}{inner}</{tag}>"


NAMED = some(*(f"<name>{name}</name>" for name in NAMES), "<name>s1</name>", "<name>a/b</name>", "<name/>")
_SNAPSHOT = st.one_of(
    st.builds(
        document,
        st.just("domainsnapshot"),
        NAMED,
        some(
            "",
            "<description>d</description>",
            "<memory snapshot='no'/>",
            "<memory snapshot='internal'/>",
            "<memory snapshot='external' file='/m'/>",
            "<disks><disk name='vda' snapshot='internal'/></disks>",
            "<disks><disk name='vda' snapshot='external'/></disks>",
            "<disks><disk name='vda' snapshot='no'/></disks>",
            "<disks><disk name='bogus'/></disks>",
            "<memory snapshot='bogus'/>",
            "<parent><name>s1</name></parent>",
        ),
    ),
    some("<domainsnapshot", "", "<domain/>", None),
)
_CREATE = flags(*(1 << bit for bit in range(10)))
_LIST = flags(*(1 << bit for bit in range(11)))
_DOMAIN: dict[str, tuple[Any, ...]] = {
    "snapshotCreateXML": (_SNAPSHOT, _CREATE),
    "snapshotNum": (_LIST,),
    "listAllSnapshots": (_LIST,),
    "snapshotLookupByName": (some(*NAMES, "none", "", None), flags(1)),
    "hasCurrentSnapshot": (flags(1),),
    "snapshotCurrent": (flags(1),),
    "revertToSnapshot": (refs("snapshot", *SNAPSHOTS), flags(1, 2, 4, 8)),
    "create": (),
    "destroy": (),
    "suspend": (),
    "resume": (),
    "undefine": (),
    "undefineFlags": (flags(1, 2, 16),),
    "rename": (some("b", "a"), flags()),
    "snapshotCreateXML/wrong": (some(1, b"x"), some(0, "0")),
}
_SNAP: dict[str, tuple[Any, ...]] = {
    "snapshot.delete": (flags(1, 2, 4),),
    "snapshot.getName": (),
    "snapshot.getParent": (flags(1),),
    "snapshot.getXMLDesc": (flags(1, 2),),
    "snapshot.hasMetadata": (flags(1),),
    "snapshot.isCurrent": (flags(1),),
    "snapshot.listAllChildren": (_LIST,),
    "snapshot.numChildren": (_LIST,),
}


def named(target: str, table: dict[str, tuple[Any, ...]]) -> tuple[Kind, ...]:
    """Return the kinds of *table*, whose keys are the object and its method."""
    return tuple(Kind(name, target, name.split(".")[1], arguments) for name, arguments in table.items())


_SEEN = (
    Kind("snapshotListNames", "domain", "snapshotListNames", (_LIST,), see=sorted),
    Kind("snapshot.listChildrenNames", "snapshot", "listChildrenNames", (_LIST,), see=sorted),
)


def _summary(side: Side) -> Any:
    known = domains_summary(side)
    for domain in side.conn.listAllDomains():
        known[domain.name()]["snapshots"] = {
            snap.getName(): _snapshot(snap) for snap in domain.listAllSnapshots()
        }
    return known


def _snapshot(snapshot: Any) -> Any:
    return {"current": snapshot.isCurrent(), "XML": snapshot.getXMLDesc(0)}


def _define(body: str) -> list[Step]:
    return [Step("snapshots.defineXML", "", "", (documents.document("a", body),))]


_SETUP = some(
    [],
    [Step("snapshotCreateXML", "test", "fresh", ("<domainsnapshot><name>s1</name></domainsnapshot>", 0))],
    [
        Step("snapshotCreateXML", "test", "fresh", ("<domainsnapshot><name>s1</name></domainsnapshot>", 0)),
        Step("snapshotCreateXML", "test", "kept", ("<domainsnapshot><name>s2</name></domainsnapshot>", 0)),
        Step("revertToSnapshot", "test", "kept", (Ref("snapshot", "test/s1", "kept"), 0)),
    ],
)
snapshots = Family(
    "snapshots",
    (
        *calls("domain", _DOMAIN, 3),
        *named("snapshot", _SNAP),
        *_SEEN,
        Kind("snapshots.defineXML", "connection", "defineXML", (documents.good,)),
    ),
    {"domain": DOMAINS, "snapshot": SNAPSHOTS},
    st.one_of(_SETUP, st.sampled_from(list(documents.BODIES.values())).map(_define)),
    _summary,
    lifecycle_events,
)
