"""What libvirt refuses when a domain is defined: its checks, with its codes and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill import containers
from virtkit.fake.fill.checks import agreement, devices, domain, firmware, hypervisor, whole

if TYPE_CHECKING:
    from virtkit.fake.fill.parts import Parts


def check(parts: Parts, personality: str) -> None:
    """Raise what the driver says of a faulty document; its sizes are in KiB already.

    Raises:
        libvirtError: the first fault.
    """
    domain.check(parts)
    if parts.tree.get("type") == "lxc" and personality == "qemu":
        containers.check(parts)
    devices.check(parts)
    whole.check(parts)
    firmware.check(parts, personality)
    agreement.check(parts)
    agreement.check_redirected(parts, by_qemu=personality == "qemu")
    if personality == "qemu" and parts.tree.get("type") in {"qemu", "kvm"}:
        domain.check_qemu(parts)
        whole.check_qemu(parts)
        hypervisor.check(parts)
