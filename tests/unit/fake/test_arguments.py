"""What is refused before a driver sees the call: types, values, flags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from virtkit import fake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT = "must be str or None, not int"


@pytest.fixture
def conn() -> Iterator[Any]:
    """The default host of the test driver."""
    fake.registerErrorHandler(lambda *_: None, None)
    with fake.open("test:///default") as conn:
        yield conn
    fake.registerErrorHandler(None, None)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda conn: conn.defineXML(1), TypeError, f"virDomainDefineXML() argument 2 {TEXT}"),
        (lambda conn: conn.lookupByID("1"), TypeError, "'str' object cannot be interpreted as an integer"),
        (lambda conn: conn.lookupByID(1 << 40), OverflowError, "signed integer is greater than maximum"),
        (lambda conn: conn.lookupByID(-1 << 40), OverflowError, "signed integer is less than minimum"),
        (lambda conn: conn.lookupByID(1 << 70), OverflowError, "Python int too large to convert to C long"),
        (lambda conn: conn.lookupByName("a\0b"), ValueError, "embedded null character"),
        (
            lambda conn: conn.lookupByName(),
            TypeError,
            "virConnect.lookupByName() missing 1 required positional argument: 'name'",
        ),
        (
            lambda conn: conn.lookupByName(nam="x"),
            TypeError,
            "virConnect.lookupByName() got an unexpected keyword argument 'nam'",
        ),
    ],
)
def test_types_are_checked_as_the_binding_does(
    conn: Any, call: Callable[[Any], Any], kind: type[Exception], message: str
) -> None:
    """The exception and its words are those of libvirt-python."""
    with pytest.raises(kind) as caught:
        call(conn)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (
            lambda conn: conn.defineXML(None),
            (8, 20, "xml in virDomainDefineXML must not be NULL", 2, "virDomainDefineXML", "xml", None, 0, 0),
        ),
        (
            lambda conn: conn.lookupByName("test").setMemory(0),
            (
                8,
                20,
                "memory in virDomainSetMemory must not be zero",
                2,
                "virDomainSetMemory",
                "memory",
                None,
                0,
                0,
            ),
        ),
        (
            lambda conn: conn.lookupByName("test").rename(""),
            (
                8,
                20,
                "string new_name in virDomainRename must not be empty",
                2,
                "virDomainRename",
                "new_name",
                None,
                0,
                0,
            ),
        ),
        (
            lambda conn: conn.lookupByName("test").createWithFlags(1 << 30),
            (
                8,
                12,
                "unsupported flags (0x40000000) in function testDomainCreateWithFlags",
                2,
                "testDomainCreateWithFlags",
                "flags",
                None,
                0,
                0,
            ),
        ),
    ],
)
def test_values_are_checked_as_libvirt_does(
    conn: Any, call: Callable[[Any], Any], error: tuple[Any, ...]
) -> None:
    """All nine parts of the error are libvirt's."""
    with pytest.raises(fake.libvirtError) as caught:
        call(conn)
    assert caught.value.err == error


def test_flags_are_checked_before_the_domain_is_looked_for(conn: Any) -> None:
    """As in the drivers: the flags of a call on something that is gone are refused first."""
    domain = conn.lookupByName("test")
    domain.destroy()
    domain.undefine()
    with pytest.raises(fake.libvirtError, match="unsupported flags"):
        domain.createWithFlags(1 << 30)


def test_what_the_driver_lacks_is_no_support(conn: Any) -> None:
    """Whether the fake models it for another driver or not."""
    with pytest.raises(fake.libvirtError) as caught:
        conn.lookupByName("test").attachDevice("<disk/>")
    assert not isinstance(caught.value, fake.NotModelled)
    assert caught.value.get_error_code() == fake.VIR_ERR_NO_SUPPORT
