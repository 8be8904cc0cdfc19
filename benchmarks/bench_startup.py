"""What it costs to start virtkit: paired, shuffled rounds, printed as ratios to the anchor of each block.

    python benchmarks/bench_startup.py [--rounds 30] [--uri qemu:///system]

Each round runs every program of a block once, in random order, and forms the ratios inside the round; shown
is the median ratio with its 95 % interval, and the anchor's median time. Every block has its anchor twice:
what the twin differs by is noise. Blocks that need libvirt-python or virsh are left out where they are not
installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

PYTHON = sys.executable
VIRTKIT = [
    PYTHON,
    "-c",
    "import sys; from virtkit.cli.main import main; sys.exit(main())",
]  # as the script does

ARGPARSE = """
import argparse, sys
parser = argparse.ArgumentParser(prog="small", description="A program with a few commands.")
parser.add_argument("--version", action="version", version="small 1.0")
parser.add_argument("-c", "--connect", metavar="URI")
commands = parser.add_subparsers(metavar="COMMAND")
for name in ("list", "start", "stop", "show", "define", "render", "validate"):
    commands.add_parser(name, help=f"what {name} does")
parser.parse_args()
"""

SMALLEST = """
import argparse, sys
parser = argparse.ArgumentParser(prog="small")
parser.add_argument("-c", "--connect", metavar="URI")
parser.add_argument("command", choices=["list"])
args = parser.parse_args()
import libvirt
names = ("nostate", "running", "blocked", "paused", "shutdown", "shutoff", "crashed", "pmsuspended")
conn = libvirt.open(args.connect)
for domain, record in conn.getAllDomainStats(libvirt.VIR_DOMAIN_STATS_STATE):
    print(f"{domain.name():30} {names[record['state.state']]}")
conn.close()
"""

Block = Mapping[str, Sequence[str]]


def script(text: str, *arguments: str) -> list[str]:
    """The command line that runs *text* as a program."""
    return [PYTHON, "-c", text, *arguments]


def blocks(uri: str | None) -> dict[str, Block]:
    """Every block: its programs by name, the anchor first."""
    with_libvirt = importlib.util.find_spec("libvirt") is not None
    found: dict[str, Block] = {
        "import": {
            "python -c pass": script("pass"),
            "import virtkit": script("import virtkit"),
        },
        "help": {
            "argparse alone, --help": script(ARGPARSE, "--help"),
            "virtkit --version": [*VIRTKIT, "--version"],
            "virtkit --help": [*VIRTKIT, "--help"],
            "virtkit domain start --help": [*VIRTKIT, "domain", "start", "--help"],
        },
    }
    if with_libvirt:
        found["import against libvirt"] = {
            "import libvirt": script("import libvirt"),
            "import virtkit": script("import virtkit"),
        }
        for place in ("test:///default", *([uri] if uri else [])):
            found[f"list on {place}"] = listing(place)
    if shutil.which("virsh"):
        found["version against virsh"] = {
            "virsh --version": ["virsh", "--version"],
            "virtkit --version": [*VIRTKIT, "--version"],
        }
    return found


def listing(uri: str) -> Block:
    """The block of listings of one connection."""
    virsh = {"virsh list --all": ["virsh", "-c", uri, "list", "--all"]} if shutil.which("virsh") else {}
    return {
        "smallest argparse + libvirt + bulk call": script(SMALLEST, "-c", uri, "list"),
        "virtkit domain list": [*VIRTKIT, "-c", uri, "domain", "list"],
        "virtkit --json domain list": [*VIRTKIT, "-c", uri, "--json", "domain", "list"],
        **virsh,
    }


def run(command: Sequence[str], environ: Mapping[str, str]) -> float:
    """Run *command* and return how many milliseconds it took."""
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, env=environ)
    took = (time.perf_counter() - begin) * 1000
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr.decode(errors='replace')}")
    return took


@contextmanager
def compiled() -> Iterator[dict[str, str]]:
    """The environment of the programs: bytecode is kept, as of an installed package, whatever is set here."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        yield environ


def measure(block: Block, rounds: int, environ: Mapping[str, str]) -> dict[str, list[float]]:
    """Run every program of *block* once in each round, the anchor twice; the first round warms up."""
    programs = dict(block)
    anchor = next(iter(programs))
    programs["(its twin)"] = programs[anchor]
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name in random.sample(list(programs), len(programs)):
            took = run(programs[name], environ)
            if number:
                times[name].append(took)
    return times


def interval(values: Sequence[float]) -> tuple[float, float]:
    """About 95 % of the median's uncertainty, by order statistics."""
    ordered = sorted(values)
    half = 0.98 * len(ordered) ** 0.5
    low = max(round(len(ordered) / 2 - half) - 1, 0)
    high = min(round(len(ordered) / 2 + half), len(ordered) - 1)
    return ordered[low], ordered[high]


def report(title: str, times: Mapping[str, Sequence[float]]) -> None:
    """Print one block."""
    anchor = next(iter(times))
    print(f"\n{title}")
    print(f"  {anchor:<42} {statistics.median(times[anchor]):7.1f} ms   1")
    for name, values in times.items():
        if name == anchor:
            continue
        ratios = [value / base for value, base in zip(values, times[anchor], strict=True)]
        low, high = interval(ratios)
        shown = f"{statistics.median(ratios):.2f} ({low:.2f}-{high:.2f})"
        print(f"  {name:<42} {statistics.median(values):7.1f} ms   {shown}")


def main() -> None:
    """Measure every block that this machine can."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--uri", help="also list the domains of this connection")
    parser.add_argument("--only", help="only blocks with this word in their title")
    args = parser.parse_args()
    with compiled() as environ:
        for title, block in blocks(args.uri).items():
            if not args.only or args.only in title:
                report(title, measure(block, args.rounds, environ))


if __name__ == "__main__":
    main()
