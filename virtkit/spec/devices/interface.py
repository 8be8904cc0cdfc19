"""Network interfaces."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.devices.base import Device
from virtkit.spec.types import Line, Mac, Name, Natural, OneOrMore, PciAddress, Positive, Word, matching

InterfaceType = Literal["network", "bridge", "direct", "user", "hostdev", "ethernet", "internal"]
VlanId = Annotated[int, Field(ge=0, le=4095)]
HostDevice = Annotated[
    Line, AfterValidator(matching(r"[^/\s]{1,15}", "a network device's name of at most 15 characters"))
]
# Kilobytes a second: a plain number everywhere in libvirt.
Rate = Natural


class VlanSpec(Part):
    """VLAN tags of the interface's traffic. A bare number is the tag."""

    short: ClassVar[str | None] = "tags"

    tags: Annotated[list[VlanId], OneOrMore, Field(min_length=1)]
    """The VLANs; more than one makes it a trunk."""
    trunk: bool | None = None
    """Whether tags reach the guest; yes if there are several."""
    native: VlanId | None = None
    """The VLAN of a trunk's untagged traffic."""


class FilterSpec(Part):
    """A network filter of the host. A bare string is its name."""

    short: ClassVar[str | None] = "name"

    name: Name
    """The filter's name: clean-traffic, no-mac-spoofing ..."""
    parameters: dict[Word, Line] = Field(default_factory=dict)
    """Variables of the filter: {IP: 192.168.122.10}."""


class RateSpec(Part):
    """Traffic in one direction. A bare number is the average."""

    short: ClassVar[str | None] = "average"

    average: Rate | None = None
    """Kilobytes a second."""
    peak: Rate | None = None
    """Kilobytes a second that it may reach."""
    burst: Rate | None = None
    """Kilobytes that it may send at peak."""
    floor: Rate | None = None
    """Kilobytes a second that it always has; inbound of a network only."""


class BandwidthSpec(Part):
    """Limits of the interface's traffic, seen from the guest."""

    inbound: RateSpec | None = None
    """What the guest receives."""
    outbound: RateSpec | None = None
    """What the guest sends."""


class VirtualportSpec(Part):
    """A port of a switch that libvirt tells about the interface. A bare string is its type."""

    short: ClassVar[str | None] = "type"

    type: Literal["openvswitch", "midonet", "802.1Qbg", "802.1Qbh"]
    """The kind of switch."""
    parameters: dict[Word, Line] = Field(default_factory=dict)
    """The port's parameters: {interfaceid: ..., profileid: ...}."""


class InterfaceSpec(Device):
    """A network interface: https://libvirt.org/formatdomain.html#network-interfaces.

    A bare string is the name of a libvirt network; ``user`` is user-mode networking.
    """

    short: ClassVar[str | None] = "network"

    type: InterfaceType | None = None
    """What it is connected to. Without it: what the other keys say (network, bridge, dev: direct, pci: hostdev)."""
    network: Name | None = None
    """The libvirt network."""
    portgroup: Word | None = None
    """The port group of the network."""
    bridge: HostDevice | None = None
    """The host's bridge."""
    dev: HostDevice | None = None
    """The host's device that a direct (macvtap) interface sits on."""
    mode: Literal["vepa", "bridge", "private", "passthrough"] | None = None
    """How a direct interface shares the host's device."""
    pci: PciAddress | None = None
    """The host's PCI device (a virtual function) of a hostdev interface: '0000:03:10.0'."""
    managed: bool | None = None
    """Whether libvirt takes a hostdev's device from the host's driver and gives it back."""
    mac: Mac | None = None
    """Without it: kept from the existing domain, or derived, when it is defined."""
    model: Word | None = None
    """What the guest sees: virtio, e1000e, rtl8139 ... Without it: virtio where the hypervisor has it."""
    target: HostDevice | None = None
    """The name of the host's side: tap0. Libvirt picks one if none; 'vnet...' is libvirt's own."""
    managed_target: bool | None = None
    """ethernet only: whether libvirt makes the host's device, or uses one that is there."""
    vlan: VlanSpec | None = None
    """VLAN tags; bridges of Open vSwitch, direct and hostdev interfaces."""
    filter: FilterSpec | None = None
    """A network filter."""
    link: Literal["up", "down"] | None = None
    """Whether the cable is plugged in."""
    mtu: Annotated[int, Field(ge=68, le=65535)] | None = None
    """The largest packet in bytes."""
    bandwidth: BandwidthSpec | None = None
    """Limits of its traffic."""
    virtualport: VirtualportSpec | None = None
    """A port of a switch."""
    driver: Literal["qemu", "vhost", "vfio"] | None = None
    """The host's backend."""
    queues: Positive | None = None
    """Number of virtio queues."""
    trust_guest_rx_filters: bool | None = None
    """Whether the host follows MAC filters that the guest sets."""
    script: Line | None = None
    """A script of the host that connects it; ethernet, and bridge on Xen."""
    guest_dev: HostDevice | None = None
    """The interface's name in a container."""
    isolated: bool | None = None
    """Whether guests of one bridge see each other through this port (yes: they do not)."""
    boot_order: Positive | None = None
    """Its place among the devices that are booted from; 1 is first."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """``user`` alone is user-mode networking, not a network of that name."""
        return {"type": "user"} if value == "user" else super().expand(value)
