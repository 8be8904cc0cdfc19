"""Connections: what they say of themselves, how they end, and what a closed one still says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver
    from tests.contract.networks import Networks

NOTHING = (0, 0, None, 0, None, None, None, 0, 0)
INTERNAL, NO_CONNECTION, ARGUMENT, NO_NAME, INVALID, SCHEMA = 1, 6, 8, 21, 55, 92
XML, REMOTE, NETWORK, DOMAIN, NODEDEV, NWFILTER = 5, 13, 19, 20, 22, 33
_BOGUS = "<bogus/>"


@pytest.fixture
def own(driver: Driver) -> Iterator[Any]:
    """A connection of its own, which the test may close."""
    connection = driver.module.open(driver.conn.getURI())
    yield connection
    if connection.isAlive():
        connection.close()


def test_what_it_is(driver: Driver, conn: Any) -> None:
    """Driver, versions, liveness; no TLS. The remote one is over TCP, which is not secure."""
    assert conn.getType() == expected(driver, "type of a connection", "QEMU")
    assert conn.getLibVersion() == 9000000
    assert conn.getVersion() // 1000 == (7002 if driver.family == "qemu" else 0)  # of QEMU: 7.2
    assert (conn.isAlive(), conn.isEncrypted()) == (1, 0)
    assert conn.isSecure() == (0 if driver.name == "qemu" else 1)


def test_free_memory(driver: Driver, conn: Any) -> None:
    """In bytes; no more than there is."""
    assert 0 < conn.getFreeMemory() <= conn.getInfo()[1] << 20 or driver.family == "test"


def test_last_error(driver: Driver, conn: Any) -> None:
    """It stays until it is reset, or another call is made."""
    outcome(driver, lambda: conn.lookupByName("contract-nowhere"))
    last = conn.virConnGetLastError()
    assert last[:2] == (42, driver.source)
    assert last[2].startswith("Domain not found")
    assert conn.virConnResetLastError() is None
    assert conn.virConnGetLastError() == NOTHING


def test_with_closes(driver: Driver) -> None:
    """``with`` gives the connection itself, and closes it."""
    opened = driver.module.open(driver.conn.getURI())
    with opened as entered:
        assert entered is opened
    text = "invalid connection pointer in virConnectIsAlive"
    assert outcome(driver, opened.isAlive) == (NO_CONNECTION, DOMAIN, text)


def test_entered_by_hand(driver: Driver) -> None:
    """What ``with`` calls can be called."""
    opened = driver.module.open(driver.conn.getURI())
    assert opened.__enter__() is opened
    assert opened.__exit__(None, None, None) is None


@pytest.mark.parametrize(
    ("method", "arguments", "function", "source"),
    [
        ("createLinux", ("<domain/>", 0), "virDomainCreateXML", DOMAIN),
        ("networkDefineXMLFlags", ("<network/>", 0), "virNetworkDefineXMLFlags", NETWORK),
        ("networkCreateXMLFlags", ("<network/>", 0), "virNetworkCreateXMLFlags", NETWORK),
        ("nwfilterDefineXMLFlags", ("<filter/>", 0), "virNWFilterDefineXMLFlags", NWFILTER),
        ("nodeDeviceLookupSCSIHostByWWN", ("1", "2"), "virNodeDeviceLookupSCSIHostByWWN", NODEDEV),
    ],
)
def test_closed(driver: Driver, method: str, arguments: tuple[Any, ...], function: str, source: int) -> None:
    """Each part of libvirt refuses a closed connection in its own name."""
    closed = driver.module.open(driver.conn.getURI())
    closed.close()
    error = (NO_CONNECTION, source, f"invalid connection pointer in {function}")
    assert outcome(driver, lambda: getattr(closed, method)(*arguments)) == error


@pytest.mark.parametrize(("interval", "count"), [(0, 0), (-1, 3), (5, 3)])
def test_keep_alive(driver: Driver, own: Any, interval: int, count: int) -> None:
    """Between a client and a daemon."""
    text = "this function is not supported by the connection driver: virConnectSetKeepAlive"
    answer = outcome(driver, lambda: own.setKeepAlive(interval, count))
    assert answer == (None if driver.family == "qemu" else (3, DOMAIN, text))


def test_close_callback(driver: Driver, own: Any) -> None:
    """One at a time, where there is something that can close."""
    assert own.registerCloseCallback(print, None) == 0
    error = (INVALID, REMOTE, "Requested operation is not valid: A close callback is already registered")
    again = outcome(driver, lambda: own.registerCloseCallback(print, None))
    assert again == expected(driver, "a second close callback", error)
    assert own.unregisterCloseCallback() is None


def test_no_close_callback(driver: Driver, own: Any) -> None:
    """Nothing to unregister."""
    error = (INVALID, REMOTE, "Requested operation is not valid: A different callback was requested")
    answer = outcome(driver, own.unregisterCloseCallback)
    assert answer == expected(driver, "a close callback that there is not", error)


def test_create_linux(driver: Driver, conn: Any) -> None:
    """createXML by its oldest name, with its flags."""
    domain = conn.createLinux(driver.xml(), driver.constant("DOMAIN_START_VALIDATE"))
    assert (domain.name(), domain.state(), domain.isPersistent()) == (driver.named(), [1, 1], 0)
    function = f"{'qemu' if driver.family == 'qemu' else 'test'}DomainCreateXML"
    error = (ARGUMENT, driver.source, f"unsupported flags (0x100000) in function {function}")
    assert outcome(driver, lambda: conn.createLinux(driver.xml("two"), 1 << 20)) == error


@pytest.mark.parametrize(("method", "active"), [("networkDefineXMLFlags", 0), ("networkCreateXMLFlags", 1)])
def test_networks_with_flags(networks: Networks, method: str, active: int) -> None:
    """As without, but that the document can be compared with the schema."""
    driver, call = networks.driver, getattr(networks.conn, method)
    found = call(networks.xml(_BOGUS), 0)
    assert (found.isActive(), found.isPersistent()) == (active, 1 - active)
    networks.clean()
    assert call(networks.xml(), driver.constant("NETWORK_DEFINE_VALIDATE")).isActive() == active
    networks.clean()
    prefix = "n" if networks.real else "testN"
    text = f"unsupported flags (0x2) in function {prefix}{method[1:]}"
    assert outcome(driver, lambda: call(networks.xml(), 2)) == (ARGUMENT, networks.source, text)
    error = outcome(driver, lambda: call("<network/>", 0))
    assert error == (NO_NAME, NETWORK, "missing name information")
    error = outcome(driver, lambda: call(networks.xml(_BOGUS), 1))
    assert error is not None
    assert error[:2] == (SCHEMA, XML)
    assert error[2].startswith("XML document failed to validate against schema: ")


def test_filters_with_flags(driver: Driver, conn: Any) -> None:
    """The same of network filters."""
    xml = "<filter name='contract-flags'>{}</filter>"
    if driver.family == "test":
        text = "this function is not supported by the connection driver: virNWFilterDefineXMLFlags"
        assert outcome(driver, lambda: conn.nwfilterDefineXMLFlags(xml, 0)) == (3, NWFILTER, text)
        return
    found = conn.nwfilterDefineXMLFlags(xml.format(""), 1)
    assert found.name() == "contract-flags"
    found.undefine()
    text = "unsupported flags (0x2) in function nwfilterDefineXMLFlags"
    error = outcome(driver, lambda: conn.nwfilterDefineXMLFlags(xml.format(""), 2))
    assert error == (ARGUMENT, NWFILTER, text)
    error = outcome(driver, lambda: conn.nwfilterDefineXMLFlags(xml.format(_BOGUS), 1))
    assert error is not None
    assert error[:2] == (SCHEMA, XML)
    text = "internal error: filter has no name"
    assert outcome(driver, lambda: conn.nwfilterDefineXMLFlags("<filter/>", 0)) == (INTERNAL, NWFILTER, text)


def test_adapter_by_its_names(driver: Driver, conn: Any) -> None:
    """Where there is none, libvirt does not say why. The test driver does not look for them."""
    names = ("2000000012341234", "1000000012341234")
    error = (INTERNAL, 0, "An error occurred, but the cause is unknown")
    if driver.family == "test":
        text = "this function is not supported by the connection driver: virNodeDeviceLookupSCSIHostByWWN"
        error = (3, NODEDEV, text)
    assert outcome(driver, lambda: conn.nodeDeviceLookupSCSIHostByWWN(*names)) == error
    text = "wwnn in virNodeDeviceLookupSCSIHostByWWN must not be NULL"
    call = conn.nodeDeviceLookupSCSIHostByWWN
    assert outcome(driver, lambda: call(None, names[1])) == (ARGUMENT, NODEDEV, text)
