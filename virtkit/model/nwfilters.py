"""The documents of network filters, and of what filters which interface.

What a rule compares may be a number, or a variable such as ``$PORT`` that each interface gives a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from virtkit.model import nodes
from virtkit.model.fields import Child, Children, Choice, Integer, Text, YesNo
from virtkit.model.shared import FilterRef, MacAddress, Owner
from virtkit.model.values import NumberOrWord, TrueFalse
from virtkit.model.views import OrderedView

if TYPE_CHECKING:
    from collections.abc import Iterator


class Match(OrderedView):
    """What a rule applies to: packets that are like this, or, with ``match`` False, those that are not."""

    KEEP = True
    match = YesNo("@match")
    comment = Text("@comment")


class LinkMatch(Match):
    """Packets by their MAC addresses."""

    srcmacaddr = Text("@srcmacaddr")
    srcmacmask = Text("@srcmacmask")
    dstmacaddr = Text("@dstmacaddr")
    dstmacmask = Text("@dstmacmask")


class MacMatch(LinkMatch):
    """Packets of any protocol, by what Ethernet says."""

    TAG = "mac"
    protocolid = NumberOrWord("@protocolid")


class VlanMatch(LinkMatch):
    """Packets of a VLAN."""

    TAG = "vlan"
    vlanid = NumberOrWord("@vlanid")
    encap_protocol = NumberOrWord("@encap-protocol")


class StpMatch(Match):
    """Packets of the spanning tree protocol; fields with ``_hi`` end a range."""

    TAG = "stp"
    srcmacaddr = Text("@srcmacaddr")
    srcmacmask = Text("@srcmacmask")
    type = NumberOrWord("@type")
    flags = NumberOrWord("@flags")
    root_priority = NumberOrWord("@root-priority")
    root_priority_hi = NumberOrWord("@root-priority-hi")
    root_address = Text("@root-address")
    root_address_mask = Text("@root-address-mask")
    root_cost = NumberOrWord("@root-cost")
    root_cost_hi = NumberOrWord("@root-cost-hi")
    sender_priority = NumberOrWord("@sender-priority")
    sender_priority_hi = NumberOrWord("@sender-priority-hi")
    sender_address = Text("@sender-address")
    sender_address_mask = Text("@sender-address-mask")
    port = NumberOrWord("@port")
    port_hi = NumberOrWord("@port-hi")
    age = NumberOrWord("@age")
    age_hi = NumberOrWord("@age-hi")
    max_age = NumberOrWord("@max-age")
    max_age_hi = NumberOrWord("@max-age-hi")
    hello_time = NumberOrWord("@hello-time")
    hello_time_hi = NumberOrWord("@hello-time-hi")
    forward_delay = NumberOrWord("@forward-delay")
    forward_delay_hi = NumberOrWord("@forward-delay-hi")


class ArpMatch(LinkMatch):
    """Packets of ARP or RARP."""

    TAG = "arp"
    hwtype = NumberOrWord("@hwtype")
    protocoltype = NumberOrWord("@protocoltype")
    opcode = NumberOrWord("@opcode")
    arpsrcmacaddr = Text("@arpsrcmacaddr")
    arpdstmacaddr = Text("@arpdstmacaddr")
    arpsrcipaddr = Text("@arpsrcipaddr")
    arpsrcipmask = Text("@arpsrcipmask")
    arpdstipaddr = Text("@arpdstipaddr")
    arpdstipmask = Text("@arpdstipmask")
    gratuitous = TrueFalse("@gratuitous")


class IpMatch(LinkMatch):
    """Packets of IPv4, as the bridge sees them."""

    TAG = "ip"
    srcipaddr = Text("@srcipaddr")
    srcipmask = NumberOrWord("@srcipmask")
    dstipaddr = Text("@dstipaddr")
    dstipmask = NumberOrWord("@dstipmask")
    protocol = NumberOrWord("@protocol")
    srcportstart = NumberOrWord("@srcportstart")
    srcportend = NumberOrWord("@srcportend")
    dstportstart = NumberOrWord("@dstportstart")
    dstportend = NumberOrWord("@dstportend")
    dscp = NumberOrWord("@dscp")


class Ipv6Match(IpMatch):
    """Packets of IPv6, as the bridge sees them."""

    TAG = "ipv6"
    type = NumberOrWord("@type")
    typeend = NumberOrWord("@typeend")
    code = NumberOrWord("@code")
    codeend = NumberOrWord("@codeend")


class HostMatch(Match):
    """Packets by their addresses and their connection's state, as the host's firewall sees them."""

    srcmacaddr = Text("@srcmacaddr")
    srcipaddr = Text("@srcipaddr")
    srcipmask = NumberOrWord("@srcipmask")
    dstipaddr = Text("@dstipaddr")
    dstipmask = NumberOrWord("@dstipmask")
    srcipfrom = Text("@srcipfrom")
    srcipto = Text("@srcipto")
    dstipfrom = Text("@dstipfrom")
    dstipto = Text("@dstipto")
    dscp = NumberOrWord("@dscp")
    state = Text("@state")
    connlimit_above = NumberOrWord("@connlimit-above")
    ipset = Text("@ipset")
    ipsetflags = Text("@ipsetflags")


class PortMatch(HostMatch):
    """Packets by their ports too."""

    srcportstart = NumberOrWord("@srcportstart")
    srcportend = NumberOrWord("@srcportend")
    dstportstart = NumberOrWord("@dstportstart")
    dstportend = NumberOrWord("@dstportend")


class TcpMatch(PortMatch):
    """Packets of TCP."""

    TAG = "tcp"
    flags = Text("@flags")


class IcmpMatch(HostMatch):
    """Packets of ICMP."""

    TAG = "icmp"
    type = NumberOrWord("@type")
    code = NumberOrWord("@code")


class Rule(OrderedView):
    """What is done with packets that match; a rule matches packets of one protocol.

    The children of each protocol are a list; ``matches()`` yields all of them.
    """

    TAG = "rule"
    KEEP = True
    action = Choice[Literal["accept", "drop", "reject", "return", "continue"]]("@action")
    direction = Choice[Literal["in", "out", "inout"]]("@direction")
    priority = Integer("@priority")
    statematch = TrueFalse("@statematch")
    mac = Children(MacMatch)
    vlan = Children(VlanMatch)
    stp = Children(StpMatch)
    arp = Children(ArpMatch)
    rarp = Children(ArpMatch, "rarp")
    ip = Children(IpMatch)
    ipv6 = Children(Ipv6Match)
    tcp = Children(TcpMatch)
    udp = Children(PortMatch, "udp")
    sctp = Children(PortMatch, "sctp")
    icmp = Children(IcmpMatch)
    igmp = Children(HostMatch, "igmp")
    all = Children(HostMatch, "all")
    esp = Children(HostMatch, "esp")
    ah = Children(HostMatch, "ah")
    udplite = Children(HostMatch, "udplite")
    tcp_ipv6 = Children(TcpMatch, "tcp-ipv6")
    udp_ipv6 = Children(PortMatch, "udp-ipv6")
    sctp_ipv6 = Children(PortMatch, "sctp-ipv6")
    icmpv6 = Children(IcmpMatch, "icmpv6")
    all_ipv6 = Children(HostMatch, "all-ipv6")
    esp_ipv6 = Children(HostMatch, "esp-ipv6")
    ah_ipv6 = Children(HostMatch, "ah-ipv6")
    udplite_ipv6 = Children(HostMatch, "udplite-ipv6")

    def matches(self) -> Iterator[Match]:
        """What the rule applies to, in the document's order."""
        found = self.found
        kinds = {field.tag: field.type for field in vars(Rule).values() if isinstance(field, Children)}
        for child in nodes.children(found) if found is not None else []:
            if child.tag in kinds:
                yield cast("Match", kinds[nodes.tag(child)](child))


class NWFilter(OrderedView):
    """A network filter: ``<filter>``.

    ``virNWFilterGetXMLDesc`` gives it, ``virNWFilterDefineXML`` takes it.
    """

    TAG = "filter"
    name = Text("@name")
    chain = Text("@chain")
    priority = Integer("@priority")
    uuid = Text("uuid")
    filterrefs = Children(FilterRef)
    rules = Children(Rule)

    def entries(self) -> Iterator[FilterRef | Rule]:
        """The rules, and the filters that are included, in the document's order."""
        found = self.found
        for child in nodes.children(found) if found is not None else []:
            if child.tag == FilterRef.TAG:
                yield FilterRef(child)
            elif child.tag == Rule.TAG:
                yield Rule(child)

    def filterref(self, name: str) -> FilterRef:
        """The reference to the filter *name*.

        Raises:
            LookupError: it is not included.
        """
        for each in self.filterrefs:
            if each.filter == name:
                return each
        raise LookupError(f"there is no reference to a filter {name!r}")


class NWFilterBinding(OrderedView):
    """Which filter an interface has: ``<filterbinding>``, as ``virNWFilterBindingGetXMLDesc`` gives it."""

    TAG = "filterbinding"
    owner = Child(Owner)
    portdev = Text("portdev/@name")
    linkdev = Text("linkdev/@name")
    mac = Child(MacAddress)
    filterref = Child(FilterRef)
