"""The connection and the host: what it is, what it can do, who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine import documents
from tests.machine.kinds import CONNECTION, Family, Kind, calls, flags, refs, some

if TYPE_CHECKING:
    from tests.machine.side import Side

_CPU = "<cpu><arch>x86_64</arch><model>{}</model><topology sockets='1' cores='1' threads='1'/></cpu>"
_CELLS = some(-1, 0, 1, 2, 5)
_CONN: dict[str, tuple[Any, ...]] = {
    "getType": (),
    "getVersion": (),
    "getLibVersion": (),
    "getHostname": (),
    "getURI": (),
    "getInfo": (),
    "getCapabilities": (),
    "getSysinfo": (flags(1),),
    "getMaxVcpus": (some("test", "qemu", "", None),),
    "getCPUMap": (flags(1),),
    "getCPUStats": (some(-1, 0, 1, 15, 16, -2), flags(1)),
    "getFreeMemory": (),
    "getCellsFreeMemory": (_CELLS, some(0, 1, 2, 5, -1)),
    "getFreePages": (some([4], [2048], [4, 2048, 8], [5], []), _CELLS, some(0, 1, 2, 3), flags(1)),
    "getSecurityModel": (),
    "getCPUModelNames": (some("x86_64", "i686", "armv7l", "bogus", "", None), flags(1)),
    "baselineCPU": (
        some(
            [_CPU.format("qemu64")],
            [_CPU.format("Nehalem"), _CPU.format("Westmere")],
            [_CPU.format("bogus")],
            ["<x"],
            [],
            None,
        ),
        flags(1, 2),
    ),
    "compareCPU": (some(_CPU.format("qemu64"), None), flags(1)),
    "isAlive": (),
    "isEncrypted": (),
    "isSecure": (),
    "setKeepAlive": (some(0, 5), some(0, 5)),
    "getMemoryStats": (some(-1, 0), flags(1)),
    "getMemoryParameters": (flags(1),),
    "getDomainCapabilities": (some(None, "/usr/bin/test-hv"), some(None), some(None), some("test"), flags(1)),
    "domainXMLFromNative": (some("qemu-argv"), some("x"), flags(1)),
    "domainXMLToNative": (some("qemu-argv"), some("<domain/>"), flags(1)),
    "suspendForDuration": (some(0, 1), some(0, 60), flags(1)),
    "listAllSecrets": (flags(1, 2),),
    "numOfSecrets": (),
    "listSecrets": (),
    "secretDefineXML": (some("<secret/>", None), flags(1)),
    "secretLookupByUUIDString": (some("x", None, "99999999-9999-9999-9999-999999999999"),),
    "secretLookupByUsage": (some(0, 1), some("x", None)),
    "listAllNWFilters": (flags(1),),
    "numOfNWFilters": (),
    "listNWFilters": (),
    "nwfilterLookupByName": (some("x", None),),
    "nwfilterLookupByUUIDString": (some("x", None),),
    "nwfilterDefineXML": (some("<filter/>", None),),
    "nwfilterDefineXMLFlags": (some("<filter/>"), flags(1)),
    "listAllNWFilterBindings": (flags(1),),
    "nwfilterBindingLookupByPortDev": (some("vnet0", None),),
    "nwfilterBindingCreateXML": (some("<x/>"), flags(1)),
    "getSEVInfo": (flags(1),),
    "allocPages": (some({2048: 1}), some(0), some(1), flags(1)),
    "getMaxVcpus/wrong": (some(1),),
    "getFreeMemory/wrong": (some(1),),
    "getCPUMap/wrong": (some("1", None),),
    "getInfo/wrong": (some(1),),
    "domainEventDeregisterAny": (some(999, -1),),
    "networkEventDeregisterAny": (some(999, -1),),
}


def _statistics(answer: Any) -> Any:
    return sorted((domain.name(), stats) for domain, stats in answer)


_STATS = flags(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_WHO = flags(1, 2, 4, 8, 16, 32, 64, 128, 1 << 30, 1 << 31)
_SEEN = (
    Kind("conn.getAllDomainStats", CONNECTION, "getAllDomainStats", (_STATS, _WHO), see=_statistics),
    Kind(
        "conn.domainListGetStats",
        CONNECTION,
        "domainListGetStats",
        (st.lists(refs("domain", "test", "a"), max_size=2), _STATS, _WHO),
        see=_statistics,
    ),
    Kind("connection.defineXML", CONNECTION, "defineXML", (documents.good,)),
    Kind("connection.create", "domain", "create"),
    Kind("connection.destroy", "domain", "destroy"),
)


def _summary(side: Side) -> Any:
    return sorted((domain.name(), domain.state()) for domain in side.conn.listAllDomains())


connection = Family(
    "connection",
    (*calls(CONNECTION, _CONN), *_SEEN),
    {"domain": ("test", "a")},
    st.just([]),
    _summary,
)
