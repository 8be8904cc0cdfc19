"""`python -m tests.lab`: the lab by hand."""

from __future__ import annotations

import argparse
import sys

from .images import Images
from .lab import Lab, labs, remove_abandoned
from .requirements import APT_PACKAGES, missing
from .shell import LabError


def main(words: list[str] | None = None) -> int:
    """Run one command; 0 if it worked, 1 if not, 2 if the machine lacks something."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description="Real libvirt hosts, here.")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start a lab that stays up, and print its URIs")
    up.add_argument("--hosts", type=int, default=2, metavar="N")
    down = commands.add_parser("down", help="take down the lab that `up` started, and what crashes left")
    down.add_argument("number", type=int, nargs="?", help="this lab only, whoever it belongs to")
    down.add_argument("--all", action="store_true", help="all that `up` started")
    commands.add_parser("status", help="list the labs of this machine")
    commands.add_parser("demo", help="virtkit's demo on two hosts, told by the guest's clock")
    commands.add_parser("images", help="build the guest images, which else happens on first use")
    commands.add_parser("packages", help="print the Debian packages that the lab needs")
    arguments = parser.parse_args(words)
    if arguments.command == "packages":
        print(*APT_PACKAGES)
        return 0
    if lacks := missing():
        print("The lab cannot run on this machine:", *lacks, sep="\n  ", file=sys.stderr)
        return 2
    try:
        _run(arguments)
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    return 0


def _run(arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "up":
            _print(Lab.up(arguments.hosts, detached=True))
        case "down":
            _down(arguments.number, everything=arguments.all)
        case "status":
            for lab in labs():
                _print(lab)
        case "demo":
            from . import demo

            demo.run()
        case "images":
            images = Images()
            print(images.x86, images.mips, images.arm, sep="\n")


def _down(number: int | None, *, everything: bool) -> None:
    """Take down one lab; what crashes have left goes in any case."""
    remove_abandoned()
    chosen = [lab for lab in labs() if lab.owner is None] if number is None else [Lab.attach(number)]
    if len(chosen) > 1 and not everything:
        numbers = ", ".join(str(lab.number) for lab in chosen)
        raise LabError(f"several labs are up ({numbers}): give the number of one, or --all")
    for lab in chosen:
        lab.down()
        print(f"lab {lab.number} is down")


def _print(lab: Lab) -> None:
    owner = "stays up until `down`" if lab.owner is None else f"belongs to process {lab.owner.pid}"
    print(f"lab {lab.number}, {owner}; shared folder {lab.shared}")
    for host in lab.hosts:
        state = "up" if host.answers() else "down"
        print(f"  {host.name} {state:4} {host.uri}  {host.lxc_uri}  {host.hostname}")


if __name__ == "__main__":
    sys.exit(main())
