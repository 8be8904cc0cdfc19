"""What is defined on a real host is what libvirt says of it: by meaning, off and running, of every kind."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

import virtkit
from virtkit import model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.lab import BootImage, Host, Lab

_INACTIVE, _SECURE, _DOMAIN_INACTIVE = 1, 1, 2
_EVERYTHING = 1 | 2 | 4 | 16  # managed save, snapshots, NVRAM, checkpoints

RICH = """
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>intent-rich</name>
  <title>All sorts</title>
  <metadata><app:note xmlns:app='https://example.org/app' version='007'>kept</app:note></metadata>
  <memory unit='MiB'>256</memory>
  <currentMemory unit='MB'>200</currentMemory>
  <vcpu current='1'>2</vcpu>
  <iothreads>2</iothreads>
  <cputune><shares>1024</shares></cputune>
  <sysinfo type='smbios'><system><entry name='serial'>007</entry></system></sysinfo>
  <os><type machine='q35'>hvm</type><boot dev='hd'/><boot dev='network'/>
    <bootmenu enable='no' timeout='3000'/><smbios mode='sysinfo'/></os>
  <features><acpi/><apic/><vmcoreinfo state='on'/></features>
  <cpu mode='custom'><model>qemu64</model><topology sockets='2' cores='1' threads='1'/></cpu>
  <clock offset='utc'><timer name='hpet' present='no'/></clock>
  <on_reboot>restart</on_reboot>
  <devices>
    <controller type='scsi' model='virtio-scsi'/>
    <disk type='file'><driver name='qemu' type='qcow2' cache='default' iothread='1'/>
      <source file='{folder}/intent.qcow2'/><target dev='vda' bus='virtio'/><serial>0012</serial></disk>
    <disk type='volume' device='cdrom'><target dev='sda' bus='sata'/></disk>
    <disk type='file' device='disk'><source file='{folder}/intent.raw'/><target dev='sdb' bus='scsi'/>
      <iotune><total_bytes_sec>010000000</total_bytes_sec></iotune></disk>
    <interface type='network'><mac address='52:54:00:AB:0:1'/><source network='intent-net'/>
      <target dev='vnet0'/><model type='virtio'/><driver queues='1'/></interface>
    <interface type='user'><model type='e1000e'/><alias name='ua-second'/></interface>
    <serial type='pty'><target port='0'/></serial>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <channel type='unix'><source mode='bind'/><target type='virtio' name='org.example.other'/></channel>
    <input type='tablet' bus='usb'/>
    <graphics type='vnc' port='-1' autoport='yes' passwd='hunter2'><listen type='address'/></graphics>
    <sound model='ich9'><alias name='sound0'/></sound>
    <video><model type='vga' vram='16384'/></video>
    <watchdog model='i6300esb' action='reset'/>
    <memballoon model='virtio'><stats period='5'/></memballoon>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <rng model='virtio'><rate bytes='1024' period='1000'/><backend model='random'>/dev/urandom</backend></rng>
    <panic model='isa'/>
  </devices>
  <qemu:commandline><qemu:arg value='-global'/><qemu:arg value='mch.extended-tseg-mbytes=16'/>
    <qemu:env name='A' value='b'/></qemu:commandline>
</domain>
"""
NETWORK = """
<network ipv6='no'>
  <name>intent-net</name>
  <forward mode='nat'><nat><port start='2000' end='03000'/></nat></forward>
  <mac address='52:54:0:ab:cd:1'/>
  <domain name='intent.example'/>
  <dns><host ip='192.168.177.2'><hostname>one</hostname><hostname>two</hostname></host>
    <txt name='a' value='b'/></dns>
  <portgroup name='slow' default='no'><bandwidth><inbound average='1000'/></bandwidth></portgroup>
  <ip address='192.168.177.1' prefix='24'><dhcp>
    <range start='192.168.177.100' end='192.168.177.200'><lease expiry='2' unit='hours'/></range>
    <host mac='52:54:00:AB:00:01' name='one' ip='192.168.177.2'/></dhcp></ip>
</network>
"""
POOL = "<pool type='dir'><name>intent-pool</name><target><path>//{folder}//pool/</path></target></pool>"
VOLUMES = """
<volume><name>a.raw</name><capacity unit='MB'>3</capacity><allocation>0</allocation></volume>

<volume><name>b.qcow2</name><capacity>1000001</capacity><target><format type='qcow2'/>
<permissions><mode>0640</mode></permissions><compat>1.1</compat>
<features><lazy_refcounts/></features></target></volume>
"""
FILTER = """
<filter name='intent-filter' chain='ipv4'>
  <filterref filter='clean-traffic'/>
  <rule action='accept' direction='out' priority='0100'>
    <ip srcmacaddr='1:2:3:4:5:6' protocol='17' srcipaddr='10.1.2.0' srcipmask='255.255.255.0'/></rule>
  <rule action='drop' direction='in'><tcp dstportstart='0x16' flags='SYN/'/></rule>
</filter>
"""
SECRET = """
<secret ephemeral='yes' private='no'><uuid>8E9FD4BA6B4A4F4B8B9C7A0F0B9E5D11</uuid>
  <usage type='ceph'><name>client.intent secret</name></usage></secret>
"""


@pytest.fixture(scope="module")
def folder(lab: Lab) -> Path:
    """Where the host keeps images."""
    path = lab.shared / "intent"
    (path / "pool").mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def conn(host_a: Host, folder: Path) -> Iterator[Any]:
    """libvirt-python's connection; afterwards nothing of the tests is left."""
    libvirt = pytest.importorskip("libvirt")
    libvirt.registerErrorHandler(lambda *_: None, None)
    conn = libvirt.open(host_a.uri)
    yield conn
    found = (conn.listAllDomains, conn.listAllNetworks, conn.listAllStoragePools, conn.listAllNWFilters)
    for each in [one for kind in found for one in kind() if one.name().startswith("intent")]:
        with suppress(AttributeError, libvirt.libvirtError):
            each.destroy()
        with suppress(libvirt.libvirtError):
            each.undefineFlags(_EVERYTHING) if hasattr(each, "undefineFlags") else each.undefine()
    conn.close()
    for path in (folder / "pool").iterdir():
        path.unlink()


@pytest.fixture
def network(conn: Any) -> Any:
    """The network, running."""
    network = conn.networkDefineXML(NETWORK)
    network.create()
    return network


def lines(wanted: str, actual: str) -> list[str]:
    """What differs."""
    return [str(each) for each in model.diff(wanted, actual)]


def check(wanted: str, domain: Any, *, start: bool = True) -> None:
    """Nothing differs while it is off, nor while it runs; nor does what runs differ from the definition."""
    defined = domain.XMLDesc(_DOMAIN_INACTIVE | _SECURE)
    assert lines(wanted, defined) == []
    if not start:
        return
    domain.createWithFlags(1)  # paused: no guest is needed
    live = domain.XMLDesc(_SECURE)
    assert lines(wanted, live) == []
    assert lines(defined, live) == []
    assert lines(live, domain.XMLDesc(_DOMAIN_INACTIVE | _SECURE)) == []
    domain.destroy()


@pytest.mark.usefixtures("network")
def test_a_domain_of_all_sorts(conn: Any, folder: Path) -> None:
    """Sizes, aliases, sockets, ports, addresses, passwords."""
    for name in ("intent.qcow2", "intent.raw"):
        make_image(conn, folder, name)
    wanted = RICH.format(folder=folder)
    check(wanted, conn.defineXML(wanted))


def make_image(conn: Any, folder: Path, name: str) -> None:
    """An image of a MiB, made by the host."""
    (folder / name).unlink(missing_ok=True)
    conn.storagePoolCreateXML(
        f"<pool type='dir'><name>intent-images</name><target><path>{folder}</path></target></pool>"
    ).createXML(
        f"<volume><name>{name}</name><capacity unit='MiB'>1</capacity><target><format type="
        f"'{name.rpartition('.')[2]}'/><compat>1.1</compat></target></volume>"
    )
    conn.storagePoolLookupByName("intent-images").destroy()


@pytest.mark.parametrize("template", ["linux", "windows", "minimal", "microvm", "arm64", "mips"])
def test_the_ready_machines(conn: Any, host_a: Host, guest_image: BootImage, template: str) -> None:
    """What the templates render is what libvirt then has; HyperV's features need KVM to run."""
    given: dict[str, Any] = {"name": f"intent-{template}", "memory": "192MiB", "type": "qemu"}
    if template != "minimal":
        given["network"] = None
    if template in ("microvm", "mips"):
        given["kernel"] = str(guest_image.kernel)
    with virtkit.connect(host_a.uri) as host:
        wanted = virtkit.render(template, host=host.capabilities(), **given)
    check(wanted, conn.defineXML(wanted), start=template not in ("windows", "mips"))


def test_a_network(network: Any) -> None:
    """As it is defined, and as it runs."""
    assert lines(NETWORK, network.XMLDesc(_INACTIVE)) == []
    assert lines(NETWORK, network.XMLDesc(0)) == []
    assert lines(network.XMLDesc(_INACTIVE), network.XMLDesc(0)) == []


def test_a_pool_and_its_volumes(conn: Any, folder: Path) -> None:
    """Capacities are rounded, paths are cleaned, permissions are octal."""
    wanted = POOL.format(folder=folder)
    pool = conn.storagePoolDefineXML(wanted)
    assert lines(wanted, pool.XMLDesc(_INACTIVE)) == []
    pool.create()
    assert lines(wanted, pool.XMLDesc(0)) == []
    for stated in VOLUMES.strip().split("\n\n"):
        volume = pool.createXML(stated)
        assert lines(stated, volume.XMLDesc(0)) == []
        pool.refresh()
        assert lines(stated, volume.XMLDesc(0)) == []


@pytest.mark.parametrize(
    ("wanted", "define"),
    [
        (FILTER, lambda conn: conn.nwfilterDefineXML(FILTER)),
        (SECRET, lambda conn: conn.secretDefineXML(SECRET)),
    ],
    ids=["filter", "secret"],
)
def test_filters_and_secrets(conn: Any, wanted: str, define: Callable[[Any], Any]) -> None:
    """Masks, numbers of protocols, UUIDs without dashes."""
    made = define(conn)
    assert lines(wanted, made.XMLDesc(0)) == []
    made.undefine()


def test_snapshots_and_checkpoints(conn: Any, folder: Path) -> None:
    """What is stated of them is what they are."""
    make_image(conn, folder, "intent.qcow2")
    domain = conn.defineXML(
        "<domain type='qemu'><name>intent-moments</name><memory unit='MiB'>64</memory>"
        "<os><type>hvm</type></os><devices><disk type='file'><driver type='qcow2'/>"
        f"<source file='{folder}/intent.qcow2'/>"
        "<target dev='vda'/></disk></devices></domain>"
    )
    stated = (
        "<domainsnapshot><name>one</name><description>first</description>"
        "<disks><disk name='vda' snapshot='internal'/></disks></domainsnapshot>"
    )
    snapshot = domain.snapshotCreateXML(stated)
    assert lines(stated, snapshot.getXMLDesc()) == []
    snapshot.delete()
    domain.createWithFlags(1)
    stated = (
        "<domaincheckpoint><name>two</name><disks><disk name='vda' checkpoint='bitmap'/></disks>"
        "</domaincheckpoint>"
    )
    checkpoint = domain.checkpointCreateXML(stated)
    assert lines(stated, checkpoint.getXMLDesc()) == []
    checkpoint.delete()


def test_one_change_is_one_difference(conn: Any, network: Any) -> None:
    """Seen by the same documents."""
    wanted = NETWORK.replace("192.168.177.200", "192.168.177.201")
    assert len(lines(wanted, network.XMLDesc(_INACTIVE))) == 1
    assert conn.isAlive()
