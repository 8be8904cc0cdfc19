"""Consoles, channels, screens and keys: which there are, and how they are refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import elsewhere
from tests.contract.inhabited import CHANNEL
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver

_RPC, _QEMU, _DOMAIN = 7, 10, 20
_OFF = (55, _DOMAIN, "Requested operation is not valid: domain is not running")
_DEVICES = (
    f"{CHANNEL}<serial type='pty'/><console type='pty'/><serial type='null'><target port='1'/></serial>"
)
_SCREEN = "<video><model type='vga'/></video><graphics type='vnc'/>"


@pytest.fixture
def on(driver: Driver, conn: Any) -> Any:
    """A domain that runs, with consoles, a channel and a screen."""
    domain = conn.defineXML(driver.xml(devices=_DEVICES + _SCREEN))
    domain.create()
    return domain


def _stream(driver: Driver) -> Any:
    return driver.conn.newStream(driver.constant("STREAM_NONBLOCK"))


def _needs(driver: Driver, family: str) -> None:
    if driver.family != family:
        pytest.skip(f"only libvirt's {family} driver does that")


def test_screenshot(driver: Driver, on: Any) -> None:
    """It is a PNG, and comes through the stream."""
    stream = driver.conn.newStream(0)
    assert on.screenshot(stream, 0) == "image/png"
    assert stream.recv(8) == b"\x89PNG\r\n\x1a\n"
    stream.abort()


def test_no_such_screen(driver: Driver, on: Any) -> None:
    """A screen that is not there."""
    _needs(driver, "qemu")
    stream = driver.conn.newStream(0)
    text = "Requested operation is not valid: no such screen ID"
    assert outcome(driver, lambda: on.screenshot(stream, 5)) == (55, _QEMU, text)


def test_domain_without_screen(driver: Driver, running: Any) -> None:
    """There is nothing to be seen."""
    _needs(driver, "qemu")
    stream = driver.conn.newStream(0)
    text = "Requested operation is not valid: no screens to take screenshot from"
    assert outcome(driver, lambda: running.screenshot(stream, 0)) == (55, _QEMU, text)


def test_console_of_a_domain_that_is_off(driver: Driver, domain: Any) -> None:
    """There is none."""
    _needs(driver, "qemu")
    assert outcome(driver, lambda: domain.openConsole(None, _stream(driver))) == _OFF
    assert outcome(driver, lambda: domain.openChannel(None, _stream(driver))) == _OFF


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope", "cannot find character device nope"),
        ("serial1", "character device serial1 is not using a PTY"),
    ],
)
def test_console_that_cannot_be_opened(driver: Driver, on: Any, name: str, message: str) -> None:
    """It does not exist, or is no terminal."""
    _needs(driver, "qemu")
    error = outcome(driver, lambda: on.openConsole(name, _stream(driver)))
    assert error == (1, _QEMU, f"internal error: {message}")


def test_console_takes_one(driver: Driver, on: Any) -> None:
    """Who comes second is refused, or takes the first one's place."""
    _needs(driver, "qemu")
    first = _stream(driver)
    assert on.openConsole(None, first) == 0
    text = "operation failed: Active console session exists for this domain"
    assert outcome(driver, lambda: on.openConsole("serial0", _stream(driver))) == (9, _QEMU, text)
    second = _stream(driver)
    assert on.openConsole("serial0", second, driver.constant("DOMAIN_CONSOLE_FORCE")) == 0
    second.abort()
    third = _stream(driver)
    assert on.openConsole(None, third) == 0
    third.finish()


def test_channel(driver: Driver, on: Any) -> None:
    """By alias or by name."""
    _needs(driver, "qemu")
    text = "internal error: cannot find channel nope"
    assert outcome(driver, lambda: on.openChannel("nope", _stream(driver))) == (1, _QEMU, text)


def test_no_console_in_the_test_driver(driver: Driver, running: Any) -> None:
    """It has none to open."""
    _needs(driver, "test")
    error = outcome(driver, lambda: running.openConsole(None, _stream(driver)))
    assert error is not None
    assert error[0] == 3


def test_graphics(driver: Driver, on: Any) -> None:
    """A local connection hands over files, one over TCP breaks; an index beyond the last is refused."""
    _needs(driver, "qemu")
    text = "internal error: No graphics backend with index 3"
    assert outcome(driver, lambda: on.openGraphicsFD(3)) == (1, _QEMU, text)
    if driver.name == "qemu":
        text = "internal error: Receiving file descriptors is not supported on this socket"
        assert outcome(driver, lambda: elsewhere(driver, on).openGraphicsFD(0)) == (1, _RPC, text)
    else:
        os.close(on.openGraphicsFD(0))


def test_keys(driver: Driver, on: Any) -> None:
    """A key is sent; one that the code set does not have is refused, each driver in its words."""
    assert on.sendKey(0, 10, [28], 1) == 0
    error = outcome(driver, lambda: on.sendKey(0, 10, [600], 1))
    what = "cannot translate keycode 600 of linux codeset to qnum keycode"
    if driver.family == "test":
        what = "invalid keycode 600 of linux codeset"
    assert error == (1, driver.source, f"internal error: {what}")
    unknown = (8, _DOMAIN, "Unsupported codeset '99'")
    assert outcome(driver, lambda: on.sendKey(99, 10, [28], 1)) == unknown
    assert outcome(driver, lambda: on.sendKey(99, 10, [28], 1, 1 << 30)) == unknown
    none = (8, _DOMAIN, "nkeycodes in virDomainSendKey must be greater than zero")
    assert outcome(driver, lambda: on.sendKey(0, 10, [], 0)) == none


@pytest.mark.parametrize(
    ("keys", "count", "error"),
    [
        ([], 1, "libvirtError: virDomainSendKey() failed"),
        ([28], 0, "libvirtError: virDomainSendKey() failed"),
        ([28, 29], 1, "libvirtError: virDomainSendKey() failed"),
        ((28,), 1, "libvirtError: virDomainSendKey() failed"),
        ([28] * 17, 17, "libvirtError: virDomainSendKey() failed"),
        (["a"], 1, "TypeError: an integer is required"),
        ([-1], 1, "OverflowError: can't convert negative value to unsigned int"),
    ],
)
def test_keys_that_are_no_list_of_that_length(domain: Any, keys: Any, count: int, error: str) -> None:
    """The binding does not hand them on."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        domain.sendKey(0, 10, keys, count, 1 << 30)
    assert f"{caught.type.__name__}: {caught.value}" == error


def test_keys_of_a_domain_that_is_off(driver: Driver, domain: Any) -> None:
    """Nobody there to read them."""
    assert outcome(driver, lambda: domain.sendKey(0, 10, [28], 1)) == _OFF
    assert outcome(driver, domain.injectNMI) == _OFF


def test_signal(driver: Driver, on: Any) -> None:
    """The test driver takes one for the first process; QEMU's has no such call."""
    if driver.family == "qemu":
        error = outcome(driver, lambda: on.sendProcessSignal(1, 9))
        assert error is not None
        assert error[0] == 3
        return
    assert on.sendProcessSignal(1, 9) == 0
    text = "invalid argument: only sending a signal to pid 1 is supported"
    assert outcome(driver, lambda: on.sendProcessSignal(2, 9)) == (8, driver.source, text)
    text = "invalid argument: signum value 99 is out of range"
    assert outcome(driver, lambda: on.sendProcessSignal(1, 99)) == (8, driver.source, text)
