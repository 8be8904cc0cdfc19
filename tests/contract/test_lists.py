"""Lists of domains, and their filters. No test changes a domain: all see the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import MARKER

if TYPE_CHECKING:
    from tests.contract.driver import Driver


def ours(driver: Driver, domains: list[Any]) -> set[str]:
    """Return the names of the tests' own domains."""
    names = {domain.name() for domain in domains}
    found = {name.removeprefix(driver.named("")) for name in names if name.startswith(driver.named(""))}
    return found - {MARKER}


@pytest.fixture(scope="module")
def conn(driver: Driver) -> Any:
    """A connection to a host with a domain that is off, a running, a paused, a transient, a saved one."""
    driver.clean()
    conn = driver.conn
    conn.defineXML(driver.xml("off"))
    conn.defineXML(driver.xml("running")).create()
    paused = conn.defineXML(driver.xml("paused"))
    paused.create()
    paused.suspend()
    conn.createXML(driver.xml("transient"), 0)
    saved = conn.defineXML(driver.xml("saved"))
    saved.setAutostart(1)
    saved.create()
    saved.managedSave()
    return conn


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ([], "off running paused transient saved"),
        (["ACTIVE"], "running paused transient"),
        (["INACTIVE"], "off saved"),
        (["ACTIVE", "INACTIVE"], "off running paused transient saved"),
        (["PERSISTENT"], "off running paused saved"),
        (["TRANSIENT"], "transient"),
        (["RUNNING"], "running transient"),
        (["PAUSED"], "paused"),
        (["SHUTOFF"], "off saved"),
        (["OTHER"], ""),
        (["PAUSED", "SHUTOFF"], "paused off saved"),
        (["MANAGEDSAVE"], "saved"),
        (["NO_MANAGEDSAVE"], "off running paused transient"),
        (["AUTOSTART"], "saved"),
        (["NO_AUTOSTART"], "off running paused transient"),
        (["NO_SNAPSHOT"], "off running paused transient saved"),
        (["HAS_SNAPSHOT"], ""),
        (["ACTIVE", "TRANSIENT", "RUNNING"], "transient"),
        (["INACTIVE", "RUNNING"], ""),
    ],
    ids=str,
)
def test_filters(driver: Driver, conn: Any, flags: list[str], names: str) -> None:
    """Filters are ORed within a group, ANDed between groups."""
    bits = sum(driver.constant(f"CONNECT_LIST_DOMAINS_{flag}") for flag in flags)
    assert ours(driver, conn.listAllDomains(bits)) == set(names.split())


def test_old_lists(driver: Driver, conn: Any) -> None:
    """IDs of what runs, names of what does not, and their numbers."""
    active = {conn.lookupByID(number).name() for number in conn.listDomainsID()}
    assert {driver.named("running"), driver.named("paused"), driver.named("transient")} <= active
    assert {driver.named("off"), driver.named("saved")} <= set(conn.listDefinedDomains())
    assert conn.numOfDomains() == len(conn.listDomainsID())
    assert conn.numOfDefinedDomains() == len(conn.listDefinedDomains())
