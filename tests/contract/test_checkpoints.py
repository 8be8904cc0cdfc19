"""Checkpoints: points in time from which changed blocks are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected

if TYPE_CHECKING:
    from tests.contract.blocks import Blocks
    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

UNSUPPORTED = "unsupported configuration: "


@pytest.fixture
def running(blocks: Blocks) -> Any:
    """A running domain with a disk."""
    return blocks.start()


def take(domain: Any, name: str, inner: str = "", flags: int = 0) -> Any:
    """Make a checkpoint called *name*."""
    return domain.checkpointCreateXML(xml(name, inner), flags)


def xml(name: str, inner: str = "") -> str:
    """Return the document of a checkpoint."""
    return f"<domaincheckpoint><name>{name}</name>{inner}</domaincheckpoint>"


def names(checkpoints: list[Any]) -> list[str]:
    """Return the names of *checkpoints*: their order means nothing."""
    return sorted(checkpoint.getName() for checkpoint in checkpoints)


def test_document(driver: Driver, running: Any) -> None:
    """Its disks, each with a bitmap, and the domain, if wanted."""
    checkpoint = take(running, "a", "<description>why</description>")
    text = checkpoint.getXMLDesc()
    assert "<name>a</name>\n  <description>why</description>\n  <creationTime>" in text
    assert "<disks>\n    <disk name='vda' checkpoint='bitmap' bitmap='a'/>\n  </disks>\n  <domain" in text
    short = checkpoint.getXMLDesc(driver.constant("DOMAIN_CHECKPOINT_XML_NO_DOMAIN"))
    assert short.endswith("</disks>\n</domaincheckpoint>\n")


def test_name_is_the_time_by_default(running: Any) -> None:
    """In seconds since 1970."""
    checkpoint = running.checkpointCreateXML("<domaincheckpoint/>", 0)
    assert f"<creationTime>{checkpoint.getName()}</creationTime>" in checkpoint.getXMLDesc()


def test_nobody_hears_of_it(running: Any, events: Recorder) -> None:
    """And the domain stays as it is."""
    events.clear()
    take(running, "a")
    assert (events.names(), running.state()) == ([], [1, 1])


def test_tree(driver: Driver, running: Any) -> None:
    """Each is the child of the one before."""
    first, second, third = (take(running, name) for name in ("a", "b", "c"))
    assert second.getParent().getName() == "a"
    assert names(running.listAllCheckpoints()) == ["a", "b", "c"]
    prefix = "DOMAIN_CHECKPOINT_LIST_"
    assert names(running.listAllCheckpoints(driver.constant(f"{prefix}ROOTS"))) == ["a"]
    assert names(running.listAllCheckpoints(driver.constant(f"{prefix}LEAVES"))) == ["c"]
    assert names(running.listAllCheckpoints(driver.constant(f"{prefix}NO_LEAVES"))) == ["a", "b"]
    assert names(first.listAllChildren()) == ["b"]
    assert names(first.listAllChildren(driver.constant(f"{prefix}DESCENDANTS"))) == ["b", "c"]
    assert third.listAllChildren() == []
    assert (first.domain() is running, first.connect() is running.connect()) == (True, True)


def test_not_found(blocks: Blocks, running: Any) -> None:
    """None of that name, none above the first."""
    checkpoint = take(running, "a")
    prefix = "Domain checkpoint not found: "
    error = blocks.error(lambda: running.checkpointLookupByName("x"))
    assert error == (103, f"{prefix}no domain checkpoint with matching name 'x'")
    error = blocks.error(checkpoint.getParent)
    assert error == (103, f"{prefix}checkpoint 'a' does not have a parent")
    assert running.checkpointLookupByName("a").getName() == "a"


_FAULTY = {
    "<a/>": (27, "XML error: expecting root element of 'domaincheckpoint', not 'a'"),
    xml("x", "<disks><disk name='vdz'/></disks>"): (67, f"{UNSUPPORTED}no disk named 'vdz'"),
    xml("x", "<disks><disk name='vda'/><disk name='vda'/></disks>"): (
        67, f"{UNSUPPORTED}too many disk checkpoint requests for domain"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", _FAULTY)
def test_faulty_documents(blocks: Blocks, running: Any, text: str) -> None:
    """They are refused."""
    assert blocks.error(lambda: running.checkpointCreateXML(text, 0)) == _FAULTY[text]


_INVALID = {
    xml("a/b"): "Extra element name in interleave\nElement domaincheckpoint failed to validate content\n",
    xml("a", "<x/>"): "Element domaincheckpoint has extra content: x\n",
    xml("a", "<disks/>"): (
        "Extra element disks in interleave\nElement domaincheckpoint failed to validate content\n"
    ),
}


@pytest.mark.parametrize("text", _INVALID)
def test_invalid_documents(blocks: Blocks, running: Any, text: str) -> None:
    """They are always held against the schema."""
    error = blocks.error(lambda: running.checkpointCreateXML(text, 0))
    assert error is not None
    assert error[0] == 92
    assert error[1].startswith("XML document failed to validate against schema: Unable to validate doc")
    assert error[1].endswith(_INVALID[text])


def test_one_name_one_checkpoint(blocks: Blocks, running: Any) -> None:
    """A second one of that name is refused."""
    take(running, "a")
    error = blocks.error(lambda: take(running, "a"))
    assert error == (9, "operation failed: domain moment a already exists")


def test_only_while_it_runs(blocks: Blocks) -> None:
    """A domain that is off changes nothing."""
    error = blocks.error(lambda: take(blocks.define(), "a"))
    assert error == (84, "Operation not supported: cannot create checkpoint for inactive domain")


def test_only_with_a_disk(blocks: Blocks) -> None:
    """Else there is nothing to change."""
    domain = blocks.start("")
    error = blocks.error(lambda: take(domain, "a"))
    assert error == (67, f"{UNSUPPORTED}domain must have at least one disk to perform checkpoints")


def test_only_on_qcow2(driver: Driver, blocks: Blocks) -> None:
    """Other images have no bitmaps."""
    domain = blocks.start(blocks.disk("base", form="raw"))
    error = blocks.error(lambda: take(domain, "a"))
    answer = (67, f"{UNSUPPORTED}checkpoint for disk vda unsupported for storage type raw")
    assert error == expected(driver, "checkpoint of a raw image", answer)


def test_bitmap_of_another_name(driver: Driver, blocks: Blocks, running: Any) -> None:
    """It must be the checkpoint's."""
    inner = "<disks><disk name='vda' checkpoint='bitmap' bitmap='b'/></disks>"
    error = blocks.error(lambda: take(running, "a", inner))
    answer = (67, f"{UNSUPPORTED}bitmap for disk 'vda' must match checkpoint name 'a'")
    assert error == expected(driver, "bitmap of another name", answer)


def test_disk_that_takes_no_part(driver: Driver, running: Any) -> None:
    """It has no bitmap."""
    checkpoint = take(running, "a", "<disks><disk name='vda' checkpoint='no'/></disks>")
    assert "<disk name='vda' checkpoint='no'/>" in checkpoint.getXMLDesc()


def test_size(driver: Driver, blocks: Blocks, running: Any) -> None:
    """How much changed since then, of a running domain."""
    checkpoint = take(running, "a")
    flag = driver.constant("DOMAIN_CHECKPOINT_XML_SIZE")
    shown = " size='" if " size='" in checkpoint.getXMLDesc(flag) else None
    assert shown == expected(driver, "checkpoint size", " size='")
    running.destroy()
    error = blocks.error(lambda: checkpoint.getXMLDesc(flag))
    assert error == (55, "Requested operation is not valid: domain is not running")


def test_delete(driver: Driver, running: Any) -> None:
    """The parent takes the children; below go too if wanted."""
    for name in ("a", "b", "c", "d"):
        take(running, name)
    running.checkpointLookupByName("b").delete()
    assert running.checkpointLookupByName("c").getParent().getName() == "a"
    prefix = "DOMAIN_CHECKPOINT_DELETE_"
    first = running.checkpointLookupByName("a")
    first.delete(driver.constant(f"{prefix}CHILDREN_ONLY"))
    assert names(running.listAllCheckpoints()) == ["a"]
    assert take(running, "e").getParent().getName() == "a"
    first.delete(driver.constant(f"{prefix}CHILDREN"))
    assert running.listAllCheckpoints() == []


def test_delete_while_off(driver: Driver, blocks: Blocks, running: Any) -> None:
    """Bitmaps cannot be reached then, metadata can."""
    checkpoint = take(running, "a")
    running.destroy()
    if driver.family == "qemu":
        error = blocks.error(checkpoint.delete)
        assert error == (84, "Operation not supported: cannot delete checkpoint for inactive domain")
    checkpoint.delete(driver.constant("DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY"))
    assert running.listAllCheckpoints() == []
    gone = (103, "Domain checkpoint not found: no domain checkpoint with matching name 'a'")
    assert blocks.error(checkpoint.getXMLDesc) == gone


def test_undefine(driver: Driver, blocks: Blocks, running: Any) -> None:
    """They keep a domain from being undefined."""
    take(running, "a")
    running.destroy()
    error = blocks.error(running.undefine)
    message = "Requested operation is not valid: cannot delete inactive domain with 1 checkpoints"
    assert error == expected(driver, "undefine with checkpoints", (55, message))


def test_snapshots_beside_checkpoints(driver: Driver, blocks: Blocks, running: Any) -> None:
    """QEMU has no trouble with both."""
    take(running, "a")
    error = blocks.error(lambda: running.snapshotCreateXML("<domainsnapshot/>", 0))
    assert error == expected(driver, "snapshot while there are checkpoints", None)


def test_checkpoints_beside_snapshots(driver: Driver, blocks: Blocks, running: Any) -> None:
    """The other way round."""
    running.snapshotCreateXML("<domainsnapshot/>", 0)
    error = blocks.error(lambda: take(running, "a"))
    assert error == expected(driver, "checkpoint while there are snapshots", None)


# redefining them


@pytest.fixture
def redefine(driver: Driver) -> int:
    """The flag of a checkpoint that was made before."""
    return driver.constant("DOMAIN_CHECKPOINT_CREATE_REDEFINE")


def test_redefine(running: Any, redefine: int) -> None:
    """Metadata comes back, with its time; the last one is current."""
    take(running, "a", "<creationTime>5</creationTime>", redefine)
    after = take(running, "b", "<creationTime>6</creationTime><parent><name>a</name></parent>", redefine)
    assert "<creationTime>6</creationTime>" in after.getXMLDesc()
    assert take(running, "c").getParent().getName() == "b"


def test_wrong_redefinitions(blocks: Blocks, running: Any, redefine: int) -> None:
    """They are refused."""
    take(running, "a")
    take(running, "b")
    for text, error in (
        ("<domaincheckpoint/>", (27, "XML error: a redefined checkpoint must have a name")),
        (xml("x"), (1, "internal error: missing creationTime from existing checkpoint")),
        (
            xml("x", "<creationTime>5</creationTime><parent><name>y</name></parent>"),
            (8, "invalid argument: parent y for moment x not found"),
        ),
        (
            xml("a", "<creationTime>5</creationTime><parent><name>b</name></parent>"),
            (8, "invalid argument: parent b would create cycle to a"),
        ),
    ):
        call = lambda text=text: running.checkpointCreateXML(text, redefine)  # noqa: E731
        assert blocks.error(call) == error


def test_redefine_while_off(driver: Driver, blocks: Blocks, redefine: int) -> None:
    """QEMU's driver takes it."""
    domain = blocks.define()
    error = blocks.error(lambda: take(domain, "a", "<creationTime>5</creationTime>", redefine))
    assert error == expected(driver, "checkpoint redefined while off", None)


def test_redefine_with_a_look_at_the_bitmaps(driver: Driver, real: Blocks, redefine: int) -> None:
    """They must be there: deleting metadata leaves them."""
    domain = real.start()
    flags = redefine | driver.constant("DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE")
    inner = "<creationTime>5</creationTime><disks><disk name='vda' checkpoint='bitmap'/></disks>"
    error = real.error(lambda: take(domain, "a", inner, flags))
    assert error == (109, "checkpoint inconsistent: missing or broken bitmap 'a' for disk 'vda'")
    take(domain, "a").delete(driver.constant("DOMAIN_CHECKPOINT_DELETE_METADATA_ONLY"))
    assert take(domain, "a", inner, flags).getName() == "a"


def test_flags_that_need_others(driver: Driver, blocks: Blocks, running: Any, redefine: int) -> None:
    """Validation is for redefinitions, freezing for new ones."""
    prefix = "DOMAIN_CHECKPOINT_CREATE_"
    validate, quiesce = (driver.constant(f"{prefix}{word}") for word in ("REDEFINE_VALIDATE", "QUIESCE"))
    error = blocks.error(lambda: take(running, "a", flags=validate))
    assert error == (8, f"Flag 'VIR_{prefix}REDEFINE' is required by flag 'VIR_{prefix}REDEFINE_VALIDATE'")
    error = blocks.error(lambda: take(running, "a", flags=redefine | quiesce))
    assert error == (8, f"Flags 'VIR_{prefix}REDEFINE' and 'VIR_{prefix}QUIESCE' are mutually exclusive")
    error = blocks.error(lambda: take(running, "a", flags=quiesce))
    answer = (8, "unsupported flags (0x2) in function qemuCheckpointCreateXML")
    assert error == expected(driver, "checkpoint quiesce", answer)


def test_old_images_keep_no_bitmaps(real: Blocks) -> None:
    """QEMU itself refuses them, and nothing is left of the checkpoint."""
    devices = real.disk("base", compat="0.10")
    domain = real.start(devices)
    error = real.error(lambda: take(domain, "a"))
    cause = (
        "Can't make bitmap 'a' persistent in 'libvirt-1-format': Cannot store dirty bitmaps in qcow2 v2 files"
    )
    assert error == (1, f"internal error: unable to execute QEMU command 'transaction': {cause}")
    assert domain.listAllCheckpoints() == []
