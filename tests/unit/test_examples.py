"""Every example runs, on the fake and without libvirt, and says at its top what it shows."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
SAID = {
    "apply.py": ["created\nunchanged\n", "would change domain/memory", "\nupdated\n"],
    "automation.py": ["example-auto is running (booted)\n", "deleted example-auto\n"],
    "errors.py": ["not found: ", "wrong state: ", "timeout: ", "no connection: "],
    "lifecycle.py": ["suspended: paused (user)\n", "restored: running (restored)\n", "deleted: True\n"],
    "migrate.py": ["is running (migrated) on fake:///example-there", "on fake:///example-here"],
    "own_template.py": ["vda: /srv/web & co.qcow2\n", "problems: 0\n", "refused: "],
    "spec.py": ["<name>example-web</name>", "wrong: "],
    "test_your_code.py": ["test_only_what_is_off_is_idle: passed\n"],
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_it_runs(path: Path, tmp_path: Path) -> None:
    """With no argument it needs neither libvirt nor a host, and leaves nothing behind."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "VIRTKIT_URI": "qemu+tcp://127.0.0.1:1/system"}
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, check=False, cwd=tmp_path, env=environ
    )
    assert (done.returncode, done.stderr) == (0, "")
    for text in SAID[path.name]:
        assert text in done.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_it_says_what_it_shows(path: Path) -> None:
    """In its first line, with the command that runs it below."""
    doc = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert doc.splitlines()[0].endswith(".")
    assert f"python examples/{path.name}" in doc
