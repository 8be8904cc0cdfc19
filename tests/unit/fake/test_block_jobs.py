"""Block jobs and backups go on with the clock, in memory and in a file; snapshots are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import eventloop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.fake.conftest import Timeline

MIB = 1 << 20
DISK = (
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
    "<source file='/images/base.qcow2'/><target dev='vda' bus='virtio'/></disk>"
)
CHANNEL = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
TRANSIENT = libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB
DISK_ONLY = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY
PIVOT = libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT
COPY = "<disk type='file'><source file='/images/copy.qcow2'/></disk>"
PUSH = (
    "<domainbackup><disks><disk name='vda' type='file'><target file='/images/backup.qcow2'/>"
    "</disk></disks></domainbackup>"
)


@pytest.fixture
def domain(conn: Any, held: Timeline) -> Any:
    """A running guest with a disk of 1,024 MiB in use, on a host that copies 1,024 MiB a second."""
    domain = conn.defineXML(domain_xml(devices=DISK))
    domain.create()
    return domain


@pytest.fixture
def heard(conn: Any) -> Iterator[Callable[[], list[Any]]]:
    """What is heard of jobs, when asked: in a loop of its own, which no thread of another test runs."""
    seen: list[Any] = []
    before = eventloop.current()
    eventloop.use(eventloop.DefaultImplementation())
    conn.domainEventRegisterAny(
        None,
        libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2,
        lambda _conn, _dom, *told: seen.append(told[:-1]),
        None,
    )
    conn.domainEventRegisterAny(
        None,
        libvirt.VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD,
        lambda _conn, _dom, *told: seen.append(told[:-1]),
        None,
    )

    def ask() -> list[Any]:
        libvirt.virEventRunDefaultImpl()
        return seen

    yield ask
    eventloop.use(before)


def test_a_copy_takes_its_time(domain: Any, held: Timeline, heard: Callable[[], list[Any]]) -> None:
    """Its progress follows the clock; it is ready when all is copied."""
    domain.blockCopy("vda", COPY, {"bandwidth": 64 * MIB}, TRANSIENT)
    held.advance(4.0)
    info = domain.blockJobInfo("vda")
    assert (info["bandwidth"], info["cur"] / info["end"]) == (64, 0.25)
    assert "ready=" not in domain.XMLDesc()
    held.advance(12.0)
    assert "ready='yes'" in domain.XMLDesc()
    assert heard() == [("vda", 2, 3)]
    info = domain.blockJobInfo("vda")
    assert info["cur"] == info["end"]
    domain.blockJobAbort("vda", PIVOT)
    assert "/images/copy.qcow2" in domain.XMLDesc()


def test_speed_moves_the_end(domain: Any, held: Timeline) -> None:
    """Faster or slower, from where it is."""
    domain.blockCopy("vda", COPY, {"bandwidth": 64 * MIB}, TRANSIENT)
    held.advance(8.0)
    domain.blockJobSetSpeed("vda", 512)
    held.advance(0.9)
    assert "ready=" not in domain.XMLDesc()
    held.advance(0.2)
    assert "ready='yes'" in domain.XMLDesc()


def test_a_host_has_its_own_speed(domain: Any, held: Timeline) -> None:
    """When nobody limits the job."""
    libvirt.host("one").bandwidth = 128 * MIB
    domain.blockCopy("vda", COPY, None, TRANSIENT)
    held.advance(7.9)
    assert "ready=" not in domain.XMLDesc()
    held.advance(0.2)
    assert "ready='yes'" in domain.XMLDesc()


def test_a_pull_copies_what_is_below(domain: Any, held: Timeline, heard: Callable[[], list[Any]]) -> None:
    """The new overlay holds nothing, so what counts is the image that it stands on."""
    domain.snapshotCreateXML("<domainsnapshot><name>a</name></domainsnapshot>", DISK_ONLY)
    domain.blockPull("vda", 256)
    held.advance(3.9)
    assert "base.qcow2" in domain.XMLDesc()
    held.advance(0.2)
    assert heard() == [("vda", 1, 0)]
    assert "base.qcow2" not in domain.XMLDesc()


def test_jobs_end_with_the_guest(domain: Any, held: Timeline, heard: Callable[[], list[Any]]) -> None:
    """The next start knows nothing of them."""
    domain.blockCopy("vda", COPY, None, TRANSIENT)
    domain.destroy()
    held.advance(60.0)
    domain.create()
    assert domain.blockJobInfo("vda") == {}
    assert "<mirror" not in domain.XMLDesc()


def test_a_backup_shows_its_progress(domain: Any, held: Timeline) -> None:
    """In the job's numbers, as migrations do."""
    libvirt.host("one").bandwidth = 128 * MIB
    domain.backupBegin(PUSH, None)
    held.advance(2.0)
    stats = domain.jobStats()
    assert stats["disk_processed"] / stats["disk_total"] == 0.25
    assert (stats["time_elapsed"], stats["disk_remaining"]) == (2000, stats["disk_total"] * 3 // 4)
    assert domain.jobInfo()[:2] == [libvirt.VIR_DOMAIN_JOB_UNBOUNDED, 2000]
    held.advance(6.1)
    done = domain.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
    assert (done["success"], done["disk_remaining"], done["time_elapsed"]) == (True, 0, 8000)


def test_a_backup_that_is_given_up(domain: Any, held: Timeline) -> None:
    """It has not succeeded, and leaves no file."""
    libvirt.host("one").bandwidth = 128 * MIB
    domain.backupBegin(PUSH, None)
    held.advance(1.0)
    domain.abortJob()
    done = domain.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)
    assert (done["success"], done["errmsg"]) == (False, "Operation canceled")
    domain.backupBegin(PUSH, None)


def test_what_changed_since_a_checkpoint(domain: Any, held: Timeline) -> None:
    """A running guest writes 512 KiB a second; a backup of that is as small."""
    checkpoint = domain.checkpointCreateXML("<domaincheckpoint><name>a</name></domaincheckpoint>")
    held.advance(10.0)
    domain.suspend()
    held.advance(10.0)
    size = libvirt.VIR_DOMAIN_CHECKPOINT_XML_SIZE
    assert f" size='{5 * MIB}'" in checkpoint.getXMLDesc(size)
    domain.backupBegin(PUSH.replace("<disks>", "<incremental>a</incremental><disks>"), None)
    assert domain.jobStats()["disk_total"] == 5 * MIB


def test_a_threshold_is_told_of(domain: Any, held: Timeline, heard: Callable[[], list[Any]]) -> None:
    """When the guest has written so far, by both names of the image."""
    domain.setBlockThreshold("vda", 1034 * MIB)
    held.advance(19.0)
    domain.setBlockThreshold("vda[1]", 0)
    domain.setBlockThreshold("vda", 1025 * MIB)
    held.advance(2.0)
    path, at = "/images/base.qcow2", 1025 * MIB
    assert heard() == [("vda", path, at, 65536), ("vda[1]", path, at, 65536)]
    held.advance(60.0)
    assert len(heard()) == 2


def test_quiesce_needs_an_agent_that_answers(conn: Any, held: Timeline) -> None:
    """The file systems are frozen and thawed around the snapshot."""
    domain = conn.defineXML(domain_xml(devices=DISK + CHANNEL))
    domain.create()
    held.advance(1.0)
    flags = DISK_ONLY | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE
    domain.snapshotCreateXML("<domainsnapshot><name>a</name></domainsnapshot>", flags)
    assert domain.fsFreeze() == 1
    domain.fsThaw()
    libvirt.host("one").guest.agent_answers = False
    with pytest.raises(libvirt.libvirtError) as caught:
        domain.snapshotCreateXML("<domainsnapshot><name>b</name></domainsnapshot>", flags)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_AGENT_UNRESPONSIVE
    assert domain.snapshotListNames() == ["a"]


def test_snapshots_and_jobs_in_a_file(db: str, held: Timeline) -> None:
    """Another process finds them, and the job's end."""
    domain = libvirt.open(db).defineXML(domain_xml(devices=DISK))
    domain.create()
    domain.snapshotCreateXML("<domainsnapshot><name>a</name></domainsnapshot>")
    domain.checkpointCreateXML("<domaincheckpoint><name>c</name></domaincheckpoint>")
    domain.blockCopy("vda", COPY, {"bandwidth": 64 * MIB}, TRANSIENT)
    libvirt.reset()
    again = libvirt.open(db).lookupByName("web")
    assert again.snapshotLookupByName("a").isCurrent() == 1
    assert [each.getName() for each in again.listAllCheckpoints()] == ["c"]
    held.advance(8.0)
    info = again.blockJobInfo("vda")
    assert info["cur"] / info["end"] == 0.5
    again.blockJobSetSpeed("vda", 0)
    held.advance(1.0)
    again.blockJobAbort("vda", PIVOT)
    assert "/images/copy.qcow2" in again.XMLDesc()


def test_snapshots_of_a_transient_domain_go_with_it(conn: Any, held: Timeline) -> None:
    """A domain of the same name and UUID has none."""
    domain = conn.createXML(domain_xml(devices=DISK))
    text = domain.XMLDesc()
    domain.snapshotCreateXML("<domainsnapshot/>")
    domain.destroy()
    assert conn.createXML(text).snapshotNum() == 0


def test_snapshots_keep_a_domain_here(domain: Any, conn: Any, other: Any) -> None:
    """It cannot be moved."""
    domain.snapshotCreateXML("<domainsnapshot/>")
    with pytest.raises(libvirt.libvirtError, match="cannot migrate domain with 1 snapshots"):
        domain.migrate3(other, {}, libvirt.VIR_MIGRATE_LIVE)


def test_a_disk_with_a_job_stays(domain: Any) -> None:
    """It cannot be unplugged, nor can the domain be moved."""
    domain.blockCopy("vda", COPY, None, TRANSIENT)
    with pytest.raises(libvirt.libvirtError, match="disk 'vda' already in active block job"):
        domain.detachDevice(DISK)


def test_a_read_only_connection(domain: Any) -> None:
    """It sees snapshots, without passwords, and makes none."""
    domain.snapshotCreateXML("<domainsnapshot><name>a</name></domainsnapshot>")
    seen = libvirt.openReadOnly("fake:///one").lookupByName("web")
    snapshot = seen.snapshotLookupByName("a")
    assert snapshot.getXMLDesc().startswith("<domainsnapshot>")
    secure = libvirt.VIR_DOMAIN_SNAPSHOT_XML_SECURE
    calls: list[Callable[[], Any]] = [
        snapshot.delete,
        lambda: snapshot.getXMLDesc(secure),
        lambda: seen.revertToSnapshot(snapshot),
        lambda: seen.snapshotCreateXML("<domainsnapshot/>"),
        lambda: seen.blockPull("vda"),
        lambda: seen.backupBegin("<domainbackup/>", None),
    ]
    for call in calls:
        with pytest.raises(libvirt.libvirtError, match="operation forbidden"):
            call()


def test_passwords_are_for_those_who_may_see_them(conn: Any) -> None:
    """In the domain's document that a snapshot keeps."""
    graphics = "<graphics type='vnc' passwd='secret'/>"
    domain = conn.defineXML(domain_xml(devices=DISK + graphics))
    snapshot = domain.snapshotCreateXML("<domainsnapshot/>")
    assert "secret" not in snapshot.getXMLDesc()
    secure = libvirt.VIR_DOMAIN_SNAPSHOT_XML_SECURE
    assert "passwd='secret'" in snapshot.getXMLDesc(secure)
