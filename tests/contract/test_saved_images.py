"""Saved images: with flags, with parameters, with another document; and those that libvirt manages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.contract.driver import Driver

UNSUPPORTED, ARGUMENT, XML_ERROR, SYSTEM, INVALID, CONFIG, NO_ARGUMENT = 3, 8, 27, 38, 55, 67, 74
XML, DOMAIN = 5, 20
RUNNING, PAUSED = 2, 4  # VIR_DOMAIN_SAVE_*
_BOTH = "Flags 'VIR_DOMAIN_SAVE_RUNNING' and 'VIR_DOMAIN_SAVE_PAUSED' are mutually exclusive"
_NO_DOMAIN = "XML error: expecting root element of 'domain', not 'bogus'"


@pytest.fixture
def image(tmp_path: Path) -> str:
    """Where to save to."""
    return str(tmp_path / "image")


@pytest.fixture
def saved(running: Any, image: str) -> Any:
    """A domain that was saved while it ran."""
    running.saveFlags(image, None, 0)
    return running


@pytest.fixture
def managed(driver: Driver, running: Any) -> Any:
    """A domain with a managed image."""
    _only_qemu(driver)
    running.managedSave()
    return running


def _only_qemu(driver: Driver) -> None:
    if driver.family == "test":
        pytest.skip("the test driver lacks it: see test_lacking")


def edited(text: str) -> str:
    """Return a document that says something else of crashes."""
    return text.replace("<on_crash>destroy<", "<on_crash>restart<")


LACKING: dict[str, Callable[[Any, str], Any]] = {
    "virDomainSaveParams": lambda domain, image: domain.saveParams({"file": image}, 0),
    "virDomainRestoreParams": lambda domain, image: domain.connect().restoreParams({"file": image}, 0),
    "virDomainManagedSaveGetXMLDesc": lambda domain, _image: domain.managedSaveGetXMLDesc(0),
    "virDomainManagedSaveDefineXML": lambda domain, _image: domain.managedSaveDefineXML("<domain/>", 0),
}


@pytest.mark.parametrize("function", LACKING)
def test_lacking(driver: Driver, domain: Any, image: str, function: str) -> None:
    """What the test driver lacks it says."""
    answer = outcome(driver, lambda: LACKING[function](domain, image))
    text = f"this function is not supported by the connection driver: {function}"
    assert (answer == (UNSUPPORTED, DOMAIN, text)) == (driver.family == "test")


CALLS: dict[str, Callable[[Any, str], Any]] = {
    "saveFlags": lambda domain, path: domain.saveFlags(path, None, RUNNING | PAUSED),
    "saveParams": lambda domain, path: domain.saveParams({"file": path}, RUNNING | PAUSED),
    "restoreFlags": lambda domain, path: domain.connect().restoreFlags(path, None, RUNNING | PAUSED),
    "restoreParams": lambda domain, path: domain.connect().restoreParams({"file": path}, RUNNING | PAUSED),
    "saveImageDefineXML": lambda domain, path: domain.connect().saveImageDefineXML(path, "<a/>", 6),
    "managedSaveDefineXML": lambda domain, _path: domain.managedSaveDefineXML("<domain/>", 6),
}


@pytest.mark.parametrize("call", CALLS)
def test_one_state_only(driver: Driver, domain: Any, image: str, call: str) -> None:
    """It is to run or to be paused; libvirt's front says so before any driver."""
    assert outcome(driver, lambda: CALLS[call](domain, image)) == (ARGUMENT, DOMAIN, _BOTH)


@pytest.mark.parametrize(
    ("call", "function"),
    [
        (lambda domain, path: domain.saveFlags(path, None, 64), ("DomainSaveFlags", "DomainSaveFlags")),
        (
            lambda domain, path: domain.connect().restoreFlags(path, None, 64),
            ("DomainRestoreInternal", "DomainRestoreFlags"),
        ),
        (
            lambda domain, path: domain.connect().saveImageDefineXML(path, "<a/>", 64),
            ("DomainSaveImageDefineXML", "DomainSaveImageDefineXML"),
        ),
    ],
)
def test_unknown_flag(driver: Driver, domain: Any, image: str, call: Any, function: tuple[str, str]) -> None:
    """It is refused in the name of the driver's function."""
    name = f"qemu{function[0]}" if driver.family == "qemu" else f"test{function[1]}"
    text = f"unsupported flags (0x40) in function {name}"
    assert outcome(driver, lambda: call(domain, image)) == (ARGUMENT, driver.source, text)


@pytest.mark.parametrize(("flags", "state"), [(0, [1, 3]), (RUNNING, [1, 3]), (PAUSED, [3, 2])])
def test_restored_as_wanted(
    driver: Driver, conn: Any, saved: Any, image: str, flags: int, state: Any
) -> None:
    """The flag decides, or the state when it was saved; the test driver has no such flags."""
    assert saved.state() == [5, 5]
    if driver.family == "test" and flags:
        text = f"unsupported flags ({flags:#x}) in function testDomainRestoreFlags"
        assert outcome(driver, lambda: conn.restoreFlags(image, None, flags)) == (ARGUMENT, 12, text)
        return
    assert conn.restoreFlags(image, None, flags) == 0
    assert saved.state() == state


def test_saved_as_paused(driver: Driver, conn: Any, running: Any, image: str) -> None:
    """The flag of the save decides how it comes back."""
    if driver.family == "test":
        text = "unsupported flags (0x4) in function testDomainSaveFlags"
        assert outcome(driver, lambda: running.saveFlags(image, None, PAUSED)) == (ARGUMENT, 12, text)
        return
    running.saveFlags(image, None, PAUSED)
    conn.restoreFlags(image, None, 0)
    assert running.state() == [3, 2]


def test_restored_with_another_document(driver: Driver, conn: Any, saved: Any, image: str) -> None:
    """What it may say otherwise, it says; the test driver takes no other document."""
    other = edited(conn.saveImageGetXMLDesc(image))
    if driver.family == "test":
        error = (NO_ARGUMENT, 12, "argument unsupported: xml modification unsupported")
        assert outcome(driver, lambda: conn.restoreFlags(image, other, 0)) == error
        assert outcome(driver, lambda: saved.saveFlags(image, other, 0)) == error
        return
    error = (XML_ERROR, XML, _NO_DOMAIN)
    assert outcome(driver, lambda: conn.restoreFlags(image, "<bogus/>", 0)) == error
    conn.restoreFlags(image, other, 0)
    assert "<on_crash>restart<" in saved.XMLDesc()


def test_image_edited(driver: Driver, conn: Any, saved: Any, image: str) -> None:
    """The next restore goes by the new document, which has to be of the same domain."""
    text = conn.saveImageGetXMLDesc(image)
    error = (XML_ERROR, XML, _NO_DOMAIN)
    assert outcome(driver, lambda: conn.saveImageDefineXML(image, "<bogus/>", 0)) == error
    if driver.family == "qemu":
        other = text.replace(driver.named(), driver.named("other"))
        names = f"name '{driver.named('other')}' does not match source '{driver.named()}'"
        error = (CONFIG, DOMAIN, f"unsupported configuration: Target domain {names}")
        assert outcome(driver, lambda: conn.saveImageDefineXML(image, other, 0)) == error
    assert conn.saveImageDefineXML(image, edited(text), 0) == 0
    assert "<on_crash>restart<" in conn.saveImageGetXMLDesc(image)
    conn.restoreFlags(image, None, 0)
    assert "<on_crash>restart<" in saved.XMLDesc()


def test_no_image(driver: Driver, conn: Any, domain: Any) -> None:
    """The path is named."""
    text = "Failed to open file '/nonexistent/image': No such file or directory"
    if driver.family == "test":
        text = "cannot read domain image '/nonexistent/image': No such file or directory"
    error = (SYSTEM, driver.source, text)
    path = "/nonexistent/image"
    assert outcome(driver, lambda: conn.restoreFlags(path, None, 0)) == error
    assert outcome(driver, lambda: conn.saveImageDefineXML(path, domain.XMLDesc(), 0)) == error
    if driver.family == "qemu":
        assert outcome(driver, lambda: conn.restoreParams({"file": path}, 0)) == error


def test_with_parameters(driver: Driver, conn: Any, running: Any, image: str) -> None:
    """A path, and another document if there is to be one."""
    _only_qemu(driver)
    assert running.saveParams({"file": image}, PAUSED) == 0
    assert running.state() == [5, 5]
    document = edited(conn.saveImageGetXMLDesc(image))
    assert conn.restoreParams({"file": image, "dxml": document}, RUNNING) == 0
    assert running.state() == [1, 3]
    assert "<on_crash>restart<" in running.XMLDesc()


def test_wrong_parameters(driver: Driver, conn: Any, domain: Any) -> None:
    """Their names, their types, and that there is a path: that of a save is not asked for here.

    Without one, libvirt 9.0.0 never lets go of a domain that is off.
    """
    for call in (domain.saveParams, conn.restoreParams):
        with pytest.raises(TypeError, match="bad argument type for built-in operation"):
            call({"file": 1}, 0)
        with pytest.raises(TypeError, match='Unknown type of "nope" field'):
            call({"nope": None}, 0)
    _only_qemu(driver)
    error = (NO_ARGUMENT, 0, "argument unsupported: parameter 'nope' not supported")
    for call in (domain.saveParams, conn.restoreParams):
        assert outcome(driver, lambda call=call: call({"nope": "x"}, 0)) == error  # type: ignore[misc]
    error = (ARGUMENT, driver.source, "invalid argument: missing path to restore from")
    assert outcome(driver, lambda: conn.restoreParams({}, 0)) == error
    error = (INVALID, DOMAIN, "Requested operation is not valid: domain is not running")
    assert outcome(driver, lambda: domain.saveParams({"file": "/nonexistent/image"}, 0)) == error


def test_managed_image_edited(driver: Driver, managed: Any) -> None:
    """The next start goes by the new document, and by the flag."""
    text = managed.managedSaveGetXMLDesc(0)
    assert f"<name>{driver.named()}</name>" in text
    assert outcome(driver, lambda: managed.managedSaveDefineXML("<bogus/>", 0)) == (
        XML_ERROR,
        XML,
        _NO_DOMAIN,
    )
    assert managed.managedSaveDefineXML(edited(text), PAUSED) == 0
    assert "<on_crash>restart<" in managed.managedSaveGetXMLDesc(0)
    managed.create()
    assert managed.state() == [3, 2]
    assert "<on_crash>restart<" in managed.XMLDesc()


def test_no_managed_image(driver: Driver, domain: Any) -> None:
    """There is nothing to show, nor to edit."""
    _only_qemu(driver)
    text = "Requested operation is not valid: domain does not have managed save image"
    error = (INVALID, driver.source, text)
    assert outcome(driver, lambda: domain.managedSaveGetXMLDesc(0)) == error
    assert outcome(driver, lambda: domain.managedSaveDefineXML(domain.XMLDesc(), 0)) == error
