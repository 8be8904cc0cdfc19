"""Whatever a text of a spec holds, the domain's XML has the same structure, and the text in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.unit.rendering.everything import full_spec, texts
from virtkit import DomainSpec
from virtkit.errors import SpecError
from virtkit.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterator

CHOICES = range(3)

NASTY = {
    "quotes": "\"'",
    "brackets": "<a b='c'>&amp;</a>",
    "end of a section": "]]>-->?>",
    "Jinja": "{{ 7 * 7 }}{% endfor %}{# x",
    "breaks": " a\tb\nc\rd\r\ne ",
    "beyond": "\x7f\x85\u2028\ufffd\U0010ffff",
}
FORBIDDEN = ["\0", "\x1b[31m", "\ud800", "\udfff", "\ufffe", "\uffff"]

Shape = tuple[Any, ...]


@pytest.fixture(scope="module", autouse=True)
def unchecked() -> Iterator[None]:
    """A spec's own checks would refuse most of this; what is tested is the line behind them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DomainSpec, "verify", lambda _: None)
        yield


def shape(text: str) -> Shape:
    """Return names, attributes and texts of a document."""
    return _shape(etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True)))


def _shape(element: etree._Element) -> Shape:
    content = element.text or ""
    children = [_shape(child) for child in element]
    return element.tag, dict(element.attrib), content.strip() if children else content, children


def replaced(before: Shape, texts: dict[str, str]) -> Shape:
    """Return *before* with the texts that are keys of *texts* replaced."""

    def new(text: str) -> str:
        return re.sub(r"benign\d+z", lambda found: texts.get(found[0], found[0]), text)

    name, attributes, content, children = before
    values = {key: new(value) for key, value in attributes.items()}
    return name, values, new(content), [replaced(child, texts) for child in children]


@pytest.fixture(scope="module", params=CHOICES)
def spec(request: pytest.FixtureRequest) -> DomainSpec:
    """A spec with everything, and other words of the fields in each."""
    return full_spec(request.param)


def put_everywhere(spec: DomainSpec, nasty: str) -> tuple[Shape, Shape]:
    """Return what has to come out with *nasty* in each text of *spec*, and what does; *spec* is as before."""
    before = shape(render(spec))
    fields = list(texts(spec))
    try:
        for _, old, put in fields:
            put(old + nasty)
        return replaced(before, {old: old + nasty for _, old, _ in fields}), shape(render(spec))
    finally:
        for _, old, put in fields:
            put(old)


def test_most_texts_of_a_spec_are_written(spec: DomainSpec) -> None:
    """The tests below would show little if the examples left most of the templates out."""
    written = set(re.findall(r"benign\d+z", render(spec)))
    known = {value for _, value, _ in texts(spec)}
    assert len(known) > 500
    assert len(written & known) / len(known) > 0.6


@pytest.mark.parametrize("kind", NASTY)
def test_a_nasty_text_stays_in_its_place(spec: DomainSpec, kind: str) -> None:
    """In every field: it reads back as it was, and nothing around it changes."""
    wanted, got = put_everywhere(spec, NASTY[kind])
    assert got == wanted


@settings(deadline=None, max_examples=40)
@given(nasty=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_any_text_stays_in_its_place(nasty: str) -> None:
    """The same for texts that nobody thought of."""
    wanted, got = put_everywhere(FULL, nasty)
    assert got == wanted


FULL = full_spec(0)


def fields_by_kind(spec: DomainSpec) -> list[tuple[str, str, Any]]:
    """Return one text for each field of each kind of part, among those that are written."""
    written = render(spec)
    kinds = {
        re.sub(r"\[\d+\]", "", path): (path, old, put) for path, old, put in texts(spec) if old in written
    }
    return list(kinds.values())


def test_a_megabyte_stays_in_its_place() -> None:
    """Of plain text, and of text that has to be escaped; in some of the fields."""
    before = shape(render(FULL))
    for path, old, put in fields_by_kind(FULL)[::20]:
        for huge in ("x" * 1_000_000, "<\n" * 500_000):
            put(huge)
            assert shape(render(FULL)) == replaced(before, {old: huge}), path
        put(old)


@pytest.mark.parametrize("character", FORBIDDEN, ids=ascii)
def test_a_text_that_no_xml_can_hold_is_refused_by_its_path(character: str) -> None:
    """In each field, even when it got past the spec's own checks."""
    for path, old, put in fields_by_kind(FULL)[:: 1 if character == "\0" else 9]:
        put(f"a{character}")
        with pytest.raises(SpecError) as caught:
            render(FULL)
        assert [problem.path for problem in caught.value.problems] == [path]
        put(old)
