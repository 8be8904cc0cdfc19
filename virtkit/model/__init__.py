"""libvirt's documents: typed views over XML that lose nothing, and what works on whole documents.

- `Domain`, `Network`, `StoragePool` and others are typed views on documents; `paths` lists what has a field.
- `merge` lays one document over another by what is the same thing in both.
- `overlay` is the way back: what has to be laid over one document to make it another.
- `carry_over` gives a new definition what the old one has and a guest would miss.
- `diff` says what of a wanted document an existing one does not have.
- `validate` asks libvirt's own schema where it is installed, else the typed views.
- `HostFacts` says what a host can run.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from virtkit.model.carrying import carry_over
from virtkit.model.comparing import Difference, diff
from virtkit.model.domain import Domain
from virtkit.model.facts import HostFacts
from virtkit.model.fields import paths
from virtkit.model.merging import NAMESPACE, merge
from virtkit.model.validation import Findings, schema_available, validate
from virtkit.model.views import View, ViewList

if TYPE_CHECKING:
    from virtkit.model.backups import DomainBackup
    from virtkit.model.capabilities import Capabilities, DomainCapabilities
    from virtkit.model.checkpoints import DomainCheckpoint
    from virtkit.model.interfaces import Interface
    from virtkit.model.networks import Network, NetworkPort
    from virtkit.model.nodedevices import NodeDevice
    from virtkit.model.nwfilters import NWFilter, NWFilterBinding
    from virtkit.model.overlaying import overlay
    from virtkit.model.secrets import Secret
    from virtkit.model.snapshots import DomainSnapshot
    from virtkit.model.storage import StoragePool, StoragePoolCapabilities, StorageVolume

_HOME = {
    "Capabilities": "capabilities",
    "DomainBackup": "backups",
    "DomainCapabilities": "capabilities",
    "DomainCheckpoint": "checkpoints",
    "DomainSnapshot": "snapshots",
    "Interface": "interfaces",
    "NWFilter": "nwfilters",
    "NWFilterBinding": "nwfilters",
    "Network": "networks",
    "NetworkPort": "networks",
    "NodeDevice": "nodedevices",
    "Secret": "secrets",
    "StoragePool": "storage",
    "StoragePoolCapabilities": "storage",
    "StorageVolume": "storage",
    "overlay": "overlaying",
}
"""What is imported where they are first used, and the modules that it is in."""

__all__ = [
    "NAMESPACE",
    "Capabilities",
    "Difference",
    "Domain",
    "DomainBackup",
    "DomainCapabilities",
    "DomainCheckpoint",
    "DomainSnapshot",
    "Findings",
    "HostFacts",
    "Interface",
    "NWFilter",
    "NWFilterBinding",
    "Network",
    "NetworkPort",
    "NodeDevice",
    "Secret",
    "StoragePool",
    "StoragePoolCapabilities",
    "StorageVolume",
    "View",
    "ViewList",
    "carry_over",
    "diff",
    "merge",
    "overlay",
    "paths",
    "schema_available",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
