"""The host's devices: a tree of them, by name and by what they can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

NODEDEV, TEST, QEMU, DOMAIN = 22, 12, 10, 20
ARGUMENT, UNSUPPORTED, INTERNAL = 8, 67, 1
_CAPABILITIES = (
    "SYSTEM", "PCI_DEV", "USB_DEV", "USB_INTERFACE", "NET", "SCSI_HOST", "SCSI_TARGET", "SCSI", "STORAGE",
    "FC_HOST", "VPORTS", "SCSI_GENERIC", "DRM", "MDEV_TYPES", "MDEV", "CCW_DEV", "CSS_DEV", "VDPA", "AP_CARD",
    "AP_QUEUE", "AP_MATRIX", "VPD",
)  # fmt: skip
_NAMES = (
    "system", "pci", "usb_device", "usb", "net", "scsi_host", "scsi_target", "scsi", "storage", "fc_host",
    "vports", "scsi_generic", "drm", "mdev_types", "mdev", "ccw", "css", "vdpa", "ap_card", "ap_queue",
    "ap_matrix", "vpd",
)  # fmt: skip


@pytest.fixture
def conn(driver: Driver) -> Iterator[Any]:
    """A connection; a fake host has no IOMMU here, as the lab's have none."""
    if driver.name not in {"fake", "fake-file"}:
        yield driver.conn
        return
    host = driver.module.host(driver.conn.getURI())
    host.iommu = False
    yield driver.conn
    host.iommu = True


@pytest.fixture
def computer(conn: Any) -> Any:
    """The device that all others hang on."""
    return conn.nodeDeviceLookupByName("computer")


def source(driver: Driver) -> int:
    """Return which part of libvirt has the devices."""
    return TEST if driver.family == "test" else NODEDEV


def vhba(parent: str, wwns: str = "<wwnn>2000000012341230</wwnn><wwpn>1000000012341230</wwpn>") -> str:
    """Return a document that asks for a virtual fibre channel adapter."""
    return (
        f"<device><parent>{parent}</parent><capability type='scsi_host'><capability type='fc_host'>{wwns}"
        "</capability></capability></device>"
    )


def test_tree(conn: Any) -> None:
    """Every device has a parent that there is, but the computer."""
    devices = {device.name(): device for device in conn.listAllDevices()}
    for name, device in devices.items():
        assert device.parent() in devices or name == "computer"
        assert device.numOfCaps() == len(device.listCaps())
        assert device.connect() is conn
    assert sorted(conn.listDevices(None)) == sorted(devices)
    assert conn.numOfDevices(None) == len(devices)


def test_computer(computer: Any) -> None:
    """It has no parent, and says what the machine is."""
    assert (computer.parent(), computer.listCaps()) == (None, ["system"])
    assert "<hardware>\n" in computer.XMLDesc()
    assert "    <firmware>\n" in computer.XMLDesc()


@pytest.mark.parametrize(("flag", "name"), list(zip(_CAPABILITIES, _NAMES, strict=True)))
def test_filters(driver: Driver, conn: Any, flag: str, name: str) -> None:
    """By flag and by name, the same devices."""
    bit = driver.constant(f"CONNECT_LIST_NODE_DEVICES_CAP_{flag}")
    found = {device.name() for device in conn.listAllDevices(bit)}
    assert found == set(conn.listDevices(name))
    assert conn.numOfDevices(name) == len(found)


def test_no_such_capability(conn: Any) -> None:
    """A name that libvirt does not know is that of no device."""
    assert (conn.numOfDevices("bogus"), conn.listDevices("bogus")) == (0, [])


def test_no_such_device(driver: Driver, conn: Any) -> None:
    """Code 53."""
    message = "Node device not found: no node device with matching name 'nope'"
    error = (53, source(driver), message)
    assert outcome(driver, lambda: conn.nodeDeviceLookupByName("nope")) == error
    error = (ARGUMENT, NODEDEV, "name in virNodeDeviceLookupByName must not be NULL")
    assert outcome(driver, lambda: conn.nodeDeviceLookupByName(None)) == error


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("destroy", (UNSUPPORTED, NODEDEV, "unsupported configuration: Unsupported device type")),
        ("undefine", (UNSUPPORTED, NODEDEV, "unsupported configuration: Unsupported device type")),
        ("create", (55, NODEDEV, "Requested operation is not valid: Device is already active")),
        ("reset", (ARGUMENT, DOMAIN, "invalid argument: device computer is not a PCI device")),
        ("reAttach", (ARGUMENT, DOMAIN, "invalid argument: device computer is not a PCI device")),
    ],
)
def test_what_a_computer_does_not_do(
    driver: Driver, computer: Any, call: str, error: tuple[int, int, str]
) -> None:
    """It is no PCI device, and nobody made it; the test driver lacks most calls, and destroys nothing."""
    if driver.family == "test":
        if call == "destroy":
            assert computer.destroy() == 0
            assert computer.XMLDesc()
            return
        function = f"virNodeDevice{call[0].upper()}{call[1:]}"
        message = f"this function is not supported by the connection driver: {function}"
        error = (3, NODEDEV, message)
    assert outcome(driver, getattr(computer, call)) == error


def test_without_iommu(driver: Driver, computer: Any) -> None:
    """Nothing can be given to guests; an unknown driver is told first."""
    if driver.family == "test":
        pytest.skip("the test driver gives no devices away")
    text = "argument unsupported: VFIO device assignment is currently not supported on this system"
    for call in (computer.dettach, lambda: computer.detachFlags(None), lambda: computer.detachFlags("vfio")):
        assert outcome(driver, call) == (74, QEMU, text)
    error = (ARGUMENT, QEMU, "invalid argument: unknown driver name 'bogus'")
    assert outcome(driver, lambda: computer.detachFlags("bogus")) == error


def test_a_computer_is_always_there(driver: Driver, computer: Any) -> None:
    """Active, persistent, there from the start, and that cannot be changed."""
    if driver.family == "test":
        pytest.skip("the test driver does not say")
    assert (computer.isActive(), computer.isPersistent(), computer.autostart()) == (1, 1, 1)
    error = (84, NODEDEV, "Operation not supported: Unsupported device type")
    assert outcome(driver, lambda: computer.setAutostart(1)) == error


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        ("<foo/>", (27, 5, "XML error: expecting root element of 'device', not 'foo'")),
        ("x", (35, NODEDEV, "(node_device_definition):1: Start tag expected, '<' not found\nx\n^")),
        ("<device/>", (INTERNAL, NODEDEV, "internal error: no device capabilities for 'new device'")),
        (
            "<device><capability/></device>",
            (27, 5, "XML error: Missing required attribute 'type' in element 'capability'"),
        ),
        (
            "<device><capability type='x'/></device>",
            (27, 5, "XML error: Invalid value for attribute 'type' in element 'capability': 'x'."),
        ),
        (
            "<device><capability type='pci'/></device>",
            (INTERNAL, NODEDEV, "internal error: no PCI domain ID supplied for 'new device'"),
        ),
        (
            "<device><capability type='scsi_host'/></device>",
            (INTERNAL, NODEDEV, "internal error: Device is not a fibre channel HBA"),
        ),
        (
            vhba("nobody"),
            (INTERNAL, NODEDEV, "internal error: Could not find parent device for 'new device'"),
        ),
        (
            vhba("computer"),
            (INTERNAL, NODEDEV, "internal error: Parent device computer is not capable of vport operations"),
        ),
        (
            "<device><parent wwnn='1'/><capability type='scsi_host'/></device>",
            (
                27,
                NODEDEV,
                "XML error: when providing parent wwnn='1', the wwpn must also be provided",
            ),
        ),
    ],
)
def test_faulty_document(driver: Driver, conn: Any, xml: str, error: tuple[int, int, str]) -> None:
    """Nothing is made."""
    before = sorted(conn.listDevices(None))
    assert outcome(driver, lambda: conn.nodeDeviceCreateXML(xml)) == error
    assert sorted(conn.listDevices(None)) == before


@pytest.mark.parametrize(
    ("inner", "error"),
    [
        (
            "<capability type='mdev'><type id='t'/></capability>",
            (UNSUPPORTED, NODEDEV, "unsupported configuration: missing parent device"),
        ),
        (
            "<parent>nobody</parent><capability type='mdev'><type id='t'/></capability>",
            (UNSUPPORTED, NODEDEV, "unsupported configuration: invalid parent device 'nobody'"),
        ),
        (
            "<parent>computer</parent><capability type='mdev'/>",
            (UNSUPPORTED, NODEDEV, "unsupported configuration: missing type id attribute for 'new device'"),
        ),
        (
            "<parent>computer</parent><capability type='mdev'><type id='t'/><uuid>x</uuid></capability>",
            (INTERNAL, NODEDEV, "internal error: Invalid uuid 'x' for new mdev device"),
        ),
    ],
)
def test_faulty_mediated_device(driver: Driver, conn: Any, inner: str, error: tuple[int, int, str]) -> None:
    """Whether it is to start or to be defined."""
    if driver.family == "test":
        pytest.skip("the test driver has none")
    xml = f"<device>{inner}</device>"
    assert outcome(driver, lambda: conn.nodeDeviceCreateXML(xml)) == error
    assert outcome(driver, lambda: conn.nodeDeviceDefineXML(xml)) == error


def test_virtual_adapter(driver: Driver, conn: Any, recorder: Recorder) -> None:
    """It is made on an adapter that can carry it, told of, and destroyed."""
    if driver.family == "qemu":
        pytest.skip("the lab's hosts have no fibre channel")
    seen: list[Any] = []
    number = conn.nodeDeviceEventRegisterAny(
        None,
        driver.constant("NODE_DEVICE_EVENT_ID_LIFECYCLE"),
        lambda _conn, device, event, detail, opaque: seen.append((device.name(), event, detail, opaque)),
        "mine",
    )
    device = conn.nodeDeviceCreateXML(vhba("scsi_host1"))
    assert (device.name(), device.parent()) == ("scsi_host12", "scsi_host1")
    assert "<wwnn>2000000012341230</wwnn>" in device.XMLDesc()
    assert device.destroy() == 0
    error = (53, TEST, "Node device not found: no node device with matching name 'scsi_host12'")
    assert outcome(driver, device.XMLDesc) == error
    recorder.names()
    conn.nodeDeviceEventDeregisterAny(number)
    assert seen == [("scsi_host12", 0, 0, "mine"), ("scsi_host12", 1, 0, "mine")]


def test_a_pool_makes_its_adapter(driver: Driver, conn: Any) -> None:
    """The test driver has one such adapter for all pools: the first that goes takes it along."""
    if driver.family != "test":
        pytest.skip("only libvirt's test driver does that")

    def make(digit: int) -> Any:
        wwns = f"wwnn='200000000000000{digit}' wwpn='100000000000000{digit}'"
        return conn.storagePoolCreateXML(
            f"<pool type='scsi'><name>contract-{digit}</name><source><adapter type='fc_host' "
            f"parent='scsi_host1' {wwns}/></source><target><path>/dev/disk/by-path</path></target></pool>"
        )

    first, second = make(1), make(2)
    assert "<wwnn>2000000000000002</wwnn>" in conn.nodeDeviceLookupByName("scsi_host12").XMLDesc()
    assert first.destroy() == 0
    assert "scsi_host12" not in conn.listDevices(None)
    error = (53, TEST, "Node device not found: no node device with matching name 'scsi_host12'")
    assert outcome(driver, second.destroy) == error
    assert (second.isActive(), second.undefine()) == (0, 0)
