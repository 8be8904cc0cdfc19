"""`python -m tests.corpus`: libvirt's source, how much of it the fake reproduces and what damage does."""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

from virtkit.fake.errors import register_handler

from . import fuzzing
from .fetching import FetchError, cache, fetch, found
from .reports import REPORTS, falls_short

VARIABLE = "VIRTKIT_LIBVIRT_SOURCE"


def main(words: list[str] | None = None) -> int:
    """Run one command; 0 if it worked, 1 if a report is below its goal, 2 if there is no source."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    get = commands.add_parser("fetch", help="get libvirt's source package, and print where it lies")
    get.add_argument("folder", type=Path, nargs="?", default=cache())
    run = commands.add_parser("run", help="print how many pairs are reproduced, and why the others are not")
    run.add_argument("source", type=Path, nargs="?", help=f"default: ${VARIABLE}, else what fetch got")
    run.add_argument("--only", choices=sorted(REPORTS), action="append")
    run.add_argument("--causes", type=int, default=40, metavar="N", help="how many causes to list")
    fuzz = commands.add_parser("fuzz", help="read, check, compare and merge documents with random damage")
    fuzz.add_argument("source", type=Path, nargs="?", help=f"default: ${VARIABLE}, else what fetch got")
    fuzz.add_argument("--minutes", type=float, default=1.0, metavar="N")
    fuzz.add_argument("--seed", type=int, default=random.randrange(10**6), metavar="N")
    fuzz.add_argument(
        "--case", type=int, metavar="N", help="print the document of one case, and what comes of it"
    )
    arguments = parser.parse_args(words)
    if arguments.command == "fetch":
        return _fetch(arguments.folder)
    place = arguments.source or Path(os.environ.get(VARIABLE) or cache())
    source = found(place)
    if source is None:
        sys.stderr.write(f"corpus: no source of libvirt in {place}: `python -m tests.corpus fetch`\n")
        return 2
    return _run(arguments, source) if arguments.command == "run" else _fuzz(arguments, source)


def _fetch(folder: Path) -> int:
    try:
        sys.stdout.write(f"{fetch(folder.absolute())}\n")
    except FetchError as error:
        sys.stderr.write(f"corpus: {error}\n")
        return 2
    return 0


def _run(arguments: argparse.Namespace, source: Path) -> int:
    register_handler(lambda *_: None, None)
    good = True
    for name in arguments.only or REPORTS:
        report = REPORTS[name].make(source)
        sys.stdout.write(f"{report.text(causes=arguments.causes)}\n")
        good = good and not falls_short(REPORTS[name], report)
    return 0 if good else 1


def _fuzz(arguments: argparse.Namespace, source: Path) -> int:
    os.environ["VIRTKIT_SCHEMAS"] = str(source / "src/conf/schemas")
    if arguments.case is not None:
        document, case = fuzzing.one(source, arguments.seed, arguments.case)
        sys.stdout.buffer.write(document + f"\n{case}\n".encode())
        return 1 if case.faults else 0
    report = fuzzing.fuzz(source, arguments.seed, minutes=arguments.minutes)
    sys.stdout.write(f"{report.text()}\n")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
