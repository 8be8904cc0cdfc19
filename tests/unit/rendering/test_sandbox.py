"""Templates from elsewhere: what they may not see, and how little they can spend."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from virtkit.errors import TemplateError
from virtkit.rendering import render

if TYPE_CHECKING:
    from pathlib import Path


class Guarded:
    secret = "s3cret"

    def open(self) -> str:
        return self.secret


def foreign(folder: Path, text: str, **variables: Any) -> str:
    (folder / "foreign.xml.j2").write_text(f"<domain><name>{text}</name></domain>")
    rendered = render("foreign", templates=folder, trusted=False, validate=False, **variables)
    return re.sub("<[^>]*>", "", rendered).strip()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{ name | upper }}", "WEB"),
        ("{% for part in name %}{{ loop.index }}{{ part }}{% endfor %}", "1w2e3b"),
        ("{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice(name) }}", "webweb"),
        ("{% set s = namespace(n=0) %}{% for i in [3] %}{% set s.n = i + i %}{% endfor %}{{ s.n }}", "6"),
        ("{{ name.strip() ~ '-' ~ [1, 2] | join(',') }}", "web-1,2"),
        ("{{ name | replace('w', 'W') | default('x') }}", "Web"),
        ("{% macro outer() %}{{ caller(1) }}{% endmacro %}{% call(x) outer() %}{{ x }}{% endcall %}", "1"),
        ("{{ missing | default('none given') }}", "none given"),
        ("{{ {'a': 1}.get('a') }}{{ cycler('x', 'y').next() }}{{ 'x' if name is string else 'y' }}", "1xx"),
        ("{% for a in [[1, [2]]] recursive %}{{ a if a is number else loop(a) }}{% endfor %}", "12"),
    ],
)
def test_what_honest_templates_need_works(tmp_path: Path, text: str, wanted: str) -> None:
    """Loops, macros, filters, methods of plain data."""
    assert foreign(tmp_path, text, name="web") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ name.__class__ }}",
        "{{ guarded.open() }}",
        "{{ guarded['open']() }}",
        "{{ range.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ spec.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ name.format_map({}) }}",
        "{{ [1].append(2) }}",
        "{{ name | attr('__class__') }}",
        "{{ name | pprint }}",
        "{% include '../outside.xml.j2' %}",
        "{% include '/etc/hostname' %}",
        "{% include 'private.txt' %}",
        "{% include 'link.xml.j2' %}",
        "{% import 'os' as os %}",
    ],
)
def test_what_was_not_given_is_out_of_reach(tmp_path: Path, text: str) -> None:
    """Python's insides, methods of objects, and files outside of the folder or that are no templates."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.xml.j2").write_text("secret")
    (inside / "private.txt").write_text("secret")
    (inside / "link.xml.j2").symlink_to(tmp_path / "outside.xml.j2")
    with pytest.raises(TemplateError) as caught:
        foreign(inside, text, name="web", guarded=Guarded())
    assert "s3cret" not in str(caught.value)


ENDLESS = [
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{% for i in range(10000000000) %}{% endfor %}",
    "{{ 'a' * 10000000000 }}",
    "{{ [0] * 10000000000 }}",
    "{{ 10 ** 200 ** 200 }}",
    "{{ '%10000000000d' % 1 }}",
    "{{ 'a' | center(10000000000) }}",
    "{{ 'a'.ljust(10000000000) }}",
    "{{ 'a' | indent(10000000000, true) }}",
    "{{ ('a,' | replace('a', big) | replace(',', big) | replace('x', big)) }}",
    "{{ big.replace('x', big).replace('x', big) }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set ns = namespace(x='aaaa') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{% set ns = namespace(x=[0]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{% set ns = namespace(x=3) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "{% for i in range(99999) %}{{ big == big ~ 'x' }}{% endfor %}",
    "{% for i in range(99999) %}{{ big }}{% endfor %}",
    "{% for i in range(99999) %}{{ big | upper }}{% endfor %}",
    "{% for i in range(99999) %}" + "x" * 1000 + "{% endfor %}",
    "{% for i in range(99999) %}{% set a = range(99999) | list %}{% endfor %}",
    "{{ range(99999) | join(big) }}",
    "{% include 'foreign.xml.j2' %}",
    "{% include 'foreign.xml.j2' %}{% include 'foreign.xml.j2' %}",
    "{% extends 'foreign.xml.j2' %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "x" * 100_001,
    "{{ a }}" * 10_000,
    "{% if a %}" * 500 + "{% endif %}" * 500,
]


@pytest.mark.parametrize("text", ENDLESS, ids=lambda text: text[:50])
def test_a_hostile_template_is_stopped_soon(tmp_path: Path, text: str) -> None:
    """Loops, recursion and growing values end in a TemplateError, within seconds on the slowest machine."""
    began = time.process_time()
    with pytest.raises(TemplateError):
        foreign(tmp_path, text, big="x" * 10_000)
    assert time.process_time() - began < 5


def test_the_budget_is_that_of_one_rendering(tmp_path: Path) -> None:
    """A template that needs most of the budget renders again and again."""
    for _ in range(3):
        assert foreign(tmp_path, "{% for i in range(60000) %}{% endfor %}{{ name }}", name="web") == "web"
