"""Snapshots as libvirt's test driver takes and reverts to them: no disk and no memory behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.checkpoint import record as checkpoints
from virtkit.fake.errors import fail
from virtkit.fake.snapshot import record as records
from virtkit.fake.snapshot.align import align, prepare_redefined
from virtkit.fake.snapshot.creation import state_of
from virtkit.fake.snapshot.document import parse
from virtkit.fake.snapshot.domain import present
from virtkit.fake.snapshot.record import EXTERNAL, INTERNAL, MANUAL, NO, ONLINE, Snapshot, Snapshots
from virtkit.fake.snapshot.reverting import check_domain, check_transient
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_FROM = c.VIR_FROM_TEST
_RUN, _PAUSE = c.VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING, c.VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED


def create(host: Host, session: Session, record: DomainRecord, xml: str, flags: int) -> Snapshot:
    """Make the snapshot that *xml* asks for."""
    if checkpoints.count(session, record.uuid):
        message = "cannot create snapshot while checkpoint exists"
        fail(c.VIR_ERR_OPERATION_UNSUPPORTED, _FROM, message)
    halt = bool(flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_HALT)
    if record.config is None and halt:
        fail(c.VIR_ERR_OPERATION_INVALID, _FROM, "cannot halt after transient domain snapshot")
    redefine = bool(flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE)
    snapshot = parse(
        host.personality,
        xml,
        host.now(),
        redefine=redefine,
        offline=False,
        validate=bool(flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_VALIDATE),
    )
    known = records.of(session, record.uuid)
    if redefine:
        prepare_redefined(host.personality, known, snapshot, flags)
    else:
        _align(host, record, snapshot)
        known.check_new(snapshot.name)
        snapshot.parent = known.current
        if halt and record.active:
            _stop(host, session, record)
    known.add(snapshot)
    if not redefine or flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT:
        known.current = snapshot.name
    session.put(known)
    return snapshot


def _align(host: Host, record: DomainRecord, snapshot: Snapshot) -> None:
    snapshot.domain = present(host.personality, record)
    if any(disk["snapshot"] == MANUAL for disk in snapshot.disks):
        message = "'manual' snapshot mode is not supported by the test driver"
        fail(c.VIR_ERR_OPERATION_UNSUPPORTED, _FROM, message)
    snapshot.state = state_of(record)
    default = EXTERNAL
    if snapshot.memory != EXTERNAL:
        default = INTERNAL
        snapshot.memory = NO if snapshot.state == "shutoff" else INTERNAL
    align(host.personality, snapshot, Document(text=snapshot.domain).tree(), default)


def _stop(host: Host, session: Session, record: DomainRecord) -> None:
    event, detail = c.VIR_DOMAIN_EVENT_STOPPED, c.VIR_DOMAIN_EVENT_STOPPED_FROM_SNAPSHOT
    bare = record.never_defined
    if bare:  # a domain that never had a definition keeps its id until it is gone
        power.lifecycle(session, record, event, detail)
    power.halt(host, session, record, c.VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT)
    if not bare:
        power.lifecycle(session, record, event, detail)


def revert(
    host: Host, session: Session, record: DomainRecord, known: Snapshots, snapshot: Snapshot, flags: int
) -> None:
    """Bring *record* back to *snapshot*, to the letter: off snapshots stay off whatever is told."""
    check_transient(record, snapshot, flags, _FROM)
    document = Document(text=check_domain(record, snapshot, _FROM))
    before = Document(text=present(host.personality, record)) if record.never_defined else None
    if record.active:
        _stop(host, session, record)
    if record.config is not None or snapshot.state not in ONLINE:
        record.config = document
    record.extra.pop("left behind", None)
    if snapshot.state in ONLINE:
        if before is not None:  # it runs on as it was, and only the next start would be the snapshot's
            record.extra["left behind"] = document.text()
        reason = c.VIR_DOMAIN_RUNNING_FROM_SNAPSHOT
        power.go_live(host, session, record, c.VIR_DOMAIN_RUNNING, reason, before or document)
        _tell(session, record, c.VIR_DOMAIN_EVENT_STARTED, c.VIR_DOMAIN_EVENT_STARTED_FROM_SNAPSHOT)
        if not flags & _RUN and (snapshot.state == "paused" or flags & _PAUSE):
            reason = c.VIR_DOMAIN_PAUSED_FROM_SNAPSHOT
            power.set_state(host, record, c.VIR_DOMAIN_PAUSED, reason)
            _tell(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_FROM_SNAPSHOT)
    elif flags & (_RUN | _PAUSE):
        _tell(session, record, c.VIR_DOMAIN_EVENT_STARTED, c.VIR_DOMAIN_EVENT_STARTED_FROM_SNAPSHOT)
        if flags & _PAUSE:
            _tell(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_FROM_SNAPSHOT)
    known.current = snapshot.name


def _tell(session: Session, record: DomainRecord, event: int, detail: int) -> None:
    power.lifecycle(session, record, event, detail)
