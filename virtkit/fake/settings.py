"""What can be set of a host and of its guests: which values each setting takes, and how text says them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from math import inf
from typing import Any, NamedTuple

from virtkit.fake.node.models import ARCHITECTURES
from virtkit.fake.texts import DOMAINS

_YES, _NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")
_SLEEPS = ("suspend_mem", "suspend_disk", "suspend_hybrid")


class Kind(NamedTuple):
    """The values that a setting takes.

    Attributes:
        expected: what they are, for people.
        read: what a text means, as in a URI's query; raises ValueError if it means nothing.
        passes: whether a value is one of them.
    """

    expected: str
    read: Callable[[str], Any]
    passes: Callable[[Any], bool]


def _is_number(value: Any, *kinds: type) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _size(text: str) -> int:
    from virtkit.units import parse_size

    return parse_size(text)


def _truth(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES + _NO:
        raise ValueError(text)
    return word in _YES


def _aliases(text: str) -> bool | list[str]:
    try:
        return _truth(text)
    except ValueError:
        return [alias.strip() for alias in text.split(",") if alias.strip()]


def _none(text: str) -> Any:
    raise ValueError(text)


def whole(least: int) -> Kind:
    """Return the kind of whole numbers from *least* up."""
    return Kind(
        f"a whole number of at least {least}", int, lambda value: _is_number(value, int) and value >= least
    )


def size(unit: int = 1, name: str = "bytes") -> Kind:
    """Return the kind of sizes, in units of so many bytes; in text with their unit."""
    return Kind(
        f"a number of {name} of at least 1, or a text with a unit such as '8GiB'",
        lambda text: _size(text) // unit,
        lambda value: _is_number(value, int) and value >= 1,
    )


def number(what: str, read: Callable[[str], Any] = float, *, zero: bool = True) -> Kind:
    """Return the kind of numbers that are not negative, and not zero unless *zero* may be."""
    bound = "that is not negative" if zero else "above zero"
    return Kind(
        f"a number {what} {bound}",
        read,
        lambda value: _is_number(value, int, float) and (value > 0 or (zero and value == 0)) and value < inf,
    )


def rate(*, zero: bool) -> Kind:
    """Return the kind of bytes a second; in text with their unit, as sizes."""
    return number("of bytes a second", lambda text: float(_size(text)), zero=zero)


def word(*words: str) -> Kind:
    """Return the kind of a choice."""
    return Kind(f"one of {', '.join(words)}", str, lambda value: isinstance(value, str) and value in words)


def several(of: type, what: str, *words: str) -> Kind:
    """Return the kind of collections, each item of which is an *of*, and one of *words* if there are any."""

    def passes(value: Any) -> bool:
        fits = isinstance(value, Collection) and not isinstance(value, str | bytes)
        return fits and all(isinstance(each, of) and (not words or each in words) for each in value)

    return Kind(f"a list or tuple of {what}", lambda text: tuple(text.split(",")) if text else (), passes)


def maybe(kind: Kind) -> Kind:
    """Return *kind*, or None."""

    def read(text: str) -> Any:
        return None if text == "none" else kind.read(text)

    return Kind(f"{kind.expected}, or None", read, lambda value: value is None or kind.passes(value))


TRUTH = Kind("yes or no (True or False in Python)", _truth, lambda value: isinstance(value, bool))
TEXT = Kind("a text", str, lambda value: isinstance(value, str))
NAME = Kind("a text that is not empty", str, lambda value: isinstance(value, str) and value != "")
UNPLUG = Kind(
    "yes, no or a list of aliases (commas part them in text)",
    _aliases,
    lambda value: (
        isinstance(value, bool) or (isinstance(value, list) and all(isinstance(each, str) for each in value))
    ),
)
MAPPING = Kind("a dict", _none, lambda value: isinstance(value, Mapping))


class NoSetting(AttributeError, ValueError):
    """A setting that is not there: an attribute for Python, a word without meaning in a text."""

    def __init__(self, owner: str, name: str, known: Collection[str]) -> None:
        import difflib

        near = difflib.get_close_matches(name, known, 1, 0.7)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        super().__init__(f"{owner} has no {name!r}{hint}: it has {', '.join(known)}")


def meant(owner: str, kinds: Mapping[str, Kind], name: str, value: Any) -> Any:
    """Return what *value* means as the setting *name* of *owner*: itself, or what it says if it is a text.

    Raises:
        NoSetting: *owner* has no such setting, but *kinds*.
        ValueError: the setting does not take the value.
    """
    kind = kinds.get(name)
    if kind is None:
        raise NoSetting(owner, name, kinds)
    try:
        found = kind.read(value) if isinstance(value, str) else value
        fits = kind.passes(found)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name}={value!r}: expected {kind.expected}")
    return found


def of_guest(name: str, value: Any) -> Any:
    """Return what *value* means as the setting *name* of a guest."""
    return meant("a guest", GUEST, name, value)


def of_host(name: str, value: Any) -> Any:
    """Return what *value* means as the setting *name* of a host."""
    return meant("a host", HOST, name, value)


GUEST: dict[str, Kind] = {
    "boot_time": number("of seconds"),
    "shutdown_time": number("of seconds"),
    "acpi": TRUTH,
    "dirty_rate": rate(zero=True),
    "memory_used": maybe(size()),
    "agent": TRUTH,
    "agent_time": number("of seconds"),
    "agent_answers": TRUTH,
    "unplug": UNPLUG,
    "unplug_time": number("of seconds"),
    "hostname": TEXT,
    "os": NAME,
    "console": TEXT,
}
FAULT: dict[str, Kind] = {
    "message": TEXT,
    "source": Kind("a VIR_FROM_* of libvirt", int, lambda value: value in DOMAINS),
    "nth": whole(1),
    "times": maybe(whole(1)),
    "delay": number("of seconds"),
    "domain": maybe(TEXT),
    "drop": Kind("before or after", str, lambda value: value in {"", "before", "after"}),
}
HOST: dict[str, Kind] = {
    "memory": size(1024, "KiB"),
    "cpus": whole(1),
    "sockets": whole(1),
    "threads": whole(1),
    "mhz": whole(1),
    "numa": whole(1),
    "cells": several(tuple, "virtkit.fake.node.hardware.Cell"),
    "arch": Kind(
        "an architecture by libvirt's name, such as x86_64 or aarch64", str, ARCHITECTURES.__contains__
    ),
    "kvm": TRUTH,
    "cpu_model": NAME,
    "cpu_vendor": maybe(NAME),
    "cpu_features": several(str, "names"),
    "pages": MAPPING,
    "iommu": TRUTH,
    "overcommit": maybe(number("of times the memory", zero=False)),
    "sysinfo": maybe(NAME),
    "sev": maybe(MAPPING),
    "suspends": several(str, f"words among {', '.join(_SLEEPS)}", *_SLEEPS),
    "name": NAME,
    "uuid": NAME,
    "bandwidth": rate(zero=False),
    "disk_bandwidth": maybe(rate(zero=False)),
    "disk": size(),
    "addresses": several(str, "addresses"),
    "unreachable": TRUTH,
    "shared_paths": several(str, "paths"),
    "tls": TRUTH,
    "default_network": TRUTH,
    "interface_backend": word("udev", "netcf"),
}
