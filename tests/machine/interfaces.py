"""Host interfaces, and changes to them that can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine.kinds import CONNECTION, Family, Kind, calls, flags, some

if TYPE_CHECKING:
    from tests.machine.side import Side

NAMES = ("eth1", "if0", "if1")
_START = "<start mode='onboot'/>"
BODIES = {
    "ethernet": ("ethernet", f"{_START}<mac address='52:54:00:aa:bb:01'/>"),
    "dhcp": (
        "ethernet",
        f"{_START}<mac address='52:54:00:aa:bb:02'/><protocol family='ipv4'><dhcp/></protocol>",
    ),
    "static": (
        "ethernet",
        (
            f"{_START}<mac address='52:54:00:aa:bb:03'/><mtu size='1400'/><protocol family='ipv4'>"
            "<ip address='10.0.0.2' prefix='24'/><route gateway='10.0.0.1'/></protocol>"
        ),
    ),
    "bridge": (
        "bridge",
        f"{_START}<bridge stp='on' delay='2'><interface type='ethernet' name='eth9'/></bridge>",
    ),
    "bond": (
        "bond",
        (
            f"{_START}<bond mode='active-backup'><miimon freq='100' carrier='ioctl'/>"
            "<interface type='ethernet' name='eth8'/></bond>"
        ),
    ),
    "vlan": ("vlan", f"{_START}<vlan tag='5'><interface name='eth7'/></vlan>"),
    "no start": ("ethernet", ""),
    "bad start": ("ethernet", "<start mode='bogus'/>"),
    "bad mtu": ("ethernet", "<mtu size='x'/>"),
    "bad type": ("bogus", _START),
    "no tag": ("vlan", f"{_START}<vlan><interface name='eth7'/></vlan>"),
}
_WHOLE = ("<interface", "", "<domain/>", "<interface/>", "<interface type='ethernet'/>", None)


def document(name: str, body: tuple[str, str]) -> str:
    """Return an interface's document."""
    return f"<interface type='{body[0]}' name='{name}'>{body[1]}</interface>"


_XML = st.one_of(st.builds(document, some(*NAMES), some(*BODIES.values())), some(*_WHOLE))
_OBJECT: dict[str, tuple[Any, ...]] = {
    "create": (flags(1),),
    "destroy": (flags(1),),
    "undefine": (),
    "isActive": (),
    "MACString": (),
    "name": (),
    "XMLDesc": (flags(1),),
    "XMLDesc/wrong": (some("1", None),),
}
_CONN: dict[str, tuple[Any, ...]] = {
    "interfaceDefineXML": (_XML, flags(1)),
    "interfaceLookupByName": (some(*NAMES, "none", "", None),),
    "interfaceLookupByMACString": (
        some("aa:bb:cc:dd:ee:ff", "AA:BB:CC:DD:EE:FF", "52:54:00:aa:bb:01", "x", None),
    ),
    "listAllInterfaces": (flags(1, 2),),
    "numOfInterfaces": (),
    "numOfDefinedInterfaces": (),
    "changeBegin": (flags(1),),
    "changeCommit": (flags(1),),
    "changeRollback": (flags(1),),
    "interfaceLookupByName/wrong": (some(1, b"x"),),
}
_SEEN = (
    Kind("conn.listInterfaces", CONNECTION, "listInterfaces", see=sorted),
    Kind("conn.listDefinedInterfaces", CONNECTION, "listDefinedInterfaces", see=sorted),
)


def _summary(side: Side) -> Any:
    return {
        interface.name(): {
            "active": interface.isActive(),
            "mac": interface.MACString(),
            "XML": interface.XMLDesc(0),
        }
        for interface in side.conn.listAllInterfaces()
    }


interfaces = Family(
    "interfaces",
    (*calls("interface", _OBJECT, 3), *calls(CONNECTION, _CONN), *_SEEN),
    {"interface": NAMES},
    st.just([]),
    _summary,
)
