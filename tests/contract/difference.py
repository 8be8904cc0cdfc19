"""One place where libvirt's test driver answers otherwise than its QEMU driver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """What the test driver answers, and why."""

    answer: Any
    reason: str
