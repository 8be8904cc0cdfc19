"""What the drivers make of documents: of the definition, of the running guest, and with XMLDesc's flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from virtkit.tree import parse

if TYPE_CHECKING:
    from tests.contract.driver import Driver

_MANY = (
    "<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/></disk>"
    "<controller type='scsi' model='virtio-scsi'/><interface type='user'/>"
    "<interface type='user'><model type='virtio'/><alias name='ua-mine'/></interface>"
    "<serial type='pty'/><serial type='pty'/><console type='pty'><target type='virtio'/></console>"
    "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
    "<input type='tablet' bus='usb'/><graphics type='vnc' passwd='secret'/><sound model='ich6'/>"
    "<watchdog model='i6300esb'/><rng model='virtio'><backend model='random'/></rng>"
)
_NAMES = (
    "ide0-1-0 scsi0 usb pci.0 ide virtio-serial0 net0 ua-mine serial0 serial1 serial0 console1 channel0"
    " input0 input1 input2 sound0 video0 watchdog0 balloon0 rng0"
)


@pytest.fixture
def by_qemu(driver: Driver) -> None:
    """Only QEMU's driver fills these in."""
    if driver.family == "test":
        pytest.skip("the test driver fills in nothing of the machine")


def _tree(domain: Any, flags: int = 0) -> Any:
    return parse(domain.XMLDesc(flags))


def _start(domain: Any, driver: Driver) -> Any:
    paused = driver.constant("DOMAIN_START_PAUSED") if driver.family == "qemu" else 0
    domain.createWithFlags(paused)
    return domain


@pytest.fixture
def many(driver: Driver, conn: Any, by_qemu: None) -> Any:
    """A domain with devices of many kinds, paused."""
    return _start(conn.defineXML(driver.xml(devices=_MANY)), driver)


def test_defaults_of_every_driver(driver: Driver, conn: Any) -> None:
    """What stands in no document that is defined, and in each that is shown."""
    tree = _tree(conn.defineXML(driver.xml()))
    assert tree.find("currentMemory").text == "65536"
    assert dict(tree.find("vcpu").attrib) == {"placement": "static"}
    assert tree.find("os/boot").get("dev") == "hd"
    assert tree.find("clock").get("offset") == "utc"
    assert [tree.findtext(f"on_{each}") for each in ("poweroff", "reboot", "crash")] == [
        "destroy", "restart", "destroy",
    ]  # fmt: skip


def test_the_order_is_libvirts(driver: Driver, conn: Any) -> None:
    """Elements come in libvirt's order, whatever the order was in which they were given."""
    devices = (
        "<sound model='ich6'/><interface type='user'/><disk><source file='/x'/><target dev='hda'/></disk>"
    )
    tree = _tree(conn.defineXML(driver.xml(inner="<title>a</title>", devices=devices)))
    tags = [child.tag for child in tree]
    assert tags[:5] == ["name", "uuid", "title", "memory", "currentMemory"]
    kinds = [child.tag for child in tree.find("devices")]
    assert kinds.index("disk") < kinds.index("controller") < kinds.index("interface") < kinds.index("sound")


@pytest.mark.parametrize(
    ("bus", "dev", "place"),
    [
        ("ide", "hdd", ("0", "1", "1")),
        ("sata", "sdh", ("1", "0", "1")),
        ("scsi", "sdj", ("1", "0", "2")),
        ("fdc", "fdb", ("0", "0", "1")),
    ],
)
def test_drive_addresses(bus: str, dev: str, place: tuple[str, ...], driver: Driver, conn: Any) -> None:
    """A disk's place on its controller follows from its letter, and the controller with it."""
    kind = "floppy" if bus == "fdc" else "disk"
    disk = f"<disk type='file' device='{kind}'><source file='/x'/><target dev='{dev}' bus='{bus}'/></disk>"
    tree = _tree(conn.defineXML(driver.xml(devices=disk)))
    address = tree.find("devices/disk/address")
    assert tuple(address.get(name) for name in ("controller", "bus", "unit")) == place
    indexes = [each.get("index") for each in tree.findall("devices/controller") if each.get("type") == bus]
    assert indexes == [str(number) for number in range(int(place[0]) + 1)]


def test_the_first_console_is_the_first_serial_port(driver: Driver, conn: Any) -> None:
    """Each comes with the other."""
    for devices in ("<console type='pty'/>", "<serial type='pty'/>"):
        tree = _tree(conn.defineXML(driver.xml(devices=devices)))
        assert len(tree.findall("devices/serial")) == len(tree.findall("devices/console")) == 1
        assert tree.find("devices/console/target").get("type") == "serial"


def test_machine_is_named_in_full(driver: Driver, conn: Any, by_qemu: None) -> None:
    """An alias stands for the newest of its kind."""
    assert _tree(conn.defineXML(driver.xml())).find("os/type").get("machine") == "pc-i440fx-7.2"


@pytest.mark.usefixtures("by_qemu")
def test_pcie_machine_gets_ports(driver: Driver, conn: Any) -> None:
    """One port for each device, and one to plug into."""
    nets = "<interface type='user'><model type='virtio'/></interface>" * 3
    xml = driver.xml(devices=nets).replace("machine='pc'", "machine='q35'")
    tree = _tree(conn.defineXML(xml))
    models = [each.get("model") for each in tree.findall("devices/controller") if each.get("type") == "pci"]
    assert models == ["pcie-root", *["pcie-root-port"] * 6]  # 3 cards, USB, balloon, a free one
    places = [each.get("bus") for each in tree.findall("devices/interface/address")]
    assert places == ["0x01", "0x02", "0x03"]


@pytest.mark.usefixtures("by_qemu")
def test_more_devices_than_slots_get_a_bridge(driver: Driver, conn: Any) -> None:
    """The 30th card does not fit on the first bus."""
    xml = driver.xml(devices="<interface type='user'><model type='e1000'/></interface>" * 30)
    tree = _tree(conn.defineXML(xml))
    bridges = tree.xpath("devices/controller[@model='pci-bridge']")
    assert [bridge.find("target").get("chassisNr") for bridge in bridges] == ["1"]
    assert {each.get("bus") for each in tree.findall("devices/interface/address")} == {"0x00", "0x01"}


def test_names_of_devices(many: Any) -> None:
    """Each device of a running guest has a name; one that the user gave stays."""
    names = [alias.get("name") for alias in _tree(many).findall("devices/*/alias")]
    assert names == _NAMES.split()


def test_names_are_of_the_running_guest(many: Any, driver: Driver) -> None:
    """The next start has none, but the user's."""
    flags = driver.constant("DOMAIN_XML_INACTIVE")
    assert [each.get("name") for each in _tree(many, flags).findall("devices/*/alias")] == ["ua-mine"]


def test_terminals(many: Any) -> None:
    """Each serial port has a terminal of its own, which the first console shows as its own too."""
    tree = _tree(many)
    serials = [each.get("path") for each in tree.findall("devices/serial/source")]
    consoles = tree.findall("devices/console")
    assert len({*serials, consoles[1].find("source").get("path")}) == 3
    assert consoles[0].get("tty") == consoles[0].find("source").get("path") == serials[0]


def test_agent_channel(many: Any, driver: Driver) -> None:
    """Its socket has the domain's id and name; nobody is there yet."""
    channel = _tree(many).find("devices/channel")
    folder = f"domain-{many.ID()}-{driver.named()}"
    assert channel.find("source").get("path").endswith(f"/{folder}/org.qemu.guest_agent.0")
    assert channel.find("target").get("state") == "disconnected"


def test_the_cpu_that_it_got(many: Any) -> None:
    """It is spelt out, and would be checked in full."""
    cpu = _tree(many).find("cpu")
    assert cpu.get("check") == "full"
    assert {each.get("name") for each in cpu.findall("feature")} >= {"hypervisor"}


def test_where_it_belongs(many: Any) -> None:
    """Its cgroup and its labels."""
    tree = _tree(many)
    assert tree.findtext("resource/partition") == "/machine"
    assert [each.get("model") for each in tree.findall("seclabel")] == ["dac"]


def _port(domain: Any) -> int:
    return int(_tree(domain).find("devices/graphics").get("port"))


@pytest.mark.usefixtures("by_qemu")
def test_ports_are_unique_and_used_again(driver: Driver, conn: Any) -> None:
    """Two displays have two ports; one that is free again is taken again."""
    vnc = "<graphics type='vnc'/>"
    one = _start(conn.defineXML(driver.xml("one", devices=vnc)), driver)
    two = _start(conn.defineXML(driver.xml("two", devices=vnc)), driver)
    port = _port(one)
    assert port >= 5900
    assert _port(two) == port + 1
    one.destroy()
    assert _port(_start(one, driver)) == port


def test_passwords(many: Any, driver: Driver) -> None:
    """They are shown to those who ask for them."""
    secure = driver.constant("DOMAIN_XML_SECURE")
    assert "secret" not in many.XMLDesc()
    assert "secret" in many.XMLDesc(secure)


def test_for_migration(many: Any, driver: Driver) -> None:
    """What there always was is left out; what belongs to the run is too."""
    tree = _tree(many, driver.constant("DOMAIN_XML_MIGRATABLE"))
    assert tree.get("id") is None
    assert tree.find("devices/audio") is None
    assert [each.get("type") for each in tree.findall("devices/input")] == ["tablet", "mouse"]
    assert not tree.xpath("devices/controller[@type='pci' or @type='usb']")
    assert tree.find("devices/graphics").get("passwd") == "secret"


def test_for_migration_without_names(driver: Driver, conn: Any, by_qemu: None) -> None:
    """A transient domain's document has no names but the user's either."""
    paused = driver.constant("DOMAIN_START_PAUSED")
    domain = conn.createXML(driver.xml(devices=_MANY), paused)
    tree = _tree(domain, driver.constant("DOMAIN_XML_MIGRATABLE"))
    assert [each.get("name") for each in tree.findall("devices/*/alias")] == ["ua-mine"]
    domain.destroy()


def test_a_redefinition_waits(driver: Driver, conn: Any) -> None:
    """The running guest keeps its document until it starts again."""
    domain = _start(conn.defineXML(driver.xml()), driver)
    conn.defineXML(driver.xml(inner="<title>new</title>"))
    assert _tree(domain).find("title") is None
    assert _tree(domain, driver.constant("DOMAIN_XML_INACTIVE")).findtext("title") == "new"


@pytest.mark.parametrize("flag", ["DOMAIN_DEFINE_VALIDATE", ""])
def test_validation(flag: str, driver: Driver, conn: Any) -> None:
    """What the schema does not know is refused when it is asked for, else it is taken."""
    xml, flags = driver.xml(inner="<bogus/>"), driver.constant(flag) if flag else 0
    if not flag:
        conn.defineXMLFlags(xml, flags)
        return
    with pytest.raises(driver.module.libvirtError) as caught:
        conn.defineXMLFlags(xml, flags)
    assert caught.value.get_error_code() == driver.constant("ERR_XML_INVALID_SCHEMA")
    assert "Element domain has extra content: bogus" in str(caught.value)
