"""A document that is being filled in: its tree, and what is known of its platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import add, integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.fill.emulator import Emulator

X86 = frozenset({"x86_64", "i686"})
ARM = frozenset({"aarch64", "armv7l", "armv6l"})
PPC64 = frozenset({"ppc64", "ppc64le"})
RISCV = frozenset({"riscv64", "riscv32"})
S390 = frozenset({"s390", "s390x"})
_I440FX = ("pc-0.", "pc-1.", "pc-i440fx-", "rhel")


class Draft:
    """A domain's tree while its defaults are filled in.

    Attributes:
        tree: the root element.
        devices: its element of that name.
        kind: the domain's type.
        arch: the guest's architecture.
        emulator: what the host's QEMU can do.
        grown: the PCI controllers that addresses took.
        new: whether the document is a new definition, so that what a guest sees may be chosen.
    """

    def __init__(self, tree: etree._Element, emulator: Emulator, *, new: bool = True) -> None:
        self.tree, self.emulator, self.new = tree, emulator, new
        self.grown: list[etree._Element] = []
        devices = tree.find("devices")
        self.devices = add(tree, "devices") if devices is None else devices
        self.kind = tree.get("type", "")
        system = tree.find("os/type")
        self.arch = "x86_64" if system is None else system.get("arch", "x86_64")
        self.machine = "" if system is None else system.get("machine", "")

    def all(self, tag: str) -> list[etree._Element]:
        """Return the devices of a kind."""
        return self.devices.findall(tag)

    def controllers(self, kind: str) -> list[etree._Element]:
        """Return the controllers of type *kind*."""
        return [each for each in self.devices.iterfind("controller") if each.get("type") == kind]

    def controller(self, kind: str, index: int = 0) -> etree._Element | None:
        """Return a controller, None if there is no such one."""
        for each in self.controllers(kind):
            if integer(each.get("index"), -1) == index:
                return each
        return None

    def has_root(self, model: str) -> bool:
        """Return whether the first PCI bus is of *model*."""
        root = self.controller("pci")
        return root is not None and root.get("model") == model

    def add(self, tag: str, **attributes: str) -> etree._Element:
        """Add a device and return it."""
        return add(self.devices, tag, **attributes)

    @property
    def x86(self) -> bool:
        """Whether the guest is a PC."""
        return self.arch in X86

    @property
    def ppc64(self) -> bool:
        """Whether the guest is a POWER of 64 bits."""
        return self.arch in PPC64

    @property
    def s390(self) -> bool:
        """Whether the guest is an IBM Z."""
        return self.arch in S390

    @property
    def q35(self) -> bool:
        """Whether the machine is a PC with PCI Express."""
        return self.x86 and (self.machine == "q35" or self.machine.startswith("pc-q35-"))

    @property
    def i440fx(self) -> bool:
        """Whether the machine is a PC with plain PCI."""
        return self.x86 and (self.machine == "pc" or self.machine.startswith(_I440FX))

    @property
    def ccw(self) -> bool:
        """Whether the machine has channel devices."""
        return self.s390 and self.machine.startswith("s390-ccw")

    @property
    def arm_virt(self) -> bool:
        """Whether the machine is ARM's virt."""
        return self.arch in ARM and self._virt

    @property
    def riscv_virt(self) -> bool:
        """Whether the machine is RISC-V's virt."""
        return self.arch in RISCV and self._virt

    @property
    def _virt(self) -> bool:
        return self.machine == "virt" or self.machine.startswith("virt-")

    @property
    def pseries(self) -> bool:
        """Whether the machine is a pSeries."""
        return self.ppc64 and (self.machine == "pseries" or self.machine.startswith("pseries-"))

    @property
    def builtin_scsi(self) -> bool:
        """Whether the machine has an ESP SCSI controller on its board."""
        return (
            self.arch == "sparc"
            or (self.arch in {"mips64", "mips64el"} and self.machine in {"magnum", "pica61"})
            or (self.arch == "m68k" and self.machine == "q800")
        )

    @property
    def has_pci(self) -> bool:
        """Whether QEMU can put PCI devices into the machine."""
        if self.arch not in ARM | RISCV or self.machine == "versatilepb":
            return True
        return (self.arm_virt or self.riscv_virt) and self.emulator.has("gpex-pcihost")

    def in_order(self, tags: str) -> Iterator[etree._Element]:
        """Yield the devices of several kinds, kind by kind."""
        for tag in tags.split():
            yield from self.devices.iterfind(tag)
