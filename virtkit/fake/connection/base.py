"""What every family of virConnect's methods stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from virtkit.fake import arguments, hosts, owners
from virtkit.fake import constants as c
from virtkit.fake.callbacks import Events, State
from virtkit.fake.errors import fail
from virtkit.fake.handles import FAMILIES, Handle

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.domain import virDomain
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord


class Opened(NamedTuple):
    """What opening an URI gives, and virConnect wraps."""

    host: Host
    uri: str
    readonly: bool


class ConnectionBase:
    """Open or closed, alive or dropped, and what it needs to make domains."""

    _host: Host

    def __init__(self, _obj: Opened | None = None) -> None:
        if not isinstance(_obj, Opened):
            raise Exception(f"Expected a wrapped C Object but got {type(_obj)}")  # noqa: TRY002, TRY004
        self._o = _obj
        self._host = _obj.host
        self._readonly = _obj.readonly
        self._open = True
        self._alive = True
        self._handles = 0
        self._holds = False  # the host, after it was closed
        self._tied: set[str] = set()  # what is destroyed when the connection ends
        self._close_callback: tuple[Callable[..., Any], Any] | None = None
        self._events = Events(self, self._host.event_state or State())  # type: ignore[arg-type]
        self._guarded = self._readonly or bool(self._host.personality.lacks)
        self._host.attach(self)  # type: ignore[arg-type]

    def _domain(self, uuid: str, name: str, number: int) -> virDomain:
        domain: virDomain = FAMILIES["domain"](self, Handle(uuid, name, number))
        return domain

    def _handle(self, record: DomainRecord) -> virDomain:
        return self._domain(record.uuid, record.name, record.id)

    def c_pointer(self) -> int:
        return id(self._o)

    def _closed(self, function: str) -> NoReturn:
        fail(c.VIR_ERR_INVALID_CONN, arguments.reporter(function), function)

    def _check_alive(self) -> None:
        if not self._alive:
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_RPC, "client socket is closed")

    def _drop(self) -> None:
        """Lose the host: calls fail from now on, and the close callback hears of it."""
        self._alive, self._guarded = False, True
        if self._tied:
            owners.let_go(self)
        if self._close_callback is not None:
            callback, opaque = self._close_callback
            callback(self, c.VIR_CONNECT_CLOSE_REASON_ERROR, opaque)

    def close(self) -> int:
        """Close the connection. Return 1 while domains or callbacks still hold it, else 0."""
        if not self._open:
            fail(c.VIR_ERR_INVALID_CONN, c.VIR_FROM_NONE, "virConnectClose")
        self._open = False
        if self._tied:
            owners.let_go(self)
        self._events.stop()
        self._host.detach(self)  # type: ignore[arg-type]
        if self._handles:
            self._holds = True
            self._host.held += 1
            return 1
        self._release()
        return 0

    def _let_go(self) -> None:
        """Forget the host, now that nothing of a closed connection is left."""
        if self._holds:
            self._holds = False
            self._host.held -= 1
            self._release()

    def _release(self) -> None:
        if not self._host.held and not self._host.connections():
            hosts.released(self._host)

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            self.close()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, exc_type_: object, exc_value_: object, traceback_: object) -> None:
        self.close()
