"""Network interfaces."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import Line, Mac, Name, Natural, OneOrMore, PciAddress, Positive, Word, matching

InterfaceType = Literal["network", "bridge", "direct", "user", "hostdev", "ethernet", "internal"]
VlanId = Annotated[int, Field(ge=0, le=4095)]
HostDevice = Annotated[
    Line, AfterValidator(matching(r"[^/\s]{1,15}", "a network device's name of at most 15 characters"))
]
# Kilobytes a second: a plain number everywhere in libvirt.
Rate = Natural


_KEYS: dict[InterfaceType, str] = {
    "network": "network",
    "bridge": "bridge",
    "direct": "dev",
    "hostdev": "pci",
}
"""The key that says where an interface of each type goes."""
_ONLY: dict[str, tuple[InterfaceType, ...]] = {
    "portgroup": ("network",),
    "mode": ("direct",),
    "managed": ("hostdev",),
    "managed_target": ("ethernet",),
    "script": ("ethernet", "bridge"),
}
"""Keys that mean something for some types only."""


class VlanSpec(Part):
    """VLAN tags of the interface's traffic. A bare number is the tag, a list several."""

    short: ClassVar[str | None] = "tags"

    tags: Annotated[list[VlanId], OneOrMore, Field(min_length=1)]
    """The VLANs; more than one makes it a trunk."""
    trunk: bool | None = None
    """Whether tags reach the guest; yes if there are several."""
    native: VlanId | None = None
    """The VLAN of a trunk's untagged traffic."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """A list is that of the tags."""
        return {"tags": value} if isinstance(value, list) else super().expand(value)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.native is not None and self.native not in self.tags:
            yield "native", f"{self.native} is not among the tags"
        if self.trunk is False and len(self.tags) > 1:
            yield "trunk", "several tags make a trunk: leave it out"


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

    in_containers: ClassVar[bool] = True
    short: ClassVar[str | None] = "network"

    type: InterfaceType | None = None
    """What it is connected to. Without it: what the other keys say; dev is direct, pci is hostdev."""
    network: Name | None = None
    """The libvirt network."""
    portgroup: Word | None = None
    """The port group of the network."""
    bridge: Line | None = None
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
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """More of libvirt's attributes of the driver: {txmode: iothread, rx_queue_size: "512"}."""
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

    @property
    def kind(self) -> InterfaceType | None:
        """What it is connected to: as stated, or as the other keys tell."""
        if self.type is not None:
            return self.type
        return next((kind for kind, key in _KEYS.items() if getattr(self, key) is not None), None)

    def complete(self, around: Surroundings) -> Self:
        """Return a copy with type and model as the machine *around* has them."""
        kind = self.kind
        changes: dict[str, Any] = {"type": kind}
        if self.model is None and kind != "hostdev":
            changes["model"] = around.interface_model
        if kind == "hostdev" and self.managed is None and not around.bare:
            changes["managed"] = True
        return self.filled(changes)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        kind = self.kind
        if kind is None:
            yield "network", 'is required, or bridge, dev, pci, or "type: user": what is it connected to?'
            return
        wanted = _KEYS.get(kind)
        if wanted is not None and getattr(self, wanted) is None:
            yield wanted, f"is required for type {kind}"
        for other, key in _KEYS.items():
            if other != kind and getattr(self, key) is not None:
                yield key, f"an interface of type {kind} has none: it is for type {other}"
        for key, kinds in _ONLY.items():
            if getattr(self, key) is not None and kind not in kinds:
                yield key, f"only interfaces of type {' or '.join(kinds)} have it"
        if self.queues is not None and (self.model or "virtio") != "virtio":
            yield "queues", f"only virtio has queues, and the model is {self.model}"
