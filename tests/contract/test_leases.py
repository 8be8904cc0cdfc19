"""What a network's DHCP server gives to guests that boot."""

from __future__ import annotations

import ipaddress
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import PATIENCE
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.driver import Driver
    from tests.contract.networks import Networks

_RESERVED, _OTHER = "52:54:00:00:77:01", "52:54:00:00:77:02"
_SERVER = f"""
<bridge name='vkbr7' stp='off' delay='0'/>
<ip address='10.77.0.1' netmask='255.255.255.0'>
  <dhcp>
    <range start='10.77.0.10' end='10.77.0.12'><lease expiry='120' unit='seconds'/></range>
    <host mac='{_RESERVED}' name='reserved' ip='10.77.0.50'/>
  </dhcp>
</ip>
"""


@pytest.fixture
def boot(request: pytest.FixtureRequest, driver: Driver) -> Callable[[str, str, str], Any]:
    """Start a guest that asks for an address: its name, its network, its MAC address."""

    def start(name: str, network: str, mac: str) -> Any:
        source = f"<mac address='{mac}'/><source network='{network}'/><model type='virtio'/>"
        interface = f"<interface type='network'>{source}</interface>"
        if driver.name != "qemu":
            return driver.conn.createXML(driver.xml(name, devices=interface), 0)
        from tests.lab.guest import ticking_domain

        lab = request.getfixturevalue("lab")
        whole = driver.named(name)
        xml = ticking_domain(whole, lab.images.x86, lab.tick_file(whole), devices=interface)
        return driver.conn.createXML(xml, 0)

    return start


def _wait(network: Any, number: int) -> list[dict[str, Any]]:
    """Return the leases once there are so many."""
    end = time.monotonic() + PATIENCE
    while True:
        found: list[dict[str, Any]] = network.DHCPLeases()
        if len(found) >= number or time.monotonic() > end:
            return found
        time.sleep(0.5)


@pytest.fixture
def network(networks: Networks) -> Any:
    """An active network with a DHCP server."""
    if not networks.real:
        pytest.skip("the test driver has no leases")
    return networks.create(_SERVER)


def test_leases(
    driver: Driver, networks: Networks, network: Any, boot: Callable[[str, str, str], Any]
) -> None:
    """A guest gets what is reserved for it, or an address of the range; and keeps it until it expires."""
    assert network.DHCPLeases() == []
    first, second = boot("one", networks.named(), _RESERVED), boot("two", networks.named(), _OTHER)
    leases = {lease["mac"]: lease for lease in _wait(network, 2)}
    reserved, other = leases[_RESERVED], leases[_OTHER]
    assert 0 < reserved["expirytime"] - time.time() < 3700
    assert 0 < other["expirytime"] - time.time() < 121
    assert {key: reserved[key] for key in reserved if key != "expirytime"} == {
        "iface": "vkbr7",
        "type": 0,
        "mac": _RESERVED,
        "ipaddr": "10.77.0.50",
        "prefix": 24,
        "hostname": "reserved",
        "clientid": f"01:{_RESERVED}",
        "iaid": None,
    }
    assert other["ipaddr"] in {"10.77.0.10", "10.77.0.11", "10.77.0.12"}
    assert network.DHCPLeases("52:54:0:0:77:2")[0]["ipaddr"] == other["ipaddr"]
    assert network.DHCPLeases("52:54:00:00:77:09") == []
    lease = driver.constant("DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE")
    ((name, shown),) = first.interfaceAddresses(lease).items()
    assert name in first.XMLDesc()
    assert shown == {
        "addrs": [{"addr": "10.77.0.50", "prefix": 24, "type": 0}],
        "hwaddr": _RESERVED,
    }
    assert first.hostname(driver.constant("DOMAIN_GET_HOSTNAME_LEASE")) == "reserved"
    second.destroy()
    assert network.DHCPLeases(_OTHER)[0]["ipaddr"] == other["ipaddr"]


def test_no_leases(driver: Driver, networks: Networks, network: Any) -> None:
    """Who has no interface has no address, and a MAC address is checked."""
    domain = networks.conn.createXML(driver.xml(), 0)
    assert domain.interfaceAddresses(driver.constant("DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE")) == {}
    assert network.DHCPLeases() == []
    error = outcome(driver, lambda: network.DHCPLeases("x"))
    assert error == (44, driver.constant("FROM_NETWORK"), "invalid MAC address: x")


def test_unknown_source(driver: Driver, running: Any) -> None:
    """A source of addresses that there is not."""
    error = outcome(driver, lambda: running.interfaceAddresses(77))
    assert error == (74, driver.source, "argument unsupported: Unknown IP address data source 77")


def test_unknown_source_of_nothing(driver: Driver, domain: Any) -> None:
    """A source of addresses that there is not, of a domain that there is not either."""
    domain.undefine()
    error = outcome(driver, lambda: domain.interfaceAddresses(77))
    gone = f"Domain not found: no domain with matching uuid '{driver.uuid()}' ({driver.named()})"
    unknown = (74, driver.source, "argument unsupported: Unknown IP address data source 77")
    assert error == (unknown if driver.family == "test" else (42, driver.source, gone))


def test_off(driver: Driver, domain: Any) -> None:
    """What is off has no addresses."""
    error = outcome(driver, lambda: domain.interfaceAddresses(0))
    assert error == (55, 20, "Requested operation is not valid: domain is not running")


@pytest.mark.parametrize("source", [0, 1, 2])
def test_invented(driver: Driver, networks: Networks, source: int) -> None:
    """The test driver makes addresses up: counted from the range's start by domain and interface."""
    if networks.real:
        pytest.skip("QEMU's driver makes nothing up")
    networks.create(_SERVER)
    networks.create("<ip family='ipv6' address='fd00::1' prefix='80'/>", "six")
    inner = "".join(
        f"<interface type='network'><source network='{networks.named(name)}'/></interface>"
        for name in ("one", "six")
    )
    domain = networks.conn.createXML(driver.xml(devices=f"{inner}<interface type='user'/>"), 0)
    found = [each["addrs"][0] for each in domain.interfaceAddresses(source).values()]
    offset = 20 * (domain.ID() - 1)
    assert found == [
        {"addr": str(ipaddress.IPv4Address("10.77.0.10") + offset + 1), "prefix": 24, "type": 0},
        {"addr": f"fd00::{(1 + offset + 2) % 256:x}", "prefix": 80, "type": 1},
        {"addr": "192.168.0.3", "prefix": 24, "type": 0},
    ]
