"""Devices of the host in the guest."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal, Self

from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import AbsPath, Line, Natural, PciAddress, Positive, UsbId, Uuid, Word

_NEEDED = {
    "pci": "pci",
    "mdev": "mdev",
    "scsi": "scsi_adapter",
    "storage": "path",
    "misc": "path",
    "net": "path",
}
_ONLY = {
    "pci": ("pci",),
    "vendor": ("usb",),
    "product": ("usb",),
    "usb_bus": ("usb",),
    "usb_device": ("usb",),
    "mdev": ("mdev",),
    "model": ("mdev",),
    "display": ("mdev",),
    "ramfb": ("mdev",),
    "scsi_adapter": ("scsi",),
    "path": ("storage", "misc", "net"),
    "managed": ("pci", "usb", "mdev", "scsi"),
    "driver": ("pci",),
    "startup_policy": ("usb",),
    "rom": ("pci",),
    "rom_file": ("pci",),
    "readonly": ("scsi",),
    "boot_order": ("pci", "usb", "scsi"),
}
"""Keys that mean something for some types only."""


class HostdevSpec(Device):
    """A device of the host: https://libvirt.org/formatdomain.html#host-device-assignment.

    A bare string is a PCI address, or the UUID of a mediated device.
    """

    in_containers: ClassVar[bool] = True
    short: ClassVar[str | None] = "pci"

    type: Literal["pci", "usb", "mdev", "scsi", "storage", "misc", "net"] | None = None
    """Without it: what the other keys say. storage, misc and net are for containers."""
    pci: PciAddress | None = None
    """The PCI device: '0000:06:00.0'."""
    vendor: UsbId | None = None
    """The USB vendor: '0x1d6b'."""
    product: UsbId | None = None
    """The USB product: '0x0002'."""
    usb_bus: Natural | None = None
    """The USB device by place: its bus, with usb_device."""
    usb_device: Natural | None = None
    """The USB device by place: its number."""
    mdev: Uuid | None = None
    """The mediated device's UUID."""
    model: Literal["vfio-pci", "vfio-ccw", "vfio-ap"] | None = None
    """What a mediated device is; vfio-pci if none."""
    display: bool | None = None
    """Whether a mediated device draws the guest's screen."""
    ramfb: bool | None = None
    """Whether it has a screen before its driver is loaded."""
    scsi_adapter: Word | None = None
    """The SCSI device: its host adapter, such as scsi_host0, with scsi_bus, scsi_target and scsi_unit."""
    scsi_bus: Natural = 0
    """The SCSI device's bus."""
    scsi_target: Natural = 0
    """The SCSI device's target."""
    scsi_unit: Natural = 0
    """The SCSI device's unit."""
    path: Line | None = None
    """Containers: the host's block device (storage), character device (misc) or interface (net)."""
    managed: bool | None = None
    """Whether libvirt takes the device from the host's driver and gives it back; yes for PCI if none.
    It means nothing for others, but programs state it."""
    driver: Literal["vfio", "xen"] | None = None
    """The host's backend of a PCI device."""
    startup_policy: Literal["mandatory", "requisite", "optional"] | None = None
    """What happens when a USB device is missing at start."""
    rom: bool | None = None
    """Whether the guest sees the PCI device's ROM."""
    rom_file: AbsPath | None = None
    """A file that takes the ROM's place."""
    readonly: bool = False
    """SCSI: the guest cannot write."""
    boot_order: Positive | None = None
    """Its place among the devices that are booted from; 1 is first."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """Only a UUID has dashes."""
        return {"mdev": value} if isinstance(value, str) and "-" in value else super().expand(value)

    @property
    def kind(self) -> str | None:
        """What it is: as stated, or as the other keys tell."""
        if self.type is not None:
            return self.type
        keys = {"pci": "pci", "mdev": "mdev", "vendor": "usb", "usb_bus": "usb", "scsi_adapter": "scsi"}
        return next((kind for key, kind in keys.items() if getattr(self, key) is not None), None)

    def complete(self, around: Surroundings) -> Self:
        """Return a copy with its type, and what libvirt asks of it."""
        changes: dict[str, Any] = {"type": self.kind}
        if self.kind == "pci" and self.managed is None and not around.bare:
            changes["managed"] = True
        if self.kind == "mdev" and self.model is None and not around.bare:
            changes["model"] = "vfio-pci"
        return self.filled(changes)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        kind = self.kind
        if kind is None:
            yield "pci", "is required, or vendor and product, usb_bus and usb_device, mdev, or scsi_adapter"
            return
        if kind == "usb":
            if None in {self.vendor, self.product} and None in {self.usb_bus, self.usb_device}:
                yield "vendor", "set vendor and product, or usb_bus and usb_device"
        elif getattr(self, _NEEDED[kind]) is None:
            yield _NEEDED[kind], f"is required for type {kind}"
        for key, kinds in _ONLY.items():
            if getattr(self, key) not in {None, False} and kind not in kinds:
                yield key, f"a {kind} device has none"
        if self.rom_file is not None and self.rom is False:
            yield "rom_file", "rom is off: leave one of them out"
        if self.ramfb and not self.display:
            yield "display", "is required with ramfb"
