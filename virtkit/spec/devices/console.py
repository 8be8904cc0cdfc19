"""Text consoles."""

from typing import ClassVar, Literal

from virtkit.spec.devices.chardev import Chardev
from virtkit.spec.values import Natural


class ConsoleSpec(Chardev):
    """A text console: https://libvirt.org/formatdomain.html#console. A bare string is the host's side."""

    in_containers: ClassVar[bool] = True

    port: Natural | None = None
    """Its number among its kind: 0 is the first."""
    target_type: Literal["serial", "virtio", "xen", "lxc", "openvz", "sclp", "sclplm"] | None = None
    """What the guest sees; without it the first serial port, or what the hypervisor has."""
