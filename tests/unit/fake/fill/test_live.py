"""Running guests: what the host lends them, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fake.fill.filling import filled
from virtkit import fake
from virtkit.fake.fill import live, views
from virtkit.tree import parse

_XML = (
    "<domain type='{kind}'><name>{name}</name><memory>65536</memory><os><type>{os}</type>{init}</os>"
    "<devices>{devices}</devices></domain>"
)


@pytest.fixture
def conn(request: pytest.FixtureRequest) -> Any:
    """A host of this test's own."""
    return fake.open(f"fake:///fill-{abs(hash(request.node.name))}")


def _define(conn: Any, name: str, devices: str) -> Any:
    return conn.defineXML(_XML.format(kind="qemu", name=name, os="hvm", init="", devices=devices))


def _values(domain: Any, path: str, name: str) -> list[str | None]:
    return [each.get(name) for each in parse(domain.XMLDesc()).findall(f"devices/{path}")]


def test_taps_are_never_the_same(conn: Any) -> None:
    """Not even after a restart: the number goes on, as libvirt's does."""
    net = "<interface type='network'><source network='default'/></interface>"
    one, two = _define(conn, "one", net * 2), _define(conn, "two", net)
    one.create()
    two.create()
    assert _values(one, "interface/target", "dev") == ["vnet0", "vnet1"]
    assert _values(two, "interface/target", "dev") == ["vnet2"]
    one.destroy()
    one.create()
    assert _values(one, "interface/target", "dev") == ["vnet3", "vnet4"]


def test_ports_come_back(conn: Any) -> None:
    """The lowest that is free, VNC and SPICE from one row."""
    one = _define(conn, "one", "<graphics type='vnc'/><graphics type='spice' autoport='yes'/>")
    two = _define(conn, "two", "<graphics type='vnc'/>")
    one.create()
    two.create()
    assert _values(one, "graphics", "port") + _values(two, "graphics", "port") == ["5900", "5901", "5902"]
    one.destroy()
    two.destroy()
    two.create()
    assert _values(two, "graphics", "port") == ["5900"]


@pytest.mark.parametrize(
    "graphics",
    ["<graphics type='vnc' port='5999'/>", "<graphics type='vnc' socket='/s'/>",
     "<graphics type='spice'/>", "<graphics type='egl-headless'/>"],
)  # fmt: skip
def test_who_needs_no_port_gets_none(graphics: str, conn: Any) -> None:
    """The next display still gets the first."""
    _define(conn, "one", graphics).create()
    two = _define(conn, "two", "<graphics type='vnc'/>")
    two.create()
    assert _values(two, "graphics", "port") == ["5900"]


def test_terminals_come_back(conn: Any) -> None:
    """They are numbered for the whole host."""
    one, two = _define(conn, "one", "<serial type='pty'/>" * 2), _define(conn, "two", "<console type='pty'/>")
    one.create()
    two.create()
    assert _values(two, "console", "tty") == ["/dev/pts/2"]
    one.destroy()
    two.destroy()
    two.create()
    assert _values(two, "console", "tty") == ["/dev/pts/0"]


def test_images_are_numbered_from_the_last() -> None:
    """Their backing images follow."""
    chain = "<backingStore type='file'><format type='raw'/><source file='/b'/></backingStore>"
    disk = "<disk type='file'><source file='/x'/>{}<target dev='{}' bus='virtio'/></disk>"
    tree = filled(disk.format(chain, "vda") + disk.format("", "vdb"))
    live.fill(tree, "qemu", 1)
    assert [each.get("index") for each in tree.findall("devices/disk/source")] == ["2", "1"]
    assert tree.find("devices/disk/backingStore").get("index") == "3"
    assert tree.find("devices/disk/backingStore/backingStore").get("type") is None


def test_an_empty_drive_has_no_format() -> None:
    """Nothing is known of what will be in it."""
    tree = filled("<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>")
    live.fill(tree, "qemu", 1)
    assert dict(tree.find("devices/disk/driver").attrib) == {"name": "qemu"}


def test_host_model_is_spelt_out() -> None:
    """In the running document, and with UPDATE_CPU in the inactive one."""
    for show in (lambda tree: live.fill(tree, "qemu", 1), views.update_cpu):
        tree = filled(kind="kvm", inner="<cpu mode='host-model'/>")
        show(tree)
        assert tree.find("cpu").get("mode") == "custom"
        assert tree.findtext("cpu/model") == "Skylake-Client-IBRS"


@pytest.mark.parametrize(
    ("devices", "gone", "stays"),
    [
        ("", "controller[@type='usb']", "input[@type='mouse']"),
        ("", "controller[@type='pci']", "memballoon"),
        ("<controller type='usb' model='ehci'/>", "audio", "controller[@type='usb']"),
        ("<audio id='1' type='alsa'/>", "input[@type='keyboard']", "audio"),
        ("<controller type='usb'><alias name='ua-x'/></controller>", "audio", "controller[@type='usb']"),
    ],
)
def test_for_migration(devices: str, gone: str, stays: str) -> None:
    """What old libvirts added by themselves is left out, unless the user has said something about it."""
    tree = filled(devices)
    views.migratable(tree, active=False)
    assert not tree.xpath(f"devices/{gone}")
    assert tree.xpath(f"devices/{stays}")


def test_migration_of_power_forgets_the_panic_device() -> None:
    """The firmware has one."""
    tree = filled("<serial type='pty'/>", arch="ppc64", machine="pseries")
    views.migratable(tree, active=False)
    assert tree.find("devices/panic") is None
    assert tree.find("devices/serial/target").get("type") is None


def test_containers(conn: Any) -> None:
    """Their consoles are terminals; the host's root is theirs, unless they have one."""
    xml = _XML.format(
        kind="lxc", name="c", os="exe", init="<init>/bin/sh</init>", devices="<console type='pty'/>"
    )
    domain = conn.defineXML(xml)
    assert parse(domain.XMLDesc()).find("os/boot") is None
    domain.create()
    tree: Any = parse(domain.XMLDesc())
    assert tree.find("devices/console").get("tty") == "/dev/pts/0"
    assert tree.find("devices/filesystem/target").get("dir") == "/"
    assert tree.findtext("devices/emulator") == "/usr/lib/libvirt/libvirt_lxc"


def test_containers_need_a_console(conn: Any) -> None:
    """LXC's driver says so."""
    xml = _XML.format(kind="lxc", name="c", os="exe", init="<init>/bin/sh</init>", devices="")
    with pytest.raises(fake.libvirtError, match="At least one PTY console is required"):
        conn.defineXML(xml)


@pytest.mark.parametrize("mode", ["host-passthrough", "host-model"])
def test_cpus_that_need_hardware(conn: Any, mode: str) -> None:
    """They are defined, and refused only when the guest is to run: it keeps no id and borrows nothing."""
    arch = "x86_64" if mode == "host-passthrough" else "aarch64"
    text = _XML.format(kind="qemu", name="far", os="hvm", init="", devices="")
    wanted = text.replace("<type>", f"<type arch='{arch}'>").replace("</os>", f"</os><cpu mode='{mode}'/>")
    domain = conn.defineXML(wanted)
    with pytest.raises(fake.libvirtError, match=f"CPU mode '{mode}' for {arch} qemu domain on x86_64 host"):
        domain.create()
    assert domain.ID() == -1
    assert not domain.isActive()
