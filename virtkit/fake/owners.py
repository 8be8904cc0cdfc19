"""Which process does a long job, and what to do when it died over it."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power

if TYPE_CHECKING:
    from virtkit.fake.connection.base import ConnectionBase
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_START_TIME = 19  # field of /proc/PID/stat, counted from after the command's name


# by the reason of a pause whose job is dead: why the guest runs on, and what is told of it
_GOES_ON = {
    c.VIR_DOMAIN_PAUSED_MIGRATION: (
        c.VIR_DOMAIN_RUNNING_MIGRATION_CANCELED,
        c.VIR_DOMAIN_EVENT_RESUMED_MIGRATED,
    ),
    c.VIR_DOMAIN_PAUSED_SAVE: (c.VIR_DOMAIN_RUNNING_SAVE_CANCELED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED),
    c.VIR_DOMAIN_PAUSED_DUMP: (c.VIR_DOMAIN_RUNNING_SAVE_CANCELED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED),
}


def mine() -> str:
    """Return what names this process among those that share a file."""
    return _name(os.getpid())


def _name(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}:{_started(pid)}"


def _started(pid: int) -> str:
    """Return when the process *pid* started, so that its number's next bearer is not taken for it."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[_START_TIME]


def is_alive(owner: str) -> bool:
    """Return whether the process that *owner* names still runs (or is on another machine, so unknown)."""
    machine, pid, _ = owner.rsplit(":", 2)
    return machine != socket.gethostname() or owner == _name(int(pid))


def tie(record: DomainRecord, connection: ConnectionBase) -> None:
    """Have *record* be destroyed when *connection* ends (START_AUTODESTROY)."""
    record.extra[power.TIED] = f"{mine()}/{id(connection)}"
    connection._tied.add(record.uuid)  # noqa: SLF001


def let_go(connection: ConnectionBase) -> None:
    """Destroy what was started for as long as *connection* is there."""
    host = connection._host  # noqa: SLF001
    with host as session:
        for uuid in connection._tied:  # noqa: SLF001
            record = session.find(uuid)
            if record is not None and record.extra.get(power.TIED) == f"{mine()}/{id(connection)}":
                _destroy(host, session, record)


def _destroy(host: Host, session: Session, record: DomainRecord) -> None:
    if host.personality.tells_steps:
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SHUTDOWN, c.VIR_DOMAIN_EVENT_SHUTDOWN_HOST)
    reason, detail = c.VIR_DOMAIN_SHUTOFF_DESTROYED, c.VIR_DOMAIN_EVENT_STOPPED_DESTROYED
    power.stop(host, session, record, reason, detail)


def heal(host: Host) -> None:
    """End what processes left that died: in the middle of a job, or tied to a connection of theirs."""
    with host as session:
        for record in session.all():
            tied = record.extra.get(power.TIED)
            if tied is not None and not is_alive(tied.partition("/")[0]):
                _destroy(host, session, record)
                continue
            if record.incoming and not is_alive(record.incoming):
                power.stop(
                    host,
                    session,
                    record,
                    c.VIR_DOMAIN_SHUTOFF_FAILED,
                    c.VIR_DOMAIN_EVENT_STOPPED_FAILED,
                )
            elif record.job is not None and not is_alive(record.job.owner):
                _give_up(host, session, record)


def _give_up(host: Host, session: Session, record: DomainRecord) -> None:
    """The guest goes on here, unless it may run at the destination already: then it stays paused."""
    job, record.job = record.job, None
    assert job is not None  # noqa: S101
    if job.finished or job.postcopy or record.state == c.VIR_DOMAIN_RUNNING:
        return
    if record.reason in _GOES_ON:
        reason, detail = _GOES_ON[record.reason]
        power.set_state(host, record, c.VIR_DOMAIN_RUNNING, reason)
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, detail)
    elif record.reason == c.VIR_DOMAIN_PAUSED_STARTING_UP:
        reason, detail = c.VIR_DOMAIN_SHUTOFF_FAILED, c.VIR_DOMAIN_EVENT_STOPPED_FAILED
        power.stop(host, session, record, reason, detail)
