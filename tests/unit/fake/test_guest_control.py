"""A test has a guest do things, and things befall it; libvirt tells of them as it does of real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.hearing import Heard, heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.fake.conftest import Timeline
    from virtkit.fake.guest.control import GuestControl

_XML = """
<domain type='qemu'><name>web</name><memory unit='MiB'>256</memory><vcpu>2</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os><on_crash>{on_crash}</on_crash>
<devices>
<disk type='file'><source file='/disk.img'/><target dev='vda' bus='virtio'/></disk>
<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
<watchdog model='i6300esb' action='{watchdog}'/>
<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
</devices></domain>
"""
_LIFECYCLE = libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE


@pytest.fixture
def events(conn: Any) -> Iterator[Heard]:
    """What happens on the host."""
    with heard(conn) as found:
        yield found


def _started(conn: Any, on_crash: str = "destroy", watchdog: str = "reset") -> tuple[Any, GuestControl]:
    domain = conn.defineXML(_XML.format(on_crash=on_crash, watchdog=watchdog))
    domain.create()
    return domain, libvirt.host("one").domain("web")


@pytest.mark.parametrize(
    ("on_crash", "told", "state"),
    [
        ("destroy", [("lifecycle", 3, 0), ("lifecycle", 8, 0), ("lifecycle", 5, 2)], [5, 3]),
        ("preserve", [("lifecycle", 3, 0), ("lifecycle", 8, 0)], [6, 1]),
        (
            "restart",
            [("lifecycle", 3, 0), ("lifecycle", 8, 0), ("reboot",), ("lifecycle", 4, 0)],
            [1, 9],
        ),
    ],
)
def test_panic(
    conn: Any, held: Timeline, events: Heard, on_crash: str, told: list[Any], state: list[int]
) -> None:
    """The events and states that QEMU guests with a panic device were seen to have."""
    domain, guest = _started(conn, on_crash)
    events.clear()
    guest.crash()
    assert [event for event in events.all() if event[0] != "agent"] == told
    assert domain.state() == state


def test_a_preserved_crash_can_be_resumed(conn: Any, held: Timeline) -> None:
    """As libvirt has it."""
    domain, guest = _started(conn, "preserve")
    guest.crash()
    assert domain.resume() == 0
    assert domain.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_UNPAUSED]


@pytest.mark.parametrize(
    ("action", "told", "state"),
    [
        ("pause", [("watchdog", 1), ("lifecycle", 3, 3)], [3, 6]),
        ("reset", [("watchdog", 2), ("reboot",)], [1, 1]),
        ("none", [("watchdog", 0)], [1, 1]),
        ("poweroff", [("watchdog", 3), ("lifecycle", 5, 5)], [5, 3]),
    ],
)
def test_watchdog(
    conn: Any, held: Timeline, events: Heard, action: str, told: list[Any], state: list[int]
) -> None:
    """What follows is what the domain's device says."""
    domain, guest = _started(conn, watchdog=action)
    events.clear()
    guest.watchdog()
    assert [event for event in events.all() if event[0] != "agent"] == told
    assert domain.state() == state


def test_disk_error(conn: Any, held: Timeline, events: Heard) -> None:
    """Both events, then the pause; a report pauses nothing."""
    domain, guest = _started(conn)
    events.clear()
    guest.io_error("vda", reason="enospc")
    assert [event for event in events.all() if event[0] != "agent"] == [
        ("io_error", "/disk.img", "virtio-disk0", 1),
        ("io_error_reason", "/disk.img", "virtio-disk0", 1, "enospc"),
        ("lifecycle", 3, 2),
    ]
    assert domain.state() == [libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_IOERROR]
    domain.resume()
    guest.io_error("vda", action="report")
    assert domain.isActive()
    with pytest.raises(ValueError, match="no disk 'vdz'"):
        guest.io_error("vdz")
    with pytest.raises(ValueError, match="expected none, pause, report"):
        guest.io_error("vda", action="explode")


def test_its_own_will(conn: Any, held: Timeline, events: Heard) -> None:
    """It reboots, sets its clock, gives memory back, moves a tray, and powers off."""
    domain, guest = _started(conn)
    events.clear()
    guest.set_clock(90)
    guest.balloon(131072)
    guest.tray("sda", is_open=True)
    assert "tray='open'" in domain.XMLDesc()
    guest.tray("sda", is_open=False)
    assert "tray='open'" not in domain.XMLDesc()
    guest.reboot()
    guest.shutdown()
    alias = "sata0-0-0"
    assert [event for event in events.all() if event[0] != "agent"] == [
        ("rtc_change", 90),
        ("balloon_change", 131072),
        ("tray_change", alias, 0),
        ("tray_change", alias, 1),
        ("reboot",),
        ("lifecycle", 6, 1),
        ("lifecycle", 5, 0),
    ]


def test_process_dies(conn: Any, held: Timeline) -> None:
    """The domain is off, and said to have crashed."""
    domain, guest = _started(conn)
    guest.kill()
    assert domain.state() == [libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_CRASHED]


def test_what_a_guest_does_when_it_is_told(conn: Any, held: Timeline) -> None:
    """on_poweroff and on_reboot have the last word."""
    xml = _XML.format(on_crash="destroy", watchdog="reset")
    domain = conn.defineXML(xml.replace("<on_crash>", "<on_poweroff>restart</on_poweroff><on_crash>"))
    domain.create()
    guest = libvirt.host("one").domain("web")
    guest.shutdown()
    assert domain.isActive() == 1
    domain.destroy()
    domain.undefine()
    domain = conn.defineXML(xml.replace("<on_crash>", "<on_reboot>destroy</on_reboot><on_crash>"))
    domain.create()
    guest.reboot()
    assert domain.isActive() == 0


@pytest.mark.parametrize(("calls", "active"), [(("reboot", "shutdown"), 0), (("shutdown", "reboot"), 1)])
def test_what_it_is_told_last_counts(conn: Any, held: Timeline, calls: tuple[str, str], active: int) -> None:
    """A guest that is going down one way goes down the other way, if that is asked in time."""
    domain, _guest = _started(conn)
    held.advance(60)
    for call in calls:
        getattr(domain, call)()
    held.advance(60)
    assert domain.isActive() == active


def test_only_what_is_there(conn: Any) -> None:
    """No domain of that name, or one that is off, is the test's mistake."""
    conn.defineXML(_XML.format(on_crash="destroy", watchdog="reset"))
    with pytest.raises(ValueError, match="has no domain 'nope'"):
        libvirt.host("one").domain("nope").crash()
    with pytest.raises(ValueError, match="domain 'web' is off"):
        libvirt.host("one").domain("web").crash()


def test_manners_of_one_domain(conn: Any, held: Timeline) -> None:
    """They go over the host's; names that a guest does not have are refused."""
    domain, guest = _started(conn)
    guest.behave(acpi=False, agent_answers=False)
    domain.shutdownFlags(libvirt.VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN)
    held.advance(60)
    assert domain.isActive() == 1
    with pytest.raises(ValueError, match="a guest has no 'colour'"):
        guest.behave(colour="red")
    assert libvirt.host("one").guest.acpi


def test_manners_that_mean_nothing(conn: Any, held: Timeline) -> None:
    """In the metadata of a domain: libvirt's error says which."""
    inner = "<name>odd</name><metadata><guest xmlns='urn:virtkit:fake:guest' acpi='perhaps'/></metadata>"
    xml = _XML.format(on_crash="destroy", watchdog="reset").replace("<name>web</name>", inner)
    domain = conn.createXML(xml.replace("org.qemu.guest_agent.0", "other"), 0)
    with pytest.raises(libvirt.libvirtError, match="acpi='perhaps': expected yes or no"):
        domain.shutdown()
