"""Tuning parameters, and I/O threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import CONFIG, FRONT, LIVE, Bench, Case, Refusal, cpus, named, shown
from tests.contract.differences import expected
from tests.contract.plugging import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver


CASES = [
    Case(
        "weight",
        lambda d: (d.setBlkioParameters({"weight": 500}, CONFIG), shown(d, 2, "weight")),
        (0, ["<weight>500</weight>"]),
    ),
    Case(
        "tuning of blocks",
        lambda d: d.blkioParameters(CONFIG),
        {
            "weight": 0,
            "device_weight": "",
            "device_read_iops_sec": "",
            "device_write_iops_sec": "",
            "device_read_bytes_sec": "",
            "device_write_bytes_sec": "",
        },
    ),
    Case(
        "weights of devices",
        lambda d: (
            d.setBlkioParameters({"device_weight": "/dev/sda,300,/dev/sdb,0"}, CONFIG),
            d.blkioParameters(CONFIG)["device_weight"],
        ),
        (0, "/dev/sda,300"),
    ),
    Case(
        "weight of no number",
        lambda d: d.setBlkioParameters({"device_weight": "/dev/sda,x"}, CONFIG),
        Refusal(
            8, "invalid argument: invalid value 'x' for parameter 'device_weight' of device '/dev/sda'", FRONT
        ),
    ),
    Case(
        "weight of no device",
        lambda d: d.setBlkioParameters({"device_weight": "/dev/sda"}, CONFIG),
        Refusal(8, "invalid argument: unable to parse blkio device 'device_weight' '/dev/sda'", FRONT),
    ),
    Case(
        "block tuning of nothing known",
        lambda d: d.setBlkioParameters({"nope": 1}, CONFIG),
        'LookupError: Attribute name "nope" could not be recognized',
    ),
    Case(
        "block tuning of a text",
        lambda d: d.setBlkioParameters({"weight": "a"}, CONFIG),
        "TypeError: an integer is required",
    ),
    Case("scheduler", lambda d: d.schedulerType(), ("posix", 9)),
    Case(
        "scheduling",
        lambda d: sorted(d.schedulerParametersFlags(CONFIG)),
        [
            "cpu_shares",
            "emulator_period",
            "emulator_quota",
            "global_period",
            "global_quota",
            "iothread_period",
            "iothread_quota",
            "vcpu_period",
            "vcpu_quota",
        ],
    ),
    Case(
        "shares",
        lambda d: (d.setSchedulerParametersFlags({"cpu_shares": 2048}, CONFIG), shown(d, 2, "shares")),
        (0, ["<shares>2048</shares>"]),
    ),
    Case(
        "period and quota",
        lambda d: (
            d.setSchedulerParametersFlags({"vcpu_period": 50000, "vcpu_quota": 20000}, CONFIG),
            shown(d, 2, "period", "quota"),
        ),
        (0, ["<period>50000</period>", "<quota>20000</quota>"]),
    ),
    Case(
        "period out of range",
        lambda d: d.setSchedulerParametersFlags({"vcpu_period": 5}, CONFIG),
        Refusal(8, "invalid argument: value of 'vcpu_period' is out of range [1000, 1000000]"),
    ),
    Case(
        "quota out of range",
        lambda d: d.setSchedulerParametersFlags({"vcpu_quota": 5}, CONFIG),
        Refusal(8, "invalid argument: value of 'vcpu_quota' is out of range [1000, 17592186044415]"),
    ),
    Case(
        "scheduling of nothing known",
        lambda d: d.setSchedulerParametersFlags({"nope": 5}, CONFIG),
        'LookupError: Attribute name "nope" could not be recognized',
    ),
    Case(
        "throttle of the definition",
        lambda d: d.blockIoTune("vda", CONFIG),
        {
            "total_bytes_sec": 0,
            "read_bytes_sec": 0,
            "write_bytes_sec": 0,
            "total_iops_sec": 0,
            "read_iops_sec": 0,
            "write_iops_sec": 0,
            "total_bytes_sec_max": 0,
            "read_bytes_sec_max": 0,
            "write_bytes_sec_max": 0,
            "total_iops_sec_max": 0,
            "read_iops_sec_max": 0,
            "write_iops_sec_max": 0,
            "size_iops_sec": 0,
            "group_name": "",
            "total_bytes_sec_max_length": 0,
            "read_bytes_sec_max_length": 0,
            "write_bytes_sec_max_length": 0,
            "total_iops_sec_max_length": 0,
            "read_iops_sec_max_length": 0,
            "write_iops_sec_max_length": 0,
        },
    ),
    Case(
        "throttle",
        lambda d: (
            d.setBlockIoTune("vda", {"total_bytes_sec": 1000000}, CONFIG),
            shown(d, 2, "total_"),
            d.blockIoTune("vda", CONFIG)["total_bytes_sec"],
        ),
        (0, ["<total_bytes_sec>1000000</total_bytes_sec>"], 1000000),
    ),
    Case(
        "throttles of total and one way",
        lambda d: d.setBlockIoTune("vda", {"total_bytes_sec": 5, "read_bytes_sec": 5}, CONFIG),
        Refusal(8, "invalid argument: total and read/write of bytes_sec cannot be set at the same time"),
    ),
    Case(
        "throttle of no disk",
        lambda d: d.setBlockIoTune("vdz", {"total_bytes_sec": 1}, CONFIG),
        Refusal(8, "invalid argument: missing persistent configuration for disk 'vdz'"),
    ),
    Case(
        "throttle beyond all",
        lambda d: d.setBlockIoTune("vda", {"total_bytes_sec": 10**18}, CONFIG),
        Refusal(
            74, "argument unsupported: block I/O throttle limit value must be no more than 1000000000000000"
        ),
    ),
    Case(
        "throttle of nothing known",
        lambda d: d.setBlockIoTune("vda", {"nope": 0}, CONFIG),
        Refusal(74, "argument unsupported: parameter 'nope' not supported", 0),
    ),
    Case(
        "throttle read of no disk",
        lambda d: d.blockIoTune("vdz", CONFIG),
        Refusal(8, "invalid argument: disk 'vdz' was not found in the domain config"),
    ),
    Case(
        "throttle by its source",
        lambda d: (d.setBlockIoTune("/etc/passwd", {"total_iops_sec": 40}, CONFIG), shown(d, 2, "total_")),
        (0, ["<total_iops_sec>40</total_iops_sec>"]),
    ),
    Case(
        "throttle group",
        lambda d: (
            d.setBlockIoTune("vda", {"group_name": "g", "total_iops_sec": 40}, CONFIG),
            shown(d, 2, "total_", "group"),
        ),
        (0, ["<total_iops_sec>40</total_iops_sec>", "<group_name>g</group_name>"]),
    ),
    Case(
        "bandwidth of the definition",
        lambda d: d.interfaceParameters("52:54:00:00:00:01", CONFIG),
        {
            "inbound.average": 0,
            "inbound.peak": 0,
            "inbound.burst": 0,
            "inbound.floor": 0,
            "outbound.average": 0,
            "outbound.peak": 0,
            "outbound.burst": 0,
        },
    ),
    Case(
        "bandwidth of no interface",
        lambda d: d.interfaceParameters("nope", CONFIG),
        Refusal(8, "invalid argument: 'nope' is not a known interface", FRONT),
    ),
    Case(
        "bandwidth that this kind has not",
        lambda d: d.setInterfaceParameters("52:54:00:00:00:01", {"inbound.average": 1000}, CONFIG),
        Refusal(
            67,
            "unsupported configuration: setting bandwidth on interfaces of type "
            "'user' is not implemented yet",
        ),
    ),
    Case(
        "counters of the definition",
        lambda d: sorted(d.perfEvents(CONFIG)),
        [
            "alignment_faults",
            "branch_instructions",
            "branch_misses",
            "bus_cycles",
            "cache_misses",
            "cache_references",
            "cmt",
            "context_switches",
            "cpu_clock",
            "cpu_cycles",
            "cpu_migrations",
            "emulation_faults",
            "instructions",
            "mbml",
            "mbmt",
            "page_faults",
            "page_faults_maj",
            "page_faults_min",
            "ref_cpu_cycles",
            "stalled_cycles_backend",
            "stalled_cycles_frontend",
            "task_clock",
        ],
    ),
    Case(
        "counter on",
        lambda d: (d.setPerfEvents({"cpu_cycles": True, "cmt": False}, CONFIG), shown(d, 2, "event")),
        (0, ["<event name='cmt' enabled='no'/>", "<event name='cpu_cycles' enabled='yes'/>"]),
    ),
    Case(
        "counter of nothing known",
        lambda d: d.setPerfEvents({"nope": True}, CONFIG),
        'LookupError: Attribute name "nope" could not be recognized',
    ),
    Case(
        "errors of disks off",
        lambda d: d.diskErrors(),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "I/O threads of the definition",
        lambda d: sorted(number for number, _ in d.ioThreadInfo(CONFIG)),
        [1, 2],
    ),
    Case(
        "I/O thread added",
        lambda d: (d.addIOThread(5, CONFIG), shown(d, 2, "iothread")),
        (
            0,
            [
                "<iothreads>3</iothreads>",
                "<iothreadids>",
                "<iothread id='1'/>",
                "<iothread id='2'/>",
                "<iothread id='5'/>",
            ],
        ),
    ),
    Case(
        "I/O thread added twice",
        lambda d: d.addIOThread(1, CONFIG),
        Refusal(8, "invalid argument: an IOThread is already using iothread_id '1'", FRONT),
    ),
    Case(
        "I/O thread of no number",
        lambda d: d.addIOThread(0, CONFIG),
        Refusal(8, "invalid argument: invalid value of 0 for iothread_id"),
    ),
    Case(
        "I/O thread removed",
        lambda d: (d.delIOThread(2, CONFIG), shown(d, 2, "iothread")),
        (0, ["<iothreads>1</iothreads>"]),
    ),
    Case(
        "I/O thread removed that is not there",
        lambda d: d.delIOThread(9, CONFIG),
        Refusal(8, "invalid argument: cannot find IOThread '9' in iothreadids list", FRONT),
    ),
    Case(
        "I/O thread pinned",
        lambda d: (d.pinIOThread(1, cpus(d, 0), CONFIG), shown(d, 2, "iothreadpin")),
        (0, ["<iothreadpin iothread='1' cpuset='0'/>"]),
    ),
    Case(
        "I/O thread pinned that is not there",
        lambda d: d.pinIOThread(9, cpus(d, 0), CONFIG),
        Refusal(8, "invalid argument: iothreadid 9 not found"),
    ),
    Case(
        "I/O thread pinned to nothing",
        lambda d: d.pinIOThread(1, cpus(d), CONFIG),
        Refusal(8, "invalid argument: Empty iothread cpumap list for pinning"),
    ),
    Case(
        "I/O thread's pool",
        lambda d: (
            d.setIOThreadParams(1, {"thread_pool_min": 2, "thread_pool_max": 8}, CONFIG),
            shown(d, 2, "iothread "),
        ),
        (0, ["<iothread id='1' thread_pool_min='2' thread_pool_max='8'/>", "<iothread id='2'/>"]),
    ),
    Case(
        "I/O thread's pool the wrong way round",
        lambda d: d.setIOThreadParams(1, {"thread_pool_min": 4, "thread_pool_max": 1}, CONFIG),
        Refusal(
            55,
            "Requested operation is not valid: thread_pool_min (4) can't be greater than thread_pool_max (1)",
        ),
    ),
    Case(
        "I/O thread's polling in the definition",
        lambda d: d.setIOThreadParams(1, {"poll_max_ns": 1000}, CONFIG),
        Refusal(84, "Operation not supported: configuring persistent polling values is not supported"),
    ),
    Case(
        "I/O threads running",
        lambda d: sorted(number for number, _ in d.ioThreadInfo(LIVE)),
        [1, 2],
        runs=True,
    ),
    Case(
        "I/O thread plugged",
        lambda d: (d.addIOThread(5, LIVE), shown(d, 0, "iothread"), shown(d, 2, "iothread")),
        (
            0,
            [
                "<iothreads>3</iothreads>",
                "<iothreadids>",
                "<iothread id='1'/>",
                "<iothread id='2'/>",
                "<iothread id='5'/>",
            ],
            ["<iothreads>2</iothreads>"],
        ),
        runs=True,
    ),
    Case(
        "I/O thread unplugged",
        lambda d: (d.delIOThread(2, LIVE), shown(d, 0, "iothreads")),
        (0, ["<iothreads>1</iothreads>"]),
        runs=True,
    ),
    Case("I/O thread's polling", lambda d: d.setIOThreadParams(1, {"poll_max_ns": 1000}, LIVE), 0, runs=True),
    Case(
        "throttle running",
        lambda d: (
            d.setBlockIoTune("vda", {"total_bytes_sec": 1000000}, LIVE),
            shown(d, 0, "total_"),
            shown(d, 2, "total_"),
        ),
        (0, ["<total_bytes_sec>1000000</total_bytes_sec>"], []),
        runs=True,
    ),
    Case(
        "throttle's burst below it",
        lambda d: d.setBlockIoTune("vda", {"total_iops_sec_max": 5, "total_iops_sec": 50}, LIVE),
        Refusal(
            67,
            "unsupported configuration: value 'total_iops_sec_max' cannot be smaller than 'total_iops_sec'",
        ),
        runs=True,
    ),
    Case("errors of disks", lambda d: d.diskErrors(), {}, runs=True),
    Case(
        "parameters of throttles of both",
        lambda d: d.blockIoTune("vda", LIVE | CONFIG),
        Refusal(
            8, "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive", FRONT
        ),
        runs=True,
    ),
    Case("launch security", lambda d: d.launchSecurityInfo(), {}, runs=True),
]


@pytest.fixture
def bench(driver: Driver, conn: Any) -> Bench:
    """Domains with vCPUs, I/O threads, a disk and an interface."""
    return Bench(driver, conn)


@pytest.mark.parametrize(**named(CASES))
def test_answers(bench: Bench, case: Case) -> None:
    """Each call is answered as libvirt answers it, and changes what it says."""
    bench.check(case, bench.domain(runs=case.runs))


@pytest.fixture
def told(driver: Driver, conn: Any) -> Iterator[Told]:
    """What is told of parameters."""
    told = Told(driver, conn, "TUNABLE")
    yield told
    told.close()


def test_a_throttle_is_told(driver: Driver, bench: Bench, told: Told) -> None:
    """With what was given, in the running domain only."""
    domain = bench.domain(runs=True)
    domain.setBlockIoTune("vda", {"total_iops_sec": 40, "total_iops_sec_max": 60}, CONFIG)
    domain.setBlockIoTune("vda", {"total_iops_sec": 40, "total_iops_sec_max": 50}, LIVE)
    given = {
        "blkdeviotune.disk": "vda",
        "blkdeviotune.total_iops_sec": 40,
        "blkdeviotune.total_iops_sec_max": 50,
    }
    wanted = expected(driver, "throttle told", [("TUNABLE", given)])
    assert told.wait(len(wanted)) == wanted


def test_pins_are_told(driver: Driver, bench: Bench, told: Told) -> None:
    """Each by its own name."""
    domain = bench.domain(runs=True)
    domain.pinVcpu(1, cpus(domain, 0))
    domain.pinEmulator(cpus(domain, 0), LIVE)
    domain.pinIOThread(2, cpus(domain, 0), LIVE)
    names = ("vcpupin1", "emulatorpin", "iothreadpin2")
    wanted = expected(driver, "pins told", [("TUNABLE", {f"cputune.{name}": "0"}) for name in names])
    assert told.wait(len(wanted)) == wanted
