"""The views on documents that are no domains: what they read, write and find, and where they put it."""

from typing import Any, assert_type

import pytest

from tests.unit.model.completeness import KINDS
from virtkit import model
from virtkit.errors import DocumentError
from virtkit.model.capabilities.guest import Guest
from virtkit.model.networks.addresses import DhcpHost, NetworkIp
from virtkit.model.nodedevices import SubCapability
from virtkit.model.nwfilters import Rule
from virtkit.model.snapshots import SnapshotDisk
from virtkit.model.views import ViewList

NETWORK = """\
<network xmlns:dnsmasq="http://libvirt.org/schemas/network/dnsmasq/1.0">
  <name>default</name>
  <bridge name="virbr0" stp="on" delay="0"/>
  <future kept="yes"/>
  <ip address="192.168.122.1" netmask="255.255.255.0">
    <dhcp>
      <range start="192.168.122.2" end="192.168.122.99"/>
      <host mac="52:54:00:AA:BB:01" name="web" ip="192.168.122.10"/>
    </dhcp>
  </ip>
  <ip family="ipv6" address="fd00::1" prefix="64"/>
  <portgroup name="staff" default="yes"/>
  <dnsmasq:options>
    <dnsmasq:option value="log-queries"/>
  </dnsmasq:options>
</network>
"""

FILTER = """\
<filter name="web" chain="root">
  <uuid>8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11</uuid>
  <rule action="accept" direction="in" priority="100" statematch="False">
    <tcp dstportstart="80" dstportend="0x01bb" srcipmask="$MASK"/>
    <tcp match="no" flags="SYN/ALL"/>
  </rule>
  <filterref filter="clean-traffic"/>
  <rule action="drop" direction="inout"/>
</filter>
"""


def test_a_network_reads_with_its_types() -> None:
    """Also for mypy."""
    network = model.Network.parse(NETWORK)
    assert_type(network.name, str | None)
    assert_type(network.bridge.stp, bool | None)
    assert_type(network.ips, ViewList[NetworkIp])
    assert_type(network.dhcp_host(name="web"), DhcpHost)
    assert network.bridge.stp is True
    assert network.ips[1].prefix == 64
    assert network.dnsmasq_options.options[0].value == "log-queries"
    assert network.to_xml() == NETWORK


def test_what_is_new_in_a_network_goes_where_libvirt_writes_it() -> None:
    """And what no field speaks of stays."""
    network = model.Network.parse(NETWORK)
    network.forward.mode = "nat"
    network.forward.nat.port.start = 1024
    network.domain.name = "lan"
    network.dns.hosts.add(ip="192.168.122.1").hostnames.add(name="gateway")
    network.uuid = "8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11"
    tags = [str(child.tag).rpartition("}")[2] for child in network.element]
    assert tags == [
        "name", "uuid", "forward", "bridge", "domain", "dns", "future", "ip", "ip", "portgroup", "options"
    ]  # fmt: skip
    assert "<nat>" in network.to_xml()
    del network.forward.nat.port.start
    assert "<nat>" not in network.to_xml()
    assert network.dns.host("gateway").ip == "192.168.122.1"


def test_finders_of_a_network() -> None:
    """By what a user knows a guest or a group by."""
    network = model.Network.parse(NETWORK)
    assert network.dhcp_host(mac="52:54:00:aa:bb:01").ip == "192.168.122.10"
    assert network.ips[0].dhcp.host(ip="192.168.122.10").name == "web"
    assert network.portgroup("staff").default is True
    for find in (network.portgroup, network.dns.host):
        with pytest.raises(LookupError, match="'none'"):
            find("none")
    with pytest.raises(LookupError, match="no DHCP host 'none'"):
        network.dhcp_host(name="none")


def test_a_port_and_a_binding() -> None:
    """What an interface was given."""
    port = model.NetworkPort.new(uuid="u", group="staff", trust_guest_rx_filters=True)
    port.plug.update(type="hostdev-pci", managed=True)
    port.plug.address.bus = 3
    port.owner.name = "web1"
    assert [child.tag for child in port.element] == ["uuid", "owner", "group", "rxfilters", "plug"]
    binding = model.NWFilterBinding.new(portdev="vnet0")
    binding.filterref.filter = "clean-traffic"
    binding.filterref.parameters.add(name="MAC", value="52:54:00:aa:bb:01")
    binding.owner.name = "web1"
    assert [child.tag for child in binding.element] == ["owner", "portdev", "filterref"]


def test_a_pool_and_a_volume() -> None:
    """Sizes are bytes, modes are octal; both keep their spelling."""
    pool = model.StoragePool.parse(
        "<pool type='dir'><name>p</name><capacity unit='GiB'>10</capacity>"
        "<target><path>/srv</path><permissions><mode>0755</mode><owner>-1</owner></permissions></target></pool>"
    )
    assert_type(pool.capacity, int | None)
    assert (pool.capacity, pool.target.permissions.mode, pool.target.permissions.owner) == (
        10 * 2**30,
        0o755,
        -1,
    )
    pool.target.permissions.mode = 0o711
    pool.source.hosts.add(name="ceph1", port="6789")
    pool.source.auth.secret.usage = "ceph"
    pool.rbd_options.options.add(name="client_mount_timeout", value="45")
    assert "<mode>0711</mode>" in pool.to_xml()
    assert [child.tag for child in pool.element][:4] == ["name", "capacity", "source", "target"]
    assert "rbd:config_opts" in pool.to_xml()
    volume = model.StorageVolume.new(name="web.qcow2", capacity="10GiB")
    volume.target.format = "qcow2"
    volume.target.lazy_refcounts = True
    volume.backing_store.path = "/srv/base.qcow2"
    assert volume.capacity == 10 * 2**30
    assert "<lazy_refcounts/>" in volume.to_xml()
    volume.target.lazy_refcounts = False
    assert "features" not in volume.to_xml()


@pytest.mark.parametrize("value", ["0755", True, -1])
def test_a_wrong_mode_is_refused(value: Any) -> None:
    """And leaves nothing behind."""
    volume = model.StorageVolume.new(name="v")
    with pytest.raises(DocumentError, match="not a mode"):
        volume.target.permissions.mode = value
    assert volume.element.find("target") is None


def test_a_filter_reads_numbers_and_variables() -> None:
    """A number keeps its spelling, and entries their order."""
    nwfilter = model.NWFilter.parse(FILTER)
    rule = nwfilter.rules[0]
    assert_type(rule, Rule)
    assert_type(rule.tcp[0].dstportend, int | str | None)
    assert rule.statematch is False
    assert (rule.tcp[0].dstportstart, rule.tcp[0].dstportend, rule.tcp[0].srcipmask) == (80, 443, "$MASK")
    rule.tcp[0].dstportend = 443
    rule.statematch = False
    assert nwfilter.to_xml() == FILTER
    assert [type(each).__name__ for each in nwfilter.entries()] == ["Rule", "FilterRef", "Rule"]
    assert [each.match for each in rule.matches()] == [None, False]
    assert nwfilter.filterref("clean-traffic")
    with pytest.raises(LookupError, match="'none'"):
        nwfilter.filterref("none")


def test_a_secret() -> None:
    """It says what it is for; `key` is what it is looked up by."""
    secret = model.Secret.parse(
        "<secret ephemeral='no' private='yes'><usage type='volume'><volume>/srv/v</volume></usage></secret>"
    )
    assert (secret.private, secret.ephemeral, secret.usage.key) == (True, False, "/srv/v")
    secret.uuid = "u"
    assert [child.tag for child in secret.element] == ["uuid", "usage"]


def test_an_interface_within_an_interface() -> None:
    """Bridges, bonds and VLANs hold others."""
    bridge = model.Interface.new(type="bridge", name="br0", start="onboot")
    bridge.bridge.delay = 0.5
    bond = bridge.bridge.interfaces.add(type="bond", name="bond0")
    bond.bond.interfaces.add(type="ethernet", name="eth0")
    bridge.protocols.add(family="ipv4").dhcp.peerdns = False
    assert bridge.protocol("ipv4").dhcp.peerdns is False
    assert bridge.bridge.interfaces[0].bond.interfaces[0].name == "eth0"
    assert [child.tag for child in bridge.element] == ["start", "protocol", "bridge"]
    assert bridge.bridge.delay == 0.5
    with pytest.raises(LookupError, match="ipv6"):
        bridge.protocol("ipv6")


def test_a_snapshot_lists_its_disks() -> None:
    """A list's parent comes and goes with what is in it; the domain is a domain."""
    snapshot = model.DomainSnapshot.parse(
        "<domainsnapshot><name>s</name><creationTime>1</creationTime>"
        "<domain type='kvm'><name>web1</name></domain><active>1</active></domainsnapshot>"
    )
    assert_type(snapshot.disks, ViewList[SnapshotDisk])
    assert_type(snapshot.domain, model.Domain)
    assert (snapshot.domain.name, snapshot.active, snapshot.disks[:]) == ("web1", True, [])
    snapshot.disks.add(name="vda", snapshot="external").source.file = "/srv/overlay"
    assert snapshot.disk("vda").source.file == "/srv/overlay"
    assert [child.tag for child in snapshot.element] == ["name", "creationTime", "disks", "domain", "active"]
    snapshot.disks.clear()
    assert snapshot.element.find("disks") is None
    snapshot.inactive_domain.name = "web1"
    assert snapshot.element[-2].tag == "inactiveDomain"


def test_a_checkpoint_and_a_backup() -> None:
    """What changed, and where it goes."""
    checkpoint = model.DomainCheckpoint.new(name="c1", description="before")
    checkpoint.disks.add(name="vda", checkpoint="bitmap", size=7)
    backup = model.DomainBackup.new(mode="pull", incremental="c1")
    backup.server.update(transport="tcp", name="localhost", port=10809)
    backup.disks.add(name="vda", backup=True, type="file").scratch.file = "/srv/scratch"
    assert checkpoint.disk("vda").size == 7
    assert backup.disk("vda").scratch.file == "/srv/scratch"
    assert [child.tag for child in backup.element] == ["incremental", "server", "disks"]
    for find in (checkpoint.disk, backup.disk, model.DomainSnapshot.new().disk):
        with pytest.raises(LookupError, match="no disk 'vdx'"):
            find("vdx")


def test_a_device_of_the_host() -> None:
    """What it is, and what it can do besides."""
    device = model.NodeDevice.parse(
        "<device><name>pci_0000_02_00_0</name><driver><name>igb</name></driver><capability type='pci'>"
        "<class>0x020000</class><vendor id='0x8086'>Intel</vendor><bus>2</bus>"
        "<capability type='virt_functions' maxCount='7'><address bus='0x02' slot='0x10'/></capability>"
        "<pci-express><link validity='cap' speed='2.5' width='4'/></pci-express></capability></device>"
    )
    pci = device.capability
    assert_type(pci.capability("virt_functions"), SubCapability)
    assert (device.driver, pci.device_class, pci.vendor.id, pci.vendor.name) == (
        "igb",
        0x20000,
        0x8086,
        "Intel",
    )
    assert pci.capability("virt_functions").addresses[0].slot == 16
    assert (pci.bus, pci.pci_express.links[0].speed) == (2, 2.5)
    with pytest.raises(LookupError, match="'vpd'"):
        pci.capability("vpd")


def test_capabilities_of_hosts_domains_and_pools() -> None:
    """What is there is found by its name."""
    host = model.Capabilities.parse(
        "<capabilities><host><topology><cells num='1'><cell id='0'><memory unit='KiB'>4</memory>"
        "<cpus num='1'><cpu id='0' siblings='0'/></cpus></cell></cells></topology></host><guest>"
        "<os_type>hvm</os_type><arch name='x86_64'><machine maxCpus='288'>q35</machine></arch></guest>"
        "</capabilities>"
    )
    assert_type(host.guest("x86_64"), Guest)
    assert host.host.topology.cells[0].memory == 4096
    assert host.guest("x86_64").arch.machines[0].max_cpus == 288
    with pytest.raises(LookupError, match="no guests of s390x hvm; there are x86_64 hvm"):
        host.guest("s390x")
    domain = model.DomainCapabilities.parse(
        "<domainCapabilities><cpu><mode name='custom' supported='yes'><model usable='no'>EPYC</model></mode>"
        "</cpu>"
        "<devices><disk supported='yes'><enum name='bus'><value>virtio</value></enum></disk></devices>"
        "</domainCapabilities>"
    )
    assert domain.devices.disk.supported is True
    assert domain.devices.disk.enum("bus") == ["virtio"]
    assert domain.devices.tpm.enum("model") == []
    assert domain.cpu.mode("custom").models[0].usable == "no"
    with pytest.raises(LookupError, match="'maximum'"):
        domain.cpu.mode("maximum")
    pools = model.StoragePoolCapabilities.parse(
        "<storagepoolCapabilities><pool type='fs' supported='yes'><poolOptions><defaultFormat type='auto'/>"
        "</poolOptions></pool></storagepoolCapabilities>"
    )
    assert pools.pool("fs").pool_options.default_format == "auto"
    with pytest.raises(LookupError, match="'zfs'"):
        pools.pool("zfs")


@pytest.mark.parametrize("cls", KINDS.values())
def test_each_kind_refuses_other_documents(cls: type[model.View]) -> None:
    """By its root."""
    with pytest.raises(DocumentError, match="was expected"):
        cls.parse("<other/>")
    assert cls.parse(cls.new().to_xml()).to_xml() == cls.new().to_xml()


def test_a_child_that_is_there_and_empty_is_an_empty_text() -> None:
    """<genid/> asks libvirt for one; without it there is none."""
    domain = model.Domain.parse("<domain type='kvm'><genid/></domain>")
    assert (domain.genid, domain.title) == ("", None)
    domain.genid = ""
    domain.title = ""
    assert "<genid/>" in domain.to_xml()
    assert "<title/>" in domain.to_xml()


def test_a_word_that_nobody_knows_can_stay_but_not_be_set() -> None:
    """What is there may be set to itself, whatever it is."""
    domain = model.Domain.parse("<domain type='novel'/>")
    domain.type = domain.type
    with pytest.raises(DocumentError, match="none of"):
        domain.update(type="newer")
    assert domain.to_xml() == '<domain type="novel"/>\n'


def test_bools_keep_their_spelling() -> None:
    """Another word for the same stays, also one of another case; a wrong one is replaced."""
    pool = model.StoragePool.parse("<pool><features><cow state='on'/></features></pool>")
    pool.cow = True
    assert "state='on'" in pool.to_xml().replace('"', "'")
    pool.cow = False
    assert "state='no'" in pool.to_xml().replace('"', "'")
    pool.element[0][0].set("state", "Perhaps")
    pool.cow = True
    assert "state='yes'" in pool.to_xml().replace('"', "'")


def test_an_unknown_name_of_the_package() -> None:
    """The lazy package answers as others do, and lists what it has."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = model.nonsense
    assert set(model.__all__) == set(dir(model))
