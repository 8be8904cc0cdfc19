"""What cannot be defined: with libvirt's code, its part that says so, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.faults_agreement import AGREEMENT
from tests.contract.faults_devices import DEVICES
from tests.contract.faults_disks import DISKS
from tests.contract.faults_domain import DOMAIN
from tests.contract.faults_hypervisor import HYPERVISOR

if TYPE_CHECKING:
    from tests.contract.driver import Driver
    from tests.contract.fault import Fault

_FAULTS = [*DISKS, *DEVICES, *DOMAIN, *AGREEMENT, *HYPERVISOR]
_ARCH = {"qemu": " arch='x86_64' machine='pc'", "test": ""}


def _xml(driver: Driver, fault: Fault) -> str:
    kind = f"<type{fault.arch or _ARCH[driver.family]}>hvm</type>"
    uuid = "" if "<uuid>" in fault.inner else f"<uuid>{driver.uuid()}</uuid>"
    return (
        f"<domain type='{driver.family}'><name>{driver.named()}</name>{uuid}<memory>8192</memory>"
        f"<os>{kind}{fault.system}</os>{fault.inner}<devices>{fault.devices}</devices></domain>"
    )


@pytest.mark.parametrize("fault", _FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, driver: Driver, conn: Any) -> None:
    """It is refused, and nothing is defined; the test driver takes what only QEMU's driver checks."""
    if fault.by_qemu and driver.family == "test":
        conn.defineXML(_xml(driver, fault)).undefine()
        return
    with pytest.raises(driver.module.libvirtError) as caught:
        conn.defineXML(_xml(driver, fault))
    assert caught.value.err[:3] == fault.error
    assert driver.named() not in [domain.name() for domain in conn.listAllDomains()]


@pytest.mark.parametrize("fault", DOMAIN[:3], ids=lambda fault: fault.name)
def test_fault_at_once(fault: Fault, driver: Driver, conn: Any) -> None:
    """A domain that is to run at once is read in the same way."""
    with pytest.raises(driver.module.libvirtError) as caught:
        conn.createXML(_xml(driver, fault), 0)
    assert caught.value.err[:3] == fault.error
