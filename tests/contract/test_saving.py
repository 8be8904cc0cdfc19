"""Saving to a file, and managed save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.driver import Driver


@pytest.fixture
def image(tmp_path: Path) -> str:
    """Where to save to."""
    return str(tmp_path / "image")


def test_save_stops_and_restore_goes_on(conn: Any, running: Any, image: str) -> None:
    """Off because saved; running because restored."""
    running.save(image)
    assert running.state() == [5, 5]
    conn.restore(image)
    assert running.state() == [1, 3]


def test_paused_domain_is_restored_paused(driver: Driver, conn: Any, paused: Any, image: str) -> None:
    """What was paused when saved is paused when restored, but in the test driver."""
    paused.save(image)
    conn.restore(image)
    assert paused.state() == expected(driver, "state of a restored pause", [3, 2])


def test_save_of_a_domain_that_is_off(driver: Driver, domain: Any, image: str) -> None:
    """It is refused."""
    error = outcome(driver, lambda: domain.save(image))
    assert error is not None
    assert (error[0], error[2]) == (55, "Requested operation is not valid: domain is not running")


def test_restore_of_an_active_domain(driver: Driver, conn: Any, running: Any, image: str) -> None:
    """It is refused."""
    running.save(image)
    running.create()
    error = outcome(driver, lambda: conn.restore(image))
    message = f"Requested operation is not valid: domain '{running.name()}' is already active"
    assert error == (55, 20, message)


def test_restore_of_nothing(driver: Driver, conn: Any) -> None:
    """A missing image is a system error that names it."""
    error = outcome(driver, lambda: conn.restore("/nonexistent/image"))
    text = "Failed to open file '/nonexistent/image': No such file or directory"
    assert error == (38, driver.source, expected(driver, "restore nothing", text))


def test_transient_domain_comes_back_from_its_image(conn: Any, transient: Any, image: str) -> None:
    """Saving ends it; restoring makes it again, transient."""
    transient.save(image)
    conn.restore(image)
    assert (transient.isActive(), transient.isPersistent()) == (1, 0)


def test_image_shows_its_document(driver: Driver, conn: Any, running: Any, image: str) -> None:
    """saveImageGetXMLDesc gives the document with which it was saved."""
    running.save(image)
    assert f"<name>{driver.named()}</name>" in conn.saveImageGetXMLDesc(image)


def test_managed_save(driver: Driver, running: Any) -> None:
    """The image is there until the next start, which goes on from it."""
    assert running.hasManagedSaveImage() == 0
    running.managedSave()
    assert (running.state(), running.hasManagedSaveImage()) == ([5, 5], 1)
    running.create()
    assert running.state() == expected(driver, "state of a saved start", [1, 3])
    assert running.hasManagedSaveImage() == 0


def test_managed_save_keeps_a_domain_from_being_undefined(driver: Driver, conn: Any, running: Any) -> None:
    """Unless the flag says that the image may go."""
    running.managedSave()
    error = outcome(driver, running.undefine)
    message = "Requested operation is not valid: Refusing to undefine while domain managed save image exists"
    assert error == (55, driver.source, message)
    running.undefineFlags(driver.constant("DOMAIN_UNDEFINE_MANAGED_SAVE"))
    assert driver.named() not in [domain.name() for domain in conn.listAllDomains()]


def test_managed_save_can_be_removed(running: Any) -> None:
    """Then the domain boots anew."""
    running.managedSave()
    running.managedSaveRemove()
    assert running.hasManagedSaveImage() == 0
    running.create()
    assert running.state() == [1, 1]


def test_managed_save_and_rename(driver: Driver, running: Any) -> None:
    """The image carries the name."""
    running.managedSave()
    error = outcome(driver, lambda: running.rename("contract-renamed"))
    message = "Requested operation is not valid: domain with a managed saved state can't be renamed"
    assert error == expected(driver, "managed save, then rename", (55, driver.source, message))
