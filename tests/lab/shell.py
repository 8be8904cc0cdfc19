"""Running other programs, with an error that says what was run and what it said."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"PATH": PATH, "LC_ALL": "C.UTF-8", "HOME": "/root"}


class LabError(Exception):
    """The lab could not do what was asked; the text says what stood in the way."""


def run(*command: str | Path, cwd: Path | None = None, check: bool = True) -> str:
    """Run a program to its end and return its standard output.

    Raises:
        LabError: The program is missing, or (with `check`) it ended with another code than 0.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise LabError(f"{words[0]} is not installed") from None
    if check and done.returncode:
        raise LabError(f"{_line(words)} failed with code {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _line(words: Sequence[str]) -> str:
    text = " ".join(words)
    return text if len(text) < 300 else text[:297] + "..."
