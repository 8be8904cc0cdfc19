"""The document of a virtual network."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, OnOff, Text, YesNo
from virtkit.model.metadata import Metadata
from virtkit.model.networks.addresses import DhcpHost, NetworkIp
from virtkit.model.networks.forward import Forward
from virtkit.model.networks.names import Dns, DnsmasqOptions
from virtkit.model.shared import Bandwidth, MacAddress, Route, VirtualPort, Vlan
from virtkit.model.views import OrderedView


class Bridge(OrderedView):
    """The host's bridge that guests are plugged into."""

    TAG = "bridge"
    name = Text("@name")
    zone = Text("@zone")
    stp = OnOff("@stp")
    delay = Integer("@delay")
    mac_table_manager = Choice[Literal["kernel", "libvirt"]]("@macTableManager")


class NetworkDomain(OrderedView):
    """The DNS domain of a network's guests."""

    TAG = "domain"
    name = Text("@name")
    local_only = YesNo("@localOnly")
    register = YesNo("@register")


class PortGroup(OrderedView):
    """Settings for some of a network's guests, by the name of the group."""

    TAG = "portgroup"
    KEEP = True
    name = Text("@name")
    default = YesNo("@default")
    trust_guest_rx_filters = YesNo("@trustGuestRxFilters")
    vlan = Child(Vlan)
    virtualport = Child(VirtualPort)
    bandwidth = Child(Bandwidth)


class Network(OrderedView):
    """A virtual network: ``<network>``.

    ``virNetworkGetXMLDesc`` gives it, ``virNetworkDefineXML`` takes it.
    """

    TAG = "network"
    connections = Integer("@connections")
    ipv6 = YesNo("@ipv6")
    trust_guest_rx_filters = YesNo("@trustGuestRxFilters")
    name = Text("name")
    uuid = Text("uuid")
    title = Text("title")
    description = Text("description")
    metadata = Child(Metadata)
    forward = Child(Forward)
    bridge = Child(Bridge)
    mtu = Integer("mtu/@size")
    mac = Child(MacAddress)
    domain = Child(NetworkDomain)
    dns = Child(Dns)
    vlan = Child(Vlan)
    bandwidth = Child(Bandwidth)
    port_isolated = YesNo("port/@isolated")
    ips = Children(NetworkIp)
    routes = Children(Route)
    virtualport = Child(VirtualPort)
    portgroups = Children(PortGroup)
    dnsmasq_options = Child(DnsmasqOptions)

    def portgroup(self, name: str) -> PortGroup:
        """The port group of this name.

        Raises:
            LookupError: there is none.
        """
        for group in self.portgroups:
            if group.name == name:
                return group
        raise LookupError(f"there is no port group {name!r}")

    def dhcp_host(
        self, *, mac: str | None = None, name: str | None = None, ip: str | None = None
    ) -> DhcpHost:
        """The entry of one guest, in whichever of the host's addresses serves it.

        Raises:
            LookupError: there is none.
        """
        for each in self.ips:
            try:
                return each.dhcp.host(mac=mac, name=name, ip=ip)
            except LookupError:
                continue
        raise LookupError(f"there is no DHCP host {mac or name or ip!r}")
