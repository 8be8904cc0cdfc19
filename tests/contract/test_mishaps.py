"""A guest panics, or its watchdog bites: on QEMU by its own devices, on the fake at the test's word."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

_HUMAN = 1
_PANIC_PORT, _WATCHDOG_PORT = "o/b 0x505 1", "o/b 0x443 15"  # of the devices' registers


@pytest.fixture(autouse=True)
def _only_qemu(driver: Driver) -> None:
    if driver.family != "qemu":
        pytest.skip("the test driver has no guests")


@pytest.fixture
def befall(driver: Driver) -> Callable[[Any, str], None]:
    """Call it with a domain and ``crash`` or ``watchdog``."""

    def happen(domain: Any, what: str) -> None:
        if driver.name == "qemu":
            port = _PANIC_PORT if what == "crash" else _WATCHDOG_PORT
            with suppress(driver.module.libvirtError):  # a QEMU that powers off does not reply
                import_module("libvirt_qemu").qemuMonitorCommand(domain, port, _HUMAN)
        else:
            host = driver.module.host(driver.conn.getURI())
            getattr(host.domain(domain.name()), what)()

    return happen


def _running(driver: Driver, conn: Any, *, on_crash: str = "destroy", watchdog: str = "none") -> Any:
    devices = f"<panic model='isa'/><watchdog model='ib700' action='{watchdog}'/>"
    inner = f"<on_crash>{on_crash}</on_crash>"
    domain = conn.defineXML(driver.xml(inner=inner, devices=devices))
    domain.create()
    return domain


@pytest.mark.parametrize(
    ("on_crash", "told", "state"),
    [
        ("destroy", ["SUSPENDED_PAUSED", "CRASHED_PANICKED", "STOPPED_CRASHED"], [5, 3]),
        ("preserve", ["SUSPENDED_PAUSED", "CRASHED_PANICKED"], [6, 1]),
        ("restart", ["SUSPENDED_PAUSED", "CRASHED_PANICKED", "REBOOT", "RESUMED_UNPAUSED"], [1, 9]),
    ],
)
def test_panic(
    driver: Driver,
    conn: Any,
    events: Recorder,
    befall: Callable[[Any, str], None],
    on_crash: str,
    told: list[str],
    state: list[int],
) -> None:
    """What follows is the domain's on_crash."""
    domain = _running(driver, conn, on_crash=on_crash)
    events.clear()
    befall(domain, "crash")
    events.wait_for(told[-1])
    assert events.names()[: len(told)] == told
    assert domain.state() == state


def test_resume_after_a_panic(
    driver: Driver, conn: Any, events: Recorder, befall: Callable[[Any, str], None]
) -> None:
    """A domain that was preserved goes on when it is told to."""
    domain = _running(driver, conn, on_crash="preserve")
    befall(domain, "crash")
    events.wait_for("CRASHED_PANICKED")
    assert domain.resume() == 0
    assert domain.state() == [1, 5]


@pytest.mark.parametrize(
    ("action", "told", "state"),
    [
        ("pause", ["SUSPENDED_WATCHDOG"], [3, 6]),
        ("reset", ["REBOOT"], [1, 1]),
        ("poweroff", ["STOPPED_FAILED"], [5, 3]),
    ],
)
def test_watchdog(
    driver: Driver,
    conn: Any,
    events: Recorder,
    befall: Callable[[Any, str], None],
    action: str,
    told: list[str],
    state: list[int],
) -> None:
    """What follows is the device's action; the event says which."""
    domain = _running(driver, conn, watchdog=action)
    actions: list[int] = []
    number = conn.domainEventRegisterAny(
        domain,
        driver.constant("DOMAIN_EVENT_ID_WATCHDOG"),
        lambda _conn, _domain, done, _opaque: actions.append(done),
        None,
    )
    events.clear()
    befall(domain, "watchdog")
    events.wait_for(told[-1])
    assert events.names()[: len(told)] == told
    assert domain.state() == state
    conn.domainEventDeregisterAny(number)
    assert actions == [driver.constant(f"DOMAIN_EVENT_WATCHDOG_{action.upper()}")]
