"""Networks: define, start, stop, list, look up."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected
from tests.contract.networks import DHCP, IP, Networks
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver

_NOWHERE = "11111111-1111-1111-1111-111111111111"
_INVALID = "Requested operation is not valid: "
_NETWORK = 19  # VIR_FROM_NETWORK


def wanted(networks: Networks, key: str, answer: tuple[int, int, str] | None) -> tuple[int, int, str] | None:
    """Return the error that the driver is to give, in its words."""
    found: tuple[int, int, str] | None = expected(networks.driver, key, answer)
    if found is None:
        return None
    code, source, text = found
    return code, source, text.format(name=networks.named(), uuid=networks.uuid())


def test_defined(networks: Networks) -> None:
    """A definition is there, off and persistent; it does not start with the host."""
    network = networks.define()
    assert (network.isActive(), network.isPersistent(), network.autostart()) == (0, 1, 0)
    assert (network.name(), network.UUIDString()) == (networks.named(), networks.uuid())
    assert network.UUID() == uuid.UUID(networks.uuid()).bytes
    assert network.connect() is networks.conn


def test_course(networks: Networks) -> None:
    """It starts, stops and goes; each step is told."""
    network = networks.define()
    assert network.create() == 0
    assert network.isActive() == 1
    assert network.destroy() == 0
    assert (network.isActive(), network.isPersistent()) == (0, 1)
    assert network.undefine() == 0
    assert networks.events() == ["DEFINED", "STARTED", "STOPPED", "UNDEFINED"]
    assert networks.named() not in [each.name() for each in networks.conn.listAllNetworks()]


def test_transient_course(networks: Networks) -> None:
    """A transient one is gone when it stops."""
    network = networks.create()
    assert (network.isActive(), network.isPersistent()) == (1, 0)
    network.destroy()
    error = wanted(
        networks,
        "network gone by uuid",
        (43, _NETWORK, "Network not found: no network with matching uuid '{uuid}' ({name})"),
    )
    assert outcome(networks.driver, network.isActive) == error
    assert networks.events() == ["STARTED", "STOPPED"]


@pytest.mark.parametrize("call", ["XMLDesc", "create", "destroy", "undefine", "autostart", "bridgeName"])
def test_gone(networks: Networks, call: str) -> None:
    """A handle of what is gone says so."""
    network = networks.define()
    network.undefine()
    error = wanted(
        networks,
        "network gone",
        (43, _NETWORK, "Network not found: no network with matching uuid '{uuid}' ({name})"),
    )
    assert outcome(networks.driver, getattr(network, call)) == error


@pytest.mark.parametrize(
    ("state", "call", "error"),
    [
        ("active", "create", (55, _NETWORK, _INVALID + "network is already active")),
        ("inactive", "destroy", (55, _NETWORK, _INVALID + "network '{name}' is not active")),
        ("transient", "undefine", (55, _NETWORK, _INVALID + "can't undefine transient network")),
        ("active", "undefine", None),
    ],
)
def test_states(networks: Networks, state: str, call: str, error: Any) -> None:
    """Which state takes which call."""
    network = networks.create() if state == "transient" else networks.define()
    if state == "active":
        network.create()
    answer = wanted(networks, f"network {call} {state}", error)
    assert outcome(networks.driver, getattr(network, call)) == answer


def test_undefined_while_active(networks: Networks) -> None:
    """It runs on as a transient one."""
    network = networks.define()
    network.create()
    if outcome(networks.driver, network.undefine) is None:
        assert (network.isActive(), network.isPersistent(), network.autostart()) == (1, 0, 0)
        network.destroy()
        assert networks.events() == ["DEFINED", "STARTED", "UNDEFINED", "STOPPED"]


def test_stop_of_what_is_off(networks: Networks) -> None:
    """The test driver tells of a stop that was none."""
    network = networks.define()
    networks.forget()
    outcome(networks.driver, network.destroy)
    assert networks.events() == expected(networks.driver, "network events of a stop", [])


def test_autostart(networks: Networks) -> None:
    """It can be set and unset, but not for a transient one."""
    network = networks.define()
    assert network.setAutostart(1) == 0
    assert network.autostart() == 1
    network.setAutostart(0)
    assert network.autostart() == 0
    transient = networks.create(name="other")
    error = (55, _NETWORK, _INVALID + "cannot set autostart for transient network")
    answer = expected(networks.driver, "network setAutostart transient", error)
    assert outcome(networks.driver, lambda: transient.setAutostart(1)) == answer


def test_create_of_a_definition(networks: Networks) -> None:
    """createXML of what is defined starts it; it stays when it stops."""
    networks.define()
    network = networks.create()
    assert (network.isActive(), network.isPersistent()) == (1, 1)
    network.destroy()
    assert network.isActive() == 0


@pytest.mark.parametrize(
    ("name", "identity", "message"),
    [
        ("one", _NOWHERE, "operation failed: network '{name}' already exists with uuid {uuid}"),
        ("other", None, "operation failed: network '{name}' is already defined with uuid {uuid}"),
    ],
    ids=["name", "uuid"],
)
@pytest.mark.parametrize("call", ["networkDefineXML", "networkCreateXML"])
def test_clashes(networks: Networks, call: str, name: str, identity: str | None, message: str) -> None:
    """No two networks have one name or one UUID."""
    networks.define()
    xml = networks.xml(name=name, identity=identity or networks.uuid())
    text = message.format(name=networks.named(), uuid=networks.uuid())
    assert outcome(networks.driver, lambda: getattr(networks.conn, call)(xml)) == (9, _NETWORK, text)


def test_create_of_what_runs(networks: Networks) -> None:
    """createXML of what is active is refused."""
    networks.create()
    text = f"{_INVALID}network is already active as '{networks.named()}'"
    assert outcome(networks.driver, networks.create) == (55, _NETWORK, text)


# finding


def test_look_up(networks: Networks) -> None:
    """By name, by UUID as text and as bytes."""
    network = networks.define()
    conn, identity = networks.conn, networks.uuid()
    found = [
        conn.networkLookupByName(networks.named()),
        conn.networkLookupByUUIDString(identity),
        conn.networkLookupByUUID(uuid.UUID(identity).bytes),
    ]
    assert {each.UUIDString() for each in found} == {identity}
    assert all(each is not network for each in found)


@pytest.mark.parametrize(
    ("call", "argument", "detail"),
    [
        ("networkLookupByName", "nobody", "no network with matching name 'nobody'"),
        ("networkLookupByUUIDString", _NOWHERE, f"no network with matching uuid '{_NOWHERE}'"),
    ],
)
def test_not_found(networks: Networks, call: str, argument: str, detail: str) -> None:
    """Code 43, from the driver."""
    error = outcome(networks.driver, lambda: getattr(networks.conn, call)(argument))
    assert error == (43, networks.source, f"Network not found: {detail}")


def test_invalid_uuid(networks: Networks) -> None:
    """What is no UUID is an invalid argument."""
    error = outcome(networks.driver, lambda: networks.conn.networkLookupByUUIDString("nothing"))
    text = "uuidstr in virNetworkLookupByUUIDString must be a valid UUID"
    assert error == (8, _NETWORK, text)


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ([], "off on transient auto"),
        (["ACTIVE"], "on transient"),
        (["INACTIVE"], "off auto"),
        (["ACTIVE", "INACTIVE"], "off on transient auto"),
        (["PERSISTENT"], "off on auto"),
        (["TRANSIENT"], "transient"),
        (["AUTOSTART"], "auto"),
        (["NO_AUTOSTART"], "off on transient"),
        (["ACTIVE", "PERSISTENT"], "on"),
        (["INACTIVE", "TRANSIENT"], ""),
    ],
    ids=str,
)
def test_filters(networks: Networks, flags: list[str], names: str) -> None:
    """Filters are ORed within a group, ANDed between groups."""
    networks.define(name="off")
    networks.define(name="on").create()
    networks.create(name="transient")
    networks.define(name="auto").setAutostart(1)
    bits = sum(networks.driver.constant(f"CONNECT_LIST_NETWORKS_{flag}") for flag in flags)
    found = {each.name() for each in networks.conn.listAllNetworks(bits)}
    prefix = networks.named("")
    assert {name.removeprefix(prefix) for name in found if name.startswith(prefix)} == set(names.split())


def test_old_lists(networks: Networks) -> None:
    """Names of what runs and what does not, and their numbers."""
    conn = networks.conn
    networks.define(name="off")
    networks.create(name="on")
    assert networks.named("on") in conn.listNetworks()
    assert networks.named("off") in conn.listDefinedNetworks()
    assert conn.numOfNetworks() == len(conn.listNetworks())
    assert conn.numOfDefinedNetworks() == len(conn.listDefinedNetworks())


def test_unknown_flag(networks: Networks) -> None:
    """An unknown flag is an invalid argument of the driver's function."""
    function = "networkConnectListAllNetworks" if networks.real else "testConnectListAllNetworks"
    text = f"unsupported flags (0x40000000) in function {function}"
    assert outcome(networks.driver, lambda: networks.conn.listAllNetworks(1 << 30)) == (
        8,
        networks.source,
        text,
    )


# bridges and addresses


def test_bridge_name(networks: Networks) -> None:
    """The name that was given, or one that libvirt's driver gives."""
    assert networks.define("<bridge name='vkbr7'/>").bridgeName() == "vkbr7"
    other = networks.define(name="other")
    if networks.real:
        assert other.bridgeName().startswith("virbr")
        assert other.bridgeName() != networks.define(name="third").bridgeName()


def test_no_bridge_name(networks: Networks) -> None:
    """A network that has no bridge says so."""
    network = networks.define("<forward mode='vepa'><interface dev='eth9'/></forward>")
    text = f"internal error: network '{networks.named()}' does not have a bridge name."
    assert outcome(networks.driver, network.bridgeName) == (1, networks.source, text)


def test_bridge_in_use(networks: Networks) -> None:
    """No two networks have one bridge."""
    networks.define("<bridge name='vkbr7'/>")
    error = (1, _NETWORK, "internal error: bridge name 'vkbr7' already in use.")
    answer = expected(networks.driver, "network bridge", error)
    assert outcome(networks.driver, lambda: networks.define("<bridge name='vkbr7'/>", "other")) == answer


def test_bridge_template(networks: Networks) -> None:
    """%d in a bridge's name becomes the first free number."""
    names = [networks.define("<bridge name='vkbr%d'/>", name).bridgeName() for name in ("one", "other")]
    assert names == (["vkbr0", "vkbr1"] if networks.real else ["vkbr%d", "vkbr%d"])


def test_same_address(networks: Networks) -> None:
    """What has the address of an active network cannot start."""
    networks.create(f"<bridge name='vkbr7'/>{DHCP}")
    other = networks.define(DHCP, "other")
    error = (1, 0, "internal error: Network is already in use by interface vkbr7")
    answer = expected(networks.driver, "network same address", error)
    assert outcome(networks.driver, other.create) == answer
    assert other.isActive() == (0 if networks.real else 1)


def test_overlapping_address(networks: Networks) -> None:
    """An overlap that is not the very same network is let through."""
    networks.create(IP.format(""))
    other = networks.define("<ip address='10.77.0.129' netmask='255.255.255.128'/>", "other")
    assert outcome(networks.driver, other.create) is None


def test_redefined_while_active(networks: Networks) -> None:
    """A new definition of what runs is that of the next start."""
    network = networks.define("<domain name='one'/>")
    network.create()
    networks.define("<domain name='two'/>")

    def domain(flags: int = 0) -> str:
        return "two" if "<domain name='two'/>" in network.XMLDesc(flags) else "one"

    inactive = networks.driver.constant("NETWORK_XML_INACTIVE") if networks.real else 0
    seen = (domain(), domain(inactive))
    network.destroy()
    assert (*seen, domain()) == expected(networks.driver, "network redefined", ("one", "two", "two"))


def test_inactive_flag(networks: Networks) -> None:
    """The test driver has no other document."""
    network = networks.define()
    answer = expected(networks.driver, "network inactive flag", None)
    assert outcome(networks.driver, lambda: network.XMLDesc(1)) == answer


def test_port_range_of_nat(networks: Networks) -> None:
    """A network that translates addresses tells, while it runs, which ports it uses."""
    network = networks.define(f"<forward/>{DHCP}")
    assert "<port" not in network.XMLDesc()
    network.create()
    shown = expected(networks.driver, "network live ports", "<port start='1024' end='65535'/>")
    assert shown in network.XMLDesc()
    network.destroy()
    assert "<port" not in network.XMLDesc()


# domains on networks


def _on(driver: Driver, network: str) -> str:
    source = f"<interface type='network'><source network='{network}'/></interface>"
    return driver.xml(devices=source)


def test_domain_without_its_network(driver: Driver, networks: Networks) -> None:
    """A domain whose network is not there does not start, and says that it failed."""
    domain = networks.conn.defineXML(_on(driver, "contract-none"))
    text = "Network not found: no network with matching name 'contract-none'"
    answer = expected(driver, "network start of domain", (43, _NETWORK, text))
    assert outcome(driver, domain.create) == answer
    if answer is not None:
        assert domain.state() == [driver.constant("DOMAIN_SHUTOFF"), driver.constant("DOMAIN_SHUTOFF_FAILED")]
        assert domain.isActive() == 0


def test_domain_on_a_network_that_is_off(driver: Driver, networks: Networks) -> None:
    """A domain whose network does not run does not start."""
    networks.define()
    domain = networks.conn.defineXML(_on(driver, networks.named()))
    text = f"{_INVALID}network '{networks.named()}' is not active"
    answer = expected(driver, "network start of domain", (55, _NETWORK, text))
    assert outcome(driver, domain.create) == answer


def test_transient_domain_without_its_network(driver: Driver, networks: Networks) -> None:
    """A transient domain that does not start is not there."""
    text = "Network not found: no network with matching name 'contract-none'"
    answer = expected(driver, "network start of domain", (43, _NETWORK, text))
    assert outcome(driver, lambda: networks.conn.createXML(_on(driver, "contract-none"), 0)) == answer
    if answer is not None:
        assert driver.named() not in [each.name() for each in networks.conn.listAllDomains()]


def test_connections(driver: Driver, networks: Networks) -> None:
    """A network tells how many interfaces are plugged in."""
    network = networks.create()
    domain = networks.conn.createXML(_on(driver, networks.named()), 0)
    shown = "<network connections='1'>" if networks.real else "<network>"
    assert network.XMLDesc().startswith(shown)
    domain.destroy()
    assert network.XMLDesc().startswith("<network>")
