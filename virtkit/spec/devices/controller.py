"""Controllers: libvirt adds most by itself; state those whose model or limits matter."""

from typing import ClassVar, Literal

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.values import Line, Natural, Positive, Size, Word


class ControllerSpec(Device):
    """A controller: https://libvirt.org/formatdomain.html#controllers."""

    in_containers: ClassVar[bool] = True

    type: Literal["pci", "scsi", "usb", "sata", "ide", "fdc", "virtio-serial", "ccid", "xenbus", "isa"]
    """What it controls."""
    index: Natural | None = None
    """Its number among its type."""
    model: Word | None = None
    """virtio-scsi, qemu-xhci, pcie-root-port ..."""
    ports: Positive | None = None
    """Number of ports; usb and virtio-serial."""
    vectors: Natural | None = None
    """Number of interrupts; virtio-serial."""
    model_name: Word | None = None
    """Which device of the emulator a PCI controller is: pcie-root-port, ioh3420 ..."""
    target: dict[Word, Line] | None = None
    """Where a PCI controller is, as libvirt's attributes: {chassis: "1", port: "0x8"}."""
    node: Natural | None = None
    """The guest's NUMA node that a PCI controller is near to."""
    pcihole64: Size | None = None
    """The 64-bit hole of a PCI root."""
    startport: Natural | None = None
    """The first port of a USB companion controller's master."""
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """More of libvirt's attributes of the driver: {ioeventfd: "on", max_sectors: "512"}."""
    queues: Positive | None = None
    """Number of queues; virtio-scsi."""
    iothread: Positive | None = None
    """The I/O thread (domain's iothreads) that serves it; virtio-scsi."""
