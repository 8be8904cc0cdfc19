"""virConnect: the host's network interfaces."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail
from virtkit.fake.interface import InterfaceHandle, must_write, virInterface
from virtkit.fake.interface.document import parse
from virtkit.fake.interface.record import InterfaceRecord, define, interfaces, source_of

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

_ACTIVE, _INACTIVE = c.VIR_CONNECT_LIST_INTERFACES_ACTIVE, c.VIR_CONNECT_LIST_INTERFACES_INACTIVE
_BEFORE = "interfaces before the change"


class Interfaces(ConnectionBase):
    """Define, look up and list interfaces; change many at once, or take the change back."""

    def _interface(self, record: InterfaceRecord, mac: str | None = None) -> virInterface:
        shown = record.mac if mac is None else mac
        return virInterface(self, InterfaceHandle(record.key, record.key, mac=shown))  # type: ignore[arg-type]

    def _interface_names(self, session: Session, *, active: bool) -> list[str]:
        found = [each.key for each in interfaces(session, self._host) if each.active is active]
        only_shown = self._host.personality.name != "test" and self._host.interface_backend == "udev"
        # the loopback interface is neither up nor down, which udev counts as neither
        return [name for name in found if active or not only_shown or name != "lo"]

    @connection_call("virConnectListInterfaces")
    def listInterfaces(self, session: Session) -> list[str]:
        return self._interface_names(session, active=True)

    @connection_call("virConnectNumOfInterfaces")
    def numOfInterfaces(self, session: Session) -> int:
        return len(self._interface_names(session, active=True))

    @connection_call("virConnectListDefinedInterfaces")
    def listDefinedInterfaces(self, session: Session) -> list[str]:
        return self._interface_names(session, active=False)

    @connection_call("virConnectNumOfDefinedInterfaces")
    def numOfDefinedInterfaces(self, session: Session) -> int:
        return len(self._interface_names(session, active=False))

    @connection_call("virConnectListAllInterfaces")
    def listAllInterfaces(self, session: Session, flags: int = 0) -> list[virInterface]:
        return [
            self._interface(each)
            for each in interfaces(session, self._host)
            if not flags & (_ACTIVE | _INACTIVE) or flags & (_ACTIVE if each.active else _INACTIVE)
        ]

    @connection_call("virInterfaceLookupByName")
    def interfaceLookupByName(self, session: Session, name: str) -> virInterface:
        found = next((each for each in interfaces(session, self._host) if each.key == name), None)
        if found is None:
            self._no_interface("no interface with matching name", "couldn't find interface named", name)
        return self._interface(found)

    @connection_call("virInterfaceLookupByMACString")
    def interfaceLookupByMACString(self, session: Session, macstr: str) -> virInterface:
        none_fits = self._host.personality.name == "test"  # it compares with nothing, and finds that equal
        found = [
            each
            for each in interfaces(session, self._host)
            if each.mac.lower() == macstr.lower() or (none_fits and not each.mac)
        ]
        if not found:
            own = "couldn't find interface with MAC address"
            self._no_interface("no interface with matching mac", own, macstr)
        if len(found) > 1:
            test = self._host.personality.name == "test"
            detail = None if test else f"the MAC address '{macstr}' matches multiple interfaces"
            fail(c.VIR_ERR_MULTIPLE_INTERFACES, source_of(self._host), detail)
        return self._interface(found[0], macstr)

    def _no_interface(self, test: str, own: str, name: str) -> NoReturn:
        start = test if self._host.personality.name == "test" else own
        fail(c.VIR_ERR_NO_INTERFACE, source_of(self._host), f"{start} '{name}'")

    @connection_call("virInterfaceDefineXML", write=True)
    def interfaceDefineXML(self, session: Session, xml: str, flags: int = 0) -> virInterface:
        must_write(self._host, "virInterfaceDefineXML")
        described = parse(xml, validate=bool(flags & c.VIR_INTERFACE_DEFINE_VALIDATE))
        interfaces(session, self._host)
        return self._interface(define(session, described))

    @connection_call("virInterfaceChangeBegin", write=True)
    def changeBegin(self, session: Session, flags: int = 0) -> int:
        must_write(self._host, "virInterfaceChangeBegin")
        if session.setting(_BEFORE) is not None:
            self._no_change("there is another transaction running.")
        session.put_setting(_BEFORE, [asdict(each) for each in interfaces(session, self._host)])
        return 0

    @connection_call("virInterfaceChangeCommit", write=True)
    def changeCommit(self, session: Session, flags: int = 0) -> int:
        must_write(self._host, "virInterfaceChangeCommit")
        if session.setting(_BEFORE) is None:
            self._no_change("no transaction running, nothing to be committed.")
        session.put_setting(_BEFORE, None)
        return 0

    @connection_call("virInterfaceChangeRollback", write=True)
    def changeRollback(self, session: Session, flags: int = 0) -> int:
        must_write(self._host, "virInterfaceChangeRollback")
        before = session.setting(_BEFORE)
        if before is None:
            self._no_change("no transaction running, nothing to rollback.")
        for record in interfaces(session, self._host):
            session.drop(record)
        for fields in before:
            record = InterfaceRecord(**fields)
            if self._host.personality.name == "test":
                record.active = False  # its copy does not say which were active
            session.put(record)
        session.put_setting(_BEFORE, None)
        return 0

    def _no_change(self, detail: str) -> NoReturn:
        fail(c.VIR_ERR_OPERATION_INVALID, source_of(self._host), detail)
