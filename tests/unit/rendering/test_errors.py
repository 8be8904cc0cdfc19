"""What goes wrong in templates: always a TemplateError that names file, line, cause and remedy."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from virtkit.errors import ParseError, SchemaError, SpecError, TemplateError
from virtkit.model import schema_available
from virtkit.rendering import render
from virtkit.spec import DomainSpec


def failure(folder: Path, text: str, **variables: Any) -> TemplateError:
    """Return the error that a template of *text* ends with; its first line is line 1."""
    (folder / "mine.xml.j2").write_text(text)
    with pytest.raises(TemplateError) as caught:
        render("mine.xml.j2", templates=folder, **variables)
    return caught.value


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    """The error lists where it was sought and what has a similar name."""
    (tmp_path / "webserver.xml.j2").touch()
    with pytest.raises(TemplateError) as caught:
        render("webservr", templates=tmp_path)
    assert "did you mean 'webserver'" in str(caught.value)
    assert f"searched in {tmp_path}, " in str(caught.value)
    assert caught.value.template == "webservr"
    with pytest.raises(TemplateError, match="did you mean 'linux'"):
        render("linus")


@pytest.mark.parametrize("name", ["", "/", "../x", "/etc/passwd", "a\0b", "machines", ".", "x" * 5000])
def test_names_that_are_no_templates(tmp_path: Path, name: str) -> None:
    """Whatever the name, the answer is the same error."""
    with pytest.raises(TemplateError, match="there is no template"):
        render(name, templates=tmp_path)


def test_what_is_no_spec() -> None:
    """A dict is one; other things are refused by their type."""
    assert "<name>web</name>" in render({"name": "web", "memory": "1GiB"})
    with pytest.raises(SpecError, match="memry"):
        render({"name": "web", "memry": "1GiB"})
    for wrong in (None, 5, b"<domain/>"):
        with pytest.raises(SpecError, match=f"not {type(wrong).__name__}"):
            render(wrong)  # type: ignore[arg-type]


def test_a_spec_with_variables(tmp_path: Path) -> None:
    """They would have no effect, and are refused; with templates of one's own these may use them."""
    spec = DomainSpec(name="web", memory="1GiB")
    with pytest.raises(TemplateError, match="memory in the spec"):
        render(spec, memory="2GiB")
    (tmp_path / "domain.xml.j2").write_text(
        '{% extends "virtkit/domain.xml.j2" %}'
        "{% block identity %}{{ super() }}<title>{{ words }}</title>{% endblock %}"
    )
    assert "<title>a &lt; b</title>" in render(spec, templates=tmp_path, words="a < b")


def test_text_and_paths_in_place_of_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XML is told from a name; a file of the working folder is found by a Path, and the hint says so."""
    (tmp_path / "mine.xml.j2").write_text("<domain/>")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TemplateError, match="this is XML"):
        render("<domain/>")
    with pytest.raises(TemplateError, match=r"pathlib\.Path\('mine\.xml\.j2'\)"):
        render("mine.xml.j2")
    assert render(Path("mine.xml.j2"), validate=False) == "<domain/>"
    assert render(tmp_path / "mine.xml.j2", validate=False) == "<domain/>"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("<domain>\n{% for x in %}\n{% endfor %}</domain>", 2, "{% for x in %}"),
        ("<domain>\n{% if x %}\n</domain>", 3, "The innermost block that needs to be closed is 'if'"),
        ("<domain>\n\n{{ x | nosuch }}</domain>", 3, "No filter named 'nosuch'"),
        ("<domain>\n{{ nam }}</domain>", 2, "'nam' is undefined; did you mean name?"),
        ("<domain>\n{{ zzz }}</domain>", 2, "'zzz' is undefined; given were: name"),
        ("<domain>\n{{ name.size }}</domain>", 2, "has no attribute 'size'"),
        ("<domain>\n{{ 1 // 0 }}</domain>", 2, "ZeroDivisionError"),
        ("<domain>\n{{ name() }}</domain>", 2, "TypeError"),
        ("<domain>\n{% include 'gone.xml.j2' %}</domain>", 2, "there is no template 'gone.xml.j2'"),
        ("{% extends 'gone.xml.j2' %}", 1, "there is no template 'gone.xml.j2'"),
        ("<domain>\n{% include 'mine.xml.j2' %}</domain>", 2, "without end"),
        ("{% extends 'mine.xml.j2' %}", 1, "without end"),
    ],
)
def test_mistakes_in_a_template(tmp_path: Path, text: str, line: int, words: str) -> None:
    """Syntax, undefined names and exceptions all come with the file and its line."""
    error = failure(tmp_path, text, name="web")
    assert words in str(error)
    assert (error.template, error.line) == (str(tmp_path / "mine.xml.j2"), line)
    assert str(error).startswith(f"{tmp_path / 'mine.xml.j2'}:{line}: ")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_mistake_in_an_included_macro_names_the_macros_file(tmp_path: Path) -> None:
    """Not the file that uses it."""
    (tmp_path / "parts.xml.j2").write_text("{% macro part(x) %}\n\n<a b='{{ x.y }}'/>{% endmacro %}")
    error = failure(tmp_path, "{% import 'parts.xml.j2' as parts %}\n<domain>{{ parts.part(1) }}</domain>")
    assert (error.template, error.line) == (str(tmp_path / "parts.xml.j2"), 3)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are not UTF-8."""
    (tmp_path / "mine.xml.j2").write_bytes(b"<domain>\xff</domain>")
    with pytest.raises(TemplateError, match="not UTF-8"):
        render("mine", templates=tmp_path)


def test_a_result_that_is_not_well_formed(tmp_path: Path) -> None:
    """The error shows the line of what was rendered."""
    error = failure(tmp_path, "<domain>\n<name>{{ name }}</nam>\n</domain>", name="web")
    assert "line 2" in str(error)
    assert "<name>web</nam>" in str(error)
    assert isinstance(error.__cause__, ParseError)


@pytest.mark.parametrize("text", ["", "   ", "just text", "<!DOCTYPE domain><domain/>", "<domain/><domain/>"])
def test_results_that_are_no_document(tmp_path: Path, text: str) -> None:
    """Nothing, text, a DTD, two documents."""
    assert "is not well-formed" in str(failure(tmp_path, text)) or "DOCTYPE" in text


def test_a_result_that_is_no_document_of_libvirt(tmp_path: Path) -> None:
    """The root element has to be one that libvirt knows."""
    assert "<html>, which is no libvirt document" in str(failure(tmp_path, "<html/>"))


@pytest.mark.skipif(not schema_available(), reason="libvirt's schemas are not installed")
def test_a_result_that_libvirts_schema_does_not_allow(tmp_path: Path) -> None:
    """It is refused with the problems and the way round; validate=False is that way."""
    text = "<domain type='kvm'>\n<name>web</name>\n<colour>red</colour></domain>"
    error = failure(tmp_path, text)
    assert "schema" in str(error)
    assert "validate=False" in str(error)
    assert isinstance(error.__cause__, SchemaError)
    assert error.__cause__.problems
    assert render("mine", templates=tmp_path, validate=False) == text


def test_an_edited_template_is_read_again(tmp_path: Path) -> None:
    """A program that runs on sees the new text."""
    (tmp_path / "mine.xml.j2").write_text("<domain>old</domain>")
    assert "old" in render("mine", templates=tmp_path, validate=False)
    (tmp_path / "mine.xml.j2").write_text("<domain>newer</domain>")
    assert "newer" in render("mine", templates=tmp_path, validate=False)
