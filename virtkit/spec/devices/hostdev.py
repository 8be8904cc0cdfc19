"""Devices of the host in the guest."""

from typing import Any, ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath, Line, Natural, PciAddress, Positive, UsbId, Uuid, Word


class HostdevSpec(Device):
    """A device of the host: https://libvirt.org/formatdomain.html#host-device-assignment.

    A bare string is a PCI address, or the UUID of a mediated device.
    """

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
    """Whether libvirt takes the device from the host's driver and gives it back; yes for PCI if none."""
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
