"""What a value becomes in a template: it reads back as it was, or it is refused."""

from __future__ import annotations

from enum import Enum
from pathlib import Path, PurePosixPath
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from virtkit.errors import ParseError, TemplateError
from virtkit.rendering import render
from virtkit.rendering.escape import Unwritable, as_text, finalize, fragment, kib, onoff, yesno

NASTY = [
    "\"'<>&",
    "]]>",
    "-->",
    "?>",
    "{{ 7 * 7 }}{% raw %}{# x #}",
    "<evil/>",
    "' onload='x",
    "&amp;&#10;&lt;",
    "a\tb\nc\rd\r\n",
    "  kept  ",
    "\x85\u2028\u00a0",
    "\ufdd0\U0001f427\U0010ffff",
    "x" * 1_000_000,
    "<&\"'\n" * 200_000,
]
FORBIDDEN = ["\x00", "\x01", "\x08", "\x0b", "\x1f", "\ud800", "a\udfffb", "\ufffe", "\uffff"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "probe.xml.j2").write_text(
        "<domain><name a='{{ value }}' b=\"{{ value }}\">{{ value }}</name>"
        "<title>{{ value | text }}</title></domain>"
    )
    return tmp_path


def read_back(folder: Path, value: object) -> list[str | None]:
    root = etree.fromstring(render("probe", templates=folder, value=value, validate=False).encode())
    name = root.find("name")
    assert name is not None
    assert [child.tag for child in root] == ["name", "title"]
    assert dict(name.attrib).keys() == {"a", "b"}
    return [name.get("a"), name.get("b"), name.text or "", root.findtext("title")]


@pytest.mark.parametrize("value", NASTY, ids=lambda value: repr(value[:20]))
def test_whatever_a_value_holds_reads_back_as_it_was(folder: Path, value: str) -> None:
    """In attributes of both quotes, and in text."""
    assert read_back(folder, value) == [value] * 4


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
@example("\t\n\r")
def test_any_text_reads_back(value: str) -> None:
    """The same, for any text that XML can hold, at the level of the filter itself."""
    written = etree.fromstring(f'<x a="{_written(value)}">{as_text(value)}</x>'.encode())
    assert written.get("a") == value
    assert (written.text or "") == value


def _written(value: str) -> str:
    from markupsafe import escape

    return str(escape(finalize(value)))


@pytest.mark.parametrize("value", FORBIDDEN, ids=ascii)
def test_what_xml_cannot_hold_is_refused_by_the_name_of_its_variable(folder: Path, value: str) -> None:
    """Control characters, lone surrogates and the two that are no characters, anywhere in a value."""
    (folder / "deep.xml.j2").write_text("<domain>\n<name>{{ items[1].path }}</name></domain>")
    with pytest.raises(TemplateError, match=r"items\[1\]\.path: XML cannot hold the .* U\+") as caught:
        render("deep", templates=folder, items=["fine", {"path": f"x{value}"}])
    assert caught.value.template == str(folder / "deep.xml.j2")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("value", "hint"),
    [(None, "is not none"), (True, "yesno"), ([1], "for item in value"), ({}, "items"), (b"x", "bytes")],
)
def test_python_spellings_are_refused(folder: Path, value: object, hint: str) -> None:
    """``None`` or ``True`` in XML is a mistake in the template, and the error says what to write."""
    with pytest.raises(TemplateError, match=hint):
        render("probe", templates=folder, value=value)


class Colour(Enum):
    RED = "r&d"


class Sly(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "<sly/>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (1.5, "1.5"),
        (Colour.RED, "r&d"),
        (PurePosixPath("/a&b"), "/a&b"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Sly("<x>"), "<x>"),
    ],
    ids=repr,
)
def test_other_plain_values_are_written_as_text(folder: Path, value: object, text: str) -> None:
    """Numbers, paths, UUIDs, enumerations, and subclasses of str, whatever their __str__ says."""
    assert read_back(folder, value) == [text] * 4


def test_filters_write_libvirts_words() -> None:
    """``yesno``, ``onoff`` and sizes."""
    assert [yesno(True), yesno(False), onoff(True), onoff(False)] == ["yes", "no", "on", "off"]
    assert [kib("2GiB"), kib(1), kib("1MB")] == [2097152, 1, 977]
    with pytest.raises(Unwritable, match="true or false"):
        yesno("yes")  # type: ignore[arg-type]


def test_the_xml_filter_takes_whole_fragments_only() -> None:
    """A fragment that would end an element of the template, or declare entities, is refused."""
    assert fragment("<a/>text<b c='d'/>") == "<a/>text<b c='d'/>"
    for broken in ["</fragment><fragment>", "<a>", "a&b", "<!DOCTYPE x>"]:
        with pytest.raises(ParseError):
            fragment(broken)
