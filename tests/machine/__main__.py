"""``python -m tests.machine soak --minutes 60``: look for differences for long, and print them."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module

from tests.machine import families
from tests.machine.hunt import Hunt


def main() -> int:
    """Run the soak; return how many kinds of difference it found, as the exit code (99 at most)."""
    parser = argparse.ArgumentParser(prog="python -m tests.machine")
    parser.add_argument("what", choices=["soak"])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--family", action="append", choices=sorted(families.FAMILIES))
    parser.add_argument("--longest", type=int, default=25)
    given = parser.parse_args()
    chosen = [families.FAMILIES[name] for name in given.family or families.FAMILIES]
    hunt = Hunt(import_module("libvirt"), import_module("virtkit.fake"), chosen, longest=given.longest)
    end = time.monotonic() + given.minutes * 60
    told: set[str] = set()
    while time.monotonic() < end:
        hunt.run(min(30.0, end - time.monotonic()))
        for key, find in hunt.finds.items():
            if key not in told:
                told.add(key)
                print(f"\n{find}", flush=True)  # noqa: T201
    print(f"\n{hunt.sequences} sequences, {hunt.steps} steps, {len(hunt.finds)} kinds")  # noqa: T201
    return min(len(hunt.finds), 99)


if __name__ == "__main__":
    sys.exit(main())
