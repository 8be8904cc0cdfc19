"""Ports of networks: a domain's, and those that callers make. The test driver has none."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver
    from tests.contract.networks import Networks

_NETWORK = 19  # VIR_FROM_NETWORK
_INVALID = "Requested operation is not valid: "
_UUID = "8a4c1e90-c597-4e88-af95-e638440000{:02}"
_OWNER = f"<owner><name>o</name><uuid>{_UUID.format(99)}</uuid></owner>"
_MAC = "<mac address='52:54:0:0:0:1'/>"
_SHOWN = """\
<networkport>
  <uuid>{uuid}</uuid>
  <owner>
    <name>o</name>
    <uuid>8a4c1e90-c597-4e88-af95-e63844000099</uuid>
  </owner>
{inner}</networkport>
"""
_GROUP = (
    "<portgroup name='g' trustGuestRxFilters='yes'><bandwidth><inbound average='10'/></bandwidth></portgroup>"
    "<portgroup name='h'/>"
)


def port(inner: str = "", number: int = 1, *, owner: str = _OWNER, mac: str = _MAC) -> str:
    """Return the document of a port."""
    return f"<networkport><uuid>{_UUID.format(number)}</uuid>{owner}{mac}{inner}</networkport>"


@pytest.fixture
def network(networks: Networks) -> Any:
    """An active network with a bridge and a port group."""
    if not networks.real:
        pytest.skip("the test driver has no ports: see test_lacking")
    return networks.create(f"<bridge name='vkbr7'/>{_GROUP}")


@pytest.mark.parametrize("call", ["listAllPorts", "DHCPLeases"])
def test_lacking(networks: Networks, call: str) -> None:
    """What the test driver lacks it says."""
    made = networks.create()
    function = {"listAllPorts": "virNetworkListAllPorts", "DHCPLeases": "virNetworkGetDHCPLeases"}[call]
    text = f"this function is not supported by the connection driver: {function}"
    answer = None if networks.real else (3, _NETWORK, text)
    assert outcome(networks.driver, getattr(made, call)) == answer


def test_made(networks: Networks, network: Any) -> None:
    """A port gets its plug, and what its group says."""
    bare = network.portCreateXML(port())
    plug = "  <mac address='52:54:00:00:00:01'/>\n  <plug type='network' bridge='vkbr7'/>\n"
    assert bare.XMLDesc() == _SHOWN.format(uuid=_UUID.format(1), inner=plug)
    grouped = network.portCreateXML(port("<group>g</group>", 2))
    assert "<inbound average='10'/>" in grouped.XMLDesc()
    assert "<rxfilters trustGuest='yes'/>" in grouped.XMLDesc()
    assert network.XMLDesc().startswith("<network connections='2'>")
    assert {each.UUIDString() for each in network.listAllPorts()} == {_UUID.format(1), _UUID.format(2)}
    assert bare.network() is network
    assert bare.connect() is networks.conn


def test_look_up(networks: Networks, network: Any) -> None:
    """By UUID as text and as bytes; what is not there has a code of its own."""
    network.portCreateXML(port())
    identity = _UUID.format(1)
    assert network.portLookupByUUIDString(identity).UUIDString() == identity
    assert network.portLookupByUUID(uuid.UUID(identity).bytes).UUID() == uuid.UUID(identity).bytes
    text = f"network port not found: Network port with UUID {_UUID.format(7)} does not exist"
    error = outcome(networks.driver, lambda: network.portLookupByUUIDString(_UUID.format(7)))
    assert error == (107, _NETWORK, text)


def test_deleted(networks: Networks, network: Any) -> None:
    """A deleted port is gone."""
    made = network.portCreateXML(port())
    assert made.delete() == 0
    assert network.listAllPorts() == []
    text = f"network port not found: Network port with UUID {_UUID.format(1)} does not exist"
    assert outcome(networks.driver, made.delete) == (107, _NETWORK, text)
    assert outcome(networks.driver, made.XMLDesc) == (107, _NETWORK, text)


def test_parameters(network: Any) -> None:
    """Bandwidth can be read and set, where there is some."""
    made = network.portCreateXML(port("<group>g</group>"))
    keys = {f"inbound.{key}": 0 for key in ("average", "peak", "floor", "burst")}
    assert made.parameters() == {**keys, "inbound.average": 10}
    assert made.setParameters({"inbound.average": 7, "inbound.peak": 9}) == 0
    assert made.parameters() == {**keys, "inbound.average": 7, "inbound.peak": 9}
    assert "<inbound average='7' peak='9'/>" in made.XMLDesc()
    with pytest.raises(LookupError, match="could not be recognized"):
        made.setParameters({"outbound.average": 1})
    with pytest.raises(LookupError, match="Port has no settable attributes"):
        network.portCreateXML(port(number=2)).setParameters({"inbound.average": 1})


_FAULTS = [
    ("<networkport/>", 0, 1, "internal error: network port has no uuid"),
    (port(owner=""), 0, 1, "internal error: network port has no owner name"),
    (port(mac=""), 0, 1, "internal error: network port has no mac"),
    (port(mac="<mac address='x'/>"), 0, 1, "internal error: Unable to parse MAC 'x'"),
    (port(), 1, 8, "invalid argument: Port reclaim requested but plug type is none"),
    (
        port("<plug type='network' bridge='vkbr7'/>"),
        0,
        8,
        "invalid argument: Port reclaim not requested but plug type is not none",
    ),
    (
        port("<virtualport type='openvswitch'/>"),
        0,
        67,
        (
            "unsupported configuration: <virtualport type='openvswitch'> not supported for network '{name}' "
            "which uses IP forwarding"
        ),
    ),
    (
        port("<bandwidth><inbound average='5' floor='5'/></bandwidth>"),
        0,
        84,
        (
            "Operation not supported: Invalid use of 'floor' on interface with MAC address "
            "52:54:00:00:00:01 - network '{name}' has no inbound QoS set"
        ),
    ),
]


@pytest.mark.parametrize(("xml", "flags", "code", "text"), _FAULTS, ids=[each[3][:50] for each in _FAULTS])
def test_refused(networks: Networks, network: Any, xml: str, flags: int, code: int, text: str) -> None:
    """What is no port, or cannot be plugged in."""
    error = outcome(networks.driver, lambda: network.portCreateXML(xml, flags))
    assert error == (code, _NETWORK, text.format(name=networks.named()))


def test_reclaimed(network: Any) -> None:
    """A port that says where it is plugged in is taken as it is."""
    flag = 1  # VIR_NETWORK_PORT_CREATE_RECLAIM
    made = network.portCreateXML(port("<plug type='network' bridge='vkbr7'/>"), flag)
    assert "<plug type='network' bridge='vkbr7'/>" in made.XMLDesc()


def test_exists(networks: Networks, network: Any) -> None:
    """No two ports have one UUID."""
    network.portCreateXML(port())
    detail = f"Network port with UUID {_UUID.format(1)} already exists"
    error = outcome(networks.driver, lambda: network.portCreateXML(port()))
    assert error == (106, _NETWORK, f"network port {detail} exists already")


def test_off(networks: Networks, network: Any) -> None:
    """A network that is off has no ports."""
    del network
    other = networks.define(name="other")
    text = f"{_INVALID}network '{networks.named('other')}' is not active"
    for call in (other.listAllPorts, lambda: other.portCreateXML(port())):
        assert outcome(networks.driver, call) == (55, _NETWORK, text)


def test_exclusive_devices(networks: Networks, network: Any) -> None:
    """Each port of a passthrough network has a device of the pool to itself."""
    del network
    inner = "<forward mode='passthrough'><interface dev='e1'/><interface dev='e2'/></forward>"
    pool = networks.create(inner, "pool")
    plugs = [pool.portCreateXML(port(number=number)).XMLDesc() for number in (1, 2)]
    assert "<plug type='direct' dev='e1' mode='passthrough'/>" in plugs[0]
    assert "<plug type='direct' dev='e2' mode='passthrough'/>" in plugs[1]
    assert "<interface dev='e1' connections='1'/>" in pool.XMLDesc()
    what = "requires exclusive access to interfaces, but none are available"
    error = outcome(networks.driver, lambda: pool.portCreateXML(port(number=3)))
    assert error == (1, _NETWORK, f"internal error: network '{networks.named('pool')}' {what}")


def test_shared_devices(networks: Networks, network: Any) -> None:
    """Ports of other macvtap networks share the devices evenly."""
    del network
    inner = "<forward mode='vepa'><interface dev='e1'/><interface dev='e2'/></forward>"
    pool = networks.create(inner, "pool")
    plugs = [pool.portCreateXML(port(number=number)).XMLDesc() for number in (1, 2, 3)]
    assert ["dev='e1'" in each for each in plugs] == [True, False, True]


def test_merged(networks: Networks, network: Any) -> None:
    """A port has what it says itself and what its network says."""
    del network
    inner = (
        "<forward mode='bridge'/><bridge name='ovsx'/><vlan><tag id='5'/></vlan>"
        "<virtualport type='openvswitch'/><port isolated='yes'/>"
    )
    ovs = networks.create(inner, "ovs")
    own = f"<virtualport><parameters interfaceid='{_UUID.format(11)}'/></virtualport>"
    assert ovs.portCreateXML(port(own)).XMLDesc() == _SHOWN.format(
        uuid=_UUID.format(1),
        inner=(
            "  <mac address='52:54:00:00:00:01'/>\n  <virtualport type='openvswitch'>\n"
            f"    <parameters interfaceid='{_UUID.format(11)}'/>\n  </virtualport>\n  <vlan>\n"
            "    <tag id='5'/>\n  </vlan>\n  <port isolated='yes'/>\n  <plug type='bridge' bridge='ovsx'/>\n"
        ),
    )
    other = "<virtualport type='802.1Qbh'><parameters profileid='a'/></virtualport>"
    text = "XML error: attempt to merge virtualports with mismatched types (802.1Qbh and openvswitch)"
    assert outcome(networks.driver, lambda: ovs.portCreateXML(port(other, 2))) == (27, 11, text)


def test_of_a_domain(driver: Driver, networks: Networks, network: Any) -> None:
    """An interface of a running domain has a port, whose UUID its document tells."""
    mac = "<mac address='52:54:00:00:00:09'/>"
    source = f"<source network='{networks.named()}' portgroup='h'/>"
    domain = networks.conn.createXML(
        driver.xml(devices=f"<interface type='network'>{mac}{source}</interface>"), 0
    )
    (found,) = network.listAllPorts()
    text = found.XMLDesc()
    assert f"<owner>\n    <name>{driver.named()}</name>\n    <uuid>{driver.uuid()}</uuid>" in text
    assert mac in text
    assert "<group>h</group>" in text
    assert "<plug type='network' bridge='vkbr7'/>" in text
    domain.destroy()
    assert network.listAllPorts() == []


def test_of_a_plugged_interface(driver: Driver, networks: Networks, network: Any) -> None:
    """An interface that comes later has a port too; its network is to be there and to run."""
    domain = networks.conn.createXML(driver.xml(inner="<features><acpi/></features>"), 0)
    networks.define(name="off")

    def interface(name: str) -> str:
        return f"<interface type='network'>{_MAC}<source network='{networks.named(name)}'/></interface>"

    text = f"Network not found: no network with matching name '{networks.named('none')}'"
    error = outcome(driver, lambda: domain.attachDevice(interface("none")))
    assert error == (43, _NETWORK, text)
    text = f"{_INVALID}network '{networks.named('off')}' is not active"
    error = outcome(driver, lambda: domain.attachDevice(interface("off")))
    assert error == (55, _NETWORK, text)
    assert network.listAllPorts() == []
    domain.attachDevice(interface("one"))
    (found,) = network.listAllPorts()
    assert f"portid='{found.UUIDString()}' bridge='vkbr7'" in domain.XMLDesc()
