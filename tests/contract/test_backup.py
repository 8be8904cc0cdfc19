"""Backups: pushed to files, or pulled by others; whole ones, and what changed since a checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.blocks import POOL

if TYPE_CHECKING:
    from tests.contract.blocks import Blocks
    from tests.contract.driver import Driver

BACKUP = "BACKUP"
UNSUPPORTED = "unsupported configuration: "
NO_JOB = (104, "Domain backup job id not found: no domain backup job present")


@pytest.fixture
def running(real: Blocks) -> Any:
    """A running domain with a disk."""
    return real.start()


def push(real: Blocks, image: str = "copy", inner: str = "") -> str:
    """Return the document of a backup to the file *image*."""
    return (
        f"<domainbackup mode='push'>{inner}<disks><disk name='vda' backup='yes' type='file'>"
        f"<driver type='qcow2'/><target file='{real.path(image)}'/></disk></disks></domainbackup>"
    )


def pull(real: Blocks, inner: str = "") -> str:
    """Return the document of a backup that others pull."""
    return (
        f"<domainbackup mode='pull'>{inner}<server transport='unix' socket='{real.path('socket')}'/>"
        f"<disks><disk name='vda' backup='yes' type='file'><scratch file='{real.path('scratch')}'/>"
        "</disk></disks></domainbackup>"
    )


def checkpoint(name: str) -> str:
    """Return the document of a checkpoint."""
    return f"<domaincheckpoint><name>{name}</name></domaincheckpoint>"


def done(driver: Driver) -> list[Any]:
    """Return the events of a backup that is done."""
    job = ("job", driver.constant("DOMAIN_JOB_OPERATION_BACKUP"), True)
    return [job, ("base", BACKUP, "COMPLETED"), ("vda", BACKUP, "COMPLETED")]


def images(real: Blocks) -> list[str]:
    """Return the names of the images that there are."""
    pool = real.conn.storagePoolLookupByName(POOL)
    pool.refresh()
    return sorted(name for name in pool.listVolumes() if name != "socket")


def test_push(driver: Driver, real: Blocks, running: Any) -> None:
    """The file is there, and the job's numbers."""
    assert running.backupBegin(push(real), None) == 0
    real.wait_for(*done(driver))
    assert images(real) == ["base", "copy"]
    stats = running.jobStats(driver.constant("DOMAIN_JOB_STATS_COMPLETED"))
    assert stats["operation"] == driver.constant("DOMAIN_JOB_OPERATION_BACKUP")
    assert (stats["type"], stats["success"]) == (driver.constant("DOMAIN_JOB_COMPLETED"), True)
    assert (stats["disk_processed"], stats["disk_remaining"]) == (stats["disk_total"], 0)
    assert running.jobStats() == {"type": 0}
    assert real.error(running.backupGetXMLDesc) == NO_JOB


def test_push_with_a_checkpoint_and_then_what_changed(driver: Driver, real: Blocks, running: Any) -> None:
    """A whole one first, then small ones."""
    running.backupBegin(push(real), checkpoint("a"))
    real.wait_for(*done(driver))
    real.forget()
    running.backupBegin(push(real, "more", "<incremental>a</incremental>"), checkpoint("b"))
    real.wait_for(*done(driver))
    assert running.checkpointLookupByName("b").getParent().getName() == "a"
    assert images(real) == ["base", "copy", "more"]


def test_push_of_everything(driver: Driver, real: Blocks) -> None:
    """Files get names of their own: with the checkpoint's."""
    domain = real.start(real.disk("base") + real.disk("other", "vdb"))
    domain.backupBegin("<domainbackup/>", checkpoint("a"))
    events = [event for event in done(driver) if event[0] != "job"]
    events += [("other", BACKUP, "COMPLETED"), ("vdb", BACKUP, "COMPLETED"), done(driver)[0]]
    with real._changed:
        real._changed.wait_for(lambda: len(real._seen) >= len(events), 20)
    assert sorted(map(str, real.seen())) == sorted(map(str, events))
    assert images(real) == ["base", "base.a", "other", "other.a"]


def test_push_to_a_file_that_is_there(driver: Driver, real: Blocks, running: Any) -> None:
    """It is taken if the caller says so."""
    real.disk("copy")
    error = real.error(lambda: running.backupBegin(push(real), None))
    assert error == (8, "invalid argument: store 'copy' for backup of 'vda' exists")
    flags = driver.constant("DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL")
    running.backupBegin(push(real), None, flags)
    real.wait_for(*done(driver))


def test_pull_document(real: Blocks, running: Any) -> None:
    """What was asked, filled in, while it goes on."""
    running.backupBegin(pull(real), None)
    text = running.backupGetXMLDesc()
    assert text.startswith(
        "<domainbackup mode='pull'>\n"
        f"  <server transport='unix' socket='{real.path('socket')}'/>\n"
        "  <disks>\n"
        "    <disk name='vda' backup='yes' type='file' backupmode='full' exportname='vda' index='"
    )
    assert f"<driver type='qcow2'/>\n      <scratch file='{real.path('scratch')}'/>" in text
    running.abortJob()


def test_pull_goes_on_until_it_is_ended(driver: Driver, real: Blocks, running: Any) -> None:
    """Which is its success; the scratch file goes."""
    running.backupBegin(pull(real), None)
    stats = running.jobStats()
    operation = driver.constant("DOMAIN_JOB_OPERATION_BACKUP")
    assert (stats["type"], stats["operation"], stats["disk_temp_used"]) == (2, operation, 0)
    assert running.jobInfo()[0] == driver.constant("DOMAIN_JOB_UNBOUNDED")
    info = running.blockJobInfo("vda")
    assert (info["type"], info["cur"]) == (driver.constant("DOMAIN_BLOCK_JOB_TYPE_BACKUP"), 0)
    running.abortJob()
    job = ("job", operation, True)
    real.wait_for(job, ("base", BACKUP, "CANCELED"), ("vda", BACKUP, "CANCELED"))
    assert images(real) == ["base"]
    stats = running.jobStats(driver.constant("DOMAIN_JOB_STATS_COMPLETED"))
    assert stats["errmsg"] == "Operation canceled"


def test_pull_of_what_changed(driver: Driver, real: Blocks, running: Any) -> None:
    """The bitmap is exported, with a name."""
    running.checkpointCreateXML(checkpoint("a"))
    running.backupBegin(pull(real, "<incremental>a</incremental>"), checkpoint("b"))
    text = running.backupGetXMLDesc()
    assert "backupmode='incremental' incremental='a' exportname='vda' exportbitmap='backup-vda'" in text
    running.abortJob()
    real.wait_for(("job", 9, True), ("base", BACKUP, "CANCELED"), ("vda", BACKUP, "CANCELED"))


def test_domain_stops(driver: Driver, real: Blocks, running: Any) -> None:
    """The backup has failed."""
    running.backupBegin(pull(real), None)
    running.destroy()
    real.wait_for(("job", driver.constant("DOMAIN_JOB_OPERATION_BACKUP"), False))


def test_other_jobs_meanwhile(real: Blocks, running: Any) -> None:
    """The disk is taken; checkpoints can be made."""
    running.backupBegin(pull(real), None)
    error = real.error(lambda: running.blockPull("vda"))
    assert error == (84, "Operation not supported: disk 'vda' already in active block job")
    running.checkpointCreateXML(checkpoint("a"))
    running.suspend()
    running.resume()
    running.blockJobAbort("vda")
    assert real.error(running.backupGetXMLDesc) == NO_JOB


_REFUSED = {
    "<a/>": (27, "XML error: expecting root element of 'domainbackup', not 'a'"),
    "<domainbackup><disks><disk name='vdz' type='file'/></disks></domainbackup>": (
        67, f"{UNSUPPORTED}no disk named 'vdz'"
    ),
    "<domainbackup><disks><disk name='vda' backup='no'/></disks></domainbackup>": (
        67, f"{UNSUPPORTED}no disks selected for backup"
    ),
    "<domainbackup><incremental>x</incremental></domainbackup>": (
        103, "Domain checkpoint not found: Checkpoint 'x' for incremental backup of disk 'vda' not found"
    ),
    "<domainbackup mode='pull'><server name='localhost'/></domainbackup>": (
        84, "Operation not supported: <domainbackup> must specify TCP port for now"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", _REFUSED)
def test_refused(real: Blocks, running: Any, text: str) -> None:
    """Nothing begins."""
    assert real.error(lambda: running.backupBegin(text, None)) == _REFUSED[text]
    assert real.error(running.backupGetXMLDesc) == NO_JOB


_INVALID = {
    "<domainbackup mode='x'/>": "Invalid attribute mode for element domainbackup\n",
    "<domainbackup><server name='localhost'/></domainbackup>": "Extra element server in interleave\n",
    "<domainbackup><disks><disk name='vda' backup='yes'/></disks></domainbackup>": (
        "Extra element disks in interleave\n"
    ),
}


@pytest.mark.parametrize("text", _INVALID)
def test_invalid(real: Blocks, running: Any, text: str) -> None:
    """Documents are always held against the schema."""
    error = real.error(lambda: running.backupBegin(text, None))
    assert error is not None
    assert (error[0], _INVALID[text] in error[1]) == (92, True)


def test_domain_that_is_off(real: Blocks) -> None:
    """There is nobody to copy."""
    error = real.error(lambda: real.define().backupBegin(push(real), None))
    assert error == (84, "Operation not supported: cannot perform disk backup for inactive domain")


def test_checkpoint_that_cannot_be_made(real: Blocks, running: Any) -> None:
    """Then there is no backup either."""
    running.checkpointCreateXML(checkpoint("a"))
    error = real.error(lambda: running.backupBegin(push(real), checkpoint("a")))
    assert error == (9, "operation failed: domain moment a already exists")
    assert real.error(running.backupGetXMLDesc) == NO_JOB


def test_no_job_to_abort(real: Blocks, running: Any) -> None:
    """Unless there is one."""
    error = real.error(running.abortJob)
    assert error == (55, "Requested operation is not valid: no job is active on the domain")
