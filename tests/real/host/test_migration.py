"""Live migration of a real guest between two hosts, told by its own clock."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

import virtkit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab import Host, Tick
    from tests.real.host.conftest import Guest

SLOW = "lab.dirty=96"  # writes faster than the bandwidth below takes away
NARROW = "8MiB"


def newest(guest: Guest) -> Tick:
    """The last tick so far."""
    return guest.ticks.wait_for_next()


def test_there_and_back(guest: Guest, here: virtkit.Connection, there: virtkit.Connection) -> None:
    """No tick is missing or comes twice; it is persistent there and gone here."""
    before = newest(guest)
    seen: list[virtkit.MigrationProgress] = []
    moved = guest.domain.migrate(there, on_progress=seen.append)
    assert moved.destination == there.uri
    assert moved.domain == there.domains[guest.domain.name]
    assert str(moved.status) == "running (migrated)"
    assert moved.domain.status(full=True).persistent
    assert guest.domain.name not in here.domains
    assert moved.downtime is not None
    assert 0 < moved.downtime < 2
    assert moved.total_time > moved.downtime
    assert moved.transferred > 1_000_000
    assert all(progress.elapsed >= 0 for progress in seen)
    guest.ran_through_since(before)
    back = moved.domain.migrate(here)
    assert back.domain == guest.domain
    assert guest.domain.name not in there.domains
    guest.ran_through_since(before)


def test_to_a_uri(guest: Guest, there: virtkit.Connection) -> None:
    """The destination may be a URI; the handle there has its own connection."""
    before = newest(guest)
    moved = guest.domain.migrate(there.uri)
    assert moved.domain.connection is not there
    assert moved.domain.status().running
    moved.domain.connection.close()
    guest.ran_through_since(before)


def test_a_transient_guest_stays_transient(guest: Guest, there: virtkit.Connection) -> None:
    """What has no definition gets none."""
    guest.domain.undefine()
    moved = guest.domain.migrate(there)
    assert moved.domain.status(full=True).persistent is False


def test_a_paused_guest_stays_paused(guest: Guest, there: virtkit.Connection) -> None:
    """It arrives as it left, and goes on there when resumed."""
    before = newest(guest)
    guest.domain.suspend()
    moved = guest.domain.migrate(there)
    assert moved.status.state == "paused"
    assert guest.ticks.stands_still(0.5)
    moved.domain.resume()
    guest.ran_through_since(before)


@pytest.mark.parametrize("address", ["192.0.2.7", "no-such-host.invalid", "10.255.255.1:1"])
def test_an_address_that_leads_nowhere(guest: Guest, there: virtkit.Connection, address: str) -> None:
    """The guest runs on here, and is not there."""
    before = newest(guest)
    with pytest.raises(virtkit.MigrationError, match="migrate_address") as caught:
        guest.domain.migrate(there, migrate_address=address)
    assert caught.value.outcome == "still_on_source"
    assert guest.domain.status().running
    assert guest.domain.name not in there.domains
    guest.ran_through_since(before)


def test_a_destination_that_nobody_is(guest: Guest, host_b: Host) -> None:
    """The destination's URI does not answer: nothing has begun."""
    before = newest(guest)
    with pytest.raises(virtkit.Disconnected, match="connect to qemu"):
        guest.domain.migrate(host_b.uri.replace("/system", ":1/system"))
    guest.ran_through_since(before, gap=0.6)


def test_a_namesake_in_the_way(guest: Guest, there: virtkit.Connection) -> None:
    """Another domain of that name there is not touched."""
    there.domains.define(virtkit.render("minimal", name=guest.domain.name, memory="64MiB", type="qemu"))
    with pytest.raises(virtkit.MigrationError, match="already exists") as caught:
        guest.domain.migrate(there)
    assert caught.value.outcome == "still_on_source"
    assert guest.domain.status().running


def test_migration_to_itself(guest: Guest, here: virtkit.Connection) -> None:
    """Refused before anything happens, by connection and by URI."""
    for to in (here, here.uri):
        with pytest.raises(virtkit.WrongState, match="the host that it is on"):
            guest.domain.migrate(to)
    assert guest.domain.status().running


def test_a_domain_that_is_off(guest: Guest, here: virtkit.Connection, there: virtkit.Connection) -> None:
    """It takes offline=True, and then only the definition moves."""
    guest.domain.destroy()
    with pytest.raises(virtkit.WrongState, match="offline migration"):
        guest.domain.migrate(there)
    moved = guest.domain.migrate(there, offline=True)
    assert moved.status.state == "shutoff"
    assert moved.domain.status(full=True).persistent
    assert guest.domain.name not in here.domains


def test_timeout_aborts(boot: Callable[..., Guest], there: virtkit.Connection) -> None:
    """It stays here and runs on."""
    guest = boot(SLOW)
    before = newest(guest)
    with pytest.raises(virtkit.MigrationError, match="not finished within its timeout") as caught:
        guest.domain.migrate(there, bandwidth=NARROW, timeout=1)
    assert caught.value.outcome == "still_on_source"
    assert guest.domain.name not in there.domains
    guest.ran_through_since(before)


def test_timeout_goes_on_by_postcopy(boot: Callable[..., Guest], there: virtkit.Connection) -> None:
    """It runs there, although its memory would never have got there in time."""
    guest = boot(SLOW)
    before = newest(guest)
    moved = guest.domain.migrate(there, bandwidth=NARROW, timeout=1, on_timeout="postcopy")
    assert moved.postcopy
    assert moved.status.running
    guest.ran_through_since(before, gap=4)


def test_timeout_suspends(boot: Callable[..., Guest], there: virtkit.Connection) -> None:
    """It stands still until all is there, and runs there without being asked to."""
    guest = boot(SLOW)
    before = newest(guest)
    moved = guest.domain.migrate(there, bandwidth="48MiB", timeout=1, on_timeout="suspend")
    assert moved.suspended
    assert moved.status.running
    guest.ran_through_since(before, gap=10)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_interruption_leaves_it_here(
    boot: Callable[..., Guest], there: virtkit.Connection, interruption: type[BaseException]
) -> None:
    """Ctrl-C, or a progress callback that fails, ends the migration; the guest runs here afterwards."""
    guest = boot(SLOW)
    before = newest(guest)

    def interrupt(progress: virtkit.MigrationProgress) -> None:
        if progress.processed:
            raise interruption

    with pytest.raises(interruption) as caught:
        guest.domain.migrate(there, bandwidth=NARROW, on_progress=interrupt)
    assert "still" in str(caught.value.__notes__) or "as before" in str(caught.value.__notes__)
    assert guest.domain.status().running
    assert guest.domain.job.info() is None
    assert guest.domain.name not in there.domains
    guest.ran_through_since(before)


def test_ctrl_c_leaves_it_here(boot: Callable[..., Guest], there: virtkit.Connection) -> None:
    """The signal itself, while the main thread waits."""
    guest = boot(SLOW)
    before = newest(guest)
    timer = threading.Timer(1.0, signal.raise_signal, [signal.SIGINT])
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)  # a background shell ignores it
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            guest.domain.migrate(there, bandwidth=NARROW)
    finally:
        signal.signal(signal.SIGINT, handler)
        timer.join()
    assert guest.domain.status().running
    assert guest.domain.job.info() is None
    assert guest.domain.name not in there.domains
    guest.ran_through_since(before)


def test_a_cable_pulled_midway(boot: Callable[..., Guest], there: virtkit.Connection, host_b: Host) -> None:
    """Nothing answers any more; keepalive finds out, and the guest runs on here."""
    guest = boot(SLOW)
    before = newest(guest)
    pulled: list[bool] = []

    def pull(progress: virtkit.MigrationProgress) -> None:
        if progress.processed and not pulled:
            pulled.append(True)
            host_b.unplug()

    try:
        with pytest.raises(virtkit.MigrationError) as caught:
            guest.domain.migrate(there, bandwidth=NARROW, on_progress=pull)
        assert guest.domain.status().running
    finally:
        host_b.plug()
    assert caught.value.outcome == "still_on_source"
    guest.ran_through_since(before)


@pytest.mark.parametrize("how", ["power", "libvirtd", "qemu"])
def test_destination_dies_midway(
    boot: Callable[..., Guest], there: virtkit.Connection, host_b: Host, how: str
) -> None:
    """Its power, its libvirtd, or the QEMU that receives: the guest runs on here."""
    guest = boot(SLOW)
    before = newest(guest)
    killed: list[str] = []

    def kill(progress: virtkit.MigrationProgress) -> None:
        if not progress.processed or killed:
            return
        killed.append(how)
        if how == "qemu":
            host_b.run("kill", "-9", str(host_b.qemu_pid(guest.domain.name)))
        elif how == "libvirtd":
            host_b.kill_libvirtd()
        else:
            host_b.kill()

    with pytest.raises(virtkit.MigrationError) as caught:
        guest.domain.migrate(there, bandwidth=NARROW, timeout=20, on_progress=kill)
    assert killed
    assert caught.value.outcome == "still_on_source"
    assert guest.domain.status().running
    guest.ran_through_since(before)
