"""From one host to another: what arrives, what stays, what is refused, and the events of both ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import Driver, open_driver
from tests.contract.recorder import Recorder, outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN, QEMU = 20, 10
GONE, RAN, PAUSED, OFF = 42, [1, 2], [3, 1], [5, 4]  # a code; then states with their reasons
ARGUMENT, UNSUPPORTED_ARGUMENT, INVALID, CONFIG = 8, 74, 55, 67
POSTCOPY = "post-copy migration is not supported with non-live or paused migration"
OFFLINE = "offline migration must be specified with the persistent flag set"


@dataclass
class Ends:
    """The two hosts, and what tells a migration where the other is."""

    here: Driver
    there: Driver
    params: dict[str, str]
    uri: str

    def flags(self, *names: str) -> int:
        """Return the flags VIR_MIGRATE_<name>."""
        return sum(self.here.constant(f"MIGRATE_{name}") for name in names)

    def move(self, domain: Any, *flags: str, **params: Any) -> Any:
        """Migrate *domain* by migrate3."""
        return domain.migrate3(self.there.conn, {**self.params, **params}, self.flags(*flags))

    def refused(self, domain: Any, *flags: str, **params: Any) -> tuple[int, int, str] | None:
        """Return how the same fails."""
        return outcome(self.here, lambda: self.move(domain, *flags, **params))

    def arrived(self, name: str = "one") -> Any:
        """Return the state and the persistence at the other end, or the code of the error."""
        try:
            domain = self.there.conn.lookupByName(self.here.named(name))
        except self.here.module.libvirtError as error:
            return error.get_error_code()
        return domain.state(), bool(domain.isPersistent())


@pytest.fixture(scope="module")
def other(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """A second host of the same kind."""
    name = request.config.getoption("--driver")
    uris = ["fake:///contract-there"]
    if name == "fake-file":
        uris = [f"fake://{tmp_path_factory.mktemp('there') / 'there.db'}"]
    elif name == "qemu":
        uris = [request.getfixturevalue("lab").hosts[1].uri]
    elif name in {"test", "fake-test"}:
        uris = ["test:///default"]
    with open_driver(name, uris) as driver:
        yield driver


@pytest.fixture
def ends(request: pytest.FixtureRequest, driver: Driver, conn: Any, other: Driver) -> Ends:
    """Both hosts, with no domain of these tests."""
    assert conn is driver.conn
    other.clean()
    params = {}
    if driver.name == "qemu":
        params = {"migrate_uri": request.getfixturevalue("lab").hosts[1].migrate_uri}
    return Ends(driver, other, params, other.conn.getURI())


@pytest.fixture
def moving(ends: Ends, recorder: Recorder) -> Iterator[tuple[Recorder, Recorder]]:
    """The events of both ends."""
    recorder.clear()
    there = Recorder(ends.there)
    yield recorder, there
    there.close()


@pytest.fixture(autouse=True)
def _drivers_that_migrate(request: pytest.FixtureRequest, driver: Driver) -> None:
    if driver.family == "test" and "without" not in request.node.name:
        pytest.skip("the test driver has no migration")


def test_drivers_without_migration(driver: Driver, ends: Ends, running: Any) -> None:
    """The test driver does not support it, and says so of each call."""
    if driver.family != "test":
        assert ends.move(running, "LIVE").isActive() == 1
        return
    message = "this function is not supported by the connection driver: virDomainMigrate3"
    assert ends.refused(running, "LIVE") == (3, DOMAIN, message)


@pytest.mark.parametrize("flags", [("LIVE",), (), ("LIVE", "AUTO_CONVERGE"), ("LIVE", "POSTCOPY"),
                                   ("LIVE", "PARALLEL"), ("LIVE", "COMPRESSED"), ("LIVE", "ABORT_ON_ERROR"),
                                   ("LIVE", "CHANGE_PROTECTION"), ("LIVE", "UNSAFE")])  # fmt: skip
def test_a_running_guest_goes(ends: Ends, running: Any, flags: tuple[str, ...]) -> None:
    """It runs there, transient; here its definition is left, off because it migrated."""
    moved = ends.move(running, *flags)
    assert (moved.state(), moved.isPersistent()) == (RAN, 0)
    assert (running.state(), running.isPersistent()) == (OFF, 1)


def test_it_keeps_its_identity_and_gets_a_new_id(ends: Ends, running: Any) -> None:
    """UUID and name are the same."""
    moved = ends.move(running, "LIVE")
    assert (moved.UUIDString(), moved.name()) == (running.UUIDString(), running.name())
    assert moved.ID() > 0


def test_persist_and_undefine(ends: Ends, running: Any) -> None:
    """Its definition goes with it, and nothing is left here."""
    moved = ends.move(running, "LIVE", "PERSIST_DEST", "UNDEFINE_SOURCE")
    assert (moved.state(), moved.isPersistent()) == (RAN, 1)
    error = outcome(ends.here, running.state)
    assert error is not None
    assert error[0] == GONE


def test_a_transient_guest_leaves_nothing(ends: Ends, transient: Any) -> None:
    """There was no definition to leave."""
    ends.move(transient, "LIVE")
    assert ends.arrived() == (RAN, False)
    assert outcome(ends.here, transient.state) is not None


@pytest.mark.parametrize("paused_by", ["the domain", "a flag"])
def test_paused_it_arrives_paused(ends: Ends, running: Any, paused_by: str) -> None:
    """Because it was, or because it was asked for."""
    if paused_by == "the domain":
        running.suspend()
    moved = ends.move(running, "LIVE", *(["PAUSED"] if paused_by == "a flag" else []))
    assert moved.state() == PAUSED


def test_under_another_name(ends: Ends, running: Any) -> None:
    """destination_name names it there."""
    ends.move(running, "LIVE", destination_name=ends.here.named("two"))
    assert (ends.arrived("one"), ends.arrived("two")) == (GONE, (RAN, False))


def test_events_of_both_ends(ends: Ends, running: Any, moving: tuple[Recorder, Recorder]) -> None:
    """Suspended and stopped here; started and resumed there."""
    here, there = moving
    here.clear()
    there.clear()
    ends.move(running, "LIVE", "PERSIST_DEST", "UNDEFINE_SOURCE")
    assert here.names() == ["SUSPENDED_MIGRATED", "STOPPED_MIGRATED"]
    assert there.names() == ["STARTED_MIGRATED", "DEFINED_ADDED", "RESUMED_MIGRATED"]


def test_there_and_back(ends: Ends, running: Any) -> None:
    """A domain comes home, and is what it was."""
    before = running.XMLDesc(ends.here.constant("DOMAIN_XML_INACTIVE"))
    moved = ends.move(running, "LIVE", "PERSIST_DEST", "UNDEFINE_SOURCE")
    params = {}
    if ends.params:
        source = ends.here.conn.getURI().split("//")[1].split("/")[0]
        params = {"migrate_uri": f"tcp://{source}"}
    home = moved.migrate3(ends.here.conn, params, ends.flags("LIVE", "PERSIST_DEST", "UNDEFINE_SOURCE"))
    assert home.state() == RAN
    assert home.XMLDesc(ends.here.constant("DOMAIN_XML_INACTIVE")) == before


@pytest.mark.parametrize("undefine", [False, True])
def test_offline(ends: Ends, domain: Any, undefine: bool) -> None:
    """Only the definition goes."""
    ends.move(domain, "OFFLINE", "PERSIST_DEST", *(["UNDEFINE_SOURCE"] if undefine else []))
    assert ends.arrived() == ([5, 0], True)
    assert (outcome(ends.here, domain.state) is not None) == undefine


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["LIVE", "PEER2PEER"], (ARGUMENT, DOMAIN, "use virDomainMigrateToURI3 for peer-to-peer migration")),
        (
            ["LIVE", "TUNNELLED"],
            (ARGUMENT, DOMAIN, "cannot perform tunnelled migration without using peer2peer flag"),
        ),
        (
            ["LIVE", "NON_SHARED_DISK", "NON_SHARED_INC"],
            (
                ARGUMENT,
                DOMAIN,
                "Flags 'VIR_MIGRATE_NON_SHARED_DISK' and 'VIR_MIGRATE_NON_SHARED_INC' are mutually exclusive",
            ),
        ),
        (
            ["POSTCOPY"],
            (
                UNSUPPORTED_ARGUMENT,
                QEMU,
                f"argument unsupported: {POSTCOPY}",
            ),
        ),
        (
            ["OFFLINE"],
            (
                INVALID,
                QEMU,
                f"Requested operation is not valid: {OFFLINE}",
            ),
        ),
        (
            ["LIVE", "ZEROCOPY"],
            (
                INVALID,
                QEMU,
                "Requested operation is not valid: zero-copy is only available for parallel migration",
            ),
        ),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_flags_that_are_refused(
    ends: Ends, running: Any, flags: list[str], expected: tuple[int, int, str]
) -> None:
    """The guest runs on, and nothing is there."""
    assert ends.refused(running, *flags) == expected
    assert (running.state(), ends.arrived()) == ([1, 1], GONE)


def test_unknown_flags(ends: Ends, running: Any) -> None:
    """The driver names its function."""
    error = outcome(ends.here, lambda: running.migrate3(ends.there.conn, ends.params, 1 << 30))
    message = "unsupported flags (0x40000000) in function qemuDomainMigrateBegin3Params"
    assert error == (ARGUMENT, QEMU, message)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"bogus": 1}, (UNSUPPORTED_ARGUMENT, 0, "argument unsupported: parameter 'bogus' not supported")),
        (
            {"parallel.connections": 2},
            (ARGUMENT, QEMU, "invalid argument: Turn parallel migration on to tune it"),
        ),
        (
            {"auto_converge.initial": 30},
            (ARGUMENT, QEMU, "invalid argument: Turn auto convergence on to tune it"),
        ),
        (
            {"compression": "bogus"},
            (ARGUMENT, QEMU, "invalid argument: Unsupported compression method 'bogus'"),
        ),
        (
            {"compression": ["xbzrle", "xbzrle"]},
            (ARGUMENT, QEMU, "invalid argument: Compression method 'xbzrle' is specified twice"),
        ),
        (
            {"compression.mt.level": 3},
            (ARGUMENT, QEMU, "invalid argument: Turn multithread compression on to tune it"),
        ),
        ({"destination_xml": "<domain/>"}, (21, DOMAIN, "missing name information")),
    ],
    ids=str,
)
def test_parameters_that_are_refused(
    ends: Ends, running: Any, params: dict[str, Any], expected: tuple[int, int, str]
) -> None:
    """The guest runs on, and nothing is there."""
    assert ends.refused(running, "LIVE", **params) == expected
    assert (running.state(), ends.arrived()) == ([1, 1], GONE)


@pytest.mark.parametrize(
    ("params", "error"),
    [
        (None, "migration params must be a dictionary"),
        ({"bandwidth": "fast"}, "an integer is required"),
        ({"destination_name": 5}, "bad argument type for built-in operation"),
    ],
)
def test_parameters_of_the_wrong_type(ends: Ends, running: Any, params: Any, error: str) -> None:
    """The binding raises TypeError."""
    with pytest.raises(TypeError, match=error):
        running.migrate3(ends.there.conn, params, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("65536", "32768", "Target domain max memory 32768 does not match source 65536"),
        (
            "contract-one",
            "contract-two",
            "Target domain name 'contract-two' does not match source 'contract-one'",
        ),
    ],
)
def test_another_document_must_be_the_same_machine(
    ends: Ends, running: Any, old: str, new: str, message: str
) -> None:
    """What the guest sees cannot change on the way."""
    xml = running.XMLDesc(ends.here.constant("DOMAIN_XML_MIGRATABLE")).replace(old, new)
    error = ends.refused(running, "LIVE", destination_xml=xml)
    assert error == (CONFIG, DOMAIN, f"unsupported configuration: {message}")


def test_off(ends: Ends, domain: Any) -> None:
    """There is no guest to move."""
    message = "Requested operation is not valid: domain is not running"
    assert ends.refused(domain, "LIVE") == (INVALID, DOMAIN, message)


def test_to_itself(ends: Ends, running: Any) -> None:
    """The host recognises itself."""
    error = outcome(ends.here, lambda: running.migrate3(ends.here.conn, ends.params, 1))
    assert error is not None
    assert (error[0], error[1]) == (1, QEMU)
    assert error[2].startswith("internal error: Attempt to migrate guest to the same host ")
    assert running.state() == [1, 1]


@pytest.mark.parametrize(
    ("name", "twin", "expected"),
    [
        ("one", "two", (9, "domain 'contract-one' already exists with uuid {two}")),
        ("two", "one", (9, "domain 'contract-two' is already defined with uuid {one}")),
    ],
)
def test_another_is_in_the_way(
    ends: Ends, running: Any, name: str, twin: str, expected: tuple[int, str]
) -> None:
    """One of its name or its UUID is defined there: the guest runs on here."""
    ends.there.conn.defineXML(ends.there.xml(name, identity=ends.there.uuid(twin)))
    code, text = expected
    message = text.format(one=ends.here.uuid("one"), two=ends.here.uuid("two"))
    assert ends.refused(running, "LIVE") == (code, DOMAIN, f"operation failed: {message}")
    assert running.state() == [1, 1]


def test_it_runs_there_already(ends: Ends, running: Any) -> None:
    """Two guests of one identity cannot be."""
    ends.there.conn.createXML(ends.there.xml(), 0)
    message = f"Requested operation is not valid: domain '{ends.here.named()}' is already active"
    assert ends.refused(running, "LIVE") == (INVALID, DOMAIN, message)


def test_to_a_uri_from_daemon_to_daemon(ends: Ends, running: Any) -> None:
    """PEER2PEER: the two hosts do it between them."""
    assert running.migrateToURI3(ends.uri, ends.params, ends.flags("LIVE", "PEER2PEER")) == 0
    assert ends.arrived() == (RAN, False)


def test_to_a_uri_by_the_older_calls(ends: Ends, running: Any) -> None:
    """migrateToURI2 and migrate2 take positions instead of parameters."""
    where = ends.params.get("migrate_uri")
    assert running.migrateToURI2(ends.uri, where, None, ends.flags("LIVE", "PEER2PEER"), None, 0) == 0
    assert ends.arrived() == (RAN, False)
    running.create()
    ends.there.clean()
    moved = running.migrate2(ends.there.conn, None, ends.flags("LIVE"), None, where, 0)
    assert moved.state() == RAN
    running.create()
    ends.there.clean()
    assert running.migrate(ends.there.conn, ends.flags("LIVE"), None, where, 0).state() == RAN


def test_a_uri_needs_peer2peer(ends: Ends, running: Any) -> None:
    """QEMU's driver does not know direct migration."""
    message = "argument unsupported: direct migration is not supported by the source host"
    error = outcome(ends.here, lambda: running.migrateToURI3(ends.uri, ends.params, 1))
    assert error == (UNSUPPORTED_ARGUMENT, DOMAIN, message)


def test_completed_job(ends: Ends, running: Any) -> None:
    """Both ends keep the numbers of the job that is over."""
    moved = ends.move(running, "LIVE")
    completed = ends.here.constant("DOMAIN_JOB_STATS_COMPLETED")
    keep = completed | ends.here.constant("DOMAIN_JOB_STATS_KEEP_COMPLETED")
    out, arrived = running.jobStats(keep), moved.jobStats(keep)
    assert out["type"] == arrived["type"] == ends.here.constant("DOMAIN_JOB_COMPLETED")
    assert out["operation"] == ends.here.constant("DOMAIN_JOB_OPERATION_MIGRATION_OUT")
    assert arrived["operation"] == ends.here.constant("DOMAIN_JOB_OPERATION_MIGRATION_IN")
    assert out["memory_remaining"] == 0
    assert {"downtime", "memory_total", "memory_processed", "time_elapsed"} <= set(out)
    running.jobStats(completed)
    assert running.jobStats(completed) == {"type": 0}


def test_limits(ends: Ends, running: Any) -> None:
    """Speed in MiB/s, downtime in ms, the cache in bytes: read as they were set."""
    assert running.migrateGetMaxDowntime() == 300
    running.migrateSetMaxSpeed(10)
    assert running.migrateGetMaxSpeed() == 10
    assert running.migrateGetMaxSpeed(ends.here.constant("DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY")) == 0
    running.migrateSetCompressionCache(1 << 26)
    assert running.migrateGetCompressionCache() == 1 << 26


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("abortJob", "no job is active on the domain"),
        ("migrateStartPostCopy", "post-copy can only be started while outgoing migration is in progress"),
    ],
)
def test_nothing_is_under_way(ends: Ends, running: Any, call: str, message: str) -> None:
    """No job to steer."""
    error = outcome(ends.here, getattr(running, call))
    assert error == (INVALID, QEMU, f"Requested operation is not valid: {message}")
