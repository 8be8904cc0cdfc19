"""Networks: defined, started, changed, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine.kinds import CONNECTION, Family, Kind, Step, calls, flags, some
from tests.machine.side import UUIDS

if TYPE_CHECKING:
    from tests.machine.side import Side

NAMES = ("default", "na", "nb")
_UUID_OF = {"default": UUIDS[3], "na": UUIDS[1], "nb": UUIDS[2]}
_IP = "<ip address='10.1.0.1' netmask='255.255.255.0'>{}</ip>"
_RANGE = (
    "<dhcp><range start='10.1.0.2' end='10.1.0.9'/>"
    "<host mac='52:54:00:aa:bb:cc' name='h' ip='10.1.0.3'/></dhcp>"
)
BODIES = {
    "plain": "",
    "bridge": "<bridge name='vb0'/>",
    "nat": f"<bridge name='vb1' stp='off' delay='2'/><forward mode='nat'/>{_IP.format(_RANGE)}",
    "route": f"<forward mode='route' dev='eth0'/>{_IP.format('')}",
    "host bridge": "<forward mode='bridge'/><bridge name='br0'/>",
    "mac": "<mac address='52:54:00:00:00:01'/><domain name='d.example' localOnly='yes'/>",
    "dns": "<dns><host ip='10.1.0.5'><hostname>x</hostname></host><txt name='a' value='b'/></dns>"
    f"{_IP.format('')}",
    "portgroup": "<portgroup name='p' default='yes'>"
    "<bandwidth><inbound average='1'/></bandwidth></portgroup>",
    "bandwidth": "<bandwidth><inbound average='1000' peak='2000' burst='3'/></bandwidth>",
    "v6": "<ip family='ipv6' address='fd00::1' prefix='64'/>",
    "metadata": "<title>t</title><description>d</description>"
    "<metadata><m:a xmlns:m='urn:m'><m:b/></m:a></metadata>",
}
FAULTS = {
    "mode": "<forward mode='bogus'/>",
    "address": "<ip address='x' netmask='255.255.255.0'/>",
    "netmask": "<ip address='10.1.0.1' netmask='x'/>",
    "prefix": "<ip address='10.1.0.1' prefix='99'/>",
    "range": "<ip address='10.1.0.1' prefix='24'><dhcp><range start='9.9.9.9' end='9.9.9.10'/></dhcp></ip>",
    "mac": "<mac address='x'/>",
    "host": "<ip address='10.1.0.1' prefix='24'><dhcp><host/></dhcp></ip>",
    "bridge with ip": f"<forward mode='bridge'/>{_IP.format('')}",
    "delay": "<bridge name='b' delay='x'/>",
}
WHOLE = (
    "<network",
    "",
    "<domain/>",
    "<network/>",
    "<network><name>a/b</name></network>",
    "<network><name/></network>",
)
_UUID_FAULT = "<network><name>na</name><uuid>x</uuid></network>"


def document(name: str, body: str, uuid: str | None = None) -> str:
    """Return a network's document."""
    return f"<network><name>{name}</name><uuid>{uuid or _UUID_OF[name]}</uuid>{body}</network>"


_good = st.builds(document, some("na", "nb"), some(*BODIES.values()))
_clash = st.builds(document, some(*NAMES), st.just(""), some(*_UUID_OF.values()))
_bad = st.builds(document, st.just("na"), some(*FAULTS.values()))
_XML = st.one_of(_good, _good, _clash, _bad, some(*WHOLE, _UUID_FAULT, None))
_NAME = some(*NAMES, "nc", "", None)
_SECTIONS = some(*range(13))
_PART = some(
    "<host mac='52:54:00:aa:bb:cc' name='h' ip='10.1.0.3'/>",
    "<host mac='52:54:00:aa:bb:dd' name='g' ip='10.1.0.4'/>",
    "<range start='10.1.0.20' end='10.1.0.30'/>",
    "<range start='10.1.0.2' end='10.1.0.9'/>",
    "<interface dev='eth0'/>",
    "<portgroup name='p'/>",
    "<portgroup name='q'/>",
    "<host ip='10.1.0.5'><hostname>x</hostname></host>",
    "<txt name='a' value='b'/>",
    "<txt name='c' value='d'/>",
    "<srv service='s' protocol='tcp' domain='d' target='t' port='1'/>",
    "<bogus/>",
    "",
    None,
)
_OBJECT: dict[str, tuple[Any, ...]] = {
    "create": (),
    "destroy": (),
    "undefine": (),
    "isActive": (),
    "isPersistent": (),
    "autostart": (),
    "setAutostart": (some(0, 1, 7),),
    "bridgeName": (),
    "XMLDesc": (flags(1),),
    "name": (),
    "UUIDString": (),
    "update": (some(0, 1, 2, 3, 4, 5), _SECTIONS, some(-1, 0, 1, 5), _PART, flags(1, 2)),
    "DHCPLeases": (some(None, "52:54:00:aa:bb:cc", "x"), flags(1)),
    "listAllPorts": (flags(1),),
    "setAutostart/wrong": (some("1", None),),
    "XMLDesc/wrong": (some("1", None),),
}
_CONN: dict[str, tuple[Any, ...]] = {
    "networkDefineXML": (_XML,),
    "networkDefineXMLFlags": (_good, flags(1)),
    "networkCreateXML": (_XML,),
    "networkCreateXMLFlags": (_good, flags(1)),
    "networkLookupByName": (_NAME,),
    "networkLookupByUUIDString": (some(*_UUID_OF.values(), "x", "99999999-9999-9999-9999-999999999999"),),
    "networkLookupByUUID": (some(b"\x11" * 16, b"\x99" * 16),),
    "listAllNetworks": (flags(1, 2, 4, 8, 16, 32),),
    "numOfNetworks": (),
    "numOfDefinedNetworks": (),
    "networkLookupByName/wrong": (some(1, b"x"),),
    "networkDefineXML/wrong": (some(1, b"x"),),
}
_SEEN = (
    Kind("conn.listNetworks", CONNECTION, "listNetworks", see=sorted),
    Kind("conn.listDefinedNetworks", CONNECTION, "listDefinedNetworks", see=sorted),
    Kind("network.UUID", "network", "UUID", see=bytes.hex),
)


def _summary(side: Side) -> Any:
    return {network.name(): _network(network) for network in side.conn.listAllNetworks()}


def _network(network: Any) -> Any:
    return {
        "uuid": network.UUIDString(),
        "active": network.isActive(),
        "persistent": network.isPersistent(),
        "autostart": network.autostart(),
        "XML": network.XMLDesc(0),
    }


networks = Family(
    "networks",
    (*calls("network", _OBJECT, 3), *calls(CONNECTION, _CONN), *_SEEN),
    {"network": NAMES},
    st.one_of(st.just([]), _good.map(lambda xml: [Step("conn.networkDefineXML", "", "", (xml,))])),
    _summary,
    (("networkEventRegisterAny", "VIR_NETWORK_EVENT_ID_LIFECYCLE", "network"),),
)
