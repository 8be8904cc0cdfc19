"""The host's network interfaces: shown everywhere, changed by the test driver only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver

INTERFACE, TEST = 26, 12
_ETHERNET = (
    "<interface type='ethernet' name='contract-eth'><start mode='none'/>"
    "<mac address='AA:bb:cc:00:00:01'/></interface>"
)


@pytest.fixture
def conn(driver: Driver) -> Any:
    """The connection."""
    return driver.conn


@pytest.fixture
def changing(driver: Driver) -> Iterator[Any]:
    """A connection to a driver that changes interfaces."""
    if driver.family == "qemu":
        pytest.skip("today's hosts only show them")
    yield driver.conn
    for interface in driver.conn.listAllInterfaces():
        if interface.name().startswith("contract-"):
            interface.undefine()


@pytest.fixture
def ethernet(changing: Any) -> Any:
    """An interface that is defined and down."""
    return changing.interfaceDefineXML(_ETHERNET)


def test_lists_agree(conn: Any) -> None:
    """What is active is listed as active, by both ways of asking."""
    every = {each.name(): each.isActive() for each in conn.listAllInterfaces()}
    assert {name for name, active in every.items() if active} == set(conn.listInterfaces())
    assert set(conn.listDefinedInterfaces()) <= {name for name, active in every.items() if not active}
    assert conn.numOfInterfaces() == len(conn.listInterfaces())
    assert conn.numOfDefinedInterfaces() == len(conn.listDefinedInterfaces())


@pytest.mark.parametrize(("flag", "active"), [("ACTIVE", 1), ("INACTIVE", 0)])
def test_filters(driver: Driver, conn: Any, flag: str, active: int) -> None:
    """Active ones, or those that are not."""
    found = conn.listAllInterfaces(driver.constant(f"CONNECT_LIST_INTERFACES_{flag}"))
    wanted = {each.name() for each in conn.listAllInterfaces() if each.isActive() == active}
    assert {each.name() for each in found} == wanted


def test_look_up(conn: Any) -> None:
    """By name, and by MAC address."""
    first = conn.interfaceLookupByName(conn.listInterfaces()[0])
    assert first.connect() is conn
    assert conn.interfaceLookupByMACString(first.MACString()).name() == first.name()
    assert f"name='{first.name()}'" in first.XMLDesc()
    assert f"<mac address='{first.MACString()}'/>" in first.XMLDesc()


def test_not_found(driver: Driver, conn: Any) -> None:
    """Code 57, in each driver's words."""
    test = driver.family == "test"
    source = TEST if test else INTERFACE
    words = "no interface with matching name" if test else "couldn't find interface named"
    error = outcome(driver, lambda: conn.interfaceLookupByName("nobody"))
    assert error == (57, source, f"Interface not found: {words} 'nobody'")
    words = "no interface with matching mac" if test else "couldn't find interface with MAC address"
    mac = "00:11:22:33:44:55"
    error = outcome(driver, lambda: conn.interfaceLookupByMACString(mac))
    assert error == (57, source, f"Interface not found: {words} '{mac}'")


def test_read_only_backend(driver: Driver, conn: Any) -> None:
    """With udev nothing can be changed."""
    if driver.family == "test":
        pytest.skip("the test driver changes them")
    interface = conn.listAllInterfaces()[0]
    for call, function in (
        (lambda: conn.interfaceDefineXML(_ETHERNET), "virInterfaceDefineXML"),
        (interface.create, "virInterfaceCreate"),
        (interface.destroy, "virInterfaceDestroy"),
        (interface.undefine, "virInterfaceUndefine"),
        (conn.changeBegin, "virInterfaceChangeBegin"),
        (conn.changeCommit, "virInterfaceChangeCommit"),
        (conn.changeRollback, "virInterfaceChangeRollback"),
    ):
        message = f"this function is not supported by the connection driver: {function}"
        assert outcome(driver, call) == (3, INTERFACE, message)


def test_up_and_down(driver: Driver, ethernet: Any) -> None:
    """Once each; the test driver does not say what is wrong."""
    error = (55, TEST, "Requested operation is not valid")
    assert outcome(driver, ethernet.destroy) == error
    assert (ethernet.create(), ethernet.isActive()) == (0, 1)
    assert outcome(driver, ethernet.create) == error
    assert (ethernet.destroy(), ethernet.isActive()) == (0, 0)


def test_gone(driver: Driver, ethernet: Any) -> None:
    """Name and MAC address stay known; nothing else is."""
    ethernet.undefine()
    error = (57, TEST, "Interface not found: no interface with matching name 'contract-eth'")
    for call in (ethernet.undefine, ethernet.XMLDesc, ethernet.isActive, ethernet.create):
        assert outcome(driver, call) == error
    assert (ethernet.name(), ethernet.MACString()) == ("contract-eth", "AA:bb:cc:00:00:01")


def test_two_with_one_address(driver: Driver, changing: Any, ethernet: Any) -> None:
    """Letters' case does not count; two that have it are too many."""
    assert changing.interfaceLookupByMACString("aa:bb:cc:00:00:01").name() == "contract-eth"
    changing.interfaceDefineXML(_ETHERNET.replace("-eth", "-other"))
    error = outcome(driver, lambda: changing.interfaceLookupByMACString("aa:bb:cc:00:00:01"))
    assert error == (59, TEST, "multiple matching interfaces found")


def test_transaction(driver: Driver, changing: Any) -> None:
    """What was changed since begin comes back with rollback, but what was active then is not."""
    error = (55, TEST, "Requested operation is not valid: no transaction running, nothing to {}")
    for call, what in ((changing.changeCommit, "be committed."), (changing.changeRollback, "rollback.")):
        assert outcome(driver, call) == (*error[:2], error[2].format(what))
    changing.interfaceDefineXML(_ETHERNET.replace("-eth", "-before")).create()
    assert changing.changeBegin() == 0
    message = "Requested operation is not valid: there is another transaction running."
    assert outcome(driver, changing.changeBegin) == (55, TEST, message)
    changing.interfaceDefineXML(_ETHERNET)
    assert changing.changeRollback() == 0
    assert outcome(driver, lambda: changing.interfaceLookupByName("contract-eth")) is not None
    assert changing.interfaceLookupByName("contract-before").isActive() == 0
    for interface in changing.listAllInterfaces():
        if not interface.name().startswith("contract-"):
            interface.create()


def test_commit(changing: Any) -> None:
    """What was changed since begin stays."""
    changing.changeBegin()
    changing.interfaceDefineXML(_ETHERNET)
    assert changing.changeCommit() == 0
    assert changing.interfaceLookupByName("contract-eth").isActive() == 0


_BRIDGE = """\
<bridge stp='on' delay='2'>
    <interface type='ethernet' name='e'>
    </interface>
  </bridge>"""
_IPV6 = """\
<protocol family='ipv6'>
    <autoconf/>
    <dhcp/>
    <ip address='::1' prefix='64'/>
  </protocol>"""


@pytest.mark.parametrize(
    ("kind", "given", "printed"),
    [
        ("ethernet", "<bogus/>", ""),
        (
            "ethernet",
            "<link state='up' speed='10'/><start mode='hotplug'/>",
            "<start mode='hotplug'/>\n  <link speed='10' state='up'/>",
        ),
        ("bridge", "<bridge stp='on' delay='2'><interface type='ethernet' name='e'/></bridge>", _BRIDGE),
        (
            "bond",
            "<bond mode='active-backup'><miimon updelay='1' freq='9'/></bond>",
            "<bond mode='active-backup'>\n    <miimon freq='9' updelay='1'/>\n  </bond>",
        ),
        (
            "vlan",
            "<vlan tag='7'><interface name='e'/></vlan>",
            "<vlan tag='7'>\n    <interface name='e'/>\n  </vlan>",
        ),
        (
            "ethernet",
            "<protocol family='ipv6'><ip address='::1' prefix='64'/><dhcp/><autoconf/></protocol>",
            _IPV6,
        ),
    ],
)
def test_document(changing: Any, kind: str, given: str, printed: str) -> None:
    """What libvirt knows is kept, in its order."""
    head = f"<interface type='{kind}' name='contract-x'>"
    shown = changing.interfaceDefineXML(f"{head}{given}</interface>").XMLDesc()
    body = f"  {printed}\n" if printed else ""
    assert shown == f"{head}\n{body}</interface>\n"


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        ("<foo/>", (27, 5, "XML error: expecting root element of 'interface', not 'foo'")),
        (
            "<interface/>",
            (27, 5, "XML error: Missing required attribute 'type' in element 'interface'"),
        ),
        (
            "<interface type='x' name='a'/>",
            (27, 5, "XML error: Invalid value for attribute 'type' in element 'interface': 'x'."),
        ),
        ("<interface type='ethernet'/>", (27, INTERFACE, "XML error: interface has no name")),
        (
            "<interface type='ethernet' name='a'><start mode='x'/></interface>",
            (27, INTERFACE, "XML error: unknown interface startmode x"),
        ),
        (
            "<interface type='ethernet' name='a'><mtu size='x'/></interface>",
            (1, 0, "An error occurred, but the cause is unknown"),
        ),
        (
            "<interface type='bond' name='a'/>",
            (27, INTERFACE, "XML error: bond interface misses the bond element"),
        ),
        (
            "<interface type='vlan' name='a'><vlan/></interface>",
            (27, INTERFACE, "XML error: vlan interface misses the tag attribute"),
        ),
    ],
)
def test_faulty_document(driver: Driver, changing: Any, xml: str, error: tuple[int, int, str]) -> None:
    """Refused."""
    assert outcome(driver, lambda: changing.interfaceDefineXML(xml)) == error
