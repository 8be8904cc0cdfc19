"""Flags that QEMU's driver checks in functions of its own."""

from __future__ import annotations

from virtkit.fake import constants as c
from virtkit.fake.errors import fail_argument

_CREATE, _DELETE, _REVERT = 0x3FF, 0x7, 0xF


def check_known(flags: int, known: int, function: str) -> None:
    """Refuse bits of *flags* that the driver's *function* does not know."""
    unknown = flags & ~known & 0xFFFFFFFF
    if unknown:
        message = f"unsupported flags ({unknown:#x}) in function {function}"
        fail_argument(c.VIR_FROM_QEMU, message, function, "flags")


def check_create_flags(flags: int) -> None:
    """Refuse flags with which no snapshot can be made."""
    function = "qemuSnapshotCreateXML"
    check_known(flags, _CREATE, function)
    name = "VIR_DOMAIN_SNAPSHOT_CREATE_"
    if flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE and not flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY:
        message = f"Flag '{name}DISK_ONLY' is required by flag '{name}QUIESCE'"
        fail_argument(c.VIR_FROM_QEMU, message, function, "ctl")
    if flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_LIVE and flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE:
        message = f"Flags '{name}LIVE' and '{name}REDEFINE' are mutually exclusive"
        fail_argument(c.VIR_FROM_QEMU, message, function, "ctl")


def check_delete_flags(flags: int) -> None:
    """Refuse flags with which no snapshot can be deleted."""
    check_known(flags, _DELETE, "qemuSnapshotDelete")


def check_revert_flags(flags: int) -> None:
    """Refuse flags with which no snapshot can be reverted to."""
    check_known(flags, _REVERT, "qemuSnapshotRevert")
