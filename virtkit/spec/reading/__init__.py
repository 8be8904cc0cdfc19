"""From libvirt's XML to the fields of a spec: what `templates` write, read back.

`read_domain` takes a domain's document apart; it leaves out what no field can say.
Nothing is lost by that: `virtkit.rendering.taking_over` compares what comes of it with the document.
"""

from virtkit.spec.reading.domain import DEVICES, read_domain
from virtkit.spec.reading.sizes import in_kib

__all__ = ["DEVICES", "in_kib", "read_domain"]
