"""The face is what it says it is, and costs nothing until it is used."""

import subprocess
import sys

import pytest

import virtkit

HEAVY = (
    "jinja2",
    "lxml",
    "pydantic",
    "rich",
    "ruamel",
    "asyncio",
    "importlib.metadata",
    "libvirt",
    "dataclasses",
)


@pytest.mark.parametrize("name", virtkit.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """What ``__all__`` promises can be had."""
    assert getattr(virtkit, name) is not None


def test_the_list_is_sorted_and_complete() -> None:
    """``__all__`` is sorted, and names all that the face knows how to find."""
    assert virtkit.__all__ == sorted(virtkit.__all__)
    assert set(virtkit.__all__) == {*virtkit._HOME, *virtkit._MODULES, "__version__"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    """The lazy face answers as a module does."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = virtkit.nonsense


def test_every_error_is_public() -> None:
    """Whatever can be raised can be caught by its name in ``virtkit``."""
    from virtkit import errors

    classes = {name for name, value in vars(errors).items() if isinstance(value, type) and name != "Any"}
    assert classes <= set(virtkit.__all__)


def test_importing_virtkit_imports_nothing_heavy() -> None:
    """``import virtkit`` loads none of the libraries that it stands on."""
    code = "import sys; before = set(sys.modules); import virtkit; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert not [name for name in loaded if name.startswith(HEAVY)]
