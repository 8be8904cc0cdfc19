"""What the test driver makes up of its guests' insides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver

_DISK = "<disk type='file'><source file='/d'/><target dev='vda' bus='virtio'/></disk>"
_OFF = (55, 20, "Requested operation is not valid: domain is not running")


@pytest.fixture(autouse=True)
def _only_test(driver: Driver) -> None:
    if driver.family != "test":
        pytest.skip("QEMU's driver asks an agent")


@pytest.fixture
def guest(driver: Driver, conn: Any) -> Any:
    """A domain that runs, with a disk."""
    domain = conn.defineXML(driver.xml(devices=_DISK))
    domain.create()
    return domain


def test_names_and_time(driver: Driver, guest: Any) -> None:
    """Made of the domain's name; a time that stands still until it is set."""
    assert guest.hostname() == f"{driver.named()}host"
    assert guest.getTime() == {"seconds": 627319920, "nseconds": 0}
    assert guest.setTime({"seconds": 5, "nseconds": 7}) == 0
    assert guest.getTime() == {"seconds": 5, "nseconds": 7}
    assert guest.setUserPassword("anybody", "secret") == 0


def test_filesystems(driver: Driver, guest: Any) -> None:
    """Every guest has / and /boot, on its first disk."""
    assert guest.fsInfo() == [("/", "vda1", "ext4", ["vda"]), ("/boot", "vda2", "ext4", ["vda"])]
    assert (guest.fsFreeze(["/"]), guest.fsFreeze(), guest.fsFreeze()) == (1, 1, 0)
    assert (guest.fsThaw(["/boot"]), guest.fsThaw(), guest.fsThaw()) == (1, 1, 0)
    text = "Requested operation is not valid: mount point not found: /home"
    for call in (guest.fsFreeze, guest.fsThaw):
        assert outcome(driver, partial(call, ["/home"])) == (55, 12, text)
    assert outcome(driver, lambda: guest.fSTrim("/home", 0)) == (55, 12, text)
    assert (guest.fSTrim("/boot", 0), guest.fSTrim(None, 0)) == (0, 0)


def test_a_domain_that_is_off(driver: Driver, domain: Any) -> None:
    """Its inside cannot be seen."""
    for name in ("hostname", "fsInfo", "fsFreeze", "fsThaw"):
        assert outcome(driver, getattr(domain, name)) == _OFF
    assert outcome(driver, domain.getTime) == (55, 12, _OFF[2])
    assert outcome(driver, lambda: domain.interfaceAddresses(0)) == _OFF


@pytest.mark.parametrize(
    "call",
    [
        lambda domain: domain.guestInfo(),
        lambda domain: domain.agentSetResponseTimeout(1),
        lambda domain: domain.authorizedSSHKeysGet("root"),
        lambda domain: domain.setGuestVcpus("1", 1),
        lambda domain: domain.pMSuspendForDuration(0, 0),
        lambda domain: domain.pMWakeup(),
        lambda domain: domain.openGraphicsFD(0),
    ],
)
def test_what_it_lacks(driver: Driver, guest: Any, call: Any) -> None:
    """Calls that need an agent, or a real guest."""
    error = outcome(driver, lambda: call(guest))
    assert error is not None
    assert error[0] == 3
