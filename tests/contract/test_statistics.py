"""Statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import FRONT, Bench, Case, Refusal, named
from tests.contract.differences import expected

if TYPE_CHECKING:
    from tests.contract.driver import Driver


STATE, ENFORCE, BACKING = 1, 1 << 31, 1 << 30
_DISK = (
    ["backingIndex", "name", "path", "capacity", "allocation", "physical"]
    + [f"{way}.{counted}" for way in ("rd", "wr") for counted in ("bytes", "reqs", "times")]
    + ["fl.reqs", "fl.times"]
)
_POLLING = ("poll-grow", "poll-max-ns", "poll-shrink")
GROUPS = {
    "state": (STATE, ["state.reason", "state.state"]),
    "cpu": (
        2,
        [
            "cpu.cache.monitor.count",
            "cpu.haltpoll.fail.time",
            "cpu.haltpoll.success.time",
            "cpu.system",
            "cpu.time",
            "cpu.user",
        ],
    ),
    "balloon": (4, ["balloon.current", "balloon.last-update", "balloon.maximum", "balloon.rss"]),
    "vcpu": (
        8,
        [f"vcpu.{number}.{name}" for number in range(2) for name in ("delay", "state", "time", "wait")]
        + ["vcpu.current", "vcpu.maximum"],
    ),
    "interface": (16, ["net.count"]),
    "block": (32, [*sorted(f"block.0.{name}" for name in _DISK), "block.count"]),
    "perf": (64, []),
    "iothread": (
        128,
        [f"iothread.{number}.{name}" for number in (1, 2) for name in _POLLING] + ["iothread.count"],
    ),
    "memory": (256, []),
    "dirtyrate": (512, [f"dirtyrate.calc_{name}" for name in ("mode", "period", "start_time", "status")]),
}

CASES = [
    Case(
        "block counters",
        lambda d: [type(one).__name__ for one in d.blockStats("vda")],
        ["int", "int", "int", "int", "int"],
        runs=True,
    ),
    Case("block counters of all disks", lambda d: len(d.blockStats("")), 5, runs=True),
    Case(
        "block counters of no disk",
        lambda d: d.blockStats("vdz"),
        Refusal(8, "invalid argument: invalid path: vdz"),
        runs=True,
    ),
    Case(
        "more block counters",
        lambda d: sorted(d.blockStatsFlags("vda")),
        [
            "flush_operations",
            "flush_total_times",
            "rd_bytes",
            "rd_operations",
            "rd_total_times",
            "wr_bytes",
            "wr_operations",
            "wr_total_times",
        ],
        runs=True,
    ),
    Case(
        "more block counters of no disk",
        lambda d: d.blockStatsFlags("vdz"),
        Refusal(8, "invalid argument: invalid path: vdz"),
        runs=True,
    ),
    Case(
        "interface counters of no interface",
        lambda d: d.interfaceStats("nope"),
        Refusal(8, "invalid argument: 'nope' is not a known interface", FRONT),
        runs=True,
    ),
    Case(
        "block counters off",
        lambda d: d.blockStats("vda"),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "more block counters off",
        lambda d: d.blockStatsFlags("vda"),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "interface counters off",
        lambda d: d.interfaceStats("52:54:00:00:00:01"),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "cpu time off",
        lambda d: d.getCPUStats(True),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "dirty rate off",
        lambda d: d.startDirtyRateCalc(1),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "dirty rate of no time",
        lambda d: d.startDirtyRateCalc(0),
        Refusal(67, "unsupported configuration: seconds=0 is invalid, please choose value within [1, 60]."),
        runs=True,
    ),
    Case(
        "dirty rate of too long",
        lambda d: d.startDirtyRateCalc(61),
        Refusal(67, "unsupported configuration: seconds=61 is invalid, please choose value within [1, 60]."),
        runs=True,
    ),
]


@pytest.fixture
def bench(driver: Driver, conn: Any) -> Bench:
    """Domains with vCPUs, I/O threads, a disk and an interface."""
    return Bench(driver, conn)


@pytest.mark.parametrize(**named(CASES))
def test_answers(bench: Bench, case: Case) -> None:
    """Each call is answered as libvirt answers it, and changes what it says."""
    bench.check(case, bench.domain(runs=case.runs))


def _names(conn: Any, domain: Any, groups: int, flags: int = 0) -> list[str]:
    [(_, found)] = conn.domainListGetStats([domain], groups, flags)
    return sorted(found)


@pytest.mark.parametrize("group", GROUPS)
def test_names_of_a_group(driver: Driver, conn: Any, bench: Bench, group: str) -> None:
    """A running domain's counters are named as libvirt names them."""
    number, names = GROUPS[group]
    wanted = names if number == STATE else expected(driver, "statistics", names)
    assert _names(conn, bench.domain(runs=True), number) == wanted


def test_all_groups_at_once(conn: Any, bench: Bench) -> None:
    """None asked for is all of them."""
    domain = bench.domain(runs=True)
    single = [name for number, _ in GROUPS.values() for name in _names(conn, domain, number)]
    assert _names(conn, domain, 0) == sorted(single)


def test_an_image_of_no_chain(driver: Driver, conn: Any, bench: Bench) -> None:
    """The chain of a raw image is the image."""
    wanted = expected(driver, "statistics", GROUPS["block"][1])
    assert _names(conn, bench.domain(runs=True), 32, BACKING) == wanted


def test_groups_that_nobody_has(driver: Driver, bench: Bench) -> None:
    """They are passed over, or refused if that is wished."""
    domain = bench.domain(runs=True)
    assert _names(bench.conn, domain, 1 << 20) == []
    answer = bench.ask(lambda one: _names(bench.conn, one, 1 << 20, ENFORCE), domain)
    text = "argument unsupported: Stats types bits 0x100000 are not supported by this daemon or QEMU"
    assert answer == Refusal(74, expected(driver, "statistics of nobody", text))


def test_statistics_of_no_domain(bench: Bench) -> None:
    """They are refused."""
    text = "invalid argument: doms array in virDomainListGetStats must contain at least one domain"
    assert bench.ask(lambda _: bench.conn.domainListGetStats([], STATE), None) == Refusal(8, text, FRONT)


@pytest.mark.parametrize(
    ("name", "found"), [("ACTIVE", 1), ("INACTIVE", 0), ("PERSISTENT", 1), ("TRANSIENT", 0)]
)
def test_statistics_of_some_kind_only(driver: Driver, bench: Bench, name: str, found: int) -> None:
    """Filters hold for domains that are named, too."""
    domain = bench.domain(runs=True)
    flags = driver.constant(f"CONNECT_GET_ALL_DOMAINS_STATS_{name}")
    assert len(bench.conn.domainListGetStats([domain], STATE, flags)) == found


def test_states_that_are_told(bench: Bench) -> None:
    """Running, paused, off, each with its reason."""
    domain = bench.domain(runs=True)
    seen = []
    for change in (lambda: None, domain.suspend, domain.destroy):
        change()
        [(_, found)] = bench.conn.domainListGetStats([domain], STATE)
        seen.append((found["state.state"], found["state.reason"]))
    assert seen == [(1, 1), (3, 1), (5, 2)]


def test_statistics_of_all_domains(bench: Bench) -> None:
    """Each domain comes with its own."""
    domain = bench.domain(runs=True)
    told = {one.name(): found for one, found in bench.conn.getAllDomainStats(STATE)}
    assert told[domain.name()] == {"state.state": 1, "state.reason": 1}
