"""The document of a network's port: what one interface of a guest was given."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Text, YesNo
from virtkit.model.shared import Bandwidth, MacAddress, Owner, PciAddress, VirtualPort, Vlan
from virtkit.model.views import OrderedView


class Plug(OrderedView):
    """What of the host an interface is plugged into; which fields count depends on its ``type``."""

    TAG = "plug"
    type = Choice[Literal["network", "bridge", "direct", "hostdev-pci"]]("@type")
    bridge = Text("@bridge")
    mac_table_manager = Choice[Literal["kernel", "libvirt"]]("@macTableManager")
    dev = Text("@dev")
    mode = Choice[Literal["vepa", "private", "bridge", "passthrough"]]("@mode")
    managed = YesNo("@managed")
    driver = Choice[Literal["kvm", "vfio", "xen"]]("driver/@name")
    driver_model = Text("driver/@model")
    driver_iommufd = Choice[Literal["yes", "no"]]("driver/@iommufd")
    address = Child(PciAddress)


class NetworkPort(OrderedView):
    """A port of a network: ``<networkport>``, as ``virNetworkPortGetXMLDesc`` gives it."""

    TAG = "networkport"
    uuid = Text("uuid")
    owner = Child(Owner)
    group = Text("group")
    mac = Child(MacAddress)
    virtualport = Child(VirtualPort)
    bandwidth = Child(Bandwidth)
    vlan = Child(Vlan)
    port_isolated = YesNo("port/@isolated")
    trust_guest_rx_filters = YesNo("rxfilters/@trustGuest")
    plug = Child(Plug)
