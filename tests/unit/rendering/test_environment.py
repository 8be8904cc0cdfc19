"""Where templates and their compiled form are found."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2.compiler import CodeGenerator

from tests.unit.rendering.everything import full_spec
from virtkit import DomainSpec
from virtkit.rendering import environment, places, render, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Start without environments that other tests made, and with a cache folder of our own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    environment.environment.cache_clear()
    yield
    environment.environment.cache_clear()


def compiled(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache").rglob("*.cache"))


def test_virtkits_own_templates_are_kept_compiled_in_the_users_cache(tmp_path: Path) -> None:
    """So that the next process starts faster. Nobody else can write there; users' templates are not kept."""
    render_once(tmp_path)
    assert compiled(tmp_path) == []
    text = render("minimal", name="web")
    files = compiled(tmp_path)
    assert len(files) > 1
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700
    environment.environment.cache_clear()
    assert render("minimal", name="web") == text


def test_foreign_templates_leave_nothing_behind(tmp_path: Path) -> None:
    """They are compiled each time."""
    (tmp_path / "mine.xml.j2").write_text("<domain/>")
    render("mine", templates=tmp_path, trusted=False, validate=False)
    assert compiled(tmp_path) == []


def test_without_virtkits_compiler_templates_render_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they do where Jinja2 is of a version that the compiler was not written for."""
    spec = full_spec(0).model_copy(update={"name": "<a> & 'b'"})
    monkeypatch.setattr(DomainSpec, "verify", lambda _: None)
    text = render(spec)
    environment.environment.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    monkeypatch.setattr(environment.Trusted, "code_generator_class", CodeGenerator)
    assert render(spec) == text
    assert "environment.written" not in environment.environment()[0].compile("{{ name }}", raw=True)


@pytest.mark.parametrize("trouble", ["a file is in the way", "others can write to it"])
def test_without_a_safe_cache_templates_render_all_the_same(tmp_path: Path, trouble: str) -> None:
    """A cache that somebody else could fill is not used."""
    if trouble == "a file is in the way":
        (tmp_path / "cache").touch()
    else:
        render("minimal", name="web")
        next((tmp_path / "cache" / "virtkit").iterdir()).chmod(0o777)
        for file in compiled(tmp_path):
            file.unlink()
        environment.environment.cache_clear()
    assert "<name>web</name>" in render("minimal", name="web")
    assert compiled(tmp_path) == []


def render_once(folder: Path) -> str:
    (folder / "mine.xml.j2").write_text("<domain/>")
    return render("mine", templates=folder, validate=False)


def test_templates_of_an_installed_wheel_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``virtkit/templates`` if that folder exists, else ``templates`` beside the package."""
    assert shipped() == Path(places.__file__).parents[2] / "templates"
    monkeypatch.setattr(places, "_PACKAGE", tmp_path)
    assert shipped() == tmp_path.parent / "templates"
    (tmp_path / "templates").mkdir()
    assert shipped() == tmp_path / "templates"
