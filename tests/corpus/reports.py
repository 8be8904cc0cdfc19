"""What is measured, and how much of it must be reproduced."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import documents, hotplug, objects, plain
from .report import Report, domains

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Measure(NamedTuple):
    """One family of documents."""

    make: Callable[[Path], Report]
    goal: float  # the share that must be reproduced
    keeps_all: bool = True  # whether nothing that is stated may be lost


def falls_short(measure: Measure, report: Report) -> bool:
    """Return whether *report* is below what is wanted."""
    return report.share < measure.goal or (measure.keeps_all and bool(report.losses))


REPORTS = {
    "domains": Measure(domains, 0.95),
    "generic": Measure(plain.generic, 0.8),
    "containers": Measure(plain.containers, 0.8),
    "hotplug": Measure(hotplug.pairs, 0.8, keeps_all=False),
    "networks": Measure(objects.networks, 0.9),
    "pools": Measure(objects.pools, 0.9),
    "volumes": Measure(objects.volumes, 0.9),
    "documents": Measure(documents.kept, 1.0),
    "valid": Measure(documents.valid, 1.0),
    "order": Measure(documents.ordered, 0.98, keeps_all=False),
    "rebuilt": Measure(documents.rebuilt, 0.99, keeps_all=False),
}
