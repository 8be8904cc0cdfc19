"""Network filters and their bindings. The test driver has none."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver

_FROM = 33  # VIR_FROM_NWFILTER
_UUID = "11111111-2222-3333-4444-{:012}"
_UNRESOLVED = "Cannot instantiate filter due to unresolvable variables or unavailable list elements"
_INVALID = "Requested operation is not valid: "
_BUILT_IN = {
    "allow-arp", "allow-dhcp", "allow-dhcp-server", "allow-dhcpv6", "allow-dhcpv6-server",
    "allow-incoming-ipv4", "allow-incoming-ipv6", "allow-ipv4", "allow-ipv6", "clean-traffic",
    "clean-traffic-gateway", "no-arp-ip-spoofing", "no-arp-mac-spoofing", "no-arp-spoofing",
    "no-ip-multicast", "no-ip-spoofing", "no-ipv6-multicast", "no-ipv6-spoofing", "no-mac-broadcast",
    "no-mac-spoofing", "no-other-l2-traffic", "no-other-rarp-traffic", "qemu-announce-self",
    "qemu-announce-self-rarp",
}  # fmt: skip


def document(inner: str = "", name: str = "one", number: int = 1) -> str:
    """Return the document of a filter."""
    return f"<filter name='contract-{name}'><uuid>{_UUID.format(number)}</uuid>{inner}</filter>"


def _clean(conn: Any, error: type[Exception]) -> None:
    for binding in conn.listAllNWFilterBindings():
        with suppress(error):  # a domain's goes with the domain
            binding.delete()
    for found in conn.listAllNWFilters():
        if found.name().startswith("contract-"):
            found.undefine()


@pytest.fixture
def filters(driver: Driver, conn: Any) -> Iterator[Any]:
    """The connection, with no filter of these tests."""
    if driver.family == "test":
        pytest.skip("the test driver has no filters: see test_lacking")
    _clean(conn, driver.module.libvirtError)
    yield conn
    driver.clean()
    _clean(conn, driver.module.libvirtError)


@pytest.mark.parametrize("call", ["listAllNWFilters", "listAllNWFilterBindings"])
def test_lacking(driver: Driver, conn: Any, call: str) -> None:
    """What the test driver lacks it says."""
    text = f"this function is not supported by the connection driver: virConnectL{call[1:]}"
    answer = None if driver.family == "qemu" else (3, _FROM, text)
    assert outcome(driver, getattr(conn, call)) == answer


def test_built_in(filters: Any) -> None:
    """A fresh libvirt has these."""
    assert set(filters.listNWFilters()) >= _BUILT_IN
    assert filters.numOfNWFilters() == len(filters.listAllNWFilters())


def test_built_in_document(filters: Any) -> None:
    """One of them, to the letter."""
    text = filters.nwfilterLookupByName("clean-traffic").XMLDesc()
    assert re.sub("<uuid>.*</uuid>", "<uuid/>", text) == (
        "<filter name='clean-traffic' chain='root'>\n  <uuid/>\n  <filterref filter='no-mac-spoofing'/>\n"
        "  <filterref filter='no-ip-spoofing'/>\n  <rule action='accept' direction='out' priority='-650'>\n"
        "    <mac protocolid='ipv4'/>\n  </rule>\n  <filterref filter='allow-incoming-ipv4'/>\n"
        "  <filterref filter='no-arp-spoofing'/>\n"
        "  <rule action='accept' direction='inout' priority='-500'>\n"
        "    <mac protocolid='arp'/>\n  </rule>\n  <filterref filter='no-other-l2-traffic'/>\n"
        "  <filterref filter='qemu-announce-self'/>\n</filter>\n"
    )


def test_course(driver: Driver, filters: Any) -> None:
    """Defined, found, defined anew, and undefined."""
    made = filters.nwfilterDefineXML(document("<rule action='drop' direction='in'/>"))
    assert (made.name(), made.UUIDString()) == ("contract-one", _UUID.format(1))
    assert made.UUID() == uuid.UUID(_UUID.format(1)).bytes
    filters.nwfilterDefineXML(document())
    assert "<rule" not in made.XMLDesc()
    for found in (
        filters.nwfilterLookupByName("contract-one"),
        filters.nwfilterLookupByUUIDString(_UUID.format(1)),
        filters.nwfilterLookupByUUID(made.UUID()),
    ):
        assert found.UUIDString() == _UUID.format(1)
    assert made.undefine() == 0
    text = f"Network filter not found: no nwfilter with matching uuid '{_UUID.format(1)}'"
    for call in (made.undefine, made.XMLDesc):
        assert outcome(driver, call) == (62, _FROM, text)


@pytest.mark.parametrize(
    ("call", "argument", "code", "text"),
    [
        (
            "nwfilterLookupByName",
            "nope",
            62,
            "Network filter not found: no nwfilter with matching name 'nope'",
        ),
        (
            "nwfilterLookupByUUIDString",
            "nope",
            8,
            "uuidstr in virNWFilterLookupByUUIDString must be a valid UUID",
        ),
        (
            "nwfilterBindingLookupByPortDev",
            "nope",
            101,
            "Network filter binding not found: no nwfilter binding for port dev 'nope'",
        ),
    ],
)
def test_not_found(driver: Driver, filters: Any, call: str, argument: str, code: int, text: str) -> None:
    """What is not there."""
    assert outcome(driver, lambda: getattr(filters, call)(argument)) == (code, _FROM, text)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (document(number=2), f"filter 'contract-one' already exists with uuid {_UUID.format(1)}"),
        (document(name="two"), "filter with same UUID but different name ('contract-one') already exists"),
        (document("<filterref filter='contract-one'/>"), "filter would introduce a loop"),
        (document("<filterref filter='contract-two'/>"), "filter would introduce a loop"),
    ],
)
def test_clashes(driver: Driver, filters: Any, xml: str, text: str) -> None:
    """One name, one UUID, no loops."""
    filters.nwfilterDefineXML(document())
    if "two" in xml and "filterref" in xml:
        filters.nwfilterDefineXML(document("<filterref filter='contract-one'/>", "two", 2))
    error = outcome(driver, lambda: filters.nwfilterDefineXML(xml))
    assert error == (9, _FROM, f"operation failed: {text}")


_RULES = [
    ("<tcp dstportstart='22'/>", "<tcp dstportstart='22'/>"),
    (
        "<tcp dstportstart='0x16' state='new,established'/>",
        "<tcp state='NEW,ESTABLISHED' dstportstart='0x16'/>",
    ),
    (
        "<ip protocol='6' srcipaddr='10.1' srcipmask='255.0.0.0'/>",
        "<ip srcipaddr='10.0.0.1' srcipmask='8' protocol='tcp'/>",
    ),
    (
        "<mac srcmacaddr='52:54:0:A:B:C' protocolid='0x800'/>",
        "<mac srcmacaddr='52:54:00:0a:0b:0c' protocolid='ipv4'/>",
    ),
    ("<arp opcode='1' gratuitous='yes'/>", "<arp opcode='Request' gratuitous='true'/>"),
    ("<tcp match='no' srcipaddr='$IP[@0]'/>", "<tcp match='no' srcipaddr='$IP'/>"),
    ("<tcp flags='syn,ack/SYN'/>", "<tcp flags='SYN,ACK/SYN'/>"),
    ("<vlan vlanid='5' encap-protocol='arp'/>", "<vlan vlanid='5' encap-protocol='arp'/>"),
    ("<all-ipv6 srcipaddr='FE80::1'/>", "<all-ipv6 srcipaddr='fe80::1'/>"),
    ("<icmp type='8' code='0' comment='a&amp;b'/>", "<icmp type='8' code='0' comment='a&amp;b'/>"),
    ("<igmp/><tcp dstportstart='22'/>", "<igmp/>"),
]


@pytest.mark.parametrize(("given", "kept"), _RULES)
def test_rules(filters: Any, given: str, kept: str) -> None:
    """What a rule looks at, in libvirt's notation."""
    rule = f"<rule action='accept' direction='inout'>{given}</rule>"
    text = filters.nwfilterDefineXML(document(rule)).XMLDesc()
    assert text == (
        f"<filter name='contract-one' chain='root'>\n  <uuid>{_UUID.format(1)}</uuid>\n"
        f"  <rule action='accept' direction='inout' priority='500'>\n    {kept}\n  </rule>\n</filter>\n"
    )


def _ruled(inner: str) -> str:
    return f"<filter name='contract-x'><rule action='drop' direction='in'>{inner}</rule></filter>"


_FAULTS = [
    ("<filter/>", 1, "internal error: filter has no name"),
    ("<x/>", 27, "XML error: expecting root element of 'filter', not 'x'"),
    (
        "<filter name='contract-x' chain='foo'/>",
        8,
        (
            "invalid argument: Invalid chain name 'foo'. Please use a chain name called 'root' or any of the "
            "following prefixes: mac, vlan, stp, arp, rarp, ipv4, ipv6"
        ),
    ),
    (
        "<filter name='contract-x' chain='ipv4-abcdefghijk'/>",
        8,
        "invalid argument: Name of chain is longer than 12 characters",
    ),
    ("<filter name='contract-x' priority='x'/>", 8, "invalid argument: Could not parse chain priority 'x'"),
    (
        "<filter name='contract-x' priority='1001'/>",
        8,
        "invalid argument: Priority '1001' is outside valid range of [-1000,1000]",
    ),
    ("<filter name='contract-x'><uuid>x</uuid></filter>", 27, "XML error: malformed uuid element"),
    (
        "<filter name='contract-x'><rule/></filter>",
        1,
        "internal error: rule node requires action attribute",
    ),
    (
        "<filter name='contract-x'><rule action='x'/></filter>",
        67,
        "unsupported configuration: unknown rule action attribute value",
    ),
    (
        "<filter name='contract-x'><rule action='drop'/></filter>",
        1,
        "internal error: rule node requires direction attribute",
    ),
    (_ruled("<mac srcmacaddr='x'/>"), 1, "internal error: srcmacaddr has illegal value x"),
    (_ruled("<tcp dscp='64'/>"), 1, "internal error: dscp has illegal value 64"),
    (_ruled("<tcp srcipaddr='$A[x]'/>"), 1, "internal error: srcipaddr has illegal value $A[x]"),
    (
        _ruled("<ip srcportstart='5'/>"),
        1,
        (
            "internal error: IP rule with port specification requires protocol specification with protocol "
            "to be either one of tcp(6), udp(17), dccp(33), or sctp(132)"
        ),
    ),
]


@pytest.mark.parametrize(("xml", "code", "text"), _FAULTS, ids=[each[2][:50] for each in _FAULTS])
def test_refused(driver: Driver, filters: Any, xml: str, code: int, text: str) -> None:
    """What is no filter."""
    source = 5 if xml == "<x/>" else _FROM
    assert outcome(driver, lambda: filters.nwfilterDefineXML(xml)) == (code, source, text)


# in use


def _filtered(driver: Driver, name: str, parameters: str = "") -> str:
    reference = f"<filterref filter='{name}'>{parameters}</filterref>"
    mac = "<mac address='52:54:00:00:00:01'/>"
    return driver.xml(
        devices=f"<interface type='network'>{mac}<source network='default'/>{reference}</interface>"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("contract-none", "referenced filter 'contract-none' is missing"),
        ("contract-one", "referenced filter 'contract-gone' is missing"),
        (
            "allow-dhcp-server",
            f"{_UNRESOLVED}: DHCPSERVER",
        ),
    ],
)
def test_start_without(driver: Driver, filters: Any, name: str, text: str) -> None:
    """A domain whose filter, or a part or a value of it, is missing does not start."""
    filters.nwfilterDefineXML(document("<filterref filter='contract-gone'/>"))
    domain = filters.defineXML(_filtered(driver, name))
    assert outcome(driver, domain.create) == (1, _FROM, f"internal error: {text}")
    assert domain.state() == [driver.constant("DOMAIN_SHUTOFF"), driver.constant("DOMAIN_SHUTOFF_FAILED")]


def test_binding_of_a_domain(driver: Driver, filters: Any) -> None:
    """A running domain's interface is bound to its filter, and no more when it stops."""
    values = "<parameter name='DHCPSERVER' value='10.0.0.1'/><parameter name='A' value='b'/>"
    domain = filters.createXML(_filtered(driver, "allow-dhcp-server", values), 0)
    (binding,) = filters.listAllNWFilterBindings()
    assert binding.filterName() == "allow-dhcp-server"
    assert filters.nwfilterBindingLookupByPortDev(binding.portDev()).filterName() == "allow-dhcp-server"
    assert binding.XMLDesc() == (
        f"<filterbinding>\n  <owner>\n    <name>{driver.named()}</name>\n    <uuid>{driver.uuid()}</uuid>\n"
        f"  </owner>\n  <portdev name='{binding.portDev()}'/>\n  <mac address='52:54:00:00:00:01'/>\n"
        "  <filterref filter='allow-dhcp-server'>\n    <parameter name='A' value='b'/>\n"
        "    <parameter name='DHCPSERVER' value='10.0.0.1'/>\n"
        "    <parameter name='MAC' value='52:54:00:00:00:01'/>\n  </filterref>\n</filterbinding>\n"
    )
    domain.destroy()
    assert filters.listAllNWFilterBindings() == []


def test_in_use(driver: Driver, filters: Any) -> None:
    """What a running domain needs cannot go, nor be spoilt; with the binding deleted it can."""
    inner = filters.nwfilterDefineXML(document())
    filters.nwfilterDefineXML(document("<filterref filter='contract-one'/>", "two", 2))
    filters.createXML(_filtered(driver, "contract-two"), 0)
    assert outcome(driver, inner.undefine) == (55, _FROM, f"{_INVALID}nwfilter is in use")
    spoilt = document("<filterref filter='contract-none'/>")
    error = outcome(driver, lambda: filters.nwfilterDefineXML(spoilt))
    assert error == (1, _FROM, "internal error: referenced filter 'contract-none' is missing")
    assert "filterref" not in inner.XMLDesc()
    (binding,) = filters.listAllNWFilterBindings()
    assert binding.delete() == 0
    text = f"Network filter binding not found: no nwfilter binding for port dev '{binding.portDev()}'"
    for call in (binding.delete, binding.XMLDesc):
        assert outcome(driver, call) == (101, _FROM, text)
    assert filters.listAllNWFilterBindings() == []
    assert inner.undefine() == 0


def _bound(dev: str = "vkdev0") -> str:
    owner = f"<owner><name>o</name><uuid>{_UUID.format(1)}</uuid></owner>"
    mac = "<mac address='52:54:0:0:0:1'/>"
    return (
        f"<filterbinding>{owner}<portdev name='{dev}'/>{mac}<filterref filter='allow-arp'/></filterbinding>"
    )


def test_binding(driver: Driver, filters: Any) -> None:
    """Callers bind filters too, once a device."""
    binding = filters.nwfilterBindingCreateXML(_bound())
    assert (binding.portDev(), binding.filterName()) == ("vkdev0", "allow-arp")
    assert "<mac address='52:54:00:00:00:01'/>\n  <filterref filter='allow-arp'/>" in binding.XMLDesc()
    error = outcome(driver, lambda: filters.nwfilterBindingCreateXML(_bound()))
    assert error == (9, _FROM, "operation failed: binding 'vkdev0' already exists")
    assert [each.portDev() for each in filters.listAllNWFilterBindings()] == ["vkdev0"]


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("", "filter binding has no port dev name"),
        ("<portdev name='a'/>", "filter binding has no owner name"),
        ("<portdev name='a'/><owner><name>x</name></owner>", "filter binding has no owner UUID"),
    ],
)
def test_faulty_binding(driver: Driver, filters: Any, inner: str, text: str) -> None:
    """What is no binding."""
    xml = f"<filterbinding>{inner}</filterbinding>"
    error = outcome(driver, lambda: filters.nwfilterBindingCreateXML(xml))
    assert error == (1, _FROM, f"internal error: {text}")
