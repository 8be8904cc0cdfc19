"""libvirt's documents: typed views over XML that lose nothing, and what works on whole documents.

- `Domain` is a typed view on a domain's document; `paths` lists what has a field.
- `merge` lays one document over another by what is the same thing in both.
- `carry_over` gives a new definition what the old one has and a guest would miss.
- `diff` says what of a wanted document an existing one does not have.
- `validate` asks libvirt's own schema, where it is installed.
- `HostFacts` says what a host can run.
"""

from virtkit.model.carrying import carry_over
from virtkit.model.comparing import Difference, diff
from virtkit.model.domain import Domain
from virtkit.model.facts import HostFacts
from virtkit.model.fields import paths
from virtkit.model.merging import NAMESPACE, merge
from virtkit.model.validation import schema_available, validate
from virtkit.model.views import View, ViewList

__all__ = [
    "NAMESPACE",
    "Difference",
    "Domain",
    "HostFacts",
    "View",
    "ViewList",
    "carry_over",
    "diff",
    "merge",
    "paths",
    "schema_available",
    "validate",
]
