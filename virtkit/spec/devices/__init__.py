"""Devices, one file for each kind. KINDS names them as the templates do."""

from virtkit.spec.devices.audio import AudioSpec
from virtkit.spec.devices.balloon import BalloonSpec
from virtkit.spec.devices.base import Device
from virtkit.spec.devices.channel import ChannelSpec
from virtkit.spec.devices.console import ConsoleSpec
from virtkit.spec.devices.controller import ControllerSpec
from virtkit.spec.devices.disk import DiskSpec
from virtkit.spec.devices.filesystem import FilesystemSpec
from virtkit.spec.devices.graphics import GraphicsSpec
from virtkit.spec.devices.hostdev import HostdevSpec
from virtkit.spec.devices.hub import HubSpec
from virtkit.spec.devices.input import InputSpec
from virtkit.spec.devices.interface import InterfaceSpec
from virtkit.spec.devices.iommu import IommuSpec
from virtkit.spec.devices.memory import MemorySpec
from virtkit.spec.devices.panic import PanicSpec
from virtkit.spec.devices.redirdev import RedirdevSpec
from virtkit.spec.devices.rng import RngSpec
from virtkit.spec.devices.serial import SerialSpec
from virtkit.spec.devices.shmem import ShmemSpec
from virtkit.spec.devices.sound import SoundSpec
from virtkit.spec.devices.tpm import TpmSpec
from virtkit.spec.devices.video import VideoSpec
from virtkit.spec.devices.vsock import VsockSpec
from virtkit.spec.devices.watchdog import WatchdogSpec

KINDS: dict[str, type[Device]] = {
    "disk": DiskSpec,
    "controller": ControllerSpec,
    "filesystem": FilesystemSpec,
    "interface": InterfaceSpec,
    "serial": SerialSpec,
    "console": ConsoleSpec,
    "channel": ChannelSpec,
    "input": InputSpec,
    "tpm": TpmSpec,
    "graphics": GraphicsSpec,
    "sound": SoundSpec,
    "audio": AudioSpec,
    "video": VideoSpec,
    "hostdev": HostdevSpec,
    "redirdev": RedirdevSpec,
    "hub": HubSpec,
    "watchdog": WatchdogSpec,
    "balloon": BalloonSpec,
    "rng": RngSpec,
    "shmem": ShmemSpec,
    "memory": MemorySpec,
    "panic": PanicSpec,
    "vsock": VsockSpec,
    "iommu": IommuSpec,
}
"""Each kind's spec, in the order of libvirt's XML; macro KIND of ``devices/KIND.xml.j2`` writes it."""

__all__ = [
    "KINDS",
    "AudioSpec",
    "BalloonSpec",
    "ChannelSpec",
    "ConsoleSpec",
    "ControllerSpec",
    "Device",
    "DiskSpec",
    "FilesystemSpec",
    "GraphicsSpec",
    "HostdevSpec",
    "HubSpec",
    "InputSpec",
    "InterfaceSpec",
    "IommuSpec",
    "MemorySpec",
    "PanicSpec",
    "RedirdevSpec",
    "RngSpec",
    "SerialSpec",
    "ShmemSpec",
    "SoundSpec",
    "TpmSpec",
    "VideoSpec",
    "VsockSpec",
    "WatchdogSpec",
]
