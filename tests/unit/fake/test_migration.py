"""Migration between fake hosts: progress, switch-over, abort, failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline

LIVE = libvirt.VIR_MIGRATE_LIVE
KEEP = LIVE | libvirt.VIR_MIGRATE_PERSIST_DEST | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE
MIB = 1 << 20


@pytest.fixture
def domain(conn: Any, held: Timeline) -> Any:
    """A running guest of 1 GiB on a link of 100 MiB/s: ten seconds for the first round."""
    assert held.elapsed() == 0.0
    libvirt.host("one").bandwidth = 100 * MIB
    domain = conn.defineXML(domain_xml())
    domain.create()
    return domain


def code(call: Any, *arguments: Any) -> int:
    """Return the code of the error that *call* raises."""
    with pytest.raises(libvirt.libvirtError) as caught:
        call(*arguments)
    found = caught.value.get_error_code()
    assert found is not None
    return found


def test_it_takes_the_time_of_the_memory(domain: Any, other: Any, held: Timeline) -> None:
    """1 GiB at 100 MiB/s, with 20 MiB/s dirtied: 10.24 s, then the rest in ever shorter rounds."""
    moved = domain.migrate3(other, {}, KEEP)
    assert moved.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_MIGRATED]
    assert moved.isPersistent() == 1
    assert 12 < held.elapsed() < 14


def test_source_and_destination_afterwards(conn: Any, domain: Any, other: Any) -> None:
    """Without PERSIST_DEST and UNDEFINE_SOURCE it is transient there, and off here."""
    moved = domain.migrate3(other, {}, LIVE)
    assert moved.isPersistent() == 0
    assert domain.state() == [libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_MIGRATED]
    assert [each.name() for each in conn.listAllDomains()] == ["web"]


def test_progress_is_seen_on_the_way(domain: Any, other: Any, held: Timeline) -> None:
    """Half way through the first round half of the memory is left."""
    seen: list[dict[str, Any]] = []
    held.at(5.12, lambda: seen.append(domain.jobStats()))
    domain.migrate3(other, {}, LIVE)
    (stats,) = seen
    assert stats["type"] == libvirt.VIR_DOMAIN_JOB_UNBOUNDED
    assert stats["memory_total"] == 1024 * MIB
    assert abs(stats["memory_remaining"] - 512 * MIB) < MIB


def test_completed_statistics(domain: Any, other: Any) -> None:
    """Both sides keep them until they are read."""
    moved = domain.migrate3(other, {}, LIVE)
    completed = libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED
    assert moved.jobStats(completed)["operation"] == libvirt.VIR_DOMAIN_JOB_OPERATION_MIGRATION_IN
    stats = domain.jobStats(completed)
    assert stats["operation"] == libvirt.VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT
    assert stats["downtime"] <= 310
    assert domain.jobStats(completed) == {"type": libvirt.VIR_DOMAIN_JOB_NONE}


def test_abort(domain: Any, other: Any, held: Timeline) -> None:
    """The guest goes on at the source; nothing is left at the destination."""
    held.at(3.0, domain.abortJob)
    assert code(domain.migrate3, other, {}, LIVE) == libvirt.VIR_ERR_OPERATION_ABORTED
    assert held.elapsed() == pytest.approx(3.0)
    assert domain.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_BOOTED]
    assert other.listAllDomains() == []


def test_a_guest_that_dirties_too_fast_never_arrives(domain: Any, other: Any, held: Timeline) -> None:
    """Until its pace is broken: here by the abort."""
    libvirt.host("one").guest.dirty_rate = 200.0 * MIB
    held.at(300.0, domain.abortJob)
    assert code(domain.migrate3, other, {}, LIVE) == libvirt.VIR_ERR_OPERATION_ABORTED


def test_auto_converge_slows_the_guest(domain: Any, other: Any) -> None:
    """Then it arrives."""
    libvirt.host("one").guest.dirty_rate = 200.0 * MIB
    moved = domain.migrate3(other, {}, LIVE | libvirt.VIR_MIGRATE_AUTO_CONVERGE)
    assert moved.isActive() == 1


def test_a_suspended_guest_dirties_nothing(domain: Any, other: Any, held: Timeline) -> None:
    """Suspending it lets the migration end; it runs on at the destination, as in libvirt."""
    libvirt.host("one").guest.dirty_rate = 200.0 * MIB
    held.at(15.0, domain.suspend)
    moved = domain.migrate3(other, {}, LIVE)
    assert moved.state()[0] == libvirt.VIR_DOMAIN_RUNNING


def test_longer_downtime_lets_it_end(domain: Any, other: Any, held: Timeline) -> None:
    """What is left then fits."""
    libvirt.host("one").guest.dirty_rate = 99.0 * MIB
    held.at(20.0, lambda: domain.migrateSetMaxDowntime(20_000))
    domain.migrate3(other, {}, LIVE)
    assert 20 < held.elapsed() < 40


def test_post_copy(domain: Any, other: Any, held: Timeline) -> None:
    """The guest goes on at the destination at once; the rest of its memory follows."""
    libvirt.host("one").guest.dirty_rate = 200.0 * MIB
    seen: list[Any] = []

    def switch() -> None:
        domain.migrateStartPostCopy()

    held.at(12.0, switch)
    held.at(14.0, lambda: seen.append((domain.state(), other.lookupByName("web").state())))
    held.at(14.5, lambda: seen.append(code(domain.abortJob)))
    domain.migrate3(other, {}, LIVE | libvirt.VIR_MIGRATE_POSTCOPY)
    states, refused = seen
    assert states == (
        [libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_POSTCOPY],
        [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_POSTCOPY],
    )
    assert refused == libvirt.VIR_ERR_OPERATION_INVALID


def test_destroyed_on_the_way(domain: Any, other: Any, held: Timeline) -> None:
    """The migration fails, and cleans up."""
    held.at(3.0, domain.destroy)
    assert code(domain.migrate3, other, {}, LIVE) == libvirt.VIR_ERR_OPERATION_FAILED
    assert other.listAllDomains() == []


def test_unreachable_address(domain: Any, other: Any) -> None:
    """Where the memory is to go there is nobody: the guest stays."""
    libvirt.host("two").addresses = {"192.0.2.2"}
    params = {libvirt.VIR_MIGRATE_PARAM_URI: "tcp://192.0.2.99:49152"}
    assert code(domain.migrate3, other, params, LIVE) == libvirt.VIR_ERR_SYSTEM_ERROR
    assert domain.isActive() == 1
    assert other.listAllDomains() == []


@pytest.mark.parametrize("phase", ["prepare", "perform", "finish"])
def test_a_fault_in_a_phase(domain: Any, other: Any, phase: str) -> None:
    """Whichever phase fails, the guest runs on at the source and only there."""
    side = "one" if phase == "perform" else "two"
    libvirt.host(side).faults.add(f"migrate:{phase}", libvirt.VIR_ERR_OPERATION_FAILED)
    assert code(domain.migrate3, other, {}, LIVE) == libvirt.VIR_ERR_OPERATION_FAILED
    assert domain.state()[0] == libvirt.VIR_DOMAIN_RUNNING
    assert other.listAllDomains() == []
    assert domain.jobInfo()[0] == libvirt.VIR_DOMAIN_JOB_NONE


def test_to_itself(conn: Any, domain: Any) -> None:
    """libvirt refuses."""
    assert code(domain.migrate3, conn, {}, LIVE) == libvirt.VIR_ERR_INTERNAL_ERROR
    assert domain.isActive() == 1


def test_domain_in_the_way(domain: Any, other: Any) -> None:
    """Another domain of that name at the destination: refused, nothing changed."""
    other.defineXML(domain_xml())
    assert code(domain.migrate3, other, {}, LIVE) == libvirt.VIR_ERR_OPERATION_FAILED
    assert other.lookupByName("web").isActive() == 0


def test_a_domain_that_is_off(domain: Any, other: Any) -> None:
    """It needs OFFLINE, and that needs PERSIST_DEST; then its definition travels."""
    domain.destroy()
    assert code(domain.migrate3, other, {}, LIVE) == libvirt.VIR_ERR_OPERATION_INVALID
    offline = libvirt.VIR_MIGRATE_OFFLINE
    assert code(domain.migrate3, other, {}, offline) == libvirt.VIR_ERR_OPERATION_INVALID
    moved = domain.migrate3(other, {}, offline | libvirt.VIR_MIGRATE_PERSIST_DEST)
    assert (moved.isActive(), moved.isPersistent()) == (0, 1)


def test_new_name_and_document(domain: Any, other: Any) -> None:
    """The destination may call it otherwise."""
    params = {libvirt.VIR_MIGRATE_PARAM_DEST_NAME: "web2"}
    moved = domain.migrate3(other, params, KEEP)
    assert moved.name() == "web2"
    assert "<name>web2</name>" in moved.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)


def test_peer_to_peer(domain: Any, other: Any) -> None:
    """To an URI: the source's libvirt connects by itself, if told to."""
    p2p = LIVE | libvirt.VIR_MIGRATE_PEER2PEER
    assert code(domain.migrateToURI3, "fake:///two", {}, LIVE) == libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED
    assert code(domain.migrateToURI3, "qemu+ssh://nowhere/system", {}, p2p) == libvirt.VIR_ERR_SYSTEM_ERROR
    assert domain.migrateToURI3("fake:///two", {}, p2p) == 0
    assert other.lookupByName("web").isActive() == 1


def test_bandwidth_of_the_call(domain: Any, other: Any, held: Timeline) -> None:
    """In MiB/s: a quarter of the link takes more than four times as long."""
    domain.migrate3(other, {libvirt.VIR_MIGRATE_PARAM_BANDWIDTH: 25}, LIVE)
    assert held.elapsed() > 40


def test_the_older_calls(domain: Any, conn: Any, other: Any) -> None:
    """migrate and migrate2 do the same with positional arguments."""
    there = domain.migrate(other, LIVE, None, None, 0)
    back = there.migrate2(conn, None, LIVE)
    assert back.isActive() == 1
