"""Jobs move bytes: what the guest sees on its disk stays the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline

MIB = 1 << 20
FOLDER = "/images"
TRANSIENT = libvirt.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB
OVERLAY = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY
PIVOT = libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT
RAW_COPY = "<disk type='file'><driver type='raw'/><source file='/images/copy'/></disk>"


@pytest.fixture
def pool(conn: Any) -> Any:
    """Where the images are."""
    xml = f"<pool type='dir'><name>images</name><target><path>{FOLDER}</path></target></pool>"
    return conn.storagePoolCreateXML(xml, libvirt.VIR_STORAGE_POOL_CREATE_WITH_BUILD)


@pytest.fixture
def domain(conn: Any, pool: Any, held: Timeline) -> Any:
    """A running guest whose raw disk begins with a word."""
    volume = pool.createXML(f"<volume><name>base</name><capacity>{4 * MIB}</capacity></volume>")
    stream = conn.newStream()
    volume.upload(stream, 0, 5)
    stream.send(b"hello")
    stream.finish()
    disk = (
        "<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
        f"<source file='{FOLDER}/base'/><target dev='vda' bus='virtio'/></disk>"
    )
    domain = conn.defineXML(domain_xml(devices=disk))
    domain.create()
    return domain


def raw(domain: Any, held: Timeline) -> bytes:
    """Return how the disk begins, copied to a raw image and peeked at."""
    domain.blockCopy("vda", RAW_COPY, None, TRANSIENT)
    held.advance(1.0)
    domain.blockJobAbort("vda", PIVOT)
    found: bytes = domain.blockPeek("vda", 0, 6)
    return found


def test_copy(domain: Any, held: Timeline) -> None:
    """The copy is the same."""
    assert raw(domain, held) == b"hello\0"


def test_pull(domain: Any, pool: Any, held: Timeline) -> None:
    """The overlay holds it all, and stands on nothing."""
    domain.snapshotCreateXML("<domainsnapshot><name>a</name></domainsnapshot>", OVERLAY)
    domain.blockPull("vda")
    held.advance(1.0)
    pool.refresh()
    pool.storageVolLookupByName("base").delete()
    assert "<backingStore>" not in pool.storageVolLookupByName("base.a").XMLDesc()
    assert raw(domain, held) == b"hello\0"


def test_commit_through_overlays(domain: Any, pool: Any, held: Timeline) -> None:
    """What was pulled up is pushed down again; the image above stands on the one below."""
    for name in ("a", "b", "c"):
        domain.snapshotCreateXML(f"<domainsnapshot><name>{name}</name></domainsnapshot>", OVERLAY)
    domain.blockRebase("vda", f"{FOLDER}/base.a")
    held.advance(1.0)
    domain.snapshotCreateXML("<domainsnapshot><name>d</name></domainsnapshot>", OVERLAY)
    domain.blockCommit("vda", f"{FOLDER}/base", f"{FOLDER}/base.c")
    held.advance(1.0)
    pool.refresh()
    assert f"<path>{FOLDER}/base</path>\n" in pool.storageVolLookupByName("base.d").XMLDesc()
    assert raw(domain, held) == b"hello\0"


def test_backup(domain: Any, conn: Any, pool: Any, held: Timeline) -> None:
    """The file is the disk as it was when the backup began."""
    domain.backupBegin(
        "<domainbackup><disks><disk name='vda' type='file'><driver type='raw'/>"
        f"<target file='{FOLDER}/backup'/></disk></disks></domainbackup>",
        None,
    )
    held.advance(1.0)
    pool.refresh()
    stream = conn.newStream()
    pool.storageVolLookupByName("backup").download(stream, 0, 6)
    assert stream.recv(6) == b"hello\0"
