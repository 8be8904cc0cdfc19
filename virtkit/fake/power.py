"""A domain's way on and off: what every operation that starts or stops one has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.checkpoint import record as checkpoints
from virtkit.fake.errors import fail, libvirtError
from virtkit.fake.snapshot import record as snapshots
from virtkit.fake.state.records import Event

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord, SavedImage
    from virtkit.fake.store.session import Session

_LIFECYCLE = c.VIR_DOMAIN_EVENT_ID_LIFECYCLE
TIED = "autodestroy"  # where a record keeps to whose connection it is tied
BOOT = "boot"  # what is due of a guest that has an agent, and what is kept of it until it boots again


def emit(session: Session, record: DomainRecord, number: int, *arguments: Any) -> None:
    """Announce an event of *record*."""
    session.emit(Event(number, record.name, record.uuid, record.id, arguments))


def lifecycle(session: Session, record: DomainRecord, event: int, detail: int) -> None:
    """Announce a lifecycle event of *record*."""
    session.emit(Event(_LIFECYCLE, record.name, record.uuid, record.id, (event, detail)))


def go_live(
    host: Host,
    session: Session,
    record: DomainRecord,
    state: int,
    reason: int,
    source: Document | None = None,
) -> None:
    """Give *record* a live side, made from *source* or its inactive document."""
    from virtkit.fake.fill import grants, live_document

    base = source if source is not None else record.inactive
    facts = base.facts()
    if facts.foreign_mode and host.personality.guest_decides:
        message = f"CPU mode {facts.foreign_mode} qemu domain on x86_64 host is not supported by hypervisor"
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
    number = session.next_id()
    if facts.links or facts.filters or host.overcommit is not None:
        _find_place(host, session, record, base)
    record.id = number
    given = grants.give(session, record, facts.wishes) if host.personality.guest_decides else None
    if given is not None and facts.links:
        from virtkit.fake.network import attachments

        given["networks"] = attachments.plugs(host, session, facts)
    record.base, record.live = base, live_document(host.personality, base, record.id, given)
    record.balloon, record.vcpus = facts.current_memory, facts.vcpus
    record.started = host.now()
    record.ran = 0.0
    record.running_since = None
    record.last_job = None
    if not host.personality.tells_steps:  # the test driver: any start is the end of a saved image
        record.managed_save = None
    set_state(host, record, state, reason)
    if facts.has_agent and host.personality.guest_decides:
        _expect_agent(host, session, record)
    if "overlaid" in record.extra:
        from virtkit.fake.block import editing

        editing.open_chains(session, record)


def _find_place(host: Host, session: Session, record: DomainRecord, document: Document) -> None:
    """Find memory, networks and filters for *document*; where one fails, the domain has failed to start."""
    from virtkit.fake.network import attachments
    from virtkit.fake.node import memory

    try:
        if host.overcommit is not None:
            memory.reserve(session, host, document.facts(), kept=record.config is not None)
        attachments.require(host, session, record, document)
    except libvirtError as error:
        error.kept = True  # type: ignore[attr-defined]  # what it leaves is meant to stay
        if record.config is None:
            session.delete(record)
        else:
            record.reason = c.VIR_DOMAIN_SHUTOFF_FAILED
        raise


def _expect_agent(host: Host, session: Session, record: DomainRecord) -> None:
    """Say that no agent has come yet, and look for it as the guest boots."""
    state = c.VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_DISCONNECTED
    reason = c.VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_DOMAIN_STARTED
    emit(session, record, c.VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, state, reason)
    host.after(session, 0.0, BOOT, record.uuid)


def set_state(host: Host, record: DomainRecord, state: int, reason: int) -> None:
    """Change *record*'s state, keeping count of the time that its CPUs ran."""
    running = state == c.VIR_DOMAIN_RUNNING
    if record.job is not None:
        record.job.advance(host.now())
        record.job.paused = not running
    if running and record.running_since is None:
        record.running_since = host.now()
    elif not running and record.running_since is not None:
        record.ran = record.cpu_seconds(host.now())
        record.running_since = None
    record.state, record.reason = state, reason


def stop(host: Host, session: Session, record: DomainRecord, reason: int, detail: int) -> None:
    """Take *record*'s live side away, tell of it, and take the whole domain if that was all it had."""
    keeps = record.never_defined and not host.personality.guest_decides  # the test driver: its id
    number = record.id if keeps else -1
    halt(host, session, record, reason)
    session.emit(Event(_LIFECYCLE, record.name, record.uuid, number, (c.VIR_DOMAIN_EVENT_STOPPED, detail)))
    if record.config is None:
        forget(session, record)


def halt(host: Host, session: Session, record: DomainRecord, reason: int) -> None:
    """Take *record*'s live side away."""
    if record.active and record.facts.links:
        from virtkit.fake.network import attachments

        attachments.leave(host, session, record)
    set_state(host, record, c.VIR_DOMAIN_SHUTOFF, reason)
    record.live = record.base = record.job = None
    record.id, record.incoming = -1, ""
    record.extra.pop(BOOT, None)
    record.extra.pop(TIED, None)
    if "grants" in record.extra:
        from virtkit.fake.fill import grants

        grants.release(session, record)
    if record.uuid in host.lines:
        _hang_up(host, record.uuid)
    session.cancel(record.uuid)
    if "block" in record.extra:
        from virtkit.fake.block import ending

        ending.domain_stopped(host, session, record)


def forget(session: Session, record: DomainRecord) -> None:
    """Forget *record*, and the moments of it that were kept."""
    snapshots.forget(session, record.uuid)
    checkpoints.forget(session, record.uuid)
    session.delete(record)


def _hang_up(host: Host, uuid: str) -> None:
    """End the consoles of a guest that is gone."""
    for _, line in host.lines.pop(uuid).values():
        line.hang_up()


def job_done(session: Session, record: DomainRecord, numbers: dict[str, Any], number: int) -> None:
    """Announce that a job of *record*, then with the id *number*, is done, and keep its *numbers*."""
    session.emit(Event(c.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, record.name, record.uuid, number, (numbers,)))
    record.last_job = {**numbers, "type": c.VIR_DOMAIN_JOB_COMPLETED}


def boot(
    host: Host,
    session: Session,
    record: DomainRecord,
    *,
    paused: bool = False,
    source: Document | None = None,
) -> None:
    """Start *record*'s guest anew, from *source* or its inactive document."""
    state, reason = c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_BOOTED
    if paused:
        state, reason = c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_USER
    go_live(host, session, record, state, reason, source)
    tells = host.personality.tells_steps
    if tells and not paused:
        lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED)
    lifecycle(session, record, c.VIR_DOMAIN_EVENT_STARTED, c.VIR_DOMAIN_EVENT_STARTED_BOOTED)
    if tells and paused:
        lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED)


def expect_back(host: Host, session: Session, record: DomainRecord, image: SavedImage) -> None:
    """Have *record* wait for its memory to be read."""
    state, reason = c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_STARTING_UP
    go_live(host, session, record, state, reason, image.document)
    record.ran = image.cpu_time


def bring_back(
    host: Host, session: Session, record: DomainRecord, image: SavedImage, *, paused: bool = False
) -> None:
    """Go on with the guest that *image* holds, unless it is to stay *paused*."""
    state, reason = c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_RESTORED
    forgets = not host.personality.tells_steps  # the test driver: every restored domain runs
    if not forgets and (paused or not image.running):
        state, reason = c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_MIGRATION
    if record.job is None:
        go_live(host, session, record, state, reason, image.document)
        record.ran = image.cpu_time
    else:  # it was on its way
        record.job = None
        set_state(host, record, state, reason)
    lifecycle(session, record, c.VIR_DOMAIN_EVENT_STARTED, c.VIR_DOMAIN_EVENT_STARTED_RESTORED)
    if forgets:
        return
    if paused:
        lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED)
    elif image.running:
        lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_FROM_SNAPSHOT)
    else:
        lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_RESTORED)
