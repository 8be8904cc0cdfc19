"""libvirt-python's own tests, from its source package, have the same outcomes on the fake."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest

from virtkit.fake import __main__ as runner

_SHIM = Path(runner.__file__).parent / "shim"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source package of the libvirt-python that is installed."""
    folder = tmp_path_factory.mktemp("source")
    wanted = f"libvirt-python=={version('libvirt-python')}"
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        "-d",
        str(folder),
        wanted,
    ]
    subprocess.run(command, check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return next(each for each in folder.iterdir() if each.is_dir())


def outcomes(source: Path, path: list[str]) -> list[str]:
    """Run the tests; return each with its outcome."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rA",
        "-q",
        "--no-header",
        "--tb=line",
        "-p",
        "no:cacheprovider",
        "tests",
    ]
    # test_api_coverage.py compares the generated code with the C library's XML: it tests the build
    command += ["--ignore", "tests/test_api_coverage.py"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    words = ("PASSED", "FAILED", "ERROR", "SKIPPED")
    return sorted(line.split(" - ")[0] for line in done.stdout.splitlines() if line.startswith(words))


def test_the_same_outcomes(source: Path) -> None:
    """Every test that passes on libvirt passes on the fake."""
    package = str(Path(runner.__file__).parents[2])
    on_libvirt, on_the_fake = outcomes(source, []), outcomes(source, [str(_SHIM), package])
    assert sum(line.startswith("PASSED") for line in on_libvirt) > 100
    assert on_the_fake == on_libvirt


def example(source: Path, path: list[str], arguments: str) -> tuple[int, str]:
    """Run an example; return how it ended, and what it printed."""
    name, *rest = arguments.split()
    command = [sys.executable, str(source / "examples" / name), *rest]
    ours = {"PYTHONPATH": os.pathsep.join(path), "LIBVIRT_DEFAULT_URI": "test:///default"}
    done = subprocess.run(
        command, env={**os.environ, **ours}, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        "dominfo.py test",
        "domipaddrs.py test:///default test 0",
        "nodestats.py test:///default",
        "dhcpleases.py test:///default default",
        "consolecallback.py test:///default nobody",
        "guest-vcpus/guest-vcpu.py -c test:///default test",
    ],
)
def test_examples(source: Path, arguments: str) -> None:
    """What the source package shows ends alike and prints the same."""
    package = str(Path(runner.__file__).parents[2])
    assert example(source, [str(_SHIM), package], arguments) == example(source, [], arguments)
