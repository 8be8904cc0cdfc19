"""Sizes with units, as libvirt reads them."""

from __future__ import annotations

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

UNITS = {
    "b": 1, "byte": 1, "bytes": 1, "kb": 1000, "k": 1024, "kib": 1024, "mb": 10**6, "m": 1 << 20,
    "mib": 1 << 20, "gb": 10**9, "g": 1 << 30, "gib": 1 << 30, "tb": 10**12, "t": 1 << 40, "tib": 1 << 40,
    "pb": 10**15, "p": 1 << 50, "pib": 1 << 50, "eb": 10**18, "e": 1 << 60, "eib": 1 << 60,
}  # fmt: skip


def size(text: str, unit: str) -> int:
    """Return how many bytes *text* of *unit* are.

    Raises:
        libvirtError: there is no such unit.
    """
    factor = UNITS.get(unit.strip().lower())
    if factor is None:
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, f"unknown suffix '{unit}'")
    return int(text.strip() or 0) * factor


def kib(text: str, unit: str) -> int:
    """Return how many KiB *text* of *unit* are, rounded up."""
    return -(-size(text, unit) // 1024)
