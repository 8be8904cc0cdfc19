"""``virtkit domain migrate``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.cli.command import Result, command
from virtkit.cli.targets import add_name, find, rate, seconds

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from virtkit.cli.command import Call
    from virtkit.host import Migrated


def _arguments(parser: ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument("to", metavar="URI", help="the other host")
    parser.add_argument("--offline", action="store_true", help="move the definition of a domain that is off")
    parser.add_argument("--no-live", action="store_true", help="let the guest stand still meanwhile")
    parser.add_argument(
        "--storage",
        choices=("auto", "shared", "copy"),
        default="auto",
        help="whether disks are shared or copied along (default: auto looks for itself)",
    )
    parser.add_argument("--address", help="under which the source reaches the destination")
    parser.add_argument(
        "--bandwidth", type=rate, metavar="SIZE", help="at most so much in a second: 100MiB; bare: bytes"
    )
    parser.add_argument("--max-downtime", type=seconds, metavar="SECONDS", help="how long it may stand still")
    parser.add_argument("--timeout", type=seconds, metavar="SECONDS", help="for the whole migration")
    parser.add_argument(
        "--on-timeout",
        choices=("abort", "postcopy", "suspend"),
        default="abort",
        help="then it stays here (abort), goes on there at once, or is suspended to finish",
    )
    parser.add_argument("--name", dest="new_name", metavar="NEW", help="another name for it there")
    parser.add_argument("--unsafe", action="store_true", help="even if libvirt thinks its disks are not safe")


@command(
    "virtkit domain migrate web1 qemu+ssh://host2/system",
    "virtkit domain migrate web1 qemu+ssh://host2/system --timeout 300 --on-timeout suspend",
    arguments=_arguments,
)
def migrate(call: Call) -> Result:
    """Move a domain to another host, while it runs. Ctrl-C ends the migration, and it stays where it is.

    Progress goes to stderr: a bar on a terminal, else a line every five seconds. If it fails, the message
    says on which side the guest is.

    JSON: name, uuid, source, destination, state, reason, total_time, downtime (seconds), transferred (bytes),
    storage, postcopy, suspended.
    """
    from virtkit.cli.progress import Progress, figures

    args = call.args
    with (
        call.connect() as host,
        call.connect(args.to) as to,
        Progress(call, f"{args.name} -> {to.uri}") as bar,
    ):
        moved = find(call, host, args.name).migrate(
            to,
            live=not args.no_live,
            offline=args.offline,
            storage=args.storage,
            migrate_address=args.address,
            bandwidth=args.bandwidth,
            max_downtime=args.max_downtime,
            timeout=args.timeout,
            on_timeout=args.on_timeout,
            on_progress=bar,
            name=args.new_name,
            unsafe=args.unsafe,
        )
        data = _json(moved)
        text = f"{data['name']}: {moved.status} on {moved.destination}, {figures(moved)}"
    return Result(data, text)


def _json(moved: Migrated) -> dict[str, Any]:
    keys = (
        "source",
        "destination",
        "total_time",
        "downtime",
        "transferred",
        "storage",
        "postcopy",
        "suspended",
    )
    return {
        "name": moved.domain.name,
        "uuid": moved.domain.uuid,
        "state": str(moved.status.state),
        "reason": str(moved.status.reason),
        **{key: getattr(moved, key) for key in keys},
    }


COMMANDS = {"migrate": migrate}
