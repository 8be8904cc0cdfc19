"""Failures and delays on demand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake.errors import make

if TYPE_CHECKING:
    from virtkit.fake.errors import libvirtError


@dataclass
class Fault:
    """What happens to a call. ``hits`` counts the calls that it met."""

    call: str
    code: int | None
    message: str
    source: int
    nth: int
    times: int | None
    delay: float
    domain: str | None
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
    """The faults of one host: ``host.faults.add(call="migrateToURI3", code=..., nth=1, times=1)``."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(
        self,
        call: str,
        code: int | None = c.VIR_ERR_INTERNAL_ERROR,
        message: str = "fault on demand",
        *,
        source: int = c.VIR_FROM_QEMU,
        nth: int = 1,
        times: int | None = None,
        delay: float = 0.0,
        domain: str | None = None,
    ) -> Fault:
        """Have a call fail, or take long.

        Args:
            call: the method (``"suspend"``), the C function (``"virDomainSuspend"``) or ``"*"``.
                A migration's phases: ``"migrate:prepare"``, ``"migrate:perform"``, ``"migrate:finish"``.
            code: the ``VIR_ERR_*`` to raise, or None to succeed after the delay.
            message: its detail.
            source: who reports it, a ``VIR_FROM_*``.
            nth: the first call that suffers, from 1.
            times: how many calls suffer; None: all from then on.
            delay: seconds on the clock before the call goes on or fails.
            domain: only calls on the domain of this name.
        """
        fault = Fault(call, code, message, source, nth, times, delay, domain)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def meet(self, function: str, method: str, domain: str | None = None) -> None:
        """Let the call suffer what is due for it: wait, then raise."""
        with self._lock:
            due = [fault for fault in self._faults if fault.meets(function, method, domain) and fault.due()]
        for fault in due:
            if fault.delay:
                clock.current().sleep(fault.delay)
            if fault.code is not None:
                raise self._error(fault, fault.code)

    @staticmethod
    def _error(fault: Fault, code: int) -> libvirtError:
        return make(code, fault.source, fault.message)
