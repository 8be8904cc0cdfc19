"""What a fake network does over time, and what a host sets: leases, the first network, failed starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline

_MAC = "52:54:00:00:00:{:02x}"
_SIX = (
    "<ip family='ipv6' address='fd00::1' prefix='64'><dhcp><range start='fd00::10' end='fd00::1f'/></dhcp>"
    "</ip>"
)


def network_xml(inner: str = "", *, name: str = "net", last: int = 12) -> str:
    """Return a network with a DHCP server and few addresses, given for two minutes."""
    return (
        f"<network><name>{name}</name><ip address='10.77.0.1' netmask='255.255.255.0'><dhcp>"
        f"<range start='10.77.0.10' end='10.77.0.{last}'><lease expiry='2'/></range></dhcp></ip>"
        f"{inner}</network>"
    )


def guest_xml(number: int, network: str = "net", *, inner: str = "") -> str:
    """Return a domain with one interface."""
    source = f"<mac address='{_MAC.format(number)}'/><source network='{network}'/>"
    return domain_xml(
        f"guest{number}", inner=inner, devices=f"<interface type='network'>{source}</interface>"
    )


def addresses(network: Any) -> dict[str, str]:
    """Return who has which address, by the last two digits of the MAC address."""
    return {lease["mac"][-2:]: lease["ipaddr"] for lease in network.DHCPLeases()}


def test_first_free_address_in_the_order_of_booting(conn: Any, held: Timeline) -> None:
    """Whoever is up first gets the first address, whoever asks first."""
    network = conn.networkCreateXML(network_xml())
    slow = "<metadata><guest xmlns='urn:virtkit:fake:guest' boot_time='30'/></metadata>"
    conn.createXML(guest_xml(1, inner=slow))
    conn.createXML(guest_xml(2))
    assert addresses(network) == {"02": "10.77.0.10"}
    held.advance(30)
    assert addresses(network) == {"01": "10.77.0.11", "02": "10.77.0.10"}


def test_a_lease_is_renewed_while_the_guest_runs(conn: Any, held: Timeline) -> None:
    """At half its time; without the guest it lasts until it expires, and the address stays the guest's."""
    network = conn.networkCreateXML(network_xml())
    first = conn.createXML(guest_xml(1))
    conn.createXML(guest_xml(2))
    begun = network.DHCPLeases()[0]["expirytime"]
    held.advance(59)
    assert network.DHCPLeases()[0]["expirytime"] == begun
    held.advance(1)
    assert network.DHCPLeases()[0]["expirytime"] == begun + 60
    first.destroy()
    held.advance(120)
    assert addresses(network) == {"01": "10.77.0.10", "02": "10.77.0.11"}
    held.advance(1)
    assert addresses(network) == {"02": "10.77.0.11"}
    conn.createXML(guest_xml(3))
    conn.createXML(guest_xml(1))
    assert addresses(network) == {"01": "10.77.0.10", "02": "10.77.0.11", "03": "10.77.0.12"}


def test_no_address_is_left(conn: Any, held: Timeline) -> None:
    """Who comes too late has none until a lease expires."""
    network = conn.networkCreateXML(network_xml(last=10))
    first = conn.createXML(guest_xml(1))
    second = conn.createXML(guest_xml(2))
    assert addresses(network) == {"01": "10.77.0.10"}
    assert second.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE) == {}
    first.destroy()
    held.advance(121)
    assert addresses(network) == {"02": "10.77.0.10"}


def test_a_paused_guest_does_not_boot(conn: Any, held: Timeline) -> None:
    """A guest that does not run asks for nothing."""
    network = conn.networkCreateXML(network_xml())
    conn._host.guest.boot_time = 10.0
    domain = conn.createXML(guest_xml(1), libvirt.VIR_DOMAIN_START_PAUSED)
    held.advance(60)
    assert addresses(network) == {}
    domain.resume()
    held.advance(10)
    assert addresses(network) == {"01": "10.77.0.10"}


def test_both_families(conn: Any, held: Timeline) -> None:
    """A network with DHCPv6 gives two addresses, the second with an identity of its own."""
    network = conn.networkCreateXML(network_xml(_SIX))
    domain = conn.createXML(guest_xml(1))
    four, six = network.DHCPLeases()
    assert (four["type"], four["iaid"], four["prefix"]) == (0, None, 24)
    assert (six["type"], six["ipaddr"], six["prefix"]) == (1, "fd00::10", 64)
    assert (six["clientid"], six["iaid"]) == (f"00:03:00:01:{_MAC.format(1)}", "1")
    lease = libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE
    ((_, shown),) = domain.interfaceAddresses(lease).items()
    assert [each["addr"] for each in shown["addrs"]] == ["10.77.0.10", "fd00::10"]
    arp = libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP
    ((_, shown),) = domain.interfaceAddresses(arp).items()
    assert shown["addrs"] == [{"addr": "10.77.0.10", "prefix": 0, "type": 0}]


def test_a_reservation_by_name(conn: Any, held: Timeline) -> None:
    """A guest's own name counts too."""
    network = conn.networkCreateXML(network_xml())
    network.update(
        libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST,
        libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST,
        -1,
        "<host name='web' ip='10.77.0.99'><lease expiry='0'/></host>",
    )
    own = "<metadata><guest xmlns='urn:virtkit:fake:guest' hostname='web'/></metadata>"
    conn.createXML(guest_xml(1, inner=own))
    (lease,) = network.DHCPLeases()
    assert (lease["ipaddr"], lease["hostname"], lease["expirytime"]) == ("10.77.0.99", "web", 0)


def test_a_bridge_leads_to_the_network(conn: Any) -> None:
    """An interface on the network's bridge has an address too, which only a look by the bridge shows."""
    network = conn.networkCreateXML(network_xml("<bridge name='br7'/>"))
    source = f"<mac address='{_MAC.format(1)}'/><source bridge='br7'/>"
    domain = conn.createXML(domain_xml(devices=f"<interface type='bridge'>{source}</interface>"))
    assert addresses(network) == {"01": "10.77.0.10"}
    assert domain.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE) == {}
    assert domain.interfaceAddresses(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP) != {}


def test_leases_outlive_the_process(db: str, held: Timeline) -> None:
    """Networks, leases and ports are in the file."""
    conn = libvirt.open(db)
    network = conn.networkDefineXML(network_xml())
    network.create()
    conn.createXML(guest_xml(1))
    before = (network.XMLDesc(), network.DHCPLeases(), network.listAllPorts()[0].XMLDesc())
    conn.close()
    libvirt.reset()
    network = libvirt.open(db).networkLookupByName("net")
    after = (network.XMLDesc(), network.DHCPLeases(), network.listAllPorts()[0].XMLDesc())
    assert after == before


@pytest.mark.parametrize("uri", ["fake:///one", "file", "test:///default"])
def test_every_host_has_the_network_default(uri: str, db: str) -> None:
    """Active from the start, with the address that everybody knows."""
    network = libvirt.open(db if uri == "file" else uri).networkLookupByName("default")
    assert (network.isActive(), network.isPersistent()) == (1, 1)
    assert network.autostart() == int(not uri.startswith("test"))
    assert network.bridgeName() == "virbr0"
    assert "<ip address='192.168.122.1' netmask='255.255.255.0'>" in network.XMLDesc()


def test_a_host_without_it(conn: Any) -> None:
    """A host can have none; then a domain on it does not start, as on a real one."""
    libvirt.host("one").default_network = False
    assert conn.listAllNetworks() == []
    with pytest.raises(libvirt.libvirtError, match="no network with matching name 'default'"):
        conn.createXML(guest_xml(1, "default"))


def test_it_does_not_come_back(conn: Any) -> None:
    """Who removes it has none."""
    network = conn.networkLookupByName("default")
    network.destroy()
    network.undefine()
    assert conn.listAllNetworks() == []


@pytest.mark.parametrize("store", ["memory", "file"])
def test_a_failed_start_leaves_nothing_half_done(store: str, conn: Any, db: str) -> None:
    """The domain is off and says that it failed; a saved image is still there."""
    conn = conn if store == "memory" else libvirt.open(db)
    network = conn.networkDefineXML(network_xml())
    network.create()
    domain = conn.defineXML(guest_xml(1))
    domain.create()
    domain.managedSave()
    network.destroy()
    for _ in range(2):
        with pytest.raises(libvirt.libvirtError, match="network 'net' is not active"):
            domain.create()
        assert domain.state() == [libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_FAILED]
        assert domain.hasManagedSaveImage()
    network.create()
    domain.create()
    assert domain.state()[0] == libvirt.VIR_DOMAIN_RUNNING


def test_a_pool_of_virtual_functions(conn: Any) -> None:
    """A network that is a device's virtual functions lists them while it runs, one for each domain."""
    network = conn.networkDefineXML(
        "<network><name>net</name><forward mode='hostdev'><pf dev='eth3'/></forward></network>"
    )
    assert "<address" not in network.XMLDesc()
    network.create()
    assert network.XMLDesc().count("<address type='pci'") == 7
    assert network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE).count("<address") == 0
    for number in range(7):
        conn.createXML(guest_xml(number))
    with pytest.raises(libvirt.libvirtError, match="requires exclusive access to interfaces"):
        conn.createXML(guest_xml(8))
    conn.lookupByName("guest0").destroy()
    conn.createXML(guest_xml(8))
    assert network.XMLDesc().startswith("<network connections='7'>")


def test_guaranteed_bandwidth(conn: Any) -> None:
    """Guarantees add up to what the network has, and each has a class of its own."""
    inner = "<bandwidth><inbound average='1000' peak='2000'/></bandwidth>"
    network = conn.networkCreateXML(network_xml(inner))
    floor = "<bandwidth><inbound average='5' floor='900'/></bandwidth>"
    owner = f"<owner><name>o</name><uuid>{network.UUIDString()}</uuid></owner>"

    def plug(number: int) -> Any:
        uuid = f"<uuid>8a4c1e90-c597-4e88-af95-e638440000{number:02}</uuid>"
        mac = f"<mac address='{_MAC.format(number)}'/>"
        return network.portCreateXML(f"<networkport>{uuid}{owner}{mac}{floor}</networkport>")

    assert [f"classID='{number}'" in plug(number).XMLDesc() for number in (3, 4)] == [True, True]
    text = (
        "Cannot plug '52:54:00:00:00:05' interface into 'virbr1' because new combined inbound floor=2700 "
        "would overcommit peak=2000 on network 'net'"
    )
    with pytest.raises(libvirt.libvirtError, match=text):
        plug(5)
