"""A host's hardware as a test sets it: devices, memory, processors, interfaces."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import eventloop
from virtkit.fake.node.hardware import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkit.fake.host import Host

_UUID = "c60cc60c-c60c-c60c-c60c-c60cc60cc60c"
_MDEV = "mdev_c60cc60c_c60c_c60c_c60c_c60cc60cc60c_0000_3b_00_0"


@pytest.fixture
def host() -> Host:
    """The host of the connection."""
    return libvirt.host("one")


@pytest.fixture
def told(conn: Any) -> Iterator[list[Any]]:
    """What is told of devices; to be read after ``run()``."""
    eventloop.use(eventloop.DefaultImplementation())
    seen: list[Any] = []
    number = conn.nodeDeviceEventRegisterAny(
        None, 0, lambda _conn, device, event, _detail, _opaque: seen.append((device.name(), event)), None
    )
    yield seen
    conn.nodeDeviceEventDeregisterAny(number)
    eventloop.use(None)


def run() -> None:
    """Let the loop deliver."""
    libvirt.virEventRunDefaultImpl()


def mdev(parent: str, kind: str = "nvidia-222") -> str:
    """Return a document that asks for a mediated device."""
    return (
        f"<device><parent>{parent}</parent><capability type='mdev'><type id='{kind}'/>"
        f"<uuid>{_UUID}</uuid></capability></device>"
    )


def instances(conn: Any, name: str) -> str | None:
    """Return how many mediated devices the device called *name* still can hold."""
    tree = ET.fromstring(conn.nodeDeviceLookupByName(name).XMLDesc())
    return tree.findtext("capability/capability/type/availableInstances")


def test_virtual_functions(conn: Any, host: Host) -> None:
    """A card of SR-IOV names its functions, and each of them names the card."""
    card, first, second = host.devices.pci("0000:3b:00.0", driver="i40e", functions=2, numa=0)
    tree = ET.fromstring(conn.nodeDeviceLookupByName(card).XMLDesc())
    functions = tree.findall("capability/capability[@type='virt_functions']/address")
    assert [address.get("function") for address in functions] == ["0x1", "0x2"]
    for name in (first, second):
        owner = ET.fromstring(conn.nodeDeviceLookupByName(name).XMLDesc()).find(
            "capability/capability[@type='phys_function']/address"
        )
        assert owner is not None
        assert (owner.get("bus"), owner.get("function")) == ("0x3b", "0x0")
    assert {card, first, second} <= set(conn.listDevices("pci"))


def test_a_device_comes_and_goes(host: Host, told: list[Any]) -> None:
    """Programs that listen hear of it."""
    name = host.devices.usb(1, 4, product=0x1234, vendor=0x5678)
    host.devices.remove(name)
    run()
    assert told == [(name, libvirt.VIR_NODE_DEVICE_EVENT_CREATED), (name, 1)]
    with pytest.raises(KeyError):
        host.devices.remove(name)


def test_given_to_a_guest_and_back(conn: Any, host: Host) -> None:
    """The driver changes; while a guest has the device it stays where it is."""
    (name,) = host.devices.pci("0000:3b:00.0", driver="ixgbe")
    device = conn.nodeDeviceLookupByName(name)
    assert device.dettach() == 0
    assert "<name>vfio-pci</name>" in device.XMLDesc()
    guest_xml = domain_xml(
        devices="<hostdev mode='subsystem' type='pci' managed='yes'><source>"
        "<address domain='0' bus='0x3b' slot='0' function='0'/></source></hostdev>"
    )
    guest = conn.createXML(guest_xml, 0)
    for call in (device.reAttach, device.reset):
        with pytest.raises(libvirt.libvirtError):
            call()
    guest.destroy()
    device.reAttach()
    assert "<name>ixgbe</name>" in device.XMLDesc()
    guest = conn.createXML(guest_xml, 0)
    assert "<name>vfio-pci</name>" in device.XMLDesc()
    guest.destroy()
    assert (device.reset(), device.reAttach()) == (0, 0)
    assert "<name>ixgbe</name>" in device.XMLDesc()


def test_mediated_device(conn: Any, host: Host, told: list[Any]) -> None:
    """Defined, started, stopped, undefined: each is told, and takes or gives back an instance."""
    (parent,) = host.devices.pci("0000:3b:00.0", mdev_types={"nvidia-222": 2})
    device = conn.nodeDeviceDefineXML(mdev(parent))
    assert (device.name(), device.isActive(), device.isPersistent()) == (_MDEV, 0, 1)
    device.setAutostart(1)
    device.create()
    assert (device.isActive(), device.autostart(), instances(conn, parent)) == (1, 1, "1")
    assert "<parent_addr>0000:3b:00.0</parent_addr>" in device.XMLDesc()
    device.undefine()
    device.destroy()
    assert instances(conn, parent) == "2"
    assert _MDEV not in conn.listDevices("mdev")
    run()
    assert told == [(parent, 0), (_MDEV, 2), (_MDEV, 0), (_MDEV, 3), (_MDEV, 1)]


def test_attributes_of_a_mediated_device(conn: Any, host: Host) -> None:
    """They can be changed while it is off."""
    (parent,) = host.devices.pci("0000:3b:00.0", mdev_types={"nvidia-222": 1})
    device = conn.nodeDeviceDefineXML(mdev(parent))
    changed = device.XMLDesc().replace("  </capability>", "    <attr name='a' value='1'/>\n  </capability>")
    assert device.update(changed, libvirt.VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG) == 0
    assert device.XMLDesc() == changed
    device.create()
    with pytest.raises(libvirt.libvirtError):
        device.update(changed)


def test_no_room_for_a_mediated_device(conn: Any, host: Host) -> None:
    """The parent must have an instance of that type left."""
    (parent,) = host.devices.pci("0000:3b:00.0", mdev_types={"nvidia-222": 1})
    started = conn.nodeDeviceCreateXML(mdev(parent))
    assert (started.isActive(), started.isPersistent()) == (1, 0)
    for kind, uuid in (("nvidia-222", _UUID.replace("c", "d")), ("other", _UUID.replace("c", "e"))):
        with pytest.raises(libvirt.libvirtError, match="Unable to start mediated device"):
            conn.nodeDeviceCreateXML(mdev(parent, kind).replace(_UUID, uuid))


def test_virtual_fibre_channel(conn: Any, host: Host) -> None:
    """It gets the next number, names that are made up, and counts on its parent."""
    parent = host.devices.fibre_channel(5, "20000000c9831b4b", "10000000c9831b4b")
    xml = f"<device><parent>{parent}</parent><capability type='scsi_host'><capability type='fc_host'/>"
    device = conn.nodeDeviceCreateXML(f"{xml}</capability></device>")
    assert (device.name(), device.parent()) == ("scsi_host6", parent)
    assert "<vports>1</vports>" in conn.nodeDeviceLookupByName(parent).XMLDesc()
    names = ET.fromstring(device.XMLDesc()).find("capability/capability")
    assert names is not None
    wwnn, wwpn = names.findtext("wwnn"), names.findtext("wwpn")
    assert conn.nodeDeviceLookupSCSIHostByWWN(wwnn, wwpn).name() == "scsi_host6"
    device.destroy()
    assert "<vports>0</vports>" in conn.nodeDeviceLookupByName(parent).XMLDesc()


def test_changing_interfaces(conn: Any, host: Host) -> None:
    """With netcf for a backend they are defined, go up and down, and come back with rollback."""
    host.interface_backend = "netcf"
    conn.changeBegin()
    bridge = conn.interfaceDefineXML("<interface type='bridge' name='br0'><bridge/></interface>")
    bridge.create()
    with pytest.raises(libvirt.libvirtError, match="interface is already running"):
        bridge.create()
    conn.interfaceLookupByName("eth0").destroy()
    conn.changeRollback()
    assert (conn.listInterfaces(), conn.listDefinedInterfaces()) == (["eth0"], ["lo"])


def test_even_cells(conn: Any, host: Host) -> None:
    """NUMA cells share CPUs and memory."""
    host.numa, host.cpus, host.memory, host.sockets = 2, 8, 8 << 20, 2
    assert conn.getInfo()[1:] == [8192, 8, 2400, 2, 1, 2, 2]
    cells = ET.fromstring(conn.getCapabilities()).findall("host/topology/cells/cell")
    assert [[cpu.get("id") for cpu in cell.findall("cpus/cpu")] for cell in cells] == [
        ["0", "1", "2", "3"],
        ["4", "5", "6", "7"],
    ]
    far = [sibling.get("value") for sibling in cells[0].findall("distances/sibling")]
    assert far == ["10", "21"]
    assert conn.getCellsFreeMemory(0, 2) == [4 << 30, 4 << 30]


def test_uneven_cells(conn: Any, host: Host) -> None:
    """Each as it is said."""
    host.cpus = 3
    host.cells = [Cell(1 << 20, [0]), Cell(3 << 20, [1, 2], [30, 10])]
    assert conn.getInfo()[1] == 4096
    assert [conn.getMemoryStats(cell)["total"] for cell in (0, 1)] == [1 << 20, 3 << 20]


def test_memory_follows_guests(conn: Any) -> None:
    """What a running guest has is not free."""
    before = conn.getFreeMemory()
    domain = conn.createXML(domain_xml(), 0)
    assert before - conn.getFreeMemory() == domain.info()[2] * 1024
    domain.destroy()
    assert conn.getFreeMemory() == before


def test_huge_pages(conn: Any) -> None:
    """Set aside, they are not free; the pool of each size is kept."""
    before = conn.getFreeMemory()
    assert conn.allocPages({2048: 8}, 0, 1, libvirt.VIR_NODE_ALLOC_PAGES_SET) == 1
    assert conn.allocPages({2048: 2}, 0, 1, 0) == 1
    assert conn.getFreePages([2048], 0, 1) == {0: {2048: 10}}
    assert before - conn.getFreeMemory() == 10 << 21


def test_statistics_follow_the_clock(conn: Any, held: Any) -> None:
    """A second on 16 CPUs is 16 seconds of CPU time, and a guest's part of it is busy."""
    conn.createXML(domain_xml(), 0)
    before = conn.getCPUStats(-1)
    held.advance(10)
    after = conn.getCPUStats(-1)
    passed = {name: after[name] - before[name] for name in after}
    assert sum(passed.values()) == pytest.approx(160e9)
    assert passed["user"] == pytest.approx(10e9, rel=0.01)


@pytest.mark.parametrize("transient", [True, False])
def test_memory_runs_out(conn: Any, host: Host, transient: bool) -> None:
    """A guest that does not fit fails to start, as QEMU fails; one that ends makes room."""
    host.memory, host.overcommit = 1 << 20, 1.0
    first = conn.createXML(domain_xml("first"), 0)
    second = domain_xml("second")
    call = (lambda: conn.createXML(second, 0)) if transient else conn.defineXML(second).create
    with pytest.raises(libvirt.libvirtError, match="cannot set up guest memory") as caught:
        call()
    assert caught.value.get_error_code() == libvirt.VIR_ERR_INTERNAL_ERROR
    assert conn.listDomainsID() == [first.ID()]
    first.destroy()
    call()
    assert conn.numOfDomains() == 1


def test_more_than_there_is(conn: Any, host: Host) -> None:
    """Without a limit guests have as much as they like; with a generous one, somewhat more."""
    host.memory, host.overcommit = 1 << 20, 2.0
    conn.createXML(domain_xml("first"), 0)
    conn.createXML(domain_xml("second"), 0)
    host.overcommit = None
    conn.createXML(domain_xml("third"), 0)


def test_the_cpu_of_a_host_with_kvm(conn: Any, host: Host) -> None:
    """host-model is its CPU; a model is usable if the CPU has all of it."""
    host.cpu_model, host.cpu_features = "Haswell-noTSX", ("vmx", "invtsc")
    cpu = ET.fromstring(conn.getDomainCapabilities(virttype="kvm")).find("cpu")
    assert cpu is not None
    modes = {mode.get("name"): mode for mode in cpu}
    assert modes["host-passthrough"].get("supported") == "yes"
    assert modes["host-model"].findtext("model") == "Haswell-noTSX"
    assert [each.get("name") for each in modes["host-model"].findall("feature")] == ["vmx"]
    usable = {model.text: model.get("usable") for model in modes["custom"].findall("model")}
    assert (usable["Penryn"], usable["Haswell-noTSX"], usable["Haswell"]) == ("yes", "yes", "no")


def test_sleep(conn: Any, host: Host) -> None:
    """A host that can sleep is sent to sleep for a minute at least."""
    host.suspends = ("suspend_mem",)
    assert "<suspend_mem/>" in conn.getCapabilities()
    assert conn.suspendForDuration(libvirt.VIR_NODE_SUSPEND_TARGET_MEM, 60) == 0
    with pytest.raises(libvirt.libvirtError, match="Suspend duration is too short"):
        conn.suspendForDuration(libvirt.VIR_NODE_SUSPEND_TARGET_MEM, 59)


def test_devices_of_a_file(db: str) -> None:
    """What one process adds, the next one finds."""
    libvirt.host(db).devices.pci("0000:3b:00.0")
    libvirt.reset()
    with libvirt.open(db) as conn:
        assert conn.nodeDeviceLookupByName("pci_0000_3b_00_0").isActive() == 1
