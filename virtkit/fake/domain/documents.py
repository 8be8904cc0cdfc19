"""virDomain: its XML and its metadata."""
# ruff: noqa: SLF001

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import metadata as elements
from virtkit.fake import power
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.errors import fail, fail_argument

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_VIEWS = c.VIR_DOMAIN_XML_UPDATE_CPU | c.VIR_DOMAIN_XML_MIGRATABLE
_METADATA = range(c.VIR_DOMAIN_METADATA_ELEMENT + 1)
_LIVE, _CONFIG = c.VIR_DOMAIN_AFFECT_LIVE, c.VIR_DOMAIN_AFFECT_CONFIG


class Documents(DomainBase):
    """XMLDesc, metadata."""

    @domain_call("virDomainGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: DomainRecord, flags: int = 0) -> str:
        if self._conn._readonly and flags & (c.VIR_DOMAIN_XML_SECURE | c.VIR_DOMAIN_XML_MIGRATABLE):
            message = "virDomainGetXMLDesc with secure flag"
            fail(c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN, message)
        by_qemu = self._host.personality.guest_decides
        migratable = bool(flags & c.VIR_DOMAIN_XML_MIGRATABLE) and by_qemu
        inactive = flags & c.VIR_DOMAIN_XML_INACTIVE or migratable
        document = record.shown_inactive() if inactive else record.document
        if by_qemu and flags & _VIEWS:
            from virtkit.fake.fill import views

            if flags & c.VIR_DOMAIN_XML_UPDATE_CPU:
                document = document.edited(views.update_cpu)
            if migratable:
                document = document.edited(partial(views.migratable, active=record.active))
        return document.shown(secure=bool(flags & c.VIR_DOMAIN_XML_SECURE or migratable))

    @domain_call("virDomainGetMetadata", write=False)
    def metadata(
        self, session: Session, record: DomainRecord, type: int, uri: str | None, flags: int = 0
    ) -> str:
        if type not in _METADATA:
            self._refuse(f"unknown metadata type '{type}'", c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN)
        live, config = self._sides(record, flags, both=False)
        document = record.live if live else record.config
        assert document is not None, config  # noqa: S101
        found = elements.get(document, type, uri)
        if found is None:
            message = "Requested metadata element is not present"
            fail(c.VIR_ERR_NO_DOMAIN_METADATA, c.VIR_FROM_DOMAIN, message)
        return found

    @domain_call("virDomainSetMetadata")
    def setMetadata(
        self,
        session: Session,
        record: DomainRecord,
        type: int,
        metadata: str | None,
        key: str | None,
        uri: str | None,
        flags: int = 0,
    ) -> int:
        live, config = self._sides(record, flags)
        if type not in _METADATA:
            self._refuse(f"unknown metadata type '{type}'", c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN)
        change = elements.change(type, metadata, key, uri)
        if live and record.live is not None:
            record.live = change(record.live)
        if config and record.config is not None:
            record.config = change(record.config)
        power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, type, uri)
        return 0

    def _sides(self, record: DomainRecord, flags: int, *, both: bool = True) -> tuple[bool, bool]:
        """Return whether a call with *flags* is about the live side, and whether about the inactive one."""
        live, config = bool(flags & _LIVE), bool(flags & _CONFIG)
        if live and config and not both:
            message = "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive"
            fail_argument(c.VIR_FROM_DOMAIN, message, "virDomainObjGetOneDefState", "flags")
        if not live and not config:
            live, config = record.active, not record.active
        if live and not record.active:
            self._refuse("domain is not running", source=c.VIR_FROM_DOMAIN)
        if config and record.config is None:
            message = "transient domains do not have any persistent config"
            self._refuse(message, source=c.VIR_FROM_DOMAIN)
        return live, config
