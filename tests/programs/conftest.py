"""Run a scenario with libvirt-python, and with the fake in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import virtkit
from virtkit.fake import __main__ as runner

ROOT = Path(__file__).parents[2]
SYSTEM = "/usr/bin/python3"  # the Python that has Debian's packages
_SHIM = Path(runner.__file__).parent / "shim"


@dataclass
class Runner:
    """Runs a module of the scenarios; returns the lines that it printed."""

    fake: bool
    folder: Path

    def __call__(self, scenario: str, uri: str, *, python: str = sys.executable) -> list[str]:
        """Run ``tests.programs.scenarios.<scenario> <uri>`` to its end."""
        path = [str(ROOT), str(Path(virtkit.__file__).parents[1])]
        if self.fake:
            path = [str(_SHIM), *path]
        if python == SYSTEM and self.fake:
            path += [entry for entry in sys.path if entry.endswith("site-packages")]  # lxml
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path), "HOME": str(self.folder)}
        command = [python, "-m", f"tests.programs.scenarios.{scenario}", uri]
        done = subprocess.run(
            command,
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@pytest.fixture
def real(tmp_path: Path) -> Runner:
    """With libvirt-python."""
    return Runner(fake=False, folder=tmp_path)


@pytest.fixture
def fake(tmp_path: Path) -> Runner:
    """With the fake in its place."""
    return Runner(fake=True, folder=tmp_path)
