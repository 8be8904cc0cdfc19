"""PCI buses: what fits where, what is free, what grows."""

from __future__ import annotations

import pytest

from virtkit.fake.errors import libvirtError
from virtkit.fake.fill.buses import AUTO, BRIDGE, PCI, PCIE, PLUGS, Buses, Place


def buses(*models: str, grows: bool = False) -> Buses:
    made = Buses(len(models), grows=grows, roots=False, bridges=True)
    for bus, model in zip(made.all, models, strict=True):
        bus.become(model)
    return made


def test_slots_are_handed_out_in_order() -> None:
    """The first slot of pci-root is 1."""
    made = buses("pci-root")
    assert [made.next(AUTO | PCI) for _ in range(3)] == [Place(0, 1), Place(0, 2), Place(0, 3)]


def test_what_is_taken_is_skipped() -> None:
    """One function takes the whole slot for others."""
    made = buses("pci-root")
    made.reserve(Place(0, 1, 5), PCI)
    assert made.next(AUTO | PCI) == Place(0, 2)


def test_root_ports_share_slots() -> None:
    """Eight of them fit into one."""
    made = buses("pcie-root")
    found = [made.next(PLUGS["pcie-root-port"]) for _ in range(9)]
    assert found == [*(Place(0, 1, function) for function in range(8)), Place(0, 2, 0)]


@pytest.mark.parametrize(
    ("place", "needs", "words"),
    [
        (Place(0, 0), PCI, "slot must be >= 1"),
        (Place(3, 1), PCI, "Only PCI buses up to 1 are available"),
        (Place(0, 4, domain=1), PCI, "Only PCI domain 0 is available"),
        (Place(1, 1), PCIE, "slot must be <= 0"),
        (Place(0, 4), PLUGS["pcie-root-port"], "It requires a controller that accepts a pcie-root-port"),
    ],
)
def test_what_does_not_fit(place: Place, needs: int, words: str) -> None:
    """The error says why."""
    with pytest.raises(libvirtError, match=words):
        buses("pci-root", "pcie-root-port").reserve(place, needs)


def test_nothing_is_used_twice() -> None:
    """A function is one device's."""
    made = buses("pci-root")
    made.reserve(Place(0, 4), PCI)
    with pytest.raises(libvirtError, match=r"Attempted double use of PCI Address 0000:00:04\.0"):
        made.reserve(Place(0, 4), PCI)


def test_a_pci_device_on_express_needs_two_more_buses() -> None:
    """A port, and the bridge in it."""
    made = buses("pcie-root", grows=True)
    assert made.next(AUTO | PCI) == Place(2, 1)
    assert [bus.model for bus in made.all] == ["pcie-root", "pcie-root-port", "pcie-to-pci-bridge"]


def test_that_port_is_for_the_bridge_alone() -> None:
    """An express device gets another."""
    made = buses("pcie-root", grows=True)
    made.next(AUTO | PCI)
    assert made.next(AUTO | PCIE) == Place(3, 0)


def test_no_controller_is_made_for_controllers() -> None:
    """A root port needs an express root."""
    with pytest.raises(libvirtError, match="model='pcie-root-port', but none is available"):
        buses("pci-root", grows=True).next(PLUGS["pcie-root-port"])


def test_full_without_growing() -> None:
    """What the first round counted is all there is."""
    made = buses("pcie-root-port")
    made.next(AUTO | PCIE)
    with pytest.raises(libvirtError, match="No more available PCI slots"):
        made.next(AUTO | PCIE)


def test_bridges_go_where_devices_go_if_told_to() -> None:
    """A given address is taken more lightly than one that is looked for."""
    made = buses("dmi-to-pci-bridge")
    assert made.reserve(Place(0, 3), BRIDGE) == Place(0, 3)
