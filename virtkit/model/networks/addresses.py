"""The host's addresses on a network, and those that guests are given there."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, Text, YesNo
from virtkit.model.views import OrderedView


class Lease(OrderedView):
    """How long an address is lent; 0 is for ever."""

    TAG = "lease"
    expiry = Integer("@expiry")
    unit = Choice[Literal["seconds", "minutes", "hours"]]("@unit")


class DhcpRange(OrderedView):
    """Addresses that guests are given."""

    TAG = "range"
    start = Text("@start")
    end = Text("@end")
    lease = Child(Lease)


class DhcpHost(OrderedView):
    """The address that one guest is given."""

    TAG = "host"
    mac = Text("@mac")
    id = Text("@id")
    name = Text("@name")
    ip = Text("@ip")
    lease = Child(Lease)


class Bootp(OrderedView):
    """What guests boot from the network."""

    TAG = "bootp"
    file = Text("@file")
    server = Text("@server")


class Dhcp(OrderedView):
    """The addresses that guests are given."""

    TAG = "dhcp"
    ranges = Children(DhcpRange)
    hosts = Children(DhcpHost)
    bootp = Child(Bootp)

    def host(self, *, mac: str | None = None, name: str | None = None, ip: str | None = None) -> DhcpHost:
        """The entry of one guest, by any of what is given.

        Raises:
            LookupError: there is none.
        """
        for host in self.hosts:
            has_mac = mac is not None and host.mac is not None and host.mac.lower() == mac.lower()
            if has_mac or (name is not None and host.name == name) or (ip is not None and host.ip == ip):
                return host
        raise LookupError(f"there is no DHCP host {mac or name or ip!r}")


class NetworkIp(OrderedView):
    """An address of the host on a network, with what is served there."""

    TAG = "ip"
    family = Choice[Literal["ipv4", "ipv6"]]("@family")
    address = Text("@address")
    netmask = Text("@netmask")
    prefix = Integer("@prefix")
    local_ptr = YesNo("@localPtr")
    tftp_root = Text("tftp/@root")
    dhcp = Child(Dhcp)
