"""Lint, formatting and types are part of the tests."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str) -> None:
    """Run a tool in the project, and fail with what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_lint() -> None:
    """ruff has nothing to say."""
    run("ruff", "check", "--no-cache", ".")


def test_format() -> None:
    """The code is formatted as ruff formats it."""
    run("ruff", "format", "--no-cache", "--check", ".")


def test_types() -> None:
    """mypy --strict finds nothing in the package and its tests."""
    run("mypy")
