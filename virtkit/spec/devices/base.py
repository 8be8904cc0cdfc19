"""What every device has in common."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from virtkit.spec.base import COMPLETED, Part
from virtkit.spec.surroundings import MACHINE, Surroundings
from virtkit.spec.values import Alias, Line, Word


class Device(Part):
    """A device of a domain: https://libvirt.org/formatdomain.html#devices."""

    in_containers: ClassVar[bool] = False
    """Whether a container can have it."""

    alias: Alias | None = None
    """A name that stays, for events and overlays: 'ua-' and then letters, digits, _ or -."""
    address: dict[Word, Line] | None = None
    """Where the guest sees the device, as libvirt's attributes: {type: pci, bus: "0x01", slot: "0x00"}."""

    def _stated(self) -> Iterator[tuple[str, Any]]:
        """Yield what is said about the device first, and where it is last."""
        stated = dict(super()._stated())
        place = {name: stated.pop(name) for name in ("alias", "address") if name in stated}
        yield from (stated | place).items()

    @property
    def completed(self) -> Self:
        """This device, with all that XML needs: what is not stated is as in an ordinary machine."""
        return self if COMPLETED in self.__dict__ else self.complete(MACHINE)

    def complete(self, around: Surroundings) -> Self:  # noqa: ARG002 # devices with defaults look at it
        """Return this device, or a copy with all that XML needs in the domain *around* it."""
        return self
