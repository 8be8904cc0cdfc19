"""What README and docs show works: each Python block runs on the fake, each command exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from virtkit import fake

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
MINE = """{% set domain = spec(name=name, memory="1GiB") %}{% extends "domain.xml.j2" %}"""


def page_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder with a template of the user's own, and no hosts from before."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "mine.xml.j2").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRTKIT_URI", "fake:///docs")
    fake.reset()
    with monkeypatch.context() as context:
        context.delitem(__import__("sys").modules, "libvirt", raising=False)
        yield tmp_path
    fake.reset()


@pytest.mark.parametrize("page", PAGES, ids=page_name)
@pytest.mark.usefixtures("place")
def test_the_python_of_a_page_runs(page: Path) -> None:
    """Its blocks one after the other, as a reader would type them."""
    names: dict[str, object] = {}
    for block in PYTHON.findall(page.read_text()):
        exec(compile(block, page_name(page), "exec"), names)


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Links to files of the project."""
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), f"{page_name(page)} links to {target}"
