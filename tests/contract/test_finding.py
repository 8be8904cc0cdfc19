"""Look-ups, and what lists refuse."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from tests.contract.driver import Driver

_NOWHERE = "11111111-1111-1111-1111-111111111111"


def test_unknown_filter(driver: Driver, conn: Any) -> None:
    """An unknown flag is an invalid argument of the driver's function."""
    prefix = expected(driver, "function prefix", "qemu")
    message = f"unsupported flags (0x40000000) in function {prefix}ConnectListAllDomains"
    assert outcome(driver, lambda: conn.listAllDomains(1 << 30)) == (8, driver.source, message)


def test_look_up(driver: Driver, conn: Any, domain: Any) -> None:
    """By name, by UUID as text and as bytes: each time another object for the same domain."""
    identity = driver.uuid()
    found = [
        conn.lookupByName(driver.named()),
        conn.lookupByUUIDString(identity),
        conn.lookupByUUID(uuid.UUID(identity).bytes),
    ]
    assert {each.UUIDString() for each in found} == {identity}
    assert all(each is not domain for each in found)
    assert all(each.connect() is conn for each in found)
    assert domain.UUID() == uuid.UUID(identity).bytes


@pytest.mark.parametrize(
    ("method", "argument", "key", "detail"),
    [
        ("lookupByName", "nobody", "lookup by name", "no domain with matching name 'nobody'"),
        ("lookupByID", 123456, "lookup by id", "no domain with matching id 123456"),
        ("lookupByUUIDString", _NOWHERE, "lookup by uuid", f"no domain with matching uuid '{_NOWHERE}'"),
    ],
)
def test_not_found(driver: Driver, conn: Any, method: str, argument: Any, key: str, detail: str) -> None:
    """Code 42, from the driver."""
    error = outcome(driver, lambda: getattr(conn, method)(argument))
    text = expected(driver, key, f"Domain not found: {detail}")
    assert error == (driver.constant("ERR_NO_DOMAIN"), driver.source, text)


def test_invalid_uuid(driver: Driver, conn: Any) -> None:
    """What is no UUID is an invalid argument, found before any driver is asked."""
    assert outcome(driver, lambda: conn.lookupByUUIDString("nothing")) == (8, 20, "Invalid UUID")


def test_none_for_a_name(driver: Driver, conn: Any) -> None:
    """None is refused by libvirt, another type by the binding."""
    error = outcome(driver, lambda: conn.lookupByName(None))
    assert error == (8, 20, "name in virDomainLookupByName must not be NULL")
    with pytest.raises(TypeError, match="must be str or None, not int"):
        conn.lookupByName(5)
