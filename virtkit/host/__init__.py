"""What exists on one host: the connection, its domains, and what can be done with them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from virtkit.host.connection import Connection, Version, Versions, connect
from virtkit.host.domain import Domain
from virtkit.host.domains import Domains
from virtkit.host.statistics import DomainStatistics
from virtkit.host.status import DomainReason, DomainState, DomainStatus

if TYPE_CHECKING:
    from virtkit.host.applying import Applied
    from virtkit.host.deletion import Deleted
    from virtkit.host.job import JobInfo
    from virtkit.host.migration import Migrated, MigrationProgress
    from virtkit.host.waiting import wait_until

__all__ = [
    "Applied",
    "Connection",
    "Deleted",
    "Domain",
    "DomainReason",
    "DomainState",
    "DomainStatistics",
    "DomainStatus",
    "Domains",
    "JobInfo",
    "Migrated",
    "MigrationProgress",
    "Version",
    "Versions",
    "connect",
    "wait_until",
]


_LATER = {
    "Applied": "applying",
    "Deleted": "deletion",
    "JobInfo": "job",
    "Migrated": "migration",
    "MigrationProgress": "migration",
    "wait_until": "waiting",
}


def __getattr__(name: str) -> Any:
    """Load what a listing does not need, and lxml with it, when it is asked for."""
    if name not in _LATER:
        raise AttributeError(f"module 'virtkit.host' has no attribute {name!r}")
    return getattr(import_module(f"virtkit.host.{_LATER[name]}"), name)
