"""virNetworkUpdate: sections, commands, where it takes effect, and what it refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.networks import Networks

_INVALID = "Requested operation is not valid: "
_UNSUPPORTED = "Operation not supported: "
_NETWORK = 19  # VIR_FROM_NETWORK
_BASE = """
<dns>
  <txt name='one' value='1'/>
  <srv service='s' protocol='tcp'/>
  <srv service='s' protocol='udp'/>
  <host ip='10.9.0.1'><hostname>a</hostname><hostname>b</hostname></host>
  <host ip='10.9.0.2'><hostname>a</hostname></host>
</dns>
<ip address='10.77.0.1' netmask='255.255.255.0'>
  <dhcp>
    <range start='10.77.0.10' end='10.77.0.19'/>
    <host mac='52:54:00:00:00:01' name='one' ip='10.77.0.5'/>
    <host mac='52:54:00:00:00:02' name='two' ip='10.77.0.6'/>
  </dhcp>
</ip>
<ip address='10.79.0.1' netmask='255.255.255.0'/>
<portgroup name='one' default='yes'/>
<portgroup name='two'/>
"""
_POOL = "<forward mode='vepa'><interface dev='eth8'/><interface dev='eth9'/></forward>"


class Change(NamedTuple):
    """One call of update() and what it leads to: the elements of a tag, or an error."""

    section: str
    command: str
    xml: str
    tag: str = ""
    left: tuple[str, ...] = ()
    parent: int = -1
    base: str = _BASE


_ONE, _TWO = (
    "mac='52:54:00:00:00:01' name='one' ip='10.77.0.5'",
    "mac='52:54:00:00:00:02' name='two' ip='10.77.0.6'",
)
_NEW = "mac='52:54:00:00:00:03' name='new' ip='10.77.0.7'"
_CHANGES = [
    Change("IP_DHCP_HOST", "ADD_LAST", f"<host {_NEW}/>", "host", (_ONE, _TWO, _NEW)),
    Change("IP_DHCP_HOST", "ADD_FIRST", f"<host {_NEW}/>", "host", (_NEW, _ONE, _TWO)),
    Change("IP_DHCP_HOST", "ADD_LAST", f"<host {_NEW}/>", "host", (_ONE, _TWO, _NEW), 0),
    Change("IP_DHCP_HOST", "DELETE", "<host name='one'/>", "host", (_TWO,)),
    Change("IP_DHCP_HOST", "DELETE", "<host mac='52:54:0:0:0:2'/>", "host", (_ONE,)),
    Change("IP_DHCP_HOST", "DELETE", "<host ip='10.77.0.6'/>", "host", (_ONE,)),
    Change(
        "IP_DHCP_HOST",
        "MODIFY",
        "<host mac='52:54:00:00:00:01' name='x' ip='10.77.0.8'/>",
        "host",
        ("mac='52:54:00:00:00:01' name='x' ip='10.77.0.8'", _TWO),
    ),
    Change(
        "IP_DHCP_RANGE",
        "ADD_LAST",
        "<range start='10.77.0.30' end='10.77.0.39'/>",
        "range",
        ("start='10.77.0.10' end='10.77.0.19'", "start='10.77.0.30' end='10.77.0.39'"),
    ),
    Change(
        "IP_DHCP_RANGE",
        "ADD_FIRST",
        "<range start='10.77.0.30' end='10.77.0.39'/>",
        "range",
        ("start='10.77.0.30' end='10.77.0.39'", "start='10.77.0.10' end='10.77.0.19'"),
    ),
    Change("IP_DHCP_RANGE", "DELETE", "<range start='10.77.0.10' end='10.77.0.19'/>", "range", ()),
    Change(
        "DNS_TXT",
        "ADD_LAST",
        "<txt name='two' value='2'/>",
        "txt",
        ("name='one' value='1'", "name='two' value='2'"),
    ),
    Change(
        "DNS_TXT",
        "ADD_FIRST",
        "<txt name='two' value='2'/>",
        "txt",
        ("name='two' value='2'", "name='one' value='1'"),
    ),
    Change("DNS_TXT", "DELETE", "<txt name='one'/>", "txt", ()),
    Change(
        "DNS_SRV",
        "ADD_FIRST",
        "<srv service='t' protocol='tcp' domain='d'/>",
        "srv",
        (
            "service='t' protocol='tcp' domain='d'",
            "service='s' protocol='tcp'",
            "service='s' protocol='udp'",
        ),
    ),
    Change("DNS_SRV", "DELETE", "<srv service='s' protocol='udp'/>", "srv", ("service='s' protocol='tcp'",)),
    Change(
        "PORTGROUP",
        "ADD_LAST",
        "<portgroup name='x'/>",
        "portgroup",
        ("name='one' default='yes'", "name='two'", "name='x'"),
    ),
    Change(
        "PORTGROUP",
        "ADD_FIRST",
        "<portgroup name='x'/>",
        "portgroup",
        ("name='x'", "name='one' default='yes'", "name='two'"),
    ),
    Change("PORTGROUP", "MODIFY", "<portgroup name='one'/>", "portgroup", ("name='one'", "name='two'")),
    Change("PORTGROUP", "DELETE", "<portgroup name='two'/>", "portgroup", ("name='one' default='yes'",)),
    Change(
        "FORWARD_INTERFACE",
        "ADD_FIRST",
        "<interface dev='eth7'/>",
        "interface",
        ("dev='eth7'", "dev='eth8'", "dev='eth9'"),
        -1,
        _POOL,
    ),
    Change("FORWARD_INTERFACE", "DELETE", "<interface dev='eth8'/>", "interface", ("dev='eth9'",), -1, _POOL),
]


def _call(networks: Networks, network: Any, change: Change, flags: int = 0) -> Any:
    command = networks.driver.constant(f"NETWORK_UPDATE_COMMAND_{change.command}")
    section = networks.driver.constant(f"NETWORK_SECTION_{change.section}")
    return network.update(command, section, change.parent, change.xml, flags)


def _elements(text: str, tag: str) -> tuple[str, ...]:
    return tuple(re.findall(rf"<{tag} ([^>]*?)/?>", text))


@pytest.mark.parametrize(
    "change", _CHANGES, ids=lambda change: f"{change.section} {change.command} {change.xml}"
)
@pytest.mark.parametrize("active", [False, True], ids=["off", "on"])
def test_change(networks: Networks, change: Change, active: bool) -> None:
    """What is added, changed or deleted, of what is off and of what runs."""
    network = networks.define(change.base)
    if active:
        network.create()
    networks.forget()
    assert _call(networks, network, change) == 0
    text = network.XMLDesc()
    if change.section == "IP_DHCP_HOST":
        text = text[text.index("<dhcp>") :]
    assert _elements(text, change.tag) == change.left
    assert networks.events() == []


def test_dns_hosts(networks: Networks) -> None:
    """Host records hold names; the last of all records takes the element with it."""
    network = networks.define("<dns><host ip='10.9.0.1'><hostname>a</hostname></host></dns>")
    _call(
        networks,
        network,
        Change("DNS_HOST", "ADD_FIRST", "<host ip='10.9.0.2'><hostname>b</hostname></host>"),
    )
    assert _elements(network.XMLDesc(), "host") == ("ip='10.9.0.2'", "ip='10.9.0.1'")
    _call(networks, network, Change("DNS_HOST", "DELETE", "<host><hostname>b</hostname></host>"))
    _call(networks, network, Change("DNS_HOST", "DELETE", "<host ip='10.9.0.1'/>"))
    assert "<dns" not in network.XMLDesc()


def test_first_of_its_kind(networks: Networks) -> None:
    """Sections that are not there yet are made."""
    network = networks.define("<ip address='10.77.0.1' netmask='255.255.255.0'/>")
    for section, xml in (
        ("DNS_TXT", "<txt name='a' value='b'/>"),
        ("IP_DHCP_HOST", f"<host {_NEW}/>"),
        ("IP_DHCP_RANGE", "<range start='10.77.0.10' end='10.77.0.19'/>"),
        ("PORTGROUP", "<portgroup name='a'/>"),
    ):
        _call(networks, network, Change(section, "ADD_LAST", xml))
    text = network.XMLDesc()
    assert text[text.index("  <dns>") :] == (
        "  <dns>\n    <txt name='a' value='b'/>\n  </dns>\n"
        "  <ip address='10.77.0.1' netmask='255.255.255.0'>\n"
        "    <dhcp>\n      <range start='10.77.0.10' end='10.77.0.19'/>\n"
        f"      <host {_NEW}/>\n    </dhcp>\n  </ip>\n  <portgroup name='a'>\n  </portgroup>\n</network>\n"
    )


_HOST_RECORD = "<host ip='10.9.0.1'><hostname>z</hostname></host>"
_ERRORS: list[tuple[Change, int, str]] = [
    (Change("BRIDGE", "MODIFY", "<bridge/>"), 84, "can't update 'bridge' section of network '{name}'"),
    (Change("DOMAIN", "MODIFY", "<domain/>"), 84, "can't update 'domain' section of network '{name}'"),
    (Change("IP", "ADD_LAST", "<ip/>"), 84, "can't update 'ip' section of network '{name}'"),
    (Change("FORWARD", "MODIFY", "<forward/>"), 84, "can't update 'forward' section of network '{name}'"),
    (Change("FORWARD_PF", "ADD_LAST", "<pf/>"), 84, "can't update 'forward pf' section of network '{name}'"),
    (
        Change("IP_DHCP_HOST", "ADD_LAST", "<range/>"),
        27,
        "unexpected element <range>, expecting <host>, while updating network '{name}'",
    ),
    (
        Change("IP_DHCP_HOST", "ADD_LAST", f"<host {_NEW}/>", parent=7),
        55,
        "couldn't update dhcp host entry - no <ip> element found at index 7 in network '{name}'",
    ),
    (
        Change("IP_DHCP_HOST", "ADD_LAST", f"<host {_NEW}/>", base=""),
        55,
        "couldn't update dhcp host entry - no <ip> element found in network '{name}'",
    ),
    (
        Change("IP_DHCP_HOST", "ADD_LAST", f"<host {_NEW}/>", parent=1),
        55,
        "dhcp is supported only for a single IPv4 address on each network",
    ),
    (
        Change("IP_DHCP_HOST", "ADD_LAST", "<host mac='52:54:00:00:00:01' ip='10.77.0.9'/>"),
        55,
        (
            "there is an existing dhcp host entry in network '{name}' that matches "
            "\"<host mac='52:54:00:00:00:01' name='(null)' ip='10.77.0.9'/>\""
        ),
    ),
    (
        Change("IP_DHCP_HOST", "ADD_LAST", "<host name='x' ip='fd00::5'/>"),
        55,
        "the address family of a host entry IP must match the address family of the dhcp element's parent",
    ),
    (
        Change("IP_DHCP_HOST", "MODIFY", "<host name='x' ip='10.77.0.9'/>"),
        55,
        (
            "couldn't locate an existing dhcp host entry with "
            "\"mac='unknown'\" \"name='x'\" \"ip='10.77.0.9'\" "
            "in network '{name}'"
        ),
    ),
    (
        Change("IP_DHCP_HOST", "DELETE", "<host name='x'/>"),
        55,
        "couldn't locate a matching dhcp host entry in network '{name}'",
    ),
    (
        Change("IP_DHCP_HOST", "DELETE", "<host/>"),
        27,
        (
            "At least one of name, mac, or ip attribute must be specified for static host definition in "
            "network "
            "'{name}' "
        ),
    ),
    (
        Change("IP_DHCP_RANGE", "MODIFY", "<range start='10.77.0.10' end='10.77.0.19'/>"),
        84,
        "dhcp ranges cannot be modified, only added or deleted",
    ),
    (
        Change("IP_DHCP_RANGE", "ADD_LAST", "<range start='10.77.0.10' end='10.77.0.19'/>"),
        55,
        (
            "there is an existing dhcp range entry in network '{name}' that matches "
            "\"<range start='10.77.0.10' end='10.77.0.19'/>\""
        ),
    ),
    (
        Change("IP_DHCP_RANGE", "DELETE", "<range start='10.77.0.11' end='10.77.0.19'/>"),
        55,
        "couldn't locate a matching dhcp range entry in network '{name}'",
    ),
    (
        Change("FORWARD_INTERFACE", "MODIFY", "<interface dev='eth8'/>", base=_POOL),
        84,
        "forward interface entries cannot be modified, only added or deleted",
    ),
    (
        Change("FORWARD_INTERFACE", "ADD_LAST", "<interface dev='eth8'/>", base=_POOL),
        55,
        "there is an existing interface entry in network '{name}' that matches \"<interface dev='eth8'>\"",
    ),
    (
        Change("FORWARD_INTERFACE", "DELETE", "<interface dev='eth7'/>", base=_POOL),
        55,
        "couldn't find an interface entry in network '{name}' matching <interface dev='eth7'>",
    ),
    (
        Change("FORWARD_INTERFACE", "ADD_LAST", "<interface/>", base=_POOL),
        27,
        "missing dev attribute in <interface> element",
    ),
    (
        Change("PORTGROUP", "ADD_LAST", "<portgroup name='one'/>"),
        55,
        "there is an existing portgroup entry in network '{name}' that matches \"<portgroup name='one'>\"",
    ),
    (
        Change("PORTGROUP", "ADD_LAST", "<portgroup name='x' default='yes'/>"),
        55,
        (
            "a different portgroup entry in network '{name}' is already set as the default. "
            "Only one default is allowed."
        ),
    ),
    (
        Change("PORTGROUP", "DELETE", "<portgroup name='x'/>"),
        55,
        "couldn't find a portgroup entry in network '{name}' matching <portgroup name='x'>",
    ),
    (
        Change("DNS_HOST", "MODIFY", _HOST_RECORD),
        84,
        "DNS HOST records cannot be modified, only added or deleted",
    ),
    (
        Change("DNS_HOST", "ADD_LAST", _HOST_RECORD),
        55,
        "there is already at least one DNS HOST record with a matching field in network {name}",
    ),
    (
        Change("DNS_HOST", "DELETE", "<host ip='10.9.0.9'/>"),
        55,
        "couldn't locate a matching DNS HOST record in network {name}",
    ),
    (
        Change("DNS_HOST", "DELETE", "<host><hostname>a</hostname></host>"),
        55,
        "multiple matching DNS HOST records were found in network {name}",
    ),
    (
        Change("DNS_SRV", "MODIFY", "<srv service='s' protocol='tcp'/>"),
        84,
        "DNS SRV records cannot be modified, only added or deleted",
    ),
    (
        Change("DNS_SRV", "ADD_LAST", "<srv service='s' protocol='tcp'/>"),
        55,
        "there is already at least one DNS SRV record matching all specified fields in network {name}",
    ),
    (
        Change("DNS_SRV", "DELETE", "<srv service='x'/>"),
        55,
        "couldn't locate a matching DNS SRV record in network {name}",
    ),
    (
        Change("DNS_SRV", "DELETE", "<srv service='s'/>"),
        55,
        "multiple DNS SRV records matching all specified fields were found in network {name}",
    ),
    (
        Change("DNS_TXT", "MODIFY", "<txt name='one' value='2'/>"),
        84,
        "DNS TXT records cannot be modified, only added or deleted",
    ),
    (
        Change("DNS_TXT", "ADD_LAST", "<txt name='one' value='2'/>"),
        55,
        "there is already a DNS TXT record with name 'one' in network {name}",
    ),
    (
        Change("DNS_TXT", "DELETE", "<txt name='x'/>"),
        55,
        "couldn't locate a matching DNS TXT record in network {name}",
    ),
]
_PREFIXES = {27: "XML error: ", 55: _INVALID, 84: _UNSUPPORTED}


@pytest.mark.parametrize(
    ("change", "code", "text"),
    _ERRORS,
    ids=[f"{each.section} {each.command} {text[:40]}" for each, _, text in _ERRORS],
)
def test_refused(networks: Networks, change: Change, code: int, text: str) -> None:
    """What cannot be is refused, and changes nothing."""
    network = networks.define(change.base)
    before = network.XMLDesc()
    message = _PREFIXES[code] + text.format(name=networks.named())
    assert outcome(networks.driver, lambda: _call(networks, network, change)) == (code, _NETWORK, message)
    assert network.XMLDesc() == before


def test_unknown_section(networks: Networks) -> None:
    """A section that there is not."""
    network = networks.define()
    text = f"{_UNSUPPORTED}can't update unrecognized section of network"
    assert outcome(networks.driver, lambda: network.update(3, 77, -1, "<x/>", 0)) == (84, _NETWORK, text)


def test_unknown_command(networks: Networks) -> None:
    """A command that there is not."""
    network = networks.define(_BASE)
    section = networks.driver.constant("NETWORK_SECTION_DNS_TXT")
    error = outcome(networks.driver, lambda: network.update(77, section, -1, "<txt name='x' value='y'/>", 0))
    text = f"{_UNSUPPORTED}unrecognized network update command code 77"
    assert error == (84, _NETWORK, text)


def test_no_xml(networks: Networks) -> None:
    """What is no XML."""
    network = networks.define(_BASE)
    change = Change("DNS_TXT", "ADD_LAST", "<txt>")
    error = outcome(networks.driver, lambda: _call(networks, network, change))
    assert error is not None
    assert error[:2] == (35, _NETWORK)
    assert error[2].startswith("network_update_xml:1: ")


def test_where_it_takes_effect(networks: Networks) -> None:
    """Of what runs, CURRENT and LIVE change what is in force until it stops, CONFIG what comes then."""
    network = networks.define(_BASE)
    network.create()
    live, config = (networks.driver.constant(f"NETWORK_UPDATE_AFFECT_{each}") for each in ("LIVE", "CONFIG"))
    for name, flags in (("now", 0), ("live", live), ("later", config), ("both", live | config)):
        _call(networks, network, Change("DNS_TXT", "ADD_LAST", f"<txt name='{name}' value='v'/>"), flags)

    def names() -> list[str]:
        return re.findall("<txt name='([^']*)'", network.XMLDesc())

    assert names() == ["one", "now", "live", "both"]
    network.destroy()
    if networks.real:
        assert names() == ["one", "later", "both"]


@pytest.mark.parametrize(
    ("state", "flag", "text"),
    [
        ("inactive", "LIVE", "network is not running"),
        ("transient", "CONFIG", "cannot change persistent config of a transient network"),
    ],
)
def test_wrong_side(networks: Networks, state: str, flag: str, text: str) -> None:
    """What is off has no live side, what is transient no other."""
    network = networks.define(_BASE) if state == "inactive" else networks.create(_BASE)
    flags = networks.driver.constant(f"NETWORK_UPDATE_AFFECT_{flag}")
    change = Change("DNS_TXT", "ADD_LAST", "<txt name='x' value='y'/>")
    error = outcome(networks.driver, lambda: _call(networks, network, change, flags))
    assert error == (55, _NETWORK, _INVALID + text)
