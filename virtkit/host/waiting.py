"""Waiting until something is true, woken by events and looking for itself as well."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol, TypeVar, overload

from virtkit import clock
from virtkit.errors import WaitTimeout
from virtkit.host.domain import Domain

if TYPE_CHECKING:
    from collections.abc import Callable

POLL = 0.5  # seconds between two looks when no event comes
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


class HasStatus(Protocol[S_co]):
    """A thing that can be looked at."""

    def status(self) -> S_co:
        """Look at it."""
        ...


@overload
def wait_until(thing: HasStatus[S], predicate: Callable[[S], object], timeout: float = 60) -> S: ...
@overload
def wait_until(thing: Callable[[], S], predicate: Callable[[S], object], timeout: float = 60) -> S: ...
def wait_until(
    thing: HasStatus[S] | Callable[[], S], predicate: Callable[[S], object], timeout: float = 60
) -> S:
    """Wait until *predicate* is true of *thing*, and return what was seen then.

    ::

        wait_until(domain, lambda status: status.state == "shutoff", timeout=30)

    Args:
        thing: A domain, or anything with ``status()``, or a function: what it returns is looked at.
        predicate: Called with what was seen; anything true ends the wait.
        timeout: Seconds.

    Raises:
        WaitTimeout: It did not come true; ``last`` is what was seen last.
        HostError: Looking failed, for instance because the domain is gone (NotFound).
    """
    look = thing if callable(thing) else thing.status
    target: object = thing
    if isinstance(target, Domain):
        with target.connection.events.of(target.uuid) as event:
            return _wait(thing, look, predicate, timeout, event)
    return _wait(thing, look, predicate, timeout, threading.Event())


def _wait(
    thing: object,
    look: Callable[[], S],
    predicate: Callable[[S], object],
    timeout: float,
    event: threading.Event,
) -> S:
    now = clock.current()
    end = now.monotonic() + timeout
    while True:
        event.clear()
        last = look()
        if predicate(last):
            return last
        left = end - now.monotonic()
        if left <= 0:
            raise WaitTimeout(
                f"wait for {_called(thing)}: not what was waited for within {timeout:g} s; last seen: {last}",
                last=last,
            )
        now.wait(event, min(POLL, left))


def _called(thing: object) -> str:
    if isinstance(thing, Domain):
        return f"{thing.name!r} on {thing.connection.uri}"
    return str(getattr(thing, "__qualname__", repr(thing)))
