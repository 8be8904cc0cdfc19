"""Character devices: what serial ports, consoles and channels have in common."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from virtkit.spec.devices.base import Device
from virtkit.spec.values import AbsPath, Line, Port

SourceType = Literal[
    "pty",
    "unix",
    "file",
    "tcp",
    "udp",
    "null",
    "vc",
    "stdio",
    "dev",
    "pipe",
    "spicevmc",
    "spiceport",
    "nmdm",
    "dbus",
    "qemu-vdagent",
]


_KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pty": ((), ("path",)),
    "unix": ((), ("path", "mode")),
    "file": (("path",), ("append",)),
    "dev": (("path",), ()),
    "pipe": (("path",), ()),
    "tcp": (("host", "service"), ("mode", "protocol")),
    "udp": (("host", "service"), ()),
    "spiceport": (("channel",), ()),
    "dbus": (("channel",), ()),
    "nmdm": (("master", "slave"), ()),
}
"""The keys that each type needs, and those that it may have."""
_ALL_KEYS = tuple(dict.fromkeys(key for pair in _KEYS.values() for keys in pair for key in keys))


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

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        needed, allowed = _KEYS.get(self.type, ((), ()))
        for key in needed:
            if getattr(self, key) is None:
                yield key, f"is required for type {self.type}"
        for key in _ALL_KEYS:
            if getattr(self, key) is not None and key not in needed and key not in allowed:
                yield key, f"type {self.type} has none"
        if self.path is not None and not self.path.startswith("/"):
            yield "path", f"{self.path!r} is not an absolute path: it must start with '/'"
        if self.log_append is not None and self.log is None:
            yield "log", "is required with log_append"
