"""Which element is which."""

from __future__ import annotations

import time

import pytest

from virtkit import model, tree
from virtkit.model import identity


def devices(*each: str) -> str:
    """A domain with these devices."""
    return f"<domain><devices>{''.join(each)}</devices></domain>"


def partners(tag: str, wanted: str, actual: str) -> list[int | None]:
    """For each wanted device the number of its partner."""
    one, other = (tree.parse(text).findall(f"devices/{tag}") for text in (wanted, actual))
    return [other.index(found) if found is not None else None for _, found in identity.pair(one, other)]


def disk(target: str = "", alias: str = "", file: str = "", slot: str = "") -> str:
    """A disk with what is given."""
    inside = [
        f"<source file='{file}'/>" if file else "",
        f"<target dev='{target}'/>" if target else "",
        f"<alias name='{alias}'/>" if alias else "",
        f"<address type='pci' domain='0' bus='0' slot='{slot}' function='0'/>" if slot else "",
    ]
    return f"<disk>{''.join(inside)}</disk>"


@pytest.mark.parametrize(
    ("wanted", "actual", "expected"),
    [
        ([disk("vdb"), disk("vda")], [disk("vda"), disk("vdb")], [1, 0]),
        ([disk("vdc", "ua-1")], [disk("vda"), disk("vdb", "ua-1")], [1]),
        ([disk("vdc", "virtio-disk1")], [disk("vda"), disk("vdb", "virtio-disk1")], [None]),
        ([disk(file="/b")], [disk("vda", file="/a"), disk("vdb", file="/b")], [1]),
        ([disk("vdc", file="/b")], [disk("vda", file="/a"), disk("vdb", file="/b")], [None]),
        ([disk(slot="0x04")], [disk("vda", slot="3"), disk("vdb", slot="4")], [1]),
        ([disk(), disk()], [disk("vda"), disk("vdb")], [0, 1]),
    ],
    ids=["target", "user's alias", "libvirt's alias", "file", "target before file", "address", "position"],
)
def test_disks(wanted: list[str], actual: list[str], expected: list[int | None]) -> None:
    """By target, a user's alias, the source, the address, and then in their order."""
    assert partners("disk", devices(*wanted), devices(*actual)) == expected


def test_interfaces() -> None:
    """By MAC address however it is written, by what they are plugged into, in their order."""
    actual = devices(
        "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='a'/></interface>",
        "<interface type='network'><mac address='52:54:00:00:00:02'/><source network='b'/></interface>",
        "<interface type='bridge'><mac address='52:54:00:00:00:03'/><source bridge='br0'/></interface>",
    )
    wanted = devices(
        "<interface type='network'><source network='b'/></interface>",
        "<interface type='bridge'/>",
        "<interface type='network'><mac address='52:54:0:0:0:1'/></interface>",
    )
    assert partners("interface", wanted, actual) == [1, 2, 0]


def test_what_states_most_chooses_first() -> None:
    """A device that says little does not take the partner of one that says much."""
    wanted = devices("<rng model='virtio'/>", "<rng model='virtio'><rate bytes='7'/></rng>")
    actual = devices("<rng model='virtio'><rate bytes='7'/></rng>", "<rng model='virtio'/>")
    assert model.diff(wanted, actual) == []


def test_nobody_is_the_partner_of_two() -> None:
    """Not even of two that are equal."""
    found = partners(
        "disk", devices(disk("vda"), disk("vda"), disk("vda")), devices(disk("vda"), disk("vda"))
    )
    assert found == [0, 1, None]


def _cost(count: int, *, same: bool) -> float:
    one = tree.parse(devices(*(disk(f"a{n}", file=f"/{n}") for n in range(count))))
    other = tree.parse(devices(*(disk(f"{'a' if same else 'b'}{n}", file=f"/{n}") for n in range(count))))
    best = 1e9
    for _ in range(3):
        start = time.process_time()
        model.diff(one, other)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("same", [True, False])
def test_the_time_grows_with_the_number_of_disks(same: bool) -> None:
    """And not with its square: eight times as many take about eight times as long."""
    assert _cost(1000, same=same) < 24 * max(_cost(125, same=same), 1e-4)
