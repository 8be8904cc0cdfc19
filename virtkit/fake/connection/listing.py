"""virConnect: finding domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import uuids
from virtkit.fake.call import connection_call
from virtkit.fake.checkpoint import record as checkpoints
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.snapshot import record as snapshots

if TYPE_CHECKING:
    from virtkit.fake.domain import virDomain
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_ACTIVE, _INACTIVE = c.VIR_CONNECT_LIST_DOMAINS_ACTIVE, c.VIR_CONNECT_LIST_DOMAINS_INACTIVE
_PERSISTENT, _TRANSIENT = c.VIR_CONNECT_LIST_DOMAINS_PERSISTENT, c.VIR_CONNECT_LIST_DOMAINS_TRANSIENT
_RUNNING, _PAUSED = c.VIR_CONNECT_LIST_DOMAINS_RUNNING, c.VIR_CONNECT_LIST_DOMAINS_PAUSED
_SHUTOFF, _OTHER = c.VIR_CONNECT_LIST_DOMAINS_SHUTOFF, c.VIR_CONNECT_LIST_DOMAINS_OTHER
_SAVED, _NOT_SAVED = c.VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE, c.VIR_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE
_AUTO, _NO_AUTO = c.VIR_CONNECT_LIST_DOMAINS_AUTOSTART, c.VIR_CONNECT_LIST_DOMAINS_NO_AUTOSTART
_SNAPSHOT, _NO_SNAPSHOT = c.VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT, c.VIR_CONNECT_LIST_DOMAINS_NO_SNAPSHOT
_CHECKPOINT = c.VIR_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT
_NO_CHECKPOINT = c.VIR_CONNECT_LIST_DOMAINS_NO_CHECKPOINT

_GROUPS = (
    _ACTIVE | _INACTIVE,
    _PERSISTENT | _TRANSIENT,
    _RUNNING | _PAUSED | _SHUTOFF | _OTHER,
    _SAVED | _NOT_SAVED,
    _AUTO | _NO_AUTO,
    _SNAPSHOT | _NO_SNAPSHOT,
    _CHECKPOINT | _NO_CHECKPOINT,
)
_MOMENTS = _SNAPSHOT | _NO_SNAPSHOT | _CHECKPOINT | _NO_CHECKPOINT
_BY_STATE = {c.VIR_DOMAIN_RUNNING: _RUNNING, c.VIR_DOMAIN_PAUSED: _PAUSED, c.VIR_DOMAIN_SHUTOFF: _SHUTOFF}


def is_listed(record: DomainRecord, flags: int, session: Session | None = None) -> bool:
    """Return whether the filters *flags* let *record* through: ORed within a group, ANDed between groups.

    *session* is needed for filters by snapshots and checkpoints.
    """
    has = (
        (_ACTIVE if record.active else _INACTIVE)
        | (_PERSISTENT if record.config is not None else _TRANSIENT)
        | _BY_STATE.get(record.state, _OTHER)
        | (_SAVED if record.managed_save is not None else _NOT_SAVED)
        | (_AUTO if record.autostart else _NO_AUTO)
    )
    if session is not None and flags & _MOMENTS:
        has |= _NO_SNAPSHOT if not snapshots.count(session, record.uuid) else _SNAPSHOT
        has |= _NO_CHECKPOINT if not checkpoints.count(session, record.uuid) else _CHECKPOINT
    return all(not flags & group or flags & group & has for group in _GROUPS)


class Listing(ConnectionBase):
    """Lists and look-ups."""

    @connection_call("virConnectListAllDomains")
    def listAllDomains(self, session: Session, flags: int = 0) -> list[virDomain]:
        return [
            self._handle(record) for record in session.all() if not flags or is_listed(record, flags, session)
        ]

    @connection_call("virConnectListDomains")
    def listDomainsID(self, session: Session) -> list[int]:
        return [record.id for record in session.all() if record.active]

    @connection_call("virConnectNumOfDomains")
    def numOfDomains(self, session: Session) -> int:
        return sum(record.active for record in session.all())

    @connection_call("virConnectListDefinedDomains")
    def listDefinedDomains(self, session: Session) -> list[str]:
        return [record.name for record in session.all() if not record.active]

    @connection_call("virConnectNumOfDefinedDomains")
    def numOfDefinedDomains(self, session: Session) -> int:
        return sum(not record.active for record in session.all())

    @connection_call("virDomainLookupByName")
    def lookupByName(self, session: Session, name: str) -> virDomain:
        record = session.find_name(name)
        if record is None:
            self._no_domain(f"no domain with matching name '{name}'")
        return self._handle(record)

    @connection_call("virDomainLookupByID")
    def lookupByID(self, session: Session, id: int) -> virDomain:
        record = session.find_id(id)
        if record is None:
            self._no_domain(f"no domain with matching id {id}")
        return self._handle(record)

    @connection_call("virDomainLookupByUUID")
    def lookupByUUID(self, session: Session, uuid: bytes) -> virDomain:
        return self._by_uuid(session, uuids.from_bytes(uuid))

    @connection_call("virDomainLookupByUUIDString")
    def lookupByUUIDString(self, session: Session, uuidstr: str) -> virDomain:
        text = uuids.parse(uuidstr)
        if text is None:
            fail_argument(c.VIR_FROM_DOMAIN, "Invalid UUID", "virDomainLookupByUUIDString", "uuidstr")
        return self._by_uuid(session, text)

    def _by_uuid(self, session: Session, uuid: str) -> virDomain:
        record = session.find(uuid)
        if record is None:
            self._no_domain(f"no domain with matching uuid '{uuid}'")
        return self._handle(record)

    def _no_domain(self, detail: str) -> NoReturn:
        personality = self._host.personality
        fail(c.VIR_ERR_NO_DOMAIN, personality.source, detail if personality.names_missing else None)
