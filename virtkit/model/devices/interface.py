"""Interfaces: a guest's network cards."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, OnOff, Text, YesNo
from virtkit.model.shared import (
    Address,
    Bandwidth,
    Bootable,
    FilterRef,
    GuestIp,
    MacAddress,
    Reconnect,
    Rom,
    Route,
    Teaming,
    VirtioOptions,
    VirtualPort,
    Vlan,
)
from virtkit.model.views import View


class Mac(MacAddress):
    """An interface's MAC address."""

    type = Choice[Literal["generated", "static"]]("@type")
    check = YesNo("@check")
    current_address = Text("@currentAddress")


class InterfaceSource(View):
    """What an interface is plugged into on the host; which fields count depends on its ``type``."""

    TAG = "source"
    network = Text("@network")
    portgroup = Text("@portgroup")
    portid = Text("@portid")
    bridge = Text("@bridge")
    dev = Text("@dev")
    mode = Choice[Literal["vepa", "bridge", "private", "passthrough", "server", "client"]]("@mode")
    name = Text("@name")
    type = Text("@type")
    path = Text("@path")
    group = Text("@address")
    port = Integer("@port")
    switchid = Text("@switchid")
    portgroupid = Text("@portgroupid")
    connectionid = Text("@connectionid")
    mac_table_manager = Choice[Literal["kernel", "libvirt"]]("@macTableManager")
    missing = YesNo("@missing")
    vendor_id = Integer("vendor/@id")
    product_id = Integer("product/@id")
    address = Child(Address)
    local_address = Text("local/@address")
    local_port = Integer("local/@port")
    reconnect = Child(Reconnect)
    ips = Children(GuestIp)
    routes = Children(Route)


class InterfaceTarget(View):
    """The host's end of an interface."""

    TAG = "target"
    dev = Text("@dev")
    managed = YesNo("@managed")


class Offload(View):
    """What an interface leaves to the card, on one side."""

    csum = OnOff("@csum")
    gso = OnOff("@gso")
    tso4 = OnOff("@tso4")
    tso6 = OnOff("@tso6")
    ecn = OnOff("@ecn")
    ufo = OnOff("@ufo")
    mrg_rxbuf = OnOff("@mrg_rxbuf")


class InterfaceDriver(VirtioOptions):
    """How the host does an interface's work."""

    name = Choice[Literal["qemu", "vhost", "kvm", "vfio", "xen"]]("@name")
    model = Text("@model")
    iommufd = Choice[Literal["yes", "no"]]("@iommufd")
    txmode = Choice[Literal["iothread", "timer"]]("@txmode")
    ioeventfd = OnOff("@ioeventfd")
    event_idx = OnOff("@event_idx")
    queues = Integer("@queues")
    rx_queue_size = Integer("@rx_queue_size")
    tx_queue_size = Integer("@tx_queue_size")
    rss = OnOff("@rss")
    rss_hash_report = OnOff("@rss_hash_report")
    host = Child(Offload, "host")
    guest = Child(Offload, "guest")


class Backend(View):
    """Who does the work of an interface on the host."""

    TAG = "backend"
    type = Choice[Literal["default", "passt"]]("@type")
    log_file = Text("@logFile")
    hostname = Text("@hostname")
    fqdn = Text("@fqdn")
    tap = Text("@tap")
    vhost = Text("@vhost")


class PortRange(View):
    """Ports that are forwarded to a guest, or not."""

    TAG = "range"
    start = Integer("@start")
    end = Integer("@end")
    to = Integer("@to")
    exclude = YesNo("@exclude")


class PortForward(View):
    """Ports of the host that lead to a guest."""

    TAG = "portForward"
    KEEP = True
    proto = Choice[Literal["tcp", "udp"]]("@proto")
    address = Text("@address")
    dev = Text("@dev")
    ranges = Children(PortRange)


class Interface(Bootable):
    """A network card."""

    TAG = "interface"
    type = Choice[
        Literal[
            "network",
            "bridge",
            "user",
            "direct",
            "ethernet",
            "hostdev",
            "vhostuser",
            "vdpa",
            "internal",
            "server",
            "client",
            "mcast",
            "udp",
            "null",
            "vds",
        ]
    ]("@type")
    managed = YesNo("@managed")
    trust_guest_rx_filters = YesNo("@trustGuestRxFilters")
    mac = Child(Mac)
    source = Child(InterfaceSource)
    target = Child(InterfaceTarget)
    model = Text("model/@type")
    driver = Child(InterfaceDriver)
    backend = Child(Backend)
    vlan = Child(Vlan)
    virtualport = Child(VirtualPort)
    bandwidth = Child(Bandwidth)
    filterref = Child(FilterRef)
    link_state = Choice[Literal["up", "down"]]("link/@state")
    mtu = Integer("mtu/@size")
    port_isolated = YesNo("port/@isolated")
    coalesce_rx_frames_max = Integer("coalesce/rx/frames/@max")
    script = Text("script/@path")
    downscript = Text("downscript/@path")
    guest_dev = Text("guest/@dev")
    guest_actual = Text("guest/@actual")
    tune_sndbuf = Integer("tune/sndbuf")
    backenddomain = Text("backenddomain/@name")
    ips = Children(GuestIp)
    routes = Children(Route)
    port_forwards = Children(PortForward)
    rom = Child(Rom)
    teaming = Child(Teaming)
