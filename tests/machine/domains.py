"""Domains: their lifecycle, documents, resources, saved images and lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine import documents
from tests.machine.kinds import CONNECTION, Family, Kind, Step, calls, flags, some
from tests.machine.side import TMP, UUIDS

if TYPE_CHECKING:
    from tests.machine.side import Side

_AFFECT = flags(1, 2)
_MEMORY = some(0, 1024, 32768, 65536, 65537, 131072, 1 << 33)
_VCPUS = some(0, 1, 2, 3, 4, 5, 32, 33, -1)
_PATH = some(f"{TMP}/one", f"{TMP}/two", f"{TMP}/one", f"{TMP}/missing/three", TMP, "", None)
_URI = some("urn:m", "urn:n", None)
_ELEMENT = some("<x/>", "<y a='1'>z</y>", "<x><y/></x>", "no XML", "<x", "", None)
_NAME = some(*documents.NAMES, "c", "a/b", "", None)
_DISK = some("vda", "hdc", "/img/one", "/guest/diskimage1", "bogus", "", None)
_MAP = some((True, False), (False, False), (False, True, True), (True,) * 16, (True,) * 20, ())

_LIFECYCLE = {
    "create": (),
    "createWithFlags": (flags(1, 2, 4, 8, 16),),
    "destroy": (),
    "destroyFlags": (flags(1, 2),),
    "shutdown": (),
    "shutdownFlags": (flags(1, 2, 4),),
    "reboot": (flags(1, 2, 4),),
    "reset": (flags(1),),
    "suspend": (),
    "resume": (),
    "undefine": (),
    "undefineFlags": (flags(1, 2, 4, 8, 16),),
    "rename": (_NAME, flags(1)),
    "setAutostart": (some(0, 1, 2, -1),),
    "injectNMI": (flags(1),),
    "setLifecycleAction": (some(0, 1, 2, 3), some(0, 1, 2, 3, 4, 9), _AFFECT),
}
_SAVING = {
    "managedSave": (flags(1, 2, 4),),
    "managedSaveRemove": (flags(1),),
    "hasManagedSaveImage": (flags(1),),
    "managedSaveGetXMLDesc": (flags(1),),
    "managedSaveDefineXML": (documents.good, flags(2, 4)),
    "save": (_PATH,),
    "saveFlags": (_PATH, st.one_of(st.none(), documents.good), flags(1, 2, 4)),
    "saveParams": (some({}),),
    "coreDump": (_PATH, flags(1, 2, 4)),
    "coreDumpWithFormat": (_PATH, some(0, 1, 4, 9), flags(1, 2)),
}
_KNOWING = {
    "ID": (),
    "name": (),
    "UUIDString": (),
    "OSType": (),
    "state": (flags(1),),
    "isActive": (),
    "isPersistent": (),
    "isUpdated": (),
    "autostart": (),
    "XMLDesc": (flags(1, 2, 4, 8),),
    "maxMemory": (),
    "maxVcpus": (),
    "hostname": (flags(1, 2),),
    "controlInfo": (flags(1),),
    "sendKey": (some(0, 3, 99), some(0), some([28], [], [28, 29], [700]), some(1, 1, 0, 2), flags()),
    "getTime": (flags(1),),
    "setTime": (some({"seconds": 5000, "nseconds": 7}, {"seconds": 20000}, {"seconds": 40001}, {}), flags(1)),
    "blockInfo": (_DISK, flags(1)),
    "diskErrors": (flags(1),),
    "memoryStats": (),
    "interfaceAddresses": (some(0, 1, 2, 3), flags(1)),
    "schedulerType": (),
    "launchSecurityInfo": (flags(1),),
    "securityLabel": (),
    "messages": (flags(1, 2),),
}
_RESOURCES = {
    "setMemory": (_MEMORY,),
    "setMemoryFlags": (_MEMORY, flags(1, 2, 4)),
    "setMaxMemory": (_MEMORY,),
    "setMemoryStatsPeriod": (some(0, 5, -1), _AFFECT),
    "setVcpus": (_VCPUS,),
    "setVcpusFlags": (_VCPUS, flags(1, 2, 4, 8)),
    "vcpusFlags": (flags(1, 2, 4, 8),),
    "pinVcpu": (some(0, 1, 5), _MAP),
    "pinVcpuFlags": (some(0, 1, 5), _MAP, _AFFECT),
    "vcpuPinInfo": (_AFFECT,),
    "pinEmulator": (_MAP, _AFFECT),
    "emulatorPinInfo": (_AFFECT,),
    "setMetadata": (some(0, 1, 2, 3, 9), _ELEMENT, some("m", "n", "", "1", None), _URI, _AFFECT),
    "metadata": (some(0, 1, 2, 3, 9), _URI, _AFFECT),
}
_WRONG = {
    "XMLDesc/wrong": (some("1", None, 1.5, [], 1 << 40),),
    "rename/wrong": (some(1, b"c", []),),
    "setMemory/wrong": (some("1", None, -1, 1 << 70),),
    "setVcpus/wrong": (some("1", None, 1 << 40),),
    "setAutostart/wrong": (some("1", None, True, 1 << 40),),
    "setMetadata/wrong": (some("2", None), some(1), st.none(), st.none()),
    "save/wrong": (some(1, b"/x"),),
    "createWithFlags/wrong": (some("1", None, 1 << 33),),
}
_CONN = {
    "defineXML": (documents.documents,),
    "defineXMLFlags": (documents.documents, flags(1, 2)),
    "createXML": (documents.documents, flags(1, 2, 4, 16)),
    "lookupByName": (_NAME,),
    "lookupByID": (some(0, 1, 2, 3, 4, -1, 99),),
    "lookupByUUIDString": (
        some(*UUIDS[:3], UUIDS[1].upper(), "99999999-9999-9999-9999-999999999999", "x", ""),
    ),
    "lookupByUUID": (some(b"\x11" * 16, b"\x22" * 16, b"\x33" * 16),),
    "listAllDomains": (flags(*(1 << bit for bit in range(14))),),
    "numOfDomains": (),
    "numOfDefinedDomains": (),
    "restore": (_PATH,),
    "restoreFlags": (_PATH, st.one_of(st.none(), documents.good), flags(1, 2, 4)),
    "restoreParams": (some({}),),
    "saveImageGetXMLDesc": (_PATH, flags(1, 2)),
    "saveImageDefineXML": (_PATH, documents.documents, flags(1, 2, 4)),
    "defineXML/wrong": (some(1, b"<domain/>", []),),
    "createXML/wrong": (some(1, None), some("0", None)),
    "lookupByName/wrong": (some(1, b"a", []),),
    "lookupByID/wrong": (some("1", None, 1 << 40),),
    "lookupByUUIDString/wrong": (some(1, None, b"x"),),
    "lookupByUUID/wrong": (some(1, bytearray(16), "1234567890123456"),),
}


_MAKING = ("defineXML", "createXML", "restore")
OFTEN = 6  # what changes most, beside what only asks


def _ids(answer: Any) -> Any:
    return sorted(answer)


def _still(answer: Any) -> Any:
    """Of vcpus(): all but the time they ran."""
    return [(number, state, cpu) for number, state, _, cpu in answer[0]], answer[1]


_SEEN = (
    Kind("info", "domain", "info", see=lambda answer: answer[:4]),
    Kind("vcpus", "domain", "vcpus", see=_still),
    Kind("UUID", "domain", "UUID", see=bytes.hex),
    Kind("blockStats", "domain", "blockStats", (_DISK,), see=len),
    Kind("interfaceStats", "domain", "interfaceStats", (some("testnet0", "bogus", "", None),), see=len),
    Kind("connect", "domain", "connect", see=lambda answer: answer.getURI()),
    Kind("conn.listDomainsID", CONNECTION, "listDomainsID", see=_ids),
    Kind("conn.listDefinedDomains", CONNECTION, "listDefinedDomains", see=_ids),
)


def summary(side: Side) -> Any:
    """What is known of every domain, by name."""
    return {domain.name(): _domain(domain) for domain in side.conn.listAllDomains()}


def _domain(domain: Any) -> Any:
    return {
        "state": domain.state(),
        "id": domain.ID(),
        "uuid": domain.UUIDString(),
        "persistent": domain.isPersistent(),
        "autostart": domain.autostart(),
        "managed save": domain.hasManagedSaveImage(),
        "memory": domain.info()[1:4],
        "XML": domain.XMLDesc(1),
        "inactive XML": domain.XMLDesc(1 | 2),
    }


_FIRST = st.builds(
    lambda xml: [Step("conn.defineXML", "", "", (xml,))],
    st.sampled_from([documents.document("a", body) for body in documents.BODIES.values()]),
)
lifecycle_events = tuple(
    ("domainEventRegisterAny", f"VIR_DOMAIN_EVENT_ID_{event.upper()}", event)
    for event in ("lifecycle", "reboot", "metadata_change")
)
domains = Family(
    "domains",
    (
        *calls("domain", _LIFECYCLE, OFTEN),
        *calls("domain", {**_SAVING, **_KNOWING, **_RESOURCES, **_WRONG}),
        *calls(CONNECTION, {name: _CONN[name] for name in _MAKING}, OFTEN),
        *calls(CONNECTION, {name: arguments for name, arguments in _CONN.items() if name not in _MAKING}),
        *_SEEN,
    ),
    {"domain": documents.NAMES},
    st.one_of(st.just([]), _FIRST, _FIRST.map(lambda steps: [*steps, Step("create", "a", "kept", ())])),
    summary,
    lifecycle_events,
)
