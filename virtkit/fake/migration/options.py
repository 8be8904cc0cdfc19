"""What a caller asked of a migration, whichever of the six calls it used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail_argument

_EXCLUSIVE = (
    ("VIR_MIGRATE_NON_SHARED_DISK", "VIR_MIGRATE_NON_SHARED_INC"),
    ("VIR_MIGRATE_TUNNELLED", "VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES"),
)


@dataclass
class Options:
    """Flags and typed parameters of one migration."""

    flags: int = 0
    name: str | None = None
    uri: str | None = None
    xml: str | None = None
    persistent_xml: str | None = None
    bandwidth: int = 0  # MiB/s
    disks: list[str] = field(default_factory=list)

    def has(self, flag: int) -> bool:
        """Return whether *flag* was given."""
        return bool(self.flags & flag)

    @property
    def copies_disks(self) -> bool:
        """Whether the disks travel too."""
        return self.has(c.VIR_MIGRATE_NON_SHARED_DISK | c.VIR_MIGRATE_NON_SHARED_INC)


def from_parameters(params: dict[str, Any], flags: int) -> Options:
    """Return the options that *params*, as migrate3 takes them, mean."""
    disks = params.get(c.VIR_MIGRATE_PARAM_MIGRATE_DISKS, [])
    return Options(
        flags=flags,
        name=params.get(c.VIR_MIGRATE_PARAM_DEST_NAME),
        uri=params.get(c.VIR_MIGRATE_PARAM_URI),
        xml=params.get(c.VIR_MIGRATE_PARAM_DEST_XML),
        persistent_xml=params.get(c.VIR_MIGRATE_PARAM_PERSIST_XML),
        bandwidth=params.get(c.VIR_MIGRATE_PARAM_BANDWIDTH, 0),
        disks=[disks] if isinstance(disks, str) else list(disks),
    )


def check_flags(flags: int, function: str) -> None:
    """Refuse flags that exclude each other, as libvirt's public entry does."""
    for one, other in _EXCLUSIVE:
        if flags & getattr(c, one) and flags & getattr(c, other):
            message = f"Flags '{one}' and '{other}' are mutually exclusive"
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "ctl")
    if flags & c.VIR_MIGRATE_TUNNELLED and not flags & c.VIR_MIGRATE_PEER2PEER:
        message = "cannot perform tunnelled migration without using peer2peer flag"
        fail_argument(c.VIR_FROM_DOMAIN, message, function, "flags")
