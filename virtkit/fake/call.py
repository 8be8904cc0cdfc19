"""What every call has in common: the connection is open and may write, faults strike, the host is locked."""
# ruff: noqa: SLF001

from __future__ import annotations

import inspect
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from virtkit.fake.arguments import Checks
from virtkit.fake.errors import reporting

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.connection.base import ConnectionBase
    from virtkit.fake.domain.base import DomainBase
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
    function: str, *, write: bool = True, before: str | None = None
) -> Callable[[Callable[Concatenate[D, Session, DomainRecord, P], R]], Callable[Concatenate[D, P], R]]:
    """Make a method of virDomain of a function that also takes the session and the domain's record.

    Args:
        function: the C function that it stands for.
        write: whether a read-only connection may not call it.
        before: the name of a method that refuses arguments before the domain is looked for.
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
            if takes or args or kwargs or connection._guarded or host.faults:
                args, kwargs = checks.admit(connection, args, kwargs, (name, self._o.name)), {}  # type: ignore[assignment]
            if before is not None:
                getattr(self, before)(*args)
            with host as session:
                record = session.find(self._o.uuid)
                if record is None:
                    if function in host.personality.blind:
                        return cast("R", host.personality.blind[function])
                    self._missing()
                return method(self, session, record, *args, **kwargs)

        checks = _sign(call, method, 3, function, write=write)
        takes = checks.takes
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
            host = self._host
            if not self._open:
                self._closed(function)
            if takes or args or kwargs or self._guarded or host.faults:
                args, kwargs = checks.admit(self, args, kwargs, (name, None)), {}  # type: ignore[assignment]
            with host as session:
                return method(self, session, *args, **kwargs)

        checks = _sign(call, method, 2, function, write=write)
        takes = checks.takes
        return call

    return decorate


def object_call(
    function: str, *, write: bool = True, find: str = "_find"
) -> Callable[[Callable[Concatenate[Obj, Session, T, P], R]], Callable[Concatenate[Obj, P], R]]:
    """Make a method of virNetwork, virStoragePool, ... of one that also takes the session and the record.

    Args:
        function: the C function that it stands for.
        write: whether a read-only connection may not call it.
        find: the object's method that finds the record.
    """

    def decorate(method: Callable[Concatenate[Obj, Session, T, P], R]) -> Callable[Concatenate[Obj, P], R]:
        name = method.__name__

        @wraps(method)
        def call(self: Obj, /, *args: P.args, **kwargs: P.kwargs) -> R:
            connection = self._conn
            host = connection._host
            reporting.last = None
            if takes or args or kwargs or connection._guarded or host.faults:
                args, kwargs = checks.admit(connection, args, kwargs, (name, self._o.name)), {}  # type: ignore[assignment]
            with host as session:
                return method(self, session, getattr(self, find)(session), *args, **kwargs)

        checks = _sign(call, method, 3, function, write=write)
        takes = checks.takes
        return call

    return decorate


def long_call(function: str) -> Callable[[Callable[Concatenate[D, P], R]], Callable[Concatenate[D, P], R]]:
    """Make a method of virDomain of one that takes its time, and asks for sessions itself."""

    def decorate(method: Callable[Concatenate[D, P], R]) -> Callable[Concatenate[D, P], R]:
        name = method.__name__

        @wraps(method)
        def call(self: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
            reporting.last = None
            args = checks.admit(self._conn, args, kwargs, (name, self._o.name))  # type: ignore[assignment]
            return method(self, *args)  # type: ignore[call-arg]

        checks = _sign(call, method, 1, function, write=True)
        return call

    return decorate


def _sign(call: Any, method: Any, hidden: int, function: str, *, write: bool) -> Checks:
    """Show the signature that the caller sees, without what the wrapper adds; return its checks."""
    signature = inspect.signature(method)
    first, *rest = signature.parameters.values()
    seen = signature.replace(parameters=[first, *rest[hidden - 1 :]])
    call.__signature__ = seen
    del call.__wrapped__
    return Checks(function, seen, write=write, caller=call)


def gate(
    connection: ConnectionBase,
    function: str,
    name: str,
    domain: str | None = None,
    *,
    write: bool,
    **arguments: Any,
) -> None:
    """Let no call through that the connection or the driver does not take, or that a fault meets.

    Args:
        connection: on which the call is made.
        function: the C function.
        name: the method's name.
        domain: the name of the domain that it is about.
        write: whether a read-only connection may not call it.
        arguments: those to be checked.
    """
    checks = _bare(function, write, tuple(arguments))
    checks.admit(connection, tuple(arguments.values()), {}, (name, domain))


@cache
def _bare(function: str, write: bool, names: tuple[str, ...]) -> Checks:
    made = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in ("self", *names)]
    return Checks(function, inspect.Signature(made), write=write)
