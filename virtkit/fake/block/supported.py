"""Disks on which no block job can work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.block.disks import Disk


def check_supported(disk: Disk) -> None:
    """Refuse *disk* if it is of a kind that jobs do not know."""
    for wrong, what in (
        (disk.bus == "sd", f"on disk '{disk.target}' using bus 'sd'"),
        (disk.element.find("transient") is not None, f"on transient disk '{disk.target}'"),
        (disk.kind == "vhostuser", f"on vhostuser disk '{disk.target}'"),
    ):
        if wrong:
            message = f"block jobs are not supported {what}"
            fail(c.VIR_ERR_OPERATION_UNSUPPORTED, c.VIR_FROM_QEMU, message)
