"""Every method of libvirt-python, called with each argument wrong: the fake says what the binding says.

Needs libvirt-python; both sides are the default host of the test driver.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from virtkit import fake
from virtkit.fake import arguments
from virtkit.fake.constants import SURFACE

if TYPE_CHECKING:
    from collections.abc import Iterator

real = pytest.importorskip("libvirt", reason="libvirt-python is not installed")

_LARGE, _HUGE = 1 << 40, 1 << 70
# by how the binding parses an argument: one that it takes, and those that it does not
_GOOD: dict[str, Any] = {
    "z": "x", "s": "x", "i": 0, "I": 0, "l": 0, "L": 0, "k": 1, "K": 1, "O": None, "u": bytes(16), "y": b"x",
}  # fmt: skip
_BAD: dict[str, list[Any]] = {
    "z": [5, 2.5, b"x", [], "a\0b"],
    "s": [5, None, b"x"],
    "i": ["x", None, 2.5, _LARGE, -_LARGE, _HUGE],
    "I": ["x", None, 2.5],
    "l": ["x", None, _HUGE],
    "L": ["x", None, _HUGE],
    "k": ["x", None, 2.5],
    "K": ["x", None, 2.5],
}
# where what stands beside the wrong argument is looked at first, and is wrong too
_ELSEWHERE = {"createXMLFrom", "domainListGetStats", "setBlockIoTune"}
_NO_OBJECTS = {"virNWFilter", "virNWFilterBinding", "virNetworkPort", "virSecret"}  # of the test driver
_CLASSES = sorted(SURFACE["classes"].keys() - _NO_OBJECTS)
_DOMAIN = "<domain type='test'><name>b</name><memory>1</memory><os><type>hvm</type></os></domain>"


def objects(module: Any) -> dict[str, Any]:
    """Return one object of each class."""
    conn = module.open("test:///default")
    domain, other = conn.lookupByName("test"), conn.createXML(_DOMAIN, 0)
    pool = conn.storagePoolLookupByName("default-pool")
    return {
        "virConnect": conn,
        "virDomain": domain,
        "virDomainCheckpoint": domain.checkpointCreateXML("<domaincheckpoint/>", 0),
        "virDomainSnapshot": other.snapshotCreateXML("<domainsnapshot/>", 0),
        "virInterface": conn.interfaceLookupByName("eth1"),
        "virNetwork": conn.networkLookupByName("default"),
        "virNodeDevice": conn.nodeDeviceLookupByName("computer"),
        "virStoragePool": pool,
        "virStorageVol": pool.createXML("<volume><name>v</name><capacity>1</capacity></volume>", 0),
        "virStream": conn.newStream(0),
    }


@pytest.fixture
def both() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Objects of the real driver, and of the fake."""
    for module in (real, fake):
        module.registerErrorHandler(lambda *_: None, None)
    found = objects(real), objects(fake)
    yield found
    for each in found:
        each["virConnect"].close()
    for module in (real, fake):
        module.registerErrorHandler(None, None)


def wrong_calls(cls: str, method: str) -> Iterator[list[Any]]:
    """Return the arguments of every wrong call of a method."""
    parameters, function = SURFACE["classes"][cls][method]
    names = [part.split("=")[0] for part in parameters.split(", ")[1:]]
    if method == "__exit__":
        return
    if not names:
        yield [None]
        return
    if "=" not in parameters.split(", ")[1]:
        yield []
    yield [None] * (len(names) + 1)
    facts = arguments._facts().get(function, {})
    letters = facts.get("format", "").replace("|", "")[1:]
    if len(letters) != len(names) or method in _ELSEWHERE:
        return
    for place, letter in enumerate(letters):
        bad = list(_BAD.get(letter, ()))
        if letter == "z" and ["nonnull", names[place]] in facts.get("checks", []):
            bad.append(None)
        for value in bad:
            call = [_GOOD[each] for each in letters]
            call[place] = value
            yield call


def answer(subject: Any, method: str, call: list[Any]) -> tuple[Any, ...]:
    """Return what comes of a call."""
    try:
        found = getattr(subject, method)(*call)
    except Exception as error:  # noqa: BLE001
        raw = getattr(error, "err", None)
        return type(error).__name__, str(error), raw and raw[:3]
    return "returned", type(found).__name__


@pytest.mark.parametrize("cls", _CLASSES)
def test_the_same_is_said(both: tuple[dict[str, Any], dict[str, Any]], cls: str) -> None:
    """Type and text of the exception, and its code where it is libvirt's."""
    theirs, ours = both
    for method in SURFACE["classes"][cls]:
        for call in wrong_calls(cls, method):
            expected = answer(theirs[cls], method, call)
            assert answer(ours[cls], method, call) == expected, f"{cls}.{method}({call})"


def test_there_are_many() -> None:
    """The table has not dried up."""
    count = sum(len(list(wrong_calls(cls, method))) for cls in _CLASSES for method in SURFACE["classes"][cls])
    assert count > 2000


@pytest.mark.parametrize("cls", sorted(SURFACE["classes"]))
def test_signatures(cls: str) -> None:
    """Each method takes what libvirt-python's takes, by the same names."""
    for method in SURFACE["classes"][cls]:
        theirs = inspect.signature(getattr(getattr(real, cls), method))
        ours = inspect.signature(getattr(getattr(fake, cls), method))
        shape = [[(p.name, p.kind, p.default) for p in each.parameters.values()] for each in (ours, theirs)]
        assert shape[0] == shape[1], f"{cls}.{method}"
