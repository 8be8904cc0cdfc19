"""Who may touch what on the host: security labels."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from virtkit.spec.base import Part
from virtkit.spec.values import Line


class SeclabelSpec(Part):
    """A security label: https://libvirt.org/formatdomain.html#security-label. A bare string is its type."""

    short: ClassVar[str | None] = "type"

    type: Literal["dynamic", "static", "none"] | None = None
    """dynamic: libvirt makes a label for each start; static: 'label'; none: the domain is not confined."""
    model: Literal["selinux", "apparmor", "dac", "none"] | None = None
    """Which kind of confinement; the host's first if none."""
    relabel: bool | None = None
    """Whether libvirt labels the domain's files."""
    label: Line | None = None
    """The label of a static one."""
    baselabel: Line | None = None
    """What a dynamic label is made from."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.type == "static" and self.label is None:
            yield "label", "is required for type static"
