"""Other people's programs, unchanged, do on the fake what they do on libvirt.

Run in an environment that has them: ``tox -e programs``.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.programs.conftest import SYSTEM

if TYPE_CHECKING:
    from tests.programs.conftest import Runner

NO_SUPPORT = 3
# scenario: the module that it needs, and the Python that has it
PROGRAMS = {
    "events": ("libvirt", sys.executable),
    "backup": ("virt_backup", sys.executable),
    "virtualbmc": ("virtualbmc", sys.executable),
    "sushy": ("sushy_tools", sys.executable),
    "lightning": ("virt_lightning", sys.executable),
    "kcli": ("kvirt", sys.executable),
    "virtinst_tools": ("", SYSTEM),
}


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A scenario, and the Python that runs it."""
    name: str = request.param
    needs, python = PROGRAMS[name]
    assert not needs or find_spec(needs), f"{needs} is not installed: tox -e programs"
    return name, python


def test_the_same_as_on_libvirt(program: tuple[str, str], real: Runner, fake: Runner) -> None:
    """On ``test:///default`` every value, error and event is the same."""
    name, python = program
    assert fake(name, "test:///default", python=python) == real(name, "test:///default", python=python)


def test_runs_on_a_fake_host(program: tuple[str, str], fake: Runner) -> None:
    """On ``fake:///`` nothing that the program needs is missing."""
    name, python = program
    seen = [json.loads(line) for line in fake(name, "fake:///programs", python=python)]
    assert len(seen) > 5
    missing = [what for what, saw in seen if isinstance(saw, dict) and saw.get("code") == NO_SUPPORT]
    assert missing == []
