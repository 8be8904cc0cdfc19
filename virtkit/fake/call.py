"""What every call has in common: the connection is open and may write, faults strike, the host is locked."""
# ruff: noqa: SLF001

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, no_support, reporting
from virtkit.fake.surface import reporter

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.connection.base import ConnectionBase
    from virtkit.fake.domain.base import DomainBase
    from virtkit.fake.host import Host
    from virtkit.fake.objects import ObjectBase
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D", bound="DomainBase")
V = TypeVar("V", bound="ConnectionBase")
Obj = TypeVar("Obj", bound="ObjectBase[Any]")
T = TypeVar("T")


def domain_call(
    function: str, *, write: bool = True
) -> Callable[[Callable[Concatenate[D, Session, DomainRecord, P], R]], Callable[Concatenate[D, P], R]]:
    """Make a method of virDomain of a function that also takes the session and the domain's record.

    Args:
        function: the C function that it stands for.
        write: whether a read-only connection may not call it.
    """

    def decorate(
        method: Callable[Concatenate[D, Session, DomainRecord, P], R],
    ) -> Callable[Concatenate[D, P], R]:
        name = method.__name__

        @wraps(method)
        def call(self: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
            connection = self._conn
            host = connection._host
            reporting.last = None
            if connection._guarded or host.faults:
                gate(connection, function, name, self._o.name, write=write)
            with host as session:
                record = session.find(self._o.uuid)
                if record is None:
                    self._missing()
                return method(self, session, record, *args, **kwargs)

        _sign(call, method, 3)
        return call

    return decorate


def connection_call(
    function: str, *, write: bool = False
) -> Callable[[Callable[Concatenate[V, Session, P], R]], Callable[Concatenate[V, P], R]]:
    """Make a method of virConnect of a function that also takes the session."""

    def decorate(method: Callable[Concatenate[V, Session, P], R]) -> Callable[Concatenate[V, P], R]:
        name = method.__name__

        @wraps(method)
        def call(self: V, /, *args: P.args, **kwargs: P.kwargs) -> R:
            reporting.last = None
            if not self._open:
                self._closed(function)
            host = self._host
            if self._guarded or host.faults:
                gate(self, function, name, None, write=write)
            with host as session:
                return method(self, session, *args, **kwargs)

        _sign(call, method, 2)
        return call

    return decorate


def object_call(
    function: str, *, write: bool = True
) -> Callable[[Callable[Concatenate[Obj, Session, T, P], R]], Callable[Concatenate[Obj, P], R]]:
    """Make a method of virNetwork, virStoragePool, ... of one that also takes the session and the record."""

    def decorate(method: Callable[Concatenate[Obj, Session, T, P], R]) -> Callable[Concatenate[Obj, P], R]:
        name = method.__name__

        @wraps(method)
        def call(self: Obj, /, *args: P.args, **kwargs: P.kwargs) -> R:
            connection = self._conn
            host = connection._host
            reporting.last = None
            if connection._guarded or host.faults:
                gate(connection, function, name, self._o.name, write=write)
            with host as session:
                return method(self, session, self._find(session), *args, **kwargs)

        _sign(call, method, 3)
        return call

    return decorate


def _sign(call: Any, method: Any, hidden: int) -> None:
    """Show the signature that the caller sees: without what the wrapper adds."""
    signature = inspect.signature(method)
    first, *rest = signature.parameters.values()
    call.__signature__ = signature.replace(parameters=[first, *rest[hidden - 1 :]])
    del call.__wrapped__


def gate(
    connection: ConnectionBase, function: str, name: str, domain: str | None = None, *, write: bool
) -> None:
    """Let no call through that the connection or the driver does not take, or that a fault meets."""
    connection._check_alive()
    if write and connection._readonly:
        fail(
            c.VIR_ERR_OPERATION_DENIED,
            reporter(connection.__class__.__name__, function) or c.VIR_FROM_DOMAIN,
            f"read only access prevents {function}",
        )
    host: Host = connection._host
    if function in host.personality.lacks:
        no_support(function, reporter("virConnect", function))
    if host.faults:
        host.faults.meet(function, name, domain)
