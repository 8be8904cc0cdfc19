"""One fake host as this process sees it: its store, its connections, its faults, its guests' manners."""

from __future__ import annotations

import uuid
import weakref
from typing import TYPE_CHECKING, Any

from virtkit import clock
from virtkit.fake import guest, owners
from virtkit.fake.due import settle
from virtkit.fake.faults import Faults
from virtkit.fake.node.hardware import Hardware
from virtkit.fake.settings import HOST, NoSetting, of_host

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable
    from types import TracebackType

    from virtkit.fake.callbacks import State
    from virtkit.fake.connection import virConnect
    from virtkit.fake.guest.control import GuestControl
    from virtkit.fake.nodedev.hardware import Devices
    from virtkit.fake.rules import Personality
    from virtkit.fake.state.records import Event
    from virtkit.fake.store.session import Session, Store
    from virtkit.fake.store.watching import Watcher
    from virtkit.fake.streams import Pipe

MIB = 1 << 20


class Host(Hardware):
    """A host that libvirt would manage. Tests get it by ``virtkit.fake.host(NAME)`` to set how it behaves.

    What its hardware is: see ``Hardware``.

    Attributes:
        name: its host name.
        uuid: what tells it from other hosts.
        faults: calls that are to fail or take long.
        guest: how guests behave here, unless a domain's metadata says otherwise.
        bandwidth: bytes a second that a migration gets when nobody limits it.
        disk_bandwidth: bytes a second to files, when memory is saved, restored or dumped; None: at once.
        disk: bytes of the disk that the folders of its storage share.
        addresses: where migrations reach it; empty: at any address.
        unreachable: whether migrations to this host find nobody at all.
        shared_paths: what the paths begin with that other hosts see too: a disk elsewhere is not safe to
            migrate without a copy.
        tls: whether it has certificates for encrypted migrations.
        default_network: whether it has the network ``default`` from the start; to be set before it is used.
        interface_backend: ``udev``, which only shows interfaces, as on every system of today, or ``netcf``,
            which also changes them.
    """

    def __init__(self, name: str, store: Store, personality: Personality, *, uri: str = "") -> None:
        super().__init__()
        self.name = name
        self.store = store
        self.personality = personality
        self.uri = uri
        self.uuid = str(uuid.uuid5(uuid.NAMESPACE_URL, uri or name))
        self.faults = Faults(store)
        self.guest = guest.KeptGuest(store) if store.shared else guest.Guest()
        self.bandwidth = 1024 * MIB
        self.disk_bandwidth: float | None = None
        self.disk = 256 << 30
        self.addresses: set[str] = set()
        self.unreachable = False
        self.shared_paths: tuple[str, ...] = ("/",)
        self.tls = False
        self.default_network = True
        self.interface_backend = "udev"
        self.owner = owners.mine()
        self.lines: dict[str, dict[str, tuple[int, Pipe]]] = {}  # by domain and device, who reads a console
        self.screens: list[int] = []  # our ends of what was opened to watch
        self._connections: weakref.WeakSet[virConnect] = weakref.WeakSet()
        self._listening: tuple[virConnect, ...] = ()
        self._told: tuple[State, ...] = ()  # theirs, each once
        self.test_node: list[Any] | None = None  # what getInfo says of a test driver's file
        self.test_users: dict[str, str | None] = {}  # passwords of who may connect, if not anybody
        self.event_state: State | None = None  # of all connections, where the driver keeps them together
        self.held = 0  # closed connections of which something is still in use
        self._waiting: set[threading.Event] = set()
        self.watcher: Watcher | None = None
        self._whole = True

    if not TYPE_CHECKING:  # which finds a wrong name by itself

        def __setattr__(self, name: str, value: Any) -> None:
            if name in HOST:
                value = of_host(name, value)
            elif "_whole" in self.__dict__ and name not in self.__dict__:
                raise NoSetting("a host", name, HOST)
            object.__setattr__(self, name, value)

    # a call on the host: `with host as session:`

    def __enter__(self) -> Session:
        session = self.store.begin()
        due = session.next_due()
        if due is not None and due <= clock.current().time():
            settle(self, session)
        return session

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        events = self.store.finish(ok=kind is None or getattr(error, "kept", False))
        if events:
            self.publish(events)
        if self.faults.after and kind is None:
            self.faults.strike()

    @property
    def devices(self) -> Devices:
        """The hardware, to add to and to take from."""
        from virtkit.fake.nodedev.hardware import Devices

        return Devices(self)

    def domain(self, name: str) -> GuestControl:
        """Return a hold on the guest of the domain *name*: what is in it, what it does, what befalls it."""
        from virtkit.fake.guest.control import GuestControl

        return GuestControl(self, name)

    def now(self) -> float:
        """Return the time on the clock, in seconds since 1970."""
        return clock.current().time()

    def settle(self) -> None:
        """Let happen what is due by now."""
        with self:
            pass

    def _settle_in_time(self) -> None:
        if not self.store.stale():  # else the host was reset, or its file is gone: nobody is there to be told
            self.settle()

    def after(self, session: Session, seconds: float, action: str, domain: str, detail: str = "") -> None:
        """Have *action* happen to *domain* in *seconds*, as soon as anybody could see it."""
        now = clock.current()
        session.schedule(now.time() + seconds, action, domain, detail)
        now.call_at(now.monotonic() + seconds, self._settle_in_time)

    # who listens

    def publish(self, events: Iterable[Event]) -> None:
        """Queue *events* for the connections that listen, and wake whoever waits for a change."""
        if self._listening:
            for state in self._told:
                state.queue(events)
        if self._waiting:
            self.wake()

    def attach(self, connection: virConnect) -> None:
        """Count *connection* as open."""
        self._connections.add(connection)

    def detach(self, connection: virConnect) -> None:
        """Count *connection* as closed."""
        self._connections.discard(connection)

    def listen(self, connection: virConnect, *, on: bool) -> None:
        """Begin or end giving events to *connection*."""
        others = tuple(known for known in self._listening if known is not connection)
        self._listening = (*others, connection) if on else others
        self._told = tuple(dict.fromkeys(each._events.state for each in self._listening))  # noqa: SLF001
        if self.watcher is not None:
            if self._listening:
                self.watcher.start()
            else:
                self.watcher.stop()

    def connections(self) -> list[virConnect]:
        """Return the open connections of this process."""
        return list(self._connections)

    # who waits for a job

    def wake(self) -> None:
        """Have whoever waits on this host look again."""
        for event in tuple(self._waiting):
            event.set()

    def waiting(self, event: threading.Event) -> _Waiting:
        """Have *event* set on each change, for the length of the ``with`` block."""
        return _Waiting(self._waiting, event)

    def die(self, *, guests: bool = True) -> None:
        """Be gone, as by a power cut: connections are lost, and new ones refused, until ``revive()``.

        Args:
            guests: whether what runs on the host is gone too; else only its libvirt is.
        """
        from virtkit.fake import outage

        outage.die(self, guests=guests)

    def revive(self) -> None:
        """Come back: what is marked to start with the host starts, if it had gone."""
        from virtkit.fake import outage

        outage.revive(self)

    def drop_connections(self) -> None:
        """Close every connection from this side, as a host that dies does."""
        for connection in self.connections():
            connection._drop()  # noqa: SLF001


class _Waiting:
    def __init__(self, among: set[threading.Event], event: threading.Event) -> None:
        self._among, self._event = among, event

    def __enter__(self) -> None:
        self._among.add(self._event)

    def __exit__(self, *exc: object) -> None:
        self._among.discard(self._event)
