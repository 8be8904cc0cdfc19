"""Controllers: libvirt adds most by itself; state those whose model or limits matter."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.values import Natural, Positive, Word


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
    queues: Positive | None = None
    """Number of queues; virtio-scsi."""
    iothread: Positive | None = None
    """The I/O thread (domain's iothreads) that serves it; virtio-scsi."""
