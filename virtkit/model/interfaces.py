"""The document of an interface of the host."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Flag, Integer, OnOff, Text, YesNo
from virtkit.model.shared import MacAddress
from virtkit.model.values import Real
from virtkit.model.views import OrderedView


class InterfaceDhcp(OrderedView):
    """Addresses are asked for."""

    TAG = "dhcp"
    KEEP = True
    peerdns = YesNo("@peerdns")


class InterfaceIp(OrderedView):
    """An address of an interface."""

    TAG = "ip"
    address = Text("@address")
    prefix = Integer("@prefix")


class InterfaceRoute(OrderedView):
    """Where an interface's traffic goes."""

    TAG = "route"
    gateway = Text("@gateway")


class Protocol(OrderedView):
    """The addresses of one family."""

    TAG = "protocol"
    KEEP = True
    family = Choice[Literal["ipv4", "ipv6"]]("@family")
    autoconf = Flag("autoconf")
    dhcp = Child(InterfaceDhcp)
    ips = Children(InterfaceIp)
    routes = Children(InterfaceRoute)


class HostBridge(OrderedView):
    """A bridge and what is plugged into it; the delay in seconds."""

    TAG = "bridge"
    KEEP = True
    stp = OnOff("@stp")
    delay = Real("@delay")
    interfaces: Children[Interface]


class MiiMonitor(OrderedView):
    """How a bond watches its interfaces by their carrier; times in milliseconds."""

    TAG = "miimon"
    freq = Integer("@freq")
    downdelay = Integer("@downdelay")
    updelay = Integer("@updelay")
    carrier = Choice[Literal["ioctl", "netif"]]("@carrier")


class ArpMonitor(OrderedView):
    """How a bond watches its interfaces by asking an address; times in milliseconds."""

    TAG = "arpmon"
    interval = Integer("@interval")
    target = Text("@target")
    validate = Choice[Literal["none", "active", "backup", "all"]]("@validate")


class Bond(OrderedView):
    """Interfaces that are used as one."""

    TAG = "bond"
    KEEP = True
    mode = Choice[
        Literal[
            "balance-rr",
            "active-backup",
            "balance-xor",
            "broadcast",
            "802.3ad",
            "balance-tlb",
            "balance-alb",
        ]
    ]("@mode")
    miimon = Child(MiiMonitor)
    arpmon = Child(ArpMonitor)
    interfaces: Children[Interface]


class HostVlan(OrderedView):
    """The VLAN that an interface is, and of which interface."""

    TAG = "vlan"
    tag = Integer("@tag")
    interface: Child[Interface]


class Interface(OrderedView):
    """An interface of the host: ``<interface>``, as ``virInterfaceGetXMLDesc`` gives it.

    A guest's is `virtkit.model.devices.Interface`.
    """

    TAG = "interface"
    type = Choice[Literal["ethernet", "bridge", "bond", "vlan"]]("@type")
    name = Text("@name")
    start = Choice[Literal["onboot", "none", "hotplug"]]("start/@mode")
    mac = Child(MacAddress)
    link_speed = Integer("link/@speed")
    link_state = Choice[
        Literal["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"]
    ]("link/@state")
    mtu = Integer("mtu/@size")
    protocols = Children(Protocol)
    bridge = Child(HostBridge)
    bond = Child(Bond)
    vlan = Child(HostVlan)

    def protocol(self, family: Literal["ipv4", "ipv6"]) -> Protocol:
        """The addresses of one family.

        Raises:
            LookupError: there are none.
        """
        for each in self.protocols:
            if each.family == family:
                return each
        raise LookupError(f"there is no protocol {family!r}")


HostBridge.interfaces = Children(Interface)
Bond.interfaces = Children(Interface)
HostVlan.interface = Child(Interface)
