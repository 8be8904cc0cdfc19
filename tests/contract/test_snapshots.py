"""Snapshots: their tree, their documents, going back, deleting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected

if TYPE_CHECKING:
    from tests.contract.blocks import Blocks
    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

RUNNING, PAUSED, OFF = "running", "paused", "off"


@pytest.fixture
def domain(blocks: Blocks) -> Any:
    """A domain with a disk that snapshots can be taken of, off."""
    return blocks.define()


def take(domain: Any, name: str, flags: int = 0, inner: str = "") -> Any:
    """Take a snapshot called *name*."""
    return domain.snapshotCreateXML(f"<domainsnapshot><name>{name}</name>{inner}</domainsnapshot>", flags)


def names(snapshots: list[Any]) -> list[str]:
    """Return the names of *snapshots*: their order means nothing."""
    return sorted(snapshot.getName() for snapshot in snapshots)


def bring(domain: Any, state: str) -> None:
    """Bring *domain* into *state*."""
    if domain.isActive():
        domain.destroy()
    if state != OFF:
        domain.create()
    if state == PAUSED:
        domain.suspend()


# taking them


def test_document_of_a_domain_that_is_off(driver: Driver, domain: Any) -> None:
    """State, time, no memory, its disks, and the whole domain."""
    text = take(domain, "a").getXMLDesc()
    assert "<name>a</name>\n  <state>shutoff</state>\n  <creationTime>" in text
    assert (
        "<memory snapshot='no'/>\n  <disks>\n    <disk name='vda' snapshot='internal'/>\n  </disks>" in text
    )
    assert f"  <domain type='{driver.family}'>\n    <name>{driver.named()}</name>\n" in text
    assert "<inactiveDomain" not in text


def test_document_of_a_running_domain(driver: Driver, domain: Any) -> None:
    """With memory; QEMU's driver keeps also what the next start would be, and what it needs to go on."""
    domain.create()
    text = take(domain, "a", inner="<description>the &amp; text</description>").getXMLDesc()
    assert "<description>the &amp; text</description>\n  <state>running</state>" in text
    assert "<memory snapshot='internal'/>" in text
    found = [tag for tag in ("inactiveDomain", "cookie") if f"<{tag}" in text]
    assert found == expected(driver, "snapshot keeps", ["inactiveDomain", "cookie"])


def test_name_is_the_time_by_default(domain: Any) -> None:
    """In seconds since 1970."""
    snapshot = domain.snapshotCreateXML("<domainsnapshot/>", 0)
    assert f"<creationTime>{snapshot.getName()}</creationTime>" in snapshot.getXMLDesc()


def test_new_one_is_current_and_its_parent_the_one_before(domain: Any) -> None:
    """So a chain grows."""
    assert domain.hasCurrentSnapshot() == 0
    first, second = take(domain, "a"), take(domain, "b")
    assert domain.hasCurrentSnapshot() == 1
    assert domain.snapshotCurrent().getName() == "b"
    assert (first.isCurrent(), second.isCurrent()) == (0, 1)
    assert second.getParent().getName() == "a"
    assert "<parent>\n    <name>a</name>\n  </parent>" in second.getXMLDesc()
    assert (first.hasMetadata(), first.getName()) == (1, "a")


def test_handles_know_their_domain(domain: Any) -> None:
    """The very object that made them."""
    snapshot = take(domain, "a")
    assert snapshot.domain() is domain
    assert snapshot.connect() is domain.connect()


def test_taking_one_of_a_running_domain(driver: Driver, domain: Any, events: Recorder) -> None:
    """QEMU's guest stands still while its memory is written."""
    domain.create()
    events.clear()
    take(domain, "a")
    steps = ["SUSPENDED_PAUSED", "RESUMED_UNPAUSED"]
    assert events.names() == expected(driver, "events of a snapshot", steps)
    assert domain.state() == expected(driver, "state after a snapshot", [1, 5])


def test_taking_one_of_a_paused_domain(domain: Any, events: Recorder) -> None:
    """It stays paused."""
    bring(domain, PAUSED)
    events.clear()
    assert "<state>paused</state>" in take(domain, "a").getXMLDesc()
    assert (events.names(), domain.state()) == ([], [3, 1])


def test_halt_stops_the_domain(driver: Driver, domain: Any, events: Recorder) -> None:
    """Once the snapshot is taken."""
    domain.create()
    events.clear()
    take(domain, "a", driver.constant("DOMAIN_SNAPSHOT_CREATE_HALT"))
    steps = ["SUSPENDED_PAUSED", "STOPPED_FROM_SNAPSHOT"]
    assert events.names() == expected(driver, "events of a halt", steps)
    assert domain.state() == [5, 7]


def test_halt_of_a_transient_domain(driver: Driver, blocks: Blocks) -> None:
    """It would be gone, and its snapshot too."""
    domain = blocks.conn.createXML(driver.xml(devices=blocks.disk("base")), 0)
    error = blocks.error(lambda: take(domain, "a", driver.constant("DOMAIN_SNAPSHOT_CREATE_HALT")))
    message = "Requested operation is not valid: cannot halt after transient domain snapshot"
    assert error == (55, message)


_FAULTY = {
    "<a/>": (27, "XML error: expecting root element of 'domainsnapshot', not 'a'"),
    "<domainsnapshot><memory snapshot='external'/></domainsnapshot>": (
        27, "XML error: external memory snapshots require a filename"
    ),
    "<domainsnapshot><memory snapshot='manual'/></domainsnapshot>": (
        27, "XML error: 'manual' memory snapshot mode not supported"
    ),
    "<domainsnapshot><memory snapshot='no' file='/a'/></domainsnapshot>": (
        27, "XML error: memory filename '/a' requires external snapshot"
    ),
    "<domainsnapshot><memory snapshot='bogus'/></domainsnapshot>": (
        27, "XML error: Invalid value for attribute 'snapshot' in element 'memory': 'bogus'."
    ),
    "<domainsnapshot><disks><disk/></disks></domainsnapshot>": (
        1, "internal error: missing name from disk snapshot element"
    ),
    "<domainsnapshot><disks><disk name='vdz'/></disks></domainsnapshot>": (
        67, "unsupported configuration: no disk named 'vdz'"
    ),
    "<domainsnapshot><disks><disk name='vda' type='dir'/></disks></domainsnapshot>": (
        27, "XML error: unsupported disk snapshot type 'dir'"
    ),
    "<domainsnapshot><disks><disk name='vda'/><disk name='vda'/></disks></domainsnapshot>": (
        67, "unsupported configuration: too many disk snapshot requests for domain"
    ),
    "<domainsnapshot><disks><disk name='vda'><source file='x'/></disk></disks></domainsnapshot>": (
        27, "XML error: disk snapshot image path 'x' must be absolute"
    ),
    "<domainsnapshot><disks><disk name='vda'><driver type='x'/></disk></disks></domainsnapshot>": (
        67, "unsupported configuration: unknown disk snapshot driver 'x'"
    ),
    "<domainsnapshot><disks><disk name='vda' snapshot='external'/></disks></domainsnapshot>": (
        67, "unsupported configuration: disk 'vda' must use snapshot mode 'internal'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("xml", _FAULTY)
def test_faulty_documents(blocks: Blocks, domain: Any, xml: str) -> None:
    """They are refused, and nothing is left."""
    assert blocks.error(lambda: domain.snapshotCreateXML(xml, 0)) == _FAULTY[xml]
    assert domain.snapshotNum() == 0


def test_one_name_one_snapshot(driver: Driver, blocks: Blocks, domain: Any) -> None:
    """A second one of that name is refused."""
    take(domain, "a")
    error = blocks.error(lambda: take(domain, "a"))
    assert error == (9, "operation failed: domain moment a already exists")


def test_flags_that_need_others(driver: Driver, blocks: Blocks, domain: Any) -> None:
    """Only a snapshot that was made before can become the current one, and keeps its metadata."""
    flag, prefix = driver.constant, "VIR_DOMAIN_SNAPSHOT_CREATE_"
    current, redefine = flag("DOMAIN_SNAPSHOT_CREATE_CURRENT"), flag("DOMAIN_SNAPSHOT_CREATE_REDEFINE")
    error = blocks.error(lambda: take(domain, "a", current))
    assert error == (8, f"Flag '{prefix}REDEFINE' is required by flag '{prefix}CURRENT'")
    halt = flag("DOMAIN_SNAPSHOT_CREATE_HALT")
    error = blocks.error(lambda: take(domain, "a", redefine | halt))
    assert error == (8, f"Flags '{prefix}REDEFINE' and '{prefix}HALT' are mutually exclusive")


# finding them


def test_not_found(blocks: Blocks, domain: Any) -> None:
    """None of that name, none that is current, none above the first."""
    prefix = "Domain snapshot not found: "
    missing = blocks.error(lambda: domain.snapshotLookupByName("x"))
    assert missing == (72, f"{prefix}no domain snapshot with matching name 'x'")
    missing = blocks.error(domain.snapshotCurrent)
    assert missing == (72, f"{prefix}the domain does not have a current snapshot")
    missing = blocks.error(take(domain, "a").getParent)
    assert missing == (72, f"{prefix}snapshot 'a' does not have a parent")


@pytest.fixture
def tree(domain: Any) -> Any:
    """A domain with snapshots a > b > c and a > d, of which d is current and was taken running."""
    for name in ("a", "b", "c"):
        take(domain, name)
    domain.revertToSnapshot(domain.snapshotLookupByName("a"))
    domain.create()
    take(domain, "d")
    domain.destroy()
    return domain


_LISTS = {
    "0": (["a", "b", "c", "d"], ["b", "d"]),
    "ROOTS": (["a"], ["b", "c", "d"]),
    "LEAVES": (["c", "d"], ["d"]),
    "NO_LEAVES": (["a", "b"], ["b"]),
    "LEAVES NO_LEAVES": ([], []),
    "INACTIVE": (["a", "b", "c"], ["b"]),
    "ACTIVE": (["d"], ["d"]),
    "DISK_ONLY": ([], []),
    "INACTIVE ACTIVE": (["a", "b", "c", "d"], ["b", "d"]),
    "INTERNAL": (["a", "b", "c", "d"], ["b", "d"]),
    "EXTERNAL": ([], []),
    "METADATA": (["a", "b", "c", "d"], ["b", "d"]),
    "NO_METADATA": ([], []),
    "TOPOLOGICAL": (["a", "b", "c", "d"], ["b", "d"]),
    "ROOTS LEAVES": ([], ["c", "d"]),
}


def test_lists(driver: Driver, tree: Any) -> None:
    """Of the domain and of a snapshot, by every flag; the numbers agree."""
    top = tree.snapshotLookupByName("a")
    for words, (of_domain, of_top) in _LISTS.items():
        flags = sum(driver.constant(f"DOMAIN_SNAPSHOT_LIST_{word}") for word in words.split() if word != "0")
        assert names(tree.listAllSnapshots(flags)) == of_domain, words
        assert sorted(tree.snapshotListNames(flags)) == of_domain, words
        assert tree.snapshotNum(flags) == len(of_domain), words
        assert names(top.listAllChildren(flags)) == of_top, words
        assert sorted(top.listChildrenNames(flags)) == of_top, words
        assert top.numChildren(flags) == len(of_top), words


def test_parents_come_before_children(driver: Driver, tree: Any) -> None:
    """In a list that is asked to be topological."""
    flags = driver.constant("DOMAIN_SNAPSHOT_LIST_TOPOLOGICAL")
    order = [snapshot.getName() for snapshot in tree.listAllSnapshots(flags)]
    assert order[0] == "a"
    assert order.index("b") < order.index("c")


# going back


def _revert_answer(driver: Driver, taken: str, before: str, flag: str) -> tuple[list[int], list[str]]:
    """Return the state and the events of going back, by the rules of the driver."""
    steps = [] if before == OFF else ["STOPPED_FROM_SNAPSHOT"]
    pauses = flag == "PAUSED" or (taken == PAUSED and flag != "RUNNING")
    qemu = driver.family == "qemu"
    started, paused = "STARTED_FROM_SNAPSHOT", "SUSPENDED_FROM_SNAPSHOT"
    if taken != OFF:
        state = [3, 7] if pauses else [1, 4]
        resumed = ["RESUMED_FROM_SNAPSHOT"] if qemu else []
        steps += [started, *([paused] if pauses else resumed)]
    elif flag == "0" or not qemu:  # the test driver tells of a start that it does not do
        state = [5, 7]
        steps += [] if flag == "0" else [started, *([paused] if pauses else [])]
    else:
        state = [3, 1] if pauses else [1, 1]
        steps += [started, paused] if pauses else ["RESUMED_UNPAUSED", started]
    return state, steps + (["DEFINED_FROM_SNAPSHOT"] if qemu else [])


@pytest.mark.parametrize("flag", ["0", "RUNNING", "PAUSED"])
@pytest.mark.parametrize("before", [OFF, RUNNING, PAUSED])
@pytest.mark.parametrize("taken", [OFF, RUNNING, PAUSED])
def test_revert(driver: Driver, domain: Any, events: Recorder, taken: str, before: str, flag: str) -> None:
    """From each state to each, as the flags say, with its events."""
    bring(domain, taken)
    snapshot = take(domain, "a")
    take(domain, "b")
    bring(domain, before)
    if before == OFF:  # whatever the reason was before, going back from off to off leaves it
        domain.create()
        domain.destroy()
    events.clear()
    flags = 0 if flag == "0" else driver.constant(f"DOMAIN_SNAPSHOT_REVERT_{flag}")
    assert domain.revertToSnapshot(snapshot, flags) == 0
    state, steps = _revert_answer(driver, taken, before, flag)
    if before == OFF and state == [5, 7]:
        state = [5, 2]
    assert (domain.state(), events.names()) == (state, steps)
    assert domain.snapshotCurrent().getName() == "a"


def test_revert_brings_the_definition_back(driver: Driver, domain: Any) -> None:
    """What was changed since is gone."""
    snapshot = take(domain, "a")
    domain.setMetadata(driver.constant("DOMAIN_METADATA_TITLE"), "new", None, None, 0)
    domain.revertToSnapshot(snapshot)
    assert "<title>" not in domain.XMLDesc()


def test_reverting_tells_one_object(driver: Driver, domain: Any) -> None:
    """QEMU's driver tells none of the other id; the test driver tells the snapshot's that it is off."""
    snapshot = take(domain, "a")
    domain.create()
    other, before = driver.conn.lookupByName(domain.name()), domain.ID()
    domain.revertToSnapshot(snapshot)
    assert other.ID() == before
    assert domain.ID() == expected(driver, "id after reverting", before)


def test_revert_to_run_and_to_pause(driver: Driver, blocks: Blocks, domain: Any) -> None:
    """Not both."""
    prefix = "DOMAIN_SNAPSHOT_REVERT_"
    flags = driver.constant(f"{prefix}RUNNING") | driver.constant(f"{prefix}PAUSED")
    error = blocks.error(lambda: domain.revertToSnapshot(take(domain, "a"), flags))
    text = f"Flags 'VIR_{prefix}RUNNING' and 'VIR_{prefix}PAUSED' are mutually exclusive"
    assert error == (8, text)


def test_revert_over_a_managed_save(driver: Driver, blocks: Blocks, domain: Any) -> None:
    """QEMU's driver fears for the disks, unless it is forced; the image stays."""
    snapshot = take(domain, "a")
    domain.create()
    domain.managedSave()
    error = blocks.error(lambda: domain.revertToSnapshot(snapshot))
    message = (
        "revert requires force: snapshot without memory state, removal of existing managed saved state"
        " strongly recommended to avoid corruption"
    )
    assert error == expected(driver, "revert over a managed save", (77, message))
    domain.revertToSnapshot(snapshot, driver.constant("DOMAIN_SNAPSHOT_REVERT_FORCE"))
    assert domain.hasManagedSaveImage() == 1


# deleting them


def shape(domain: Any) -> dict[str, list[str]]:
    """Return each snapshot's children."""
    return {each.getName(): sorted(each.listChildrenNames()) for each in domain.listAllSnapshots()}


def test_delete_gives_the_children_to_the_parent(tree: Any) -> None:
    """One goes, the others stay."""
    assert tree.snapshotLookupByName("b").delete() == 0
    assert shape(tree) == {"a": ["c", "d"], "c": [], "d": []}
    assert tree.snapshotLookupByName("c").getParent().getName() == "a"
    assert tree.snapshotCurrent().getName() == "d"


def test_parent_of_the_current_one_becomes_current(tree: Any) -> None:
    """When that is deleted; nobody does when it had none."""
    tree.snapshotLookupByName("d").delete()
    assert tree.snapshotCurrent().getName() == "a"
    tree.snapshotLookupByName("a").delete()
    assert tree.hasCurrentSnapshot() == 0
    assert shape(tree) == {"b": ["c"], "c": []}


def test_delete_with_children(driver: Driver, tree: Any) -> None:
    """All below go too, or only those."""
    children = driver.constant("DOMAIN_SNAPSHOT_DELETE_CHILDREN")
    tree.snapshotLookupByName("b").delete(children)
    assert shape(tree) == {"a": ["d"], "d": []}
    tree.snapshotLookupByName("a").delete(driver.constant("DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY"))
    assert shape(tree) == {"a": []}
    assert tree.snapshotCurrent().getName() == "a"


def test_deleted_snapshot(blocks: Blocks, tree: Any) -> None:
    """Its handle has nothing left but its name."""
    snapshot = tree.snapshotLookupByName("c")
    snapshot.delete()
    assert snapshot.getName() == "c"
    gone = (72, "Domain snapshot not found: no domain snapshot with matching name 'c'")
    for call in (snapshot.getXMLDesc, snapshot.delete, snapshot.isCurrent, snapshot.numChildren):
        assert blocks.error(call) == gone


def test_snapshots_keep_a_domain_from_being_undefined(driver: Driver, blocks: Blocks, tree: Any) -> None:
    """Unless they may go."""
    message = "Requested operation is not valid: cannot delete inactive domain with 4 snapshots"
    assert blocks.error(tree.undefine) == (55, message)
    tree.undefineFlags(driver.constant("DOMAIN_UNDEFINE_SNAPSHOTS_METADATA"))
    assert blocks.define("").snapshotNum() == 0


def test_snapshots_follow_a_domain_that_is_renamed(tree: Any) -> None:
    """They are the domain's, not the name's."""
    tree.rename("contract-renamed")
    assert tree.snapshotNum() == 4


# redefining them


def redefined(domain: Any, name: str, state: str = "shutoff", parent: str = "") -> str:
    """Return the document of a snapshot that was made before."""
    above = f"<parent><name>{parent}</name></parent>" if parent else ""
    return (
        f"<domainsnapshot><name>{name}</name>{above}<state>{state}</state>"
        f"<creationTime>7</creationTime>{domain.XMLDesc()}</domainsnapshot>"
    )


def test_redefine(driver: Driver, domain: Any) -> None:
    """Metadata comes back, with its time; the current one is the current one unless told so."""
    flags = driver.constant("DOMAIN_SNAPSHOT_CREATE_REDEFINE")
    domain.snapshotCreateXML(redefined(domain, "a"), flags)
    assert domain.hasCurrentSnapshot() == 0
    current = flags | driver.constant("DOMAIN_SNAPSHOT_CREATE_CURRENT")
    snapshot = domain.snapshotCreateXML(redefined(domain, "b", parent="a"), current)
    assert (snapshot.isCurrent(), snapshot.getParent().getName()) == (1, "a")
    assert "<creationTime>7</creationTime>" in snapshot.getXMLDesc()


def test_redefine_of_one_that_is_there(driver: Driver, tree: Any) -> None:
    """It keeps its children."""
    text = tree.snapshotLookupByName("b").getXMLDesc()
    tree.snapshotCreateXML(
        text.replace("<state>", "<description>new</description><state>"),
        driver.constant("DOMAIN_SNAPSHOT_CREATE_REDEFINE"),
    )
    assert "<description>new</description>" in tree.snapshotLookupByName("b").getXMLDesc()
    assert shape(tree)["b"] == ["c"]


_WRONG_REDEFINITIONS = {
    "no name": ("<name>a</name>", "", (27, "XML error: a redefined snapshot must have a name")),
    "no state": (
        "<state>shutoff</state>", "", (27, "XML error: missing state from existing snapshot")
    ),
    "bad state": (
        "shutoff<", "bogus<", (67, "unsupported configuration: Invalid state 'bogus' in domain snapshot XML")
    ),
    "no time": (
        "<creationTime>7</creationTime>", "",
        (1, "internal error: missing creationTime from existing snapshot"),
    ),
    "no parent": (
        "<state>", "<parent><name>x</name></parent><state>",
        (8, "invalid argument: parent x for moment a not found"),
    ),
    "own parent": (
        "<state>", "<parent><name>a</name></parent><state>",
        (8, "invalid argument: cannot set moment a as its own parent"),
    ),
    "cycle": (
        "<state>", "<parent><name>b</name></parent><state>",
        (8, "invalid argument: parent b would create cycle to a"),
    ),
    "other kind": (
        "shutoff<", "running<",
        (8, "invalid argument: cannot change between online and offline snapshot state in snapshot a"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", _WRONG_REDEFINITIONS)
def test_wrong_redefinitions(driver: Driver, blocks: Blocks, domain: Any, case: str) -> None:
    """They are refused."""
    take(domain, "a")
    take(domain, "b")
    old, new, error = _WRONG_REDEFINITIONS[case]
    xml = redefined(domain, "a").replace(old, new, 1)
    flags = driver.constant("DOMAIN_SNAPSHOT_CREATE_REDEFINE")
    assert blocks.error(lambda: domain.snapshotCreateXML(xml, flags)) == error


def test_redefinition_of_another_domain(driver: Driver, blocks: Blocks, domain: Any) -> None:
    """The document must be of this one."""
    xml = re.sub(r"<uuid>[^<]*", f"<uuid>{driver.uuid('other')}", redefined(domain, "a"))
    flags = driver.constant("DOMAIN_SNAPSHOT_CREATE_REDEFINE")
    error = blocks.error(lambda: domain.snapshotCreateXML(xml, flags))
    assert error == (8, f"invalid argument: definition for snapshot a must use uuid {driver.uuid()}")
