"""What a caller asked of a migration, whichever of the six calls it used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from virtkit.fake import constants as c
from virtkit.fake.migration import parameters


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
    tuning: dict[str, Any] = field(default_factory=dict)  # all the parameters that the caller gave

    def has(self, flag: int) -> bool:
        """Return whether *flag* was given."""
        return bool(self.flags & flag)

    @property
    def copies_disks(self) -> bool:
        """Whether the disks travel too."""
        return self.has(c.VIR_MIGRATE_NON_SHARED_DISK | c.VIR_MIGRATE_NON_SHARED_INC)


def from_parameters(params: Any, flags: int) -> Options:
    """Return the options that *params*, as migrate3 takes them, mean."""
    given = parameters.read(params)
    return Options(
        flags=flags,
        name=given.get(c.VIR_MIGRATE_PARAM_DEST_NAME),
        uri=given.get(c.VIR_MIGRATE_PARAM_URI),
        xml=given.get(c.VIR_MIGRATE_PARAM_DEST_XML),
        persistent_xml=given.get(c.VIR_MIGRATE_PARAM_PERSIST_XML),
        bandwidth=given.get(c.VIR_MIGRATE_PARAM_BANDWIDTH, 0),
        disks=given.get(c.VIR_MIGRATE_PARAM_MIGRATE_DISKS, []),
        tuning=given,
    )
