"""What is measured, and how much of it must be reproduced."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .report import Report, domains

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Measure(NamedTuple):
    """One family of documents."""

    make: Callable[[Path], Report]
    goal: float  # the share that must be reproduced


REPORTS = {
    "domains": Measure(domains, 0.95),
}
