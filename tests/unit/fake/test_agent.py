"""A guest's agent: what a test puts into the guest, patience with a silent one, and files that stay."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import libvirt_qemu

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline

CHANNEL = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
_DISK = (
    "<disk type='file'><source file='/disk.img'/><target dev='vda' bus='virtio'/><serial>S1</serial></disk>"
)
_NET = "<interface type='network'><mac address='52:54:00:aa:bb:cc'/><source network='default'/></interface>"


@pytest.fixture
def domain(conn: Any, held: Timeline) -> Any:
    """A domain with a disk, an interface and an agent that is there."""
    domain = conn.defineXML(domain_xml(devices=_DISK + CHANNEL + _NET))
    domain.create()
    held.advance(1)
    return domain


def ask(domain: Any, command: str, **arguments: Any) -> Any:
    """Return what the agent of *domain* returns."""
    named = {key.replace("_", "-"): value for key, value in arguments.items()}
    request = json.dumps({"execute": command, "arguments": named})
    return json.loads(libvirt_qemu.qemuAgentCommand(domain, request, 5, 0))["return"]


def _guest() -> Any:
    return libvirt.host("one").domain("web")


def test_it_comes_after_the_boot(conn: Any, held: Timeline) -> None:
    """Boot time and agent time pass on the clock, and not while the domain is paused."""
    host = libvirt.host("one")
    host.guest.boot_time, host.guest.agent_time = 20.0, 5.0
    domain = conn.createXML(domain_xml(devices=CHANNEL), 0)
    held.advance(24)
    domain.suspend()
    held.advance(100)
    domain.resume()
    with pytest.raises(libvirt.libvirtError, match="not connected"):
        domain.hostname()
    held.advance(1.001)
    assert domain.hostname() == "web"


def test_programs_answer_as_programmed(domain: Any, held: Timeline) -> None:
    """By path or by the whole line; one that takes time ends on the clock."""
    guest = _guest()
    guest.program("/usr/bin/uptime", out="up 3 days\n")
    guest.program("/usr/bin/make world", err="no rule\n", code=2, time=60)
    pid = ask(domain, "guest-exec", path="/usr/bin/uptime", capture_output=True)["pid"]
    status = ask(domain, "guest-exec-status", pid=pid)
    assert base64.b64decode(status["out-data"]) == b"up 3 days\n"
    pid = ask(domain, "guest-exec", path="/usr/bin/make", arg=["world"], capture_output=True)["pid"]
    assert ask(domain, "guest-exec-status", pid=pid) == {"exited": False}
    held.advance(60)
    status = ask(domain, "guest-exec-status", pid=pid)
    assert (status["exitcode"], base64.b64decode(status["err-data"])) == (2, b"no rule\n")
    with pytest.raises(libvirt.libvirtError, match="No such file or directory"):
        ask(domain, "guest-exec", path="/usr/bin/make", arg=["love"])


def test_files_stay_and_handles_do_not(domain: Any, held: Timeline) -> None:
    """The disk outlives the boot; what was open is not."""
    guest = _guest()
    guest.write_file("/etc/motd", "hello\n")
    handle = ask(domain, "guest-file-open", path="/etc/motd", mode="a")
    ask(domain, "guest-file-write", handle=handle, buf_b64=base64.b64encode(b"you\n").decode())
    domain.destroy()
    domain.create()
    held.advance(1)
    assert guest.read_file("/etc/motd") == b"hello\nyou\n"
    with pytest.raises(libvirt.libvirtError, match="has not been found"):
        ask(domain, "guest-file-close", handle=handle)
    with pytest.raises(FileNotFoundError):
        guest.read_file("/nope")


def test_passwords_and_keys(domain: Any) -> None:
    """Accounts are root's and those that the test gave."""
    guest = _guest()
    domain.setUserPassword("root", "secret")
    assert guest.password("root") == "secret"
    with pytest.raises(libvirt.libvirtError, match="failed to set user password"):
        domain.setUserPassword("eve", "x")
    guest.account("eve")
    domain.setUserPassword("eve", "x", libvirt.VIR_DOMAIN_PASSWORD_ENCRYPTED)
    domain.authorizedSSHKeysSet("root", ["ssh-rsa A", "ssh-rsa B"])
    domain.authorizedSSHKeysSet("root", ["ssh-rsa C"], libvirt.VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND)
    domain.authorizedSSHKeysSet("root", ["ssh-rsa A"], libvirt.VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE)
    assert domain.authorizedSSHKeysGet("root") == ["ssh-rsa C", "ssh-rsa B"]
    domain.authorizedSSHKeysSet("root", ["ssh-rsa D"])
    assert guest.read_file("/root/.ssh/authorized_keys") == b"ssh-rsa D\n"


def test_filesystems(domain: Any) -> None:
    """A root on the first disk unless the test says otherwise; while frozen, only thawing is done."""
    guest = _guest()
    assert domain.fsInfo() == [("/", "vda1", "ext4", ["vda"])]
    info = domain.guestInfo(libvirt.VIR_DOMAIN_GUEST_INFO_FILESYSTEM | libvirt.VIR_DOMAIN_GUEST_INFO_DISKS)
    assert (info["fs.count"], info["fs.0.disk.0.alias"], info["fs.0.disk.0.serial"]) == (1, "vda", "S1")
    assert (info["disk.count"], info["disk.1.partition"], info["disk.1.dependency.0.name"]) == (
        2,
        True,
        "/dev/vda",
    )
    assert (domain.fsFreeze(), guest.frozen) == (1, True)
    with pytest.raises(libvirt.libvirtError, match="the agent is in frozen state"):
        domain.getTime()
    assert domain.guestInfo() == {}
    assert (domain.fsThaw(), guest.frozen) == (1, False)
    guest.filesystems(
        {"mountpoint": "/", "type": "xfs", "disk": "vda", "name": "vda2"},
        {"mountpoint": "/boot", "type": "ext4", "disk": "vda"},
    )
    assert domain.fsInfo()[0] == ("/", "vda2", "xfs", ["vda"])
    assert domain.fsFreeze(["/boot"]) == 1
    assert domain.fsThaw() == 1


def test_addresses(conn: Any, domain: Any) -> None:
    """What the agent says and what the network gave is one address."""
    lease = domain.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE)
    (given,) = [each["addr"] for interface in lease.values() for each in interface["addrs"]]
    told = domain.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT)
    assert [each["addr"] for each in told["eth0"]["addrs"]] == [given, "fe80::5054:ff:feaa:bbcc"]
    assert told["eth0"]["hwaddr"] == "52:54:00:aa:bb:cc"


def test_who_is_logged_in(domain: Any, held: Timeline) -> None:
    """Since when, in milliseconds."""
    _guest().log_in("eve")
    info = domain.guestInfo(libvirt.VIR_DOMAIN_GUEST_INFO_USERS)
    assert (info["user.count"], info["user.0.name"]) == (1, "eve")
    assert info["user.0.login-time"] > 10**12


def test_time(domain: Any, held: Timeline) -> None:
    """It can be set, goes on from there, and is set back from the hardware clock."""
    before = domain.getTime()["seconds"]
    domain.setTime({"seconds": 1_000_000, "nseconds": 0})
    held.advance(10)
    assert domain.getTime()["seconds"] == 1_000_010
    domain.setTime(None, libvirt.VIR_DOMAIN_TIME_SYNC)
    assert domain.getTime()["seconds"] - before == 10
    with pytest.raises(LookupError):
        domain.setTime({})
    with pytest.raises(TypeError):
        domain.setTime(None)


def test_a_silent_agent(domain: Any, held: Timeline) -> None:
    """libvirt waits five seconds, or less if it was told; nobody else has to."""
    host = libvirt.host("one")
    host.guest.agent_answers = False
    start = held.elapsed()
    with pytest.raises(libvirt.libvirtError, match="Guest agent not available for now") as caught:
        domain.getTime()
    assert caught.value.get_error_code() == libvirt.VIR_ERR_AGENT_UNRESPONSIVE
    assert held.elapsed() - start == pytest.approx(5)
    domain.agentSetResponseTimeout(2)
    with pytest.raises(libvirt.libvirtError, match="not available"):
        domain.fsInfo()
    assert held.elapsed() - start == pytest.approx(7)
    with pytest.raises(libvirt.libvirtError, match="no hostname found for domain web"):
        domain.hostname()
    domain.shutdown()  # by the power button, then
    held.advance(1)
    assert domain.isActive() == 0


def test_it_can_be_ended_and_come_again(domain: Any) -> None:
    """As somebody does who stops its service."""
    guest = _guest()
    guest.agent_disconnects()
    with pytest.raises(libvirt.libvirtError, match="not connected"):
        domain.hostname()
    guest.agent_connects()
    assert domain.hostname() == "web"


def test_suspend_to_disk(domain: Any) -> None:
    """The guest is off then."""
    domain.pMSuspendForDuration(libvirt.VIR_NODE_SUSPEND_TARGET_DISK, 0)
    assert domain.state()[0] == libvirt.VIR_DOMAIN_SHUTOFF


def test_sleep_that_is_switched_off(conn: Any, held: Timeline) -> None:
    """By the domain's <pm>."""
    inner = "<pm><suspend-to-mem enabled='no'/></pm>"
    domain = conn.createXML(domain_xml(inner=inner, devices=CHANNEL), 0)
    held.advance(1)
    with pytest.raises(libvirt.libvirtError, match="S3 state is disabled for this domain"):
        domain.pMSuspendForDuration(libvirt.VIR_NODE_SUSPEND_TARGET_MEM, 0)


def test_guest_files_are_kept_in_a_file(db: str, held: Timeline) -> None:
    """A host in a file has its guests' disks there too."""
    conn = libvirt.open(db)
    domain = conn.createXML(domain_xml(devices=CHANNEL), 0)
    held.advance(1)
    handle = ask(domain, "guest-file-open", path="/kept", mode="w")
    ask(domain, "guest-file-write", handle=handle, buf_b64="aGk=")
    conn.close()
    libvirt.reset()
    libvirt.open(db)
    assert libvirt.host(db).domain("web").read_file("/kept") == b"hi"


def test_a_guest_moves_with_what_is_in_it(conn: Any, other: Any, domain: Any, held: Timeline) -> None:
    """Its files, what is frozen, how it behaves; its agent comes to the new host's channel."""
    guest = _guest()
    guest.write_file("/etc/motd", "hello")
    guest.behave(hostname="mover")
    domain.fsFreeze()
    flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER
    domain.migrateToURI3("fake:///two", {}, flags)
    held.advance(1)
    moved = other.lookupByName("web")
    there = libvirt.host("two").domain("web")
    assert (there.read_file("/etc/motd"), there.frozen) == (b"hello", True)
    assert (moved.fsThaw(), moved.hostname()) == (1, "mover")
