"""Memory that is plugged in, beside that of the domain itself."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.values import AbsPath, CpuSet, Natural, Size, SmallSize, Uuid


class MemorySpec(Device):
    """A module of memory: https://libvirt.org/formatdomain.html#memory-devices.

    A bare string is its size.
    """

    short: ClassVar[str | None] = "size"

    model: Literal["dimm", "nvdimm", "virtio-mem", "virtio-pmem", "sgx-epc"] = "dimm"
    """What the guest sees."""
    size: Size
    """Its size; of virtio-mem the most that it can have."""
    node: Natural | None = None
    """The guest's NUMA node that it belongs to."""
    block: Size | None = None
    """virtio-mem: the size of its blocks."""
    requested: SmallSize | None = None
    """virtio-mem: how much of it the guest is to have."""
    label: SmallSize | None = None
    """nvdimm: the size of its label area."""
    readonly: bool = False
    """nvdimm: the guest cannot write."""
    uuid: Uuid | None = None
    """nvdimm on pSeries: its UUID."""
    access: Literal["shared", "private"] | None = None
    """Whether it is shared with processes of the host."""
    discard: bool | None = None
    """Whether it is thrown away at the end."""
    path: AbsPath | None = None
    """nvdimm and virtio-pmem: the host's file or device that it is."""
    pmem: bool = False
    """nvdimm: that device keeps what is written when the power fails."""
    alignsize: SmallSize | None = None
    """nvdimm: how it is aligned on the host."""
    pagesize: SmallSize | None = None
    """The size of the host's pages that it is made of."""
    nodemask: CpuSet | None = None
    """The host's NUMA nodes that it comes from."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.model in {"nvdimm", "virtio-pmem"} and self.path is None:
            yield "path", f"is required for {self.model}: the host's file or device"
        for key, models in (
            ("path", ("nvdimm", "virtio-pmem")),
            ("pagesize", ("dimm", "virtio-mem", "sgx-epc")),
            ("block", ("virtio-mem",)),
            ("requested", ("virtio-mem",)),
            ("label", ("nvdimm",)),
            ("readonly", ("nvdimm",)),
            ("pmem", ("nvdimm",)),
            ("alignsize", ("nvdimm",)),
        ):
            if getattr(self, key) and self.model not in models:
                yield key, f"only {' or '.join(models)} has it, and this is {self.model}"
