"""How much memory a domain has, and what limits it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import CONFIG, FRONT, LIVE, Bench, Case, Refusal, named, shown

if TYPE_CHECKING:
    from tests.contract.driver import Driver

MAXIMUM = 4

CASES = [
    Case(
        "memory of the definition",
        lambda d: (
            d.maxMemory(),
            d.info()[1:3],
            d.setMemoryFlags(32768, CONFIG),
            d.info()[1:3],
            shown(d, 2, "memory ", "currentMemory"),
        ),
        (
            65536,
            [65536, 65536],
            0,
            [65536, 32768],
            ["<memory unit='KiB'>65536</memory>", "<currentMemory unit='KiB'>32768</currentMemory>"],
        ),
    ),
    Case(
        "more memory than there can be",
        lambda d: d.setMemoryFlags(999999, CONFIG),
        Refusal(8, "invalid argument: cannot set memory higher than max memory"),
    ),
    Case(
        "no memory",
        lambda d: d.setMemoryFlags(0, CONFIG),
        Refusal(8, "memory in virDomainSetMemoryFlags must not be zero", FRONT),
    ),
    Case(
        "most memory in the definition",
        lambda d: (d.setMemoryFlags(131072, CONFIG | MAXIMUM), shown(d, 2, "memory ", "currentMemory")),
        (0, ["<memory unit='KiB'>131072</memory>", "<currentMemory unit='KiB'>65536</currentMemory>"]),
    ),
    Case(
        "most memory below the current",
        lambda d: (d.setMemoryFlags(16384, CONFIG | MAXIMUM), shown(d, 2, "memory ", "currentMemory")),
        (0, ["<memory unit='KiB'>16384</memory>", "<currentMemory unit='KiB'>16384</currentMemory>"]),
    ),
    Case("setMaxMemory off", lambda d: (d.setMaxMemory(200000), d.maxMemory()), (0, 200000)),
    Case(
        "setMemory off",
        lambda d: d.setMemory(50000),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "memory of a domain that is off",
        lambda d: d.setMemoryFlags(50000, LIVE),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "statistics of memory off",
        lambda d: d.memoryStats(),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "period in the definition",
        lambda d: (d.setMemoryStatsPeriod(5, CONFIG), shown(d, 2, "stats")),
        (0, ["<stats period='5'/>"]),
    ),
    Case(
        "period off again",
        lambda d: (
            d.setMemoryStatsPeriod(5, CONFIG),
            d.setMemoryStatsPeriod(0, CONFIG),
            shown(d, 2, "stats"),
        ),
        (0, 0, []),
    ),
    Case(
        "period below nothing",
        lambda d: d.setMemoryStatsPeriod(-1, CONFIG),
        Refusal(8, "period in virDomainSetMemoryStatsPeriod must be zero or greater", FRONT),
    ),
    Case(
        "tuning of memory",
        lambda d: d.memoryParameters(CONFIG),
        {"hard_limit": 9007199254740991, "soft_limit": 9007199254740991, "swap_hard_limit": 9007199254740991},
    ),
    Case(
        "hard limit",
        lambda d: (d.setMemoryParameters({"hard_limit": 2000000}, CONFIG), shown(d, 2, "hard_limit")),
        (0, ["<hard_limit unit='KiB'>2000000</hard_limit>"]),
    ),
    Case(
        "swap below the hard limit",
        lambda d: d.setMemoryParameters({"soft_limit": 100000, "swap_hard_limit": 3000000}, CONFIG),
        Refusal(
            8,
            "invalid argument: memory hard_limit tunable value must be lower than "
            "or equal to swap_hard_limit",
            FRONT,
        ),
    ),
    Case(
        "soft limit",
        lambda d: (d.setMemoryParameters({"soft_limit": 100000}, CONFIG), shown(d, 2, "soft_limit")),
        (0, ["<soft_limit unit='KiB'>100000</soft_limit>"]),
    ),
    Case(
        "hard limit above swap",
        lambda d: d.setMemoryParameters({"hard_limit": 4000000, "swap_hard_limit": 3000000}, CONFIG),
        Refusal(
            8,
            "invalid argument: memory hard_limit tunable value must be lower than "
            "or equal to swap_hard_limit",
            FRONT,
        ),
    ),
    Case(
        "limit below nothing",
        lambda d: d.setMemoryParameters({"hard_limit": -1}, CONFIG),
        "OverflowError: can't convert negative int to unsigned",
    ),
    Case(
        "limit of nothing known",
        lambda d: d.setMemoryParameters({"nope": 1}, CONFIG),
        'LookupError: Attribute name "nope" could not be recognized',
    ),
    Case(
        "limits of nothing",
        lambda d: d.setMemoryParameters({}, CONFIG),
        "LookupError: Need non-empty dictionary to set attributes",
    ),
    Case("NUMA of the definition", lambda d: d.numaParameters(CONFIG), {"numa_mode": 0, "numa_nodeset": ""}),
    Case(
        "NUMA nodes set",
        lambda d: (
            d.setNumaParameters({"numa_nodeset": "0"}, CONFIG),
            shown(d, 2, "memory mode"),
            d.numaParameters(CONFIG),
        ),
        (0, ["<memory mode='strict' nodeset='0'/>"], {"numa_mode": 0, "numa_nodeset": "0"}),
    ),
    Case(
        "NUMA mode of no kind",
        lambda d: d.setNumaParameters({"numa_mode": 9}, CONFIG),
        Refusal(8, "invalid argument: unsupported numatune mode: '9'"),
    ),
    Case(
        "NUMA nodes of no number",
        lambda d: d.setNumaParameters({"numa_nodeset": "x"}, CONFIG),
        Refusal(8, "invalid argument: Failed to parse bitmap 'x'", 0),
    ),
    Case(
        "more memory than is there",
        lambda d: d.setMemoryFlags(999999, LIVE),
        Refusal(8, "invalid argument: cannot set memory higher than max memory"),
        runs=True,
    ),
    Case(
        "most memory running",
        lambda d: d.setMemoryFlags(131072, LIVE | MAXIMUM),
        Refusal(55, "Requested operation is not valid: cannot resize the maximum memory on an active domain"),
        runs=True,
    ),
    Case(
        "setMaxMemory running",
        lambda d: d.setMaxMemory(200000),
        Refusal(55, "Requested operation is not valid: cannot resize the maximum memory on an active domain"),
        runs=True,
    ),
    Case(
        "memory of both",
        lambda d: (d.setMemoryFlags(40000, LIVE | CONFIG), shown(d, 2, "currentMemory")),
        (0, ["<currentMemory unit='KiB'>40000</currentMemory>"]),
        runs=True,
    ),
    Case(
        "period running",
        lambda d: (d.setMemoryStatsPeriod(5, LIVE), shown(d, 0, "stats"), shown(d, 2, "stats")),
        (0, ["<stats period='5'/>"], []),
        runs=True,
    ),
    Case(
        "NUMA nodes running",
        lambda d: d.numaParameters(LIVE),
        {"numa_mode": 0, "numa_nodeset": ""},
        runs=True,
    ),
    Case(
        "parameters of both",
        lambda d: d.memoryParameters(LIVE | CONFIG),
        Refusal(
            8, "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive", FRONT
        ),
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
