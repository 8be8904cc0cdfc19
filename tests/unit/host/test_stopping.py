"""stop(): ask, ask again, wait, and say why it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake
from tests.unit.host.conftest import XML
from virtkit.errors import OperationTimeout, WrongState

if TYPE_CHECKING:
    from virtkit.clock import VirtualClock
    from virtkit.host import Connection, Domain


@pytest.fixture
def deaf(conn: Connection) -> Domain:
    """A domain whose guest does not hear the power button."""
    virtkit.fake.host("one").guest.acpi = False
    domain = conn.domains.define(XML)
    domain.start()
    return domain


def test_it_returns_when_the_guest_is_off(running: Domain, held: VirtualClock) -> None:
    """As soon as it is, not later."""
    virtkit.fake.host("one").guest.shutdown_time = 7
    began = held.monotonic()
    running.stop()
    assert str(running.status()) == "shutoff (shutdown)"
    assert 7 <= held.monotonic() - began <= 8


def test_off_already_is_no_error(domain: Domain, held: VirtualClock) -> None:
    """And takes no time."""
    began = held.monotonic()
    domain.stop()
    assert held.monotonic() == began


def test_a_booting_guest_is_asked_again(running: Domain, held: VirtualClock) -> None:
    """It has not heard the first request, but hears one of the later ones."""
    virtkit.fake.host("one").guest.boot_time = 40
    running.destroy()
    running.start()
    began = held.monotonic()
    running.stop(timeout=120)
    assert not running.status().active
    assert held.monotonic() - began >= 40


def test_a_deaf_guest_runs_on(deaf: Domain, held: VirtualClock) -> None:
    """The error counts the requests and names what is missing."""
    began = held.monotonic()
    with pytest.raises(OperationTimeout) as caught:
        deaf.stop(timeout=120)
    assert held.monotonic() - began == pytest.approx(120)
    assert "stop 'web1' on fake:///one: still running after 120 s (asked 8 times" in str(caught.value)
    assert "no guest agent channel" in str(caught.value)
    assert "force destroys it" in str(caught.value)
    assert deaf.status().running


def test_a_missing_acpi_is_named(conn: Connection) -> None:
    """The definition explains why no button is heard."""
    virtkit.fake.host("one").guest.acpi = False
    domain = conn.domains.create(XML.replace("<features><acpi/></features>", ""))
    with pytest.raises(OperationTimeout, match="<acpi/> missing"):
        domain.stop(timeout=1)


def test_force_destroys_after_the_timeout(deaf: Domain, held: VirtualClock) -> None:
    """Not before."""
    began = held.monotonic()
    deaf.stop(timeout=30, force=True)
    assert str(deaf.status()) == "shutoff (destroyed)"
    assert held.monotonic() - began >= 30


def test_no_timeout_and_force_destroys_at_once(deaf: Domain, held: VirtualClock) -> None:
    """The guest is asked, and not waited for."""
    began = held.monotonic()
    deaf.stop(timeout=0, force=True)
    assert held.monotonic() == began
    assert not deaf.status().active


def test_a_transient_one_that_vanishes_has_stopped(conn: Connection) -> None:
    """That it cannot be found any more is success; also when it was gone before."""
    domain = conn.domains.create(XML)
    domain.stop()
    assert "web1" not in conn.domains
    domain.stop()


def test_a_paused_one_hears_nothing(running: Domain, held: VirtualClock) -> None:
    """It is said at once instead of waiting; force destroys it."""
    running.suspend()
    began = held.monotonic()
    with pytest.raises(WrongState, match="a paused guest hears nothing"):
        running.stop()
    assert held.monotonic() == began
    assert running.status().state == "paused"
    running.stop(force=True)
    assert not running.status().active


def test_acpi_alone(running: Domain) -> None:
    """The way to ask can be chosen."""
    running.stop(method="acpi")
    assert not running.status().active


@pytest.mark.parametrize("wrong", [{"timeout": -1}, {"timeout": float("nan")}, {"method": "bell"}])
def test_wrong_arguments_are_refused_before_anything_happens(running: Domain, wrong: dict[str, Any]) -> None:
    """By name; the guest has not been asked."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        running.stop(**wrong)
    assert running.status().running


def test_an_agent_that_goes_down_with_its_guest_has_heard(running: Domain, held: VirtualClock) -> None:
    """libvirt reports the closed socket as an error; the guest is on its way down all the same."""
    virtkit.fake.host("one").faults.add(
        "shutdownFlags", message="internal error: End of file from agent socket", times=1
    )
    held.call_at(held.monotonic() + 2, running.raw.destroy)
    running.stop(timeout=10, method="agent")
    assert running.status().state == "shutoff"
