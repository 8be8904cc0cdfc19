"""What a domain is doing: states and reasons in libvirt's words, as a frozen picture of one moment."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class DomainState(StrEnum):
    """``VIR_DOMAIN_*``: the state of a domain. Each member equals its own word."""

    NOSTATE = "nostate"
    RUNNING = "running"
    BLOCKED = "blocked"
    PAUSED = "paused"
    SHUTDOWN = "shutdown"
    SHUTOFF = "shutoff"
    CRASHED = "crashed"
    PMSUSPENDED = "pmsuspended"
    UNKNOWN = "unknown"


class DomainReason(StrEnum):
    """Why a domain is in its state: ``VIR_DOMAIN_RUNNING_*``, ``_PAUSED_*``, ``_SHUTOFF_*`` in words."""

    UNKNOWN = "unknown"
    BOOTED = "booted"
    MIGRATED = "migrated"
    RESTORED = "restored"
    FROM_SNAPSHOT = "from-snapshot"
    UNPAUSED = "unpaused"
    MIGRATION_CANCELED = "migration-canceled"
    SAVE_CANCELED = "save-canceled"
    WAKEUP = "wakeup"
    CRASHED = "crashed"
    POSTCOPY = "postcopy"
    POSTCOPY_FAILED = "postcopy-failed"
    USER = "user"
    MIGRATION = "migration"
    SAVE = "save"
    DUMP = "dump"
    IOERROR = "ioerror"
    WATCHDOG = "watchdog"
    SHUTTING_DOWN = "shutting-down"
    SNAPSHOT = "snapshot"
    STARTING_UP = "starting-up"
    API_ERROR = "api-error"
    SHUTDOWN = "shutdown"
    DESTROYED = "destroyed"
    SAVED = "saved"
    FAILED = "failed"
    DAEMON = "daemon"
    PANICKED = "panicked"


_STATES = (
    DomainState.NOSTATE,
    DomainState.RUNNING,
    DomainState.BLOCKED,
    DomainState.PAUSED,
    DomainState.SHUTDOWN,
    DomainState.SHUTOFF,
    DomainState.CRASHED,
    DomainState.PMSUSPENDED,
)
_R = DomainReason
_REASONS: dict[DomainState, tuple[DomainReason, ...]] = {
    DomainState.RUNNING: (
        *(_R.UNKNOWN, _R.BOOTED, _R.MIGRATED, _R.RESTORED, _R.FROM_SNAPSHOT, _R.UNPAUSED),
        *(_R.MIGRATION_CANCELED, _R.SAVE_CANCELED, _R.WAKEUP, _R.CRASHED, _R.POSTCOPY, _R.POSTCOPY_FAILED),
    ),
    DomainState.PAUSED: (
        *(_R.UNKNOWN, _R.USER, _R.MIGRATION, _R.SAVE, _R.DUMP, _R.IOERROR, _R.WATCHDOG, _R.FROM_SNAPSHOT),
        *(_R.SHUTTING_DOWN, _R.SNAPSHOT, _R.CRASHED, _R.STARTING_UP, _R.POSTCOPY, _R.POSTCOPY_FAILED),
        _R.API_ERROR,
    ),
    DomainState.SHUTDOWN: (_R.UNKNOWN, _R.USER),
    DomainState.SHUTOFF: (
        *(_R.UNKNOWN, _R.SHUTDOWN, _R.DESTROYED, _R.CRASHED, _R.MIGRATED, _R.SAVED, _R.FAILED),
        *(_R.FROM_SNAPSHOT, _R.DAEMON),
    ),
    DomainState.CRASHED: (_R.UNKNOWN, _R.PANICKED),
}


class DomainStatus(NamedTuple):
    """A domain at one moment.

    ``str(status)`` reads ``paused (user)``. The last three are None unless they were asked for, because
    each costs a call: ``domain.status(full=True)``.

    Attributes:
        state: What it is doing.
        reason: Why. ``saved`` with state ``shutoff``: its memory lies in a file, and if that is the managed
            save image, the next ``start()`` goes on from there.
        persistent: It has a definition, and stays when it stops.
        autostart: It starts with its host.
        managed_save: It has a managed save image, which ``start()`` will resume.
    """

    state: DomainState
    reason: DomainReason
    persistent: bool | None = None
    autostart: bool | None = None
    managed_save: bool | None = None

    @property
    def active(self) -> bool:
        """Whether it exists as a running or paused guest, as libvirt's ``isActive`` says."""
        return self.state not in {DomainState.SHUTOFF, DomainState.NOSTATE}

    @property
    def running(self) -> bool:
        """Whether its processors run (``blocked`` is Xen's word for a running guest that is idle)."""
        return self.state in {DomainState.RUNNING, DomainState.BLOCKED}

    def __str__(self) -> str:
        word = self.state.value
        return word if self.reason is DomainReason.UNKNOWN else f"{word} ({self.reason.value})"


def state_of(number: int) -> DomainState:
    """Return the state for libvirt's number."""
    return _STATES[number] if 0 <= number < len(_STATES) else DomainState.UNKNOWN


def reason_of(state: DomainState, number: int) -> DomainReason:
    """Return the reason for libvirt's number, which means something else in each state."""
    reasons = _REASONS.get(state, ())
    return reasons[number] if 0 <= number < len(reasons) else DomainReason.UNKNOWN
