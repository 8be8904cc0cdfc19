"""What libvirt says of a guest's agent: none configured, none connected, and one that answers."""

from __future__ import annotations

import base64
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import PATIENCE
from tests.contract.inhabited import CHANNEL, Inhabited, inhabited
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.driver import Driver

_QEMU, _DOMAIN = 10, 20
_OFF = "Requested operation is not valid: domain is not running"
_NOT_CONFIGURED = "argument unsupported: QEMU guest agent is not configured"
_NOT_CONNECTED = "Guest agent is not responding: QEMU guest agent is not connected"
_NO_REINJECTION = (
    "Operation not supported: cannot set time: qemu doesn't support rtc-reset-reinjection command"
)
_NO_PROGRAM = "Failed to execute child process “/bin/nope” (No such file or directory)"
_CALLS: dict[str, Callable[[Any], Any]] = {
    "guestInfo": lambda domain: domain.guestInfo(),
    "fsFreeze": lambda domain: domain.fsFreeze(),
    "fsThaw": lambda domain: domain.fsThaw(),
    "fSTrim": lambda domain: domain.fSTrim(None, 0),
    "fsInfo": lambda domain: domain.fsInfo(),
    "getTime": lambda domain: domain.getTime(),
    "setTime": lambda domain: domain.setTime({"seconds": 1}),
    "setUserPassword": lambda domain: domain.setUserPassword("root", "secret"),
    "hostname": lambda domain: domain.hostname(),
    "interfaceAddresses": lambda domain: domain.interfaceAddresses(1),
    "authorizedSSHKeysGet": lambda domain: domain.authorizedSSHKeysGet("root"),
    "authorizedSSHKeysSet": lambda domain: domain.authorizedSSHKeysSet("root", ["ssh-rsa A"]),
    "setGuestVcpus": lambda domain: domain.setGuestVcpus("1", 1),
    "setVcpusFlags": lambda domain: domain.setVcpusFlags(1, 8),
    "pMSuspendForDuration": lambda domain: domain.pMSuspendForDuration(0, 0),
    "shutdownFlags": lambda domain: domain.shutdownFlags(2),
    "reboot": lambda domain: domain.reboot(2),
}
_BY_DRIVER = {  # who says that the domain is off; libvirt's common code says it of the others
    "guestInfo", "fSTrim", "authorizedSSHKeysGet", "authorizedSSHKeysSet", "setGuestVcpus", "setVcpusFlags",
    "pMSuspendForDuration", "shutdownFlags", "reboot",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _only_qemu(driver: Driver) -> None:
    if driver.family != "qemu":
        pytest.skip("the test driver has no agent")


@pytest.fixture(scope="module")
def guest(driver: Driver, request: pytest.FixtureRequest) -> Iterator[Inhabited]:
    """A domain whose guest has booted, and whose agent is connected."""
    disk, image = "/contract.img", None
    if driver.name == "qemu":
        lab = request.getfixturevalue("lab")
        image, disk = lab.images.x86, str(lab.shared / "contract.img")
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", disk, "32M"], check=True)
    with inhabited(driver, disk, image) as found:
        yield found


@pytest.fixture
def agent(guest: Inhabited) -> Inhabited:
    """The same, ready for the next test."""
    guest.boot()
    guest.clear()
    return guest


@pytest.mark.parametrize("name", _CALLS)
def test_domain_that_is_off(driver: Driver, domain: Any, name: str) -> None:
    """No agent is looked for: the driver or libvirt's common code refuses."""
    answer = (55, _QEMU if name in _BY_DRIVER else _DOMAIN, _OFF)
    if name == "setTime":  # what its QEMU can do is looked at first, and not known yet
        answer = (84, _QEMU, _NO_REINJECTION)
    assert outcome(driver, lambda: _CALLS[name](domain)) == answer


@pytest.mark.parametrize("name", _CALLS)
def test_no_channel(driver: Driver, running: Any, name: str) -> None:
    """A domain without the channel has no agent configured."""
    assert outcome(driver, lambda: _CALLS[name](running)) == (74, _QEMU, _NOT_CONFIGURED)


@pytest.fixture
def silent(driver: Driver, conn: Any) -> Any:
    """A domain with the channel, whose guest has no agent."""
    metadata = "<metadata><guest xmlns='urn:virtkit:fake:guest' agent='no'/></metadata>"
    domain = conn.defineXML(driver.xml(inner=metadata, devices=CHANNEL))
    domain.create()
    return domain


@pytest.mark.parametrize("name", _CALLS)
def test_not_connected(driver: Driver, silent: Any, name: str) -> None:
    """A channel with nobody on the other end is an agent that does not respond."""
    assert outcome(driver, lambda: _CALLS[name](silent)) == (86, _QEMU, _NOT_CONNECTED)
    assert "state='disconnected'" in silent.XMLDesc()


def test_guest_vcpus_raises_nothing(driver: Driver, silent: Any) -> None:
    """libvirt-python reports the error, and returns None."""
    driver.errors.clear()
    assert silent.guestVcpus() is None
    assert [error[0] for error in driver.errors] == [86]


def test_shutdown_without_agent_uses_the_button(driver: Driver, silent: Any) -> None:
    """Unless the agent alone was asked for."""
    assert silent.shutdownFlags(3) == 0
    assert silent.shutdown() == 0
    assert silent.isActive() == 1 or driver.name != "qemu"


def test_response_timeout(driver: Driver, silent: Any) -> None:
    """It is kept from -2 up."""
    assert silent.agentSetResponseTimeout(5) == 0
    text = "invalid argument: guest agent timeout '-3' is less than the minimum '-2'"
    assert outcome(driver, lambda: silent.agentSetResponseTimeout(-3)) == (8, _QEMU, text)


def test_paused(driver: Driver, silent: Any) -> None:
    """A paused domain is not running, for the agent."""
    silent.suspend()
    assert outcome(driver, silent.guestInfo) == (55, _QEMU, _OFF)
    assert outcome(driver, silent.hostname) == (55, _QEMU, _OFF)


def test_connecting(driver: Driver, guest: Inhabited) -> None:
    """At the start it is told that nobody is there; the agent comes when the guest has booted."""
    if guest.domain.isActive():
        guest.domain.destroy()
    guest.clear()
    guest.domain.create()
    assert guest.until("lifecycle", 2, 0) == [("agent", 2, 1), ("lifecycle", 4, 0), ("lifecycle", 2, 0)]
    guest.until("agent", 1, 2)
    assert "name='org.qemu.guest_agent.0' state='connected'" in guest.domain.XMLDesc()
    assert "state='connected'" not in guest.domain.XMLDesc(2)


def test_ping_and_sync(agent: Inhabited) -> None:
    """The agent answers what is passed through."""
    assert agent.ask("guest-ping") == {}
    assert agent.ask("guest-sync", id=7) == 7
    assert "guest-exec" in {each["name"] for each in agent.ask("guest-info")["supported_commands"]}


@pytest.mark.parametrize(
    ("request_text", "message"),
    [
        ('{"execute":"guest-nosuch"}', "'guest-nosuch': The command guest-nosuch has not been found"),
        ('{"execute":"guest-ping","arguments":{"x":1}}', "'guest-ping': Parameter 'x' is unexpected"),
        ('{"execute":"guest-exec"}', "'guest-exec': Parameter 'path' is missing"),
        (
            '{"execute":"guest-sync","arguments":{"id":"a"}}',
            "'guest-sync': Invalid parameter type for 'id', expected: integer",
        ),
        ("[1]", "'<unknown>': QMP input must be a JSON object"),
        ('{"foo":1}', "'<unknown>': QMP input member 'foo' is unexpected"),
        (
            '{"execute":"guest-shutdown","arguments":{"mode":"x"}}',
            "'guest-shutdown': mode is invalid (valid values are: halt|powerdown|reboot",
        ),
        (
            '{"execute":"guest-exec","arguments":{"path":"/bin/nope"}}',
            f"'guest-exec': Guest agent command failed, error was '{_NO_PROGRAM}'",
        ),
    ],
)
def test_refusals_of_the_agent(agent: Inhabited, request_text: str, message: str) -> None:
    """What the agent refuses is an internal error with its words."""
    call = agent.past_libvirt.qemuAgentCommand
    error = outcome(agent.driver, lambda: call(agent.domain, request_text, 5, 0))
    text = f"internal error: unable to execute QEMU agent command {message}"
    assert error == (1, _QEMU, text)


def test_files(agent: Inhabited) -> None:
    """A file is written, read, sought in, and closed for good."""
    handle = agent.ask("guest-file-open", path="/contract", mode="w")
    data = base64.b64encode(b"hello").decode()
    assert agent.ask("guest-file-write", handle=handle, buf_b64=data) == {"count": 5, "eof": False}
    assert agent.ask("guest-file-flush", handle=handle) == {}
    assert agent.ask("guest-file-close", handle=handle) == {}
    handle = agent.ask("guest-file-open", path="/contract")
    assert agent.ask("guest-file-read", handle=handle) == {"count": 5, "buf-b64": data, "eof": True}
    seek = agent.ask("guest-file-seek", handle=handle, offset=1, whence=0)
    assert seek == {"position": 1, "eof": False}
    assert agent.ask("guest-file-read", handle=handle, count=2)["buf-b64"] == "ZWw="
    bad = outcome(agent.driver, lambda: agent.ask("guest-file-write", handle=handle, buf_b64=data))
    assert bad is not None
    assert bad[2].endswith("failed to write to file: Bad file descriptor")
    agent.ask("guest-file-close", handle=handle)
    gone = outcome(agent.driver, lambda: agent.ask("guest-file-close", handle=handle))
    assert gone is not None
    assert gone[2].endswith(f"handle '{handle}' has not been found")
    missing = outcome(agent.driver, lambda: agent.ask("guest-file-open", path="/no/such"))
    assert missing is not None
    assert missing[2].endswith("failed to open file '/no/such' (mode: 'r'): No such file or directory")


def _ran(agent: Inhabited, path: str, *words: str, **more: Any) -> dict[str, Any]:
    pid = agent.ask("guest-exec", path=path, arg=list(words), capture_output=True, **more)["pid"]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        status: dict[str, Any] = agent.ask("guest-exec-status", pid=pid)
        if status["exited"]:
            gone = outcome(agent.driver, lambda: agent.ask("guest-exec-status", pid=pid))
            assert gone is not None
            assert gone[2].endswith("Invalid parameter 'pid'")
            return status
        time.sleep(0.05)
    raise AssertionError(f"{path} does not end")


def test_programs(agent: Inhabited) -> None:
    """A program's end is told once, with what it printed."""
    data = base64.b64encode(b"hi there\n").decode()
    said = {"exited": True, "exitcode": 0, "out-data": data, "out-truncated": False}
    assert _ran(agent, "/bin/echo", "hi", "there") == said
    assert _ran(agent, "/bin/false") == {"exited": True, "exitcode": 1}
    assert _ran(agent, "/bin/cat", input_data=data) == said


def test_virtual_cpus(driver: Driver, agent: Inhabited) -> None:
    """The guest switches off what it can: not the first."""
    domain = agent.domain
    assert domain.guestVcpus() == {"vcpus": "0-1", "online": "0-1", "offlinable": "1"}
    assert (domain.setGuestVcpus("1", 0), domain.vcpusFlags(8), domain.vcpusFlags(8 | 4)) == (0, 1, 2)
    assert domain.guestVcpus() == {"vcpus": "0-1", "online": "0", "offlinable": "1"}
    assert (domain.setVcpusFlags(2, 8), domain.vcpusFlags(8)) == (0, 2)
    first = (84, _QEMU, "Operation not supported: vCPU '0' is not offlinable")
    assert outcome(driver, lambda: domain.setGuestVcpus("0", 0)) == first
    none = (8, _QEMU, "invalid argument: guest is missing vCPUs '7'")
    assert outcome(driver, lambda: domain.setGuestVcpus("7", 0)) == none
    many = "invalid argument: requested vcpu count is greater than the count of enabled vcpus in the domain"
    assert outcome(driver, lambda: domain.setVcpusFlags(3, 8)) == (8, _QEMU, f"{many}: 3 > 2")
    assert outcome(driver, lambda: domain.setGuestVcpus("1", 2)) == (8, _QEMU, "unsupported state value")


def test_what_it_tells(driver: Driver, agent: Inhabited) -> None:
    """Names, time and addresses, by libvirt's calls and in its typed parameters."""
    domain = agent.domain
    assert domain.hostname() == domain.hostname(2) == "(none)"
    assert abs(domain.getTime()["seconds"] - time.time()) < 3600
    info = domain.guestInfo()
    assert {"user.count", "os.machine", "timezone.name", "hostname", "if.count"} <= info.keys()
    assert domain.guestInfo(8) == {"hostname": "(none)"}
    assert domain.guestInfo(4) == {"timezone.name": "UTC", "timezone.offset": 0}
    unknown = "invalid argument: unsupported guest information types '0x80'"
    assert outcome(driver, lambda: domain.guestInfo(128)) == (8, _QEMU, unknown)
    assert domain.interfaceAddresses(1)["lo"]["hwaddr"] == "00:00:00:00:00:00"
    source = "argument unsupported: Unknown IP address data source 3"
    assert outcome(driver, lambda: domain.interfaceAddresses(3)) == (74, _QEMU, source)
    assert domain.fsInfo() == []


def test_freezing(driver: Driver, agent: Inhabited) -> None:
    """A guest without disks has nothing to freeze; where to freeze can be said, where to thaw cannot."""
    domain = agent.domain
    assert (domain.fsFreeze(), domain.fsFreeze(["/nope"]), domain.fsThaw(), domain.fSTrim(None, 0)) == (
        0,
    ) * 4
    thaw = "argument unsupported: specifying mountpoints is not supported"
    assert outcome(driver, lambda: domain.fsThaw(["/"])) == (74, _QEMU, thaw)
    trim = "argument unsupported: Specifying mount point is not supported for now"
    assert outcome(driver, lambda: domain.fSTrim("/", 0)) == (74, _QEMU, trim)


def test_filesystems(driver: Driver, agent: Inhabited) -> None:
    """What is mounted, where and on what; frozen, the agent does nothing but thaw."""
    agent.mount()
    domain = agent.domain
    assert domain.fsInfo() == [("/mnt", "vda", "ext4", ["vda"])]
    info = domain.guestInfo(driver.constant("DOMAIN_GUEST_INFO_FILESYSTEM"))
    assert info.pop("fs.0.total-bytes") > info.pop("fs.0.used-bytes") > 0
    assert info == {
        "fs.count": 1,
        "fs.0.name": "vda",
        "fs.0.mountpoint": "/mnt",
        "fs.0.fstype": "ext4",
        "fs.0.disk.count": 1,
        "fs.0.disk.0.alias": "vda",
        "fs.0.disk.0.device": "/dev/vda",
    }
    assert (domain.fsFreeze(), agent.ask("guest-fsfreeze-status")) == (1, "frozen")
    frozen = "Command {} has been disabled: the agent is in frozen state"
    for call, command in ((domain.fsFreeze, "guest-fsfreeze-freeze"), (domain.getTime, "guest-get-time")):
        message = (
            f"internal error: unable to execute QEMU agent command '{command}': {frozen.format(command)}"
        )
        assert outcome(driver, call) == (1, _QEMU, message)
    assert domain.guestInfo() == {}
    unnamed = "no hostname found: no hostname found for domain inhabited"
    assert outcome(driver, domain.hostname) == (108, _QEMU, unnamed)
    assert (domain.fsThaw(), domain.fsThaw(), agent.ask("guest-fsfreeze-status")) == (1, 0, "thawed")
    assert (domain.fsFreeze(["/mnt"]), domain.fsThaw()) == (1, 1)
    agent.unmount()


def test_disks(driver: Driver, agent: Inhabited) -> None:
    """Told whether mounted or not."""
    info = agent.domain.guestInfo(driver.constant("DOMAIN_GUEST_INFO_DISKS"))
    assert info["disk.count"] >= 1
    assert (info["disk.0.name"], info["disk.0.partition"], info["disk.0.alias"]) == ("/dev/vda", False, "vda")


def test_authorized_keys(driver: Driver, agent: Inhabited) -> None:
    """Added, replaced and removed; told the last first."""
    agent.give_root_an_account()
    domain = agent.domain
    append = driver.constant("DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND")
    remove = driver.constant("DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE")
    assert domain.authorizedSSHKeysSet("root", ["ssh-rsa A", "ssh-rsa B"]) == 0
    assert domain.authorizedSSHKeysGet("root") == ["ssh-rsa B", "ssh-rsa A"]
    domain.authorizedSSHKeysSet("root", ["ssh-rsa C"], append)
    domain.authorizedSSHKeysSet("root", ["ssh-rsa A"], remove)
    assert domain.authorizedSSHKeysGet("root") == ["ssh-rsa C", "ssh-rsa B"]
    said = "internal error: unable to execute QEMU agent command 'guest-ssh-{}': {}"
    bad = said.format("add-authorized-keys", "invalid OpenSSH public key: '#c x'")
    assert outcome(driver, lambda: domain.authorizedSSHKeysSet("root", ["#c x"])) == (1, _QEMU, bad)
    nobody = said.format("get-authorized-keys", "failed to lookup user 'nobody': Success")
    assert outcome(driver, lambda: domain.authorizedSSHKeysGet("nobody")) == (1, _QEMU, nobody)


def test_an_agent_that_is_not_waited_for(driver: Driver, agent: Inhabited) -> None:
    """Then it is never fast enough."""
    text = "Guest agent is not responding: Guest agent not available for now"
    call = agent.past_libvirt.qemuAgentCommand
    assert outcome(driver, lambda: call(agent.domain, '{"execute":"guest-ping"}', 0, 0)) == (86, _QEMU, text)
    agent.domain.agentSetResponseTimeout(0)
    assert outcome(driver, agent.domain.getTime) == (86, _QEMU, text)
    agent.domain.agentSetResponseTimeout(-2)
    assert agent.domain.hostname() == "(none)"


def test_time_too_far(driver: Driver, agent: Inhabited) -> None:
    """The agent counts nanoseconds in 63 bits."""
    text = "invalid argument: Time '10000000000' is too big for guest agent"
    assert outcome(driver, lambda: agent.domain.setTime({"seconds": 10**10, "nseconds": 0})) == (
        8,
        _QEMU,
        text,
    )


def test_sleeping_and_waking(driver: Driver, agent: Inhabited) -> None:
    """A guest that suspends hears of nothing until it is woken; then its agent is back."""
    domain = agent.domain
    awake = (
        "unable to execute QEMU command 'system_wakeup': Unable to wake up: guest is not in suspended state"
    )
    assert outcome(driver, domain.pMWakeup) == (1, _QEMU, f"internal error: {awake}")
    assert domain.pMSuspendForDuration(0, 0) == 0
    events = agent.until("lifecycle", 7, 0)
    assert [event for event in events if event[0] in {"pmsuspend", "lifecycle"}] == [
        ("pmsuspend", 0),
        ("lifecycle", 7, 0),
    ]
    assert domain.state() == [7, 0]
    asleep = (55, _QEMU, "Requested operation is not valid: domain is pmsuspended")
    assert outcome(driver, domain.suspend) == asleep
    assert outcome(driver, domain.resume) == asleep
    assert outcome(driver, domain.shutdown) == (55, _QEMU, _OFF)
    assert outcome(driver, domain.guestInfo) == (55, _QEMU, _OFF)
    agent.clear()
    assert domain.pMWakeup() == 0
    assert agent.until("lifecycle", 2, 4) == [("pmwakeup", 0), ("lifecycle", 2, 4)]
    assert domain.state() == [1, 8]
    agent.until("agent", 1, 2)


def test_suspending_otherwise(driver: Driver, agent: Inhabited) -> None:
    """For a time, or to what is no target: neither."""
    text = "argument unsupported: Duration not supported. Use 0 for now"
    assert outcome(driver, lambda: agent.domain.pMSuspendForDuration(0, 5)) == (74, _QEMU, text)
    text = "invalid argument: Unknown suspend target: 7"
    assert outcome(driver, lambda: agent.domain.pMSuspendForDuration(7, 0)) == (8, _QEMU, text)


def test_reboot_by_agent(agent: Inhabited) -> None:
    """The agent goes with the guest, and comes again."""
    assert agent.domain.reboot(2) == 0
    for event in (("agent", 2, 2), ("reboot",), ("agent", 1, 2)):
        agent.until(*event)
    assert agent.domain.isActive() == 1


def test_shutdown_by_agent(driver: Driver, agent: Inhabited) -> None:
    """The guest powers itself off: sometimes faster than libvirt can hear that it will."""
    assert outcome(driver, lambda: agent.domain.shutdownFlags(2)) in {
        None,
        (1, _QEMU, "internal error: End of file from agent socket"),
    }
    assert agent.until("lifecycle", 5, 0)[-2:] == [("lifecycle", 6, 1), ("lifecycle", 5, 0)]
    assert agent.domain.state() == [5, 1]
