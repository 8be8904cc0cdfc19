"""Devices that are attached, to the running domain and to its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import FRONT, Bench, Case, Refusal, named
from tests.contract.differences import expected
from tests.contract.plugging import (
    BASE,
    CHANNEL,
    CONFIG,
    LEASE,
    LIVE,
    RNG,
    TABLET,
    WATCHDOG,
    Told,
    attach,
    controller,
    disk,
    nic,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver


CASES = [
    Case(
        "attach a virtio disk",
        lambda d: attach(d, disk("vdb", "virtio")),
        ["live + disk /etc/passwd vdb slot=5"],
        runs=True,
    ),
    Case(
        "attach a virtio disk to the definition",
        lambda d: attach(d, disk("vdb", "virtio"), CONFIG),
        ["config + disk /etc/passwd vdb slot=5"],
        runs=True,
    ),
    Case(
        "attach a virtio disk to both",
        lambda d: attach(d, disk("vdb", "virtio"), LIVE | CONFIG),
        ["live + disk /etc/passwd vdb slot=5", "config + disk /etc/passwd vdb slot=5"],
        runs=True,
    ),
    Case(
        "attach a virtio disk while off",
        lambda d: attach(d, disk("vdb", "virtio"), CONFIG),
        ["config + disk /etc/passwd vdb slot=5"],
    ),
    Case(
        "attach live while off",
        lambda d: attach(d, RNG, LIVE),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "attach a scsi disk",
        lambda d: attach(d, disk("sda", "scsi")),
        ["live + disk /etc/passwd sda unit=0"],
        runs=True,
    ),
    Case(
        "attach a usb disk",
        lambda d: attach(d, disk("sdb", "usb")),
        ["live + disk /etc/passwd sdb port=1"],
        runs=True,
    ),
    Case(
        "attach an ide disk that is read-only",
        lambda d: attach(d, disk("hda", "ide")),
        Refusal(67, "unsupported configuration: readonly ide disks are not supported"),
        runs=True,
    ),
    Case(
        "attach a sata disk that is read-only",
        lambda d: attach(d, disk("sda", "sata")),
        Refusal(67, "unsupported configuration: readonly sata disks are not supported"),
        runs=True,
    ),
    Case(
        "attach a floppy",
        lambda d: attach(d, disk("fda", "fdc", device="floppy")),
        Refusal(84, "Operation not supported: floppy device hotplug isn't supported"),
        runs=True,
    ),
    Case(
        "attach a cdrom by scsi",
        lambda d: attach(d, disk("sdd", "scsi", device="cdrom")),
        ["live + disk /etc/passwd sdd unit=3"],
        runs=True,
    ),
    Case(
        "attach a cdrom by virtio",
        lambda d: attach(d, disk("vdc", "virtio", device="cdrom")),
        Refusal(67, "unsupported configuration: disk type of 'vdc' does not support ejectable media"),
        runs=True,
    ),
    Case(
        "attach a disk of no source",
        lambda d: attach(d, disk("vdx", "virtio", source="")),
        Refusal(19, "missing source information for device vdx", FRONT),
        runs=True,
    ),
    Case(
        "attach a disk of no target",
        lambda d: attach(d, "<disk type='file'><source file='/etc/passwd'/></disk>"),
        Refusal(20, "missing target information for device /etc/passwd", FRONT),
        runs=True,
    ),
    Case(
        "attach a disk of a strange target",
        lambda d: attach(d, disk("zz", "virtio")),
        Refusal(27, "XML error: Unknown disk name 'zz' and no address specified", FRONT),
        runs=True,
    ),
    Case(
        "attach a disk twice",
        lambda d: (attach(d, disk("vdb", "virtio")), attach(d, disk("vdb", "virtio"))),
        Refusal(
            27, "XML error: target 'vdb' duplicated for disk sources '/etc/passwd' and '/etc/passwd'", FRONT
        ),
        runs=True,
    ),
    Case(
        "attach a target twice",
        lambda d: (attach(d, disk("sdb", "scsi")), attach(d, disk("sdb", "usb", source="/etc/group"))),
        Refusal(
            27, "XML error: target 'sdb' duplicated for disk sources '/etc/passwd' and '/etc/group'", FRONT
        ),
        runs=True,
    ),
    Case(
        "attach a disk twice to the definition",
        lambda d: (attach(d, disk("vdb", "virtio"), CONFIG), attach(d, disk("vdb", "virtio"), CONFIG)),
        Refusal(55, "Requested operation is not valid: target vdb already exists"),
        runs=True,
    ),
    Case(
        "attach an interface",
        lambda d: attach(d, nic()),
        ["live + interface 52:54:00:00:00:01 slot=5"],
        runs=True,
    ),
    Case(
        "attach an interface to both",
        lambda d: attach(d, nic(), LIVE | CONFIG),
        ["live + interface 52:54:00:00:00:01 slot=5", "config + interface 52:54:00:00:00:01 slot=5"],
        runs=True,
    ),
    Case(
        "attach an interface's MAC twice",
        lambda d: (attach(d, nic()), attach(d, nic())),
        (["live + interface 52:54:00:00:00:01 slot=5"], ["live + interface 52:54:00:00:00:01 slot=6"]),
        runs=True,
    ),
    Case(
        "attach an interface's MAC twice to the definition",
        lambda d: (attach(d, nic(), CONFIG), attach(d, nic(), CONFIG)),
        (["config + interface 52:54:00:00:00:01 slot=5"], ["config + interface 52:54:00:00:00:01 slot=6"]),
        runs=True,
    ),
    Case(
        "attach an interface that listens",
        lambda d: attach(d, "<interface type='server'><source address='127.0.0.1' port='5558'/></interface>"),
        Refusal(84, "Operation not supported: hotplug of interface type of server is not implemented yet"),
        runs=True,
    ),
    Case("attach a random number generator", lambda d: attach(d, RNG), ["live + rng slot=5"], runs=True),
    Case(
        "attach a controller",
        lambda d: attach(d, controller("scsi", 1, "virtio-scsi")),
        ["live + controller slot=5"],
        runs=True,
    ),
    Case(
        "attach a controller that is there",
        lambda d: attach(d, controller("scsi", 0, "virtio-scsi")),
        Refusal(9, "operation failed: target scsi:0 already exists"),
        runs=True,
    ),
    Case(
        "attach a controller that the definition has",
        lambda d: attach(d, controller("scsi", 0, "virtio-scsi"), CONFIG),
        Refusal(55, "Requested operation is not valid: controller index='0' already exists"),
        runs=True,
    ),
    Case(
        "attach a usb controller",
        lambda d: attach(d, controller("usb", 1, "piix3-uhci")),
        Refusal(84, "Operation not supported: 'usb' controller cannot be hot plugged."),
        runs=True,
    ),
    Case("attach a watchdog", lambda d: attach(d, WATCHDOG), ["live + watchdog slot=5"], runs=True),
    Case(
        "attach a watchdog twice",
        lambda d: (attach(d, WATCHDOG), attach(d, WATCHDOG)),
        Refusal(55, "Requested operation is not valid: domain already has a watchdog"),
        runs=True,
    ),
    Case(
        "attach a watchdog twice to the definition",
        lambda d: (attach(d, WATCHDOG, CONFIG), attach(d, WATCHDOG, CONFIG)),
        Refusal(55, "Requested operation is not valid: domain already has a watchdog"),
        runs=True,
    ),
    Case("attach an input", lambda d: attach(d, TABLET), ["live + input port=1"], runs=True),
    Case(
        "attach an input by PS/2",
        lambda d: attach(d, "<input type='keyboard' bus='ps2'/>"),
        Refusal(84, "Operation not supported: input device on bus 'ps2' cannot be hot plugged."),
        runs=True,
    ),
    Case("attach a lease", lambda d: attach(d, LEASE, CONFIG), ["config + lease"], runs=True),
    Case(
        "attach a lease twice",
        lambda d: (attach(d, LEASE, CONFIG), attach(d, LEASE, CONFIG)),
        Refusal(55, "Requested operation is not valid: Lease k in lockspace ls already exists"),
        runs=True,
    ),
    Case("attach a channel", lambda d: attach(d, CHANNEL, CONFIG), ["config + channel port=1"], runs=True),
    Case(
        "attach a channel twice",
        lambda d: (attach(d, CHANNEL, CONFIG), attach(d, CHANNEL, CONFIG)),
        Refusal(55, "Requested operation is not valid: chardev already exists"),
        runs=True,
    ),
    Case(
        "attach a video card",
        lambda d: attach(d, "<video><model type='vga'/></video>"),
        Refusal(67, "unsupported configuration: video type 'vga' is only valid as primary video device"),
        runs=True,
    ),
    Case(
        "attach a sound card",
        lambda d: attach(d, "<sound model='ich6'/>"),
        Refusal(84, "Operation not supported: live attach of device 'sound' is not supported"),
        runs=True,
    ),
    Case(
        "attach graphics",
        lambda d: attach(d, "<graphics type='vnc'/>"),
        Refusal(84, "Operation not supported: live attach of device 'graphics' is not supported"),
        runs=True,
    ),
    Case(
        "attach a TPM",
        lambda d: attach(
            d, "<tpm model='tpm-tis'><backend type='passthrough'><device path='/dev/tpm0'/></backend></tpm>"
        ),
        Refusal(84, "Operation not supported: live attach of device 'tpm' is not supported"),
        runs=True,
    ),
    Case(
        "attach a balloon",
        lambda d: attach(d, "<memballoon model='virtio'/>"),
        Refusal(84, "Operation not supported: live attach of device 'memballoon' is not supported"),
        runs=True,
    ),
    Case(
        "attach a filesystem",
        lambda d: attach(d, "<filesystem><source dir='/tmp'/><target dir='x'/></filesystem>"),
        Refusal(84, "Operation not supported: only virtiofs filesystems can be hotplugged"),
        runs=True,
    ),
    Case(
        "attach a panic device",
        lambda d: attach(d, "<panic model='isa'/>"),
        Refusal(84, "Operation not supported: live attach of device 'panic' is not supported"),
        runs=True,
    ),
    Case(
        "attach memory of no NUMA node",
        lambda d: attach(
            d, "<memory model='dimm'><target><size>65536</size><node>0</node></target></memory>"
        ),
        Refusal(35, "can't add memory backend as guest has no NUMA nodes configured", FRONT),
        runs=True,
    ),
    Case(
        "attach what is no device",
        lambda d: attach(d, "<nope/>"),
        Refusal(67, "unsupported configuration: unknown device type 'nope'", FRONT),
        runs=True,
    ),
    Case(
        "attach what is no XML",
        lambda d: attach(d, "<rng"),
        Refusal(35, "(device_definition):1: Couldn't find end of Start Tag rng line 1\n<rng\n----^", FRONT),
        runs=True,
    ),
    Case(
        "attach with a name that is taken",
        lambda d: (
            attach(d, RNG.replace("</rng>", "<alias name='ua-x'/></rng>")),
            attach(d, RNG.replace("</rng>", "<alias name='ua-x'/></rng>")),
        ),
        Refusal(67, "unsupported configuration: non unique alias detected: ua-x", FRONT),
        runs=True,
    ),
]


@pytest.fixture
def bench(driver: Driver, conn: Any) -> Bench:
    """Domains to plug something into."""
    return Bench(driver, conn)


@pytest.mark.parametrize(**named(CASES))
def test_answers(driver: Driver, bench: Bench, case: Case) -> None:
    """Each call is answered as libvirt answers it, and changes what it says."""
    lacking = expected(driver, "hot-plug", None)
    if lacking:
        assert bench.ask(case.call, bench.domain(runs=False)).code == lacking
        return
    domain = bench.asleep(BASE) if case.runs else bench.domain("", BASE, runs=False)
    bench.check(case, domain)


@pytest.fixture
def told(driver: Driver, conn: Any) -> Iterator[Told]:
    """What is told of devices."""
    told = Told(driver, conn, "DEVICE_ADDED")
    yield told
    told.close()


@pytest.fixture
def machine(driver: Driver, bench: Bench) -> Any:
    """A domain that runs, to plug something into."""
    if expected(driver, "hot-plug", None):
        pytest.skip("the test driver plugs nothing")
    return bench.asleep(BASE)


def test_an_attached_device_is_told(machine: Any, told: Told) -> None:
    """By the name that it got."""
    attach(machine, RNG)
    assert told.wait(1) == [("DEVICE_ADDED", "rng0")]


def test_nothing_is_told_of_the_definition(machine: Any, told: Told) -> None:
    """An event tells of what runs only."""
    attach(machine, RNG, CONFIG)
    attach(machine, WATCHDOG)
    assert told.wait(1) == [("DEVICE_ADDED", "watchdog0")]


@pytest.mark.parametrize("side", [LIVE, CONFIG])
def test_both_or_nothing(bench: Bench, machine: Any, side: int) -> None:
    """What one side refuses does not get into the other."""
    attach(machine, WATCHDOG, side)
    documents = [machine.XMLDesc(0), machine.XMLDesc(2)]
    answer = bench.ask(lambda domain: attach(domain, WATCHDOG, LIVE | CONFIG), machine)
    assert answer.text == "Requested operation is not valid: domain already has a watchdog"
    assert [machine.XMLDesc(0), machine.XMLDesc(2)] == documents


def test_attached_to_the_running_domain_is_gone_with_it(machine: Any) -> None:
    """The definition never had it."""
    attach(machine, RNG)
    machine.destroy()
    machine.create()
    assert "<rng" not in machine.XMLDesc(0)


def test_attached_to_the_definition_comes_with_the_next_start(machine: Any) -> None:
    """And not before."""
    attach(machine, RNG, CONFIG)
    assert "<rng" not in machine.XMLDesc(0)
    machine.destroy()
    machine.create()
    assert "<rng" in machine.XMLDesc(0)


def test_the_old_attach_is_live(machine: Any) -> None:
    """The old call knows no definition."""
    assert machine.attachDevice(RNG) == 0
    assert ["<rng" in machine.XMLDesc(flags) for flags in (0, 2)] == [True, False]


def test_the_old_attach_of_a_domain_that_is_off(bench: Bench, machine: Any) -> None:
    """It is refused."""
    machine.destroy()
    answer = bench.ask(lambda domain: domain.attachDevice(RNG), machine)
    assert answer == Refusal(55, "Requested operation is not valid: domain is not running", FRONT)


def test_no_port_is_left(bench: Bench, driver: Driver, machine: Any) -> None:
    """A q35 has as many ports as were made for it."""
    machine.destroy()
    document = driver.xml("ports", inner="<features><acpi/></features>").replace("'pc'", "'q35'")
    domain = bench.conn.defineXML(document)
    domain.create()
    attach(domain, RNG)
    answers = [bench.ask(lambda one: attach(one, RNG), domain) for _ in range(5)]
    assert Refusal(1, "internal error: No more available PCI slots", FRONT) in answers
