"""How two values of one place are compared: what is one value, written in two ways.

Each function takes the wanted and the actual value, and says whether they mean the same; its docstring is
what the reference says of it. A value is its text and the element that it stands in: its unit is an
attribute beside it, and a few depend on what else the document says.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit import units
from virtkit.model import nodes
from virtkit.model.circumstances import runs
from virtkit.model.facts import architecture, machine_family

if TYPE_CHECKING:
    from lxml import etree

Value = tuple["etree._Element", str]
Same = Callable[[Value, Value], bool]


def text(wanted: Value, actual: Value) -> bool:
    """The same text, or the same number: `0x04` is `4`."""
    one, other = wanted[1].strip(), actual[1].strip()
    return one == other or number(one) == number(other) is not None


def exact(wanted: Value, actual: Value) -> bool:
    """The same text, also where it is a number: `007` is not `7`."""
    return wanted[1].strip() == actual[1].strip()


def number(word: str) -> int | None:
    """The number that *word* is, decimal or hexadecimal."""
    word = word.strip()
    try:
        return int(word, 16) if word[:2].lower() == "0x" else int(word, 10)
    except ValueError:
        return None


def any_case(wanted: Value, actual: Value) -> bool:
    """Capital letters do not count."""
    return wanted[1].strip().lower() == actual[1].strip().lower()


def digits(wanted: Value, actual: Value) -> bool:
    """Hexadecimal digits: dashes, `0x` and capital letters do not count."""
    one, other = (value[1].strip().lower().replace("-", "").removeprefix("0x") for value in (wanted, actual))
    return one == other


def mac(wanted: Value, actual: Value) -> bool:
    """MAC addresses: capital letters and leading zeros do not count."""
    one, other = (
        [part.lstrip("0") for part in value[1].strip().lower().split(":")] for value in (wanted, actual)
    )
    return one == other


def octal(wanted: Value, actual: Value) -> bool:
    """Octal numbers: `0770` is `770`."""
    try:
        return int(wanted[1], 8) == int(actual[1], 8)
    except ValueError:
        return exact(wanted, actual)


def owner(wanted: Value, actual: Value) -> bool:
    """Numbers of users: `4294967295` is `-1`."""
    one, other = number(wanted[1]), number(actual[1])
    return exact(wanted, actual) or (one is not None and other is not None and (one - other) % 2**32 == 0)


def path(wanted: Value, actual: Value) -> bool:
    """Paths: more slashes than one, and one at the end, do not count."""
    one, other = (re.sub("/+", "/", value[1].strip()).rstrip("/") for value in (wanted, actual))
    return one == other


def fraction(wanted: Value, actual: Value) -> bool:
    """Decimal fractions: `9.4` is `9.40`."""
    try:
        return float(wanted[1]) == float(actual[1])
    except ValueError:
        return exact(wanted, actual)


def blanks(wanted: Value, actual: Value) -> bool:
    """A filter's variables: blanks do not count, capital letters neither, and `$B[@0]` is `$B`."""
    one, other = (
        "".join(value[1].lower().split()).removesuffix("[@0]")
        if "$" in value[1]
        else value[1].strip().lower()
        for value in (wanted, actual)
    )
    return one == other or text(wanted, actual)


def mask(wanted: Value, actual: Value) -> bool:
    """Network masks: `255.255.255.0` is `24`."""
    return _prefix(wanted[1]) == _prefix(actual[1])


def _prefix(word: str) -> object:
    if "." in word or ":" in word:
        try:
            bits = f"{int(ipaddress.ip_address(word.strip())):b}"
        except ValueError:
            return word
        return bits.count("1") if "01" not in bits else word
    return number(word) if number(word) is not None else word


def ip(wanted: Value, actual: Value) -> bool:
    """IP addresses: `::1` is `0:0:0:0:0:0:0:1`."""
    try:
        return ipaddress.ip_address(wanted[1].strip()) == ipaddress.ip_address(actual[1].strip())
    except ValueError:
        return exact(wanted, actual)


@dataclass(frozen=True, slots=True)
class Size:
    """Sizes by their number of bytes, with the unit beside them (without one: *unit*).

    Attributes:
        grain: libvirt or the storage rounds up to multiples of it.
        beside: the attribute that is the unit's.
    """

    unit: str
    grain: int = 1024
    beside: str = "unit"

    def __call__(self, wanted: Value, actual: Value) -> bool:
        """Whether the actual one is the wanted one, perhaps rounded up."""
        one, other = self._bytes(wanted), self._bytes(actual)
        if one is None or other is None:
            units_too = wanted[0].get(self.beside) == actual[0].get(self.beside)
            return units_too and text(wanted, actual)
        return one <= other < one + self.grain

    def _bytes(self, value: Value) -> int | None:
        element, word = value
        try:
            return units.parse_size(f"{word.strip()}{element.get(self.beside, self.unit)}")
        except ValueError:
            return None

    @property
    def words(self) -> str:
        """What the reference says of it."""
        rounded = (
            f", and may be rounded up by less than {units.format_size(self.grain)}" if self.grain > 1 else ""
        )
        return f"Sizes with their unit, without one in {self.unit}{rounded}."


@dataclass(frozen=True, slots=True)
class Lease:
    """Times with a unit beside them."""

    beside: str = "unit"

    def __call__(self, wanted: Value, actual: Value) -> bool:
        """Whether both last as long."""
        one, other = self._seconds(wanted), self._seconds(actual)
        return one == other if one is not None else exact(wanted, actual)

    def _seconds(self, value: Value) -> int | None:
        seconds = {"seconds": 1, "minutes": 60, "hours": 3600}.get(value[0].get(self.beside, "minutes"))
        count = number(value[1])
        return count * seconds if count is not None and seconds is not None else None

    @property
    def words(self) -> str:
        """What the reference says of it."""
        return "Times with their unit, without one in minutes."


@dataclass(frozen=True, slots=True)
class Numbered:
    """Words that have numbers."""

    numbers: tuple[tuple[str, int], ...]

    def __call__(self, wanted: Value, actual: Value) -> bool:
        """Whether both have the same number."""
        return self._number(wanted) == self._number(actual) is not None or text(wanted, actual)

    def _number(self, value: Value) -> int | None:
        word = value[1].strip().lower()
        return dict(self.numbers).get(word, number(word))

    @property
    def words(self) -> str:
        """What the reference says of it."""
        word, count = self.numbers[0]
        return f"Words are numbers: `{word}` is `{count}`."


def _numbered(words: str) -> Numbered:
    return Numbered(tuple((name, int(value)) for name, value in (word.split("=") for word in words.split())))


PROTOCOLS = _numbered("icmp=1 igmp=2 tcp=6 udp=17 esp=50 ah=51 icmpv6=58 sctp=132 udplite=136")
ETHERNET = _numbered("ipv4=2048 arp=2054 rarp=32821 vlan=33024 ipv6=34525")
ARP = _numbered(
    "request=1 reply=2 request_reverse=3 reply_reverse=4 drarp_request=5 drarp_reply=6 drarp_error=7"
    " inarp_request=8 arp_nak=9"
)
TRUTHS = _numbered("false=0 true=1")


def flags(wanted: Value, actual: Value) -> bool:
    """Flags of TCP: none of them is `NONE`."""
    one, other = ([part or "NONE" for part in value[1].upper().split("/")] for value in (wanted, actual))
    return one == other


_LARGEST_SET = 2**16
"""More numbers than any host has CPUs; what goes beyond is a text like any other."""


def numbers(wanted: Value, actual: Value) -> bool:
    """Sets of numbers: `0-3,^2` is `0,1,3`."""
    one, other = members(wanted[1]), members(actual[1])
    return one == other if one is not None else wanted[1] == actual[1]


def cell_cpus(wanted: Value, actual: Value) -> bool:
    """Sets of numbers; the first cell gets the CPUs that no cell has."""
    one, other = members(wanted[1]), members(actual[1])
    is_first = wanted[0].getprevious() is None
    return numbers(wanted, actual) or (is_first and None not in (one, other) and one < other)  # type: ignore[operator]


def members(word: str) -> set[int] | None:
    """The numbers of a set as libvirt writes it; None if it is none."""
    found: set[int] = set()
    for part in word.replace(" ", "").split(","):
        first, _, last = part.removeprefix("^").partition("-")
        last = last or first
        if not (first.isdecimal() and last.isdecimal()) or len(first + last) > 18:
            return None
        between = range(int(first), int(last) + 1)
        if len(between) > _LARGEST_SET:
            return None
        found = found.difference(between) if part.startswith("^") else found.union(between)
    return found


def one_by_one(elements: list[etree._Element], name: str) -> list[etree._Element]:
    """An element for each number of the sets that the attribute *name* is; as they are if it is none."""
    found: list[etree._Element] = []
    for element in elements:
        inside = members(element.get(name, ""))
        if inside is None or len(found) + len(inside) > _MOST:
            return elements
        for each in sorted(inside):
            twin = nodes.copy(element)
            twin.set(name, str(each))
            found.append(twin)
    return found


_MOST = 2**12
"""So many elements may stand for sets of numbers."""


def machine(wanted: Value, actual: Value) -> bool:
    """An alias is each version of its machine: `q35` is `pc-q35-7.2`, but `pc-q35-7.2` is only itself."""
    one, other = wanted[1], actual[1]
    return one == other or (one == machine_family(one) == machine_family(other))


def arch(wanted: Value, actual: Value) -> bool:
    """Names of an architecture: `amd64` is `x86_64`."""
    return architecture(wanted[1]) == architecture(actual[1])


def cpu_mode(wanted: Value, actual: Value) -> bool:
    """A running domain shows what `host-model` and `maximum` became: `custom`."""
    expanded = wanted[1] in ("host-model", "maximum") and actual[1] == "custom"
    return wanted[1] == actual[1] or (expanded and runs(actual[0]))


def serial_type(wanted: Value, actual: Value) -> bool:
    """`isa-serial` is what a machine without ISA has instead."""
    one, other = wanted[1], actual[1]
    instead = {"spapr-vio-serial", "system-serial", "sclp-serial"}
    return one == other or (one == "isa-serial" and other in instead)


def placement(wanted: Value, actual: Value) -> bool:
    """CPUs without a set follow the memory, where that is placed automatically."""
    if wanted[1] == actual[1]:
        return True
    parent = wanted[0].getparent()
    memory = parent.find("numatune/memory") if parent is not None else None
    automatic = memory is not None and memory.get("placement") == "auto"
    return automatic and actual[1] == "auto" and wanted[0].get("cpuset") is None


def label_type(wanted: Value, actual: Value) -> bool:
    """A dynamic label of no model is none on a host without a security driver."""
    none = wanted[1] == "dynamic" and wanted[0].get("model") is None
    return wanted[1] == actual[1] or (none and actual[0].get("model") == "none")


def unit_zero(wanted: Value, actual: Value) -> bool:
    """An iSCSI target without a unit is its unit 0."""
    return actual[1] in (wanted[1], f"{wanted[1]}/0")
