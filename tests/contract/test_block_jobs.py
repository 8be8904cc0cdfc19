"""Block jobs: pull, commit, copy; ready, pivoted, given up; and what else is done to disks in use."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.blocks import MIB, POOL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.blocks import Blocks
    from tests.contract.driver import Driver

OFF = (55, "Requested operation is not valid: domain is not running")
SLOW = 4096  # bytes a second: no test waits for the end, however loaded the machine
COPY, COMMIT, ACTIVE, PULL = "COPY", "COMMIT", "ACTIVE_COMMIT", "PULL"


def flag(driver: Driver, *words: str) -> int:
    """Return constants together: ``BLOCK_COPY_TRANSIENT_JOB``, ..."""
    return sum(driver.constant(f"DOMAIN_{word}") for word in words)


def copy_to(real: Blocks, name: str, form: str = "", kind: str = "file") -> str:
    """Return the document of what a disk is copied to."""
    driver = f"<driver type='{form}'/>" if form else ""
    return f"<disk type='{kind}'>{driver}<source file='{real.path(name)}'/></disk>"


def start_copy(real: Blocks, domain: Any, name: str = "copy", *words: str) -> None:
    """Begin to copy a domain's disk, and wait until the copy is ready."""
    flags = flag(real.driver, "BLOCK_COPY_TRANSIENT_JOB", *words)
    top = real.chain(domain)[0]
    domain.blockCopy("vda", copy_to(real, name), None, flags)
    real.wait_for(*real.ready(top, COPY))
    real.forget()


def start_commit(real: Blocks, domain: Any) -> None:
    """Begin to commit the top image, and wait until that is ready."""
    top = real.chain(domain)[0]
    domain.blockCommit("vda", None, None, 0, flag(real.driver, "BLOCK_COMMIT_ACTIVE"))
    real.wait_for(*real.ready(top, ACTIVE))
    real.forget()


def filled(real: Blocks) -> Any:
    """Start a domain with a disk of which there is much to copy."""
    devices = real.disk("base", form="raw")
    volume = real.conn.storagePoolLookupByName(POOL).storageVolLookupByName("base")
    stream = real.conn.newStream()
    volume.upload(stream, 0, 6 * MIB)
    stream.sendAll(lambda _stream, count, left: _take(left, count), [6 * MIB])
    stream.finish()
    return real.start(devices)


def _take(left: list[int], count: int) -> bytes:
    size = min(count, left[0])
    left[0] -= size
    return b"x" * size


def slow_copy(real: Blocks) -> Any:
    """Return a domain whose disk is being copied, slowly."""
    domain = filled(real)
    words = flag(real.driver, "BLOCK_COPY_TRANSIENT_JOB")
    domain.blockCopy("vda", copy_to(real, "copy"), {"bandwidth": SLOW}, words)
    return domain


_LACKING: dict[str, Callable[[Any], Any]] = {
    "virDomainBlockPull": lambda domain: domain.blockPull("vda"),
    "virDomainBlockRebase": lambda domain: domain.blockRebase("vda", None),
    "virDomainBlockCommit": lambda domain: domain.blockCommit("vda", None, None),
    "virDomainBlockCopy": lambda domain: domain.blockCopy("vda", "<disk/>"),
    "virDomainGetBlockJobInfo": lambda domain: domain.blockJobInfo("vda"),
    "virDomainBlockJobSetSpeed": lambda domain: domain.blockJobSetSpeed("vda", 1),
    "virDomainBlockJobAbort": lambda domain: domain.blockJobAbort("vda"),
    "virDomainBlockResize": lambda domain: domain.blockResize("vda", 1),
    "virDomainBlockPeek": lambda domain: domain.blockPeek("vda", 0, 1),
    "virDomainSetBlockThreshold": lambda domain: domain.setBlockThreshold("vda", 1),
    "virDomainBackupBegin": lambda domain: domain.backupBegin("<domainbackup/>", None),
    "virDomainBackupGetXMLDesc": lambda domain: domain.backupGetXMLDesc(),
}


@pytest.mark.parametrize("function", _LACKING)
def test_what_the_test_driver_lacks(blocks: Blocks, function: str) -> None:
    """It says so."""
    if blocks.real:
        pytest.skip("QEMU's driver has it")
    error = blocks.error(lambda: _LACKING[function](blocks.start()))
    assert error == (3, f"this function is not supported by the connection driver: {function}")


_OFF: dict[str, Callable[[Any], Any]] = {
    name: _LACKING[name]
    for name in _LACKING
    if name.startswith("virDomainBlockJob") or name in {"virDomainBlockPull", "virDomainBlockResize"}
}


@pytest.mark.parametrize("function", [*_OFF, "virDomainGetBlockJobInfo", "virDomainSetBlockThreshold"])
def test_domain_that_is_off(real: Blocks, function: str) -> None:
    """It has no jobs."""
    domain = real.define()
    assert real.error(lambda: _LACKING[function](domain)) == OFF


def test_disk_that_is_not_there(real: Blocks) -> None:
    """By its name or by its path."""
    domain = real.start()
    for name in ("vdz", "/no/such/path"):
        missing = (8, f"invalid argument: disk '{name}' not found in domain")
        for call in (domain.blockPull, domain.blockJobInfo, domain.blockJobAbort):
            assert real.error(partial(call, name)) == missing


def test_no_job(real: Blocks) -> None:
    """There is nothing to tell, to slow down or to give up."""
    domain = real.start()
    assert domain.blockJobInfo("vda") == {}
    missing = (8, "invalid argument: disk vda does not have an active block job")
    assert real.error(lambda: domain.blockJobSetSpeed("vda", 1)) == missing
    assert real.error(lambda: domain.blockJobAbort("vda")) == missing


# pull


def test_pull(real: Blocks) -> None:
    """The top image stands alone."""
    domain = real.start(overlays=2)
    assert domain.blockPull("vda") == 0
    real.wait_for(("top2", PULL, "COMPLETED"), ("vda", PULL, "COMPLETED"))
    assert (real.chain(domain), real.chain(domain, inactive=True)) == (["top2"], ["top2"])


def test_pull_of_a_disk_by_its_path(real: Blocks) -> None:
    """As good as its name."""
    domain = real.start(overlays=1)
    domain.blockPull(real.path("top1"))
    real.wait_for(("top1", PULL, "COMPLETED"), ("vda", PULL, "COMPLETED"))
    assert real.chain(domain) == ["top1"]


@pytest.mark.parametrize("base", ["base", "vda[1]"])
def test_rebase(real: Blocks, base: str) -> None:
    """The top image stands on one further down: by path, or by index."""
    domain = real.start(overlays=3)
    domain.blockRebase("vda", base if "[" in base else real.path(base))
    real.wait_for(("top3", PULL, "COMPLETED"), ("vda", PULL, "COMPLETED"))
    assert real.chain(domain) == ["top3", "base"]
    assert real.chain(domain, inactive=True) == ["top3", "base"]


def test_rebase_on_what_is_not_there(real: Blocks) -> None:
    """Not in the chain, or not an index of it."""
    domain = real.start(overlays=1)
    error = real.error(lambda: domain.blockRebase("vda", "/x"))
    assert error == (8, "invalid argument: could not find image '/x' beneath 'top1' in chain for 'vda'")
    error = real.error(lambda: domain.blockRebase("vda", "vda[9]"))
    assert error == (8, "invalid argument: could not find backing store index '9' in chain for 'vda'")


def test_rebase_flags(driver: Driver, real: Blocks) -> None:
    """Some are for copies, some need a base."""
    domain = real.start()
    error = real.error(lambda: domain.blockRebase("vda", "/x", 0, flag(driver, "BLOCK_REBASE_SHALLOW")))
    assert error == (8, "use of flags requires a copy job")
    error = real.error(lambda: domain.blockRebase("vda", None, 0, flag(driver, "BLOCK_REBASE_RELATIVE")))
    text = "flag VIR_DOMAIN_BLOCK_REBASE_RELATIVE is valid only with non-null base"
    assert error == (8, f"invalid argument: {text}")


# commit


def test_commit_of_what_is_below(real: Blocks) -> None:
    """It is done when it is done; the files stay."""
    domain = real.start(overlays=3)
    domain.blockCommit("vda", real.path("base"), real.path("top2"))
    real.wait_for(("top3", COMMIT, "COMPLETED"), ("vda", COMMIT, "COMPLETED"))
    assert real.chain(domain) == ["top3", "base"]
    assert real.chain(domain, inactive=True) == ["top3", "base"]


def test_commit_of_the_top(real: Blocks) -> None:
    """It is ready, and waits for somebody to pivot; the mirror is seen meanwhile."""
    domain = real.start(overlays=2)
    start_commit(real, domain)
    shown = re.search(r"<mirror.*?</mirror>", domain.XMLDesc(), re.DOTALL)
    assert shown is not None
    assert shown[0].startswith("<mirror type='file' job='active-commit' ready='yes'>")
    assert f"<source file='{real.path('base')}' index='1'/>" in shown[0]
    assert "<mirror" not in domain.XMLDesc(real.driver.constant("DOMAIN_XML_INACTIVE"))
    info = domain.blockJobInfo("vda")
    assert (info["type"], info["cur"]) == (4, info["end"])
    assert real.chain(domain) == ["top2", "top1", "base"]
    domain.blockJobAbort("vda", flag(real.driver, "BLOCK_JOB_ABORT_PIVOT"))
    real.wait_for(("base", ACTIVE, "COMPLETED"), ("vda", ACTIVE, "COMPLETED"))
    assert (real.chain(domain), real.chain(domain, inactive=True)) == (["base"], ["base"])
    assert "<mirror" not in domain.XMLDesc()
    assert domain.blockJobInfo("vda") == {}


def test_commit_given_up(real: Blocks) -> None:
    """The chain is as before."""
    domain = real.start(overlays=1)
    start_commit(real, domain)
    domain.blockJobAbort("vda")
    real.wait_for(("top1", ACTIVE, "CANCELED"), ("vda", ACTIVE, "CANCELED"))
    assert real.chain(domain) == ["top1", "base"]
    assert "<mirror" not in domain.XMLDesc()


def test_commit_into_the_next_one(real: Blocks) -> None:
    """Shallow: only the top one goes."""
    domain = real.start(overlays=2)
    words = flag(real.driver, "BLOCK_COMMIT_ACTIVE", "BLOCK_COMMIT_SHALLOW")
    domain.blockCommit("vda", None, None, 0, words)
    real.wait_for(*real.ready("top2", ACTIVE))
    domain.blockJobAbort("vda", flag(real.driver, "BLOCK_JOB_ABORT_PIVOT"))
    assert real.chain(domain) == ["top1", "base"]


def test_commit_that_deletes(real: Blocks) -> None:
    """The images that were committed go."""
    domain = real.start(overlays=2)
    words = flag(real.driver, "BLOCK_COMMIT_DELETE")
    domain.blockCommit("vda", real.path("base"), real.path("top1"), 0, words)
    real.wait_for(("top2", COMMIT, "COMPLETED"), ("vda", COMMIT, "COMPLETED"))
    pool = real.conn.storagePoolLookupByName(POOL)
    pool.refresh()
    assert sorted(pool.listVolumes()) == ["base", "top2"]


_COMMITS: dict[str, tuple[str | None, str | None, str, str]] = {
    "no flag": (None, None, "", "commit of 'vda' active layer requires active flag"),
    "not the top": (None, "top1", "ACTIVE", "active commit requested but 'top1' is not active"),
    "not the next": (
        "base", "top2", "SHALLOW", "base 'base' is not immediately below 'top2' in chain for 'top3'"
    ),
    "no base": ("none", None, "ACTIVE", "could not find image 'none' beneath 'top3' in chain for 'vda'"),
    "no top": (None, "none", "", "could not find image 'none' in chain for 'vda'"),
    "the same": ("top2", "top2", "", "could not find image 'top2' beneath 'top2' in chain for 'vda'"),
    "upwards": ("top2", "top1", "", "could not find image 'top2' beneath 'top1' in chain for 'vda'"),
}  # fmt: skip


@pytest.mark.parametrize("case", _COMMITS)
def test_commits_that_cannot_be(driver: Driver, real: Blocks, case: str) -> None:
    """They are refused."""
    domain = real.start(overlays=3)
    base, top, word, message = _COMMITS[case]
    flags = flag(driver, f"BLOCK_COMMIT_{word}") if word else 0
    paths = [None if name is None else real.path(name) for name in (base, top)]
    error = real.error(lambda: domain.blockCommit("vda", *paths, 0, flags))
    assert error == (8, f"invalid argument: {message}")


def test_commit_of_a_chain_of_one(driver: Driver, real: Blocks) -> None:
    """There is nothing below."""
    domain = real.start()
    error = real.error(lambda: domain.blockCommit("vda", None, None))
    assert error == (8, "invalid argument: could not find base image in chain for 'vda'")
    words = flag(driver, "BLOCK_COMMIT_ACTIVE", "BLOCK_COMMIT_SHALLOW")
    error = real.error(lambda: domain.blockCommit("vda", None, None, 0, words))
    assert error == (8, "invalid argument: top 'base' in chain for 'base' has no backing file")


# copy


def test_copy_and_pivot(real: Blocks) -> None:
    """The disk, and the next start's, is on the copy alone."""
    domain = real.start(overlays=1)
    start_copy(real, domain)
    shown = re.search(r"<mirror.*?</mirror>", domain.XMLDesc(), re.DOTALL)
    assert shown is not None
    copy = real.path("copy")
    head = f"<mirror type='file' file='{copy}' format='qcow2' job='copy' ready='yes'>"
    assert shown[0].startswith(head)
    assert "<backingStore/>" in shown[0]
    domain.blockJobAbort("vda", flag(real.driver, "BLOCK_JOB_ABORT_PIVOT"))
    real.wait_for(("copy", COPY, "COMPLETED"), ("vda", COPY, "COMPLETED"))
    assert (real.chain(domain), real.chain(domain, inactive=True)) == (["copy"], ["copy"])


def test_copy_given_up(real: Blocks) -> None:
    """The disk stays, the copy too."""
    domain = real.start()
    start_copy(real, domain)
    domain.blockJobAbort("vda", flag(real.driver, "BLOCK_JOB_ABORT_ASYNC"))
    real.wait_for(("base", COPY, "CANCELED"), ("vda", COPY, "CANCELED"))
    assert real.chain(domain) == ["base"]


def test_shallow_copy(real: Blocks) -> None:
    """What is below stays below."""
    domain = real.start(overlays=2)
    start_copy(real, domain, "copy", "BLOCK_COPY_SHALLOW")
    domain.blockJobAbort("vda", flag(real.driver, "BLOCK_JOB_ABORT_PIVOT"))
    assert real.chain(domain) == ["copy", "top1", "base"]
    assert real.chain(domain, inactive=True) == ["copy", "top1", "base"]


def test_copy_of_a_persistent_domain(driver: Driver, real: Blocks) -> None:
    """The caller must know that the job does not outlive the guest."""
    domain = real.start()
    error = real.error(lambda: domain.blockCopy("vda", copy_to(real, "copy")))
    assert error == (55, "Requested operation is not valid: domain is not transient")
    error = real.error(
        lambda: domain.blockRebase("vda", real.path("copy"), 0, flag(driver, "BLOCK_REBASE_COPY"))
    )
    assert error == (55, "Requested operation is not valid: domain is not transient")


def test_copy_by_rebase(driver: Driver, real: Blocks) -> None:
    """The old way, of a transient domain, to a raw image."""
    domain = real.conn.createXML(driver.xml(devices=real.disk("base")), 0)
    words = flag(driver, "BLOCK_REBASE_COPY", "BLOCK_REBASE_COPY_RAW")
    domain.blockRebase("vda", real.path("copy"), 0, words)
    real.wait_for(*real.ready("base", COPY))
    domain.blockJobAbort("vda", flag(driver, "BLOCK_JOB_ABORT_PIVOT"))
    assert real.chain(domain) == ["copy"]
    assert "<driver name='qemu' type='raw'/>" in domain.XMLDesc()


def test_copies_that_cannot_be(driver: Driver, real: Blocks) -> None:
    """They are refused."""
    domain = real.start(overlays=1)
    transient = flag(driver, "BLOCK_COPY_TRANSIENT_JOB")
    reuse, shallow = flag(driver, "BLOCK_COPY_REUSE_EXT"), flag(driver, "BLOCK_COPY_SHALLOW")
    exists = "external destination file for disk vda already exists and is not a block device: base"
    missing = "missing destination file for disk vda: none: No such file or directory"
    raw = "shallow copy of disk 'vda' into a raw file is not possible"
    for xml, params, flags, error in (
        (copy_to(real, "base"), None, 0, (67, f"unsupported configuration: {exists}")),
        (copy_to(real, "none"), None, reuse, (38, missing)),
        (copy_to(real, "raw", "raw"), None, shallow, (67, f"unsupported configuration: {raw}")),
        (
            "<disk type='file'><source file='x'/></disk>", None, 0,
            (8, "invalid argument: absolute path must be used as block copy target"),
        ),
        (
            copy_to(real, "copy"), {"granularity": 3}, 0,
            (8, "invalid argument: granularity must be power of 2"),
        ),
        (copy_to(real, "copy"), {"x": 1}, 0, (74, "argument unsupported: parameter 'x' not supported")),
        ("<a/>", None, 0, (27, "XML error: expecting root element of 'disk', not 'a'")),
    ):  # fmt: skip
        found = real.error(partial(domain.blockCopy, "vda", xml, params, flags | transient))
        assert found == error
    assert domain.blockJobInfo("vda") == {}


def test_copy_to_an_image_that_is_too_small(real: Blocks) -> None:
    """It fails once it runs."""
    domain = real.start()
    domain.blockResize("vda", 16 << 10)
    words = flag(real.driver, "BLOCK_COPY_TRANSIENT_JOB", "BLOCK_COPY_REUSE_EXT")
    real.disk("mine")
    domain.blockCopy("vda", copy_to(real, "mine", "qcow2"), None, words)
    real.wait_for(("base", COPY, "FAILED"), ("vda", COPY, "FAILED"))
    assert (domain.blockJobInfo("vda"), real.chain(domain)) == ({}, ["base"])


# a job that takes its time


def test_progress_and_speed(driver: Driver, real: Blocks) -> None:
    """In whole MiB a second, or in bytes."""
    domain = slow_copy(real)
    in_bytes = flag(driver, "BLOCK_JOB_INFO_BANDWIDTH_BYTES")
    info = domain.blockJobInfo("vda")
    assert (info["type"], info["bandwidth"], info["end"]) == (2, 1, 8 * MIB)
    assert 0 <= info["cur"] < info["end"]
    assert domain.blockJobInfo("vda", in_bytes)["bandwidth"] == SLOW
    assert "ready=" not in domain.XMLDesc()
    domain.blockJobSetSpeed("vda", 2 * SLOW, flag(driver, "BLOCK_JOB_SPEED_BANDWIDTH_BYTES"))
    assert domain.blockJobInfo("vda", in_bytes)["bandwidth"] == 2 * SLOW
    domain.blockJobSetSpeed("vda", 2)
    assert domain.blockJobInfo("vda")["bandwidth"] == 2
    error = real.error(lambda: domain.blockJobSetSpeed("vda", 1 << 62))
    assert error == (82, "numerical overflow: bandwidth must be less than 8796093022207")


def test_pivot_too_early(driver: Driver, real: Blocks) -> None:
    """A copy that is not ready is no copy."""
    domain = slow_copy(real)
    error = real.error(lambda: domain.blockJobAbort("vda", flag(driver, "BLOCK_JOB_ABORT_PIVOT")))
    message = "block job 'copy-vda-libvirt-1-format' not ready for pivot yet"
    assert error == (83, f"block copy still active: {message}")


def test_guest_ends_under_a_job(real: Blocks) -> None:
    """The job ends with it, and nobody is told."""
    domain = slow_copy(real)
    domain.destroy()
    assert real.seen() == []
    assert real.chain(domain) == ["base"]


# what a job keeps off


def test_one_job_a_disk(driver: Driver, real: Blocks) -> None:
    """Neither another job nor a snapshot."""
    domain = real.start(overlays=1)
    start_commit(real, domain)
    busy = (83, "block copy still active: disk 'vda' already in active block job")
    transient = flag(driver, "BLOCK_COPY_TRANSIENT_JOB")
    for call in (
        lambda: domain.blockPull("vda"),
        lambda: domain.blockCommit("vda", None, None, 0, flag(driver, "BLOCK_COMMIT_ACTIVE")),
        lambda: domain.blockCopy("vda", copy_to(real, "copy"), None, transient),
        lambda: real.overlay(domain, "more"),
        lambda: domain.snapshotCreateXML("<domainsnapshot/>", 0),
    ):
        assert real.error(call) == busy


def test_saving_and_reverting(real: Blocks) -> None:
    """Not while there is a job."""
    domain = real.start()
    snapshot = domain.snapshotCreateXML("<domainsnapshot/>", 0)
    start_copy(real, domain)
    busy = (55, "Requested operation is not valid: domain has active block job")
    assert real.error(domain.managedSave) == busy
    assert real.error(lambda: domain.save(real.path("image"))) == busy
    assert real.error(lambda: domain.revertToSnapshot(snapshot)) == busy


def test_resize_of_a_disk_with_a_job(real: Blocks) -> None:
    """It is in use."""
    domain = real.start()
    start_copy(real, domain)
    error = real.error(lambda: domain.blockResize("vda", 16 << 10))
    message = "unable to execute QEMU command 'block_resize': Device '(null)' is in use"
    assert error == (1, f"internal error: {message}")


# other things done to disks


def test_resize(driver: Driver, real: Blocks) -> None:
    """In KiB, or in bytes."""
    domain = real.start()
    domain.blockResize("vda", 16 << 10)
    assert domain.blockInfo("vda")[0] == 16 * MIB
    domain.blockResize("vda", 32 * MIB, flag(driver, "BLOCK_RESIZE_BYTES"))
    assert domain.blockInfo("vda")[0] == 32 * MIB
    error = real.error(lambda: domain.blockResize("vdz", 1))
    assert error == (8, "invalid argument: disk 'vdz' was not found in the domain config")


def test_peek(real: Blocks) -> None:
    """The bytes of raw images, and of no others."""
    domain = filled(real)
    assert domain.blockPeek("vda", MIB, 4) == b"xxxx"
    assert domain.blockPeek("vda", 7 * MIB, 2) == b"\0\0"
    error = real.error(lambda: domain.blockPeek("vda", 8 * MIB - 2, 4))
    text = f"'vda' starting from {8 * MIB - 2} has only 2 bytes available"
    assert error == (8, f"invalid argument: {text}")
    other = real.define(real.disk("other"), "two")
    error = real.error(lambda: other.blockPeek("vda", 0, 4))
    message = "peeking is only supported for disk with 'raw' format not 'qcow2'"
    assert error == (84, f"Operation not supported: {message}")


def test_peek_into_memory(driver: Driver, blocks: Blocks) -> None:
    """Of a running domain, in one of two ways."""
    domain = blocks.start()
    assert len(domain.memoryPeek(0, 16, driver.constant("MEMORY_PHYSICAL"))) == 16
    error = blocks.error(lambda: domain.memoryPeek(0, 16, 0))
    message = "flags parameter must be VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL"
    assert error == (8, f"invalid argument: {message}")
    domain.destroy()
    error = blocks.error(lambda: domain.memoryPeek(0, 16, driver.constant("MEMORY_PHYSICAL")))
    assert error == OFF


def test_threshold(real: Blocks) -> None:
    """On a disk, or on an image of its chain."""
    domain = real.start(overlays=1)
    assert domain.setBlockThreshold("vda", 100 * MIB) == 0
    assert domain.setBlockThreshold("vda[1]", 100 * MIB) == 0
    for name in ("vdz", "vda[9]"):
        error = real.error(partial(domain.setBlockThreshold, name, 1))
        assert error == (8, f"invalid argument: failed to find disk '{name}'")
