"""What is written can be read: blanks survive, and what no XML can hold is refused by its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtkit import model, tree
from virtkit.errors import DocumentError, ParseError, TemplateError
from virtkit.rendering import render

UNWRITABLE = ["\0", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800", "\udfff"]
BASE = "<domain><name>x</name><devices><disk><target dev='vda'/></disk></devices></domain>"


@pytest.mark.parametrize("bad", UNWRITABLE, ids=ascii)
@pytest.mark.parametrize(
    ("field", "name"),
    [("description", r"Domain\.description \(domain/description\)"), ("title", r"Domain\.title")],
)
def test_a_view_refuses_what_no_xml_can_hold(bad: str, field: str, name: str) -> None:
    """The field is named, and nothing has changed."""
    domain = model.Domain.parse(BASE)
    with pytest.raises(DocumentError, match=name):
        setattr(domain, field, f"a{bad}b")
    with pytest.raises(DocumentError, match=r"DiskSource\.file|\.file \("):
        domain.devices.disks[0].source.file = f"/srv/{bad}"
    assert domain.to_xml() == f"{BASE}\n".replace("'", '"')


@pytest.mark.parametrize("bad", UNWRITABLE, ids=ascii)
def test_metadata_refuses_it_too(bad: str) -> None:
    """It comes as XML, which is read with the same care."""
    domain = model.Domain.parse(BASE)
    with pytest.raises(ParseError, match="metadata"):
        domain.metadata.set(f"<a:b xmlns:a='urn:a'>{bad}</a:b>")
    assert domain.metadata.get("urn:a") is None
    assert not domain.metadata


@pytest.mark.parametrize("bad", UNWRITABLE, ids=ascii)
def test_rendering_refuses_it_with_the_fields_name(bad: str) -> None:
    """In a spec as in a variable of a template."""
    with pytest.raises((TemplateError, ValueError), match="description"):
        render("minimal", name="x", description=f"a{bad}b")


_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r"),
    min_size=1,
)


@given(_TEXT)
def test_any_other_text_survives(text: str) -> None:
    """Tab, newline and CR too, in attributes and in text, once and again."""
    domain = model.Domain.parse(BASE)
    domain.description = text
    domain.devices.disks[0].source.file = text
    for _ in range(2):
        domain = model.Domain.parse(domain.to_xml())
        assert domain.description == text
        assert domain.devices.disks[0].source.file == text
    assert tree.equal(domain.element, tree.parse(tree.tostring(domain.element)))
