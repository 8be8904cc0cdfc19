"""Virtual CPUs: how many, which, and where they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import CONFIG, FRONT, LIVE, Bench, Case, Refusal, cpus, named, pins, shown

if TYPE_CHECKING:
    from tests.contract.driver import Driver

MAXIMUM = 4
GUEST = 8
HOTPLUGGABLE = 16

CASES = [
    Case(
        "vcpus of the definition",
        lambda d: (d.vcpusFlags(CONFIG), d.vcpusFlags(CONFIG | MAXIMUM), d.vcpusFlags(0)),
        (2, 4, 2),
    ),
    Case(
        "vcpus set in the definition",
        lambda d: (d.setVcpusFlags(3, CONFIG), d.vcpusFlags(CONFIG), shown(d, 2, "vcpu")),
        (0, 3, ["<vcpu placement='static' current='3'>4</vcpu>"]),
    ),
    Case(
        "one vcpu in the definition",
        lambda d: (d.setVcpusFlags(1, CONFIG), shown(d, 2, "vcpu")),
        (0, ["<vcpu placement='static' current='1'>4</vcpu>"]),
    ),
    Case(
        "more vcpus than the definition has",
        lambda d: d.setVcpusFlags(5, CONFIG),
        Refusal(
            8,
            "invalid argument: requested vcpus is greater than max allowable vcpus "
            "for the persistent domain: 5 > 4",
        ),
    ),
    Case(
        "no vcpu",
        lambda d: d.setVcpusFlags(0, CONFIG),
        Refusal(8, "nvcpus in virDomainSetVcpusFlags must not be zero", FRONT),
    ),
    Case(
        "hot-pluggable vcpus in the definition",
        lambda d: (d.setVcpusFlags(3, CONFIG | HOTPLUGGABLE), shown(d, 2, "vcpu")),
        (
            0,
            [
                "<vcpu placement='static' current='3'>4</vcpu>",
                "<vcpus>",
                "<vcpu id='0' enabled='yes' hotpluggable='no'/>",
                "<vcpu id='1' enabled='yes' hotpluggable='no'/>",
                "<vcpu id='2' enabled='yes' hotpluggable='yes'/>",
                "<vcpu id='3' enabled='no' hotpluggable='yes'/>",
            ],
        ),
    ),
    Case(
        "most vcpus set",
        lambda d: (d.setVcpusFlags(6, CONFIG | MAXIMUM), shown(d, 2, "vcpu")),
        (0, ["<vcpu placement='static' current='2'>6</vcpu>"]),
    ),
    Case(
        "most vcpus below the current",
        lambda d: (d.setVcpusFlags(1, CONFIG | MAXIMUM), shown(d, 2, "vcpu")),
        (0, ["<vcpu placement='static'>1</vcpu>"]),
    ),
    Case(
        "most vcpus without config",
        lambda d: d.setVcpusFlags(6, LIVE | MAXIMUM),
        Refusal(8, "Flag 'VIR_DOMAIN_AFFECT_CONFIG' is required by flag 'VIR_DOMAIN_VCPU_MAXIMUM'", FRONT),
    ),
    Case(
        "vcpus of the guest in the definition",
        lambda d: d.setVcpusFlags(2, CONFIG | GUEST),
        Refusal(
            8, "Flags 'VIR_DOMAIN_VCPU_GUEST' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive", FRONT
        ),
    ),
    Case(
        "vcpus of a domain that is off",
        lambda d: d.vcpusFlags(LIVE),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "setVcpus off",
        lambda d: d.setVcpus(2),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "maxVcpus off",
        lambda d: d.maxVcpus(),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "vcpus off",
        lambda d: d.vcpus(),
        Refusal(55, "Requested operation is not valid: cannot retrieve vcpu information for inactive domain"),
    ),
    Case(
        "one more vcpu in the definition",
        lambda d: (d.setVcpu("2", 1, CONFIG), shown(d, 2, "vcpu")),
        (
            0,
            [
                "<vcpu placement='static' current='3'>4</vcpu>",
                "<vcpus>",
                "<vcpu id='0' enabled='yes' hotpluggable='no'/>",
                "<vcpu id='1' enabled='yes' hotpluggable='no'/>",
                "<vcpu id='2' enabled='yes' hotpluggable='yes'/>",
                "<vcpu id='3' enabled='no' hotpluggable='yes'/>",
            ],
        ),
    ),
    Case(
        "one less vcpu in the definition",
        lambda d: (d.setVcpu("1", 0, CONFIG), shown(d, 2, "vcpu")),
        (
            0,
            [
                "<vcpu placement='static' current='1'>4</vcpu>",
                "<vcpus>",
                "<vcpu id='0' enabled='yes' hotpluggable='no'/>",
                "<vcpu id='1' enabled='no' hotpluggable='yes'/>",
                "<vcpu id='2' enabled='no' hotpluggable='yes'/>",
                "<vcpu id='3' enabled='no' hotpluggable='yes'/>",
            ],
        ),
    ),
    Case(
        "first vcpu off in the definition",
        lambda d: d.setVcpu("0", 0, CONFIG),
        Refusal(8, "invalid argument: vCPU '0' can't be modified"),
    ),
    Case(
        "vcpu that the definition lacks",
        lambda d: d.setVcpu("9", 1, CONFIG),
        Refusal(8, "invalid argument: vcpu 9 is not present in persistent config"),
    ),
    Case(
        "vcpu of no number",
        lambda d: d.setVcpu("x", 1, CONFIG),
        Refusal(8, "invalid argument: Failed to parse bitmap 'x'", 0),
    ),
    Case("vcpu in no state", lambda d: d.setVcpu("3", 5, CONFIG), Refusal(8, "unsupported state value")),
    Case(
        "pin in the definition",
        lambda d: (
            d.pinVcpuFlags(0, cpus(d, 0), CONFIG),
            shown(d, 2, "vcpupin"),
            pins(d.vcpuPinInfo(CONFIG)),
        ),
        (0, ["<vcpupin vcpu='0' cpuset='0'/>"], [[0], "all"]),
    ),
    Case(
        "pin of a vcpu that is not on",
        lambda d: d.pinVcpuFlags(9, cpus(d, 0), CONFIG),
        Refusal(8, "invalid argument: vcpu 9 is out of range of persistent cpu count 2"),
    ),
    Case(
        "pin to nothing",
        lambda d: d.pinVcpuFlags(0, cpus(d), CONFIG),
        Refusal(8, "invalid argument: Empty cpu list for pinning"),
    ),
    Case(
        "live pin to nothing",
        lambda d: (d.pinVcpu(0, cpus(d)), d.vcpus()[0][0][3], pins(d.vcpus()[1])),
        Refusal(8, "invalid argument: Empty cpu list for pinning"),
        runs=True,
    ),
    Case(
        "pin off",
        lambda d: d.pinVcpu(0, cpus(d, 0)),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "pin by a list",
        lambda d: d.pinVcpuFlags(0, [True], CONFIG),
        "TypeError: Unexpected type, tuple is required",
    ),
    Case(
        "pins of a domain that is off",
        lambda d: d.vcpuPinInfo(LIVE),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "emulator pin in the definition",
        lambda d: (
            d.pinEmulator(cpus(d, 0), CONFIG),
            shown(d, 2, "emulatorpin"),
            pins([d.emulatorPinInfo(CONFIG)]),
        ),
        (0, ["<emulatorpin cpuset='0'/>"], [[0]]),
    ),
    Case(
        "emulator pin to nothing",
        lambda d: d.pinEmulator(cpus(d), CONFIG),
        Refusal(8, "invalid argument: Empty cpu list for pinning"),
    ),
    Case(
        "vcpus running",
        lambda d: (d.vcpusFlags(LIVE), d.vcpusFlags(LIVE | MAXIMUM), d.maxVcpus(), len(d.vcpus()[0])),
        (2, 4, 4, 2),
        runs=True,
    ),
    Case(
        "vcpu plugged",
        lambda d: (d.setVcpusFlags(3, LIVE), d.vcpusFlags(LIVE), shown(d, 0, "vcpu"), d.vcpusFlags(CONFIG)),
        (
            0,
            3,
            [
                "<vcpu placement='static' current='3'>4</vcpu>",
                "<vcpus>",
                "<vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>",
                "<vcpu id='1' enabled='yes' hotpluggable='no' order='2'/>",
                "<vcpu id='2' enabled='yes' hotpluggable='yes' order='3'/>",
                "<vcpu id='3' enabled='no' hotpluggable='yes'/>",
            ],
            2,
        ),
        runs=True,
    ),
    Case(
        "vcpus to unplug",
        lambda d: d.setVcpusFlags(1, LIVE),
        Refusal(
            67,
            "unsupported configuration: failed to find appropriate hotpluggable "
            "vcpus to reach the desired target vcpu count",
        ),
        runs=True,
    ),
    Case(
        "more vcpus than there can be",
        lambda d: d.setVcpusFlags(5, LIVE),
        Refusal(
            8,
            "invalid argument: requested vcpus is greater than max allowable vcpus "
            "for the live domain: 5 > 4",
        ),
        runs=True,
    ),
    Case(
        "vcpus of the guest without agent",
        lambda d: d.setVcpusFlags(2, LIVE | GUEST),
        Refusal(74, "argument unsupported: QEMU guest agent is not configured"),
        runs=True,
    ),
    Case(
        "third vcpu plugged",
        lambda d: (d.setVcpu("3", 1, LIVE), shown(d, 0, "vcpu ")),
        (
            0,
            [
                "<vcpu placement='static' current='3'>4</vcpu>",
                "<vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>",
                "<vcpu id='1' enabled='yes' hotpluggable='no' order='2'/>",
                "<vcpu id='2' enabled='no' hotpluggable='yes'/>",
                "<vcpu id='3' enabled='yes' hotpluggable='yes' order='3'/>",
            ],
        ),
        runs=True,
    ),
    Case(
        "first vcpu unplugged",
        lambda d: d.setVcpu("0", 0, LIVE),
        Refusal(84, "Operation not supported: vcpu '0' can't be unplugged"),
        runs=True,
    ),
    Case(
        "vcpu that there is not",
        lambda d: d.setVcpu("9", 1, LIVE),
        Refusal(8, "invalid argument: vcpu 9 is not present in live config"),
        runs=True,
    ),
    Case(
        "vcpu plugged twice",
        lambda d: (d.setVcpu("2", 1, LIVE), d.setVcpu("2-3", 1, LIVE)),
        Refusal(8, "invalid argument: vcpu '2' is already in requested state"),
        runs=True,
    ),
    Case(
        "pin running",
        lambda d: (d.pinVcpuFlags(1, cpus(d, 0, 1), LIVE), shown(d, 0, "vcpupin"), shown(d, 2, "vcpupin")),
        (0, ["<vcpupin vcpu='1' cpuset='0-1'/>"], []),
        runs=True,
    ),
    Case("pin of a later vcpu", lambda d: d.pinVcpuFlags(3, cpus(d, 0), LIVE), 0, runs=True),
    Case(
        "pin of both",
        lambda d: (
            d.pinVcpuFlags(0, cpus(d, 0), LIVE | CONFIG),
            shown(d, 0, "vcpupin"),
            shown(d, 2, "vcpupin"),
        ),
        (0, ["<vcpupin vcpu='0' cpuset='0'/>"], ["<vcpupin vcpu='0' cpuset='0'/>"]),
        runs=True,
    ),
    Case(
        "pins of both",
        lambda d: d.vcpuPinInfo(LIVE | CONFIG),
        Refusal(
            8, "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive", FRONT
        ),
        runs=True,
    ),
    Case(
        "emulator pin running",
        lambda d: (
            d.pinEmulator(cpus(d, 0), LIVE),
            shown(d, 0, "emulatorpin"),
            pins([d.emulatorPinInfo(LIVE)]),
        ),
        (0, ["<emulatorpin cpuset='0'/>"], [[0]]),
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
