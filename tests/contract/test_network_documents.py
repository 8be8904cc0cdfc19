"""What a network's document becomes, and which are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.contract.differences import expected
from tests.contract.networks import DHCP, IP
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.networks import Networks

_NONE, _XML, _NETWORK, _NET = 0, 5, 19, 11  # VIR_FROM_*
_BARE = IP.format("")
_OPENVSWITCH = "<virtualport type='openvswitch'/><vlan><tag id='7'/></vlan>"
_SIX = "<ip family='ipv6' address='fd00:77::1' prefix='64'>{}</ip>"
# what is given, what is made of it: the parts that stay, without what the driver adds
_DOCUMENTS = {
    "nothing": ("", "<bridge stp='on' delay='0'/>"),
    "bridge": ("<bridge stp='off' delay='4' zone='x'/>", "<bridge zone='x' stp='off' delay='4'/>"),
    "nat": (f"<forward/>{IP}", "<forward mode='nat'/>"),
    "device": (
        f"<forward dev='eth9' mode='route'/>{IP}",
        "<forward dev='eth9' mode='route'>\n    <interface dev='eth9'/>\n  </forward>",
    ),
    "nat ports": (
        f"<forward><nat ipv6='yes'><port start='10' end='20'/></nat></forward>{IP}",
        "<nat ipv6='yes'>\n      <port start='10' end='20'/>\n    </nat>",
    ),
    "mac": ("<mac address='52:54:0:A:B:C'/>", "<mac address='52:54:00:0a:0b:0c'/>"),
    "domain": ("<domain name='x' localOnly='yes'/>", "<domain name='x' localOnly='yes'/>"),
    "mtu": ("<mtu size='9000'/>", "<mtu size='9000'/>"),
    "dns": (
        (
            "<dns><host ip='10.0.0.9'><hostname>a</hostname></host><srv service='s' protocol='tcp' "
            "target='t' port='5'/><txt name='n' value='v'/><forwarder addr='8.8.8.8'/></dns>"
        ),
        (
            "<dns>\n    <forwarder addr='8.8.8.8'/>\n    <txt name='n' value='v'/>\n    <srv service='s' "
            "protocol='tcp' target='t' port='5'/>\n    <host ip='10.0.0.9'>\n      <hostname>a</hostname>"
        ),
    ),
    "empty ip": (IP, "<ip address='10.77.0.1' netmask='255.255.255.0'>\n  </ip>"),
    "dhcp": (
        IP.format(
            "<dhcp><host mac='52:54:00:00:00:01' name='a' ip='10.77.0.5'/><range start='10.77.0.10' "
            "end='10.77.0.20'><lease expiry='5' unit='hours'/></range><bootp file='f'/></dhcp>"
        ),
        (
            "<dhcp>\n      <range start='10.77.0.10' end='10.77.0.20'>\n"
            "        <lease expiry='5' unit='hours'/>\n"
            "      </range>\n      <host mac='52:54:00:00:00:01' name='a' ip='10.77.0.5'/>\n"
            "      <bootp file='f'/>"
        ),
    ),
    "ipv6": (
        _SIX.format("<dhcp><host id='0:1' ip='fd00:77:0::5'/></dhcp>"),
        "<dhcp>\n      <host id='0:1' ip='fd00:77::5'/>\n    </dhcp>",
    ),
    "route": (
        f"{IP}<route address='10.79.0.0' prefix='24' gateway='10.77.0.2'/>",
        "<route address='10.79.0.0' prefix='24' gateway='10.77.0.2'/>",
    ),
    "bandwidth": (
        "<bandwidth><outbound average='5' burst='6'/><inbound average='1' peak='3'/></bandwidth>",
        "<bandwidth>\n    <inbound average='1' peak='3'/>\n    <outbound average='5' burst='6'/>",
    ),
    "portgroup": (
        "<portgroup name='g' default='yes'><bandwidth><inbound average='1'/></bandwidth></portgroup>",
        "<portgroup name='g' default='yes'>\n    <bandwidth>\n      <inbound average='1'/>",
    ),
    "empty portgroup": ("<portgroup name='g'/>", "<portgroup name='g'>\n  </portgroup>"),
    "openvswitch": (
        "<forward mode='bridge'/><bridge name='ovs'/>" + _OPENVSWITCH,
        "<bridge name='ovs'/>\n  <vlan>\n    <tag id='7'/>\n  </vlan>\n  <virtualport type='openvswitch'/>",
    ),
    "macvtap": (
        "<forward mode='vepa'><interface dev='eth8'/><interface dev='eth9'/></forward>",
        "<forward dev='eth8' mode='vepa'>\n    <interface dev='eth8'/>\n    <interface dev='eth9'/>",
    ),
    "isolated ports": ("<port isolated='yes'/>", "<port isolated='yes'/>"),
    "metadata": (
        "<metadata><a:b xmlns:a='urn:a' c=\"d\"><a:e/></a:b><gone/></metadata>",
        '<metadata>\n    <a:b xmlns:a="urn:a" c="d">\n      <a:e/>\n    </a:b>\n  </metadata>',
    ),
    "unknown": ("<nonsense/><domain name='x' nonsense='1'/>", "<domain name='x'/>"),
}


@pytest.mark.parametrize(("given", "kept"), _DOCUMENTS.values(), ids=list(_DOCUMENTS))
def test_document(networks: Networks, given: str, kept: str) -> None:
    """Each element in its place, its values in libvirt's notation; and reading that changes nothing more."""
    network = networks.define(given.replace("{}", ""))
    text = network.XMLDesc()
    added = r"  <mac address='52:54:00:(?!0a)[0-9a-f:]+'/>\n| name='virbr\d+'"
    assert kept in re.sub(added, "", text)
    networks.conn.networkDefineXML(text)
    assert network.XMLDesc() == text


def test_whole_document(networks: Networks) -> None:
    """A whole one, to the letter."""
    bridge = f"<bridge name='vkbr7'/><mac address='52:54:00:00:00:07'/>{DHCP}"
    assert networks.define(bridge).XMLDesc() == (
        f"<network>\n  <name>{networks.named()}</name>\n  <uuid>{networks.uuid()}</uuid>\n"
        "  <bridge name='vkbr7' stp='on' delay='0'/>\n  <mac address='52:54:00:00:00:07'/>\n"
        "  <ip address='10.77.0.1' netmask='255.255.255.0'>\n    <dhcp>\n"
        "      <range start='10.77.0.10' end='10.77.0.99'/>\n    </dhcp>\n  </ip>\n</network>\n"
    )


_RANGE = "<dhcp><range start='{}' end='{}'/></dhcp>"
_HOST = "<dhcp><host {}/></dhcp>"
_FAULTS = [
    ("<bridge delay='x'/>", 27, _NETWORK, "XML error: Invalid delay value in network '{name}'"),
    ("<mac address='x'/>", 27, _NETWORK, "XML error: Invalid bridge mac address 'x' in network '{name}'"),
    (
        "<mac address='53:00:00:00:00:01'/>",
        27,
        _NETWORK,
        "XML error: Invalid multicast bridge mac address '53:00:00:00:00:01' in network '{name}'",
    ),
    ("<mtu size='x'/>", 27, _NETWORK, "XML error: Invalid mtu size 'x' in network '{name}'"),
    ("<ip/>", 27, _NETWORK, "XML error: Missing required address attribute in network '{name}'"),
    ("<ip address='x'/>", 27, _NETWORK, "XML error: Invalid address 'x' in network '{name}'"),
    (
        "<ip address='10.0.0.1' prefix='33'/>",
        67,
        _NETWORK,
        "unsupported configuration: Invalid IPv4 prefix '33' in network '{name}'",
    ),
    (
        "<ip address='10.0.0.1' prefix='8' netmask='255.0.0.0'/>",
        67,
        _NETWORK,
        "unsupported configuration: Network '{name}' IP address cannot have both a prefix and a netmask",
    ),
    (
        "<ip address='fd00::1'/>",
        67,
        _NETWORK,
        "unsupported configuration: no family specified for non-IPv4 address 'fd00::1' in network '{name}'",
    ),
    (
        "<ip family='ipv5' address='10.0.0.1'/>",
        27,
        _NETWORK,
        "XML error: Unrecognized family 'ipv5' in network '{name}'",
    ),
    (
        "<ip address='10.0.0.1' prefix='x'/>",
        27,
        _XML,
        (
            "XML error: Invalid value for attribute 'prefix' in element 'ip': 'x'. "
            "Expected non-negative integer value"
        ),
    ),
    (
        IP.format(_RANGE.format("10.77.1.5", "10.77.1.9")),
        1,
        _NONE,
        "internal error: range 10.77.1.5 - 10.77.1.9 is not entirely within network 10.77.0.1/24",
    ),
    (
        IP.format(_RANGE.format("10.77.0.9", "10.77.0.5")),
        1,
        _NONE,
        "internal error: range 10.77.0.9 - 10.77.0.5 is reversed ",
    ),
    (
        IP.format(_RANGE.format("10.77.0.0", "10.77.0.5")),
        1,
        _NONE,
        "internal error: start of range 10.77.0.0 - 10.77.0.5 in network 10.77.0.1/24 is the network address",
    ),
    (
        IP.format(_RANGE.format("10.77.0.5", "10.77.0.255")),
        1,
        _NONE,
        (
            "internal error: end of range 10.77.0.5 - 10.77.0.255 in network 10.77.0.1/24 "
            "is the broadcast address"
        ),
    ),
    (
        IP.format(_RANGE.format("x", "10.77.0.5")),
        38,
        _NONE,
        "Cannot parse socket address 'x': Name or service not known",
    ),
    (
        IP.format("<dhcp><range end='10.77.0.5'/></dhcp>"),
        27,
        _NETWORK,
        "XML error: Missing 'start' attribute in dhcp range for network '{name}'",
    ),
    (
        IP.format(_HOST.format("ip='10.77.0.5'")),
        27,
        _NETWORK,
        "XML error: Static host definition in IPv4 network '{name}' must have mac or name attribute",
    ),
    (
        IP.format(_HOST.format("name='-' ip='10.77.0.5'")),
        27,
        _NETWORK,
        "XML error: Cannot use host name '-' in network '{name}'",
    ),
    (
        IP.format(_HOST.format("name='a'")),
        27,
        _NETWORK,
        "XML error: Missing IP address in static host definition for network '{name}'",
    ),
    (
        IP.format("<dhcp><range start='10.77.0.5' end='10.77.0.9'><lease expiry='1'/></range></dhcp>"),
        67,
        _NETWORK,
        "unsupported configuration: The minimum lease time should be greater than 2 minutes",
    ),
    (
        "<dns><txt name='a b' value='c'/></dns>",
        35,
        _NETWORK,
        "prohibited character in DNS TXT record name 'a b' of network {name}",
    ),
    (
        "<dns><srv service='a' protocol='tcp' port='5'/></dns>",
        35,
        _NETWORK,
        "DNS SRV port attribute not permitted without target for service 'a' in network '{name}'",
    ),
    (
        "<dns><host ip='x'/></dns>",
        35,
        _NETWORK,
        "Invalid IP address in network '{name}' DNS HOST record",
    ),
    (
        "<dns enable='no'><txt name='a' value='c'/></dns>",
        27,
        _NETWORK,
        "XML error: Extra data in disabled network '{name}'",
    ),
    (
        "<forward mode='x'/>",
        67,
        _NETWORK,
        "unsupported configuration: unknown forwarding type 'x'",
    ),
    (
        "<forward/>",
        27,
        _NETWORK,
        "XML error: nat forwarding requested, but no IP address provided for network '{name}'",
    ),
    (
        f"<forward mode='route'><nat/></forward>{_BARE}",
        27,
        _NETWORK,
        "XML error: The <nat> element can only be used when <forward> 'mode' is 'nat' in network {name}",
    ),
    (
        f"<forward mode='open' dev='eth9'/>{_BARE}",
        27,
        _NETWORK,
        "XML error: forward dev not allowed for network '{name}' with forward mode='open'",
    ),
    (
        "<forward mode='bridge'/><bridge name='x' stp='on'/>",
        27,
        _NETWORK,
        (
            "XML error: bridge delay/stp/zone options only allowed in route, nat, and isolated mode, "
            "not in bridge (network '{name}')"
        ),
    ),
    (
        "<forward mode='vepa'/><bridge name='x'/>",
        27,
        _NETWORK,
        "XML error: bridge name not allowed in vepa mode (network '{name}')",
    ),
    (
        f"{_BARE}<route address='10.79.0.0' prefix='24' gateway='10.80.0.2'/>",
        67,
        _NETWORK,
        (
            "unsupported configuration: unreachable static route gateway '10.80.0.2' specified for "
            "network '{name}'"
        ),
    ),
    (
        f"{_BARE}<route address='10.79.0.1' prefix='24' gateway='10.77.0.2'/>",
        27,
        _NETWORK,
        "XML error: {name}: Address '10.79.0.1' in route definition is not a network address",
    ),
    (
        "<virtualport/>",
        27,
        _NONE,
        "XML error: missing required virtualport type",
    ),
    (
        "<virtualport type='openvswitch'><parameters managerid='1'/></virtualport>",
        27,
        _NET,
        "XML error: extra managerid unsupported in <virtualport type='openvswitch'>",
    ),
    (
        "<vlan/>",
        27,
        _NONE,
        "XML error: missing tag id - each <vlan> must have at least one <tag id='n'/> subelement",
    ),
    (
        "<bandwidth><inbound peak='1'/></bandwidth>",
        35,
        _NONE,
        "Missing mandatory average or floor attributes",
    ),
    (
        "<bandwidth><inbound floor='1'/></bandwidth>",
        67,
        _NONE,
        "unsupported configuration: floor attribute is not supported for this config",
    ),
    (
        "<port isolated='x'/>",
        27,
        _XML,
        "XML error: Invalid value for attribute 'isolated' in element 'port': 'x'.",
    ),
    (
        "<portgroup/>",
        27,
        _NETWORK,
        "XML error: Missing required name attribute in portgroup",
    ),
]


@pytest.mark.parametrize(("inner", "code", "source", "text"), _FAULTS, ids=[each[0] for each in _FAULTS])
def test_refused(networks: Networks, inner: str, code: int, source: int, text: str) -> None:
    """What the parser says is the same with every driver."""
    error = outcome(networks.driver, lambda: networks.define(inner))
    assert error == (code, source, text.format(name=networks.named()))


_VALIDATED = [
    (
        "<forward mode='bridge'/><bridge name='x'/><mac address='52:54:00:00:00:01'/>",
        "Unsupported <mac> element in network {name} with forward mode='bridge'",
    ),
    (
        "<forward mode='bridge'/><bridge name='x'/><ip address='10.0.0.1'/>",
        "Unsupported <ip> element in network {name} with forward mode='bridge'",
    ),
    (
        "<forward mode='vepa'><interface dev='e'/></forward><domain name='x'/>",
        "Unsupported <domain> element in network {name} with forward mode='vepa'",
    ),
    (
        "<forward mode='vepa'><interface dev='e'/></forward><bandwidth><inbound average='1'/></bandwidth>",
        "Unsupported network-wide <bandwidth> element in network {name} with forward mode='vepa'",
    ),
    (
        f"{DHCP}{DHCP.replace('.77.', '.78.')}",
        (
            "Multiple IPv4 dhcp sections found -- dhcp is supported only for a single IPv4 address "
            "on each network"
        ),
    ),
    (
        "<portgroup name='a' default='yes'/><portgroup name='b' default='yes'/>",
        (
            "network '{name}' has multiple default <portgroup> elements (a and b), "
            "but only one default is allowed"
        ),
    ),
    (
        "<portgroup name='a'/><portgroup name='a'/>",
        "multiple <portgroup> elements with the same name (a) in network '{name}'",
    ),
    (
        "<vlan><tag id='1'/></vlan>",
        "<vlan> element specified for network {name}, whose type doesn't support vlan configuration",
    ),
    (
        "<forward mode='hostdev'><interface dev='e'/></forward>",
        (
            "hostdev network '{name}' lists 'e' in the device pool, but hostdev networks require all devices "
            "to be listed by PCI address, not network device name"
        ),
    ),
]


@pytest.mark.parametrize(("inner", "text"), _VALIDATED, ids=[each[1][:40] for each in _VALIDATED])
def test_validated(networks: Networks, inner: str, text: str) -> None:
    """What libvirt's driver demands beyond, and the test driver does not."""
    message = f"unsupported configuration: {text.format(name=networks.named())}"
    answer = expected(networks.driver, "network validation", (67, _NETWORK, message))
    assert outcome(networks.driver, lambda: networks.define(inner)) == answer


@pytest.mark.parametrize(
    ("xml", "code", "source", "text"),
    [
        ("<domain/>", 27, _XML, "XML error: expecting root element of 'network', not 'domain'"),
        ("<network/>", 21, _NETWORK, "missing name information"),
        ("<network><name>a/b</name></network>", 35, _XML, "invalid char in name: /"),
        (
            "<network><name>contract-x</name><uuid>x</uuid></network>",
            1,
            _NETWORK,
            "internal error: malformed uuid element",
        ),
        (
            "<network ipv6='x'><name>contract-x</name></network>",
            27,
            _NETWORK,
            "XML error: Invalid ipv6 setting 'x' in network 'contract-x'",
        ),
    ],
)
def test_head(networks: Networks, xml: str, code: int, source: int, text: str) -> None:
    """Root, name and UUID."""
    error = outcome(networks.driver, lambda: networks.conn.networkDefineXML(xml))
    assert error == (code, source, text)


def test_no_xml(networks: Networks) -> None:
    """What is no XML: where, and why."""
    error = outcome(networks.driver, lambda: networks.conn.networkDefineXML("<network>"))
    assert error is not None
    assert error[:2] == (35, _NETWORK)
    assert error[2].startswith("(network_definition):1: ")
