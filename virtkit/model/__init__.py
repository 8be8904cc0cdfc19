"""libvirt's documents: typed views over XML that lose nothing, and what works on whole documents.

- `merge` lays one document over another by what is the same thing in both.
- `carry_over` gives a new definition what the old one has and a guest would miss.
- `validate` asks libvirt's own schema, where it is installed.
- `HostFacts` says what a host can run.
"""

from virtkit.model.carrying import carry_over
from virtkit.model.facts import HostFacts
from virtkit.model.merging import NAMESPACE, merge
from virtkit.model.validation import schema_available, validate

__all__ = ["NAMESPACE", "HostFacts", "carry_over", "merge", "schema_available", "validate"]
