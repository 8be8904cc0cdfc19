"""What a host's QEMU can do, as far as libvirt's defaults depend on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Emulator:
    """One QEMU binary.

    Attributes:
        flags: its abilities, by libvirt's names for them.
        aliases: the machine that each short name stands for.
        default_machine: for domains that name none.
        cpus: the default CPU model by accelerator ("kvm", "tcg") and machine; "" is any machine.
        gic: the interrupt controllers of KVM on ARM.
        files: the folder of what libvirt makes for guests.
        channels: the folder of the sockets that it makes for their channels.
    """

    flags: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    default_machine: str = ""
    cpus: Mapping[tuple[str, str], str] = field(default_factory=dict)
    gic: frozenset[str] = frozenset()
    files: str = "/var/lib/libvirt/qemu"
    channels: str = "/var/lib/libvirt/qemu/channel/target"

    def has(self, flag: str) -> bool:
        """Return whether QEMU has an ability."""
        return flag in self.flags

    def cpu(self, kind: str, machine: str) -> str:
        """Return the CPU model that a domain of type *kind* has unless it says."""
        accelerator = "tcg" if kind == "qemu" else kind
        return self.cpus.get((accelerator, machine)) or self.cpus.get((accelerator, ""), "")


_VERSION = "7.2"  # of Debian 12
_ANYWHERE = """
    qemu-xhci nec-usb-xhci ich9-usb-ehci1 piix3-usb-uhci pci-ohci rtl8139 e1000 virtio-net cirrus-vga VGA qxl
    vfio-pci.display lsi virtio-scsi-pci pcie-root-port ioh3420 virtio-pci-non-transitional pcie-pci-bridge
"""
_FLAGS = {
    "x86": f"{_ANYWHERE} gpex-pcihost virtio-mmio cpu.migratable mch.extended-tseg-mbytes",
    "arm": f"{_ANYWHERE} gpex-pcihost virtio-mmio",
    "s390x": "zpci virtio-net vfio-pci.display virtio-scsi-pci virtio-pci-non-transitional vfio-ccw",
    "sparc": "",
}
_FAMILY = {
    "x86_64": "x86", "i686": "x86", "aarch64": "arm", "armv7l": "arm", "armv6l": "arm", "riscv64": "arm",
    "riscv32": "arm", "s390x": "s390x", "s390": "s390x", "sparc": "sparc",
}  # fmt: skip
_ALIASES = {
    "x86": {"pc": f"pc-i440fx-{_VERSION}", "q35": f"pc-q35-{_VERSION}"},
    "arm": {"virt": f"virt-{_VERSION}"},
    "ppc64": {"pseries": f"pseries-{_VERSION}"},
    "s390x": {"s390-ccw-virtio": f"s390-ccw-virtio-{_VERSION}"},
}
_ALIAS_FAMILY = {
    "x86_64": "x86", "i686": "x86", "aarch64": "arm", "armv7l": "arm", "armv6l": "arm", "ppc64": "ppc64",
    "ppc64le": "ppc64", "s390x": "s390x",
}  # fmt: skip
_MACHINES = {
    "x86_64": "pc", "i686": "pc", "aarch64": "integratorcp", "armv7l": "integratorcp",
    "armv6l": "integratorcp", "ppc64": "pseries", "ppc64le": "pseries", "ppc": "g3beige", "mips": "malta",
    "mipsel": "malta", "mips64": "malta", "mips64el": "malta", "riscv64": "spike", "riscv32": "spike",
    "s390x": "s390-ccw-virtio", "sparc": "SS-5", "sparc64": "sun4u", "alpha": "clipper", "m68k": "mcf5208evb",
    "sh4": "shix", "sh4eb": "shix", "cris": "axis-dev88",
}  # fmt: skip
_CPUS = {
    "x86_64": {("kvm", ""): "qemu64", ("tcg", ""): "qemu64"},
    "i686": {("kvm", ""): "qemu32", ("tcg", ""): "qemu32"},
    "ppc64": {("kvm", ""): "host", ("tcg", ""): "POWER9"},
    "ppc64le": {("kvm", ""): "host", ("tcg", ""): "POWER9"},
    "s390x": {("kvm", ""): "host", ("tcg", ""): "qemu"},
    "aarch64": {("tcg", "integratorcp"): "arm926", ("tcg", ""): "cortex-a15"},
}
BINARIES = {
    "i686": "i386", "armv6l": "arm", "armv7l": "arm", "ppc64le": "ppc64", "parisc": "hppa",
}  # fmt: skip


def path(arch: str) -> str:
    """Return where the emulator of *arch* is."""
    return f"/usr/bin/qemu-system-{BINARIES.get(arch, arch)}"


@lru_cache
def installed(arch: str) -> Emulator:
    """Return the QEMU for *arch* of a host that has them all: Debian 12's."""
    return Emulator(
        flags=frozenset(_FLAGS.get(_FAMILY.get(arch, ""), _ANYWHERE).split()),
        aliases=_ALIASES.get(_ALIAS_FAMILY.get(arch, ""), {}),
        default_machine=_MACHINES.get(arch, ""),
        cpus=_CPUS.get(arch, {}),
        gic=frozenset({"3"}),
    )
