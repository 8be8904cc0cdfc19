"""Run a program, unchanged, on the fake: ``python -m virtkit.fake PROGRAM ARGUMENT...``.

PROGRAM is a Python script (looked up in PATH if it is not a file), or ``-m MODULE``. ``import libvirt``
gives it, and the Python programs that it starts, the fake. Without a program, print the folder that does
this when it is on PYTHONPATH.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import shutil
import sys
from pathlib import Path

from virtkit import fake

_SHIM = Path(__file__).parent / "shim"


def main(arguments: list[str]) -> None:
    """Run what *arguments* say, in this process, as ``__main__``."""
    if not arguments:
        print(_SHIM)  # noqa: T201
        return
    if arguments[0] in {"-h", "--help"}:
        print(__doc__)  # noqa: T201
        return
    fake.install()
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(_SHIM), os.environ.get("PYTHONPATH"))))
    if arguments[0] == "-m":
        if len(arguments) == 1:
            sys.exit("python -m virtkit.fake: -m needs the name of a module")
        if importlib.util.find_spec(arguments[1].partition(".")[0]) is None:
            sys.exit(f"python -m virtkit.fake: no module named {arguments[1]}")
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        return
    program = arguments[0] if Path(arguments[0]).exists() else shutil.which(arguments[0])
    if program is None:
        sys.exit(f"python -m virtkit.fake: there is no file or command {arguments[0]!r}")
    sys.argv = [program, *arguments[1:]]
    sys.path[0] = str(Path(program).resolve().parent)
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
