"""Smaller calls on one domain: what it is, what it does right now, and what its host keeps of it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import FRONT, Bench, Case, Refusal, named
from tests.contract.differences import expected
from tests.contract.driver import elsewhere
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

ARGUMENT, INVALID, NO_ARGUMENT, UNSUPPORTED = 8, 55, 74, 84
RPC = 7
OFF = Refusal(INVALID, "Requested operation is not valid: domain is not running", FRONT)
NO_JOB = Refusal(INVALID, "Requested operation is not valid: no job is active on the domain")
NO_POSTCOPY = Refusal(
    INVALID, "Requested operation is not valid: current job is not outgoing migration in post-copy mode"
)
DIRECT = Refusal(
    NO_ARGUMENT, "argument unsupported: direct migration is not supported by the source host", FRONT
)
NOT_SEV = "Operation not supported: setting a launch secret is only supported in SEV-enabled domains"
PEER = 2  # VIR_MIGRATE_PEER2PEER


def unknown(flag: int, function: str) -> Refusal:
    """Return how QEMU's driver refuses a flag."""
    return Refusal(ARGUMENT, f"unsupported flags ({flag:#x}) in function qemu{function}")


def front(text: str) -> Refusal:
    """Return how libvirt's front refuses an argument."""
    return Refusal(ARGUMENT, text, FRONT)


CASES = [
    Case("kind of guest", lambda d: d.OSType(), "hvm"),
    Case("abort of no job, off", lambda d: d.abortJobFlags(0), OFF),
    Case("abort of no job", lambda d: d.abortJobFlags(0), NO_JOB, runs=True),
    Case("abort of no postcopy", lambda d: d.abortJobFlags(1), NO_POSTCOPY, runs=True),
    Case("abort with a flag", lambda d: d.abortJobFlags(2), unknown(2, "DomainAbortJobFlags"), runs=True),
    Case("control off", lambda d: d.controlInfo(), OFF),
    Case("control", lambda d: d.controlInfo(), [0, 0, 0], runs=True),
    Case("control with a flag", lambda d: d.controlInfo(1), unknown(1, "DomainGetControlInfo"), runs=True),
    Case("not updated off", lambda d: d.isUpdated(), 0),
    Case("not updated", lambda d: d.isUpdated(), 0, runs=True),
    Case("messages off", lambda d: d.messages(), []),
    Case("messages of what is old", lambda d: d.messages(1), [], runs=True),
    Case("messages with a flag", lambda d: d.messages(4), unknown(4, "DomainGetMessages"), runs=True),
    Case("downtime off", lambda d: d.migrateSetMaxDowntime(100), OFF),
    Case("downtime", lambda d: d.migrateSetMaxDowntime(100), 0, runs=True),
    Case(
        "downtime with a flag",
        lambda d: d.migrateSetMaxDowntime(100, 1),
        unknown(1, "DomainMigrateSetMaxDowntime"),
    ),
    Case("migration without a daemon", lambda d: d.migrateToURI("tcp://nowhere.invalid"), DIRECT, runs=True),
    Case("label off", lambda d: d.securityLabel(), ["", False]),
    Case("labels off", lambda d: d.securityLabelList(), []),
    Case(
        "scheduling weights",
        lambda d: d.setSchedulerParameters({"nope": 1}),
        'LookupError: Attribute name "nope" could not be recognized',
    ),
    Case(
        "scheduling without any",
        lambda d: d.setSchedulerParameters({}),
        "LookupError: Need non-empty dictionary to set attributes",
    ),
    Case(
        "launch secret",
        lambda d: d.setLaunchSecurityState({"sev-secret": "b", "sev-secret-header": "a"}),
        Refusal(UNSUPPORTED, NOT_SEV),
    ),
    Case(
        "launch secret of nothing",
        lambda d: d.setLaunchSecurityState({}),
        front("params in virDomainSetLaunchSecurityState must not be NULL"),
    ),
    Case(
        "launch secret of nothing known",
        lambda d: d.setLaunchSecurityState({"nope": "a"}),
        Refusal(NO_ARGUMENT, "argument unsupported: parameter 'nope' not supported", 0),
    ),
    Case(
        "launch secret of a number",
        lambda d: d.setLaunchSecurityState({"sev-secret": 1}),
        "TypeError: bad argument type for built-in operation",
    ),
    Case(
        "launch secret at a text",
        lambda d: d.setLaunchSecurityState({"sev-secret-set-address": "a"}),
        "TypeError: an integer is required",
    ),
    Case(
        "launch secret with a flag",
        lambda d: d.setLaunchSecurityState({"sev-secret": "b"}, 1),
        unknown(1, "DomainSetLaunchSecurityState"),
    ),
    Case(
        "files without any",
        lambda d: d.FDAssociate("n", []),
        front("nfds in virDomainFDAssociate must not be zero"),
    ),
    Case("files that are no list", lambda d: d.FDAssociate("n", "x"), "TypeError: unexpected type"),
    Case(
        "picture through no file",
        lambda d: d.openGraphics(0, -1),
        front("fd in virDomainOpenGraphics must be zero or greater"),
    ),
    Case("destroyed off", lambda d: d.destroyFlags(0), OFF),
]


@pytest.mark.parametrize(**named(CASES))
def test_answers(driver: Driver, conn: Any, case: Case) -> None:
    """Each call is answered as libvirt answers it."""
    bench = Bench(driver, conn)
    bench.check(case, bench.domain("", "", runs=case.runs))


def test_messages(driver: Driver, running: Any) -> None:
    """None of a plain domain; a real host may have some of what it deprecates, or of a taint."""
    found = running.messages()
    assert all(isinstance(each, str) for each in found)
    if driver.name != "qemu":
        assert found == []


@pytest.mark.parametrize("flag", [0, 1])
def test_destroyed_with_a_flag(driver: Driver, events: Recorder, running: Any, flag: int) -> None:
    """At once, or gracefully: the same."""
    events.clear()
    assert running.destroyFlags(flag) == 0
    assert events.names() == expected(driver, "events of destroy", ["SHUTDOWN_HOST", "STOPPED_DESTROYED"])
    assert running.state() == [5, 2]


def test_labels_running(driver: Driver, running: Any) -> None:
    """Of the model that the host has; the list has those of all, DAC's last."""
    label = running.securityLabel()
    if driver.family == "test":
        assert label == ["libvirt-test", True]
        text = "this function is not supported by the connection driver: virDomainGetSecurityLabelList"
        assert outcome(driver, running.securityLabelList) == (3, FRONT, text)
        return
    found = running.securityLabelList()
    assert label == found[0] == ["", False]
    assert found[-1] == ["+0:+0", False]


def test_scheduling(driver: Driver, running: Any) -> None:
    """The test driver has a weight, which cannot be changed; QEMU's are of the host's cgroups."""
    if driver.family == "test":
        assert running.schedulerParameters() == {"weight": 50}
        assert running.setSchedulerParameters({"weight": 17}) == 0
        assert running.schedulerParameters() == {"weight": 50}
        return
    if driver.name == "qemu":
        text = "Requested operation is not valid: cgroup CPU controller is not mounted"
        error = (INVALID, driver.source, text)
        assert outcome(driver, lambda: running.setSchedulerParameters({"cpu_shares": 2048})) == error
        return
    assert running.setSchedulerParameters({"cpu_shares": 2048}) == 0
    assert running.schedulerParameters()["cpu_shares"] == 2048


def test_scheduling_off(driver: Driver, domain: Any) -> None:
    """What the definition says, which is nothing."""
    answer = {"weight": 50} if driver.family == "test" else 0
    found = domain.schedulerParameters()
    assert (found if driver.family == "test" else found["vcpu_quota"]) == answer


def test_files_and_pictures(driver: Driver, running: Any) -> None:
    """File descriptors go to a daemon of the same machine only: a connection over TCP breaks."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        files = outcome(driver, lambda: elsewhere(driver, running).FDAssociate("n", [theirs.fileno()], 0))
        picture = outcome(driver, lambda: elsewhere(driver, running).openGraphics(0, theirs.fileno(), 0))
    if driver.name == "qemu":
        text = "internal error: Sending file descriptors is not supported on this socket"
        assert files == picture == (1, RPC, text)
        return
    text = "this function is not supported by the connection driver: virDomain{}"
    assert files == (None if driver.family == "qemu" else (3, FRONT, text.format("FDAssociate")))
    none = (1, driver.source, "internal error: No graphics backend with index 0")
    assert picture == (none if driver.family == "qemu" else (3, FRONT, text.format("OpenGraphics")))


def test_migration_by_daemons(driver: Driver, running: Any) -> None:
    """The test driver cannot; QEMU's asks the other daemon, which is not there."""
    error = outcome(driver, lambda: running.migrateToURI("qemu+tcp://nowhere.invalid/system", PEER))
    assert error is not None
    text = "argument unsupported: p2p migration is not supported by the source host"
    if driver.family == "test":
        assert error == (NO_ARGUMENT, FRONT, text)
    else:
        assert error[0] == expected(driver, "no such daemon", 38)
