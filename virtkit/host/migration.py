"""Migration: move a domain to another host, and know afterwards where it is.

The client holds both ends (libvirt's managed direct migration), so the source needs no login at the
destination; only the guest's memory, and disks if they are copied, go from host to host.
https://libvirt.org/migration.html
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from virtkit import clock
from virtkit.binding.constants import JobStats, Migrate, MigrateParameter
from virtkit.errors import Denied, HostError, MigrationError, WrongState
from virtkit.host import migration_storage
from virtkit.host.migration_address import migrate_uri
from virtkit.host.migration_outcome import settle, undone
from virtkit.host.migration_watch import MigrationProgress, Watch, progress_of
from virtkit.units import parse_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from virtkit.binding import Opened
    from virtkit.host.connection import Connection
    from virtkit.host.domain import Domain
    from virtkit.host.status import DomainStatus

__all__ = ["Migrated", "MigrationOptions", "MigrationProgress", "migrate"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class MigrationOptions:
    """What ``Domain.migrate`` takes, which describes each of them."""

    live: bool = True
    offline: bool = False
    storage: Literal["auto", "shared", "copy"] = "auto"
    migrate_address: str | None = None
    bandwidth: int | str | None = None
    max_downtime: float | None = None
    timeout: float | None = None
    on_timeout: Literal["abort", "postcopy", "suspend"] = "abort"
    on_progress: Callable[[MigrationProgress], object] | None = None
    name: str | None = None
    xml: str | None = None
    unsafe: bool = False
    auto_converge: bool = True
    parallel: int | None = None

    def __post_init__(self) -> None:
        _one_of("storage", self.storage, ("auto", "shared", "copy"))
        _one_of("on_timeout", self.on_timeout, ("abort", "postcopy", "suspend"))
        for name in ("max_downtime", "parallel"):
            _refuse(name, getattr(self, name), "more than 0", lambda value: value > 0)
        _refuse("timeout", self.timeout, "0 or more", lambda value: value >= 0)
        _refuse("migrate_address", self.migrate_address, "an address or a URI", str.strip)
        if self.bandwidth is not None:
            _refuse_rate("bandwidth", self.bandwidth)
        _refuse("name", self.name, "a name without '/'", lambda name: name.strip() and "/" not in name)


@dataclass(frozen=True, slots=True)
class Migrated:
    """A migration that has succeeded; both ends have been read.

    Attributes:
        domain: The domain on the destination.
        source: The URI of the host it left.
        destination: The URI of the host it is on.
        status: What it does there.
        total_time: Seconds from the call to the end, as the client saw it.
        downtime: Seconds in which the guest stood still, as libvirt measured; None if it did not say, and
            for a domain that was off.
        transferred: Bytes of memory and copied disks that went over.
        postcopy: It was finished by post-copy: the guest ran at the destination before all memory was there.
        suspended: It was suspended to finish, because it took longer than its timeout.
        storage: ``"shared"``: only memory moved; ``"copy"``: disks too.
        raw: libvirt's own record of the job: its keys and units.
    """

    domain: Domain
    source: str
    destination: str
    status: DomainStatus
    total_time: float
    downtime: float | None
    transferred: int
    postcopy: bool = False
    suspended: bool = False
    storage: Literal["shared", "copy"] = "shared"
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


def migrate(domain: Domain, to: Connection | str, options: MigrationOptions) -> Migrated:
    """Move *domain* to another host; `Domain.migrate` describes it."""
    from virtkit.host.connection import Connection, connect

    source = domain.connection
    if isinstance(to, Connection):
        return _migrate(domain, to, options)
    given: object = to
    if not isinstance(given, str) or not given.strip():  # no URI would mean the default one
        raise ValueError(f"to={to!r}: give the destination as a connection or its URI")
    destination = connect(to, libvirt=source.opened.module)
    try:
        return _migrate(domain, destination, options)
    except BaseException:
        destination.close()
        raise


def _migrate(domain: Domain, to: Connection, options: MigrationOptions) -> Migrated:
    began = clock.current().monotonic()
    source = domain.connection
    _refuse_itself(domain, to)
    _refuse_readonly(domain, to)
    before = domain.status()
    _refuse_state(domain, before, options)
    with domain.calling("migrate"):
        persistent = bool(domain.raw.isPersistent())
    flags = _flags(before, persistent, options)
    parameters = _parameters(source, to, options)
    downtime = options.max_downtime if before.active else None
    with _lane(source) as lane, _allowed_downtime(domain, downtime):
        disks = migration_storage.prepare(domain, to, options.storage) if before.active else None
        if disks is not None and disks.targets:
            flags |= Migrate.NON_SHARED_DISK
            parameters[MigrateParameter.DISKS] = list(disks.targets)
        watch = Watch(domain, to, lane, flags, parameters, options)
        arrived, status = _move(domain, to, watch, before, disks)
    record = _record(arrived)
    if options.on_progress is not None and record:
        options.on_progress(progress_of(record, postcopy=watch.postcopy))
    return Migrated(
        domain=arrived,
        source=source.uri,
        destination=to.uri,
        status=status,
        total_time=clock.current().monotonic() - began,
        downtime=_seconds(record.get("downtime")) if before.active else None,
        transferred=max(int(record.get("data_processed", 0)), watch.transferred),
        postcopy=watch.postcopy,
        suspended=watch.suspended,
        storage="copy" if disks is not None and disks.targets else "shared",
        raw=record,
    )


def _move(
    domain: Domain, to: Connection, watch: Watch, before: DomainStatus, disks: migration_storage.Disks | None
) -> tuple[Domain, DomainStatus]:
    """Carry it out; if the guest stays, remove the volumes that were made for it."""
    try:
        watch.run()
    except BaseException as interruption:
        note, stayed = undone(domain, to, watch, before)
        interruption.add_note(note)
        if stayed:
            migration_storage.undo(disks)
        raise
    try:
        return settle(domain, to, watch, before)
    except MigrationError as failure:
        if failure.outcome == "still_on_source":
            migration_storage.undo(disks)
        raise


@contextmanager
def _allowed_downtime(domain: Domain, seconds: float | None) -> Iterator[None]:
    """QEMU keeps what it was told: a guest that stays gets back what it had."""
    if seconds is None:
        yield
        return
    with domain.calling("migrate"):
        before = domain.raw.migrateGetMaxDowntime()
        domain.raw.migrateSetMaxDowntime(max(1, round(seconds * 1000)))
    try:
        yield
    except BaseException:
        with suppress(HostError), domain.calling("migrate"):
            domain.raw.migrateSetMaxDowntime(before)
        raise


@contextmanager
def _lane(source: Connection) -> Iterator[Opened]:
    """One more connection, for the call that blocks; others go on beside it."""
    lane = source.second()
    try:
        yield lane
    finally:
        with suppress(lane.module.libvirtError):
            lane.raw.close()


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name}={value!r}: choose one of {', '.join(map(repr, choices))}")


def _refuse(name: str, value: Any, wanted: str, fits: Callable[[Any], object]) -> None:
    """Refuse an argument that libvirt, which takes an empty name, might not."""
    if value is not None and not fits(value):
        raise ValueError(f"{name}={value!r}: give {wanted}")


def _refuse_rate(name: str, value: int | str) -> None:
    try:
        parse_rate(value)
    except ValueError as error:
        raise ValueError(f"{name}={value!r}: {error}") from None


def _refuse_itself(domain: Domain, to: Connection) -> None:
    source = domain.connection
    if source is to or source.opened.uri == to.opened.uri or _same_host(source, to):
        raise WrongState(
            f"{to.uri} is the host that it is on",
            uri=source.uri,
            operation="migrate",
            name=domain.name,
            hint="name another host; two hosts with one host UUID need host_uuid in libvirtd.conf",
        )


def _refuse_readonly(domain: Domain, to: Connection) -> None:
    """Refuse what libvirt would: the call has a connection of its own, but may do no more than these."""
    for connection in (domain.connection, to):
        if connection.readonly:
            raise Denied(
                "this connection is read only",
                uri=connection.uri,
                operation="migrate",
                name=domain.name,
                hint="open the connection without readonly=True to change anything",
            )


def _same_host(one: Connection, other: Connection) -> bool:
    """Names first: a fresh libvirtd takes seconds for its capabilities, as it starts every emulator once."""
    if one.hostname() != other.hostname():
        return False
    first, second = _host_uuid(one), _host_uuid(other)
    return first == second


def _host_uuid(connection: Connection) -> str | None:
    from virtkit import tree

    return tree.parse(connection.capabilities_xml(), "capabilities").findtext("host/uuid")


def _refuse_state(domain: Domain, status: DomainStatus, options: MigrationOptions) -> None:
    if status.active and options.offline:
        message, hint = (
            f"it is {status}, and an offline migration moves only a definition",
            "stop it first, or migrate it live",
        )
    elif not status.active and not options.offline:
        message, hint = (
            f"it is {status}",
            "start it first, or ask for an offline migration, which moves its definition alone",
        )
    else:
        return
    raise WrongState(message, uri=domain.connection.uri, operation="migrate", name=domain.name, hint=hint)


def _flags(status: DomainStatus, persistent: bool, options: MigrationOptions) -> Migrate:
    flags = Migrate(0)
    if persistent:
        flags |= Migrate.PERSIST_DEST | Migrate.UNDEFINE_SOURCE
    if options.unsafe:
        flags |= Migrate.UNSAFE
    if options.offline:
        return flags | Migrate.OFFLINE
    if options.live:
        flags |= Migrate.LIVE
        if options.auto_converge:
            flags |= Migrate.AUTO_CONVERGE
    if options.parallel:
        flags |= Migrate.PARALLEL
    if options.timeout is not None and options.on_timeout == "postcopy" and status.running:
        flags |= Migrate.POSTCOPY
    return flags


def _parameters(source: Connection, to: Connection, options: MigrationOptions) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        MigrateParameter.URI: migrate_uri(source.opened.uri, to.opened.uri, options.migrate_address),
        MigrateParameter.DEST_NAME: options.name,
        MigrateParameter.DEST_XML: options.xml,
        MigrateParameter.PARALLEL_CONNECTIONS: options.parallel,
    }
    if options.bandwidth is not None:
        parameters[MigrateParameter.BANDWIDTH] = max(1, -(-parse_rate(options.bandwidth) // _MIB))
    return {name: value for name, value in parameters.items() if value is not None}


def _record(arrived: Domain) -> Mapping[str, Any]:
    try:
        with arrived.calling("read the migration statistics of"):
            return arrived.raw.jobStats(JobStats.COMPLETED)
    except HostError:  # a driver without them; the migration has succeeded all the same
        return {}


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
