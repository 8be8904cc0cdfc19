"""A domain on a host: what it is, what it does, and the verbs of its life."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Literal

from virtkit.binding import translate
from virtkit.binding.constants import ErrorCode, Start, XMLFlags
from virtkit.errors import Disconnected, NotFound, NotSupported
from virtkit.host.status import DomainStatus, reason_of, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from virtkit.binding import VirDomain
    from virtkit.host.connection import Connection
    from virtkit.host.deletion import Deleted
    from virtkit.host.job import Job
    from virtkit.host.migration import Migrated, MigrationProgress
    from virtkit.host.statistics import DomainStatistics, Group
    from virtkit.model import Domain as DomainDocument


class Domain:
    """A domain: a handle that keeps libvirt's own object, so that no call is preceded by a look-up.

    Attributes never do I/O; whatever asks the host is a method. Two handles are equal if connection URI and
    UUID are. Every method raises a HostError: NotFound if the domain has gone, WrongState if it is not in a
    state for that, Disconnected if the host cannot be asked.
    """

    __slots__ = ("__weakref__", "_connection", "_name", "_raw", "_uuid")

    def __init__(self, connection: Connection, raw: VirDomain) -> None:
        self._connection = connection
        self._raw: VirDomain | None = raw
        self._name = raw.name()
        self._uuid = raw.UUIDString()
        connection.adopt(self)

    @property
    def name(self) -> str:
        """Its name when the handle was made, or what ``rename()`` made of it."""
        return self._name

    @property
    def uuid(self) -> str:
        """Its UUID, the same for its whole life and on every host it migrates to."""
        return self._uuid

    @property
    def connection(self) -> Connection:
        """The connection that it was found on."""
        return self._connection

    @property
    def job(self) -> Job:
        """What it is busy with: migration, save, dump."""
        from virtkit.host.job import Job

        return Job(self)

    @property
    def raw(self) -> VirDomain:
        """The object of libvirt-python, for calls that virtkit does not have.

        Raises:
            Disconnected: The connection has been closed.
        """
        if self._raw is None:
            raise Disconnected(
                "the connection is closed", uri=self._connection.uri, operation="use", name=self._name
            )
        return self._raw

    def __repr__(self) -> str:
        return f"<Domain {self._name!r} on {self._connection.uri}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Domain):
            return NotImplemented
        return self._uuid == other.uuid and self._connection.uri == other.connection.uri

    def __hash__(self) -> int:
        return hash((self._connection.uri, self._uuid))

    def calling(self, operation: str) -> translate:
        """Return the context in which libvirt's errors become this domain's, for *operation*."""
        return translate(operation, self._name, self._connection.uri)

    def forget(self) -> None:
        """Let go of libvirt's object; the connection calls this when it closes."""
        self._raw = None

    # --- what it is

    def status(self, *, full: bool = False) -> DomainStatus:
        """Return state and reason: one call, ``virDomainGetState``.

        Args:
            full: Also ask whether it is persistent, starts with its host, and has a managed save image:
                three calls more.
        """
        raw = self.raw
        with self.calling("read the state of"):
            number, why = raw.state()[:2]
            state = state_of(number)
            reason = reason_of(state, why)
            if not full:
                return DomainStatus(state, reason)
            persistent = bool(raw.isPersistent())
            return DomainStatus(
                state,
                reason,
                persistent=persistent,
                autostart=bool(raw.autostart()) if persistent else False,
                managed_save=persistent and self.has_managed_save(),
            )

    def is_persistent(self) -> bool:
        """Say whether it has a definition, which stays when it is off: one call."""
        with self.calling("ask for the definition of"):
            return bool(self.raw.isPersistent())

    def has_managed_save(self) -> bool:
        """Say whether it has a managed save image, which ``start()`` would resume: one call."""
        try:
            with self.calling("look for the managed save of"):
                return bool(self.raw.hasManagedSaveImage())
        except NotSupported:  # containers, and other drivers that save nothing
            return False

    def xml(self, inactive: bool = False, secure: bool = False) -> str:
        """Return its XML: one call, ``virDomainGetXMLDesc``.

        Args:
            inactive: What the next start will use, instead of what runs now.
            secure: With passwords. A read-only connection refuses that (Denied).
        """
        flags = (XMLFlags.INACTIVE if inactive else 0) | (XMLFlags.SECURE if secure else 0)
        with self.calling("read the XML of"):
            return self.raw.XMLDesc(int(flags))

    def document(self, inactive: bool = False) -> DomainDocument:
        """Return its XML as a typed document, a copy: changing it changes nothing on the host."""
        from virtkit.model import Domain as DomainDocument

        return DomainDocument.parse(self.xml(inactive=inactive))

    def statistics(self, groups: Iterable[Group] = ("cpu", "balloon", "vcpu")) -> DomainStatistics:
        """Return counters of this domain: one call, ``virDomainListGetStats``.

        Groups other than ``state`` and ``cpu`` may ask QEMU, and wait as long as that does not answer.
        """
        for found in self._connection.domains.statistics(groups, of=[self]).values():
            return found
        raise NotFound(  # libvirt leaves out what has gone
            "it is not there any more",
            code=ErrorCode.NO_DOMAIN,
            uri=self._connection.uri,
            operation="read the statistics of",
            name=self._name,
        )

    # --- its life

    def start(self, paused: bool = False) -> None:
        """Boot it, or resume it from its managed save image if it has one.

        Args:
            paused: Leave it paused before the guest's first instruction.

        Raises:
            WrongState: It is running, or paused, already.
        """
        with self.calling("start"):
            if paused:
                self.raw.createWithFlags(Start.PAUSED)
            else:
                self.raw.create()

    def shutdown(self) -> None:
        """Ask the guest to shut down, and return at once. Whether it does is up to it; ``stop()`` waits."""
        with self.calling("shut down"):
            self.raw.shutdown()

    def reboot(self) -> None:
        """Ask the guest to reboot, and return at once."""
        with self.calling("reboot"):
            self.raw.reboot()

    def reset(self) -> None:
        """Reset it like the button of a computer; the guest is not asked, unwritten data is lost."""
        with self.calling("reset"):
            self.raw.reset()

    def destroy(self) -> None:
        """Stop it like pulling the plug. Definition and disks stay; unwritten data is lost."""
        with self.calling("destroy"):
            self.raw.destroy()

    def suspend(self) -> None:
        """Pause its processors: it stays in memory, and ``resume()`` goes on with the next instruction.

        Nothing is written to disk, and it does not survive a stop of its host. What elsewhere is called
        suspend (to disk) is ``save()`` or ``managed_save()`` here, as in libvirt.
        """
        with self.calling("suspend"):
            self.raw.suspend()

    def resume(self) -> None:
        """Let its processors go on after ``suspend()``. One that was saved needs ``start()``."""
        with self.calling("resume"):
            self.raw.resume()

    def save(self, path: str | PathLike[str]) -> None:
        """Write its memory and state to a file on its host, and stop it: suspend to disk.

        ``Connection.restore(path)`` brings it back to where it was. To pause it in memory, see ``suspend()``;
        to let libvirt keep the file, ``managed_save()``.

        Args:
            path: A file on the host of the connection. It must be absolute if that is another machine.
        """
        with self.calling("save"):
            self.raw.save(fspath(path))

    def managed_save(self) -> None:
        """Write its memory and state to a file that libvirt keeps, and stop it: the next ``start()`` goes on.

        Raises:
            WrongState: It is off, or transient: then there is no definition to keep it for.
        """
        with self.calling("managed-save"):
            self.raw.managedSave(0)

    def discard_managed_save(self) -> None:
        """Remove its managed save image: the next ``start()`` boots. What was in its memory is lost."""
        with self.calling("discard the managed save of"):
            self.raw.managedSaveRemove(0)

    def undefine(self) -> None:
        """Remove its definition, and nothing else; a running one goes on as a transient domain.

        Raises:
            WrongState: It has snapshots, NVRAM or a managed save image, which ``delete()`` removes too.
        """
        with self.calling("undefine"):
            self.raw.undefine()

    def rename(self, new: str) -> None:
        """Give it another name. It has to be off."""
        with self.calling("rename"):
            self.raw.rename(new)
        self._name = new

    def set_autostart(self, on: bool) -> None:
        """Start it with its host, or not."""
        with self.calling("set autostart of"):
            self.raw.setAutostart(int(on))

    def stop(
        self,
        timeout: float = 120,
        force: bool = False,
        *,
        method: Literal["auto", "acpi", "agent"] = "auto",
    ) -> None:
        """Shut it down and wait until it is off. One that is off already is no error.

        The guest is asked at once and every 15 s again, by its agent if that is connected, else by ACPI. A
        transient domain that vanishes has stopped.

        Args:
            timeout: Seconds to wait for the guest.
            force: Then destroy it; the guest loses what it has not written.
            method: ``"acpi"`` or ``"agent"`` asks in this way only.

        Raises:
            OperationTimeout: It still runs, and *force* was not given. The message says what was tried, and
                what in its definition explains it.
            WrongState: It is paused: a paused guest hears nothing. With *force* it is destroyed.
        """
        from virtkit.host.stopping import stop

        stop(self, timeout=timeout, force=force, method=method)

    def delete(
        self,
        disks: Literal["none", "owned", "all"] = "none",
        *,
        timeout: float = 120,
        force: bool = False,
        dry_run: bool = False,
    ) -> Deleted:
        """Stop it, undefine it with all that belongs to it, and delete its disks if asked to.

        One that is not there any more is no error. Whatever is asked for, these disks are kept: read-only and
        shareable ones, CD-ROMs and floppies, images that another volume is based on, what another domain
        uses, and what is not in a storage pool.

        Args:
            disks: ``"none"``; ``"owned"``: the volumes that its metadata say were made for it; ``"all"``.
            timeout: Seconds for the guest to shut down.
            force: Then destroy it; otherwise nothing is deleted.
            dry_run: Only say what would be deleted.

        Raises:
            OperationTimeout: The guest did not stop; nothing has been deleted.
            HostError: A volume could not be deleted; the message says which are gone and which are left.
        """
        from virtkit.host.deletion import delete

        return delete(self, disks, timeout=timeout, force=force, dry_run=dry_run)

    def migrate(  # noqa: PLR0913 - libvirt's migration has so many sides
        self,
        to: Connection | str,
        *,
        live: bool = True,
        offline: bool = False,
        storage: Literal["auto", "shared", "copy"] = "auto",
        migrate_address: str | None = None,
        bandwidth: int | str | None = None,
        max_downtime: float | None = None,
        timeout: float | None = None,
        on_timeout: Literal["abort", "postcopy", "suspend"] = "abort",
        on_progress: Callable[[MigrationProgress], object] | None = None,
        name: str | None = None,
        xml: str | None = None,
        unsafe: bool = False,
        auto_converge: bool = True,
        parallel: int | None = None,
    ) -> Migrated:
        """Move it to another host, running, and return where it is and what that took.

        A domain with a definition takes that along, and leaves none behind. Ctrl-C ends the migration, waits
        until the guest runs on here, and is raised then. A guest that a failed migration left paused here is
        resumed. https://libvirt.org/migration.html

        Args:
            to: The other host: a connection, or a URI (the connection then lives as long as the result's
                ``domain``). The client needs both; the hosts need not log in at each other.
            live: Let the guest run on while its memory is copied; else it stands still meanwhile.
            offline: Move the definition of a domain that is off. Disks are not moved.
            storage: ``"shared"``: both hosts see the same disks. ``"copy"``: copy writable local disks along;
                missing volumes are made in the destination's storage pools, and an overlay arrives whole,
                without a base. ``"auto"``: copy those that are volumes of local storage here and missing
                there.
            migrate_address: Under which the source reaches the destination: an address or name, a port with
                it, or a URI such as ``tcp://10.0.0.7:49152``. By default the one that this client used.
            bandwidth: At most so much in a second: a size such as ``"100MiB"``, or bytes. libvirt counts in
                MiB, so it is rounded up to one.
            max_downtime: Seconds that the guest may stand still at the end.
            timeout: Seconds from the moment that libvirt's migration job is seen.
            on_timeout: What to do then. ``"abort"``: it stays here. ``"postcopy"``: it goes on there, and
                gets its memory afterwards; if the network breaks then, the guest is lost.
                ``"suspend"``: it is paused until all is copied, and goes on there.
            on_progress: Called at once, then ever less often, down to four times a second, and when it has
                arrived; in this thread. If it raises on the way, the migration ends as with Ctrl-C.
            name: Another name for it there.
            xml: Another definition for it there, which the guest must not notice.
            unsafe: Do not let libvirt refuse disks that may not be shared or not be safely cached.
            auto_converge: Slow the guest down if it writes faster than memory can be copied.
            parallel: Copy memory over so many connections.

        Raises:
            MigrationError: It failed; ``outcome`` says where the guest is, after both ends were read. It is a
                MigrationTimeout if it was aborted because of *timeout*.
            WrongState: It is off and *offline* was not given, or the destination is the host it is on.
            Denied: One of the connections is read only.
            Disconnected: The destination cannot be reached; nothing has happened. Or, after a failure,
                neither end answers.
        """
        from virtkit.host.migration import MigrationOptions, migrate

        options = MigrationOptions(
            live=live,
            offline=offline,
            storage=storage,
            migrate_address=migrate_address,
            bandwidth=bandwidth,
            max_downtime=max_downtime,
            timeout=timeout,
            on_timeout=on_timeout,
            on_progress=on_progress,
            name=name,
            xml=xml,
            unsafe=unsafe,
            auto_converge=auto_converge,
            parallel=parallel,
        )
        return migrate(self, to, options)
