"""What templates say about themselves, and that it is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from jinja2 import meta

from virtkit.errors import TemplateError
from virtkit.rendering import TemplateInfo, catalogue, render
from virtkit.rendering.environment import environment

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = {info.name: info for info in catalogue()}
MACHINES = [info for info in catalogue() if info.machine]


def test_the_machines_that_are_promised_are_there() -> None:
    """By their short names."""
    names = [info.name for info in MACHINES]
    assert names == ["arm64", "container", "linux", "microvm", "minimal", "mips", "windows", "xen-pv"]


@pytest.mark.parametrize("info", SHIPPED.values(), ids=SHIPPED)
def test_each_template_is_described(info: TemplateInfo) -> None:
    """A summary of one line, a meaning for each variable; domain.xml.j2 takes the fields of a spec."""
    assert 10 < len(info.summary) < 120
    assert (info.variables is None) == (info.name == "domain.xml.j2")
    assert all(variable.meaning for variable in info.variables or ())


@pytest.mark.parametrize("info", MACHINES, ids=lambda info: info.name)
def test_the_variables_that_are_listed_are_those_that_are_used(info: TemplateInfo) -> None:
    """Neither more nor fewer; ``host`` is always there."""
    made, _ = environment()
    used = meta.find_undeclared_variables(jinja2.Environment().parse(info.path.read_text()))
    listed = {variable.name for variable in info.variables or ()}
    assert used - (made.globals.keys() - listed) - {"host"} == listed


def test_names_defaults_and_meanings_are_read(tmp_path: Path) -> None:
    """A default is JSON; a variable without one is required; a meaning may go on in the next line."""
    (tmp_path / "mine.xml.j2").write_text(
        "{#-\nA machine of mine. It is good.\n\nVariables:\n"
        '  name   its name,\n         which is short\n  size = "2GiB"   its size\n'
        '  tags = ["a b", {"c": 1}]\n-#}\n<domain>{{ name }}{{ size }}{{ tags[1].c }}</domain>\n'
    )
    info = next(info for info in catalogue([tmp_path]) if info.name == "mine.xml.j2")
    assert info.summary == "A machine of mine"
    assert [(v.name, v.meaning, v.required, v.default) for v in info.variables or ()] == [
        ("name", "its name, which is short", True, None),
        ("size", "its size", False, "2GiB"),
        ("tags", "", False, ["a b", {"c": 1}]),
    ]
    text = render("mine", templates=tmp_path, name="web", validate=False)
    assert text.strip() == "<domain>web2GiB1</domain>"


@pytest.mark.parametrize(
    ("head", "variables", "words"),
    [
        ("  name   its name", {}, r"mine.xml.j2: needs name \(its name\)"),
        ("  name   its name", {"name": "a", "nmae": "b"}, "takes no variable 'nmae'; did you mean name?"),
        ("  name   its name", {"name": "a", "qqqqqq": "b"}, "takes no variable 'qqqqqq'; it takes name"),
        ("  size = 2GiB   its size", {}, "the default of size is not JSON: 2GiB"),
        (" 1 2 3", {}, "no variable: '1 2 3'"),
    ],
)
def test_wrong_variables_and_wrong_heads(
    tmp_path: Path, head: str, variables: dict[str, Any], words: str
) -> None:
    """Missing, misspelt, unknown, not in the form."""
    (tmp_path / "mine.xml.j2").write_text(f"{{#\nMine.\n\nVariables:\n{head}\n#}}\n<domain/>")
    with pytest.raises(TemplateError, match=words):
        render("mine", templates=tmp_path, **variables)
