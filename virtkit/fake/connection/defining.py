"""virConnect: defining domains, and creating transient ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.fill import defined_document
from virtkit.fake.state.records import DomainRecord

if TYPE_CHECKING:
    from virtkit.fake.domain import virDomain
    from virtkit.fake.state.document import Document, Facts
    from virtkit.fake.store.session import Session

_CREATE_FLAGS = (
    c.VIR_DOMAIN_START_PAUSED
    | c.VIR_DOMAIN_START_AUTODESTROY
    | c.VIR_DOMAIN_START_VALIDATE
    | c.VIR_DOMAIN_START_RESET_NVRAM
)


def check_text(value: object, function: str, argument: str) -> str:
    """Return *value* if it is a text, else raise what libvirt-python and libvirt raise."""
    if value is None:
        message = f"{argument} in {function} must not be NULL"
        fail_argument(c.VIR_FROM_DOMAIN, message, function, argument)
    if not isinstance(value, str):
        raise TypeError(f"{function}() argument 2 must be str or None, not {type(value).__name__}")
    return value


def check_unique(session: Session, facts: Facts) -> DomainRecord | None:
    """Return the domain that *facts* is about, None if it is new; refuse a clash of name and UUID."""
    same = session.find(facts.uuid)
    named = same if same is not None and same.name == facts.name else session.find_name(facts.name)
    if same is not None and same.name != facts.name:
        message = f"domain '{same.name}' is already defined with uuid {same.uuid}"
        fail(c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_DOMAIN, message)
    if named is not None and named is not same:
        message = f"domain '{named.name}' already exists with uuid {named.uuid}"
        fail(c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_DOMAIN, message)
    return same


class Defining(ConnectionBase):
    """defineXML and createXML."""

    @connection_call("virDomainDefineXML", write=True)
    def defineXML(self, session: Session, xml: str) -> virDomain:
        return self._define(session, check_text(xml, "virDomainDefineXML", "xml"), 0)

    @connection_call("virDomainDefineXMLFlags", write=True)
    def defineXMLFlags(self, session: Session, xml: str, flags: int = 0) -> virDomain:
        return self._define(session, check_text(xml, "virDomainDefineXMLFlags", "xml"), flags)

    def _read(self, xml: str) -> Document:
        return defined_document(self._host.personality, xml)

    def _define(self, session: Session, xml: str, flags: int) -> virDomain:
        if flags & ~c.VIR_DOMAIN_DEFINE_VALIDATE:
            function = f"{self._host.personality.prefix}DomainDefineXMLFlags"
            message = f"unsupported flags ({flags & ~1:#x}) in function {function}"
            fail_argument(self._host.personality.source, message, function, "flags")
        document = self._read(xml)
        facts = document.facts()
        record = check_unique(session, facts)
        detail = c.VIR_DOMAIN_EVENT_DEFINED_ADDED
        if record is None:
            record = DomainRecord(facts.uuid, facts.name, config=document)
            session.insert(record)
        else:
            if record.config is not None:
                detail = c.VIR_DOMAIN_EVENT_DEFINED_UPDATED
            record.config = document
            record.updated = record.updated or record.active
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_DEFINED, detail)
        return self._handle(record)

    @connection_call("virDomainCreateXML", write=True)
    def createXML(self, session: Session, xmlDesc: str, flags: int = 0) -> virDomain:
        return self._create(session, check_text(xmlDesc, "virDomainCreateXML", "xmlDesc"), flags)

    @connection_call("virDomainCreateLinux", write=True)
    def createLinux(self, session: Session, xmlDesc: str, flags: int = 0) -> virDomain:
        return self._create(session, check_text(xmlDesc, "virDomainCreateLinux", "xmlDesc"), flags)

    def _create(self, session: Session, xml: str, flags: int) -> virDomain:
        if flags & ~_CREATE_FLAGS:
            function = f"{self._host.personality.prefix}DomainCreateXML"
            message = f"unsupported flags ({flags & ~_CREATE_FLAGS:#x}) in function {function}"
            fail_argument(self._host.personality.source, message, function, "flags")
        document = self._read(xml)
        facts = document.facts()
        record = check_unique(session, facts)
        if record is not None and record.active:
            message = f"domain '{record.name}' is already active"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_DOMAIN, message)
        if record is None:
            record = DomainRecord(facts.uuid, facts.name)
            session.insert(record)
        power.boot(
            self._host, session, record, paused=bool(flags & c.VIR_DOMAIN_START_PAUSED), source=document
        )
        return self._handle(record)
