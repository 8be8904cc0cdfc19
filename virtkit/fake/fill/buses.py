"""PCI buses: which slots they have, what fits into them, and what is free."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

# what a device needs and a bus offers: bits of a mask
PCI, PCIE, BRIDGE, ROOT_PORT, UPSTREAM, DOWNSTREAM, DMI, PCIE_TO_PCI, EXPANDER, PCIE_EXPANDER = (
    1 << bit for bit in range(10)
)
AUTO, AGGREGATE, INTEGRATED = 1 << 16, 1 << 17, 1 << 18
TYPES = (1 << 10) - 1
_ENDPOINTS = PCI | PCIE

# model of a controller: what plugs into its bus, its first and last slot
_MODELS = {
    "pci-root": (AUTO | PCI | BRIDGE | EXPANDER, 1, 31),
    "pci-bridge": (AUTO | PCI | BRIDGE, 1, 31),
    "pci-expander-bus": (AUTO | PCI | BRIDGE, 0, 31),
    "pcie-root": (PCIE | ROOT_PORT | DMI | PCIE_EXPANDER, 1, 31),
    "dmi-to-pci-bridge": (PCI | BRIDGE, 0, 31),
    "pcie-to-pci-bridge": (AUTO | PCI | BRIDGE, 1, 31),
    "pcie-root-port": (AUTO | PCIE | UPSTREAM | PCIE_TO_PCI, 0, 0),
    "pcie-switch-downstream-port": (AUTO | PCIE | UPSTREAM | PCIE_TO_PCI, 0, 0),
    "pcie-switch-upstream-port": (DOWNSTREAM, 0, 31),
    "pcie-expander-bus": (ROOT_PORT | DMI, 0, 31),
}
# what a controller itself needs
PLUGS = {
    "pci-bridge": BRIDGE,
    "pci-expander-bus": EXPANDER,
    "pcie-expander-bus": PCIE_EXPANDER,
    "dmi-to-pci-bridge": DMI,
    "pcie-to-pci-bridge": PCIE_TO_PCI,
    "pcie-root-port": ROOT_PORT | AGGREGATE,
    "pcie-switch-upstream-port": UPSTREAM,
    "pcie-switch-downstream-port": DOWNSTREAM,
}
_NAMES = {
    PCI: "standard PCI device",
    PCIE: "PCI Express device",
    ROOT_PORT: "pcie-root-port",
    UPSTREAM: "pcie-switch-upstream-port",
    DOWNSTREAM: "pcie-switch-downstream-port",
    DMI: "dmi-to-pci-bridge",
    PCIE_TO_PCI: "pcie-to-pci-bridge",
    EXPANDER: "pci-expander-bus",
    PCIE_EXPANDER: "pcie-expander-bus",
    BRIDGE: "pci-bridge",
}


class Place(NamedTuple):
    """Where on PCI a device is."""

    bus: int
    slot: int
    function: int = 0
    domain: int = 0

    def __str__(self) -> str:
        return f"{self.domain:04x}:{self.bus:02x}:{self.slot:02x}.{self.function:x}"


@dataclass
class Bus:
    """One bus: what its controller is, and which functions of its slots are taken."""

    model: str = ""
    offers: int = 0
    first: int = 0
    last: int = 31
    taken: dict[int, int] = field(default_factory=dict)  # slot -> bits of its functions
    shared: set[int] = field(default_factory=set)  # slots that hold several ports

    def become(self, model: str) -> None:
        """Make it the bus of a controller of *model*."""
        if model not in _MODELS:
            message = "PCI controller model was not set correctly"
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, message)
        self.model = model
        self.offers, self.first, self.last = _MODELS[model]

    @property
    def full(self) -> bool:
        """Whether every slot has something."""
        return all(self.taken.get(slot) for slot in range(self.first, self.last + 1))


class Buses:
    """All PCI buses of a guest.

    Attributes:
        grows: whether buses may be added, to learn how many it takes.
        roots: whether new buses are roots of their own (pSeries).
        bridges: whether QEMU has pcie-to-pci-bridge.
    """

    def __init__(self, count: int, *, grows: bool, roots: bool, bridges: bool) -> None:
        self.all = [Bus() for _ in range(count)]
        self.grows, self.roots, self.bridges = grows, roots, bridges

    def used(self, place: Place) -> bool:
        """Return whether the slot of *place* has anything."""
        return bool(self.all[place.bus].taken.get(place.slot))

    def reserve(self, place: Place, needs: int, *, given: bool = True) -> Place:
        """Take *place*; given is what the document says, else it was found by :meth:`find`."""
        if self.grows:
            place = self._grow(place, needs)
        self.check(place, needs, given=given)
        bus = self.all[place.bus]
        functions = bus.taken.get(place.slot, 0)
        if functions & 1 << place.function:
            self._fail(f"Attempted double use of PCI Address {place}", given=given)
        if not functions and needs & AGGREGATE:
            bus.shared.add(place.slot)
        bus.taken[place.slot] = functions | 1 << place.function
        return place

    def next(self, needs: int, function: int | None = None) -> Place:
        """Take the first free place for what *needs* says and return it."""
        return self.reserve(self._find(needs, function), needs, given=False)

    def _find(self, needs: int, function: int | None) -> Place:
        if not self.all:
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, "No PCI buses available")
        for number, bus in enumerate(self.all):
            offers = bus.offers | (AUTO if needs & INTEGRATED and number == 0 else 0)
            if (needs & INTEGRATED and number) or not needs & offers & TYPES:
                continue
            if needs & AUTO and not offers & AUTO:
                continue
            for slot in range(bus.first, bus.last + 1):
                free = _free_function(bus, slot, needs, function)
                if free is not None:
                    return Place(number, slot, free)
        if self.grows:
            place = self._grow(Place(len(self.all), 0, function or 0), needs)
            return place._replace(slot=self.all[place.bus].first)
        return fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, "No more available PCI slots")

    def _grow(self, place: Place, needs: int) -> Place:
        """Add what buses it takes until that of *place* exists, and return where it is then."""
        more = place.bus - len(self.all) + 1
        if more <= 0:
            return place
        before: list[str] = []
        if needs & PCI:
            model = "pci-root" if self.roots else "pci-bridge"
            if model == "pci-bridge" and not any(bus.offers & BRIDGE for bus in self.all):
                before = ["pcie-root-port", "pcie-to-pci-bridge"] if self.bridges else ["dmi-to-pci-bridge"]
                if more == 1:
                    more, place = 2, place._replace(bus=place.bus + 1)
        elif needs & (PCIE | UPSTREAM):
            model = "pcie-root-port"
        else:
            self._cannot_grow(needs)
        for name in [*before, *[model] * (more - len(before))]:
            self.all.append(Bus())
            self.all[-1].become(name)
        if before[:1] == ["pcie-root-port"]:  # that port is for the bridge behind it
            self.all[-more].offers = PCIE_TO_PCI
        return place

    @staticmethod
    def _cannot_grow(needs: int) -> None:
        named = next((_NAMES[bit] for bit in _NAMES if needs & bit & ~_ENDPOINTS), None)
        message = f"Cannot automatically add a new PCI bus for a device with connect flags {needs:02x}"
        if named:
            message = (
                f"a PCI slot is needed to connect a PCI controller model='{named}', "
                "but none is available, and it cannot be automatically added"
            )
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, message)

    def check(self, place: Place, needs: int, *, given: bool) -> None:
        """Raise what libvirt says if nothing of that kind fits into *place*."""
        problem = None
        if not self.all:
            problem = "No PCI buses available"
        elif place.domain:
            problem = f"Invalid PCI address {place}. Only PCI domain 0 is available"
        elif place.bus >= len(self.all):
            problem = f"Invalid PCI address {place}. Only PCI buses up to {len(self.all) - 1} are available"
        else:
            bus = self.all[place.bus]
            problem = _unfit(bus, place, needs, given=given)
            if problem is None and place.slot < bus.first:
                problem = f"Invalid PCI address {place}. slot must be >= {bus.first}"
            elif problem is None and place.slot > bus.last:
                problem = f"Invalid PCI address {place}. slot must be <= {bus.last}"
            elif problem is None and place.function > 7:
                problem = f"Invalid PCI address {place}. function must be <= 7"
        if problem:
            self._fail(problem, given=given)

    @staticmethod
    def _fail(message: str, *, given: bool) -> None:
        fail(c.VIR_ERR_XML_ERROR if given else c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN, message)


def _unfit(bus: Bus, place: Place, needs: int, *, given: bool) -> str | None:
    """Return why a device does not fit on *bus*, None if it does."""
    offers = bus.offers
    if needs & INTEGRATED and place.bus:
        return f"The device at PCI address {place} needs to be an integrated device (bus=0)"
    if given:
        if offers & _ENDPOINTS:
            offers |= _ENDPOINTS
        if needs & BRIDGE:
            needs |= PCI
    if needs & offers & TYPES:
        return None
    kind = next((name for bit, name in _NAMES.items() if needs & bit), "")
    return (
        f"The device at PCI address {place} cannot be plugged into the PCI controller with "
        f"index='{place.bus}'. It requires a controller that accepts a {kind}."
    )


def _free_function(bus: Bus, slot: int, needs: int, function: int | None) -> int | None:
    """Return a function of *slot* that is free for what *needs* says."""
    taken = bus.taken.get(slot, 0)
    if not taken:
        return function or 0
    if not (needs & AGGREGATE and slot in bus.shared):
        return None
    wanted = range(8) if function is None else (function,)
    return next((each for each in wanted if not taken & 1 << each), None)
