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
from functools import cache
from typing import TYPE_CHECKING, Any

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake import texts
from virtkit.fake.errors import fail_system, make
from virtkit.fake.newer import METHODS
from virtkit.fake.settings import FAULT, meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from virtkit.fake.connection.base import ConnectionBase
    from virtkit.fake.store.session import Store

_PHASES = {"migrate:prepare", "migrate:perform", "migrate:finish"}
# what the caller's side of libvirt answers
_LOCAL = (
    "c_pointer", "close", "connect", "ID", "isAlive", "key", "name", "registerCloseCallback",
    "unregisterCloseCallback", "usageID", "usageType", "UUID", "UUIDString",
)  # fmt: skip
_WORD = re.compile(r"\w+(:\w+)?$|\*$")
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
            call: the method (``"suspend"``: of every class that has it), the C function
                (``"virDomainSuspend"``: of that alone), ``"open"``, or ``"*"`` for every call.
                A migration between hosts has phases besides: ``"migrate:prepare"`` and ``"migrate:finish"``
                strike on the host it goes to, ``"migrate:perform"`` on the one it comes from.
            code: the ``VIR_ERR_*`` to raise, or its name (``"OPERATION_FAILED"``); None: succeed after the
                delay.
            message: its detail.
            source: who reports it, a ``VIR_FROM_*``.
            nth: the first call that suffers, from 1. Without ``times``, every later one suffers too.
            times: how many calls suffer, from the ``nth`` on; None: all. ``nth=3, times=1``: the third alone.
            delay: seconds on the clock before the call goes on or fails. In text, a delay alone does not
                fail; in Python it fails as well unless ``code=None``.
            domain: only calls on the domain (network, pool, volume, ...) of this name.
            drop: ``"before"`` or ``"after"`` the call took effect, its connection is lost.

        Raises:
            ValueError: libvirt has no such call, or a number or word means nothing.
        """
        values: dict[str, Any] = {"nth": nth, "times": times, "delay": delay, "domain": domain, "drop": drop}
        values |= {"call": call, "code": code, "message": message, "source": source}
        fault = Fault(**{key: _MEANT[key](value) for key, value in values.items()})
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


@cache
def _calls() -> set[str]:
    """Return what a fault can be for."""
    methods = {name for known in c.SURFACE["classes"].values() for name in known}
    functions = {pair[1] for known in c.SURFACE["classes"].values() for pair in known.values() if pair[1]}
    newer = {name for known in METHODS.values() for name in known}
    return {*methods, *functions, *newer, *c.SURFACE["functions"], *_PHASES, "virConnectOpen", "*"}


def _call(call: Any) -> str:
    if call in _LOCAL:
        raise ValueError(f"{call!r} does not ask the host: no fault meets it")
    if not isinstance(call, str) or call not in _calls():
        raise ValueError(f"libvirt has no call {call!r}{_near(str(call), _calls())}")
    return call


def _code(code: Any) -> int | None:
    number = code
    if isinstance(code, str):
        name = code.strip().removeprefix("VIR_ERR_")
        if name != "none" and not name.isdecimal() and name not in _codes():
            raise ValueError(f"code={code!r}: libvirt has no such error{_near(name, _codes())}")
        number = None if name == "none" else int(_codes().get(name, name))
    if number is not None and (type(number) is not int or number not in texts.PREFIXES):
        raise ValueError(f"code={code!r}: expected the name or number of a VIR_ERR_* of libvirt, or None")
    return number


@cache
def _codes() -> dict[str, Any]:
    """Return the errors of libvirt by the rest of their names."""
    found = {name[8:]: value for name, value in c.CONSTANTS.items() if name.startswith("VIR_ERR_")}
    return {name: value for name, value in found.items() if value in texts.PREFIXES}


def _near(word: str, known: Iterable[str]) -> str:
    import difflib

    found = difflib.get_close_matches(word, known, 1, 0.7)
    return f": did you mean {found[0]!r}?" if found else ""


def _as(name: str) -> Callable[[Any], Any]:
    return lambda value: meant("a fault", FAULT, name, value)


_MEANT = {"call": _call, "code": _code, **{name: _as(name) for name in FAULT}}


def read(text: str) -> Fault:
    """Return the fault that *text* describes: ``CALL`` or ``CALL:KEY=VALUE,KEY=VALUE``.

    ``CALL`` is a method, a C function, a migration's phase or ``*``. Keys are those of ``Faults.add``:
    code (``OPERATION_FAILED``, ``VIR_ERR_OPERATION_FAILED``, ``9`` or ``none``), message, source, nth,
    times, delay, domain, drop. A delay without a code does not fail. A value has no comma in it.

    Raises:
        ValueError: it describes none; the message says what is wrong with it.
    """
    text = text.strip()
    try:
        call, values = _parts(text)
    except ValueError as error:
        raise ValueError(f"fault {text!r}: {error}") from None
    if "delay" in values:
        values.setdefault("code", None)
    return Fault(call, **values, text=text)


def _parts(text: str) -> tuple[str, dict[str, Any]]:
    words = [word.strip() for word in text.split(":", 2)]
    phased = ":".join(words[:2]) in _PHASES
    call, _, rest = (":".join(words[:2]), "", ":".join(words[2:])) if phased else text.partition(":")
    if not _WORD.match(call.strip()):
        raise ValueError(f"{call.strip()!r} is no call: a fault is CALL or CALL:KEY=VALUE,KEY=VALUE")
    values: dict[str, Any] = {}
    for part in rest.split(",") if rest else []:
        key, equals, value = (each.strip() for each in part.partition("="))
        if not equals or key not in _MEANT or key == "call":
            known = ", ".join(key for key in _MEANT if key != "call")
            raise ValueError(f"{part.strip()!r} is none of {known} with =VALUE")
        if key in values:
            raise ValueError(f"{key} is there twice")
        values[key] = _MEANT[key](value)
    return _call(call.strip()), values


def read_all(text: str) -> list[Fault]:
    """Return the faults that *text* describes, parted by ``;``."""
    return [read(part) for part in text.split(";") if part.strip()]
