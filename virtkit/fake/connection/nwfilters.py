"""virConnect: network filters and their bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, fail_argument, no_support
from virtkit.fake.handles import Named
from virtkit.fake.nwfilter import virNWFilter, virNWFilterBinding
from virtkit.fake.nwfilter.definition import FROM
from virtkit.fake.nwfilter.records import (
    BindingRecord,
    FilterRecord,
    bindings,
    by_name,
    filters,
    in_use,
    instantiated,
    is_there,
    require_filter,
    text_of,
)
from virtkit.fake.reading import parse_uuid

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session


class NWFilters(ConnectionBase):
    """Define, look up and list filters; bind them to devices."""

    def _nwfilter(self, record: FilterRecord) -> virNWFilter:
        return virNWFilter(self, Named(record.key, record.name))  # type: ignore[arg-type]

    def _binding(self, record: BindingRecord) -> virNWFilterBinding:
        return virNWFilterBinding(self, Named(record.key, record.filter))  # type: ignore[arg-type]

    @connection_call("virNWFilterDefineXML", write=True)
    def nwfilterDefineXML(self, session: Session, xmlDesc: str) -> virNWFilter:
        return self._define_nwfilter(session, xmlDesc, 0)

    @connection_call("virNWFilterDefineXMLFlags", write=True)
    def nwfilterDefineXMLFlags(self, session: Session, xmlDesc: str, flags: int = 0) -> virNWFilter:
        return self._define_nwfilter(session, xmlDesc, flags)

    def _define_nwfilter(self, session: Session, xml: str, flags: int) -> virNWFilter:
        from virtkit.fake.nwfilter import definition

        tree = definition.read(xml, validate=bool(flags & c.VIR_NWFILTER_DEFINE_VALIDATE))
        new = FilterRecord(tree.findtext("uuid") or "", tree.get("name", ""), text_of(tree))
        self._check_clash(session, new)
        self._check_loop(session, new)
        old = by_name(self._host, session, new.name)
        if old is not None and old.text != new.text:
            for binding in in_use(self._host, session, old):
                require_filter(self._host, session, binding.filter, binding.variables, own=new)
        session.put(new)
        return self._nwfilter(new)

    def _check_clash(self, session: Session, new: FilterRecord) -> None:
        known = {record.key: record for record in filters(self._host, session)}
        same = known.get(new.key)
        if same is not None and same.name != new.name:
            message = f"filter with same UUID but different name ('{same.name}') already exists"
            fail(c.VIR_ERR_OPERATION_FAILED, FROM, message)
        named = by_name(self._host, session, new.name)
        if same is None and named is not None:
            message = f"filter '{new.name}' already exists with uuid {named.key}"
            fail(c.VIR_ERR_OPERATION_FAILED, FROM, message)

    def _check_loop(self, session: Session, new: FilterRecord) -> None:
        known = {record.name: record for record in filters(self._host, session)}
        waiting, seen = [new], set()
        while waiting:
            for each in waiting.pop().tree.iterfind("filterref"):
                name = each.get("filter", "")
                if name == new.name:
                    fail(c.VIR_ERR_OPERATION_FAILED, FROM, "filter would introduce a loop")
                if name in known and name not in seen:
                    seen.add(name)
                    waiting.append(known[name])

    @connection_call("virNWFilterLookupByName")
    def nwfilterLookupByName(self, session: Session, name: str) -> virNWFilter:
        record = by_name(self._host, session, name)
        if record is None:
            self._no_filter(f"no nwfilter with matching name '{name}'")
        return self._nwfilter(record)

    @connection_call("virNWFilterLookupByUUID")
    def nwfilterLookupByUUID(self, session: Session, uuid: bytes) -> virNWFilter:
        return self._nwfilter_by_uuid(session, str(UUID(bytes=bytes(uuid).ljust(16, b"\0")[:16])))

    @connection_call("virNWFilterLookupByUUIDString")
    def nwfilterLookupByUUIDString(self, session: Session, uuidstr: str) -> virNWFilter:
        uuid = parse_uuid(uuidstr)
        if uuid is None:
            function = "virNWFilterLookupByUUIDString"
            fail_argument(FROM, f"uuidstr in {function} must be a valid UUID", function, "uuidstr")
        if not self._host.personality.guest_decides:
            no_support("virNWFilterLookupByUUID", FROM)
        return self._nwfilter_by_uuid(session, uuid)

    def _nwfilter_by_uuid(self, session: Session, uuid: str) -> virNWFilter:
        filters(self._host, session)
        record = session.object(FilterRecord, uuid)
        if record is None:
            self._no_filter(f"no nwfilter with matching uuid '{uuid}'")
        return self._nwfilter(record)

    def _no_filter(self, detail: str) -> NoReturn:
        fail(c.VIR_ERR_NO_NWFILTER, FROM, detail)

    @connection_call("virConnectListAllNWFilters")
    def listAllNWFilters(self, session: Session, flags: int = 0) -> list[virNWFilter]:
        return [self._nwfilter(record) for record in filters(self._host, session)]

    @connection_call("virConnectListNWFilters")
    def listNWFilters(self, session: Session) -> list[str]:
        return [record.name for record in filters(self._host, session)]

    @connection_call("virConnectNumOfNWFilters")
    def numOfNWFilters(self, session: Session) -> int:
        return len(filters(self._host, session))

    # bindings

    @connection_call("virNWFilterBindingCreateXML", write=True)
    def nwfilterBindingCreateXML(self, session: Session, xml: str, flags: int = 0) -> virNWFilterBinding:
        from virtkit.fake.nwfilter import definition

        tree = definition.read_binding(xml, validate=bool(flags & c.VIR_NWFILTER_BINDING_CREATE_VALIDATE))
        port, reference = tree.find("portdev"), tree.find("filterref")
        assert port is not None and reference is not None  # noqa: S101, PT018
        record = BindingRecord(port.get("name", ""), reference.get("filter", ""), text_of(tree))
        if any(each.key == record.key for each in bindings(self._host, session)):
            fail(c.VIR_ERR_OPERATION_FAILED, FROM, f"binding '{record.key}' already exists")
        if is_there(session, record.key):
            require_filter(self._host, session, record.filter, record.variables)
            record.text = text_of(instantiated(tree))
        session.put(record)
        return self._binding(record)

    @connection_call("virNWFilterBindingLookupByPortDev")
    def nwfilterBindingLookupByPortDev(self, session: Session, portdev: str) -> virNWFilterBinding:
        found = next((each for each in bindings(self._host, session) if each.key == portdev), None)
        if found is None:
            message = f"no nwfilter binding for port dev '{portdev}'"
            fail(c.VIR_ERR_NO_NWFILTER_BINDING, FROM, message)
        return self._binding(found)

    @connection_call("virConnectListAllNWFilterBindings")
    def listAllNWFilterBindings(self, session: Session, flags: int = 0) -> list[virNWFilterBinding]:
        return [self._binding(record) for record in bindings(self._host, session)]
