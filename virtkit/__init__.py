"""Manage libvirt domains: render their XML from templates, and drive them on any libvirt host.

The map, from the top floor down; each package imports only from those below it::

    cli          the command ``virtkit``
    host         what exists on one host: Connection, Domain, migration
    rendering    a spec and a Jinja2 template become libvirt XML
    binding      the one door to libvirt-python
    fake         a libvirt that needs no libvirt: ``import virtkit.fake as libvirt``
    spec         what a person writes: DomainSpec
    model        libvirt's documents, as typed views that lose nothing
    errors, units, clock, tree

Everything below is loaded when it is first used: ``import virtkit`` itself loads nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # not from typing: that would take half of the time of this import
if TYPE_CHECKING:
    from typing import Any

    from virtkit import clock, errors, fake, model
    from virtkit.errors import (
        AgentError,
        AlreadyExists,
        ApplyError,
        BindingMissing,
        Busy,
        Denied,
        Disconnected,
        DocumentError,
        FleetError,
        HostError,
        JobAborted,
        JobError,
        JobFailed,
        MigrationError,
        MigrationTimeout,
        NotFound,
        NotSupported,
        OperationTimeout,
        ParseError,
        PlanError,
        Problem,
        SchemaError,
        SpecError,
        TemplateError,
        UnsafePlan,
        VirtkitError,
        WaitTimeout,
        WrongState,
    )
    from virtkit.host import (
        Applied,
        Connection,
        Deleted,
        Domain,
        DomainReason,
        Domains,
        DomainState,
        DomainStatistics,
        DomainStatus,
        JobInfo,
        Migrated,
        MigrationProgress,
        connect,
        wait_until,
    )
    from virtkit.model import Difference, diff, validate
    from virtkit.rendering import render
    from virtkit.spec import DomainSpec

__version__ = "0.1.0"

_HOMES = {
    "virtkit.errors": """
        AgentError AlreadyExists ApplyError BindingMissing Busy Denied Disconnected DocumentError FleetError
        HostError JobAborted JobError JobFailed MigrationError MigrationTimeout NotFound NotSupported
        OperationTimeout ParseError PlanError Problem SchemaError SpecError TemplateError UnsafePlan
        VirtkitError WaitTimeout WrongState
    """,
    "virtkit.host": """
        Applied Connection Deleted Domain DomainReason DomainState DomainStatistics DomainStatus Domains
        JobInfo Migrated MigrationProgress connect wait_until
    """,
    "virtkit.model": "Difference diff validate",
    "virtkit.rendering": "render",
    "virtkit.spec": "DomainSpec",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}
_MODULES = ("clock", "errors", "fake", "model")

__all__ = [
    "AgentError",
    "AlreadyExists",
    "Applied",
    "ApplyError",
    "BindingMissing",
    "Busy",
    "Connection",
    "Deleted",
    "Denied",
    "Difference",
    "Disconnected",
    "DocumentError",
    "Domain",
    "DomainReason",
    "DomainSpec",
    "DomainState",
    "DomainStatistics",
    "DomainStatus",
    "Domains",
    "FleetError",
    "HostError",
    "JobAborted",
    "JobError",
    "JobFailed",
    "JobInfo",
    "Migrated",
    "MigrationError",
    "MigrationProgress",
    "MigrationTimeout",
    "NotFound",
    "NotSupported",
    "OperationTimeout",
    "ParseError",
    "PlanError",
    "Problem",
    "SchemaError",
    "SpecError",
    "TemplateError",
    "UnsafePlan",
    "VirtkitError",
    "WaitTimeout",
    "WrongState",
    "__version__",
    "clock",
    "connect",
    "diff",
    "errors",
    "fake",
    "model",
    "render",
    "validate",
    "wait_until",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"virtkit.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'virtkit' has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
