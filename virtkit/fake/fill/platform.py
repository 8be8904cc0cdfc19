"""What each architecture's machines have without being asked: a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from virtkit.fake.fill.draft import ARM, RISCV

if TYPE_CHECKING:
    from virtkit.fake.fill.draft import Draft


class Defaults(NamedTuple):
    """The devices that a machine always has, and those that libvirt always gave it."""

    usb: str | None = ""  # the model of its USB controller; None: it has none
    root: str = ""  # the model of its first PCI bus
    sata: bool = False
    balloon: bool = True
    ps2: bool = False
    usb_inputs: bool = False
    panic: str = ""


_PLAIN_PCI = Defaults(root="pci-root")
_BY_ARCH = {
    "alpha": _PLAIN_PCI, "ppc": _PLAIN_PCI, "ppcemb": _PLAIN_PCI, "sh4": _PLAIN_PCI, "sh4eb": _PLAIN_PCI,
    "sparc64": _PLAIN_PCI, "sparc": Defaults(usb=None, balloon=False),
}  # fmt: skip


def defaults(draft: Draft) -> Defaults:
    """Return what the machine of *draft* has."""
    has = draft.emulator.has
    if draft.x86:
        return _pc(draft)
    if draft.arch in ARM:
        root = "pci-root" if draft.arch == "armv6l" and draft.machine == "versatilepb" else ""
        if draft.arm_virt and draft.arch != "armv6l" and has("gpex-pcihost"):
            root = "pcie-root"
        return Defaults(usb=None, root=root, balloon=False)
    if draft.arch in RISCV:
        root = "pcie-root" if draft.riscv_virt and has("gpex-pcihost") else ""
        return Defaults(usb=None, root=root)
    if draft.ppc64:
        return Defaults(root="pci-root", usb_inputs=True, panic="pseries" if draft.pseries else "")
    if draft.s390:
        return Defaults(usb=None, root="pci-root" if has("zpci") else "", panic="s390")
    if draft.arch.startswith("mips") and draft.machine == "malta":
        return _PLAIN_PCI
    return _BY_ARCH.get(draft.arch, Defaults())


def _pc(draft: Draft) -> Defaults:
    has = draft.emulator.has
    if draft.machine == "isapc":
        return Defaults(usb=None, ps2=True)
    if draft.q35:
        flags = (("qemu-xhci", "qemu-xhci"), ("nec-usb-xhci", "nec-xhci"), ("ich9-usb-ehci1", "ich9-ehci1"))
        usb = next((model for flag, model in flags if has(flag)), None)
        return Defaults(usb=usb, root="pcie-root", sata=True, ps2=True)
    return Defaults(root="pci-root" if draft.i440fx else "", ps2=True)
