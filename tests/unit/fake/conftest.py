"""Fake hosts, and a clock that the tests hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from virtkit import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Every test begins with no host, and sees no error printed."""
    libvirt.reset()
    libvirt.registerErrorHandler(lambda _context, _error: None, None)
    yield
    libvirt.reset()


class Timeline:
    """A held clock, counted from when the test began."""

    def __init__(self, held: clock.VirtualClock) -> None:
        self._held, self._start = held, held.monotonic()

    def elapsed(self) -> float:
        """Seconds since the test began."""
        return self._held.monotonic() - self._start

    def at(self, seconds: float, call: Callable[[], object]) -> None:
        """Make *call* when so many seconds have passed."""
        self._held.call_at(self._start + seconds, call)

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self._held.advance(seconds)


@pytest.fixture
def held() -> Iterator[Timeline]:
    """A clock that moves only when somebody waits on it."""
    with clock.use(clock.VirtualClock()) as held:
        yield Timeline(held)


@pytest.fixture
def conn() -> Any:
    """A connection to a host in memory."""
    return libvirt.open("fake:///one")


@pytest.fixture
def other() -> Any:
    """A connection to another host in memory."""
    return libvirt.open("fake:///two")


@pytest.fixture
def db(tmp_path: Path) -> str:
    """The URI of a host in a file."""
    return f"fake://{tmp_path / 'host.db'}"
