"""Going back to a snapshot, as libvirt's QEMU driver does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.block import state
from virtkit.fake.errors import fail
from virtkit.fake.snapshot.flags import check_revert_flags
from virtkit.fake.snapshot.record import ONLINE, Snapshot, Snapshots
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_RUN, _PAUSE = c.VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING, c.VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED
_OFF = ("shutdown", "shutoff", "crashed")


def _refuse(message: str, code: int) -> NoReturn:
    fail(code, c.VIR_FROM_QEMU, message)


def check_transient(record: DomainRecord, snapshot: Snapshot, flags: int, source: int) -> None:
    """Refuse to leave a domain off that is gone when it is off."""
    if record.config is None and snapshot.state not in ONLINE and not flags & (_RUN | _PAUSE):
        message = "transient domain needs to request run or pause to revert to inactive snapshot"
        fail(c.VIR_ERR_OPERATION_INVALID, source, message)


def check_domain(record: DomainRecord, snapshot: Snapshot, source: int) -> str:
    """Return the document to go back to."""
    if snapshot.domain is None:
        message = f"snapshot '{snapshot.name}' lacks domain '{record.name}' rollback info"
        fail(c.VIR_ERR_SNAPSHOT_REVERT_RISKY, source, message)
    return snapshot.domain


def revert(
    host: Host, session: Session, record: DomainRecord, known: Snapshots, snapshot: Snapshot, flags: int
) -> None:
    """Bring *record* back to *snapshot*."""
    check_revert_flags(flags)
    state.check_no_jobs(record)
    state.check_no_backup(record)
    text = _check(record, snapshot, flags)
    document = _named(text, record.name)
    if snapshot.state in ONLINE:
        inactive = document if snapshot.inactive is None else _named(snapshot.inactive, record.name)
        _revert_active(host, session, record, snapshot, document, inactive, flags)
    elif snapshot.state in _OFF:
        _revert_inactive(host, session, record, document, flags)
    else:
        message = f"Invalid target domain state '{snapshot.state}'. Refusing snapshot reversion"
        _refuse(message, c.VIR_ERR_INTERNAL_ERROR)
    known.current = snapshot.name
    if record.config is not None:
        detail = c.VIR_DOMAIN_EVENT_DEFINED_FROM_SNAPSHOT
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_DEFINED, detail)


def _check(record: DomainRecord, snapshot: Snapshot, flags: int) -> str:
    check_transient(record, snapshot, flags, c.VIR_FROM_QEMU)
    if snapshot.external:
        _refuse("revert to external snapshot not supported yet", c.VIR_ERR_CONFIG_UNSUPPORTED)
    text = check_domain(record, snapshot, c.VIR_FROM_QEMU)
    forced = flags & c.VIR_DOMAIN_SNAPSHOT_REVERT_FORCE
    if record.managed_save is not None and snapshot.state not in ONLINE and not forced:
        message = (
            "snapshot without memory state, removal of existing managed saved state strongly recommended"
            " to avoid corruption"
        )
        _refuse(message, c.VIR_ERR_SNAPSHOT_REVERT_RISKY)
    if snapshot.state == "pmsuspended":
        message = "qemu doesn't support reversion of snapshot taken in PMSUSPENDED state"
        _refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
    return text


def _named(text: str, name: str) -> Document:
    """Return the document *text* of a domain that may have been renamed since."""
    document = Document(text=text)
    if document.facts().name == name:
        return document

    def rename(tree: etree._Element) -> None:
        element = tree.find("name")
        if element is not None:
            element.text = name

    return document.edited(rename, document.facts()._replace(name=name))


def _stop(host: Host, session: Session, record: DomainRecord) -> None:
    if record.active:
        power.halt(host, session, record, c.VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT)
        detail = c.VIR_DOMAIN_EVENT_STOPPED_FROM_SNAPSHOT
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_STOPPED, detail)


def _revert_active(
    host: Host,
    session: Session,
    record: DomainRecord,
    snapshot: Snapshot,
    document: Document,
    inactive: Document,
    flags: int,
) -> None:
    _stop(host, session, record)
    if record.config is not None:
        record.config = inactive
    pauses = not flags & _RUN and (snapshot.state == "paused" or flags & _PAUSE)
    if pauses:
        power.go_live(host, session, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_FROM_SNAPSHOT, document)
    else:
        reason = c.VIR_DOMAIN_RUNNING_FROM_SNAPSHOT
        power.go_live(host, session, record, c.VIR_DOMAIN_RUNNING, reason, document)
    _tell_started(session, record)
    if pauses:
        _tell_paused(session, record)
    else:
        detail = c.VIR_DOMAIN_EVENT_RESUMED_FROM_SNAPSHOT
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, detail)


def _revert_inactive(
    host: Host, session: Session, record: DomainRecord, document: Document, flags: int
) -> None:
    _stop(host, session, record)
    if record.config is not None:
        record.config = document
    if flags & _PAUSE:
        power.go_live(host, session, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_USER, document)
        _tell_started(session, record)
        _tell_paused(session, record)
    elif flags & _RUN:
        power.go_live(host, session, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_BOOTED, document)
        detail = c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, detail)
        _tell_started(session, record)


def _tell_started(session: Session, record: DomainRecord) -> None:
    detail = c.VIR_DOMAIN_EVENT_STARTED_FROM_SNAPSHOT
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_STARTED, detail)


def _tell_paused(session: Session, record: DomainRecord) -> None:
    detail = c.VIR_DOMAIN_EVENT_SUSPENDED_FROM_SNAPSHOT
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, detail)
