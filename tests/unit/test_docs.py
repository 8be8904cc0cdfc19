"""What README and docs show works: each Python block runs on the fake, each command exists."""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from virtkit import fake
from virtkit.cli.main import main
from virtkit.clock import VirtualClock, use

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
FILE = re.compile(r"^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^(?:\.venv/bin/)?virtkit (.*)$", re.MULTILINE)
TYPED = [page for page in PAGES if page.parent.name != "reference"]  # those examples are of any host


def page_name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with nothing but the examples, and no hosts from before."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRTKIT_URI", "fake:///docs")
    fake.reset()
    with monkeypatch.context() as context:
        for name in fake.modules():
            context.setitem(sys.modules, name, fake)  # remembered, even if it was not there
            del sys.modules[name]
        yield tmp_path
    fake.reset()


@pytest.mark.parametrize("page", PAGES, ids=page_name)
@pytest.mark.usefixtures("place")
def test_the_python_of_a_page_runs(page: Path) -> None:
    """Its blocks one after the other, as a reader would type them."""
    names: dict[str, object] = {}
    for block in PYTHON.findall(page.read_text()):
        exec(compile(block, page_name(page), "exec"), names)


@pytest.mark.parametrize("page", TYPED, ids=page_name)
def test_the_commands_of_a_page_work(page: Path, place: Path) -> None:
    """Each `virtkit` line, one after the other, on the files that the page shows."""
    text = page.read_text().replace("fake:///tmp/", f"fake://{place}/")
    for name, content in FILE.findall(text):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(content)
    with use(VirtualClock()):
        for line in (line for block in CONSOLE.findall(text) for line in COMMAND.findall(block)):
            assert main(shlex.split(line)) == 0, line


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Links to files of the project."""
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), f"{page_name(page)} links to {target}"
