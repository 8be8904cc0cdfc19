"""What a spec leaves unsaid, said: the domain that templates write."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit.spec.boot import BootSpec
from virtkit.spec.cpu import CellSpec, MemoryBackingSpec
from virtkit.spec.devices.channel import AGENT, ChannelSpec
from virtkit.spec.devices.controller import ControllerSpec
from virtkit.spec.devices.disk import PREFIXES, DiskSpec
from virtkit.spec.features import FeaturesSpec
from virtkit.spec.surroundings import CONTAINERS, WITH_ACPI, Surroundings

if TYPE_CHECKING:
    from virtkit.spec.domain import DomainSpec

S = TypeVar("S", bound="DomainSpec")

_DEVICES = ("disks", "interfaces", "filesystems", "hostdevs", "tpm", "graphics", "rng", "shmem")
"""Fields with devices that have defaults."""


def surroundings(spec: "DomainSpec") -> Surroundings:
    """Return what the defaults of the domain's devices depend on."""
    os_type = spec.os_type or ("exe" if spec.type in CONTAINERS else "hvm")
    return Surroundings(spec.type, os_type, spec.arch, spec.machine or "", not spec.defaults)


def completed(spec: S) -> S:
    """Return a copy of *spec* with all that XML needs; what is stated stays as it is."""
    around = surroundings(spec)
    changes: dict[str, Any] = {"os_type": around.os_type}
    if spec.type == "auto":
        changes["type"] = "kvm"
    for name in _DEVICES:
        value = getattr(spec, name)
        if isinstance(value, list):
            changes[name] = [device.complete(around) for device in value]
        elif value is not None:
            changes[name] = value.complete(around)
    changes["disks"] = with_targets(changes["disks"])
    changes["numa"] = [_numbered(cell, index) for index, cell in enumerate(spec.numa)]
    if around.bare:
        return spec.filled(changes)
    changes["controllers"] = _controllers(spec, around, changes["disks"])
    changes["channels"] = _channels(spec, around)
    changes["features"] = _features(spec, around)
    changes["memory_backing"] = _memory_backing(spec, changes["filesystems"])
    if spec.boot is not None and spec.boot.secure:
        changes["boot"] = _secure(spec.boot)
        if around.x86 and spec.machine is None:
            changes["machine"] = "q35"
    return spec.filled(changes)


def with_targets(disks: Iterable[DiskSpec]) -> list[DiskSpec]:
    """Return *disks* with a target each: the first free name of its bus."""
    disks = list(disks)
    taken = {disk.target for disk in disks}
    named = []
    for disk in disks:
        if disk.target is None:
            prefix = PREFIXES.get(disk.bus or "virtio", "vd")
            target = next(name for name in _names(prefix) if name not in taken)
            taken.add(target)
            disk = disk.filled({"target": target})  # noqa: PLW2901
        named.append(disk)
    return named


def _names(prefix: str) -> Iterator[str]:
    """Yield sda, sdb ... sdz, sdaa, sdab ..."""
    for number in count():
        letters, rest = "", number
        while rest >= 0:
            letters, rest = chr(ord("a") + rest % 26) + letters, rest // 26 - 1
        yield prefix + letters


def _controllers(spec: "DomainSpec", around: Surroundings, disks: list[DiskSpec]) -> list[ControllerSpec]:
    """QEMU's disks on scsi get virtio-scsi, not the old controller that libvirt would add."""
    stated = any(controller.type == "scsi" for controller in spec.controllers)
    if stated or not around.qemu or not any(disk.bus == "scsi" for disk in disks):
        return spec.controllers
    return [*spec.controllers, ControllerSpec(type="scsi", index=0, model="virtio-scsi")]


def _channels(spec: "DomainSpec", around: Surroundings) -> list[ChannelSpec]:
    wanted = spec.agent if spec.agent is not None else around.qemu and around.os_type == "hvm"
    if not wanted or any(channel.name == AGENT for channel in spec.channels):
        return spec.channels
    return [*spec.channels, _agent()]


@cache
def _agent() -> ChannelSpec:
    return ChannelSpec(type="unix", name=AGENT)


@cache
def _no_features() -> FeaturesSpec:
    return FeaturesSpec()


def _features(spec: "DomainSpec", around: Surroundings) -> FeaturesSpec | None:
    features, boot = spec.features, spec.boot
    efi = boot is not None and (boot.firmware == "efi" or boot.loader is not None)
    machine = (
        around.type in WITH_ACPI and around.os_type == "hvm" and not around.machine.startswith("microvm")
    )
    usual: dict[str, Any] = {}
    if machine and (around.x86 or (around.arch == "aarch64" and efi)):
        usual["acpi"] = True
    if machine and around.x86:
        usual["apic"] = True
    if around.qemu and around.x86 and boot is not None and boot.secure:
        usual["smm"] = True
    if spec.iommu is not None and spec.iommu.intremap:
        usual["ioapic"] = "qemu"
    missing = {name: on for name, on in usual.items() if features is None or getattr(features, name) is None}
    if not missing:
        return features
    return (features or _no_features()).filled(missing)


def _memory_backing(spec: "DomainSpec", filesystems: list[Any]) -> MemoryBackingSpec | None:
    """Virtiofsd maps the guest's memory: it has to be shared."""
    backing = spec.memory_backing
    if not any(filesystem.driver == "virtiofs" for filesystem in filesystems):
        return backing
    backing = backing or MemoryBackingSpec()
    missing: dict[str, Any] = {"access": backing.access or "shared"}
    if backing.source is None and not backing.hugepages:
        missing["source"] = "memfd"
    return backing.filled(missing)


def _numbered(cell: CellSpec, index: int) -> CellSpec:
    return cell if cell.id is not None else cell.filled({"id": index})


def _secure(boot: BootSpec) -> BootSpec:
    return boot if boot.enrolled_keys is not None else boot.filled({"enrolled_keys": True})
