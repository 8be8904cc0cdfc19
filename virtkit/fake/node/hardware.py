"""The shape of a host: its settings, and what follows from them."""

from __future__ import annotations

from typing import Any, NamedTuple

_NEAR, _FAR = 10, 21  # NUMA distances


class Cell(NamedTuple):
    """One NUMA cell.

    Attributes:
        memory: in KiB.
        cpus: the numbers of its CPUs.
        distances: to each cell; empty: 10 to itself and 21 to the others.
    """

    memory: int
    cpus: list[int]
    distances: list[int] = []  # noqa: RUF012 # never changed


class Hardware:
    """What the hardware of a host is. Each attribute can be set, before or while programs look.

    Attributes:
        memory: in KiB; as text, a size with its unit.
        cpus: how many, threads counted.
        sockets: how many processors they are on.
        threads: how many share a core.
        mhz: how fast they are, in MHz.
        numa: how many NUMA cells share memory and CPUs evenly.
        cells: the NUMA cells, where they are not even; empty: as ``numa`` says.
        arch: the architecture.
        kvm: whether guests can use KVM.
        cpu_model: which of libvirt's CPU models it has.
        cpu_vendor: who made it; None: the model's.
        cpu_features: what it has beyond the model.
        pages: the pools of huge pages, by size in KiB: how many pages each has.
        iommu: whether devices can be given to guests.
        overcommit: how many times its memory guests may have in sum; None: no limit is looked at.
        sysinfo: the SMBIOS document, where it has one.
        sev: what SEV it has, as virNodeGetSEVInfo tells; None: none.
        suspends: how it can sleep: of ``suspend_mem``, ``suspend_disk``, ``suspend_hybrid``.
    """

    def __init__(self) -> None:
        self.memory = 64 * 1024 * 1024
        self.cpus = 16
        self.sockets = 1
        self.threads = 2
        self.mhz = 2400
        self.numa = 1
        self.cells: list[Cell] = []
        self.arch = "x86_64"
        self.kvm = True
        self.cpu_model = "Skylake-Client-IBRS"
        self.cpu_vendor: str | None = None
        self.cpu_features: tuple[str, ...] = ("vmx", "hypervisor", "invtsc")
        self.pages: dict[int, int] = {2048: 0, 1048576: 0}
        self.iommu = True
        self.overcommit: float | None = None
        self.sysinfo: str | None = None
        self.sev: dict[str, Any] | None = None
        self.suspends: tuple[str, ...] = ()

    def topology(self) -> tuple[int, int, int]:
        """Return sockets, cores of each, threads of each core; where that does not come out, one of each."""
        cores = self.cpus // max(self.sockets * self.threads, 1)
        if cores and self.sockets * cores * self.threads == self.cpus:
            return self.sockets, cores, self.threads
        return 1, self.cpus, 1

    def numa_cells(self) -> list[Cell]:
        """Return the NUMA cells, with their distances."""
        cells = self.cells or self._even(max(self.numa, 1))
        return [
            cell
            if cell.distances
            else cell._replace(distances=[_NEAR if n == own else _FAR for n in range(len(cells))])
            for own, cell in enumerate(cells)
        ]

    def _even(self, number: int) -> list[Cell]:
        bounds = [self.cpus * n // number for n in range(number + 1)]
        memory = [self.memory * (n + 1) // number - self.memory * n // number for n in range(number)]
        return [Cell(memory[n], list(range(bounds[n], bounds[n + 1]))) for n in range(number)]

    def total_memory(self) -> int:
        """Return the memory of all cells, in KiB."""
        return sum(cell.memory for cell in self.cells) if self.cells else self.memory
