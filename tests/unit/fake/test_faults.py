"""Calls fail, take long or lose their connection on demand; hosts die; from outside the process too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit import clock
from virtkit.fake import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.fake.conftest import Timeline


@pytest.fixture
def domain(conn: Any) -> Any:
    """A domain that runs."""
    domain = conn.defineXML(domain_xml())
    domain.create()
    return domain


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment, to set VIRTKIT_FAKE_* in."""
    yield monkeypatch
    libvirt.reset()


def _code(call: Any) -> int | None:
    try:
        call()
    except libvirt.libvirtError as error:
        found: int | None = error.get_error_code()
        return found
    return None


# lost connections


@pytest.mark.parametrize(("drop", "state"), [("before", 1), ("after", 3)])
def test_lost_connection(conn: Any, domain: Any, drop: str, state: int) -> None:
    """The caller cannot tell whether the call took effect; the connection is gone, the host is not."""
    heard: list[int] = []
    conn.registerCloseCallback(lambda _conn, reason, _opaque: heard.append(reason), None)
    libvirt.host("one").faults.add("suspend", drop=drop, times=1)
    text = "End of file while reading data: Input/output error"
    with pytest.raises(libvirt.libvirtError) as caught:
        domain.suspend()
    assert caught.value.err == (38, 7, text, 2, "%s", text, None, 5, -1)
    assert (conn.isAlive(), heard) == (0, [libvirt.VIR_CONNECT_CLOSE_REASON_ERROR])
    assert libvirt.open("fake:///one").lookupByName("web").state()[0] == state


def test_connection_lost_after_a_migration(conn: Any, other: Any, domain: Any, held: Timeline) -> None:
    """However many looks at the host the call takes: it is done first."""
    libvirt.host("one").faults.add("migrateToURI3", drop="after")
    flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER
    with pytest.raises(libvirt.libvirtError, match="End of file"):
        domain.migrateToURI3("fake:///two", {}, flags)
    assert other.lookupByName("web").isActive() == 1
    assert libvirt.open("fake:///one").lookupByName("web").isActive() == 0


def test_faults_on_other_objects(conn: Any) -> None:
    """Networks, pools and connections suffer by the same names."""
    strikes = libvirt.host("one").faults
    strikes.add("virNetworkDestroy", libvirt.VIR_ERR_OPERATION_FAILED)
    strikes.add("listAllStoragePools", libvirt.VIR_ERR_INTERNAL_ERROR)
    network = conn.networkLookupByName("default")
    assert _code(network.destroy) == libvirt.VIR_ERR_OPERATION_FAILED
    assert _code(conn.listAllStoragePools) == libvirt.VIR_ERR_INTERNAL_ERROR
    strikes.clear()
    strikes.add("destroy", libvirt.VIR_ERR_OPERATION_FAILED, domain="default")
    assert _code(network.destroy) == libvirt.VIR_ERR_OPERATION_FAILED


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"call": "fly"}, "no call 'fly'"),
        ({"call": "creat"}, "no call 'creat': did you mean 'create'"),
        ({"call": 3}, "no call 3"),
        ({"call": "UUIDString"}, "'UUIDString' does not ask the host: no fault meets it"),
        ({"call": "suspend", "drop": "never"}, "drop='never': expected before or after"),
        ({"call": "suspend", "nth": 0}, "nth=0: expected a whole number of at least 1"),
        ({"call": "suspend", "times": 1.5}, "times=1.5: expected a whole number"),
        ({"call": "suspend", "delay": -1}, "delay=-1: .* not negative"),
        ({"call": "suspend", "delay": "soon"}, "delay='soon': expected a number of seconds"),
        ({"call": "suspend", "code": 99999}, "code=99999: expected the name or number of a VIR_ERR_"),
        ({"call": "suspend", "code": "NO_DOMIAN"}, "no such error: did you mean 'NO_DOMAIN'"),
        ({"call": "suspend", "source": 4711}, "source=4711: expected a VIR_FROM_"),
        ({"call": "suspend", "domain": 3}, "domain=3: expected a text"),
    ],
)
def test_faults_that_cannot_be(arguments: dict[str, Any], words: str) -> None:
    """A call that libvirt does not have would never fail: better to say so."""
    with pytest.raises(ValueError, match=words):
        libvirt.host("one").faults.add(**arguments)


# hosts that die


def test_a_host_dies_and_comes_back(conn: Any, domain: Any) -> None:
    """Who was connected is not, nobody gets in; what ran is off then, but for what starts by itself."""
    domain.setAutostart(1)
    other = conn.defineXML(domain_xml("db"))
    other.create()
    conn.createXML(domain_xml("passing"), 0)
    host = libvirt.host("one")
    host.die()
    with pytest.raises(libvirt.libvirtError, match="client socket is closed"):
        other.state()
    with pytest.raises(libvirt.libvirtError, match="unable to connect to server at 'one:16509'") as caught:
        libvirt.open("fake:///one")
    assert caught.value.get_error_code() == libvirt.VIR_ERR_SYSTEM_ERROR
    host.revive()
    found = {each.name(): each.state() for each in libvirt.open("fake:///one").listAllDomains()}
    assert found == {"web": [1, 1], "db": [5, 0]}


def test_only_libvirt_dies(conn: Any, domain: Any) -> None:
    """Guests run on."""
    host = libvirt.host("one")
    host.die(guests=False)
    host.revive()
    assert libvirt.open("fake:///one").lookupByName("web").state() == [1, 1]


def test_networks_and_pools_of_a_host_that_died(conn: Any) -> None:
    """Those that start with the host start with it."""
    xml = "<network><name>other</name></network>"
    conn.networkDefineXML(xml).create()
    host = libvirt.host("one")
    host.die()
    host.revive()
    conn = libvirt.open("fake:///one")
    assert conn.networkLookupByName("default").isActive() == 1
    assert conn.networkLookupByName("other").isActive() == 0


def test_migration_to_a_dead_host(conn: Any, other: Any, domain: Any, held: Timeline) -> None:
    """The guest stays where it is."""
    libvirt.host("two").die()
    flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER
    with pytest.raises(libvirt.libvirtError, match="unable to connect to server at 'two"):
        domain.migrateToURI3("fake:///two", {}, flags)
    assert domain.state() == [1, 1]


# text


def test_text_of_a_fault() -> None:
    """Names of errors with or without their prefix, numbers, and words with spaces."""
    fault = faults.read("migrateToURI3:code=OPERATION_FAILED,nth=3,times=1,message=no luck today,domain=web")
    assert (fault.call, fault.code, fault.nth, fault.times) == ("migrateToURI3", 9, 3, 1)
    assert (fault.message, fault.domain) == ("no luck today", "web")
    assert faults.read("create").code == libvirt.VIR_ERR_INTERNAL_ERROR
    assert faults.read("create:code=VIR_ERR_NO_DOMAIN").code == 42
    assert (faults.read("create:delay=2").code, faults.read("create:delay=2,code=9").code) == (None, 9)
    assert faults.read("migrate:finish:drop=after").call == "migrate:finish"
    assert [each.call for each in faults.read_all("create; *:delay=1 ;")] == ["create", "*"]
    spaced = faults.read(" migrate : perform : code = 9 , times = none ")
    assert (spaced.call, spaced.code, spaced.times) == ("migrate:perform", 9, None)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("speed=3", "the URI of a fake host has no 'speed': it has clock, fault, memory"),
        ("acpi=maybe", "acpi='maybe': expected yes or no"),
        ("boot_time=soon", "boot_time='soon': expected a number"),
        ("boot_time=-1", "not negative"),
        ("memory=lots", "memory='lots'"),
        ("cpu=3", "no 'cpu' .did you mean 'cpus'"),
        ("sockets=many", "sockets='many': expected a whole number of at least 1"),
        ("sockets=-1", "sockets='-1': expected a whole number of at least 1"),
        ("cpus=4", "cpus is there twice"),
        ("interface_backend=ifupdown", "expected one of udev, netcf"),
        ("fault=fly", "no call 'fly'"),
        ("fault=create:code=WHAT", "code='WHAT': libvirt has no such error"),
        ("fault=create:colour=red", "'colour=red' is none of code, message"),
        ("fault=creat:nth=2", "fault 'creat:nth=2': libvirt has no call 'creat': did you mean 'create'"),
        ("fault=create%20nth=2", "'create nth=2' is no call: a fault is CALL or CALL:KEY=VALUE"),
        ("fault=create:nth=x", "nth='x': expected a whole number"),
        ("fault=create:nth=1,nth=2", "nth is there twice"),
        ("fault=migrate:fly", "'fly' is none of"),
        ("fault=!", "'!' is no call: a fault is CALL or CALL:KEY=VALUE"),
        ("clock=fast", "expected real, held, or a scale such as 100x"),
        ("acpi", "bad query field"),
    ],
)
def test_queries_that_mean_nothing(query: str, words: str) -> None:
    """The URI is refused, with what would have been understood; nothing of it is set."""
    with pytest.raises(libvirt.libvirtError, match=words) as caught:
        libvirt.open(f"fake:///one?cpus=3&{query}")
    assert caught.value.get_error_code() == libvirt.VIR_ERR_INVALID_ARG
    assert libvirt.host("one").cpus == 16


def test_query() -> None:
    """Of the URI: the host is so from then on, for who opens it without a query too."""
    conn = libvirt.open(
        "fake:///one?cpus=4&memory=8GiB&boot_time=30&acpi=no&unplug=net0,net1&bandwidth=10MiB"
    )
    assert conn.getInfo()[1:3] == [8192, 4]
    host = libvirt.host("one")
    assert (host.guest.boot_time, host.guest.acpi, host.guest.unplug) == (30.0, False, ["net0", "net1"])
    assert host.bandwidth == 10 << 20
    assert libvirt.open("fake:///one").getInfo()[2] == 4


def test_fault_in_the_query_strikes_once_however_often_it_is_given() -> None:
    """A program may open the URI again and again: the calls are counted on."""
    uri = "fake:///one?fault=create:code=9,nth=2,times=1"
    domain = libvirt.open(uri).defineXML(domain_xml())
    codes = []
    for _ in range(3):
        again = libvirt.open(uri).lookupByName(domain.name())
        codes.append(_code(again.create))
        if again.isActive():
            again.destroy()
    assert codes == [None, 9, None]


def test_faults_of_the_environment(environment: pytest.MonkeyPatch) -> None:
    """On every host that is opened."""
    environment.setenv("VIRTKIT_FAKE_FAULTS", "suspend:code=OPERATION_FAILED; open:nth=2")
    domain = libvirt.open("fake:///one").createXML(domain_xml(), 0)
    assert _code(domain.suspend) == libvirt.VIR_ERR_OPERATION_FAILED
    with pytest.raises(libvirt.libvirtError, match="fault on demand"):
        libvirt.open("fake:///one")
    environment.setenv("VIRTKIT_FAKE_FAULTS", "nonsense")
    with pytest.raises(libvirt.libvirtError, match="no call 'nonsense'"):
        libvirt.open("fake:///two")


def test_clock_of_the_environment(environment: pytest.MonkeyPatch) -> None:
    """Scaled or held; a test that holds the clock has the last word."""
    environment.setenv("VIRTKIT_FAKE_CLOCK", "100x")
    libvirt.open("fake:///one")
    now = clock.current()
    assert isinstance(now, clock.ScaledClock)
    assert now.factor == 100
    with pytest.raises(libvirt.libvirtError, match="this process's clock is 100x already"):
        libvirt.open("fake:///two?clock=held")
    libvirt.reset()
    assert isinstance(clock.current(), clock.SystemClock)
    environment.setenv("VIRTKIT_FAKE_CLOCK", "held")
    libvirt.open("fake:///one")
    assert isinstance(clock.current(), clock.VirtualClock)


def test_a_test_holds_the_clock(held: Timeline) -> None:
    """What is asked for from outside does not take it away."""
    before = clock.current()
    libvirt.open("fake:///one?clock=100x")
    assert clock.current() is before


# other processes

_PROGRAM = """
import json, sys
import virtkit.fake as libvirt
from virtkit import clock
libvirt.registerErrorHandler(lambda context, error: None, None)
codes = []
try:
    conn = libvirt.open(sys.argv[1])
    for call in sys.argv[2:]:
        try:
            getattr(conn.lookupByName("web"), call)()
            codes.append(None)
        except libvirt.libvirtError as error:
            codes.append(error.get_error_code())
    host = libvirt.host(sys.argv[1])
    print(json.dumps([codes, host.guest.boot_time, type(clock.current()).__name__]))
except libvirt.libvirtError as error:
    print(json.dumps(str(error)))
"""


def _elsewhere(uri: str, *calls: str, **environment: str) -> Any:
    """Return what happens when another process makes *calls* on the domain of the host at *uri*."""
    command = [sys.executable, "-c", _PROGRAM, uri, *calls]
    ran = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return json.loads(ran.stdout)


def test_settings_of_a_file_hold_in_other_processes(db: str) -> None:
    """Faults and manners are the file's; faults are counted across processes."""
    domain = libvirt.open(db).defineXML(domain_xml())
    host = libvirt.host(db)
    host.guest.boot_time = 7.5
    host.faults.add("create", libvirt.VIR_ERR_OPERATION_FAILED, nth=2, times=1)
    assert _code(domain.create) is None
    domain.destroy()
    assert _elsewhere(db, "create", "create") == [[9, None], 7.5, "SystemClock"]
    assert domain.isActive() == 1
    host.faults.clear()
    with pytest.raises(AttributeError, match="no 'colour'"):
        host.guest.colour = "red"  # type: ignore[attr-defined]


def test_a_file_host_dies_for_all(db: str) -> None:
    """Whichever process had it die."""
    libvirt.open(db).defineXML(domain_xml()).create()
    libvirt.host(db).die()
    assert "Connection refused" in _elsewhere(db)
    libvirt.host(db).revive()
    assert _elsewhere(db, "create")[0] == [None]


def test_a_files_clock_is_everybodys(db: str) -> None:
    """Who comes later, and asks for none, has it too."""
    libvirt.open(f"{db}?clock=50x").defineXML(domain_xml())
    assert _elsewhere(db)[2] == "ScaledClock"
    assert "the file's clock is 50x already" in _elsewhere(f"{db}?clock=2x")


def test_environment_of_another_process(db: str) -> None:
    """As a command line or a playbook would run."""
    libvirt.open(db).defineXML(domain_xml())
    found = _elsewhere(
        db, "create", VIRTKIT_FAKE_FAULTS="create:code=OPERATION_FAILED", VIRTKIT_FAKE_CLOCK="held"
    )
    assert (found[0], found[2]) == ([9], "VirtualClock")
    assert _elsewhere(db, "create")[0] == [None]


def test_faults_are_counted_in_the_file(db: str) -> None:
    """A fault that was counted stays counted."""
    libvirt.open(db).defineXML(domain_xml())
    libvirt.host(db).faults.add("suspend", nth=3)
    assert _elsewhere(db, "create", "suspend", "resume", "suspend", "resume", "suspend")[0] == [
        None, None, None, None, None, libvirt.VIR_ERR_INTERNAL_ERROR
    ]  # fmt: skip


def test_a_fault_of_registering(conn: Any) -> None:
    """A program that cannot listen hears of it."""
    libvirt.virEventRegisterDefaultImpl()
    libvirt.host("one").faults.add("domainEventRegisterAny", code="NO_SUPPORT", times=1)
    listen = [None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda *_: None, None]
    assert _code(lambda: conn.domainEventRegisterAny(*listen)) == libvirt.VIR_ERR_NO_SUPPORT
    assert conn.domainEventRegisterAny(*listen) >= 0


def test_a_code_by_its_name(domain: Any) -> None:
    """As in the environment: the error has the number. A name that libvirt lacks is refused."""
    host = libvirt.host("one")
    for name in ("OPERATION_FAILED", "VIR_ERR_OPERATION_FAILED"):
        host.faults.clear()
        host.faults.add("suspend", code=name)
        assert _code(domain.suspend) == libvirt.VIR_ERR_OPERATION_FAILED
    with pytest.raises(ValueError, match="'NOPE': libvirt has no such error"):
        host.faults.add("suspend", code="NOPE")
