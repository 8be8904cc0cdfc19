"""Where the guest is after a failure, for everything that both ends may say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake
from virtkit.errors import Disconnected, MigrationError, WrongState
from virtkit.host import DomainReason, DomainState, DomainStatus, MigrationProgress, migration_outcome
from virtkit.host.migration_outcome import End, settle, undone

if TYPE_CHECKING:
    from virtkit.host import Connection, Domain

RUNNING = DomainStatus(DomainState.RUNNING, DomainReason.BOOTED)
ARRIVED = DomainStatus(DomainState.RUNNING, DomainReason.MIGRATED)
PAUSED = DomainStatus(DomainState.PAUSED, DomainReason.MIGRATION)
BROKEN = DomainStatus(DomainState.PAUSED, DomainReason.POSTCOPY_FAILED)
OFF = DomainStatus(DomainState.SHUTOFF, DomainReason.MIGRATED)
SILENT, ABSENT = "does not answer", "not there"


def failed_watch(**more: Any) -> Any:
    """A migration whose call has failed."""
    state = {"error": RuntimeError("broken"), "finished": True, "lost": False, "timed_out": False}
    return SimpleNamespace(**{**state, **more})


def end(domain: Domain, what: DomainStatus | str) -> End:
    """What is seen at one end."""
    if isinstance(what, DomainStatus):
        return End(True, domain, what)
    return End(what == ABSENT)


def judge(
    monkeypatch: pytest.MonkeyPatch, domain: Domain, to: Connection, here: Any, there: Any, watch: Any = None
) -> Any:
    """Settle a failed migration of a guest that ran, with these two ends."""
    ends = {domain.connection.uri: end(domain, here), to.uri: end(domain, there)}
    monkeypatch.setattr(migration_outcome, "read_end", lambda conn, _uuid: ends[conn.uri])
    with pytest.raises((MigrationError, Disconnected)) as caught:
        settle(domain, to, watch or failed_watch(), RUNNING)
    return caught.value


@pytest.mark.parametrize(
    ("here", "there", "outcome", "words"),
    [
        (RUNNING, ABSENT, "still_on_source", "as before: running"),
        (RUNNING, SILENT, "still_on_source", "as before: running"),
        (OFF, ABSENT, "still_on_source", "as before: shutoff"),
        (ABSENT, ABSENT, "still_on_source", "it has ended"),
        (OFF, ARRIVED, "on_destination", "it is on fake:///two: running"),
        (ABSENT, ARRIVED, "on_destination", "it is on fake:///two: running"),
        (SILENT, ARRIVED, "on_destination", "it is on fake:///two: running"),
        (PAUSED, ARRIVED, "on_destination", "and on fake:///one: paused"),
        (PAUSED, PAUSED, "both_paused", "on fake:///two: paused"),
        (BROKEN, PAUSED, "both_paused", "on fake:///one: paused (postcopy-failed)"),
        (PAUSED, SILENT, "both_paused", "on fake:///two: not known"),
        (BROKEN, ABSENT, "still_on_source", "paused (postcopy-failed); what it did"),
        (SILENT, ABSENT, "still_on_source", "does not have it"),
    ],
)
def test_outcome_is_what_both_ends_say(
    monkeypatch: pytest.MonkeyPatch,
    running: Domain,
    other: Connection,
    here: DomainStatus | str,
    there: DomainStatus | str,
    outcome: str,
    words: str,
) -> None:
    """Each of them, and the message says what was seen."""
    error = judge(monkeypatch, running, other, here, there)
    assert error.outcome == outcome
    assert words in str(error)
    assert "RuntimeError: broken" in str(error)


def test_a_guest_left_paused_is_resumed(
    monkeypatch: pytest.MonkeyPatch, running: Domain, other: Connection
) -> None:
    """It ran before, nobody else has it: it goes on, and the message says so."""
    running.suspend()
    error = judge(monkeypatch, running, other, PAUSED, ABSENT)
    assert error.outcome == "still_on_source"
    assert "has been resumed there" in str(error)
    assert running.status().running


def test_a_guest_that_cannot_be_resumed_is_said_to_be_paused(
    monkeypatch: pytest.MonkeyPatch, running: Domain, other: Connection
) -> None:
    """Honestly."""
    running.suspend()
    virtkit.fake.host("one").faults.add("resume")
    error = judge(monkeypatch, running, other, PAUSED, ABSENT)
    assert "could not be resumed" in str(error)


def test_when_nobody_answers_no_outcome_is_made_up(
    monkeypatch: pytest.MonkeyPatch, running: Domain, other: Connection
) -> None:
    """It is Disconnected, and says whom to ask later."""
    error = judge(monkeypatch, running, other, SILENT, SILENT)
    assert isinstance(error, Disconnected)
    assert "neither end answers" in str(error)


def test_success_that_is_not_seen_is_none(
    monkeypatch: pytest.MonkeyPatch, running: Domain, other: Connection
) -> None:
    """The call succeeded, but the destination does not have it."""
    error = judge(monkeypatch, running, other, RUNNING, ABSENT, failed_watch(error=None))
    assert "the destination does not have it" in str(error)


def test_an_interruption_says_where_it_is(running: Domain, other: Connection) -> None:
    """Also when the migration had already succeeded, or has not ended yet."""
    for watch, words, stayed in (
        (failed_watch(), "as before: running", True),
        (failed_watch(error=None), "already succeeded", False),
        (failed_watch(finished=False), "still being ended", False),
    ):
        note, stays = undone(running, other, watch, RUNNING)
        assert words in note
        assert stays is stayed


def test_a_lost_destination_ends_the_migration(running: Domain, other: Connection) -> None:
    """Its connection breaks: the migration is aborted at once, and both ends are asked anew."""
    from virtkit import clock

    virtkit.fake.host("one").guest.memory_used = 64 << 20

    def cut(_progress: MigrationProgress) -> None:
        virtkit.fake.host("two").drop_connections()

    with clock.use(clock.SystemClock()), pytest.raises(MigrationError, match="was lost") as caught:
        running.migrate(other, bandwidth="50MiB", on_progress=cut)
    assert caught.value.outcome == "still_on_source"
    assert running.status().running


def test_self_migration_needs_more_than_a_name(running: Domain, other: Connection) -> None:
    """Two hosts of one name are told apart by their UUID."""
    other.hostname = running.connection.hostname  # type: ignore[method-assign]
    assert running.migrate(other).status.running
    back = other.domains["web1"]
    running.connection.capabilities_xml = other.capabilities_xml  # type: ignore[method-assign]
    with pytest.raises(WrongState, match="host_uuid"):
        back.migrate(running.connection)
