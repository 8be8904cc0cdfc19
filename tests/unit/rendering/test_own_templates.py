"""Templates in a user's folder: what they inherit from ready machines, and what they cannot reach."""

from pathlib import Path

import pytest

from virtkit import tree
from virtkit.errors import TemplateError
from virtkit.rendering import catalogue, render

OURS = """{#
A machine of ours.

Variables:
  memory = "4GiB"   its memory
  owner             who pays
#}
{% extends "machines/linux.xml.j2" %}
{% block more %}<!-- {{ owner }} -->{% endblock %}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of templates."""
    (tmp_path / "plain.xml.j2").write_text('{% extends "linux" %}{% block rng %}{% endblock %}')
    (tmp_path / "ours.xml.j2").write_text(OURS)
    return tmp_path


def test_a_template_that_extends_a_machine_takes_its_variables(folder: Path) -> None:
    """With their defaults; the machine is named as for render()."""
    found = tree.parse(render("plain", templates=folder, name="web", vcpus=3))
    assert (found.findtext("name"), found.findtext("vcpu")) == ("web", "3")
    assert found.findtext("memory") == str(2 * 2**20)
    assert found.find("devices/rng") is None
    with pytest.raises(TemplateError, match=r"needs name \(the domain's name\)"):
        render("plain", templates=folder)
    with pytest.raises(TemplateError, match="no variable 'memroy'; did you mean memory"):
        render("plain", templates=folder, name="web", memroy="1GiB")


def test_a_template_without_a_head_may_read_variables_of_its_own(tmp_path: Path) -> None:
    """They need no declaration, but are missed when they are not given."""
    (tmp_path / "our.xml.j2").write_text(
        '{% extends "linux" %}{% block more %}<!-- {{ owner }} -->{% endblock %}'
    )
    assert "<!-- us -->" in render("our", templates=tmp_path, name="web", owner="us")
    with pytest.raises(TemplateError, match="'owner' is undefined"):
        render("our", templates=tmp_path, name="web")


def test_its_own_variables_come_first(folder: Path) -> None:
    """A default of its own takes the place of the machine's, and what it requires must be given."""
    found = tree.parse(render("ours", templates=folder, name="web", owner="us"))
    assert found.findtext("memory") == str(4 * 2**20)
    with pytest.raises(TemplateError, match=r"needs owner \(who pays\)"):
        render("ours", templates=folder, name="web")
    with pytest.raises(TemplateError, match="did you mean owner"):
        render("ours", templates=folder, name="web", owner="us", onwer="them")


def test_the_catalogue_lists_what_is_inherited(folder: Path) -> None:
    """After the template's own variables."""
    ours = next(info for info in catalogue([folder]) if info.name == "ours.xml.j2")
    assert ours.variables is not None
    names = [variable.name for variable in ours.variables]
    assert names[:2] == ["memory", "owner"]
    assert {"name", "vcpus", "kernel"} <= set(names)


def test_a_circle_is_told_as_one(tmp_path: Path) -> None:
    """Two templates that extend each other."""
    (tmp_path / "a.xml.j2").write_text('{% extends "b.xml.j2" %}')
    (tmp_path / "b.xml.j2").write_text('{% extends "a.xml.j2" %}')
    with pytest.raises(TemplateError, match="without end"):
        render("a", templates=tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler.__init__.__globals__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ '' | attr('__class__') }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ spec.__globals__ }}",
        "{{ domain.__class__ }}",
    ],
)
def test_pythons_insides_are_out_of_reach(tmp_path: Path, text: str) -> None:
    """Unless the caller says that the template is trusted with them."""
    (tmp_path / "evil.xml.j2").write_text(f"<domain><name>{text}</name></domain>")
    with pytest.raises(TemplateError, match=r"evil\.xml\.j2"):
        render("evil", templates=tmp_path, name="web", memory="1GiB", validate=False)


def test_a_trusted_template_may_do_what_python_can(tmp_path: Path) -> None:
    """trusted=True takes the guard away."""
    (tmp_path / "mine.xml.j2").write_text("<domain><name>{{ ''.__class__.__name__ }}</name></domain>")
    assert "<name>str</name>" in render("mine", templates=tmp_path, trusted=True, validate=False)
