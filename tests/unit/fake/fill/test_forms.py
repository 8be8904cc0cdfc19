"""What is printed of what was read."""

from __future__ import annotations

import pytest

from tests.unit.fake.fill.filling import filled
from virtkit.fake.fill import bitmaps


@pytest.mark.parametrize(
    ("given", "printed"),
    [("3,1,2", "1-3"), ("0-3,^2", "0-1,3"), ("8", "8"), ("1-2,4-5", "1-2,4-5"), ("nothing", "nothing")],
)
def test_sets_of_cpus(given: str, printed: str) -> None:
    """Sorted, and in ranges."""
    assert bitmaps.tidy(given) == printed


@pytest.mark.parametrize(
    ("inner", "path", "text"),
    [
        ("<memtune><hard_limit unit='GiB'>1</hard_limit></memtune>", "memtune/hard_limit", "1048576"),
        ("<iothreadids><iothread id='5'/></iothreadids>", "iothreads", "1"),
        ("<on_crash>restart</on_crash>", "on_crash", "restart"),
    ],
)
def test_texts(inner: str, path: str, text: str) -> None:
    """Sizes are in KiB; what follows from something is said."""
    assert filled(inner=inner).findtext(path) == text


@pytest.mark.parametrize(
    ("inner", "path"),
    [
        ("<memtune><hard_limit>9007199254740991</hard_limit></memtune>", "memtune"),
        ("<iothreads>0</iothreads>", "iothreads"),
        ("<cputune/>", "cputune"),
        ("<metadata><plain/></metadata>", "metadata"),
    ],
)
def test_what_says_nothing_is_not_printed(inner: str, path: str) -> None:
    """No limit, no threads, no metadata of anybody."""
    assert filled(inner=inner).find(path) is None


@pytest.mark.parametrize(
    ("devices", "path", "attributes"),
    [
        ("<graphics type='vnc'/>", "graphics", {"type": "vnc", "port": "-1", "autoport": "yes"}),
        (
            "<graphics type='vnc' port='5999' listen='::'/>",
            "graphics",
            {"type": "vnc", "port": "5999", "autoport": "no", "listen": "::"},
        ),
        ("<graphics type='spice'/>", "graphics/listen", {"type": "none"}),
        ("<graphics type='spice' autoport='yes'/>", "graphics/listen", {"type": "address"}),
        ("<video><model type='vga' vram='9000'/></video>", "video/model",
         {"type": "vga", "vram": "16384", "heads": "1", "primary": "yes"}),
        ("<video><model type='none'/></video>", "video/model", {"type": "none"}),
        ("<filesystem><source dir='/a'/><target dir='b'/></filesystem>", "filesystem",
         {"type": "mount", "accessmode": "passthrough"}),
        ("<vsock/>", "vsock/cid", {"auto": "yes"}),
        ("<tpm><backend type='emulator'/></tpm>", "tpm", {"model": "tpm-tis"}),
        ("<tpm model='tpm-crb'><backend type='emulator'/></tpm>", "tpm/backend",
         {"type": "emulator", "version": "2.0"}),
        (("<hostdev mode='subsystem' type='pci'><source><address bus='1' slot='1' function='0'/></source>"
         "</hostdev>"), "hostdev", {"mode": "subsystem", "type": "pci", "managed": "no"}),
        ("<watchdog model='ib700'/>", "watchdog", {"model": "ib700", "action": "reset"}),
        ("<input type='tablet'/>", "input", {"type": "tablet", "bus": "usb"}),
    ],
)  # fmt: skip
def test_defaults_of_devices(devices: str, path: str, attributes: dict[str, str]) -> None:
    """What each says when little is said."""
    assert dict(filled(devices).find(f"devices/{path}").attrib) == attributes


def test_disks_are_sorted_by_letter() -> None:
    """Those that name the same bus, or none, among each other."""
    disk = "<disk type='file'><source file='/x'/><target dev='{}'/></disk>"
    tree = filled("".join(disk.format(dev) for dev in ("vdb", "sda", "vda")))
    assert [each.get("dev") for each in tree.findall("devices/disk/target")] == ["sda", "vda", "vdb"]


def test_controllers_are_sorted_and_numbered() -> None:
    """By index within their type; those without get the lowest that is free."""
    given = "<controller type='scsi' index='2'/><controller type='scsi'/><controller type='scsi' index='1'/>"
    tree = filled(given)
    scsi = [each.get("index") for each in tree.findall("devices/controller[@type='scsi']")]
    assert sorted(scsi) == ["0", "1", "2"]


def test_unknown_elements_are_kept() -> None:
    """Deliberately: libvirt's own parser loses them."""
    tree = filled("<newdevice a='b'/>", inner="<newthing/>")
    assert tree.find("newthing") is not None
    assert tree.find("devices/newdevice") is not None


def test_numa() -> None:
    """Cells have numbers, sizes in KiB, all CPUs, and distances both ways."""
    cells = (
        "<cell cpus='0' memory='64' unit='MiB'><distances><sibling id='1' value='21'/></distances></cell>"
        "<cell cpus='1' memory='64' unit='MiB'/>"
    )
    tree = filled(inner=f"<vcpu>4</vcpu><cpu><numa>{cells}</numa></cpu>")
    found = tree.findall("cpu/numa/cell")
    assert [each.get("cpus") for each in found] == ["0,2-3", "1"]
    assert tree.findtext("memory") == "131072"
    assert [each.get("value") for each in found[1].iter("sibling")] == ["21", "10"]


def test_vcpus_one_by_one() -> None:
    """Each is listed, and how many are there."""
    vcpus = "<vcpus><vcpu id='0' enabled='yes'/><vcpu id='1' enabled='no'/></vcpus>"
    tree = filled(inner=f"<vcpu>2</vcpu>{vcpus}")
    assert tree.find("vcpu").get("current") == "1"
    assert [each.get("hotpluggable") for each in tree.findall("vcpus/vcpu")] == ["no", "yes"]
