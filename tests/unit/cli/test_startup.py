"""Starting is a budget: what each kind of call loads is counted, which no noise can touch."""

import subprocess
import sys

import pytest

HEAVY = {"jinja2", "lxml", "pydantic", "rich", "ruamel", "asyncio", "click", "typer"}


def loaded(*words: str) -> set[str]:
    """The modules that a call loads beyond those of an empty Python."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from virtkit.cli.main import main\n"
        f"assert main({list(words)!r}) == 0\n"
        "print(*(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_version_loads_virtkit_and_nothing_of_the_cli_s_machinery() -> None:
    """Not even argparse."""
    found = loaded("--version")
    assert {name for name in found if name.startswith("virtkit.")} <= {
        "virtkit.cli",
        "virtkit.cli.main",
        "virtkit.cli.output",
    }
    assert not found & {"argparse", "libvirt", *HEAVY}


@pytest.mark.parametrize("words", [["--help"], ["domain", "--help"], ["domain", "start", "--help"]])
def test_help_loads_neither_libvirt_nor_anything_heavy(words: list[str]) -> None:
    """Nor the library itself."""
    found = loaded(*words)
    assert not found & {"libvirt", "libvirtmod", "importlib.metadata", "dataclasses", "inspect", *HEAVY}
    assert not [name for name in found if name.startswith(("virtkit.host", "virtkit.binding"))]


def test_a_command_loads_only_its_own_module() -> None:
    """``domain list`` knows nothing of ``demo``."""
    found = {name for name in loaded("domain", "list", "--help") if name.startswith("virtkit.cli.commands.")}
    assert found == {"virtkit.cli.commands.listing"}


def test_listing_loads_nothing_heavy() -> None:
    """One call to libvirt, one table of plain text."""
    pytest.importorskip("libvirt")
    found = loaded("-c", "test:///default", "domain", "list")
    assert found & {"importlib.metadata", "json", "concurrent.futures", *HEAVY} == set()
    assert "libvirt" in found
