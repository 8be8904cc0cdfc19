"""Snapshots in files of their own: overlays, memory files, and what becomes of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.blocks import POOL

if TYPE_CHECKING:
    from tests.contract.blocks import Blocks
    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

UNSUPPORTED = "unsupported configuration: "


@pytest.fixture
def disk_only(driver: Driver) -> int:
    """The flag of a snapshot without memory."""
    return driver.constant("DOMAIN_SNAPSHOT_CREATE_DISK_ONLY")


def take(real: Blocks, domain: Any, name: str, flags: int, inner: str = "") -> Any:
    """Take a snapshot called *name*."""
    return domain.snapshotCreateXML(real.snapshot_xml(name, inner), flags)


def names(real: Blocks) -> list[str]:
    """Return the names of the images that there are."""
    pool = real.conn.storagePoolLookupByName(POOL)
    pool.refresh()
    return sorted(pool.listVolumes())


def test_the_test_driver_takes_none(driver: Driver, blocks: Blocks, disk_only: int) -> None:
    """It does not know the flag."""
    if driver.family == "qemu":
        pytest.skip("QEMU's driver takes them")
    error = blocks.error(lambda: blocks.define().snapshotCreateXML("<domainsnapshot/>", disk_only))
    assert error == (8, "unsupported flags (0x10) in function testDomainSnapshotCreateXML")


def test_overlay_of_a_running_domain(real: Blocks, disk_only: int, events: Recorder) -> None:
    """Its disk, and that of its next start, is upon a new image; nobody hears of it."""
    domain = real.start()
    events.clear()
    snapshot = take(real, domain, "a", disk_only)
    assert events.names() == []
    assert real.chain(domain) == ["base.a", "base"]
    assert real.chain(domain, inactive=True) == ["base.a", "base"]
    assert names(real) == ["base", "base.a"]
    text = snapshot.getXMLDesc()
    assert "<state>disk-snapshot</state>" in text
    assert (
        "    <disk name='vda' snapshot='external' type='file'>\n      <driver type='qcow2'/>\n"
        f"      <source file='{real.path('base.a')}'/>\n    </disk>\n"
    ) in text


def test_chain_in_the_live_document(real: Blocks, disk_only: int) -> None:
    """Each image has an index, and below the last one there is nothing."""
    domain = real.start()
    take(real, domain, "a", disk_only)
    shown = re.search(r"      <source .*?<target", domain.XMLDesc(), re.DOTALL)
    assert shown is not None
    assert shown[0] == (
        f"      <source file='{real.path('base.a')}' index='2'/>\n"
        "      <backingStore type='file' index='1'>\n"
        "        <format type='qcow2'/>\n"
        f"        <source file='{real.path('base')}'/>\n"
        "        <backingStore/>\n"
        "      </backingStore>\n"
        "      <target"
    )


def test_overlay_in_a_file_of_choice(real: Blocks, disk_only: int) -> None:
    """The document says which."""
    domain = real.start()
    take(real, domain, "a", disk_only, real.external("mine"))
    assert real.chain(domain) == ["mine", "base"]


def test_overlays_upon_overlays(real: Blocks, disk_only: int) -> None:
    """The chain grows, with the tree."""
    domain = real.start()
    for name in ("a", "b", "c"):
        take(real, domain, name, disk_only)
    assert real.chain(domain) == ["base.c", "base.b", "base.a", "base"]
    assert domain.snapshotLookupByName("c").getParent().getName() == "b"


def test_without_metadata(driver: Driver, real: Blocks, disk_only: int) -> None:
    """The overlay is there, the snapshot is not."""
    domain = real.start()
    take(real, domain, "a", disk_only | driver.constant("DOMAIN_SNAPSHOT_CREATE_NO_METADATA"))
    assert (domain.snapshotNum(), real.chain(domain)) == (0, ["base.a", "base"])


def test_overlay_of_a_raw_image(real: Blocks, disk_only: int) -> None:
    """The overlay is qcow2, whatever is below."""
    domain = real.start(real.disk("base", form="raw"))
    take(real, domain, "a", disk_only)
    assert "<driver name='qemu' type='qcow2'/>" in domain.XMLDesc()
    assert "<format type='raw'/>" in domain.XMLDesc()


def test_overlay_on_one_of_two_disks(real: Blocks, disk_only: int) -> None:
    """The other one stays as it is."""
    domain = real.start(real.disk("base") + real.disk("other", "vdb"))
    inner = "<disks><disk name='vda'/><disk name='vdb' snapshot='no'/></disks>"
    snapshot = take(real, domain, "a", disk_only, inner)
    assert "<disk name='vdb' snapshot='no'/>" in snapshot.getXMLDesc()
    assert names(real) == ["base", "base.a", "other"]


def test_overlay_of_a_domain_that_is_off(real: Blocks, disk_only: int) -> None:
    """Its definition names the overlay alone; started, it shows what is below."""
    domain = real.define()
    snapshot = take(real, domain, "a", disk_only)
    assert "<state>shutoff</state>" in snapshot.getXMLDesc()
    assert real.chain(domain) == ["base.a"]
    domain.create()
    assert real.chain(domain) == ["base.a", "base"]
    assert real.chain(domain, inactive=True) == ["base.a"]


def test_overlay_that_is_there(driver: Driver, real: Blocks, disk_only: int) -> None:
    """It is taken if the caller says so, and refused else."""
    domain = real.start()
    real.disk("mine")
    error = real.error(lambda: take(real, domain, "a", disk_only, real.external("mine")))
    message = "external snapshot file for disk vda already exists and is not a block device: mine"
    assert error == (67, UNSUPPORTED + message)
    reuse = driver.constant("DOMAIN_SNAPSHOT_CREATE_REUSE_EXT")
    error = real.error(lambda: take(real, domain, "a", disk_only | reuse, real.external("none")))
    assert error == (38, "missing existing file for disk vda: none: No such file or directory")
    take(real, domain, "a", disk_only | reuse, real.external("mine"))
    assert real.chain(domain) == ["mine", "base"]


_REFUSED = {
    "<disks><disk name='vda' snapshot='internal'/></disks>": (
        67, UNSUPPORTED + "active qemu domains require external disk snapshots; disk vda requested internal"
    ),
    "<disks><disk name='vda' snapshot='no'/></disks>": (
        67, UNSUPPORTED + "nothing selected for snapshot"
    ),
    "<disks><disk name='vda'><driver type='raw'/></disk></disks>": (
        67, UNSUPPORTED + "external snapshot format for disk vda is unsupported: raw"
    ),
    "<disks><disk name='vda'><source file='/nonexistent/x'/></disk></disks>": (
        38, "failed to create image file '/nonexistent/x': No such file or directory"
    ),
    "<memory snapshot='internal'/>": (
        27, "XML error: memory state cannot be saved with offline or disk-only snapshot"
    ),
}  # fmt: skip


@pytest.mark.parametrize("inner", _REFUSED)
def test_refused(real: Blocks, disk_only: int, inner: str) -> None:
    """Nothing is changed."""
    domain = real.start()
    assert real.error(lambda: take(real, domain, "a", disk_only, inner)) == _REFUSED[inner]
    assert (real.chain(domain), domain.snapshotNum()) == (["base"], 0)


def test_quiesce_without_an_agent(driver: Driver, real: Blocks, disk_only: int) -> None:
    """Nobody could freeze the file systems."""
    domain = real.start()
    flags = disk_only | driver.constant("DOMAIN_SNAPSHOT_CREATE_QUIESCE")
    error = real.error(lambda: take(real, domain, "a", flags))
    assert error == (74, "argument unsupported: QEMU guest agent is not configured")


def test_quiesce_and_live_need_others(driver: Driver, real: Blocks) -> None:
    """One needs a snapshot of disks alone, the other one with memory in a file."""
    domain, prefix = real.start(), "VIR_DOMAIN_SNAPSHOT_CREATE_"
    quiesce = driver.constant("DOMAIN_SNAPSHOT_CREATE_QUIESCE")
    error = real.error(lambda: take(real, domain, "a", quiesce))
    assert error == (8, f"Flag '{prefix}DISK_ONLY' is required by flag '{prefix}QUIESCE'")
    live = driver.constant("DOMAIN_SNAPSHOT_CREATE_LIVE")
    error = real.error(lambda: take(real, domain, "a", live))
    message = "live snapshot creation is supported only during full system snapshots"
    assert error == (84, f"Operation not supported: {message}")


def test_internal_snapshots_need_qcow2(real: Blocks) -> None:
    """On and off."""
    domain = real.define(real.disk("base", form="raw"))
    message = "internal snapshot for disk vda unsupported for storage type raw"
    assert real.error(lambda: take(real, domain, "a", 0)) == (67, UNSUPPORTED + message)
    domain.create()
    assert real.error(lambda: take(real, domain, "a", 0)) == (67, UNSUPPORTED + message)


def test_snapshots_need_a_disk(real: Blocks, disk_only: int) -> None:
    """With memory or without."""
    domain = real.define("")
    nothing = (67, UNSUPPORTED + "nothing selected for snapshot")
    assert real.error(lambda: take(real, domain, "a", 0)) == nothing
    domain.create()
    assert real.error(lambda: take(real, domain, "a", disk_only)) == nothing
    message = "internal and full system snapshots require all disks to be selected for snapshot"
    assert real.error(lambda: take(real, domain, "a", 0)) == (67, UNSUPPORTED + message)


# memory in a file


def memory(real: Blocks) -> str:
    """Return what asks for memory in a file."""
    return f"<memory snapshot='external' file='{real.path('memory')}'/>"


@pytest.mark.parametrize("live", [False, True])
def test_memory_in_a_file(driver: Driver, real: Blocks, events: Recorder, live: bool) -> None:
    """The guest stands still while it is written, or at the end of it; its disk gets an overlay."""
    domain = real.start()
    events.clear()
    flags = driver.constant("DOMAIN_SNAPSHOT_CREATE_LIVE") if live else 0
    snapshot = take(real, domain, "a", flags, memory(real))
    assert events.names() == ["SUSPENDED_PAUSED", "RESUMED_UNPAUSED"]
    assert real.seen() == [("job", driver.constant("DOMAIN_JOB_OPERATION_SNAPSHOT"), None)]
    assert real.chain(domain) == ["base.a", "base"]
    text = snapshot.getXMLDesc()
    assert "<state>running</state>" in text
    assert f"<memory snapshot='external' file='{real.path('memory')}'/>" in text
    assert "<cookie>" in text


def test_memory_can_be_restored(real: Blocks) -> None:
    """As what save wrote can be."""
    domain = real.start()
    take(real, domain, "a", 0, memory(real))
    domain.destroy()
    real.conn.restore(real.path("memory"))
    assert domain.state() == [1, 3]
    assert real.chain(domain)[-1] == "base"


def test_memory_alone(real: Blocks) -> None:
    """Without any disk."""
    domain = real.start("")
    snapshot = take(real, domain, "a", 0, memory(real))
    assert "<disks>" not in snapshot.getXMLDesc()


def test_memory_in_and_disks_out(real: Blocks) -> None:
    """Both in the same way, or not at all."""
    domain = real.start()
    inner = memory(real) + "<disks><disk name='vda' snapshot='internal'/></disks>"
    message = "mixing internal and external targets for a snapshot is not yet supported"
    assert real.error(lambda: take(real, domain, "a", 0, inner)) == (67, UNSUPPORTED + message)
    error = real.error(lambda: take(real, domain, "a", 0, "<memory snapshot='no'/>"))
    message = "internal snapshot of a running VM must include the memory state"
    assert error == (84, f"Operation not supported: {message}")


# what becomes of them


def test_no_way_back(real: Blocks, disk_only: int) -> None:
    """libvirt 9.0 cannot revert to them."""
    domain = real.start()
    snapshot = take(real, domain, "a", disk_only)
    error = real.error(lambda: domain.revertToSnapshot(snapshot))
    assert error == (67, UNSUPPORTED + "revert to external snapshot not supported yet")


def test_lists_tell_them_apart(driver: Driver, real: Blocks, disk_only: int) -> None:
    """By where they are, and by what they hold."""
    domain = real.start()
    take(real, domain, "in", 0)
    take(real, domain, "out", disk_only)
    take(real, domain, "both", 0, memory(real))

    def listed(*words: str) -> list[str]:
        flags = sum(driver.constant(f"DOMAIN_SNAPSHOT_LIST_{word}") for word in words)
        return sorted(domain.snapshotListNames(flags))

    assert listed("INTERNAL") == ["in"]
    assert listed("EXTERNAL") == ["both", "out"]
    assert listed("DISK_ONLY") == ["out"]
    assert listed("ACTIVE") == ["both", "in"]
    assert listed("EXTERNAL", "ACTIVE") == ["both"]


def test_delete_of_the_top_overlay(real: Blocks, disk_only: int, events: Recorder) -> None:
    """It is merged into what is below, and is gone."""
    domain = real.start()
    snapshot = take(real, domain, "a", disk_only)
    real.forget()
    snapshot.delete()
    kind = "ACTIVE_COMMIT"
    done = [("base", kind, "COMPLETED"), ("vda", kind, "COMPLETED")]
    real.wait_for(("base.a", kind, "READY"), ("vda", kind, "READY"), *done)
    assert (real.chain(domain), names(real), domain.snapshotNum()) == (["base"], ["base"], 0)
    assert real.chain(domain, inactive=True) == ["base"]


def test_delete_of_an_overlay_below(real: Blocks, disk_only: int) -> None:
    """The others close ranks, in the documents of the snapshots after it too."""
    domain = real.start()
    for name in ("a", "b", "c"):
        take(real, domain, name, disk_only)
    real.forget()
    domain.snapshotLookupByName("b").delete()
    real.wait_for(("base.c", "COMMIT", "COMPLETED"), ("vda", "COMMIT", "COMPLETED"))
    assert real.chain(domain) == ["base.c", "base.a", "base"]
    assert real.chain(domain, inactive=True) == ["base.c", "base.a", "base"]
    assert names(real) == ["base", "base.a", "base.c"]
    last = domain.snapshotLookupByName("c")
    assert last.getParent().getName() == "a"
    assert "base.b" not in last.getXMLDesc()


def test_delete_while_off(real: Blocks, disk_only: int, events: Recorder) -> None:
    """The domain is not seen to start for it."""
    domain = real.define()
    snapshot = take(real, domain, "a", disk_only)
    events.clear()
    snapshot.delete()
    assert (domain.isActive(), real.chain(domain), names(real)) == (0, ["base"], ["base"])
    assert events.names() == []


def test_delete_with_children_below(driver: Driver, real: Blocks, disk_only: int) -> None:
    """Overlays go one by one."""
    domain = real.start()
    first = take(real, domain, "a", disk_only)
    take(real, domain, "b", disk_only)
    flags = driver.constant("DOMAIN_SNAPSHOT_DELETE_CHILDREN")
    message = "deletion of external children disk snapshots not supported"
    assert real.error(lambda: first.delete(flags)) == (67, UNSUPPORTED + message)
    first.delete(flags | driver.constant("DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY"))
    assert (domain.snapshotNum(), real.chain(domain)) == (0, ["base.b", "base.a", "base"])


def test_delete_of_metadata(driver: Driver, real: Blocks, disk_only: int) -> None:
    """The overlay stays."""
    domain = real.start()
    take(real, domain, "a", disk_only).delete(driver.constant("DOMAIN_SNAPSHOT_DELETE_METADATA_ONLY"))
    assert (domain.snapshotNum(), real.chain(domain)) == (0, ["base.a", "base"])


def test_delete_upon_an_internal_one(real: Blocks, disk_only: int) -> None:
    """It would take the other's image."""
    domain = real.define()
    take(real, domain, "in", 0)
    snapshot = take(real, domain, "out", disk_only)
    message = "deleting external snapshot that has internal snapshot as parent not supported"
    assert real.error(snapshot.delete) == (84, f"Operation not supported: {message}")
