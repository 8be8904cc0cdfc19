"""Addresses that are not on PCI."""

from __future__ import annotations

import pytest

from tests.unit.fake.fill.filling import filled
from virtkit.fake.errors import libvirtError

_TABLET = "<input type='tablet' bus='usb'/>"
_CHANNEL = "<channel type='unix'><target type='virtio' name='{}'/>{}</channel>"


def test_usb_ports() -> None:
    """A PIIX3 has two; the third device brings a hub, which takes a port too."""
    tree = filled(_TABLET * 3)
    ports = [each.get("port") for each in tree.findall("devices/input/address")]
    assert ports == ["2", "1.1", "1.2"]
    assert [each.get("port") for each in tree.findall("devices/hub/address")] == ["1"]


def test_usb_ports_that_are_given() -> None:
    """They are kept, and not handed out."""
    given = "<input type='mouse' bus='usb'><address type='usb' bus='0' port='1'/></input>"
    tree = filled(given + _TABLET)
    assert [each.get("port") for each in tree.findall("devices/input/address")] == ["1", "2"]


def test_usb_stays_as_it_was_for_a_guest_that_may_run() -> None:
    """Only a new definition gets ports."""
    assert filled(_TABLET, new=False).find("devices/input/address") is None


def test_virtio_serial_ports() -> None:
    """Port 0 is for consoles; what is given is kept."""
    given = _CHANNEL.format("b", "<address type='virtio-serial' controller='0' bus='0' port='1'/>")
    tree = filled(_CHANNEL.format("a", "") + given + "<console type='pty'><target type='virtio'/></console>")
    ports = [each.get("port") for each in tree.findall("devices/channel/address")]
    assert ports == ["2", "1"]
    assert tree.find("devices/console/address") is None


def test_a_second_virtio_serial_controller() -> None:
    """The first has 31 ports."""
    tree = filled("".join(_CHANNEL.format(n, "") for n in range(31)))
    last = tree.findall("devices/channel/address")[-1]
    assert (last.get("controller"), last.get("port")) == ("1", "1")


def test_channel_devices() -> None:
    """They are numbered; a number that is given is skipped."""
    nets = "<interface type='user'/><interface type='user'><address type='ccw' cssid='0xfe' ssid='0x0' "
    tree = filled(f"{nets} devno='0x0000'/></interface>", arch="s390x", machine="s390-ccw-virtio")
    assert [each.get("devno") for each in tree.findall("devices/interface/address")] == ["0x0001", "0x0000"]
    assert tree.find("devices/memballoon/address").get("devno") == "0x0002"


def test_virtual_io_of_power() -> None:
    """Its own devices have registers."""
    devices = "<serial type='pty'/><serial type='pty'/><nvram/><controller type='scsi'/>"
    tree = filled(devices, arch="ppc64", machine="pseries")
    assert [each.get("reg") for each in tree.findall("devices/serial/address")] == [
        "0x30000000", "0x30001000",
    ]  # fmt: skip
    assert tree.find("devices/nvram/address").get("reg") == "0x00003000"
    assert tree.find("devices/controller[@type='scsi']/address").get("type") == "spapr-vio"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("", "pci"),
        ("<rng model='virtio'><backend model='random'/><address type='virtio-mmio'/></rng>", "virtio-mmio"),
    ],
)
def test_arm_has_either_way(given: str, kind: str) -> None:
    """Virtio devices are on PCI, unless one is not."""
    tree = filled(f"<interface type='user'/>{given}", arch="aarch64", machine="virt")
    assert tree.find("devices/interface/address").get("type") == kind


def test_memory_slots() -> None:
    """The first free one."""
    dimm = "<memory model='dimm'><target><size>1024</size></target>{}</memory>"
    devices = dimm.format("") + dimm.format("<address type='dimm' slot='0'/>")
    tree = filled(devices, inner="<maxMemory slots='4'>131072</maxMemory>")
    assert [each.get("slot") for each in tree.findall("devices/memory/address")] == ["1", "0"]


def test_scsi_devices_of_the_host_come_behind_disks() -> None:
    """They share the guest's SCSI bus."""
    disk = "<disk type='file'><source file='/x'/><target dev='sda' bus='scsi'/></disk>"
    hostdev = "<hostdev mode='subsystem' type='scsi'><source><adapter name='a'/></source></hostdev>"
    tree = filled(disk + hostdev)
    assert tree.find("devices/hostdev/address").get("unit") == "1"


def test_smartcards() -> None:
    """They need a reader, which is a USB device."""
    tree = filled("<smartcard mode='host'/>")
    assert tree.find("devices/smartcard/address").get("slot") == "0"
    assert tree.find("devices/controller[@type='ccid']/address").get("type") == "usb"


def test_numbers_are_written_as_libvirt_writes_them() -> None:
    """Whatever the base."""
    tree = filled("<interface type='user'><address type='pci' bus='0' slot='10' function='0'/></interface>")
    assert dict(tree.find("devices/interface/address").attrib) == {
        "type": "pci", "domain": "0x0000", "bus": "0x00", "slot": "0x0a", "function": "0x0",
    }  # fmt: skip


def test_no_usb() -> None:
    """Where it is switched off, nothing can be plugged in."""
    with pytest.raises(libvirtError, match="USB is disabled for this domain"):
        filled(f"<controller type='usb' model='none'/>{_TABLET}")
