"""A domain's devices, one file for each kind."""

from __future__ import annotations

from virtkit.model.devices.character import Channel, Console, Parallel, Serial
from virtkit.model.devices.controller import Controller
from virtkit.model.devices.disk import Disk
from virtkit.model.devices.filesystem import Filesystem
from virtkit.model.devices.graphics import Graphics
from virtkit.model.devices.hostdev import Hostdev, Hub, Redirdev, Redirfilter
from virtkit.model.devices.input import Input
from virtkit.model.devices.interface import Interface
from virtkit.model.devices.memory import MemoryModule
from virtkit.model.devices.small import (
    Crypto,
    Iommu,
    Lease,
    Memballoon,
    NvramDevice,
    Panic,
    Pstore,
    Rng,
    Shmem,
    Vsock,
    Watchdog,
)
from virtkit.model.devices.smartcard import Smartcard
from virtkit.model.devices.sound import Audio, Sound
from virtkit.model.devices.tpm import Tpm
from virtkit.model.devices.video import Video
from virtkit.model.fields import Child, Children, Text
from virtkit.model.views import View

__all__ = [
    "Audio",
    "Channel",
    "Console",
    "Controller",
    "Crypto",
    "Devices",
    "Disk",
    "Filesystem",
    "Graphics",
    "Hostdev",
    "Hub",
    "Input",
    "Interface",
    "Iommu",
    "Lease",
    "Memballoon",
    "MemoryModule",
    "NvramDevice",
    "Panic",
    "Parallel",
    "Pstore",
    "Redirdev",
    "Redirfilter",
    "Rng",
    "Serial",
    "Shmem",
    "Smartcard",
    "Sound",
    "Tpm",
    "Video",
    "Vsock",
    "Watchdog",
]


class Devices(View):
    """All devices of a domain."""

    TAG = "devices"
    KEEP = True
    emulator = Text("emulator")
    disks = Children(Disk)
    controllers = Children(Controller)
    leases = Children(Lease)
    filesystems = Children(Filesystem)
    interfaces = Children(Interface)
    smartcards = Children(Smartcard)
    serials = Children(Serial)
    parallels = Children(Parallel)
    consoles = Children(Console)
    channels = Children(Channel)
    inputs = Children(Input)
    tpms = Children(Tpm)
    graphics = Children(Graphics)
    sounds = Children(Sound)
    audios = Children(Audio)
    videos = Children(Video)
    hostdevs = Children(Hostdev)
    redirdevs = Children(Redirdev)
    redirfilter = Child(Redirfilter)
    hubs = Children(Hub)
    watchdogs = Children(Watchdog)
    memballoon = Child(Memballoon)
    rngs = Children(Rng)
    nvram = Child(NvramDevice)
    panics = Children(Panic)
    pstore = Child(Pstore)
    shmems = Children(Shmem)
    memories = Children(MemoryModule)
    iommu = Child(Iommu)
    iommus = Children(Iommu)
    vsock = Child(Vsock)
    cryptos = Children(Crypto)

    def disk(self, name: str) -> Disk:
        """The disk that the guest sees as *name* (``target/@dev``), or with the alias *name*.

        Raises:
            LookupError: there is none.
        """
        for disk in self.disks:
            if name in (disk.target.dev, disk.alias):
                return disk
        raise LookupError(_none("disk", name, [disk.target.dev for disk in self.disks]))

    def interface(self, *, mac: str | None = None, alias: str | None = None) -> Interface:
        """The interface with this MAC address or alias.

        Raises:
            LookupError: there is none.
        """
        for nic in self.interfaces:
            address = nic.mac.address
            if mac is not None and address is not None and address.lower() == mac.lower():
                return nic
            if alias is not None and nic.alias == alias:
                return nic
        raise LookupError(
            _none("interface", mac or alias or "", [nic.mac.address for nic in self.interfaces])
        )

    def channel(self, name: str) -> Channel:
        """The channel with this name (``target/@name``), such as ``org.qemu.guest_agent.0``.

        Raises:
            LookupError: there is none.
        """
        for channel in self.channels:
            if channel.target.name == name:
                return channel
        raise LookupError(_none("channel", name, [channel.target.name for channel in self.channels]))

    def filesystem(self, target_dir: str) -> Filesystem:
        """The file system that the guest knows by this name or mounts here (``target/@dir``).

        Raises:
            LookupError: there is none.
        """
        for filesystem in self.filesystems:
            if filesystem.target_dir == target_dir:
                return filesystem
        raise LookupError(_none("filesystem", target_dir, [each.target_dir for each in self.filesystems]))


def _none(kind: str, name: str, present: list[str | None]) -> str:
    names = ", ".join(filter(None, present)) or "none"
    return f"there is no {kind} {name!r}; there is {names}"
