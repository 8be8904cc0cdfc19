"""Character devices: what serial ports, consoles and channels have in common."""

from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath, Line, Natural, Port

SourceType = Literal[
    "pty", "unix", "file", "tcp", "udp", "null", "vc", "stdio", "dev", "pipe", "spicevmc", "spiceport", "nmdm", "dbus",
    "qemu-vdagent",
]  # fmt: skip


class Chardev(Device):
    """The host's side of a character device: https://libvirt.org/formatdomain.html#host-interface."""

    short: ClassVar[str | None] = "type"

    type: SourceType = "pty"
    """What it is on the host."""
    path: Line | None = None
    """The file, device, pipe or socket."""
    append: bool | None = None
    """Whether a file is added to, not overwritten at start."""
    mode: Literal["bind", "connect"] | None = None
    """Whether the host's side waits for connections or makes one; unix, tcp and udp."""
    host: Line | None = None
    """The address of tcp and udp."""
    service: Port | None = None
    """The port of tcp and udp."""
    protocol: Literal["raw", "telnet", "telnets", "tls"] | None = None
    """What is spoken over tcp."""
    channel: Line | None = None
    """The name of a spiceport or dbus channel."""
    master: AbsPath | None = None
    """nmdm's side for the guest: /dev/nmdm0A."""
    slave: AbsPath | None = None
    """nmdm's side for the host: /dev/nmdm0B."""
    log: AbsPath | None = None
    """A file of the host that gets a copy of everything."""
    log_append: bool | None = None
    """Whether that file is added to, not overwritten at start."""
    port: Natural | None = None
    """Its number among its kind: 0 is the first."""
