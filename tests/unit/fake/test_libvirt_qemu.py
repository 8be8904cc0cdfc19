"""The module libvirt_qemu: the monitor's answers and events, as QEMU 7.2 was seen to give them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import libvirt_lxc, libvirt_qemu

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline

HMP = libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP


@pytest.fixture
def domain(conn: Any, held: Timeline) -> Any:
    """A domain that runs."""
    return conn.createXML(domain_xml(memory=1 << 18), 0)


def _said(domain: Any, command: str) -> Any:
    return json.loads(libvirt_qemu.qemuMonitorCommand(domain, command, 0))


def test_lines(domain: Any) -> None:
    """For people, with the monitor's line ends."""
    assert libvirt_qemu.qemuMonitorCommand(domain, "info status", HMP) == "VM status: running\r\n"
    assert libvirt_qemu.qemuMonitorCommand(domain, "stop", HMP) == ""
    assert domain.state() == [libvirt.VIR_DOMAIN_PAUSED, 0]
    assert libvirt_qemu.qemuMonitorCommand(domain, "info status", HMP) == "VM status: paused\r\n"
    assert libvirt_qemu.qemuMonitorCommand(domain, "bogus", HMP) == "unknown command: 'bogus'\r\n"
    assert libvirt_qemu.qemuMonitorCommand(domain, "info balloon", HMP) == "balloon: actual=256\r\n"


def test_json(domain: Any) -> None:
    """A reply with the number of the request; a refusal is a reply too."""
    reply = _said(domain, '{"execute": "query-status"}')
    assert reply["return"] == {"status": "running", "singlestep": False, "running": True}
    assert reply["id"].startswith("libvirt-")
    assert _said(domain, '{"execute": "query-name"}')["return"] == {"name": "web"}
    unknown = _said(domain, '{"execute": "bogus"}')["error"]
    assert unknown == {"class": "CommandNotFound", "desc": "The command bogus has not been found"}
    assert _said(domain, "{}") == {
        "error": {"class": "GenericError", "desc": "QMP input lacks member 'execute'"}
    }
    assert libvirt_qemu.qemuMonitorCommandWithFiles(domain, '{"execute": "stop"}')[1] == []
    with pytest.raises(libvirt.libvirtError, match="cannot parse json xx"):
        _said(domain, "xx")


def test_who_may_not(conn: Any, domain: Any) -> None:
    """A read-only connection, a domain that is off, the test driver."""
    other = libvirt.openReadOnly("fake:///one").lookupByName("web")
    with pytest.raises(libvirt.libvirtError, match="read only access prevents virDomainQemuMonitorCommand"):
        libvirt_qemu.qemuMonitorCommand(other, "info status", HMP)
    with pytest.raises(
        libvirt.libvirtError, match=r"unsupported flags \(0x8\) in function qemuDomainQemuMonitor"
    ):
        libvirt_qemu.qemuMonitorCommand(domain, "info status", 8)
    test = libvirt.open("test:///default").lookupByName("test")
    with pytest.raises(libvirt.libvirtError, match="virDomainQemuMonitorCommand") as caught:
        libvirt_qemu.qemuMonitorCommand(test, "info status", HMP)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_NO_SUPPORT
    with pytest.raises(libvirt.libvirtError, match="virDomainQemuAttach"):
        libvirt_qemu.qemuAttach(conn, 1, 0)
    with pytest.raises(libvirt.libvirtError, match="virDomainLxcOpenNamespace"):
        libvirt_lxc.lxcOpenNamespace(domain, 0)


def test_events(conn: Any, domain: Any) -> None:
    """What the monitor says, by name or all of it, until one does not listen any more."""
    libvirt.virEventRegisterDefaultImpl()
    everything: list[tuple[Any, ...]] = []
    stops: list[str] = []

    def hear(_conn: Any, dom: Any, event: str, _s: int, _us: int, details: str | None, opaque: Any) -> None:
        everything.append((dom.name(), event, details, opaque))

    first = libvirt_qemu.qemuMonitorEventRegister(conn, None, None, hear, "all")
    second = libvirt_qemu.qemuMonitorEventRegister(
        conn, domain, "st.p", lambda *told: stops.append(told[2]), None, 1 | 2
    )
    domain.suspend()
    domain.resume()
    domain.reset()
    domain.destroy()
    conn._events.state.dispatch()
    assert [event[:2] for event in everything] == [
        ("web", "STOP"),
        ("web", "RESUME"),
        ("web", "RESET"),
        ("web", "SHUTDOWN"),
    ]
    assert everything[-1][2:] == ('{"guest":false,"reason":"host-signal"}', "all")
    assert stops == ["STOP"]
    libvirt_qemu.qemuMonitorEventDeregister(conn, first)
    libvirt_qemu.qemuMonitorEventDeregister(conn, second)
    with pytest.raises(libvirt.libvirtError, match="not registered"):
        libvirt_qemu.qemuMonitorEventDeregister(conn, 999)


def test_installed_with_the_fake() -> None:
    """Programs that import it get it."""
    assert libvirt.modules()["libvirt_qemu"] is sys.modules["virtkit.fake.libvirt_qemu"]
    assert "libvirt_lxc" in libvirt.modules()
