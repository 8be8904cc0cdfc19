"""What is a number, a name or a blank to XML is one here; what only Python takes for one is not."""

from __future__ import annotations

import pytest

from virtkit import model
from virtkit.errors import DocumentError
from virtkit.model.datatypes import fits
from virtkit.model.schemas import Data, Group, Value

NO_NUMBERS = ["1_0", "٣", "²", "0x10", "1.0", "", "one", "\u20281", "--1"]


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("type_", ["int", "unsignedInt", "positiveInteger", "long", "integer"])
def test_what_is_no_whole_number(text: str, type_: str) -> None:
    """Digits are those of ASCII, without anything between them."""
    assert not fits(text, Data(type_))


@pytest.mark.parametrize(
    ("type_", "smallest", "largest"),
    [("unsignedShort", "0", "65535"), ("short", "-32768", "32767"), ("int", "-2147483648", "2147483647"),
     ("unsignedLong", "+0", "18446744073709551615")],
)  # fmt: skip
def test_numbers_have_bounds(type_: str, smallest: str, largest: str) -> None:
    """Those of the type; blanks around them do not count."""
    assert fits(f" {smallest}\n", Data(type_))
    assert fits(largest, Data(type_))
    assert not fits(str(int(smallest) - 1), Data(type_))
    assert not fits(str(int(largest) + 1), Data(type_))
    assert not fits("9" * 100_000, Data(type_))


def test_numbers_without_bounds() -> None:
    """However long they are; and a schema may bound them."""
    assert fits("9" * 100_000, Data("positiveInteger"))
    assert fits("-" + "9" * 100_000, Data("integer"))
    assert not fits("0", Data("positiveInteger"))
    assert fits("7", Data("integer", smallest=7, largest=9))
    assert not fits("10", Data("integer", smallest=7, largest=9))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("1", True), (".5", True), ("1.e3", True), ("-1e-3", True), ("nan", False), ("1_0.5", False)],
)
def test_fractions(text: str, is_one: bool) -> None:
    """As XML Schema spells them."""
    assert fits(text, Data("double")) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a", True),
        ("_a-1.b", True),
        ("ä", True),
        ("e\u0301", True),
        ("1a", False),
        ("a:b", False),
        ("a b", False),
    ],
)
def test_names(text: str, is_one: bool) -> None:
    """Those of XML, with letters that are put together, and without a colon."""
    assert fits(text, Data("NCName")) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("/a:b", True),
        ("nbd://h:1/x", True),
        ("rbd:pool/x", True),
        ("vol 1", True),
        ("", True),
        ("00:11", False),
    ],
)
def test_addresses(text: str, is_one: bool) -> None:
    """Before a colon stands a scheme, or a slash."""
    assert fits(text, Data("anyURI")) is is_one


@pytest.mark.parametrize("other", ["\x85", "\u2028", "\xa0", "\u3000"])
def test_blanks_are_those_of_xml(other: str) -> None:
    """Other spaces are text, for fields as for schemas."""
    assert fits(" \t\r\n", Group([]))
    assert not fits(other, Group([]))
    assert fits("\n a  b\t", Value("a b"))
    assert not fits(f"a{other}b", Value("a b"))
    assert "/domain/clock" in [
        each.path for each in model.validate(f"<domain><clock>{other}</clock></domain>")
    ]
    for text in (f"{other}<suspend-to-mem enabled='yes'/>", f"<suspend-to-mem enabled='yes'/>{other}"):
        domain = model.Domain.parse(f"<domain><pm>{text}</pm></domain>")
        domain.suspend_to_mem = None
        assert domain.to_xml() == f"<domain><pm>{other}</pm></domain>\n"


@pytest.mark.parametrize("text", [*NO_NUMBERS[:3], "0x_1", "9" * 5000])
def test_fields_read_numbers_as_libvirt_does(text: str) -> None:
    """The field is named, and its text stays."""
    domain = model.Domain.parse(f"<domain><vcpu current='{text}'>2</vcpu></domain>")
    with pytest.raises(DocumentError, match=r"Vcpu\S*\.current .* is not a whole number"):
        _ = domain.vcpu.current
    assert text in domain.to_xml()


@pytest.mark.parametrize(("unit", "size"), [("", 4096), ("KiB", 4096), ("b", 4)])
def test_an_empty_unit_is_the_default_one(unit: str, size: int) -> None:
    """As libvirt takes it; written back, nothing changes."""
    text = f'<domain><memory unit="{unit}">4</memory></domain>\n'
    domain = model.Domain.parse(text)
    assert domain.memory == size
    domain.memory = size
    assert domain.to_xml() == text


@pytest.mark.parametrize("text", ["<memory>007</memory>", "<memory unit='mib'> 1.5 </memory>"])
def test_a_size_keeps_its_spelling(text: str) -> None:
    """While it is the same."""
    domain = model.Domain.parse(f"<domain>{text}</domain>")
    before = domain.to_xml()
    domain.memory = domain.memory
    assert domain.to_xml() == before


@pytest.mark.parametrize("unit", ["5", ".5", "0KiB", "KiB MiB", "x"])
def test_a_unit_that_is_none(unit: str) -> None:
    """It is not taken for a part of the number."""
    domain = model.Domain.parse(f"<domain><memory unit='{unit}'>4</memory></domain>")
    with pytest.raises(DocumentError, match=r"Domain\.memory"):
        _ = domain.memory
