"""A connection to one host."""

from __future__ import annotations

import weakref
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from virtkit.binding import Opened, VirConnect, open_connection, translate
from virtkit.binding.log import debug
from virtkit.binding.uri import redacted
from virtkit.errors import Disconnected, NotSupported
from virtkit.host.domain import Domain
from virtkit.host.domains import Domains
from virtkit.host.events import LifecycleEvents

if TYPE_CHECKING:
    from types import TracebackType

    from virtkit.model import HostFacts


class Version(NamedTuple):
    """A version; ``str()`` gives ``"9.0.0"``, and two of them compare as numbers do."""

    major: int
    minor: int
    release: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.release}"


class Versions(NamedTuple):
    """What runs at the other end: libvirt's daemon there, and the hypervisor if the driver tells."""

    libvirt: Version
    hypervisor: Version | None


def connect(uri: str | None = None, *, readonly: bool = False, libvirt: Any = None) -> Connection:
    """Connect to a host; the Connection is a context manager that closes it.

    Args:
        uri: A libvirt URI, https://libvirt.org/uri.html. None takes the environment's ``VIRTKIT_URI``, else
            its ``LIBVIRT_DEFAULT_URI``, else qemu:///system. ``fake:///NAME`` is a fake host in memory,
            ``fake:///absolute/path.db`` one that processes share.
        readonly: Ask for a connection that cannot change anything; it needs fewer rights.
        libvirt: A module with libvirt-python's API, to be used whatever the URI.

    Raises:
        BindingMissing: libvirt-python is not installed for this Python.
        Denied: This user may not.
        Disconnected: Nothing answers there.
    """
    return Connection(open_connection(uri, readonly=readonly, libvirt=libvirt), readonly=readonly)


class Connection:
    """An open connection to one host. Use it from as many threads as you like.

    libvirt serves five requests of a connection at a time: keep slow ones (save, start) on a connection of
    their own where others must not wait. ``migrate`` does that by itself.
    """

    def __init__(self, opened: Opened, *, readonly: bool = False) -> None:
        self._opened: Opened | None = opened
        self._uri = redacted(opened.uri)
        self._readonly = readonly
        # by id: two handles of one domain are equal
        self._handles: weakref.WeakValueDictionary[int, Domain] = weakref.WeakValueDictionary()
        self._capabilities: str | None = None
        self._facts: HostFacts | None = None
        self._events = LifecycleEvents(opened)
        self._domains = Domains(self)

    @property
    def uri(self) -> str:
        """Where it leads, as it was asked for, without a password."""
        return self._uri

    @property
    def readonly(self) -> bool:
        """Whether it was opened so that it cannot change anything."""
        return self._readonly

    @property
    def domains(self) -> Domains:
        """The domains of the host."""
        return self._domains

    @property
    def events(self) -> LifecycleEvents:
        """What wakes those who wait for a domain."""
        return self._events

    @property
    def opened(self) -> Opened:
        """Module, full URI and libvirt's own object.

        Raises:
            Disconnected: It has been closed.
        """
        if self._opened is None:
            raise Disconnected("the connection is closed", uri=self._uri, operation="use")
        return self._opened

    @property
    def raw(self) -> VirConnect:
        """The object of libvirt-python, for calls that virtkit does not have."""
        return self.opened.raw

    def calling(self, operation: str, name: str | None = None) -> translate:
        """Return the context in which libvirt's errors become this connection's, for *operation*."""
        return translate(operation, name, self._uri)

    def adopt(self, domain: Domain) -> None:
        """Remember a handle, to let go of it when the connection closes."""
        self._handles[id(domain)] = domain

    def hostname(self) -> str:
        """Return the name that the host gives itself: one call."""
        with self.calling("ask for the host name"):
            return self.raw.getHostname()

    def version(self) -> Versions:
        """Return the versions of libvirt and of the hypervisor at the other end: two calls."""
        with self.calling("ask for the version"):
            libvirt = _version(self.raw.getLibVersion())
        try:
            with self.calling("ask for the version"):
                return Versions(libvirt, _version(self.raw.getVersion()))
        except NotSupported:
            return Versions(libvirt, None)

    def capabilities(self) -> HostFacts:
        """Return what guests the host can run. Asked once: one call."""
        if self._facts is None:
            from virtkit.model import HostFacts

            self._facts = HostFacts.from_capabilities(self.capabilities_xml())
        return self._facts

    def capabilities_xml(self) -> str:
        """Return libvirt's capabilities document. Asked once: one call."""
        if self._capabilities is None:
            with self.calling("read the capabilities"):
                self._capabilities = self.raw.getCapabilities()
        return self._capabilities

    def restore(self, path: str | PathLike[str]) -> Domain:
        """Bring a domain back from a file that ``Domain.save()`` wrote, and return it.

        It goes on where it was, running or paused. The file stays, but must not be used a second time: the
        disks have gone on since.

        Args:
            path: A file on the host of the connection.
        """
        from virtkit import tree

        place = fspath(path)
        with self.calling("restore", place):
            image = tree.parse(self.raw.saveImageGetXMLDesc(place), "the saved domain's XML")
            self.raw.restore(place)
            return Domain(self, self.raw.lookupByUUIDString(image.findtext("uuid") or ""))

    def is_alive(self) -> bool:
        """Say whether the connection still stands; no call, as libvirt keeps watch by itself."""
        return self._opened is not None and self._opened.raw.isAlive() == 1

    def second(self) -> Opened:
        """Open one more connection to the same host, for a slow call beside which others go on."""
        opened = self.opened
        return open_connection(opened.uri, readonly=self._readonly, libvirt=opened.module)

    def close(self) -> None:
        """Close it for good, and let go of every handle made from it; twice is no error."""
        opened, self._opened = self._opened, None
        if opened is None:
            return
        self._events.close()
        for handle in self._handles.valuerefs():  # a copy: other threads may still be making some
            domain = handle()
            if domain is not None:
                domain.forget()
        self._handles.clear()
        try:
            left = opened.raw.close()
        except opened.module.libvirtError as error:  # it broke before; gone is what was asked for
            debug("virtkit.host", "closing %s: %s", self._uri, error)
            return
        if left > 0:
            debug("virtkit.host", "%s stays open: something outside virtkit still holds it", self._uri)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Connection {self._uri}{'' if self._opened else ' (closed)'}>"


def _version(number: int) -> Version:
    return Version(number // 1_000_000, number // 1000 % 1000, number % 1000)
