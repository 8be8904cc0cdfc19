"""What a guest's end leads to, and threads that are added to a domain that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver

OFF, REBOOT, CRASH = range(3)
DESTROY, RESTART, RENAME, PRESERVE = range(4)
START = "unsupported configuration: qemu driver doesn't support "
NO_RENAME = f"{START}the 'rename-restart' action for 'on_reboot'/'on_poweroff'/'on_crash'"
NO_PRESERVE = f"{START}the 'preserve' action for 'on_reboot'/'on_poweroff'"
NO_EXCHANGE = f"{START}'onReboot' set to 'destroy and 'onPoweroff' set to 'reboot'"


def _qemu_only(driver: Driver) -> None:
    if driver.family == "test":
        pytest.skip("the test driver has no such function, and does not look")


@pytest.mark.parametrize(
    ("kind", "action", "text"),
    [
        (OFF, DESTROY, None),
        (OFF, RESTART, None),
        (OFF, RENAME, NO_RENAME),
        (OFF, PRESERVE, NO_PRESERVE),
        (REBOOT, RENAME, NO_RENAME),
        (REBOOT, PRESERVE, NO_PRESERVE),
        (CRASH, RENAME, NO_RENAME),
        (CRASH, PRESERVE, None),
    ],
)
def test_action(driver: Driver, domain: Any, kind: int, action: int, text: str | None) -> None:
    """QEMU's driver takes what it can do."""
    _qemu_only(driver)
    before = domain.XMLDesc()
    error = outcome(driver, lambda: domain.setLifecycleAction(kind, action, 0))
    assert error == (None if text is None else (67, driver.source, text))
    assert text is None or domain.XMLDesc() == before


def test_actions_together(driver: Driver, domain: Any) -> None:
    """On at the end and off at a reboot: nothing that it could do."""
    _qemu_only(driver)
    domain.setLifecycleAction(REBOOT, DESTROY, 0)
    error = outcome(driver, lambda: domain.setLifecycleAction(OFF, RESTART, 0))
    assert error == (67, driver.source, NO_EXCHANGE)


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<on_crash>rename-restart</on_crash>", NO_RENAME),
        ("<on_poweroff>rename-restart</on_poweroff>", NO_RENAME),
        ("<on_reboot>preserve</on_reboot>", NO_PRESERVE),
        ("<on_poweroff>restart</on_poweroff><on_reboot>destroy</on_reboot>", NO_EXCHANGE),
        ("<on_poweroff>restart</on_poweroff>", None),
    ],
)
def test_definition(driver: Driver, conn: Any, inner: str, text: str | None) -> None:
    """The same of a document."""
    error = outcome(driver, lambda: conn.defineXML(driver.xml(inner=inner)))
    assert error == (None if text is None or driver.family == "test" else (67, driver.source, text))


def test_first_thread_is_listed(driver: Driver, domain: Any) -> None:
    """Though its number is what it would be anyway."""
    _qemu_only(driver)
    domain.addIOThread(1, driver.constant("DOMAIN_AFFECT_CONFIG"))
    lines = [line.strip() for line in domain.XMLDesc().splitlines() if "iothread" in line]
    listed = ["<iothreadids>", "<iothread id='1'/>", "</iothreadids>"]
    assert lines == ["<iothreads>1</iothreads>", *listed]
