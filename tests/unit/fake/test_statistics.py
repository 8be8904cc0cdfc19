"""Counters follow the clock, and are the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import virtkit.fake as libvirt
from virtkit import clock

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline

_XML = """
<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory><vcpu>2</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os>
<devices><disk type='file'><source file='/disk.img'/><target dev='vda' bus='virtio'/></disk>
<interface type='network'><source network='default'/></interface></devices></domain>
"""
_RISING = ("cpu.time", "vcpu.0.time", "block.0.rd.bytes", "block.0.wr.reqs", "net.0.rx.bytes")


def _started(conn: Any, name: str = "web") -> Any:
    domain = conn.defineXML(_XML.format(name=name))
    domain.create()
    return domain


def _counters(conn: Any, name: str = "web") -> dict[str, Any]:
    found: dict[str, Any] = {one.name(): values for one, values in conn.getAllDomainStats()}[name]
    return found


def test_counters_rise_with_the_clock(conn: Any, held: Timeline) -> None:
    """And stand still with it."""
    _started(conn)
    held.advance(10)
    before = _counters(conn)
    assert _counters(conn) == before
    held.advance(10)
    after = _counters(conn)
    assert all(after[name] > before[name] for name in _RISING)


def test_a_paused_guest_uses_nothing(conn: Any, held: Timeline) -> None:
    """Its counters stand still; they go on from there when it does."""
    domain = _started(conn)
    held.advance(10)
    domain.suspend()
    before = _counters(conn)
    held.advance(100)
    after = _counters(conn)
    assert [after[name] for name in _RISING] == [before[name] for name in _RISING]
    domain.resume()
    held.advance(10)
    assert _counters(conn)["cpu.time"] < before["cpu.time"] * 3


def test_counters_begin_again_with_each_start(conn: Any, held: Timeline) -> None:
    """A new process has used nothing yet."""
    domain = _started(conn)
    held.advance(1000)
    before = _counters(conn)
    domain.destroy()
    domain.create()
    held.advance(10)
    assert _counters(conn)["cpu.time"] < before["cpu.time"]


def test_the_same_history_has_the_same_counters() -> None:
    """On another host, at another time."""
    seen = []
    for host in ("one", "two"):
        with clock.use(clock.VirtualClock()) as held:
            conn = libvirt.open(f"fake:///{host}")
            _started(conn)
            held.advance(42)
            seen.append(_counters(conn))
    assert seen[0] == seen[1]


def test_all_calls_tell_the_same(conn: Any, held: Timeline) -> None:
    """info(), blockStats(), interfaceStats() and the statistics of all domains agree."""
    domain = _started(conn)
    held.advance(10)
    found = _counters(conn)
    assert domain.info()[4] == found["cpu.time"]
    reads, read, writes, written, _ = domain.blockStats("vda")
    assert [reads, read, writes, written] == [
        found[f"block.0.{name}"] for name in ("rd.reqs", "rd.bytes", "wr.reqs", "wr.bytes")
    ]
    received = domain.interfaceStats(found["net.0.name"])[0]
    assert received == found["net.0.rx.bytes"]


def test_many_domains_are_told_in_one_call(conn: Any, held: Timeline) -> None:
    """Each with its own counters."""
    for number in range(50):
        _started(conn, f"web{number}")
        held.advance(1)
    times = [values["cpu.time"] for _, values in conn.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_CPU_TOTAL)]
    assert len(times) == 50
    assert len(set(times)) == 50


def test_dirty_rate_is_measured_when_its_time_is_over(conn: Any, held: Timeline) -> None:
    """Until then it is being measured."""
    domain = _started(conn)
    group = libvirt.VIR_DOMAIN_STATS_DIRTYRATE
    statuses = []
    domain.startDirtyRateCalc(2)
    for _ in range(2):
        statuses.append(conn.domainListGetStats([domain], group)[0][1]["dirtyrate.calc_status"])
        held.advance(3)
    assert statuses == [libvirt.VIR_DOMAIN_DIRTYRATE_MEASURING, libvirt.VIR_DOMAIN_DIRTYRATE_MEASURED]
