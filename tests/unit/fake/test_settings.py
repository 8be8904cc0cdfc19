"""The settings of hosts and guests: what they take, and what is said of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake.guest import Guest
from virtkit.fake.settings import GUEST, HOST

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def host() -> Iterator[Any]:
    """A host."""
    yield libvirt.host("one")
    libvirt.reset()


def test_every_setting_has_a_kind(host: Any) -> None:
    """And takes what it is from the start."""
    for owner, kinds in ((host, HOST), (Guest(), GUEST)):
        for name in kinds:
            setattr(owner, name, getattr(owner, name))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("cpus", "three", "a whole number of at least 1"),
        ("cpus", -1, "a whole number of at least 1"),
        ("cpus", 2.5, "a whole number of at least 1"),
        ("cpus", True, "a whole number of at least 1"),
        ("memory", 0, "a number of KiB of at least 1, or a text with a unit such as '8GiB'"),
        ("memory", "lots", "a number of KiB"),
        ("kvm", "perhaps", "yes or no"),
        ("kvm", 1, "yes or no"),
        ("overcommit", 0, "a number of times the memory above zero, or None"),
        ("suspends", ("suspend_dusk",), "a list or tuple of words among suspend_mem, "),
        ("suspends", "suspend_dusk", "a list or tuple of words among suspend_mem, "),
        ("arch", "x86-64", "an architecture by libvirt's name"),
        ("cells", [1, 2], "a list or tuple of virtkit.fake.node.hardware.Cell"),
        ("bandwidth", float("inf"), "a number of bytes a second above zero"),
        ("pages", "2048", "a dict"),
    ],
)
def test_values_that_a_host_refuses(host: Any, name: str, value: Any, expected: str) -> None:
    """The setting, the value and what is taken are named; nothing is changed."""
    before = getattr(host, name)
    with pytest.raises(ValueError, match=name) as caught:
        setattr(host, name, value)
    assert str(caught.value).startswith(f"{name}={value!r}: expected {expected}")
    assert getattr(host, name) is before


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("boot_time", -3, "a number of seconds that is not negative"),
        ("boot_time", "soon", "a number of seconds that is not negative"),
        ("boot_time", None, "a number of seconds that is not negative"),
        ("memory_used", -1, "a number of bytes"),
        ("acpi", None, "yes or no"),
        ("unplug", 3, "yes, no or a list of aliases"),
        ("hostname", 3, "a text"),
    ],
)
def test_values_that_a_guest_refuses(host: Any, name: str, value: Any, expected: str) -> None:
    """Of a host's guests, and of one guest."""
    libvirt.open(host.uri).defineXML(domain_xml())
    with pytest.raises(ValueError, match=name) as caught:
        setattr(host.guest, name, value)
    assert str(caught.value).startswith(f"{name}={value!r}: expected {expected}")
    with pytest.raises(ValueError, match=name):
        host.domain("web").behave(**{name: value})


def test_names_that_a_host_does_not_have(host: Any) -> None:
    """A word of one's own, and a method: with what was meant."""
    with pytest.raises(AttributeError, match=r"a host has no 'cpu' .did you mean 'cpus'.*: it has memory, "):
        host.cpu = 3
    with pytest.raises(AttributeError, match="a host has no 'die'"):
        host.die = True


def test_texts_are_meant(host: Any) -> None:
    """As in a URI."""
    host.memory, host.kvm, host.bandwidth, host.disk_bandwidth = "8GiB", "no", "10MiB", "none"
    host.guest.dirty_rate, host.guest.memory_used = "1MiB", "512MiB"
    assert (host.memory, host.kvm, host.bandwidth, host.disk_bandwidth) == (8 << 20, False, 10 << 20, None)
    assert (host.guest.dirty_rate, host.guest.memory_used) == (1 << 20, 512 << 20)
