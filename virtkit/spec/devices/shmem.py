"""Memory that guests share."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath, Name, Positive, Size


class ShmemSpec(Device):
    """Shared memory: https://libvirt.org/formatdomain.html#shared-memory-device. A bare string is its name."""

    short: ClassVar[str | None] = "name"

    name: Name
    """Domains that give the same name share it."""
    model: Literal["ivshmem-plain", "ivshmem-doorbell", "ivshmem"] = "ivshmem-plain"
    """What the guest sees; doorbell needs a server."""
    role: Literal["master", "peer"] | None = None
    """What happens to the memory at migration."""
    size: Size | None = None
    """A power of two; 4 MiB if none."""
    server: AbsPath | None = None
    """The socket of the ivshmem server."""
    msi_vectors: Positive | None = None
    """Number of interrupts of a doorbell."""
    msi_ioeventfd: bool | None = None
    """Whether a doorbell's interrupts bypass QEMU."""
