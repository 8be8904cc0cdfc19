"""``python -m tests.machine soak --minutes 60``: look for differences for long, and print them.

With ``--qemu URI`` it compares a host of the lab with ``fake:///...``, slowly.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

from tests.machine import qemu
from tests.machine.families import FAMILIES
from tests.machine.hunt import Hunt
from tests.machine.side import makers

if TYPE_CHECKING:
    from tests.machine.kinds import Family

_TURN = 30.0  # seconds for one family, then for the next, then for all at once


def _hunt(given: argparse.Namespace) -> tuple[Hunt, list[Family]]:
    real, fake = import_module("libvirt"), import_module("virtkit.fake")
    if given.qemu:
        pair = qemu.makers(real, fake, given.qemu)
        return Hunt(pair, [qemu.domains], longest=given.longest or 8, batch=10), [qemu.domains]
    chosen = [FAMILIES[name] for name in given.family or FAMILIES]
    return Hunt(makers(real, fake), chosen, longest=given.longest or 25), chosen


def main() -> int:
    """Run the soak; return how many kinds of difference it found, as the exit code (99 at most)."""
    parser = argparse.ArgumentParser(prog="python -m tests.machine")
    parser.add_argument("what", choices=["soak"])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--family", action="append", choices=sorted(FAMILIES))
    parser.add_argument("--longest", type=int, help="steps in a sequence, at most")
    parser.add_argument("--qemu", metavar="URI", help="a host of the lab")
    given = parser.parse_args()
    hunt, chosen = _hunt(given)
    turns = itertools.cycle([[family] for family in chosen] + ([chosen] if len(chosen) > 1 else []))
    end = time.monotonic() + given.minutes * 60
    told: set[str] = set()
    while time.monotonic() < end:
        hunt.run(min(_TURN, end - time.monotonic()), next(turns))
        for key, find in hunt.finds.items():
            if key not in told:
                told.add(key)
                print(f"\n{find}", flush=True)  # noqa: T201
    print(f"\n{hunt.sequences} sequences, {hunt.steps} steps, {len(hunt.finds)} kinds")  # noqa: T201
    return min(len(hunt.finds), 99)


if __name__ == "__main__":
    sys.exit(main())
