"""The events of each operation, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder


def test_define(driver: Driver, conn: Any, events: Recorder) -> None:
    """Added, then updated."""
    conn.defineXML(driver.xml())
    conn.defineXML(driver.xml())
    assert events.names() == ["DEFINED_ADDED", "DEFINED_UPDATED"]


def test_define_over_a_transient_domain(driver: Driver, conn: Any, transient: Any, events: Recorder) -> None:
    """A transient domain that is defined gets its first definition."""
    assert transient.isPersistent() == 0
    conn.defineXML(driver.xml())
    assert events.names() == ["DEFINED_ADDED"]


@pytest.mark.parametrize(
    ("operation", "state", "names"),
    [
        ("create", "domain", ["RESUMED_UNPAUSED", "STARTED_BOOTED"]),
        ("destroy", "running", ["SHUTDOWN_HOST", "STOPPED_DESTROYED"]),
        ("suspend", "running", ["SUSPENDED_PAUSED"]),
        ("resume", "paused", ["RESUMED_UNPAUSED"]),
        ("undefine", "domain", ["UNDEFINED_REMOVED"]),
        ("undefine", "running", ["UNDEFINED_REMOVED"]),
    ],
)
def test_operation(
    driver: Driver,
    request: pytest.FixtureRequest,
    events: Recorder,
    operation: str,
    state: str,
    names: list[str],
) -> None:
    """What an operation tells."""
    domain = request.getfixturevalue(state)
    events.clear()
    getattr(domain, operation)()
    assert events.names() == expected(driver, f"events of {operation}", names)


def test_suspending_a_paused_domain_tells_nothing(driver: Driver, paused: Any, events: Recorder) -> None:
    """Whether it is refused or not."""
    outcome(driver, paused.suspend)
    assert events.names() == []


def test_rename(domain: Any, events: Recorder) -> None:
    """Undefined under the old name, defined under the new one."""
    domain.rename("contract-renamed")
    assert events.names() == ["UNDEFINED_RENAMED", "DEFINED_RENAMED"]


def test_save_and_restore(driver: Driver, conn: Any, running: Any, events: Recorder, tmp_path: Path) -> None:
    """The CPUs stop, the domain stops; it starts, the CPUs start."""
    image = str(tmp_path / "image")
    running.save(image)
    assert events.names() == expected(driver, "events of save", ["SUSPENDED_PAUSED", "STOPPED_SAVED"])
    events.clear()
    conn.restore(image)
    assert events.names() == expected(
        driver, "events of restore", ["STARTED_RESTORED", "RESUMED_FROM_SNAPSHOT"]
    )


def test_managed_save_and_start(driver: Driver, running: Any, events: Recorder) -> None:
    """The next start goes on from the image."""
    running.managedSave()
    assert events.names() == expected(driver, "events of save", ["SUSPENDED_PAUSED", "STOPPED_SAVED"])
    events.clear()
    running.create()
    assert events.names() == expected(
        driver, "events of a saved start", ["STARTED_RESTORED", "RESUMED_FROM_SNAPSHOT"]
    )


def test_metadata(driver: Driver, domain: Any, events: Recorder) -> None:
    """Each change tells its kind and its namespace."""
    title, element = driver.constant("DOMAIN_METADATA_TITLE"), driver.constant("DOMAIN_METADATA_ELEMENT")
    domain.setMetadata(title, "A title", None, None, 0)
    domain.setMetadata(element, "<tag/>", "key", "urn:tests", 0)
    assert events.names() == [
        ("METADATA_CHANGE", title, None),
        ("METADATA_CHANGE", element, "urn:tests"),
    ]


def test_create_xml(driver: Driver, conn: Any, events: Recorder) -> None:
    """A transient domain starts; no definition is told."""
    conn.createXML(driver.xml(), 0)
    assert events.names() == expected(driver, "events of createXML", ["RESUMED_UNPAUSED", "STARTED_BOOTED"])


def test_callback_for_one_domain(driver: Driver, conn: Any, domain: Any, events: Recorder) -> None:
    """It gets that domain's events only."""
    other = conn.defineXML(driver.xml("two"))
    seen: list[Any] = []
    number = conn.domainEventRegisterAny(
        domain,
        driver.constant("DOMAIN_EVENT_ID_LIFECYCLE"),
        lambda _conn, dom, _event, _detail, opaque: seen.append((dom.name(), opaque)),
        "mine",
    )
    other.create()
    domain.create()
    events.names()
    conn.domainEventDeregisterAny(number)
    assert set(seen) == {(driver.named(), "mine")}


def test_event_has_the_connection_and_a_domain(
    driver: Driver, conn: Any, domain: Any, events: Recorder
) -> None:
    """The callback gets the very connection, and a new domain with the id of that moment."""
    seen: list[Any] = []
    number = conn.domainEventRegisterAny(
        domain,
        driver.constant("DOMAIN_EVENT_ID_LIFECYCLE"),
        lambda own, dom, event, _detail, _opaque: seen.append((own, dom, dom.ID(), event)),
        None,
    )
    domain.create()
    events.names()
    conn.domainEventDeregisterAny(number)
    own, told, number, _ = next(each for each in seen if each[3] == 2)
    assert own is conn
    assert told is not domain
    assert (told.UUIDString(), number) == (domain.UUIDString(), domain.ID())


def test_second_callback_for_the_same_events(
    driver: Driver,
    conn: Any,
    events: Recorder,
) -> None:
    """One connection takes one Python callback for an event and a domain (or all): others are refused."""
    lifecycle = driver.constant("DOMAIN_EVENT_ID_LIFECYCLE")
    error = outcome(driver, lambda: conn.domainEventRegisterAny(None, lifecycle, print, None))
    assert error == (8, 0, "invalid argument: event callback already tracked")


def test_old_style_callback(driver: Driver, conn: Any, domain: Any, events: Recorder) -> None:
    """domainEventRegister hears of lifecycle events until it is deregistered."""
    seen: list[int] = []

    def hear(_conn: Any, _domain: Any, event: int, _detail: int, _opaque: Any) -> None:
        seen.append(event)

    assert conn.domainEventRegister(hear, None) is None
    domain.create()
    events.names()
    conn.domainEventDeregister(hear)
    count = len(seen)
    assert 2 in seen
    domain.destroy()
    events.names()
    assert len(seen) == count
    assert driver.errors == []


def test_unknown_callback(driver: Driver, conn: Any) -> None:
    """Deregistering what is not registered is an invalid argument."""
    error = outcome(driver, lambda: conn.domainEventDeregisterAny(999))
    text = "invalid argument: event callback id 999 not registered"
    assert error is not None
    assert (error[0], error[2]) == (8, expected(driver, "no such callback", text))


@pytest.mark.parametrize(("operation", "state"), [("destroy", "running"), ("destroy", "transient")])
def test_id_of_a_domain_that_stopped(
    driver: Driver, request: pytest.FixtureRequest, conn: Any, events: Recorder, operation: str, state: str
) -> None:
    """It has none any more."""
    domain = request.getfixturevalue(state)
    before, seen = domain.ID(), []

    def hear(_conn: Any, told: Any, event: int, _detail: int, _opaque: Any) -> None:
        if event == driver.constant("DOMAIN_EVENT_STOPPED"):
            seen.append("as before" if told.ID() == before else told.ID())

    number = conn.domainEventRegisterAny(domain, driver.constant("DOMAIN_EVENT_ID_LIFECYCLE"), hear, None)
    getattr(domain, operation)()
    events.names()
    conn.domainEventDeregisterAny(number)
    assert seen == [expected(driver, f"id of a {state} domain that stopped", -1)]


def test_old_style_callbacks(driver: Driver, conn: Any, domain: Any, events: Recorder) -> None:
    """The same function twice is one, with the newer opaque; several hear in the order they came."""
    seen: list[Any] = []

    def one(_conn: Any, _domain: Any, event: int, _detail: int, opaque: Any) -> None:
        seen.append(("one", event, opaque))

    def two(_conn: Any, _domain: Any, event: int, _detail: int, opaque: Any) -> None:
        seen.append(("two", event, opaque))

    for hear, opaque in ((one, 1), (two, 2), (one, 3)):
        conn.domainEventRegister(hear, opaque)
    domain.undefine()
    events.names()
    conn.domainEventDeregister(one)
    conn.domainEventDeregister(two)
    conn.domainEventDeregister(two)  # when none is left, any is forgotten
    assert seen == [("one", 1, 3), ("two", 1, 2)]


def test_old_style_callback_that_is_unknown(conn: Any, events: Recorder) -> None:
    """Nothing happens while there is none; else it is a mistake."""
    conn.domainEventDeregister(len)
    conn.domainEventRegister(print, None)
    with pytest.raises(KeyError):
        conn.domainEventDeregister(len)
    conn.domainEventDeregister(print)


@pytest.mark.parametrize("number", [-1, 99])
def test_unknown_kind_of_event(driver: Driver, conn: Any, events: Recorder, number: int) -> None:
    """The binding has no callback for it, and no error to tell."""
    with pytest.raises(driver.module.libvirtError, match=r"^virConnectDomainEventRegisterAny\(\) failed$"):
        conn.domainEventRegisterAny(None, number, print, None)
