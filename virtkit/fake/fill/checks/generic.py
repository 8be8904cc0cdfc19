"""The checks that tables say all about: words, numbers, and what may not be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.checks.tables import NUMBERS, OLD_WORDS, REQUIRED, WORDS

if TYPE_CHECKING:
    from lxml import etree


class _Row(NamedTuple):
    """All that is known of one place."""

    words: dict[str, frozenset[str]]
    old_words: dict[str, tuple[frozenset[str], str]]
    numbers: dict[str, str]
    required: tuple[str, ...]


def _rows() -> dict[str, _Row]:
    places = {*WORDS, *OLD_WORDS, *NUMBERS, *REQUIRED}
    return {
        place: _Row(
            words={name: frozenset(text.split()) for name, text in WORDS.get(place, {}).items()},
            old_words={
                name: (frozenset(text.split()), message)
                for name, (text, message) in OLD_WORDS.get(place, {}).items()
            },
            numbers=NUMBERS.get(place, {}),
            required=REQUIRED.get(place, ()),
        )
        for place in places
    }


_ROWS = _rows()
_INSIDE = {place.rpartition("/")[0] for place in _ROWS} | {
    place.rsplit("/", 2)[0] for place in _ROWS if place.count("/") > 1
}
_RANGES = {
    "uint": (0, "Expected non-negative integer value"),
    "positive": (0, "Expected non-negative integer value"),
    "natural": (None, "Expected integer value"),
}
_MOST, _MOST_UNSIGNED = 2**31 - 1, 2**32 - 1
_DECIMAL = {"drive", "virtio-serial", "ccid"}


def walk(element: etree._Element, place: str) -> None:
    """Check *element*, which is at *place* of the tables, and what is in it."""
    row = _ROWS.get(place)
    if row is not None:
        _check(element, row)
    if place in _INSIDE:
        for child in element:
            if isinstance(child.tag, str):
                walk(child, f"{place}/{child.tag}")


def _check(element: etree._Element, row: _Row) -> None:
    given = element.attrib
    for name in row.required:
        if name not in given:
            missing(element, name)
    for raw in given:
        name = str(raw)
        if name in row.words and str(given[raw]) not in row.words[name]:
            _invalid(element, name, "'{}'.")
        elif name in row.old_words:
            words, message = row.old_words[name]
            if str(given[raw]) not in words:
                fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, message.format(given[raw]))
        elif name in row.numbers:
            _number(element, name, row.numbers[name])


def _number(element: etree._Element, name: str, kind: str) -> None:
    text = element.get(name, "").strip()
    lowest, expected = _RANGES[kind]
    if element.tag == "address":
        hexadecimal = element.get("type") not in _DECIMAL
    else:
        hexadecimal = kind != "natural" and text[:2] in {"0x", "0X"}
    try:
        number = int(text, 0 if hexadecimal else 10)
    except ValueError:
        _invalid(element, name, "'{}'. " + expected)
    if number > (_MOST if kind == "natural" else _MOST_UNSIGNED):
        _invalid(element, name, "'{}'. " + expected)
    if lowest is not None and number < lowest:
        _invalid(element, name, "'{}'. " + expected)
    if kind == "natural" and number < 0:
        _invalid(element, name, "'{}'. Expected non-negative value")
    if kind == "positive" and not number:
        _invalid(element, name, "Zero is not permitted")


def _invalid(element: etree._Element, name: str, rest: str) -> NoReturn:
    told = rest.format(element.get(name))
    message = f"Invalid value for attribute '{name}' in element '{element.tag!s}': {told}"
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)


def missing(element: etree._Element, name: str) -> NoReturn:
    """Raise that *element* lacks the attribute *name*."""
    message = f"Missing required attribute '{name}' in element '{element.tag!s}'"
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
