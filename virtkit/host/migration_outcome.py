"""Where the guest is after a migration: both ends are read, whatever the call said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit.binding import host_error, is_libvirt_error
from virtkit.errors import Disconnected, HostError, MigrationError, MigrationTimeout, NotFound
from virtkit.host.status import DomainReason, DomainState

if TYPE_CHECKING:
    from virtkit.errors import Outcome
    from virtkit.host.connection import Connection
    from virtkit.host.domain import Domain
    from virtkit.host.migration_watch import Watch
    from virtkit.host.status import DomainStatus


@dataclass(frozen=True, slots=True)
class End:
    """One end: the domain there, if it could be asked for, and what it does."""

    known: bool
    domain: Domain | None = None
    status: DomainStatus | None = None

    @property
    def active(self) -> bool:
        """Whether it runs or is paused there."""
        return self.status is not None and self.status.active

    @property
    def running(self) -> bool:
        """Whether its processors run there."""
        return self.status is not None and self.status.running

    def __str__(self) -> str:
        if not self.known:
            return "not known, the host does not answer"
        return str(self.status) if self.status is not None else "not there"


def settle(domain: Domain, to: Connection, watch: Watch, before: DomainStatus) -> tuple[Domain, DomainStatus]:
    """Return the domain at the destination with what it does there.

    Raises:
        MigrationError: The migration failed; ``outcome`` is what both ends say.
        Disconnected: It failed, and neither end can be asked: the outcome is unknown.
    """
    there = read_end(to, domain.uuid)
    moved = there.active if before.active else there.domain is not None
    if watch.error is None and moved and there.domain is not None and there.status is not None:
        status = there.status
        if before.running and status.state is DomainState.PAUSED and _go_on(there.domain):
            status = there.domain.status()
        return there.domain, status
    raise _failure(domain, to, watch, before, there)


def undone(domain: Domain, to: Connection, watch: Watch, before: DomainStatus) -> tuple[str, bool]:
    """After an interruption: put the guest back on its feet; say where it is, and whether it has stayed."""
    name = repr(domain.name)
    if not watch.finished:
        return f"the migration of {name} is still being ended; read the state of both ends", False
    if watch.error is None:
        return f"the migration of {name} had already succeeded: it is on {to.uri}", False
    try:
        failure = _failure(domain, to, watch, before, read_end(to, domain.uuid))
    except HostError as error:
        failure = error
    stayed = isinstance(failure, MigrationError) and failure.outcome == "still_on_source"
    return f"the migration of {name} was ended: {failure.message}", stayed


def read_end(connection: Connection, uuid: str) -> End:
    """Look for the domain on one host, over a new connection if the old one is broken."""
    try:
        domain = connection.domains.by_uuid(uuid)
        return End(True, domain, domain.status())
    except NotFound:
        return End(True)
    except Disconnected:
        return _read_anew(connection, uuid)
    except HostError:
        return End(False)


def _read_anew(connection: Connection, uuid: str) -> End:
    from virtkit.host.connection import Connection

    try:
        with Connection(connection.second()) as again:
            return End(True, None, again.domains.by_uuid(uuid).status())
    except NotFound:
        return End(True)
    except HostError:
        return End(False)


def _failure(domain: Domain, to: Connection, watch: Watch, before: DomainStatus, there: End) -> HostError:
    here = read_end(domain.connection, domain.uuid)
    source, destination = domain.connection.uri, to.uri
    outcome: Outcome = "still_on_source"
    if not here.known and not there.known:
        return Disconnected(
            f"{_reason(domain, watch)[0]}; neither end answers, so where it is cannot be said",
            uri=source,
            operation="migrate",
            name=domain.name,
            hint=f"ask {source} and {destination} when they answer again",
        )
    if there.running or (there.active and not here.active):
        outcome, where = "on_destination", f"it is on {destination}: {there}"
        if here.active:
            where += f", and on {source}: {here}"
    elif not here.known:
        where = f"{destination} does not have it, and {source} does not answer"
    elif here.status is not None and here.status.state is DomainState.PAUSED and before.running:
        outcome, where = _paused(here, there, domain, to)
    else:
        where = f"it is on {source} as before: {here}" if here.status else f"it has ended on {source}"
    message, code, number, hint = _reason(domain, watch)
    kind = MigrationTimeout if watch.timed_out and not watch.lost else MigrationError
    return kind(
        f"{message}; {where}",
        outcome=outcome,
        code=code,
        domain=number,
        uri=f"{source} to {destination}",
        operation="migrate",
        name=domain.name,
        hint=hint,
    )


def _paused(here: End, there: End, domain: Domain, to: Connection) -> tuple[Outcome, str]:
    """The source has it paused, and it ran before: may it go on?"""
    source = domain.connection.uri
    broken = here.status is not None and here.status.reason in {
        DomainReason.POSTCOPY,
        DomainReason.POSTCOPY_FAILED,
    }
    if there.active or not there.known:
        return "both_paused", f"on {source}: {here}; on {to.uri}: {there}"
    if broken:
        return "still_on_source", f"it is on {source}: {here}; what it did at the destination is lost"
    if _go_on(domain):
        return "still_on_source", f"it had been paused on {source}, and has been resumed there"
    return "still_on_source", f"it is paused on {source} and could not be resumed"


def _go_on(domain: Domain) -> bool:
    try:
        domain.resume()
        return domain.status().running
    except HostError:
        return False


def _reason(domain: Domain, watch: Watch) -> tuple[str, int | None, int | None, str | None]:
    """What failed: message, libvirt's code and domain, and what to do."""
    error = watch.error
    if error is None:
        return "libvirt says that it succeeded, but the destination does not have it", None, None, None
    if not is_libvirt_error(error):
        return f"{type(error).__name__}: {error}", None, None, None
    found = host_error(error, "migrate", domain.name, domain.connection.uri)
    if watch.lost:
        return "the connection to the destination was lost", found.code, found.domain, None
    if watch.timed_out:
        hint = "a longer timeout, more bandwidth, or 'postcopy' or 'suspend' on timeout, lets it finish"
        return "not finished within its timeout, and aborted", found.code, found.domain, hint
    return found.message, found.code, found.domain, found.hint
