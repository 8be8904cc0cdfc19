"""What a network's DNS server answers."""

from __future__ import annotations

from virtkit.model import nodes
from virtkit.model.fields import Children, Integer, Text, YesNo
from virtkit.model.views import OrderedView

_DNSMASQ = f"{{{nodes.PREFIXES['dnsmasq']}}}"


class Forwarder(OrderedView):
    """A server that is asked what this one does not know."""

    TAG = "forwarder"
    domain = Text("@domain")
    addr = Text("@addr")
    port = Integer("@port")


class Txt(OrderedView):
    """A TXT record."""

    TAG = "txt"
    name = Text("@name")
    value = Text("@value")


class Srv(OrderedView):
    """An SRV record: where a service is."""

    TAG = "srv"
    service = Text("@service")
    protocol = Text("@protocol")
    domain = Text("@domain")
    target = Text("@target")
    port = Integer("@port")
    priority = Integer("@priority")
    weight = Integer("@weight")


class Hostname(OrderedView):
    """A name of an address."""

    TAG = "hostname"
    name = Text(".")


class DnsHost(OrderedView):
    """An address with its names."""

    TAG = "host"
    ip = Text("@ip")
    hostnames = Children(Hostname)


class Dns(OrderedView):
    """What a network's DNS server answers."""

    TAG = "dns"
    enable = YesNo("@enable")
    forward_plain_names = YesNo("@forwardPlainNames")
    forwarders = Children(Forwarder)
    txts = Children(Txt)
    srvs = Children(Srv)
    hosts = Children(DnsHost)

    def host(self, name: str) -> DnsHost:
        """The entry of an address, by the address or one of its names.

        Raises:
            LookupError: there is none.
        """
        for host in self.hosts:
            if name == host.ip or name in [each.name for each in host.hostnames]:
                return host
        raise LookupError(f"there is no DNS host {name!r}")


class DnsmasqOption(OrderedView):
    """A line of dnsmasq's configuration."""

    TAG = f"{_DNSMASQ}option"
    value = Text("@value")


class DnsmasqOptions(OrderedView):
    """What is handed to dnsmasq past libvirt."""

    TAG = f"{_DNSMASQ}options"
    options = Children(DnsmasqOption)
