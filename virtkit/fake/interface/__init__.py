"""virInterface: a host's network interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail, no_support
from virtkit.fake.handles import Named
from virtkit.fake.interface.record import InterfaceRecord, interfaces, source_of
from virtkit.fake.objects import ObjectBase
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session


@dataclass(slots=True)
class InterfaceHandle(Named):
    """Which interface is meant, and the MAC address that it had when it was looked up."""

    mac: str = ""


def must_write(host: Host, function: str) -> None:
    """Refuse *function* where the host's interfaces can only be looked at."""
    if host.personality.name != "test" and host.interface_backend == "udev":
        no_support(function, c.VIR_FROM_INTERFACE)


@complete
class virInterface(ObjectBase[InterfaceRecord]):
    """An interface of a fake host, with the methods of libvirt-python's class."""

    _o: InterfaceHandle

    def _find(self, session: Session) -> InterfaceRecord:
        found = interfaces(session, self._host)
        record = next((each for each in found if each.key == self._o.key), None)
        if record is None:
            self._missing()
        return record

    def _missing(self) -> NoReturn:
        test = self._host.personality.name == "test"
        start = "no interface with matching name" if test else "couldn't find interface named"
        fail(c.VIR_ERR_NO_INTERFACE, source_of(self._host), f"{start} '{self._o.key}'")

    def name(self) -> str:
        return self._o.key

    def MACString(self) -> str:
        return self._o.mac

    @object_call("virInterfaceIsActive", write=False)
    def isActive(self, session: Session, record: InterfaceRecord) -> int:
        return int(record.active)

    @object_call("virInterfaceGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: InterfaceRecord, flags: int = 0) -> str:
        return record.text

    @object_call("virInterfaceCreate")
    def create(self, session: Session, record: InterfaceRecord, flags: int = 0) -> int:
        must_write(self._host, "virInterfaceCreate")
        if record.active:
            self._refuse("interface is already running")
        record.active = True
        return 0

    @object_call("virInterfaceDestroy")
    def destroy(self, session: Session, record: InterfaceRecord, flags: int = 0) -> int:
        must_write(self._host, "virInterfaceDestroy")
        if not record.active:
            self._refuse("interface is not running")
        record.active = False
        return 0

    def _refuse(self, detail: str) -> NoReturn:
        test = self._host.personality.name == "test"  # which does not say why
        fail(c.VIR_ERR_OPERATION_INVALID, source_of(self._host), None if test else detail)

    @object_call("virInterfaceUndefine")
    def undefine(self, session: Session, record: InterfaceRecord) -> int:
        must_write(self._host, "virInterfaceUndefine")
        session.drop(record)
        return 0
