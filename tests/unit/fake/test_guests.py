"""Guests decide: shutdown, reboot, boot time, ACPI; faults and delays strike calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline


@pytest.fixture
def domain(conn: Any, held: Timeline) -> Any:
    """A running guest."""
    domain = conn.defineXML(domain_xml())
    domain.create()
    return domain


def test_shutdown_takes_the_guests_time(domain: Any, held: Timeline) -> None:
    """The call returns at once; the guest is off after its time."""
    libvirt.host("one").guest.shutdown_time = 30.0
    domain.shutdown()
    held.advance(29.0)
    assert domain.isActive() == 1
    held.advance(1.0)
    assert domain.state() == [libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_SHUTDOWN]


def test_a_guest_without_acpi_stays_on(domain: Any, held: Timeline) -> None:
    """However long one waits."""
    libvirt.host("one").guest.acpi = False
    assert domain.shutdown() == 0
    held.advance(3600.0)
    assert domain.isActive() == 1


def test_a_guest_that_boots_hears_nothing(domain: Any, held: Timeline) -> None:
    """The power button works once the guest is up."""
    libvirt.host("one").guest.boot_time = 20.0
    domain.shutdown()
    held.advance(60.0)
    assert domain.isActive() == 1
    domain.shutdown()
    held.advance(1.0)
    assert domain.isActive() == 0


def test_a_domain_can_say_how_its_guest_behaves(conn: Any, held: Timeline) -> None:
    """In its metadata, so that it holds in other processes too."""
    inner = "<metadata><guest xmlns='urn:virtkit:fake:guest' acpi='no'/></metadata>"
    domain = conn.defineXML(domain_xml("deaf", inner=inner))
    domain.create()
    domain.shutdown()
    held.advance(60.0)
    assert domain.isActive() == 1


def test_cpu_time_follows_the_clock(domain: Any, held: Timeline) -> None:
    """It stands still while the guest is paused."""
    held.advance(10.0)
    domain.suspend()
    held.advance(10.0)
    assert domain.info()[4] == pytest.approx(10e9)


def test_fault_on_the_nth_call(domain: Any) -> None:
    """The second and third suspend fail, the others do not."""
    code = libvirt.VIR_ERR_OPERATION_FAILED
    libvirt.host("one").faults.add(call="suspend", code=code, message="no", nth=2, times=2)
    outcomes: list[int | None] = []
    for _ in range(4):
        try:
            domain.suspend()
            domain.resume()
            outcomes.append(None)
        except libvirt.libvirtError as error:
            outcomes.append(error.get_error_code())
    assert outcomes == [None, code, code, None]


def test_delay(domain: Any, held: Timeline) -> None:
    """A call can take long, and succeed."""
    libvirt.host("one").faults.add(call="virDomainSuspend", code=None, delay=12.0)
    domain.suspend()
    assert held.elapsed() == 12.0
    assert domain.state()[0] == libvirt.VIR_DOMAIN_PAUSED


def test_dropped_connections(conn: Any, domain: Any) -> None:
    """The close callback hears of it, calls fail, a new connection works."""
    seen: list[int] = []
    conn.registerCloseCallback(lambda _conn, reason, _opaque: seen.append(reason), None)
    libvirt.host("one").drop_connections()
    assert seen == [libvirt.VIR_CONNECT_CLOSE_REASON_ERROR]
    assert conn.isAlive() == 0
    with pytest.raises(libvirt.libvirtError, match="client socket is closed"):
        domain.state()
    assert libvirt.open("fake:///one").lookupByName("web").isActive() == 1


@pytest.mark.parametrize("where", ["memory", "file"])
def test_manners_that_a_test_sets(where: str, db: str) -> None:
    """A truth in words is one, and what no guest has is refused, in memory and in a file."""
    guest: Any = libvirt.host("fake:///one" if where == "memory" else db).guest
    for word, meant in (("no", False), ("yes", True)):
        guest.acpi = word
        assert guest.acpi is meant
    with pytest.raises(AttributeError, match=r"a guest has no 'boottime' .did you mean 'boot_time'"):
        guest.boottime = 3
    with pytest.raises(ValueError, match="acpi='maybe': expected yes or no"):
        guest.acpi = "maybe"
