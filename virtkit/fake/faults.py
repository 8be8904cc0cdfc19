"""Failures, delays and lost connections on demand.

From a test: ``virtkit.fake.host("one").faults.add(call="suspend", code=VIR_ERR_OPERATION_FAILED, nth=2)``.
From outside a process, for command lines and playbooks, as text (see ``read``)::

    VIRTKIT_FAKE_FAULTS="suspend:code=OPERATION_FAILED,nth=2; create:delay=30"
    fake:///one?fault=suspend:code=OPERATION_FAILED,nth=2&fault=create:delay=30
"""

from __future__ import annotations

import errno
import os
import re
import threading
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake.errors import fail_system, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from virtkit.fake.connection.base import ConnectionBase
    from virtkit.fake.store.session import Store

_PHASES = {"migrate:prepare", "migrate:perform", "migrate:finish"}
_CALL = re.compile(r"([A-Za-z]\w*(?::(?:prepare|perform|finish))?|\*)(?::(.*))?$", re.DOTALL)
_DROPS = ("", "before", "after")
_KEY = "faults"  # where a file keeps them for all of its processes
_LOST = "End of file while reading data"


@dataclass
class Fault:
    """What happens to a call. ``hits`` counts the calls that it met."""

    call: str
    code: int | None = c.VIR_ERR_INTERNAL_ERROR
    message: str = "fault on demand"
    source: int = c.VIR_FROM_QEMU
    nth: int = 1
    times: int | None = None
    delay: float = 0.0
    domain: str | None = None
    drop: str = ""
    dead: bool = False
    text: str = ""
    hits: int = field(default=0)

    def meets(self, function: str, method: str, domain: str | None) -> bool:
        """Return whether it is about this call."""
        return self.call in {function, method, "*"} and self.domain in {None, domain}

    def due(self) -> bool:
        """Count one more call; return whether this one is to suffer."""
        self.hits += 1
        first = self.hits >= self.nth
        return first and (self.times is None or self.hits < self.nth + self.times)


class Faults:
    """The faults of one host: ``host.faults.add(call="migrateToURI3", code=..., nth=1, times=1)``.

    Those of a file are its own: they strike, and are counted, in every process that opens it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._held: list[int] = []  # threads in calls that look at the host more than once
        self.after: dict[int, ConnectionBase] = {}  # by thread, whose connection goes when its call is done

    def __bool__(self) -> bool:
        return bool(self._faults) or (self._store.shared and bool(self._store.peek(_KEY)))

    def add(
        self,
        call: str,
        code: int | str | None = c.VIR_ERR_INTERNAL_ERROR,
        message: str = "fault on demand",
        *,
        source: int = c.VIR_FROM_QEMU,
        nth: int = 1,
        times: int | None = None,
        delay: float = 0.0,
        domain: str | None = None,
        drop: str = "",
    ) -> Fault:
        """Have a call fail, or take long, or lose its connection.

        Args:
            call: the method (``"suspend"``), the C function (``"virDomainSuspend"``) or ``"*"``.
                A migration's phases: ``"migrate:prepare"``, ``"migrate:perform"``, ``"migrate:finish"``.
            code: the ``VIR_ERR_*`` to raise, or its name (``"OPERATION_FAILED"``); None: succeed after the
                delay.
            message: its detail.
            source: who reports it, a ``VIR_FROM_*``.
            nth: the first call that suffers, from 1.
            times: how many calls suffer; None: all from then on.
            delay: seconds on the clock before the call goes on or fails.
            domain: only calls on the domain (network, pool, volume, ...) of this name.
            drop: ``"before"`` or ``"after"`` the call took effect, its connection is lost.

        Raises:
            ValueError: libvirt has no such call, or a number or word means nothing.
        """
        number = _named(code) if isinstance(code, str) else code
        fault = _checked(Fault(call, number, message, source, nth, times, delay, domain, drop))
        self.keep(fault)
        return fault

    def keep(self, fault: Fault, *, here: bool = False) -> None:
        """Have *fault* strike, in this process alone if *here*; one of the same text strikes already."""

        def add(faults: list[Fault]) -> None:
            if not fault.text or all(known.text != fault.text for known in faults):
                faults.append(fault)

        if here:
            self._change_mine(add)
        else:
            self._change(add)

    def clear(self) -> None:
        """Forget all faults."""
        self.forget(lambda _: True)

    def forget(self, which: Callable[[Fault], bool]) -> None:
        """Forget some."""

        def change(faults: list[Fault]) -> None:
            faults[:] = [fault for fault in faults if not which(fault)]

        self._change_mine(change)
        self._change(change)

    def _change_mine(self, change: Callable[[list[Fault]], Any]) -> Any:
        with self._lock:
            return change(self._faults)

    def _change(self, change: Callable[[list[Fault]], Any]) -> Any:
        if not self._store.shared:
            return self._change_mine(change)
        session, done = self._store.begin(), False
        try:
            faults = [Fault(**each) for each in session.setting(_KEY) or []]
            result, done = change(faults), True
            session.put_setting(_KEY, [asdict(fault) for fault in faults])
            return result
        finally:
            self._store.finish(ok=done)

    def meet(
        self,
        function: str,
        method: str,
        domain: str | None = None,
        connection: ConnectionBase | None = None,
    ) -> None:
        """Let the call suffer what is due for it: wait, then raise."""

        def count(faults: list[Fault]) -> list[Fault]:
            return [fault for fault in faults if fault.meets(function, method, domain) and fault.due()]

        due: list[Fault] = self._change_mine(count)
        if self._store.shared and self._store.peek(_KEY):
            due += self._change(count)
        for fault in due:
            if fault.delay:
                clock.current().sleep(fault.delay)
            if fault.dead:
                self._dead(connection, fault)
            elif fault.drop == "after" and connection is not None:
                self.after[threading.get_ident()] = connection
            elif fault.drop:
                _lose(connection)
            elif fault.code is not None:
                raise make(fault.code, fault.source, fault.message)

    @staticmethod
    def _dead(connection: ConnectionBase | None, fault: Fault) -> None:
        if connection is not None:
            _lose(connection)
        refused = OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
        fail_system(refused, c.VIR_FROM_RPC, fault.message)

    def strike(self) -> None:
        """A look at the host is done, and the call with it, as a rule: lose its connection if that is due."""
        me = threading.get_ident()
        if me not in self._held and (connection := self.after.pop(me, None)) is not None:
            _lose(connection)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Take what happens within for one call, however often it looks at the host."""
        me = threading.get_ident()
        self._held.append(me)
        try:
            yield
        finally:
            self._held.remove(me)
        self.strike()


def _lose(connection: ConnectionBase | None) -> None:
    if connection is not None:
        connection._drop()  # noqa: SLF001
    fail_system(OSError(errno.EIO, os.strerror(errno.EIO)), c.VIR_FROM_RPC, _LOST)


def _checked(fault: Fault) -> Fault:
    """Return *fault* if it makes sense, else raise ValueError."""
    _check_call(fault.call)
    if fault.drop not in _DROPS:
        raise ValueError(f"drop={fault.drop!r}: expected before or after")
    if fault.nth < 1 or fault.delay < 0 or (fault.times is not None and fault.times < 1):
        raise ValueError("nth and times count from 1, and a delay is not negative")
    return fault


def _named(code: str) -> int | None:
    try:
        return _code(code)
    except KeyError:
        raise ValueError(f"libvirt has no error code {code!r}") from None


def _check_call(call: str) -> None:
    """Raise ValueError unless libvirt has a method or function *call*."""
    if call == "*" or call in _PHASES or call == "virConnectOpen":
        return
    for methods in c.SURFACE["classes"].values():
        if call in methods or any(call == function for _, function in methods.values()):
            return
    if call not in c.SURFACE["functions"]:
        raise ValueError(f"libvirt has no call {call!r}")


def _number(text: str) -> int | None:
    return None if text == "none" else int(text)


def _code(text: str) -> int | None:
    if text == "none" or text.isdecimal():
        return _number(text)
    name = text if text.startswith("VIR_ERR_") else f"VIR_ERR_{text}"
    found: int = c.CONSTANTS[name]
    return found


_READ: dict[str, Callable[[str], Any]] = {
    "code": _code,
    "message": str,
    "nth": int,
    "times": _number,
    "delay": float,
    "domain": str,
    "drop": str,
}


def read(text: str) -> Fault:
    """Return the fault that *text* describes: ``CALL`` or ``CALL:KEY=VALUE,KEY=VALUE``.

    ``CALL`` is a method, a C function, a migration's phase or ``*``. Keys are those of ``Faults.add``:
    code (``OPERATION_FAILED``, ``VIR_ERR_OPERATION_FAILED``, ``9`` or ``none``), message, nth, times, delay,
    domain, drop. A delay without a code does not fail. A value has no comma in it.

    Raises:
        ValueError: it describes none; the message says what is wrong with it.
    """
    match = _CALL.match(text.strip())
    if match is None:
        raise ValueError(f"fault {text!r}: expected CALL or CALL:KEY=VALUE,...")
    values: dict[str, Any] = {}
    for part in (match[2] or "").split(",") if match[2] else []:
        key, equals, value = part.strip().partition("=")
        if not equals or key not in _READ:
            raise ValueError(f"fault {text!r}: {part.strip()!r} is none of {', '.join(_READ)} with =VALUE")
        try:
            values[key] = _READ[key](value)
        except (ValueError, KeyError):
            raise ValueError(f"fault {text!r}: {key} cannot be {value!r}") from None
    if "delay" in values:
        values.setdefault("code", None)
    return _checked(Fault(match[1], **values, text=text.strip()))


def read_all(text: str) -> list[Fault]:
    """Return the faults that *text* describes, parted by ``;``."""
    return [read(part) for part in text.split(";") if part.strip()]
