"""The kinds of value that specs are made of: text that XML can hold, names, sizes, addresses.

Each is an annotated plain type, so that a field reads ``mac: Mac | None`` and holds a str.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Self, TypeGuard, TypeVar, overload

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from virtkit.units import format_size, parse_size

# What XML 1.0 cannot hold, not even escaped: controls but tab, LF, CR; surrogates; U+FFFE and U+FFFF.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("[\t\n\r]")


_Read = TypeVar("_Read")
_Written = TypeVar("_Written")


class Bytes(int):
    """A number of bytes, which shows itself as people write it: ``Bytes(2147483648)`` is ``'2GiB'``."""

    def __repr__(self) -> str:
        return repr(format_size(self))

    def __str__(self) -> str:
        return int.__repr__(self)


class SecretText(str):
    """A password: text as any other, but its repr does not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'********'"


def xml_text(value: str) -> str:
    """Return *value* if XML can hold it; raise ValueError naming the character if not."""
    bad = _FORBIDDEN.search(value)
    if bad:
        raise ValueError(
            f"has the character U+{ord(bad[0]):04X} at {bad.start()}, which XML cannot hold: remove it"
        )
    return value


def _line(value: str) -> str:
    bad = _BREAKS.search(xml_text(value))
    if bad:
        raise ValueError(f"has a line break or tab at {bad.start()}: write it on one line")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty: leave the key out, or give it a value")
    return value


def _name(value: str) -> str:
    if "/" in value:
        raise ValueError(f"{value!r} has a '/', which libvirt does not take in names: use '-' or '.'")
    return value


def matching(pattern: str, description: str) -> Callable[[str], str]:
    """Return a validator: the whole text matches *pattern*, which in words is *description*."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise ValueError(f"{value!r} is not {description}")
        return value

    return check


def _size(unit: str, floor: int) -> Callable[[Any], int]:
    """Return a validator for sizes whose bare numbers below *floor* bytes were meant in *unit*."""

    def check(value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and value.strip().isdecimal():
            value = int(value)
        size = parse_size(value)
        if isinstance(value, int) and not isinstance(value, Bytes) and value < floor:
            raise ValueError(f'{value} is {value} bytes; did you mean "{value}{unit}"?')
        if size == 0:
            raise ValueError("is zero: give it a size")
        return Bytes(size)

    return check


def is_names(value: Any) -> TypeGuard[list[str]]:
    """Return whether *value* is a list of names, such as ``[vmx, avx]``."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _number_list(value: Any) -> Any:
    """CPU and node sets are often a lone number, which YAML reads as an int."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _cpuset(value: str) -> str:
    for part in value.split(","):
        match = re.fullmatch(r"\^?(\d+)(?:-(\d+))?", part.strip())
        if match is None:
            raise ValueError(f"{value!r} is not a set of numbers: write it as '0-3,8,^2'")
        if match[2] is not None and int(match[2]) < int(match[1]):
            raise ValueError(f"{value!r} has the range {part.strip()!r}, whose end is below its start")
    return value.replace(" ", "")


def _absolute(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError(
            f"{value!r} is not an absolute path: it must start with '/', as libvirt runs elsewhere"
        )
    return value


def _unicast(value: str) -> str:
    if int(value[:2], 16) & 1:
        raise ValueError(
            f"{value!r} is a multicast address: the second digit must be even, such as in 52:54:00"
        )
    return value


def _pci(value: str) -> str:
    match = re.fullmatch(r"(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,2}):([01]?[0-9a-f])\.([0-7])", value.lower())
    if match is None:
        raise ValueError(f"{value!r} is not a PCI address such as '0000:06:00.0'")
    return f"{match[1] or '0':>04}:{match[2]:>02}:{match[3]:>02}.{match[4]}"


def _secret(value: str) -> str:
    return SecretText(value)


def _one_of_many(value: Any) -> Any:
    """One device where a list of them is expected is a list of one; ``false`` is none."""
    if value is False:
        return []
    return value if isinstance(value, list | tuple) else [value]


_SIZE_SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[A-Za-z]*\s*$"},
        {"type": "integer", "minimum": 1},
    ],
    "description": 'A size: "2GiB", "512MiB", or bytes as an integer.',
}

Text = Annotated[str, AfterValidator(xml_text)]
Line = Annotated[str, AfterValidator(_line), AfterValidator(_filled)]
Name = Annotated[Line, AfterValidator(_name)]
Secret = Annotated[str, AfterValidator(_line), AfterValidator(_secret)]
AbsPath = Annotated[Line, AfterValidator(_absolute)]
Size = Annotated[int, PlainValidator(_size("MiB", 2**20)), WithJsonSchema(_SIZE_SCHEMA)]
SmallSize = Annotated[int, PlainValidator(_size("KiB", 2**10)), WithJsonSchema(_SIZE_SCHEMA)]

if TYPE_CHECKING:

    class Assigned(Generic[_Read, _Written]):
        """What type checkers see of a field that is read as one type and written as others too."""

        @overload
        def __get__(self, part: None, of: type) -> Self: ...
        @overload
        def __get__(self, part: object, of: type) -> _Read: ...
        def __get__(self, part: object | None, of: type) -> Self | _Read: ...
        def __set__(self, part: object, value: _Written) -> None: ...

    AnySize = Assigned[int, int | str]
    OptionalSize = Assigned[int | None, int | str | None]
else:
    AnySize = Size
    OptionalSize = Size | None

Word = Annotated[Line, AfterValidator(matching(r"[A-Za-z0-9_.+-]+", "a word of letters, digits and _ . + -"))]
Mac = Annotated[
    str,
    AfterValidator(
        matching(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}", "a MAC address such as '52:54:00:12:34:56'")
    ),
    AfterValidator(str.lower),
    AfterValidator(_unicast),
]
Uuid = Annotated[
    str,
    AfterValidator(
        matching(
            r"[0-9A-Fa-f]{8}-?(?:[0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}",
            "a UUID such as 'c7a5fdbd-edaf-9455-926a-d65c16db1809'",
        )
    ),
    AfterValidator(str.lower),
]
CpuSet = Annotated[str, BeforeValidator(_number_list), AfterValidator(_cpuset)]
PciAddress = Annotated[str, AfterValidator(_pci)]
UsbId = Annotated[
    str, AfterValidator(matching(r"0x[0-9A-Fa-f]{1,4}", "a USB id such as '0x1d6b' (in quotes)"))
]
Alias = Annotated[
    str, AfterValidator(matching(r"ua-[A-Za-z0-9_-]+", "an alias: 'ua-' and then letters, digits, _ or -"))
]
Positive = Annotated[int, Field(ge=1)]
Natural = Annotated[int, Field(ge=0)]
Port = Annotated[int, Field(ge=1, le=65535)]
OneOrMore = BeforeValidator(_one_of_many)

OnOff = Literal["on", "off"]
