"""The devices of a host, and those that it has to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.nodedev.parsing import existing
from virtkit.fake.nodedev.record import NodeDevice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_MADE = "devices made"
_COMPUTER = """
<device><name>computer</name><capability type='system'>{product}<hardware>{hardware}</hardware>
<firmware>{firmware}</firmware></capability></device>
"""
_FC_HOST = """
<device><name>scsi_host{number}</name><parent>{parent}</parent><capability type='scsi_host'>
<host>{number}</host><unique_id>{unique}</unique_id><capability type='fc_host'><wwnn>20000000{wwn}</wwnn>
<wwpn>10000000{wwn}</wwpn><fabric_wwn>20000000{fabric}</fabric_wwn></capability>{ports}</capability></device>
"""
_PORTS = "<capability type='vport_ops'><max_vports>127</max_vports><vports>1</vports></capability>"
_NET = """
<device><name>net_{interface}_{flat}</name><path>{path}</path><parent>{parent}</parent>
<capability type='net'><interface>{interface}</interface><address>{mac}</address>{link}
<feature name='rx'/><feature name='tx'/><feature name='sg'/><feature name='tso'/><feature name='gso'/>
<feature name='gro'/><capability type='80203'/></capability></device>
"""
_DISK = """
<device><name>block_sda</name><path>/sys/devices/pci0000:00/0000:00:01.0/ata1/host0/target0:0:0/block/sda</path>
<devnode type='dev'>/dev/sda</devnode><parent>pci_0000_00_01_0</parent><capability type='storage'>
<block>/dev/sda</block><bus>ata</bus><drive_type>disk</drive_type><model>Virtual_Disk</model>
<vendor>ATA</vendor><size>274877906944</size><logical_block_size>512</logical_block_size>
<num_blocks>536870912</num_blocks></capability></device>
"""
_USB = """
<device><name>usb_usb1</name><path>/sys/devices/pci0000:00/0000:00:02.0/usb1</path>
<devnode type='dev'>/dev/bus/usb/001/001</devnode><parent>pci_0000_00_02_0</parent>
<driver><name>usb</name></driver><capability type='usb_device'><bus>1</bus><device>1</device>
<product id='0x0002'>2.0 root hub</product><vendor id='0x1d6b'>Linux Foundation</vendor>
</capability></device>
"""
# address, class, driver, product, vendor, and what the last two call themselves
_PCI = (
    ("0000:00:00.0", 0x060000, None, 0x1237, 0x8086, "440FX - 82441FX PMC [Natoma]", "Intel Corporation"),
    ("0000:00:01.0", 0x010601, "ahci", 0x2922, 0x8086, "82801IR SATA Controller", "Intel Corporation"),
    (
        "0000:00:02.0",
        0x0C0320,
        "ehci-pci",
        0x293A,
        0x8086,
        "82801I USB2 EHCI Controller",
        "Intel Corporation",
    ),
    ("0000:00:03.0", 0x020000, "e1000e", 0x10D3, 0x8086, "82574L Gigabit Network", "Intel Corporation"),
)


def devices(session: Session, host: Host) -> list[NodeDevice]:
    """Return what *host* has."""
    if session.setting(_MADE) is None:
        session.put_setting(_MADE, value=True)
        test = host.personality.name == "test"
        for xml in _of_test(host) if test else _of_qemu(host):
            record = existing(xml, counts_ports=not test)
            if record.key == "computer":
                record.body = record.body.replace("    <firmware/>", "    <firmware>\n    </firmware>")
                record.persistent = record.autostart = not test
            session.put(record)
    return session.objects(NodeDevice)


def device(session: Session, host: Host, name: str | None) -> NodeDevice | None:
    """Return the device called *name*."""
    return next((each for each in devices(session, host) if each.key == name), None)


def _of_test(host: Host) -> Iterator[str]:
    if host.uri != "test:///default":
        return
    hardware = (
        "<vendor>Libvirt</vendor><version>Test driver</version><serial>123456</serial>"
        "<uuid>11111111-2222-3333-4444-555555555555</uuid>"
    )
    firmware = "<vendor>Libvirt</vendor><version>Test Driver</version><release_date>01/22/2007</release_date>"
    yield _COMPUTER.format(product="", hardware=hardware, firmware=firmware)
    for number, parent, unique, wwn, fabric, ports in (
        (1, "computer", 0, "12341234", "43214321", _PORTS),
        (2, "computer", 1, "56785678", "87658765", _PORTS),
        (11, "scsi_host1", 10, "34563456", "43214321", ""),
    ):
        yield _FC_HOST.format(
            number=number, parent=parent, unique=unique, wwn=wwn, fabric=fabric, ports=ports
        )


def _of_qemu(host: Host) -> Iterator[str]:
    hardware = f"<vendor>QEMU</vendor><version>7.2</version><uuid>{host.uuid}</uuid>"
    yield _COMPUTER.format(product="<product>Standard PC</product>", hardware=hardware, firmware="")
    for number, (address, kind, driver, product, vendor, *names) in enumerate(_PCI):
        yield pci_xml(
            address, kind, driver, product=product, vendor=vendor, names=(names[0], names[1]), group=number
        )
    mac = "52:54:" + ":".join(host.uuid[at : at + 2] for at in (0, 2, 4, 6))
    path = "/sys/devices/pci0000:00/0000:00:03.0/net/eth0"
    yield net_xml("eth0", mac, "pci_0000_00_03_0", path, link="<link speed='10000' state='up'/>")
    yield net_xml("lo", "00:00:00:00:00:00", "computer", "/sys/devices/virtual/net/lo")
    yield _DISK
    yield _USB


def net_xml(
    interface: str, mac: str, parent: str, path: str, *, link: str = "<link state='unknown'/>"
) -> str:
    """Return the document of a network card."""
    flat = mac.replace(":", "_")
    return _NET.format(interface=interface, mac=mac, flat=flat, parent=parent, path=path, link=link)


def pci_name(address: str) -> str:
    """Return what libvirt calls the PCI device at *address*."""
    return "pci_" + address.replace(":", "_").replace(".", "_")


def address_xml(address: str) -> str:
    """Return *address* as an element."""
    domain, bus, rest = address.split(":")
    slot, function = rest.split(".")
    return f"<address domain='0x{domain}' bus='0x{bus}' slot='0x{slot}' function='0x{function}'/>"


def pci_xml(
    address: str,
    kind: int,
    driver: str | None,
    *,
    product: int,
    vendor: int,
    names: tuple[str, str] = ("", ""),
    group: int | None = None,
    numa: int | None = None,
    inner: str = "",
) -> str:
    """Return the document of a PCI device.

    Args:
        address: ``0000:3b:00.0``.
        kind: its class.
        driver: the kernel's driver that has it.
        product: the number of the product.
        vendor: the number of the vendor.
        names: what product and vendor call themselves.
        group: its IOMMU group.
        numa: the node that it is near to.
        inner: the capabilities inside of it.
    """
    domain, bus, rest = address.split(":")
    numbers = (int(part, 16) for part in (domain, bus, *rest.split(".")))
    parts = "".join(
        f"<{tag}>{number}</{tag}>"
        for tag, number in zip(("domain", "bus", "slot", "function"), numbers, strict=True)
    )
    shown = "" if driver is None else f"<driver><name>{driver}</name></driver>"
    iommu = "" if group is None else f"<iommuGroup number='{group}'>{address_xml(address)}</iommuGroup>"
    near = "" if numa is None else f"<numa node='{numa}'/>"
    return (
        f"<device><name>{pci_name(address)}</name><path>/sys/devices/pci{domain}:{bus}/{address}</path>"
        f"<parent>computer</parent>{shown}<capability type='pci'><class>0x{kind:06x}</class>{parts}"
        f"<product id='0x{product:04x}'>{names[0]}</product><vendor id='0x{vendor:04x}'>{names[1]}</vendor>"
        f"{inner}{iommu}{near}</capability></device>"
    )
