"""Each operation in each state: whether it is taken, with which error it is refused, what it leaves."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import INVALID, expected
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.driver import Driver

_NOT_VALID = "Requested operation is not valid: "
_OFF = (INVALID, _NOT_VALID + "domain is not running")
_ON = (INVALID, _NOT_VALID + "domain is already running")
_IMAGE = "/var/lib/libvirt/qemu/save/{name}.save"
_NO_IMAGE = (38, f"Failed to remove managed save file '{_IMAGE}': No such file or directory")
_NO_CONFIG = (INVALID, _NOT_VALID + "transient domains do not have any persistent config")

# operation, state of the domain, what QEMU answers: None, or code and message
_ROWS = [
    ("create", "off", None),
    ("create", "running", _ON),
    ("create", "paused", _ON),
    ("destroy", "off", _OFF),
    ("destroy", "running", None),
    ("destroy", "paused", None),
    ("destroy", "transient", None),
    ("shutdown", "off", _OFF),
    ("shutdown", "running", None),
    ("shutdown", "paused", _OFF),
    ("reboot", "off", _OFF),
    ("reboot", "running", None),
    ("reset", "off", _OFF),
    ("reset", "running", None),
    ("suspend", "off", _OFF),
    ("suspend", "running", None),
    ("suspend", "paused", None),
    ("resume", "off", _OFF),
    ("resume", "running", _ON),
    ("resume", "paused", None),
    ("undefine", "off", None),
    ("undefine", "running", None),
    ("undefine", "transient", (INVALID, _NOT_VALID + "cannot undefine transient domain")),
    ("managedSave", "off", _OFF),
    ("managedSave", "running", None),
    ("managedSave", "paused", None),
    ("managedSave", "transient", (INVALID, _NOT_VALID + "cannot do managed save for transient domain")),
    ("managedSaveRemove", "off", _NO_IMAGE),
    ("rename", "off", None),
    ("rename", "running", (INVALID, _NOT_VALID + "cannot rename active domain")),
    ("rename", "transient", (INVALID, _NOT_VALID + "cannot rename active domain")),
    ("setAutostart", "off", None),
    ("setAutostart", "running", None),
    ("setAutostart", "transient", (INVALID, _NOT_VALID + "cannot set autostart for transient domain")),
    ("setMaxMemory", "off", None),
    (
        "setMaxMemory",
        "running",
        (INVALID, _NOT_VALID + "cannot resize the maximum memory on an active domain"),
    ),
    ("setMemory", "off", _OFF),
    ("setMemory", "running", None),
    ("setMemoryConfig", "off", None),
    ("setMemoryConfig", "transient", _NO_CONFIG),
    ("setMemoryLive", "off", _OFF),
    ("maxVcpus", "off", _OFF),
]
_CALLS: dict[str, Callable[[Any], Any]] = {
    "rename": lambda domain: domain.rename("contract-renamed"),
    "setAutostart": lambda domain: domain.setAutostart(1),
    "setMaxMemory": lambda domain: domain.setMaxMemory(131072),
    "setMemory": lambda domain: domain.setMemory(32768),
    "setMemoryConfig": lambda domain: domain.setMemoryFlags(32768, 2),
    "setMemoryLive": lambda domain: domain.setMemoryFlags(32768, 1),
}
_FIXTURE = {"off": "domain", "running": "running", "paused": "paused", "transient": "transient"}


@pytest.mark.parametrize(("operation", "state", "answer"), _ROWS, ids=[f"{op} {st}" for op, st, _ in _ROWS])
def test_operation(
    driver: Driver, request: pytest.FixtureRequest, operation: str, state: str, answer: tuple[int, str] | None
) -> None:
    """An operation succeeds or is refused, as libvirt's table of states has it."""
    domain = request.getfixturevalue(_FIXTURE[state])
    call = _CALLS.get(operation, operator.methodcaller(operation))
    answer = expected(driver, f"{operation} {state}", answer)
    error = outcome(driver, lambda: call(domain))
    if answer is None:
        assert error is None
    else:
        code, message = answer
        assert error is not None, "it was not refused"
        assert (error[0], error[2]) == (code, message.format(name=driver.named()))


@pytest.mark.parametrize(
    ("operation", "state", "after"),
    [
        ("create", "off", [1, 1]),
        ("destroy", "running", [5, 2]),
        ("suspend", "running", [3, 1]),
        ("resume", "paused", [1, 5]),
        ("managedSave", "running", [5, 5]),
        ("destroy", "paused", [5, 2]),
    ],
)
def test_state_after(request: pytest.FixtureRequest, operation: str, state: str, after: list[int]) -> None:
    """The state and the reason that an operation leaves."""
    domain = request.getfixturevalue(_FIXTURE[state])
    getattr(domain, operation)()
    assert domain.state() == after


def test_refused_operation_changes_nothing(driver: Driver, paused: Any) -> None:
    """A start that is refused leaves the pause as it was."""
    assert outcome(driver, paused.create) is not None
    assert paused.state() == [3, 1]


def test_a_transient_domain_ends_with_its_stop(driver: Driver, conn: Any, transient: Any) -> None:
    """After destroy it is gone: calls on the handle say so, its name and UUID stay known."""
    transient.destroy()
    error = outcome(driver, transient.state)
    name, uuid = driver.named(), driver.uuid()
    message = f"Domain not found: no domain with matching uuid '{uuid}' ({name})"
    assert error == (driver.constant("ERR_NO_DOMAIN"), driver.source, message)
    assert (transient.name(), transient.UUIDString()) == (name, uuid)
    assert name not in [domain.name() for domain in conn.listAllDomains()]


def test_undefined_while_running_becomes_transient(running: Any) -> None:
    """It runs on, and is gone when it stops."""
    running.undefine()
    assert (running.isActive(), running.isPersistent()) == (1, 0)


def test_defining_a_transient_domain_makes_it_persistent(driver: Driver, conn: Any, transient: Any) -> None:
    """It survives its stop."""
    conn.defineXML(driver.xml())
    assert transient.isPersistent() == 1
    transient.destroy()
    assert transient.state()[0] == 5


def test_create_xml_of_a_defined_domain_keeps_it(driver: Driver, conn: Any, domain: Any) -> None:
    """Starting from XML a domain that is defined and off starts it, still persistent."""
    conn.createXML(driver.xml(), 0)
    assert (domain.isActive(), domain.isPersistent()) == (1, 1)


def test_create_xml_of_an_active_domain(driver: Driver, conn: Any, running: Any) -> None:
    """It is refused."""
    error = outcome(driver, lambda: conn.createXML(driver.xml(), 0))
    message = f"Requested operation is not valid: domain '{running.name()}' is already active"
    assert error == (55, 20, message)


def test_ids(driver: Driver, conn: Any, domain: Any) -> None:
    """-1 when off; new at each start; kept in the handle from when it was looked up."""
    assert domain.ID() == -1
    stale = conn.lookupByName(driver.named())
    domain.create()
    first = domain.ID()
    assert first > 0
    assert stale.ID() == -1
    assert conn.lookupByID(first).name() == driver.named()
    domain.destroy()
    assert domain.ID() == -1
    domain.create()
    assert domain.ID() > first


def test_start_paused(driver: Driver, domain: Any) -> None:
    """createWithFlags(PAUSED) leaves the CPUs stopped; the test driver knows no flags."""
    flag = driver.constant("DOMAIN_START_PAUSED")
    error = outcome(driver, lambda: domain.createWithFlags(flag))
    if driver.family == "test":
        assert error == (8, 12, "unsupported flags (0x1) in function testDomainCreateWithFlags")
    else:
        assert error is None
        assert domain.state() == [3, 1]
