"""How a network's traffic gets out."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, Text, YesNo
from virtkit.model.shared import PciAddress
from virtkit.model.views import OrderedView


class NatAddress(OrderedView):
    """The addresses that guests appear to have."""

    TAG = "address"
    start = Text("@start")
    end = Text("@end")


class NatPort(OrderedView):
    """The ports that guests appear to use."""

    TAG = "port"
    start = Integer("@start")
    end = Integer("@end")


class Nat(OrderedView):
    """How addresses are translated."""

    TAG = "nat"
    ipv6 = YesNo("@ipv6")
    address = Child(NatAddress)
    port = Child(NatPort)


class PhysicalFunction(OrderedView):
    """A network card whose virtual functions guests are given."""

    TAG = "pf"
    dev = Text("@dev")


class ForwardInterface(OrderedView):
    """An interface of the host that guests go through."""

    TAG = "interface"
    dev = Text("@dev")
    connections = Integer("@connections")


class ForwardAddress(PciAddress):
    """A PCI device of the host that a guest is given."""

    connections = Integer("@connections")


class Forward(OrderedView):
    """How a network's traffic gets out; without any it does not."""

    TAG = "forward"
    KEEP = True
    mode = Choice[Literal["nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"]](
        "@mode"
    )
    dev = Text("@dev")
    managed = YesNo("@managed")
    driver = Choice[Literal["kvm", "vfio", "xen"]]("driver/@name")
    driver_model = Text("driver/@model")
    driver_iommufd = Choice[Literal["yes", "no"]]("driver/@iommufd")
    nat = Child(Nat)
    pfs = Children(PhysicalFunction)
    interfaces = Children(ForwardInterface)
    addresses = Children(ForwardAddress)
