"""What libvirt refuses when a domain is defined: its checks, with its codes and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.checks import devices, domain, whole

if TYPE_CHECKING:
    from lxml import etree


def check(tree: etree._Element, personality: str) -> None:
    """Raise what the driver says of a faulty document; its sizes are in KiB already.

    Raises:
        libvirtError: the first fault.
    """
    domain.check(tree)
    found = tree.find("devices")
    if found is not None:
        devices.check(found)
    whole.check(tree)
    if personality == "qemu" and tree.get("type") in {"qemu", "kvm"}:
        domain.check_qemu(tree)
        whole.check_qemu(tree)
