"""Jobs, statistics and states from libvirt's numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from virtkit.host import DomainReason, DomainState, DomainStatus
from virtkit.host.job import info_of
from virtkit.host.migration_watch import progress_of
from virtkit.host.statistics import from_record, mask
from virtkit.host.status import reason_of, state_of

if TYPE_CHECKING:
    from virtkit.binding import VirDomain
    from virtkit.host import Domain


def test_job_in_base_units() -> None:
    """Seconds and bytes; what remains tells how far it is."""
    info = info_of(
        {
            "type": 2,
            "operation": 5,
            "time_elapsed": 1500,
            "data_total": 200,
            "data_processed": 300,
            "data_remaining": 50,
        }
    )
    assert info is not None
    assert (info.operation, info.elapsed, info.progress) == ("migration out", 1.5, 0.75)
    assert info_of({"type": 0}) is None
    unknown = info_of({"type": 1, "operation": 99})
    assert unknown is not None
    assert (unknown.operation, unknown.progress) == ("unknown", 0.0)


def test_completed_job_of_an_idle_domain(running: Domain) -> None:
    """There is none."""
    assert running.job.completed() is None


def test_progress_in_base_units() -> None:
    """A dirty rate in pages becomes bytes; what libvirt does not say is None."""
    progress = progress_of(
        {
            "time_elapsed": 250,
            "data_total": 400,
            "data_processed": 500,
            "data_remaining": 100,
            "memory_bps": 7,
            "memory_dirty_rate": 3,
            "memory_page_size": 4096,
            "memory_iteration": 2,
            "downtime": 300,
        }
    )
    assert (progress.elapsed, progress.fraction, progress.downtime) == (0.25, 0.75, 0.3)
    assert (progress.dirty_rate, progress.bandwidth, progress.iteration) == (12288, 7, 2)
    empty = progress_of({})
    assert (empty.fraction, empty.dirty_rate, empty.downtime) == (0.0, None, None)


@pytest.mark.parametrize(
    ("state", "reason", "text"),
    [
        (1, 1, "running (booted)"),
        (1, 0, "running"),
        (3, 5, "paused (ioerror)"),
        (3, 13, "paused (postcopy-failed)"),
        (5, 5, "shutoff (saved)"),
        (6, 1, "crashed (panicked)"),
        (7, 0, "pmsuspended"),
        (99, 3, "unknown"),
        (1, 99, "running"),
    ],
)
def test_states_and_reasons_are_libvirts_words(state: int, reason: int, text: str) -> None:
    """A number of a later libvirt is unknown, and no error."""
    found = state_of(state)
    assert str(DomainStatus(found, reason_of(found, reason))) == text


def test_status_is_frozen_and_compares_to_words() -> None:
    """A picture of one moment; members equal their words."""
    status = DomainStatus(DomainState.RUNNING, DomainReason.BOOTED)
    assert status.state == "running"
    assert status.running
    assert status.active
    assert not DomainStatus(DomainState.SHUTOFF, DomainReason.SAVED).active
    with pytest.raises(AttributeError):
        status.state = DomainState.PAUSED  # type: ignore[misc]


class Raw:
    """What a record of the bulk call is about."""

    def name(self) -> str:
        return "web1"

    def UUIDString(self) -> str:  # noqa: N802
        return "u"


def test_statistics_in_base_units() -> None:
    """Nanoseconds become seconds, KiB bytes; devices come one by one."""
    raw: VirDomain = Raw()  # type: ignore[assignment]
    found = from_record(
        raw,
        {
            "state.state": 1,
            "state.reason": 1,
            "cpu.time": 2_500_000_000,
            "balloon.current": 1024,
            "balloon.maximum": 2048,
            "vcpu.current": 2,
            "block.count": 2,
            "block.0.name": "vda",
            "block.0.rd.bytes": 4096,
            "block.1.name": "vdb",
        },
    )
    assert (found.cpu_time, found.memory, found.maximum_memory, found.vcpus) == (2.5, 1 << 20, 2 << 20, 2)
    assert found.devices("block") == [{"name": "vda", "rd.bytes": 4096}, {"name": "vdb"}]
    assert found.devices("net") == []


def test_groups_are_bits() -> None:
    """The state is always among them."""
    assert mask([]) == 1
    assert mask(["cpu", "block"]) == 1 | 2 | 32
