"""Documents as older programs write them: what libvirt leaves out, puts in order and refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver

UUID = "11111111-1111-4111-8111-11111111abcd"
USB = "<hostdev mode='subsystem' type='usb'><source>{}</source></hostdev>"
SCSI = (
    "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/>"
    "<address bus='0' target='0' unit='0'/></source></hostdev>"
)
SHOWN = [
    ("second display", "<video><model type='qxl'/></video>" * 2, "model", "heads='1'", 2),
    ("no heads", "<video><model type='virtio' heads='0'/></video>", "model type='virtio'", "heads", 0),
    ("numbers of a bus", USB.format("<address bus='001' device='0x2'/>"), "address bus='1'", "device='2'", 1),
    ("octal numbers", USB.format("<address bus='01' device='010'/>"), "address bus='1'", "device='8'", 1),
    (
        "numbers of a vendor",
        USB.format("<vendor id='1203'/><product id='0x1'/>"),
        "",
        "<vendor id='0x04b3'/>\n        <product id='0x0001'/>",
        1,
    ),
    ("place of a SCSI device", SCSI, "", "controller='0' bus='0' target='0' unit='0'/>\n    </hostdev>", 1),
]
REDIRECTED = (
    "<redirdev bus='usb' type='tcp'><source mode='connect' host='localhost' service='4000'/></redirdev>"
)
NO_USB = {
    "test": (20, "cannot add redirected USB device: USB is disabled for this domain"),
    "qemu": (10, "USB is disabled for this domain, but USB devices are present in the domain XML"),
}
SYSINFO = (
    "<sysinfo type='smbios'><system><entry name='serial'>1</entry>"
    f"<entry name='uuid'>{UUID.upper()}</entry><entry name='product'> a </entry>"
    "<entry name='product'>b</entry><entry name='family'/></system>"
    "<bios><entry name='version'>2</entry><entry name='vendor'>3</entry></bios><chassis/></sysinfo>"
)


@pytest.mark.parametrize(("devices", "line", "found", "times"), [row[1:] for row in SHOWN],
                         ids=[row[0].replace(" ", "_") for row in SHOWN])  # fmt: skip
def test_devices(driver: Driver, conn: Any, devices: str, line: str, found: str, times: int) -> None:
    """Numbers as libvirt writes them, and what it adds."""
    text = conn.defineXML(driver.xml(devices=devices)).XMLDesc()
    lines = [each for each in text.splitlines() if f"<{line}" in each] if line else [text]
    assert sum(found in each for each in lines) == times


def test_heads_of_vga(driver: Driver, conn: Any) -> None:
    """QEMU has one."""
    document = driver.xml(devices="<video><model type='vga' heads='2'/></video>")
    error = outcome(driver, lambda: conn.defineXML(document))
    text = "unsupported configuration: video type 'vga' doesn't support multiple 'heads'"
    assert error == (None if driver.family == "test" else (67, 10, text))


def test_controllers_of_scsi_devices(driver: Driver, conn: Any) -> None:
    """One that has no number yet is not the first, which the device is on."""
    devices = f"<controller type='scsi' model='virtio-scsi'/>{SCSI}"
    text = conn.defineXML(driver.xml(devices=devices)).XMLDesc()
    found = re.findall(r"<controller type='scsi' index='(\d)'( model='virtio-scsi')?", text)
    assert [number for number, _ in found] == ["1", "0"]
    assert found[0][1]


def test_order_of_what_the_firmware_tells(driver: Driver, conn: Any) -> None:
    """Each entry once, without those that are empty; the UUID as libvirt writes it."""
    text = conn.defineXML(driver.xml(inner=SYSINFO, identity=UUID)).XMLDesc()
    told = text.partition("<sysinfo type='smbios'>")[2].partition("</sysinfo>")[0]
    assert [line.strip() for line in told.strip().splitlines()] == [
        "<bios>",
        "<entry name='vendor'>3</entry>",
        "<entry name='version'>2</entry>",
        "</bios>",
        "<system>",
        "<entry name='product'> a </entry>",
        "<entry name='serial'>1</entry>",
        f"<entry name='uuid'>{UUID}</entry>",
        "</system>",
    ]


def test_redirected_device_without_usb(driver: Driver, conn: Any) -> None:
    """Where USB is off; and where none is named, unless the driver adds it."""
    source, reason = NO_USB[driver.family]
    refusal = (67, source, f"unsupported configuration: {reason}")
    off = driver.xml(devices=f"<controller type='usb' model='none'/>{REDIRECTED}")
    assert outcome(driver, lambda: conn.defineXML(off)) == refusal
    unnamed = outcome(driver, lambda: conn.defineXML(driver.xml(devices=REDIRECTED)))
    assert unnamed == (refusal if driver.family == "test" else None)
    named = driver.xml(devices=f"<controller type='usb' index='0'/>{REDIRECTED}")
    assert outcome(driver, lambda: conn.defineXML(named)) is None


BOOT = "<boot dev='hd'/><bootmenu enable='yes'/><bios useserial='yes'/>"
KERNEL = "<kernel>/k</kernel><root>/r</root>"
SYSTEMS = [
    ("hvm with a loader", "test", "<bootloader>/b</bootloader>", f"<type>hvm</type>{BOOT}", "hvm", ""),
    ("empty loader", "test", "<bootloader/>", "<type>hvm</type>", "hvm", "boot"),
    ("loader only", "test", "<bootloader>/b</bootloader>", "", "xen", ""),
    ("loader of Xen", "xen", "<bootloader>/b</bootloader>", "", "linux", ""),
    ("hvm", "test", "", f"<type>hvm</type><init>/i</init>{KERNEL}", "hvm", "kernel root boot"),
    ("linux", "test", "", f"<type>linux</type>{KERNEL}{BOOT}", "linux", ""),
    ("linux of Xen", "xen", "", f"<type>linux</type>{KERNEL}{BOOT}", "linux", "kernel root"),
    ("xen", "test", "", f"<type>xen</type>{KERNEL}{BOOT}", "xen", "kernel root"),
    ("exe", "test", "", f"<type>exe</type><init>/i</init>{KERNEL}{BOOT}", "exe", "init"),
]


@pytest.mark.parametrize(("kind", "loader", "system", "shown", "kept"), [row[1:] for row in SYSTEMS],
                         ids=[row[0].replace(" ", "_") for row in SYSTEMS])  # fmt: skip
def test_what_a_type_of_guest_is_started_with(
    driver: Driver, conn: Any, kind: str, loader: str, system: str, shown: str, kept: str
) -> None:
    """The rest of <os> is not read; a boot loader is in the place of boot devices."""
    if driver.family != "test":
        pytest.skip("QEMU runs hvm guests only")
    document = re.sub("<os>.*</os>", f"<os>{system}</os>", driver.xml(inner=loader))
    text = conn.defineXML(document.replace("type='test'", f"type='{kind}'")).XMLDesc()
    inside = text.partition("<os>")[2].partition("</os>")[0]
    first, *others = inside.strip().splitlines()
    assert first == f"<type arch='i686'>{shown}</type>"
    assert [re.findall(r"\w+", line)[0] for line in others] == kept.split()
    assert ("<bootloader>" in text) == ("/b" in loader)
