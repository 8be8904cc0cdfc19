"""What is the same to libvirt although it is written otherwise: the table behind `virtkit.model.diff`.

A place is the end of a path: ``os/type/@machine``, ``type/@machine`` or ``@machine``; without an attribute it
is an element's text. The longest that fits counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from virtkit import units
from virtkit.model import nodes
from virtkit.model.facts import architecture, machine_family

if TYPE_CHECKING:
    from lxml import etree

_T = TypeVar("_T")
Value = tuple["etree._Element", str]
"""A text and the element that it stands in: its unit is an attribute beside it."""
Same = Callable[[Value, Value], bool]


# --- kinds of values


def _text(wanted: Value, actual: Value) -> bool:
    return wanted[1].strip() == actual[1].strip() or _number(wanted[1]) == _number(actual[1]) is not None


def _number(text: str) -> int | None:
    text = text.strip()
    try:
        return int(text, 16) if text[:2].lower() == "0x" else int(text, 10)
    except ValueError:
        return None


def _any_case(wanted: Value, actual: Value) -> bool:
    return wanted[1].strip().lower() == actual[1].strip().lower()


def _hex(wanted: Value, actual: Value) -> bool:
    """UUIDs and WWNs: dashes and case do not count."""
    one, other = (value[1].strip().lower().replace("-", "").removeprefix("0x") for value in (wanted, actual))
    return one == other


def _octal(wanted: Value, actual: Value) -> bool:
    try:
        return int(wanted[1], 8) == int(actual[1], 8)
    except ValueError:
        return wanted[1] == actual[1]


@dataclass(frozen=True, slots=True)
class _Size:
    """Sizes with a unit beside them; libvirt keeps them in units of KiB, and rounds up."""

    unit: str

    def __call__(self, wanted: Value, actual: Value) -> bool:
        one, other = self._bytes(wanted), self._bytes(actual)
        if one is None or other is None:
            return _text(wanted, actual)
        return -(-one // 1024) == -(-other // 1024)

    def _bytes(self, value: Value) -> int | None:
        element, text = value
        try:
            return units.parse_size(f"{text.strip()}{element.get('unit', self.unit)}")
        except ValueError:
            return None


def _set(wanted: Value, actual: Value) -> bool:
    """Sets of numbers: ``0-3,^2`` is ``0,1,3``."""
    one, other = _members(wanted[1]), _members(actual[1])
    return one == other if one is not None else wanted[1] == actual[1]


_LARGEST_SET = 2**16
"""More numbers than any host has CPUs; what goes beyond is a text like any other."""


def _members(text: str) -> set[int] | None:
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.removeprefix("^").partition("-")
        last = last or first
        if not (first.isdecimal() and last.isdecimal()) or len(first + last) > 18:
            return None
        numbers = range(int(first), int(last) + 1)
        if len(numbers) > _LARGEST_SET:
            return None
        found = found.difference(numbers) if part.startswith("^") else found.union(numbers)
    return found


def _machine(wanted: Value, actual: Value) -> bool:
    """An alias is any version of its machine."""
    one, other = wanted[1], actual[1]
    return one == other or (one == machine_family(one) == machine_family(other))


def _architecture(wanted: Value, actual: Value) -> bool:
    return architecture(wanted[1]) == architecture(actual[1])


def _cpu_mode(wanted: Value, actual: Value) -> bool:
    """A running domain shows what host-model became: a custom model."""
    return wanted[1] == actual[1] or (wanted[1] in ("host-model", "maximum") and actual[1] == "custom")


def _target(wanted: Value, actual: Value) -> bool:
    """An iSCSI target without a unit is its unit 0."""
    return actual[1] in (wanted[1], f"{wanted[1]}/0")


_KIB, _BYTES = _Size("KiB"), _Size("B")

SAME: dict[str, Same] = {
    "uuid": _hex,
    "@uuid": _hex,
    "genid": _hex,
    "wwn": _hex,
    "mac/@address": _any_case,
    "@unit": _any_case,
    "memory": _KIB,
    "currentMemory": _KIB,
    "maxMemory": _KIB,
    "hard_limit": _KIB,
    "soft_limit": _KIB,
    "min_guarantee": _KIB,
    "swap_hard_limit": _KIB,
    "memory/target/size": _KIB,
    "target/requested": _KIB,
    "target/block": _KIB,
    "label/size": _KIB,
    "source/pagesize": _KIB,
    "shmem/size": _Size("MiB"),
    "cell/@memory": _KIB,
    "page/@size": _KIB,
    "cachetune/cache/@size": _KIB,
    "smm/tseg": _BYTES,
    "hpt/maxpagesize": _BYTES,
    "pcihole64": _KIB,
    "max_size": _BYTES,
    "capacity": _BYTES,
    "allocation": _BYTES,
    "permissions/mode": _octal,
    "@cpuset": _set,
    "@cpus": _set,
    "@nodeset": _set,
    "@vcpus": _set,
    "@iothreads": _set,
    "nodemask": _set,
    "interface/model/@type": _any_case,
    "@loadparm": _any_case,
    "source/@name": _target,
    "os/type/@machine": _machine,
    "os/type/@arch": _architecture,
    "domain/cpu/@mode": _cpu_mode,
}
"""How the values of a place are compared; elsewhere texts, and numbers by value."""

IGNORED: frozenset[str] = frozenset(
    {
        "@unit",  # counted with the number beside it
        "domain/@id",
        "domain/metadata",
        "console/@tty",
        "console/target/@port",  # libvirt numbers consoles anew when it puts the serial one first
        "channel/target/@state",
        "source/@index",
        "backingStore/@index",
        "disk/mirror",
        "interface/source/@portid",
        "seclabel/imagelabel",
    }
)
"""What belongs to one run of a domain, or is no part of what it is."""

DEFAULTS: dict[str, str] = {
    "graphics/@autoport": "no",
    "vcpusched/@priority": "0",
    "iothreadsched/@priority": "0",
    "usbdev/@class": "-1",
    "usbdev/@vendor": "-1",
    "usbdev/@product": "-1",
    "usbdev/@version": "-1",
}
"""What it means that libvirt writes nothing."""


def _is_empty(element: etree._Element) -> bool:
    return not element.attrib and not len(element) and nodes.is_blank(element.text)


def _has_no_text(element: etree._Element) -> bool:
    return nodes.is_blank(element.text)


def _is_generated(element: etree._Element) -> bool:
    """A channel's socket has a path of libvirt's making, or none yet."""
    path = element.get("path", "")
    return not path or "/libvirt/qemu/" in path


def _has_automatic_port(element: etree._Element) -> bool:
    return element.get("autoport") == "yes"


ABSENT: dict[str, Callable[[etree._Element], bool]] = {
    "domain/cpu": _is_empty,
    "domain/memtune": _is_empty,
    "interface/coalesce": _is_empty,
    "interface/driver": _is_empty,
    "cpu/model": _has_no_text,
    "channel/source": _is_generated,
    "channel/source/@path": _is_generated,
    "channel/source/@mode": _is_generated,
}
"""What libvirt drops when it writes, and when that is so: its absence says nothing."""

UNSETTLED: dict[str, Callable[[etree._Element], bool]] = {
    "graphics/@port": _has_automatic_port,
    "graphics/@tlsPort": _has_automatic_port,
    "graphics/@websocket": _has_automatic_port,
}
"""What libvirt chooses anew at each start, and when that is so."""

HIDDEN = "********"
SECRET: frozenset[str] = frozenset({"@passwd", "@password", "cookie", "secret/value"})


def _places(element: etree._Element, name: str) -> tuple[str, ...]:
    """The names of a place, the longest first; *name* is ``@attribute``, a child's, or "" for the text."""
    parent = element.getparent()
    above = f"{nodes.tag(parent)}/" if parent is not None else ""
    here = f"{nodes.tag(element)}/{name}" if name else nodes.tag(element)
    return (f"{above}{here}", here, name) if name else (f"{above}{here}", here)


def _find(table: Mapping[str, _T], element: etree._Element, name: str) -> _T | None:
    return next((table[place] for place in _places(element, name) if place in table), None)


def _is_in(places: frozenset[str], element: etree._Element, name: str) -> bool:
    return not places.isdisjoint(_places(element, name))


def same(wanted: etree._Element, actual: etree._Element, name: str, one: str, other: str) -> bool:
    """Whether two values of a place mean the same."""
    if one == other:
        return True
    return (_find(SAME, wanted, name) or _text)((wanted, one), (actual, other))


def shown(element: etree._Element, name: str, value: str) -> str:
    """A value as a message shows it: a size with its unit, a secret not at all."""
    if is_secret(element, name):
        return HIDDEN
    kind = _find(SAME, element, name)
    return f"{value.strip()} {element.get('unit', kind.unit)}" if isinstance(kind, _Size) else value


def default(element: etree._Element, name: str) -> str | None:
    """What it means that nothing is written at a place, if that is known."""
    return _find(DEFAULTS, element, name)


def is_ignored(element: etree._Element, name: str) -> bool:
    """Whether a place says nothing about what a domain is."""
    unsettled = _find(UNSETTLED, element, name)
    return _is_in(IGNORED, element, name) or (unsettled is not None and unsettled(element))


def may_be_absent(element: etree._Element, name: str) -> bool:
    """Whether libvirt leaves a place out when it writes."""
    may_be = _find(ABSENT, element, name)
    return may_be is not None and may_be(element)


def is_secret(element: etree._Element, name: str) -> bool:
    """Whether a place holds what nobody may read in a message."""
    return _is_in(SECRET, element, name)
