"""virConnect: defining domains, and creating transient ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import owners, power
from virtkit.fake.call import connection_call
from virtkit.fake.clashes import known, room_for
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.fill import defined_document
from virtkit.fake.state.records import DomainRecord

if TYPE_CHECKING:
    from virtkit.fake.domain import virDomain
    from virtkit.fake.state.document import Document
    from virtkit.fake.store.session import Session


def check_text(value: object, function: str, argument: str) -> str:
    """Return *value* if it is a text, else raise what libvirt-python and libvirt raise."""
    if value is None:
        message = f"{argument} in {function} must not be NULL"
        fail_argument(c.VIR_FROM_DOMAIN, message, function, argument)
    if not isinstance(value, str):
        raise TypeError(f"{function}() argument 2 must be str or None, not {type(value).__name__}")
    return value


class Defining(ConnectionBase):
    """defineXML and createXML."""

    @connection_call("virDomainDefineXML", write=True)
    def defineXML(self, session: Session, xml: str) -> virDomain:
        return self._define(session, check_text(xml, "virDomainDefineXML", "xml"), 0)

    @connection_call("virDomainDefineXMLFlags", write=True)
    def defineXMLFlags(self, session: Session, xml: str, flags: int = 0) -> virDomain:
        return self._define(session, check_text(xml, "virDomainDefineXMLFlags", "xml"), flags)

    def _read(self, xml: str, *, validate: bool) -> Document:
        return defined_document(self._host.personality, xml, validate=validate)

    def _define(self, session: Session, xml: str, flags: int) -> virDomain:
        document = self._read(xml, validate=bool(flags & c.VIR_DOMAIN_DEFINE_VALIDATE))
        facts = document.facts()
        if "\n" in facts.name:
            fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_XML, "invalid char in name: \n")
        record = known(session, facts.uuid, facts.name)
        detail = c.VIR_DOMAIN_EVENT_DEFINED_ADDED
        if record is None:
            record = DomainRecord(facts.uuid, facts.name, config=document)
            session.insert(record)
        else:
            if record.config is not None or record.left_behind is not None:
                detail = c.VIR_DOMAIN_EVENT_DEFINED_UPDATED
            record.config = document
            record.updated = record.updated or record.active
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_DEFINED, detail)
        return self._handle(record)

    @connection_call("virDomainCreateXML", write=True)
    def createXML(self, session: Session, xmlDesc: str, flags: int = 0) -> virDomain:
        return self._create(session, check_text(xmlDesc, "virDomainCreateXML", "xmlDesc"), flags)

    @connection_call("virDomainCreateXMLWithFiles", write=True)
    def createXMLWithFiles(
        self, session: Session, xmlDesc: str, files: list[int], flags: int = 0
    ) -> virDomain:
        return self._create(session, xmlDesc, flags)

    @connection_call("virDomainCreateXML", write=True)
    def createLinux(self, session: Session, xmlDesc: str, flags: int = 0) -> virDomain:
        return self._create(session, check_text(xmlDesc, "virDomainCreateXML", "xmlDesc"), flags)

    def _create(self, session: Session, xml: str, flags: int) -> virDomain:
        document = self._read(xml, validate=bool(flags & c.VIR_DOMAIN_START_VALIDATE))
        facts = document.facts()
        record = room_for(session, facts.uuid, facts.name)
        power.boot(
            self._host, session, record, paused=bool(flags & c.VIR_DOMAIN_START_PAUSED), source=document
        )
        if flags & c.VIR_DOMAIN_START_AUTODESTROY:
            owners.tie(record, self)
        return self._handle(record)
