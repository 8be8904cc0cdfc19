"""What exists on one host: the connection, its domains, and what can be done with them."""

from virtkit.host.applying import Applied
from virtkit.host.connection import Connection, Version, Versions, connect
from virtkit.host.deletion import Deleted
from virtkit.host.domain import Domain
from virtkit.host.domains import Domains
from virtkit.host.job import JobInfo
from virtkit.host.migration import Migrated, MigrationProgress
from virtkit.host.statistics import DomainStatistics
from virtkit.host.status import DomainReason, DomainState, DomainStatus
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
