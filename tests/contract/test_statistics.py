"""Statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import FRONT, Bench, Case, Refusal, named

if TYPE_CHECKING:
    from tests.contract.driver import Driver


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
