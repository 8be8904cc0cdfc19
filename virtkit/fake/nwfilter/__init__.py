"""virNWFilter and virNWFilterBinding: filters for what guests send, and what they are bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail
from virtkit.fake.nwfilter.definition import FROM
from virtkit.fake.nwfilter.records import BindingRecord, FilterRecord, bindings, gone, in_use, text_of
from virtkit.fake.objects import ObjectBase
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session


def filled(xml: str) -> str:
    """Return the document that libvirt makes of the filter *xml*."""
    from virtkit.fake.nwfilter import definition

    return text_of(definition.read(xml))


@complete
class virNWFilter(ObjectBase[FilterRecord]):
    """A network filter of a fake host, with the methods of libvirt-python's class."""

    def _missing(self) -> NoReturn:
        fail(c.VIR_ERR_NO_NWFILTER, FROM, f"no nwfilter with matching uuid '{self._o.key}'")

    def name(self) -> str:
        return self._o.name

    def UUID(self) -> bytes:
        return UUID(self._o.key).bytes

    def UUIDString(self) -> str:
        return self._o.key

    @object_call("virNWFilterGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: FilterRecord, flags: int = 0) -> str:
        return record.text

    @object_call("virNWFilterUndefine")
    def undefine(self, session: Session, record: FilterRecord) -> int:
        if in_use(self._host, session, record):
            fail(c.VIR_ERR_OPERATION_INVALID, FROM, "nwfilter is in use")
        session.drop(record)
        return 0


@complete
class virNWFilterBinding(ObjectBase[BindingRecord]):
    """A filter's binding to a device of a fake host, with the methods of libvirt-python's class."""

    def _find(self, session: Session) -> BindingRecord:
        found = next((each for each in bindings(self._host, session) if each.key == self._o.key), None)
        if found is None:
            self._missing()
        return found

    def _missing(self) -> NoReturn:
        fail(c.VIR_ERR_NO_NWFILTER_BINDING, FROM, f"no nwfilter binding for port dev '{self._o.key}'")

    def portDev(self) -> str:
        return self._o.key

    def filterName(self) -> str:
        return self._o.name

    @object_call("virNWFilterBindingGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: BindingRecord, flags: int = 0) -> str:
        return record.text

    @object_call("virNWFilterBindingDelete")
    def delete(self, session: Session, record: BindingRecord) -> int:
        owner = record.owner
        domain = session.find(owner) if owner else None
        if session.object(BindingRecord, record.key) is record:
            session.drop(record)
        elif domain is not None:
            session.put(BindingRecord(record.key, gone=gone(domain.uuid, domain.id)))
        return 0
