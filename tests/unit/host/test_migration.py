"""migrate() between two fake hosts; the guests are small: 64 MiB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake
from tests.unit.host.conftest import XML
from virtkit.errors import Denied, Disconnected, MigrationError, MigrationTimeout, WrongState
from virtkit.host import connect

if TYPE_CHECKING:
    from virtkit.clock import VirtualClock
    from virtkit.host import Connection, Domain, MigrationProgress

MIB = 1 << 20
SLOW = "100MiB"  # more than half a second for the guest's memory
SOON = 0.1  # long before that


@pytest.fixture(autouse=True)
def _small_guests(conn: Connection, other: Connection) -> None:
    for name in ("one", "two"):
        guest = virtkit.fake.host(name).guest
        guest.memory_used, guest.dirty_rate = 64 * MIB, 0.0


def there_it_is(domain: Domain, here: Connection, there: Connection) -> None:
    """It runs there, with its definition, and is gone here."""
    assert there.domains[domain.name].status(full=True).persistent
    assert there.domains[domain.name].status().running
    assert domain.name not in here.domains


def here_it_runs(domain: Domain, there: Connection) -> None:
    """It runs here, is not busy, and is not there."""
    assert domain.status().running
    assert domain.job.info() is None
    assert domain.name not in there.domains


def test_there_and_back(running: Domain, conn: Connection, other: Connection) -> None:
    """Both ends are read back, and the result says what it took."""
    seen: list[MigrationProgress] = []
    moved = running.migrate(other, bandwidth=SLOW, on_progress=seen.append)
    there_it_is(running, conn, other)
    assert (moved.source, moved.destination) == ("fake:///one", "fake:///two")
    assert moved.domain == other.domains["web1"]
    assert str(moved.status) == "running (migrated)"
    assert moved.total_time > 0.5
    assert moved.transferred >= 60 * MIB
    assert not moved.postcopy
    assert not moved.suspended
    assert moved.storage == "shared"
    assert seen
    assert [each.elapsed for each in seen] == sorted(each.elapsed for each in seen)
    assert 0 <= seen[0].fraction <= seen[-1].fraction <= 1
    back = moved.domain.migrate(conn)
    assert back.domain == running
    there_it_is(running, other, conn)


def test_progress_of_a_short_migration(running: Domain, other: Connection) -> None:
    """The first look comes soon, and the last report says that all has arrived."""
    seen: list[MigrationProgress] = []
    running.migrate(other, on_progress=seen.append)
    assert len(seen) > 1
    assert (seen[-1].remaining, seen[-1].fraction) == (0, 1)
    assert seen[-1].processed > 0


def test_a_read_only_connection_migrates_nothing(
    running: Domain, conn: Connection, other: Connection
) -> None:
    """Neither away from it nor to it, though the call would use a connection of its own."""
    with connect("fake:///one", readonly=True) as reader, pytest.raises(Denied, match="readonly=True"):
        reader.domains["web1"].migrate(other)
    with connect("fake:///two", readonly=True) as reader, pytest.raises(Denied, match="readonly=True"):
        running.migrate(reader)
    here_it_runs(running, other)


@pytest.mark.parametrize(
    "options",
    [
        {"name": ""},
        {"bandwidth": 10},
        {"bandwidth": "fast"},
        {"name": "a/b"},
        {"migrate_address": " "},
        {"parallel": 0},
        {"max_downtime": -1},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"storage": "some"},
        {"on_timeout": "give up"},
    ],
    ids=str,
)
def test_arguments_out_of_range(running: Domain, other: Connection, options: dict[str, Any]) -> None:
    """They are refused by name before anything happens: libvirt itself would make a nameless domain."""
    with pytest.raises(ValueError, match=f"^{next(iter(options))}="):
        running.migrate(other, **options)
    here_it_runs(running, other)


def test_no_destination_is_not_the_default_one(running: Domain) -> None:
    """An empty URI is a mistake; it does not mean VIRTKIT_URI."""
    for nothing in ("", " ", None):
        with pytest.raises(ValueError, match="give the destination"):
            running.migrate(nothing)  # type: ignore[arg-type]


def test_to_a_uri(running: Domain, conn: Connection, other: Connection) -> None:
    """The handle there has a connection of its own."""
    moved = running.migrate("fake:///two")
    there_it_is(running, conn, other)
    assert moved.domain.connection is not other
    moved.domain.connection.close()


def test_a_transient_one_stays_transient(conn: Connection, other: Connection) -> None:
    """What has no definition gets none."""
    moved = conn.domains.create(XML).migrate(other)
    assert moved.domain.status(full=True).persistent is False


def test_a_paused_one_stays_paused(running: Domain, other: Connection) -> None:
    """It arrives as it left."""
    running.suspend()
    assert running.migrate(other).status.state == "paused"


def test_another_name_there(running: Domain, conn: Connection, other: Connection) -> None:
    """The UUID stays."""
    moved = running.migrate(other, name="web9")
    assert moved.domain.name == "web9"
    assert moved.domain.uuid == running.uuid
    assert "web1" not in conn.domains


@pytest.mark.parametrize("to", ["connection", "uri", "again"])
def test_to_itself_is_refused(running: Domain, conn: Connection, to: str) -> None:
    """Before anything happens, however it is spelled."""
    from virtkit.host import connect

    with connect("fake:///one") as again:
        targets: dict[str, Connection | str] = {"connection": conn, "uri": "fake:///one", "again": again}
        with pytest.raises(WrongState, match="the host that it is on"):
            running.migrate(targets[to])
    assert running.status().running


def test_one_that_is_off_takes_offline(domain: Domain, conn: Connection, other: Connection) -> None:
    """And then only its definition moves."""
    with pytest.raises(WrongState, match=r"shutoff.*Hint: .*offline migration"):
        domain.migrate(other)
    assert "web1" not in other.domains
    moved = domain.migrate(other, offline=True)
    assert moved.status.state == "shutoff"
    assert moved.downtime is None
    assert "web1" not in conn.domains


def test_a_running_one_refuses_offline(running: Domain, other: Connection) -> None:
    """It would lose its memory."""
    with pytest.raises(WrongState, match="offline migration moves only a definition"):
        running.migrate(other, offline=True)
    here_it_runs(running, other)


def test_unknown_choices_are_refused(running: Domain, other: Connection) -> None:
    """With the choices there are."""
    with pytest.raises(ValueError, match="storage='nfs': choose one of 'auto', 'shared', 'copy'"):
        running.migrate(other, storage="nfs")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="on_timeout="):
        running.migrate(other, on_timeout="pause")  # type: ignore[arg-type]


def test_a_destination_that_is_not_reached(running: Domain, other: Connection) -> None:
    """The guest runs on here; the error says so, and how to give another address."""
    virtkit.fake.host("two").unreachable = True
    with pytest.raises(MigrationError, match="migrate_address") as caught:
        running.migrate(other, migrate_address="192.0.2.7")
    error = caught.value
    assert error.outcome == "still_on_source"
    assert "migrate 'web1' on fake:///one to fake:///two" in str(error)
    assert isinstance(error.code, int)
    here_it_runs(running, other)


@pytest.mark.parametrize("phase", ["migrate:prepare", "migrate:perform", "migrate:finish"])
def test_failure_in_each_phase(running: Domain, other: Connection, phase: str) -> None:
    """Wherever it fails, the guest runs on here."""
    for name in ("one", "two"):
        virtkit.fake.host(name).faults.add(phase)
    with pytest.raises(MigrationError) as caught:
        running.migrate(other)
    assert caught.value.outcome == "still_on_source"
    here_it_runs(running, other)


def test_a_failure_gives_back_the_downtime(running: Domain, other: Connection) -> None:
    """QEMU would keep it for the next migration."""
    before = running.raw.migrateGetMaxDowntime()
    virtkit.fake.host("two").unreachable = True
    with pytest.raises(MigrationError):
        running.migrate(other, max_downtime=7)
    assert running.raw.migrateGetMaxDowntime() == before


def test_timeout_aborts(running: Domain, other: Connection) -> None:
    """The guest stays here."""
    with pytest.raises(MigrationTimeout, match="not finished within its timeout, and aborted") as caught:
        running.migrate(other, bandwidth=SLOW, timeout=SOON)
    assert caught.value.outcome == "still_on_source"
    here_it_runs(running, other)


def test_on_a_held_clock_each_takes_the_same(
    running: Domain, conn: Connection, other: Connection, held: VirtualClock
) -> None:
    """64 MiB at 10 MiB/s are 6.4 s: less than a timeout of 6.5 s, and more than one of 6 s."""
    courses: list[list[float]] = []
    domain, to, back = running, other, conn
    for _ in range(4):
        seen: list[MigrationProgress] = []
        moved = domain.migrate(to, bandwidth="10MiB", timeout=6.5, on_progress=seen.append)
        assert moved.total_time == pytest.approx(6.4, abs=0.05)
        courses.append([each.elapsed for each in seen])
        domain, to, back = moved.domain, back, to
    assert len(courses[0]) > 20
    assert all(course == courses[0] for course in courses)
    began = held.monotonic()
    with pytest.raises(MigrationTimeout):
        domain.migrate(to, bandwidth="10MiB", timeout=6)
    assert 6 <= held.monotonic() - began <= 6.3


def test_timeout_goes_on_by_postcopy(running: Domain, conn: Connection, other: Connection) -> None:
    """The guest runs there, although its memory would not have got there in time."""
    moved = running.migrate(other, bandwidth=SLOW, timeout=SOON, on_timeout="postcopy")
    assert moved.postcopy
    there_it_is(running, conn, other)


def test_timeout_suspends(running: Domain, conn: Connection, other: Connection) -> None:
    """It runs there without being asked to."""
    moved = running.migrate(other, bandwidth=SLOW, timeout=SOON, on_timeout="suspend")
    assert moved.suspended
    there_it_is(running, conn, other)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_interruption_leaves_it_here(
    running: Domain, other: Connection, interruption: type[BaseException]
) -> None:
    """Ctrl-C, or a callback that fails: the migration has ended then, and a note says where it is."""

    def interrupt(_progress: MigrationProgress) -> None:
        raise interruption

    with pytest.raises(interruption) as caught:
        running.migrate(other, bandwidth=SLOW, on_progress=interrupt)
    assert "was ended" in caught.value.__notes__[0]
    assert "as before: running" in caught.value.__notes__[0]
    here_it_runs(running, other)


def test_a_destination_that_does_not_answer(running: Domain) -> None:
    """Its URI is tried before anything else."""
    with pytest.raises(Disconnected, match="connect to qemu\\+tcp"):
        running.migrate("qemu+tcp://127.0.0.1:1/system")
    assert running.status().running


def test_a_namesake_there_is_not_touched(running: Domain, other: Connection) -> None:
    """It is another domain."""
    namesake = other.domains.define(XML)
    with pytest.raises(MigrationError, match="already exists") as caught:
        running.migrate(other)
    assert caught.value.outcome == "still_on_source"
    assert other.domains["web1"] == namesake
    assert running.status().running


def test_other_calls_go_on_meanwhile(running: Domain, conn: Connection, other: Connection) -> None:
    """The migration has its own connection, so a callback may use the caller's."""
    counts: list[int] = []
    running.migrate(other, bandwidth=SLOW, on_progress=lambda _: counts.append(len(conn.domains)))
    assert counts
    assert set(counts) <= {0, 1}
