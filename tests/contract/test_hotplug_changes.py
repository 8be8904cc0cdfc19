"""Devices that are detached, and that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.answers import FRONT, Bench, Case, Refusal, named, shown
from tests.contract.differences import expected
from tests.contract.plugging import (
    BASE,
    CHANNEL,
    CONFIG,
    FORCE,
    LEASE,
    LIVE,
    RNG,
    TABLET,
    WATCHDOG,
    Told,
    attach,
    controller,
    detach,
    disk,
    nic,
    update,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver

NEW = "52:54:00:00:00:03"
DEVICES = BASE + disk("hdc", "ide", device="cdrom") + disk("vda", "virtio") + nic()

CASES = [
    Case(
        "detach a random number generator from the definition",
        lambda d: (attach(d, RNG, CONFIG), detach(d, RNG, CONFIG)),
        (["config + rng slot=7"], ["config - rng slot=7"]),
        runs=True,
    ),
    Case(
        "detach what is not there",
        lambda d: detach(d, RNG),
        Refusal(99, "device not found: model 'random' RNG device not present in domain configuration"),
        runs=True,
    ),
    Case(
        "detach what the definition has not",
        lambda d: detach(d, RNG, CONFIG),
        Refusal(99, "device not found: no matching RNG device was found"),
        runs=True,
    ),
    Case(
        "detach live while off",
        lambda d: detach(d, RNG, LIVE),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "detach an input",
        lambda d: (attach(d, TABLET), detach(d, TABLET)),
        (["live + input port=1"], ["live - input port=1"]),
        runs=True,
    ),
    Case(
        "detach an input from one side",
        lambda d: (attach(d, TABLET), detach(d, TABLET, LIVE | CONFIG)),
        Refusal(99, "device not found: matching input device not found"),
        runs=True,
    ),
    Case(
        "detach an input that is not there",
        lambda d: detach(d, TABLET),
        Refusal(99, "device not found: matching input device not found"),
        runs=True,
    ),
    Case(
        "detach a usb disk",
        lambda d: (attach(d, disk("sdb", "usb")), detach(d, disk("sdb", "usb"))),
        (["live + disk /etc/passwd sdb port=1"], ["live - disk /etc/passwd sdb port=1"]),
        runs=True,
    ),
    Case(
        "detach a disk by its target alone",
        lambda d: (
            attach(d, disk("vdb", "virtio"), CONFIG),
            detach(d, "<disk><target dev='vdb'/></disk>", CONFIG),
        ),
        (["config + disk /etc/passwd vdb slot=7"], ["config - disk /etc/passwd vdb slot=7"]),
        runs=True,
    ),
    Case(
        "detach a disk of another source",
        lambda d: (
            attach(d, disk("vdb", "virtio"), CONFIG),
            detach(d, disk("vdb", "virtio", source="/etc/group"), CONFIG),
        ),
        (["config + disk /etc/passwd vdb slot=7"], ["config - disk /etc/passwd vdb slot=7"]),
        runs=True,
    ),
    Case(
        "detach a disk that is not there",
        lambda d: detach(d, disk("vdz", "virtio")),
        Refusal(99, "device not found: disk vdz not found"),
        runs=True,
    ),
    Case(
        "detach a disk that the definition has not",
        lambda d: detach(d, disk("vdz", "virtio"), CONFIG),
        Refusal(99, "device not found: no target device vdz"),
        runs=True,
    ),
    Case(
        "detach an interface by its MAC",
        lambda d: (attach(d, nic(NEW), CONFIG), detach(d, nic(NEW, more=""), CONFIG)),
        (["config + interface 52:54:00:00:00:03 slot=7"], ["config - interface 52:54:00:00:00:03 slot=7"]),
        runs=True,
    ),
    Case(
        "detach an interface of another model",
        lambda d: (attach(d, nic(NEW), CONFIG), detach(d, nic(NEW, more="<model type='e1000'/>"), CONFIG)),
        (["config + interface 52:54:00:00:00:03 slot=7"], ["config - interface 52:54:00:00:00:03 slot=7"]),
        runs=True,
    ),
    Case(
        "detach an interface that is not there",
        lambda d: detach(d, nic(NEW)),
        Refusal(
            99,
            "device not found: no device found at address '(<null>)' matching MAC "
            "address '52:54:00:00:00:03' and alias '(<null>)'",
            FRONT,
        ),
        runs=True,
    ),
    Case(
        "detach an interface of no MAC",
        lambda d: (attach(d, nic(NEW), CONFIG), detach(d, "<interface type='user'/>", CONFIG)),
        Refusal(9, "operation failed: multiple matching devices found", FRONT),
        runs=True,
    ),
    Case(
        "detach a controller",
        lambda d: (
            attach(d, controller("scsi", 1, "virtio-scsi"), CONFIG),
            detach(d, controller("scsi", 1, "virtio-scsi"), CONFIG),
        ),
        (["config + controller slot=7"], ["config - controller slot=7"]),
        runs=True,
    ),
    Case(
        "detach a controller that is not there",
        lambda d: detach(d, controller("scsi", 7, "virtio-scsi")),
        Refusal(99, "device not found: controller scsi:7 not found"),
        runs=True,
    ),
    Case(
        "detach a controller that is in use",
        lambda d: (attach(d, disk("sda", "scsi")), detach(d, controller("scsi", 0, "virtio-scsi"))),
        Refusal(9, "operation failed: device cannot be detached: device is busy"),
        runs=True,
    ),
    Case(
        "detach a usb controller",
        lambda d: detach(d, controller("usb", 0, "piix3-uhci")),
        Refusal(84, "Operation not supported: 'usb' controller cannot be hot unplugged."),
        runs=True,
    ),
    Case(
        "detach a lease",
        lambda d: (attach(d, LEASE, CONFIG), detach(d, LEASE, CONFIG)),
        (["config + lease"], ["config - lease"]),
        runs=True,
    ),
    Case(
        "detach a lease that is not there",
        lambda d: detach(d, LEASE),
        Refusal(8, "invalid argument: Lease k in lockspace ls does not exist"),
        runs=True,
    ),
    Case(
        "detach a watchdog that is not there",
        lambda d: detach(d, WATCHDOG),
        Refusal(99, "device not found: watchdog device not present in domain configuration"),
        runs=True,
    ),
    Case(
        "detach a channel",
        lambda d: (attach(d, CHANNEL, CONFIG), detach(d, CHANNEL, CONFIG)),
        (["config + channel port=1"], ["config - channel port=1"]),
        runs=True,
    ),
    Case(
        "detach a channel that is not there",
        lambda d: detach(d, CHANNEL),
        Refusal(99, "device not found: chr type 'channel' device not present in domain configuration"),
        runs=True,
    ),
    Case(
        "detach a video card",
        lambda d: detach(d, "<video><model type='vga'/></video>"),
        Refusal(84, "Operation not supported: live detach of device 'video' is not supported"),
        runs=True,
    ),
    Case(
        "detach a balloon",
        lambda d: detach(d, "<memballoon model='virtio'/>"),
        Refusal(84, "Operation not supported: live detach of device 'memballoon' is not supported"),
        runs=True,
    ),
    Case(
        "detach by no name",
        lambda d: d.detachDeviceAlias("nope", LIVE),
        Refusal(1, "internal error: no device found with alias nope", FRONT),
        runs=True,
    ),
    Case(
        "detach by a name of the definition",
        lambda d: (
            attach(d, RNG.replace("</rng>", "<alias name='ua-x'/></rng>"), CONFIG),
            d.detachDeviceAlias("ua-x", CONFIG),
            shown(d, 2, "rng"),
        ),
        (["config + rng slot=7"], 0, []),
        runs=True,
    ),
    Case(
        "detach by a name of both",
        lambda d: (
            attach(d, TABLET.replace("/>", "><alias name='ua-x'/></input>"), LIVE | CONFIG),
            d.detachDeviceAlias("ua-x", LIVE | CONFIG),
            shown(d, 2, "input type='tablet'"),
        ),
        (["live + input port=1", "config + input port=1"], 0, []),
        runs=True,
    ),
    Case(
        "change the disc",
        lambda d: update(d, disk("hdc", "ide", device="cdrom", source="/etc/group")),
        ["live - disk /etc/passwd hdc unit=0", "live + disk /etc/group hdc unit=0"],
        runs=True,
    ),
    Case(
        "change the disc in the definition",
        lambda d: update(d, disk("hdc", "ide", device="cdrom", source="/etc/group"), CONFIG),
        ["config - disk /etc/passwd hdc unit=0", "config + disk /etc/group hdc unit=0"],
        runs=True,
    ),
    Case(
        "change the disc in both",
        lambda d: update(d, disk("hdc", "ide", device="cdrom", source="/etc/group"), LIVE | CONFIG),
        [
            "live - disk /etc/passwd hdc unit=0",
            "live + disk /etc/group hdc unit=0",
            "config - disk /etc/passwd hdc unit=0",
            "config + disk /etc/group hdc unit=0",
        ],
        runs=True,
    ),
    Case(
        "eject the disc by force",
        lambda d: update(d, disk("hdc", "ide", device="cdrom", source=""), LIVE | FORCE),
        ["live - disk /etc/passwd hdc unit=0", "live + disk hdc unit=0"],
        runs=True,
    ),
    Case(
        "change the disc by attaching",
        lambda d: attach(d, disk("hdc", "ide", device="cdrom", source="/etc/group")),
        ["live - disk /etc/passwd hdc unit=0", "live + disk /etc/group hdc unit=0"],
        runs=True,
    ),
    Case(
        "change the disc of no drive",
        lambda d: update(d, disk("hdd", "ide", device="cdrom")),
        Refusal(1, "internal error: disk 'hdd' not found"),
        runs=True,
    ),
    Case(
        "change the disc of no drive in the definition",
        lambda d: update(d, disk("hdd", "ide", device="cdrom"), CONFIG),
        Refusal(8, "invalid argument: target hdd doesn't exist."),
        runs=True,
    ),
    Case(
        "change a disk's source",
        lambda d: update(d, disk("vda", "virtio", source="/etc/group")),
        Refusal(67, "unsupported configuration: disk source can be changed only in removable drives"),
        runs=True,
    ),
    Case(
        "change a disk's bus",
        lambda d: update(d, disk("vda", "scsi")),
        Refusal(84, "Operation not supported: cannot modify field 'bus' of the disk"),
        runs=True,
    ),
    Case(
        "change the disc while off",
        lambda d: update(d, disk("hdc", "ide", device="cdrom", source="/etc/group"), CONFIG),
        ["config - disk /etc/passwd hdc unit=0", "config + disk /etc/group hdc unit=0"],
    ),
    Case(
        "change the disc live while off",
        lambda d: update(d, disk("hdc", "ide", device="cdrom", source="/etc/group"), LIVE),
        Refusal(55, "Requested operation is not valid: domain is not running", FRONT),
    ),
    Case(
        "set a link down",
        lambda d: update(d, nic(more="<model type='virtio'/><link state='down'/>")),
        ["live - interface 52:54:00:00:00:01 slot=2", "live + interface 52:54:00:00:00:01 down slot=2"],
        runs=True,
    ),
    Case(
        "set a link down in the definition",
        lambda d: update(d, nic(more="<model type='virtio'/><link state='down'/>"), CONFIG),
        ["config - interface 52:54:00:00:00:01 slot=2", "config + interface 52:54:00:00:00:01 down slot=2"],
        runs=True,
    ),
    Case(
        "change an interface's model",
        lambda d: update(d, nic(more="<model type='e1000'/>")),
        Refusal(84, "Operation not supported: cannot modify network device model from virtio to e1000"),
        runs=True,
    ),
    Case(
        "change an interface of no such MAC",
        lambda d: update(d, nic("52:54:00:00:00:09")),
        Refusal(
            99,
            "device not found: no device found at address '(<null>)' matching MAC "
            "address '52:54:00:00:00:09' and alias '(<null>)'",
            FRONT,
        ),
        runs=True,
    ),
    Case(
        "change an interface of no such MAC in the definition",
        lambda d: update(d, nic("52:54:00:00:00:09"), CONFIG),
        Refusal(
            99,
            "device not found: no device found at address '(<null>)' matching MAC "
            "address '52:54:00:00:00:09' and alias '(<null>)'",
            FRONT,
        ),
        runs=True,
    ),
    Case(
        "change a random number generator",
        lambda d: update(d, RNG),
        Refusal(67, "unsupported configuration: live update of device 'rng' is not supported"),
        runs=True,
    ),
    Case(
        "change a random number generator in the definition",
        lambda d: update(d, RNG, CONFIG),
        Refusal(84, "Operation not supported: persistent update of device 'rng' is not supported"),
        runs=True,
    ),
    Case(
        "change an input",
        lambda d: update(d, TABLET),
        Refusal(67, "unsupported configuration: live update of device 'input' is not supported"),
        runs=True,
    ),
    Case(
        "change a watchdog",
        lambda d: update(d, WATCHDOG),
        Refusal(67, "unsupported configuration: live update of device 'watchdog' is not supported"),
        runs=True,
    ),
    Case(
        "change a controller",
        lambda d: update(d, controller("scsi", 0, "virtio-scsi")),
        Refusal(67, "unsupported configuration: live update of device 'controller' is not supported"),
        runs=True,
    ),
    Case(
        "change a channel",
        lambda d: update(d, CHANNEL),
        Refusal(67, "unsupported configuration: live update of device 'chr' is not supported"),
        runs=True,
    ),
    Case(
        "change graphics that are not there",
        lambda d: update(d, "<graphics type='spice'/>"),
        Refusal(99, "device not found: cannot find existing graphics device to modify of type 'spice'"),
        runs=True,
    ),
    Case(
        "change graphics in the definition",
        lambda d: update(d, "<graphics type='spice'/>", CONFIG),
        Refusal(8, "invalid argument: cannot find existing graphics type 'spice' device to modify"),
        runs=True,
    ),
    Case(
        "change what is no device",
        lambda d: update(d, "<nope/>"),
        Refusal(67, "unsupported configuration: unknown device type 'nope'", FRONT),
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
    domain = bench.asleep(DEVICES) if case.runs else bench.domain("", DEVICES, runs=False)
    bench.check(case, domain)


@pytest.fixture
def told(driver: Driver, conn: Any) -> Iterator[Told]:
    """What is told of devices."""
    told = Told(driver, conn, "DEVICE_REMOVED", "TRAY_CHANGE")
    yield told
    told.close()


@pytest.fixture
def machine(driver: Driver, bench: Bench) -> Any:
    """A domain that runs, to unplug something from."""
    if expected(driver, "hot-plug", None):
        pytest.skip("the test driver plugs nothing")
    return bench.asleep(DEVICES)


def test_a_detached_device_is_told(machine: Any, told: Told) -> None:
    """By the name that it had."""
    attach(machine, TABLET.replace("/>", "><alias name='ua-pen'/></input>"))
    detach(machine, TABLET)
    assert told.wait(1) == [("DEVICE_REMOVED", "ua-pen")]


def test_a_guest_that_does_not_answer_keeps_its_device(machine: Any, told: Told) -> None:
    """Unplugging is a wish: the call succeeds, and the device stays until the guest lets go of it."""
    attach(machine, RNG)
    assert detach(machine, RNG) == []
    assert told.events == []


def test_the_old_detach_is_live(machine: Any) -> None:
    """The old call knows no definition."""
    attach(machine, TABLET, LIVE | CONFIG)
    assert machine.detachDevice(TABLET) == 0
    assert ["<input type='tablet'" in machine.XMLDesc(flags) for flags in (0, 2)] == [False, True]


def test_a_changed_disc_is_told(machine: Any, told: Told) -> None:
    """The tray opens and closes."""
    update(machine, disk("hdc", "ide", device="cdrom", source="/etc/group"))
    assert told.wait(2) == [("TRAY_CHANGE", "ide0-1-0", 0), ("TRAY_CHANGE", "ide0-1-0", 1)]
