"""Suspend, save and managed save of a real guest, told by its own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import virtkit

if TYPE_CHECKING:
    from tests.lab import Host, Lab, Tick
    from tests.real.host.conftest import Guest


def newest(guest: Guest) -> Tick:
    """The last tick so far."""
    tick = guest.ticks.last()
    assert tick is not None
    return tick


def test_a_suspended_guest_stands_still(guest: Guest) -> None:
    """Its ticks stop, and go on with the next one when it is resumed."""
    before = newest(guest)
    guest.domain.suspend()
    assert str(guest.domain.status()) == "paused (user)"
    stopped_at = newest(guest)
    assert guest.ticks.stands_still()
    guest.domain.resume()
    assert str(guest.domain.status()) == "running (unpaused)"
    guest.ran_through_since(before, gap=0.6)
    assert newest(guest).number > stopped_at.number


def test_a_restored_guest_goes_on_where_it_was(guest: Guest, here: virtkit.Connection, lab: Lab) -> None:
    """The tick after is the tick before plus one or two: nothing is lost, and it has not rebooted."""
    before = newest(guest)
    path = lab.shared / "lifecycle.save"
    guest.domain.save(path)
    assert str(guest.domain.status()) == "shutoff (saved)"
    last = newest(guest)
    assert guest.ticks.stands_still()
    again = here.restore(path)
    assert again == guest.domain
    assert str(again.status()) == "running (restored)"
    first = guest.ticks.wait_for_next()
    assert first.number - last.number in {1, 2}
    guest.ran_through_since(before)


def test_managed_save_and_start_do_the_same(guest: Guest) -> None:
    """libvirt keeps the file, and start goes on from it."""
    before = newest(guest)
    guest.domain.managed_save()
    assert guest.domain.status(full=True).managed_save
    last = newest(guest)
    assert guest.ticks.stands_still()
    guest.domain.start()
    first = guest.ticks.wait_for_next()
    assert first.number - last.number in {1, 2}
    assert not guest.domain.status(full=True).managed_save
    guest.ran_through_since(before)


def test_what_qemu_refuses_changes_nothing(guest: Guest) -> None:
    """Start when running, undefine with an image: typed errors, and the guest runs on."""
    before = newest(guest)
    with pytest.raises(virtkit.WrongState, match="already running"):
        guest.domain.start()
    with pytest.raises(virtkit.NotFound):
        guest.domain.connection.domains["nobody"]
    guest.ran_through_since(before)
    guest.domain.managed_save()
    with pytest.raises(virtkit.WrongState, match="managed save"):
        guest.domain.undefine()
    assert guest.domain.delete().removed == ("managed save",)


def test_redefinition_keeps_uuid_and_mac(here: virtkit.Connection) -> None:
    """QEMU's driver too takes a second definition without UUID and MAC."""
    xml = virtkit.render("minimal", name="again", memory="64MiB", type="qemu")
    wired = xml.replace("</devices>", "<interface type='user'/></devices>")
    first = here.domains.define(wired).xml()
    assert here.domains.define(wired).xml() == first
    assert here.domains.apply(wired).outcome == "unchanged"
    applied = here.domains.apply(wired.replace("<memory unit='KiB'>65536", "<memory unit='KiB'>131072"))
    assert applied.outcome == "updated"
    assert [change.path for change in applied.changes] == ["domain/memory"]


def test_statistics_of_a_real_guest(guest: Guest, here: virtkit.Connection) -> None:
    """The bulk call has its state; its own statistics have time and memory."""
    assert here.domains.statistics()[guest.domain.name].status.running
    found = guest.domain.statistics()
    assert found.cpu_time is not None
    assert found.cpu_time > 0
    assert found.maximum_memory == 192 * 1024**2


def test_a_lost_connection_is_told(guest: Guest, host_a: Host) -> None:
    """When libvirtd dies the guest runs on, calls raise Disconnected, and closing works."""
    before = newest(guest)
    host_a.kill_libvirtd()
    try:
        with pytest.raises(virtkit.Disconnected):
            guest.domain.status()
        guest.domain.connection.close()
        guest.ran_through_since(before)
    finally:
        host_a.restart()
