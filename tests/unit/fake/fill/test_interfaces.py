"""Network interfaces: what libvirt does not read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from virtkit.fake.fill import interfaces
from virtkit.tree import parse

if TYPE_CHECKING:
    from lxml import etree

_NET = "<interface type='{kind}'><model type='{model}'/>{driver}</interface>"
_TUNED = "<driver name='vhost' queues='4' iommu='on'><host csum='off'/></driver>"


def _parsed(kind: str, model: str, driver: str) -> etree._Element:
    interface = parse(_NET.format(kind=kind, model=model, driver=driver))
    interfaces.parse(interface)
    return interface


@pytest.mark.parametrize(
    ("kind", "model", "kept"),
    [
        ("network", "virtio", {"name": "vhost", "queues": "4", "iommu": "on"}),
        ("network", "e1000", {"iommu": "on"}),
        ("hostdev", "virtio", {"name": "vhost", "iommu": "on"}),
    ],
)
def test_drivers(kind: str, model: str, kept: dict[str, str]) -> None:
    """Only virtio has one to speak of."""
    driver = _parsed(kind, model, _TUNED).find("driver")
    assert driver is not None
    assert dict(driver.attrib) == kept
    assert (driver.find("host") is not None) == (len(kept) == len({"name", "queues", "iommu"}))


def test_one_queue_is_none() -> None:
    """It is what there is anyway."""
    driver = _parsed("network", "virtio", "<driver name='vhost' queues='1'/>").find("driver")
    assert driver is not None
    assert driver.get("queues") is None


def test_a_driver_that_says_nothing_is_gone() -> None:
    """As libvirt prints none."""
    assert _parsed("bridge", "rtl8139", "<driver name='vhost'/>").find("driver") is None


@pytest.mark.parametrize(("kind", "kept"), [("bridge", True), ("user", False)])
def test_filters(kind: str, kept: bool) -> None:
    """Only what libvirt plugs in is filtered."""
    found = _parsed(kind, "virtio", "<filterref filter='clean-traffic'/>").find("filterref")
    assert (found is not None) == kept
