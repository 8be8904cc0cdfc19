"""libvirt_qemu: QEMU's monitor, past libvirt."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

_HUMAN = 1


@pytest.fixture
def module(driver: Driver) -> Any:
    """The module that goes with the driver's."""
    real = driver.name in {"qemu", "test"}
    return import_module("libvirt_qemu" if real else "virtkit.fake.libvirt_qemu")


@pytest.fixture
def needs_qemu(driver: Driver) -> None:
    """Skip where there is no QEMU to talk to."""
    if driver.family != "qemu":
        pytest.skip("the test driver has no monitor")


def test_not_in_the_test_driver(driver: Driver, running: Any, module: Any) -> None:
    """It has no monitor and no agent."""
    if driver.family != "test":
        pytest.skip("QEMU has them")
    for call in (
        lambda: module.qemuMonitorCommand(running, "info status", _HUMAN),
        lambda: module.qemuAgentCommand(running, "{}", 1, 0),
    ):
        error = outcome(driver, call)
        assert error is not None
        assert error[:2] == (3, 0)


@pytest.mark.usefixtures("needs_qemu")
def test_a_domain_that_is_off(driver: Driver, domain: Any, module: Any) -> None:
    """Nobody there."""
    text = "Requested operation is not valid: domain is not running"
    for call in (
        lambda: module.qemuMonitorCommand(domain, "info status", _HUMAN),
        lambda: module.qemuAgentCommand(domain, "{}", 1, 0),
    ):
        assert outcome(driver, call) == (55, 20, text)


@pytest.mark.usefixtures("needs_qemu")
@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("info status", "VM status: running\r\n"),
        ("info name", "contract-one\r\n"),
        ("info balloon", "balloon: actual=64\r\n"),
        ("info kvm", "kvm support: disabled\r\n"),
        ("bogus", "unknown command: 'bogus'\r\n"),
        ("nmi", ""),
    ],
)
def test_lines(running: Any, module: Any, line: str, answer: str) -> None:
    """For people."""
    assert module.qemuMonitorCommand(running, line, _HUMAN) == answer


@pytest.mark.usefixtures("needs_qemu")
@pytest.mark.parametrize(
    ("request_text", "answer"),
    [
        (
            '{"execute":"query-status"}',
            {"return": {"status": "running", "singlestep": False, "running": True}},
        ),
        ('{"execute":"query-name"}', {"return": {"name": "contract-one"}}),
        ('{"execute":"query-kvm"}', {"return": {"enabled": False, "present": True}}),
        (
            '{"execute":"bogus"}',
            {"error": {"class": "CommandNotFound", "desc": "The command bogus has not been found"}},
        ),
        (
            '{"execute":"query-status","arguments":{"x":1}}',
            {"error": {"class": "GenericError", "desc": "Parameter 'x' is unexpected"}},
        ),
        ("[]", {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}),
        ("{}", {"error": {"class": "GenericError", "desc": "QMP input lacks member 'execute'"}}),
    ],
)
def test_json(running: Any, module: Any, request_text: str, answer: dict[str, Any]) -> None:
    """For programs; a refusal is an answer too."""
    reply = json.loads(module.qemuMonitorCommand(running, request_text, 0))
    assert reply.pop("id", "libvirt-0").startswith("libvirt-")
    assert reply == answer


@pytest.mark.usefixtures("needs_qemu")
def test_stopped_behind_libvirts_back(driver: Driver, running: Any, module: Any, events: Recorder) -> None:
    """libvirt hears of it from the monitor."""
    module.qemuMonitorCommand(running, "stop", _HUMAN)
    events.wait_for("SUSPENDED_PAUSED")
    assert running.state() == [3, 0]
    module.qemuMonitorCommand(running, "cont", _HUMAN)
    events.wait_for("RESUMED_UNPAUSED")
    assert running.state() == [1, 5]


@pytest.mark.usefixtures("needs_qemu")
def test_events(driver: Driver, conn: Any, running: Any, module: Any, events: Recorder) -> None:
    """What the monitor tells of, by name, before libvirt tells of it."""
    seen: list[tuple[str, str, str | None, str]] = []

    def hear(
        _conn: Any, domain: Any, event: str, _s: int, _us: int, details: str | None, opaque: str
    ) -> None:
        seen.append((domain.name(), event, details, opaque))

    number = module.qemuMonitorEventRegister(conn, running, "^(stop|resume|shutdown)$", hear, "mine", 1 | 2)
    running.suspend()
    running.resume()
    running.destroy()
    events.wait_for("STOPPED_DESTROYED")
    assert seen == [
        (driver.named(), "STOP", None, "mine"),
        (driver.named(), "RESUME", None, "mine"),
        (driver.named(), "SHUTDOWN", '{"guest":false,"reason":"host-signal"}', "mine"),
    ]
    module.qemuMonitorEventDeregister(conn, number)
