"""Drive the command from a script: ``--json`` on stdout, an exit code, and one line on stderr for each error.

    python examples/automation.py [URI]

Runs on a fake host in a file, which the calls of the command share, unless a URI says where.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

NOT_FOUND = 3


def virtkit(uri: str, *words: str) -> tuple[int, Any]:
    """Call ``virtkit --json``, and return its exit code and what it printed."""
    command = [sys.executable, "-m", "virtkit.cli", "--json", "--connect", uri, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    return done.returncode, json.loads(done.stdout)


def run(uri: str) -> None:
    code, _ = virtkit(uri, "domain", "show", "example-auto")
    if code == NOT_FOUND:
        virtkit(uri, "domain", "define", "minimal", "--set", "name=example-auto", "--start")
    for domain in virtkit(uri, "domain", "list", "--state", "running")[1]:
        print(f"{domain['name']} is {domain['state']} ({domain['reason']})")
    code, deleted = virtkit(uri, "domain", "delete", "example-auto", "--force", "--timeout", "5")
    if code:
        print(f"exit code {code}: {deleted[0]['error']['message']}")
    else:
        print(f"deleted {deleted[0]['name']}")


def main() -> None:
    if len(sys.argv) > 1:
        run(sys.argv[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        run(f"fake://{Path(folder) / 'host.db'}")


if __name__ == "__main__":
    main()
