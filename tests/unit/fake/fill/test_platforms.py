"""What each machine gets without being asked."""

from __future__ import annotations

import pytest

from tests.unit.fake.fill.filling import filled, models, places

_MACHINES = [
    # arch, machine, type; controllers by type, devices that are there, network card
    (
        "x86_64",
        "pc",
        "qemu",
        {"usb": ["piix3-uhci"], "pci": ["pci-root"]},
        "input memballoon audio",
        "rtl8139",
    ),
    ("x86_64", "isapc", "qemu", {"usb": []}, "input", ""),
    ("x86_64", "q35", "kvm", {"usb": ["qemu-xhci"], "sata": [None]}, "input memballoon", "rtl8139"),
    ("aarch64", "virt", "qemu", {"usb": []}, "audio", "virtio"),
    ("armv7l", "vexpress-a9", "qemu", {"usb": [], "pci": []}, "audio", "lan9118"),
    ("ppc64", "pseries", "qemu", {"usb": ["qemu-xhci"], "pci": ["pci-root"]}, "memballoon panic", "rtl8139"),
    ("s390x", "s390-ccw-virtio", "qemu", {"usb": [], "pci": ["pci-root"]}, "memballoon panic", "virtio"),
    ("riscv64", "virt", "qemu", {"usb": []}, "memballoon", "virtio"),
    ("mips", "malta", "qemu", {"usb": ["piix3-uhci"], "pci": ["pci-root"]}, "memballoon", "rtl8139"),
    ("sparc", "SS-5", "qemu", {"usb": [], "pci": []}, "audio", ""),
]


@pytest.mark.parametrize("row", _MACHINES, ids=lambda row: f"{row[0]}-{row[1]}")
def test_machine(row: tuple[str, str, str, dict[str, list[str | None]], str, str]) -> None:
    """Its controllers, its devices, its network card."""
    arch, machine, kind, controllers, present, card = row
    net = "<interface type='user'/>" if card else ""
    balloon = "<memballoon model='none'/>" if machine == "isapc" else ""
    tree = filled(net + balloon, arch=arch, machine=machine, kind=kind)
    for each, expected in controllers.items():
        assert models(tree, each) == expected
    assert {device.tag for device in tree.find("devices")} >= set(present.split())
    if net:
        assert tree.find("devices/interface/model").get("type") == card


@pytest.mark.parametrize(
    ("arch", "machine", "full"),
    [
        ("x86_64", "", "pc-i440fx-7.2"),
        ("x86_64", "q35", "pc-q35-7.2"),
        ("aarch64", "virt", "virt-7.2"),
        ("aarch64", "", "integratorcp"),
        ("ppc64", "pseries", "pseries-7.2"),
        ("x86_64", "pc-q35-6.2", "pc-q35-6.2"),
    ],
)
def test_names(arch: str, machine: str, full: str) -> None:
    """Short names and none stand for what Debian 12's QEMU has."""
    assert filled(arch=arch, machine=machine).find("os/type").get("machine") == full


@pytest.mark.parametrize(
    ("arch", "machine", "kind", "cpu"),
    [
        ("x86_64", "pc", "qemu", ("custom", "qemu64")),
        ("i686", "pc", "kvm", ("custom", "qemu32")),
        ("ppc64", "pseries", "qemu", ("custom", "POWER9")),
        ("ppc64", "pseries", "kvm", ("host-passthrough", None)),
        ("s390x", "s390-ccw-virtio", "kvm", ("host-model", None)),
        ("aarch64", "virt", "qemu", ("custom", "cortex-a15")),
    ],
)
def test_cpus(arch: str, machine: str, kind: str, cpu: tuple[str, str | None]) -> None:
    """The default CPU is spelt out."""
    found = filled(arch=arch, machine=machine, kind=kind).find("cpu")
    assert (found.get("mode"), found.findtext("model")) == cpu


def test_no_cpu_where_qemu_has_none() -> None:
    """MIPS has none that libvirt knows."""
    assert filled(arch="mips", machine="malta").find("cpu") is None


@pytest.mark.parametrize(("kind", "version"), [("qemu", "2"), ("kvm", "3")])
def test_interrupt_controller(kind: str, version: str) -> None:
    """ARM's virt machine always has one: the newest that works."""
    tree = filled(arch="aarch64", machine="virt", kind=kind)
    assert tree.find("features/gic").get("version") == version


@pytest.mark.parametrize(
    ("arch", "machine", "target", "model"),
    [
        ("x86_64", "pc", "isa-serial", "isa-serial"),
        ("aarch64", "virt", "system-serial", "pl011"),
        ("riscv64", "virt", "system-serial", "16550a"),
        ("ppc64", "pseries", "spapr-vio-serial", "spapr-vty"),
        ("s390x", "s390-ccw-virtio", "sclp-serial", "sclpconsole"),
    ],
)
def test_serial_ports(arch: str, machine: str, target: str, model: str) -> None:
    """Each machine has a kind of its own."""
    found = filled("<serial type='pty'/>", arch=arch, machine=machine).find("devices/serial/target")
    assert (found.get("type"), found.find("model").get("name")) == (target, model)


@pytest.mark.parametrize(
    ("arch", "machine", "model"),
    [("x86_64", "pc", "cirrus"), ("aarch64", "virt", "virtio"), ("ppc64", "pseries", "vga")],
)
def test_video(arch: str, machine: str, model: str) -> None:
    """A display implies a card."""
    tree = filled("<graphics type='vnc'/>", arch=arch, machine=machine)
    assert tree.find("devices/video/model").get("type") == model


def test_first_bus_of_the_pc() -> None:
    """What the chipset has comes first, then libvirt's order, whatever the document's."""
    devices = (
        "<disk type='file'><source file='/x'/><target dev='vda'/></disk><graphics type='vnc'/>"
        "<controller type='ide'/><sound model='ich6'/><interface type='user'/>"
    )
    tree = filled(devices)
    assert places(tree, "controller") == ["00:01.1", "00:01.2"]
    assert places(tree, "video") == ["00:02.0"]
    assert places(tree, "interface") == ["00:03.0"]
    assert places(tree, "sound") == ["00:04.0"]
    assert places(tree, "disk") == ["00:05.0"]
    assert places(tree, "memballoon") == ["00:06.0"]


def test_usb_2_controllers_share_a_slot() -> None:
    """A master and its companions, as on real hardware."""
    usb = "".join(f"<controller type='usb' model='ich9-{name}'/>" for name in ("ehci1", "uhci1", "uhci2"))
    tree = filled(usb, machine="q35")
    assert [each for each in places(tree, "controller") if ":1d." in each] == [
        "00:1d.7",
        "00:1d.0",
        "00:1d.1",
    ]
    masters = [each.get("startport") for each in tree.findall("devices/controller/master")]
    assert masters == ["0", "2"]


def test_old_devices_on_express() -> None:
    """They get a bridge of their own."""
    tree = filled("<sound model='es1370'/>", machine="q35")
    assert models(tree, "pci")[:3] == ["pcie-root", "pcie-root-port", "pcie-to-pci-bridge"]
    assert places(tree, "sound") == ["02:01.0"]


def test_no_room_for_more_if_buses_are_given() -> None:
    """Who names the ports gets no free one."""
    ports = "".join(f"<controller type='pci' index='{n}' model='pcie-root-port'/>" for n in (1, 2))
    tree = filled(f"{ports}<controller type='usb' model='none'/>", machine="q35")
    assert models(tree, "pci") == ["pcie-root-port", "pcie-root-port", "pcie-root"]
