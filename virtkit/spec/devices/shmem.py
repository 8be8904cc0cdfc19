"""Memory that guests share."""

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import AbsPath, Name, Positive, Size
from virtkit.units import format_size


class ShmemSpec(Device):
    """Shared memory: https://libvirt.org/formatdomain.html#shared-memory-device.

    A bare string is its name.
    """

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

    def complete(self, around: Surroundings) -> Self:
        """Return a copy with a size, which a plain one needs."""
        if self.size is not None or self.model == "ivshmem-doorbell":
            return self
        if around.bare:
            return self.filled({})
        return self.filled({"size": 4 * 2**20})

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.size is not None and self.size & (self.size - 1):
            yield "size", f"{format_size(self.size)} is not a power of two"
        if self.model == "ivshmem-doorbell" and self.server is None:
            yield "server", "is required for ivshmem-doorbell: the server's socket"
        if self.model == "ivshmem-doorbell" and self.size is not None:
            yield "size", "ivshmem-doorbell has none: its server decides"
        if self.model == "ivshmem-plain":
            for key in ("server", "msi_vectors", "msi_ioeventfd"):
                if getattr(self, key) is not None:
                    yield key, "ivshmem-plain has none: use ivshmem-doorbell"
