"""Network interfaces: what libvirt's parser drops of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import drop, integer, remove, value

if TYPE_CHECKING:
    from lxml import etree

_FILTERED = {"network", "bridge", "ethernet"}
_VIRTIO = {"virtio", "virtio-transitional", "virtio-non-transitional"}
# what any driver may have; the rest is read for virtio only
_SHARED = {"iommu", "ats", "packed", "page_per_vq"}


def parse(interface: etree._Element) -> None:
    """Forget what is not read of such an interface."""
    kind, driver = interface.get("type", "user"), interface.find("driver")
    if kind not in _FILTERED:
        remove(interface.find("filterref"))
    virtio = value(interface.find("model"), "type") in _VIRTIO
    if driver is not None and virtio and kind != "hostdev" and integer(driver.get("queues")) <= 1:
        drop(driver, "queues")
    if virtio and kind != "hostdev":
        return
    drop(interface.find("backend"), "vhost")
    if driver is not None:
        kept = {*_SHARED, "name"} if kind == "hostdev" else _SHARED
        drop(driver, *(str(name) for name in driver.attrib if str(name) not in kept))
        driver[:] = []
        if not driver.attrib:
            remove(driver)
