"""Features of the machine: ACPI, Hyper-V enlightenments and others."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.values import Line, Size, Word, is_names, matching


class HypervSpec(Part):
    """What makes Windows run better: https://libvirt.org/formatdomain.html#hypervisor-features.

    A bare string is the mode; ``true`` is the set that current Windows makes use of.
    """

    short: ClassVar[str | None] = "mode"

    mode: Literal["custom", "passthrough"] | None = None
    """passthrough: everything that the host has."""
    relaxed: bool | None = None
    """Relaxed timers."""
    vapic: bool | None = None
    """Virtual interrupt controller."""
    spinlocks: bool | None = None
    """Spinlocks that yield."""
    spinlocks_retries: Annotated[int, Field(ge=4095, le=2**32 - 1)] | None = None
    """Tries before a spinlock yields; 8191 with spinlocks if none."""
    vpindex: bool | None = None
    """Index of the virtual processor."""
    runtime: bool | None = None
    """Time that the processor ran."""
    synic: bool | None = None
    """Synthetic interrupt controller."""
    stimer: bool | None = None
    """Synthetic timers."""
    stimer_direct: bool | None = None
    """Synthetic timers in direct mode."""
    reset: bool | None = None
    """Reset by the hypervisor."""
    vendor_id: (
        Annotated[
            Line, AfterValidator(matching(r"[^,]{1,12}", "a vendor of at most 12 characters, no comma"))
        ]
        | None
    ) = None
    """The hypervisor's vendor that the guest sees."""
    frequencies: bool | None = None
    """Frequency registers."""
    reenlightenment: bool | None = None
    """Notification of migration, for nested guests."""
    tlbflush: bool | None = None
    """TLB flush by the hypervisor."""
    ipi: bool | None = None
    """Interrupts between processors by the hypervisor."""
    evmcs: bool | None = None
    """Enlightened VMCS, for nested guests (Intel)."""
    avic: bool | None = None
    """Hardware interrupt controller beside synic."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        single = [
            name for name in type(self).model_fields if name != "mode" and getattr(self, name) is not None
        ]
        if self.mode == "passthrough" and single:
            yield single[0], "mode passthrough takes everything: leave it out, or use mode custom"
        for key, other in (
            ("synic", "vpindex"),
            ("stimer", "synic"),
            ("stimer_direct", "stimer"),
            ("spinlocks_retries", "spinlocks"),
        ):
            if getattr(self, key) and not getattr(self, other):
                yield key, f"needs {other}: set {other}: true"

    @classmethod
    def expand(cls, value: Any) -> Any:
        """``true`` switches on what current Windows makes use of."""
        if value is True:
            usual = ("relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "frequencies")
            return dict.fromkeys(usual, True)
        return super().expand(value)


class KvmSpec(Part):
    """Features of KVM."""

    hidden: bool | None = None
    """Whether the guest cannot see that it runs on KVM."""
    hint_dedicated: bool | None = None
    """Whether the guest may take its CPUs for its own."""
    poll_control: bool | None = None
    """Whether the guest polls before it halts."""
    pv_ipi: bool | None = None
    """Whether interrupts between processors are paravirtual."""
    dirty_ring: Annotated[int, Field(ge=1024, le=65536)] | None = None
    """Size of the ring that records dirty memory; a power of two."""


class XenSpec(Part):
    """Features of Xen."""

    e820_host: bool | None = None
    """Whether a PV guest sees the host's memory map."""
    passthrough: bool | None = None
    """Whether devices of the host can be given."""
    passthrough_mode: Literal["sync_pt", "share_pt"] | None = None
    """How their page tables are kept."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.passthrough_mode is not None and not self.passthrough:
            yield "passthrough_mode", "is about passthrough: set passthrough: true"


class CapabilitiesSpec(Part):
    """What root of a container may do. A bare string is the policy."""

    short: ClassVar[str | None] = "policy"

    policy: Literal["default", "allow", "deny"] = "default"
    """What holds for capabilities that are not named."""
    names: dict[Word, bool] = Field(default_factory=dict)
    """Single ones: {sys_time: true, mknod: false}."""


_FLAGS = frozenset({"acpi", "apic", "pae", "viridian", "privnet"})
"""Features that are there or not, and have no other state."""


class FeaturesSpec(Part):
    """Features of the machine: https://libvirt.org/formatdomain.html#hypervisor-features."""

    acpi: bool | None = None
    """Power management, by which a guest hears of shutdown. Without a word: on where the machine has it."""
    apic: bool | None = None
    """Programmable interrupts; without a word on for x86."""
    apic_eoi: bool | None = None
    """Whether ends of interrupts are paravirtual."""
    pae: bool | None = None
    """Memory above 4 GiB for 32-bit guests."""
    hap: bool | None = None
    """Hardware assisted paging."""
    viridian: bool | None = None
    """Xen's Hyper-V enlightenments."""
    privnet: bool | None = None
    """Whether a container has a network of its own even without interfaces."""
    hyperv: HypervSpec | None = None
    """Hyper-V enlightenments."""
    kvm: KvmSpec | None = None
    """Features of KVM."""
    xen: XenSpec | None = None
    """Features of Xen."""
    pvspinlock: bool | None = None
    """Paravirtual spinlocks."""
    pmu: bool | None = None
    """Performance counters."""
    vmport: bool | None = None
    """VMware's port, which tells the guest about its mouse."""
    gic: Literal["2", "3", "host"] | None = None
    """Version of ARM's interrupt controller."""
    smm: bool | None = None
    """System management mode; secure boot needs it, and sets it by itself."""
    tseg: Size | None = None
    """Memory of system management mode."""
    ioapic: Literal["kvm", "qemu"] | None = None
    """Who does the I/O interrupt controller."""
    vmcoreinfo: bool | None = None
    """Whether the guest can leave a note for crash dumps."""
    htm: bool | None = None
    """pSeries: transactional memory."""
    nested_hv: bool | None = None
    """pSeries: hypervisors in the guest."""
    capabilities: CapabilitiesSpec | None = None
    """What root of a container may do."""

    @property
    def written(self) -> bool:
        """Whether there is anything to write: a feature that has no state is just left out."""
        if self.acpi or self.apic or self.pae or self.viridian or self.privnet:
            return True
        return any(value is not None for name, value in self if name not in _FLAGS | {"apic_eoi"})

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.apic_eoi is not None and self.apic is False:
            yield "apic_eoi", "is about apic: leave it out, or set apic: true"
        if self.tseg is not None and not self.smm:
            yield "tseg", "is memory of smm: set smm: true"

    @classmethod
    def expand(cls, value: Any) -> Any:
        """A list of names switches them on; YAML reads gic's version as a number."""
        if is_names(value):
            return dict.fromkeys(value, True)
        value = super().expand(value)
        if isinstance(value, dict) and isinstance(value.get("gic"), int):
            return value | {"gic": str(value["gic"])}
        return value
