"""Secrets: what is kept of them, who may read it, and what is told."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

SECRET, XML, ARGUMENT, INTERNAL = 30, 27, 8, 1
_MISMATCH = """(definition_of_secret):2: Opening and ending tag mismatch: a line 2 and secret
<a></secret>
------------^"""
_NOWHERE = "99999999-1111-1111-1111-111111111111"


@pytest.fixture(autouse=True)
def _no_secrets(driver: Driver) -> Iterator[None]:
    """Every test begins and ends without secrets."""
    if driver.family == "qemu":
        _clean(driver)
    yield
    if driver.family == "qemu":
        _clean(driver)


def _clean(driver: Driver) -> None:
    for secret in driver.conn.listAllSecrets():
        secret.undefine()


@pytest.fixture
def conn(driver: Driver) -> Any:
    """A connection to a driver that has secrets."""
    if driver.family == "test":
        pytest.skip("libvirt's test driver has no secrets")
    return driver.conn


def document(
    driver: Driver,
    name: str = "one",
    usage: str = "<usage type='ceph'><name>one</name></usage>",
    *,
    private: str = "no",
    ephemeral: str = "no",
    inner: str = "",
) -> str:
    """Return a secret's document."""
    identity = driver.uuid(name)
    return (
        f"<secret ephemeral='{ephemeral}' private='{private}'><uuid>{identity}</uuid>{inner}{usage}</secret>"
    )


@pytest.fixture
def secret(driver: Driver, conn: Any) -> Any:
    """A secret that everybody may read, with no value yet."""
    return conn.secretDefineXML(document(driver))


@pytest.mark.parametrize(
    ("method", "arguments", "function"),
    [
        ("listAllSecrets", (), "virConnectListAllSecrets"),
        ("listSecrets", (), "virConnectNumOfSecrets"),
        ("numOfSecrets", (), "virConnectNumOfSecrets"),
        ("secretDefineXML", ("<secret/>",), "virSecretDefineXML"),
        ("secretLookupByUUIDString", (_NOWHERE,), "virSecretLookupByUUID"),
        ("secretLookupByUsage", (2, "one"), "virSecretLookupByUsage"),
    ],
)
def test_a_driver_without_secrets(
    driver: Driver, method: str, arguments: tuple[Any, ...], function: str
) -> None:
    """The test driver says so of each call."""
    if driver.family == "qemu":
        pytest.skip("QEMU's driver has them")
    message = f"this function is not supported by the connection driver: {function}"
    assert outcome(driver, lambda: getattr(driver.conn, method)(*arguments)) == (3, SECRET, message)


def test_document(driver: Driver, conn: Any) -> None:
    """What was said is printed in libvirt's order; unknown elements go."""
    given = document(driver, inner='<bogus/><description>de &lt; "q" \'s</description>')
    assert conn.secretDefineXML(given).XMLDesc() == (
        "<secret ephemeral='no' private='no'>\n"
        f"  <uuid>{driver.uuid()}</uuid>\n"
        "  <description>de &lt; &quot;q&quot; &apos;s</description>\n"
        "  <usage type='ceph'>\n    <name>one</name>\n  </usage>\n"
        "</secret>\n"
    )


@pytest.mark.parametrize(
    ("usage", "number", "identity"),
    [
        ("", 0, ""),
        ("<usage type='none'/>", 0, ""),
        ("<usage type='volume'><volume>/a/b</volume></usage>", 1, "/a/b"),
        ("<usage type='ceph'><name>c</name></usage>", 2, "c"),
        ("<usage type='iscsi'><target>t</target></usage>", 3, "t"),
        ("<usage type='tls'><name>t</name></usage>", 4, "t"),
        ("<usage type='vtpm'><name>v</name></usage>", 5, "v"),
    ],
)
def test_usage(driver: Driver, conn: Any, usage: str, number: int, identity: str) -> None:
    """Each type has its element; the object knows both, also when the secret is gone."""
    secret = conn.secretDefineXML(document(driver, usage=usage))
    assert (secret.usageType(), secret.usageID()) == (number, identity)
    secret.undefine()
    assert (secret.usageType(), secret.usageID()) == (number, identity)
    assert secret.UUID() == uuid.UUID(secret.UUIDString()).bytes


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        ("<foo/>", (XML, 5, "XML error: expecting root element of 'secret', not 'foo'")),
        ("no", (35, SECRET, "(definition_of_secret):1: Start tag expected, '<' not found\nno\n^")),
        (
            "<secret>\n<a></secret>",
            (
                35,
                SECRET,
                _MISMATCH,
            ),
        ),
        ("<secret ephemeral='maybe'/>", (XML, SECRET, "XML error: invalid value of 'ephemeral'")),
        ("<secret private='maybe'/>", (XML, SECRET, "XML error: invalid value of 'private'")),
        ("<secret><uuid>x</uuid></secret>", (INTERNAL, SECRET, "internal error: malformed uuid element")),
        ("<secret><usage/></secret>", (XML, SECRET, "XML error: unknown secret usage type")),
        (
            "<secret><usage type='x'/></secret>",
            (67, SECRET, "unsupported configuration: unknown secret usage type x"),
        ),
        (
            "<secret><usage type='ceph'/></secret>",
            (INTERNAL, SECRET, "internal error: Ceph usage specified, but name is missing"),
        ),
        (
            "<secret><usage type='volume'><name>n</name></usage></secret>",
            (INTERNAL, SECRET, "internal error: volume usage specified, but volume path is missing"),
        ),
    ],
)
def test_faulty_document(driver: Driver, conn: Any, xml: str, error: tuple[int, int, str]) -> None:
    """Refused, and nothing is defined."""
    assert outcome(driver, lambda: conn.secretDefineXML(xml)) == error
    assert conn.listSecrets() == []


def test_value(driver: Driver, secret: Any) -> None:
    """Bytes, or text as UTF-8; none before it was set."""
    missing = f"Secret not found: secret '{driver.uuid()}' does not have a value"
    assert outcome(driver, secret.value) == (66, SECRET, missing)
    for given, kept in ((b"a\0b", b"a\0b"), ("täxt", "täxt".encode())):
        assert secret.setValue(given) == 0
        assert secret.value() == kept


def test_no_value(driver: Driver, secret: Any) -> None:
    """Nothing is no value."""
    message = "value in virSecretSetValue must not be NULL"
    assert outcome(driver, lambda: secret.setValue(b"")) == (ARGUMENT, SECRET, message)
    with pytest.raises(TypeError, match="a bytes-like object is required, not 'int'"):
        secret.setValue(5)


def test_private(driver: Driver, conn: Any) -> None:
    """A private value can be set, not read, and stays private."""
    secret = conn.secretDefineXML(document(driver, private="yes"))
    secret.setValue(b"x")
    assert outcome(driver, secret.value) == (65, SECRET, "Invalid secret: secret is private")
    message = "internal error: cannot change private flag on existing secret"
    assert outcome(driver, lambda: conn.secretDefineXML(document(driver))) == (INTERNAL, SECRET, message)


def test_definition_again(driver: Driver, conn: Any, secret: Any) -> None:
    """The value stays; the use must be the same."""
    secret.setValue(b"kept")
    assert conn.secretDefineXML(document(driver, ephemeral="yes")).value() == b"kept"
    other = document(driver, usage="<usage type='ceph'><name>two</name></usage>")
    message = f"internal error: a secret with UUID {driver.uuid()} is already defined for use with one"
    assert outcome(driver, lambda: conn.secretDefineXML(other)) == (INTERNAL, SECRET, message)


def test_one_secret_for_a_use(driver: Driver, conn: Any, secret: Any) -> None:
    """Another may have the same name for another type of use only."""
    message = f"internal error: a secret with UUID {driver.uuid()} already defined for use with one"
    again = document(driver, "two")
    assert outcome(driver, lambda: conn.secretDefineXML(again)) == (INTERNAL, SECRET, message)
    conn.secretDefineXML(document(driver, "two", "<usage type='tls'><name>one</name></usage>"))


def test_look_up(driver: Driver, conn: Any, secret: Any) -> None:
    """By UUID as text and as bytes, and by use."""
    identity = driver.uuid()
    for found in (
        conn.secretLookupByUUIDString(identity),
        conn.secretLookupByUUID(uuid.UUID(identity).bytes),
        conn.secretLookupByUsage(driver.constant("SECRET_USAGE_TYPE_CEPH"), "one"),
    ):
        assert (found.UUIDString(), found.connect() is conn) == (identity, True)


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        (
            "secretLookupByUUIDString",
            (_NOWHERE,),
            (66, SECRET, f"Secret not found: no secret with matching uuid '{_NOWHERE}'"),
        ),
        (
            "secretLookupByUUIDString",
            ("x",),
            (ARGUMENT, SECRET, "uuidstr in virSecretLookupByUUIDString must be a valid UUID"),
        ),
        (
            "secretLookupByUsage",
            (2, "x"),
            (66, SECRET, "Secret not found: no secret with matching usage 'x'"),
        ),
        (
            "secretLookupByUsage",
            (2, None),
            (ARGUMENT, SECRET, "usageID in virSecretLookupByUsage must not be NULL"),
        ),
        (
            "listAllSecrets",
            (1 << 20,),
            (ARGUMENT, SECRET, "unsupported flags (0x100000) in function secretConnectListAllSecrets"),
        ),
    ],
)
def test_not_found(
    driver: Driver, conn: Any, method: str, arguments: tuple[Any, ...], error: tuple[int, int, str]
) -> None:
    """What is not there, and what cannot be."""
    assert outcome(driver, lambda: getattr(conn, method)(*arguments)) == error


@pytest.mark.parametrize(
    ("flags", "names"),
    [
        ([], "plain private ephemeral"),
        (["PRIVATE"], "private"),
        (["NO_PRIVATE"], "plain ephemeral"),
        (["EPHEMERAL"], "ephemeral"),
        (["NO_EPHEMERAL"], "plain private"),
        (["EPHEMERAL", "NO_EPHEMERAL"], "plain private ephemeral"),
        (["PRIVATE", "EPHEMERAL"], ""),
    ],
    ids=str,
)
def test_filters(driver: Driver, conn: Any, flags: list[str], names: str) -> None:
    """ORed within a group, ANDed between the groups."""
    for name, private, ephemeral in (
        ("plain", "no", "no"),
        ("private", "yes", "no"),
        ("ephemeral", "no", "yes"),
    ):
        usage = f"<usage type='ceph'><name>{name}</name></usage>"
        conn.secretDefineXML(document(driver, name, usage, private=private, ephemeral=ephemeral))
    bits = sum(driver.constant(f"CONNECT_LIST_SECRETS_{flag}") for flag in flags)
    assert {secret.usageID() for secret in conn.listAllSecrets(bits)} == set(names.split())
    assert conn.numOfSecrets() == len(conn.listSecrets()) == 3


def test_gone(driver: Driver, secret: Any) -> None:
    """Every call on it says so."""
    assert secret.undefine() == 0
    error = (66, SECRET, f"Secret not found: no secret with matching uuid '{driver.uuid()}'")
    for call in (secret.undefine, secret.XMLDesc, secret.value, lambda: secret.setValue(b"x")):
        assert outcome(driver, call) == error


def test_read_only(driver: Driver, secret: Any) -> None:
    """The document is shown; the value is neither read nor changed."""
    with driver.module.openReadOnly(driver.conn.getURI()) as conn:
        found = conn.secretLookupByUUIDString(driver.uuid())
        assert found.XMLDesc() == secret.XMLDesc()
        for call, function in (
            (found.value, "virSecretGetValue"),
            (lambda: found.setValue(b"x"), "virSecretSetValue"),
            (found.undefine, "virSecretUndefine"),
            (lambda: conn.secretDefineXML(document(driver)), "virSecretDefineXML"),
        ):
            message = f"operation forbidden: read only access prevents {function}"
            assert outcome(driver, call) == (29, SECRET, message)


def test_events(driver: Driver, conn: Any, recorder: Recorder) -> None:
    """Definition, each new value, and the end of it are told; the secret that is told of knows its use."""
    seen: list[Any] = []
    numbers = [
        conn.secretEventRegisterAny(None, number, lambda *args: seen.append(args), "mine")
        for number in (
            driver.constant("SECRET_EVENT_ID_LIFECYCLE"),
            driver.constant("SECRET_EVENT_ID_VALUE_CHANGED"),
        )
    ]
    secret = conn.secretDefineXML(document(driver))
    secret.setValue(b"x")
    secret.undefine()
    recorder.names()
    for number in numbers:
        conn.secretEventDeregisterAny(number)
    assert all(args[0] is conn for args in seen)
    told = [(args[1].UUIDString(), args[1].usageType(), args[1].usageID(), args[2:]) for args in seen]
    about = (driver.uuid(), 2, "one")
    assert told == [(*about, (0, 0, "mine")), (*about, ("mine",)), (*about, (1, 0, "mine"))]
