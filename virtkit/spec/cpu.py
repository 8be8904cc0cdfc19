"""CPUs: how many, which model, where they run, and the NUMA nodes that they belong to."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from virtkit.spec.base import Part
from virtkit.spec.values import CpuSet, Natural, Positive, Size, SmallSize, Word, is_names

CpuMode = Literal["host-passthrough", "host-model", "maximum", "custom"]
Policy = Literal["require", "optional", "force", "disable", "forbid"]
MemoryMode = Literal["strict", "preferred", "interleave", "restrictive"]
Weight = Annotated[int, Field(ge=2, le=262144)]
Period = Annotated[int, Field(ge=1000, le=1000000)]
Quota = Annotated[int, Field(ge=-1, le=17592186044415)]


class TopologySpec(Part):
    """How the guest sees its CPUs; what is not given is 1."""

    sockets: Positive = 1
    """Number of sockets."""
    dies: Positive | None = None
    """Dies of a socket; 1 if none."""
    cores: Positive = 1
    """Cores of a die."""
    threads: Positive = 1
    """Threads of a core."""

    @property
    def product(self) -> int:
        """The number of CPUs that this makes."""
        return self.sockets * (self.dies or 1) * self.cores * self.threads


class VcpusSpec(Part):
    """Virtual CPUs: https://libvirt.org/formatdomain.html#cpu-allocation. A bare number is the maximum."""

    short: ClassVar[str | None] = "maximum"

    maximum: Positive | None = None
    """The most that the domain can have. Without it: what the topology makes, else 1."""
    current: Positive | None = None
    """How many are plugged in at start; all of them if none."""
    cpuset: CpuSet | None = None
    """The host's CPUs that they may run on: '0-3,8,^2'."""
    placement: Literal["static", "auto"] | None = None
    """auto: numad chooses where they run."""
    topology: TopologySpec | None = None
    """Sockets, dies, cores and threads."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.current is not None and self.current > self.count:
            yield "current", f"{self.current} is more than the maximum, which is {self.count}"
        made = self.topology.product if self.topology is not None else self.count
        if made != self.count:
            yield "topology", f"makes {made} CPUs, but the maximum is {self.count}: set one to fit the other"

    @property
    def count(self) -> int:
        """The most that the domain can have."""
        if self.maximum is not None:
            return self.maximum
        return self.topology.product if self.topology is not None else 1


class CacheSpec(Part):
    """How the guest sees the CPU's caches. A bare string is the mode."""

    short: ClassVar[str | None] = "mode"

    mode: Literal["emulate", "passthrough", "disable"]
    """passthrough shows the host's caches."""
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    """The one level that it is about; all if none."""


class PhysicalBitsSpec(Part):
    """How wide the guest's physical addresses are. A bare string is the mode."""

    short: ClassVar[str | None] = "mode"

    mode: Literal["emulate", "passthrough"]
    """passthrough: as wide as the host's."""
    bits: Positive | None = None
    """emulate: so many bits."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.bits is not None and self.mode == "passthrough":
            yield "bits", "are the host's in mode passthrough: leave them out"


class CpuSpec(Part):
    """The CPU that the guest sees: https://libvirt.org/formatdomain.html#cpu-model-and-topology.

    A bare string is a mode, or else the name of a model.
    """

    short: ClassVar[str | None] = "mode"

    mode: CpuMode | None = None
    """Without it: custom if there is a model."""
    model: Word | None = None
    """The model's name: Skylake-Server, cortex-a57 ..."""
    fallback: Literal["allow", "forbid"] | None = None
    """Whether a near model will do when the host does not know this one."""
    vendor: Word | None = None
    """The vendor that the host's CPU must have."""
    match: Literal["minimum", "exact", "strict"] | None = None
    """How a custom CPU compares to the host's."""
    check: Literal["none", "partial", "full"] | None = None
    """How strictly the result is checked at start."""
    migratable: bool | None = None
    """host-passthrough: whether features that cannot migrate are left out."""
    cache: CacheSpec | None = None
    """How the guest sees the caches; a bare string is the mode."""
    maxphysaddr: PhysicalBitsSpec | None = None
    """How wide its physical addresses are; a bare string is the mode."""
    features: dict[Word, Policy] = Field(default_factory=dict)
    """Features and what is asked of them: {vmx: require, svm: disable}; a list of names requires them."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """A string that is no mode is a model; a list of features requires them."""
        if isinstance(value, str) and value not in CpuMode.__args__:  # type: ignore[attr-defined]
            return {"mode": "custom", "model": value}
        value = super().expand(value)
        if isinstance(value, dict) and is_names(value.get("features")):
            return value | {"features": dict.fromkeys(value["features"], "require")}
        return value

    @property
    def has_children(self) -> bool:
        """Whether there is more to write than attributes."""
        inside = (self.model, self.fallback, self.cache, self.maxphysaddr, self.features or None)
        return any(each is not None for each in inside)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.mode == "custom" and self.model is None:
            yield "model", "is required for mode custom"
        if self.mode in {"host-passthrough", "host-model", "maximum"} and self.model is not None:
            yield "model", f"mode {self.mode} has none: use mode custom"
        if self.migratable is not None and self.mode not in {"host-passthrough", "maximum"}:
            yield "migratable", "only mode host-passthrough has it"
        if self.fallback is not None and self.model is None and self.mode != "host-model":
            yield "fallback", "is about a model: set model, or mode host-model"
        if self.vendor is not None and self.model is None:
            yield "vendor", "is about a model: set model"


class SchedulerSpec(Part):
    """How the host schedules some threads."""

    vcpus: CpuSet
    """The virtual CPUs."""
    scheduler: Literal["batch", "idle", "fifo", "rr"]
    """The host's scheduler."""
    priority: Annotated[int, Field(ge=1, le=99)] | None = None
    """The priority of fifo and rr."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        real_time = self.scheduler in {"fifo", "rr"}
        if real_time and self.priority is None:
            yield "priority", f"is required for {self.scheduler}"
        elif not real_time and self.priority is not None:
            yield "priority", f"{self.scheduler} has none"


class CputuneSpec(Part):
    """Where and how much the CPUs run: https://libvirt.org/formatdomain.html#cpu-tuning."""

    vcpupin: dict[Natural, CpuSet] = Field(default_factory=dict)
    """The host's CPUs of each virtual CPU: {0: "4", 1: "5"}."""
    emulatorpin: CpuSet | None = None
    """The host's CPUs of the emulator."""
    iothreadpin: dict[Positive, CpuSet] = Field(default_factory=dict)
    """The host's CPUs of each I/O thread: {1: "6-7"}."""
    shares: Weight | None = None
    """The weight of the domain against others."""
    period: Period | None = None
    """A virtual CPU's period in microseconds."""
    quota: Quota | None = None
    """Microseconds that a virtual CPU runs in each period; -1 is no limit."""
    global_period: Period | None = None
    """The whole domain's period in microseconds."""
    global_quota: Quota | None = None
    """Microseconds that the whole domain runs in each period."""
    emulator_period: Period | None = None
    """The emulator's period in microseconds."""
    emulator_quota: Quota | None = None
    """Microseconds that the emulator runs in each period."""
    iothread_period: Period | None = None
    """The I/O threads' period in microseconds."""
    iothread_quota: Quota | None = None
    """Microseconds that the I/O threads run in each period."""
    vcpusched: list[SchedulerSpec] = Field(default_factory=list)
    """Schedulers of virtual CPUs."""


class CellSpec(Part):
    """A NUMA node of the guest."""

    id: Natural | None = None
    """Its number; without it its place in the list."""
    cpus: CpuSet | None = None
    """Its virtual CPUs: '0-3'."""
    memory: Size
    """Its memory."""
    mem_access: Literal["shared", "private"] | None = None
    """Whether its memory is shared with processes of the host."""
    discard: bool | None = None
    """Whether its memory is thrown away at the end."""
    distances: dict[Natural, Annotated[int, Field(ge=10, le=254)]] = Field(default_factory=dict)
    """The distance to each node: {0: 10, 1: 21}."""


class MemnodeSpec(Part):
    """Where the memory of one NUMA node of the guest comes from."""

    cellid: Natural
    """The guest's node."""
    mode: MemoryMode = "strict"
    """What happens when the host's nodes are full."""
    nodeset: CpuSet
    """The host's nodes: '0-1'."""


class NumatuneSpec(Part):
    """Where memory comes from: https://libvirt.org/formatdomain.html#numa-node-tuning.

    A bare string is the nodeset.
    """

    short: ClassVar[str | None] = "nodeset"

    mode: MemoryMode | None = None
    """What happens when the host's nodes are full; strict if none."""
    nodeset: CpuSet | None = None
    """The host's nodes: '0-1'."""
    placement: Literal["static", "auto"] | None = None
    """auto: numad chooses."""
    memnodes: list[MemnodeSpec] = Field(default_factory=list)
    """The same for single nodes of the guest."""


class MaxMemorySpec(Part):
    """How far memory can grow: https://libvirt.org/formatdomain.html#memory-allocation.

    A bare string is the size.
    """

    short: ClassVar[str | None] = "size"

    size: Size
    """The domain's memory and all modules together."""
    slots: Positive | None = None
    """Number of modules that can be plugged in."""


class MemtuneSpec(Part):
    """Limits of the memory that the domain takes: https://libvirt.org/formatdomain.html#memory-tuning."""

    hard_limit: Size | None = None
    """The most of the host's memory; over it the domain is killed. It counts QEMU's own memory too."""
    soft_limit: Size | None = None
    """What is kept to when the host is short of memory."""
    swap_hard_limit: Size | None = None
    """The most of memory and swap together."""
    min_guarantee: Size | None = None
    """The least that it gets (VMware)."""


class PageSpec(Part):
    """Huge pages of one size. A bare string is the size."""

    short: ClassVar[str | None] = "size"

    size: SmallSize
    """The pages' size: "2MiB", "1GiB"."""
    nodeset: CpuSet | None = None
    """The guest's nodes that have them; all if none."""


class MemoryBackingSpec(Part):
    """How the host keeps the memory: https://libvirt.org/formatdomain.html#memory-backing."""

    hugepages: list[PageSpec] | bool | None = None
    """Huge pages: true is the host's default size, "1GiB" a size, a list several."""
    locked: bool = False
    """Whether it is never swapped out."""
    nosharepages: bool = False
    """Whether equal pages are never merged."""
    source: Literal["memfd", "file", "anonymous"] | None = None
    """What it is to the host. virtiofs needs memfd or file, which is set by itself."""
    access: Literal["shared", "private"] | None = None
    """Whether other processes see it. virtiofs needs shared, which is set by itself."""
    allocation: Literal["immediate", "ondemand"] | None = None
    """Whether it is all taken at start."""
    discard: bool = False
    """Whether it is thrown away at the end."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """A size in place of the list of pages is a list of one."""
        value = super().expand(value)
        pages = value.get("hugepages") if isinstance(value, dict) else None
        return value | {"hugepages": [pages]} if isinstance(pages, str | dict) else value
