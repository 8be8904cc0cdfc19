"""Every call that the fake models is in the contract tests."""

import re
import runpy
from pathlib import Path

import pytest

from virtkit.fake import constants

ROOT = Path(__file__).parents[2]
_MODELLED = ("yes", "partly")
_USED = re.compile(r"\.(\w+)|[\"'](\w+)[\"']")  # called, or a name of a table of calls


@pytest.fixture(scope="module")
def used() -> set[str]:
    """What the contract tests ask objects for, by name."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "contract").glob("*.py"))
    return {first or second for text in texts for first, second in _USED.findall(text)}


@pytest.fixture(scope="module")
def methods() -> dict[str, list[str]]:
    """The methods of each class of which docs/reference/fake.md says that they are modelled."""
    table = runpy.run_path(str(ROOT / "docs" / "generate.py"))["_methods"]
    return {
        cls: [name for name, status, _ in table(cls) if status.startswith(_MODELLED)]
        for cls in constants.SURFACE["classes"]
    }


def test_every_modelled_call_has_a_contract_test(methods: dict[str, list[str]], used: set[str]) -> None:
    """Each is named in tests/contract, where it is asked of a real libvirt as well."""
    missing = [f"{cls}.{name}" for cls, names in methods.items() for name in names if name not in used]
    assert not missing, f"no file of tests/contract calls {missing}"


def test_the_methods_are_found(methods: dict[str, list[str]]) -> None:
    """What is looked for is not nothing."""
    assert "create" in methods["virDomain"]
    assert all(methods.values())
