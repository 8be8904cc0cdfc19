"""Stopping real guests: some hear the power button, some do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

import virtkit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real.host.conftest import Guest


DEAF = "lab.acpi=ignore lab.agent=off"


def test_a_guest_with_acpi_stops(boot: Callable[..., Guest]) -> None:
    """The guest hears the button and ends by itself; stopping it again is no error."""
    guest = boot("lab.agent=off")
    guest.domain.stop(timeout=60)
    assert str(guest.domain.status()) == "shutoff (shutdown)"
    assert any("power button" in line for line in guest.ticks.lines())
    guest.domain.stop()


@pytest.mark.parametrize("method", ["auto", "agent"])
def test_a_guest_without_acpi_is_asked_by_its_agent(
    boot: Callable[..., Guest], method: Literal["auto", "agent"]
) -> None:
    """The agent, once it is connected, is another way to be heard."""
    guest = boot("lab.acpi=ignore", ticks=20)
    guest.domain.stop(timeout=60, method=method)
    assert str(guest.domain.status()) == "shutoff (shutdown)"


def test_a_transient_guest_vanishes(boot: Callable[..., Guest]) -> None:
    """That it is gone is success."""
    guest = boot()
    guest.domain.undefine()
    guest.domain.stop(timeout=60)
    assert guest.domain.name not in guest.domain.connection.domains
    assert not guest.domain.delete().existed


def test_a_guest_that_does_not_hear_is_left_running(boot: Callable[..., Guest]) -> None:
    """Without force it runs on, and the error says how often it was asked."""
    guest = boot(DEAF)
    before = guest.ticks.wait_for_next()
    with pytest.raises(virtkit.OperationTimeout, match=r"still running after 3 s .asked once") as caught:
        guest.domain.stop(timeout=3)
    assert "guest agent not connected" in str(caught.value)
    guest.ran_through_since(before, gap=1)


def test_with_force_it_is_destroyed(boot: Callable[..., Guest]) -> None:
    """After the timeout, and not before."""
    guest = boot(DEAF)
    guest.domain.stop(timeout=2, force=True)
    assert str(guest.domain.status()) == "shutoff (destroyed)"


def test_a_paused_guest_hears_nothing(guest: Guest) -> None:
    """It is told so at once, and destroyed only with force."""
    guest.domain.suspend()
    with pytest.raises(virtkit.WrongState, match="a paused guest hears nothing"):
        guest.domain.stop(timeout=60)
    assert guest.domain.status().state == "paused"
    guest.domain.stop(timeout=60, force=True)
    assert not guest.domain.status().active


def test_delete_stops_first(guest: Guest) -> None:
    """A running guest is shut down, then undefined."""
    deleted = guest.domain.delete(timeout=60)
    assert deleted.stopped
    assert guest.domain.name not in guest.domain.connection.domains


def test_delete_of_a_guest_that_does_not_stop_deletes_nothing(boot: Callable[..., Guest]) -> None:
    """Without force everything stays."""
    guest = boot(DEAF)
    with pytest.raises(virtkit.OperationTimeout):
        guest.domain.delete(timeout=2)
    assert guest.domain.status().running
