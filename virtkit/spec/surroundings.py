"""The domain around a device: what its defaults depend on."""

from dataclasses import dataclass

CONTAINERS = frozenset({"lxc", "openvz"})
QEMU = frozenset({"kvm", "qemu", "hvf", "auto"})
"""Domain types that QEMU runs; auto is one of them in most places."""
WITH_DRIVERS = QEMU | {"test", "xen", "bhyve"}
"""Domain types whose disks have a <driver>."""
WITH_ACPI = QEMU | {"test", "xen", "bhyve", "vbox"}
_X86 = frozenset({None, "x86_64", "i686"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The kind of domain that a device is in."""

    type: str = "kvm"
    os_type: str = "hvm"
    arch: str | None = None
    machine: str = ""
    bare: bool = False
    """Whether nothing is filled in that XML does not need."""

    @property
    def x86(self) -> bool:
        """Whether the processor is of Intel's kind; so it is if nothing is said."""
        return self.arch in _X86

    @property
    def qemu(self) -> bool:
        """Whether QEMU runs it."""
        return self.type in QEMU

    @property
    def container(self) -> bool:
        """Whether it is a container, which shares the host's kernel."""
        return self.type in CONTAINERS or self.os_type == "exe"

    @property
    def q35(self) -> bool:
        """Whether it is a PC with PCI Express."""
        return "q35" in self.machine

    def disk_bus(self, device: str) -> str | None:
        """Return the bus on which such a machine has a *device* (disk, cdrom, floppy, lun)."""
        if self.bare:
            return None
        if device == "floppy":
            return "fdc"
        if self.type == "xen":
            return "ide" if device == "cdrom" and self.os_type == "hvm" else "xen"
        if self.type in _BUSES:
            return _BUSES[self.type][device == "cdrom"]
        return self._bus_of_qemu(device)

    def _bus_of_qemu(self, device: str) -> str:
        if device == "lun":
            return "scsi"
        if self.machine.startswith(("malta", "isapc")):
            return "ide"
        if device == "disk" or self.machine.startswith("microvm"):
            return "virtio"
        if not self.x86:
            return "scsi"
        return "ide" if self.machine.startswith("pc") and not self.q35 else "sata"

    @property
    def interface_model(self) -> str | None:
        """The model of a network interface that works best; None leaves it to libvirt."""
        usual = not self.bare and (self.qemu or self.type in {"bhyve", "test"})
        return "virtio" if usual else None

    @property
    def disk_driver(self) -> str | None:
        """The name of the host's backend of a disk."""
        return None if self.bare else _DRIVERS.get(self.type)


_DRIVERS = dict.fromkeys(WITH_DRIVERS, "qemu") | {"bhyve": "file"}
_BUSES = {
    "vmware": ("scsi", "ide"),
    "vbox": ("sata", "ide"),
    "hyperv": ("ide", "ide"),
    "vz": ("sata", "sata"),
    "bhyve": ("virtio", "sata"),
    "test": ("virtio", "sata"),
}
MACHINE = Surroundings()
