"""``virtkit domain start|shutdown|stop|reboot|reset|destroy|suspend|resume``."""

from __future__ import annotations

from virtkit.cli.command import Result, command
from virtkit.cli.targets import add_names, for_each, seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from virtkit.cli.command import Call


def _start_arguments(parser: ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument("--paused", action="store_true", help="stop before the guest's first instruction")


@command("virtkit domain start web1 web2", "virtkit domain start -- -x", arguments=_start_arguments)
def _start(call: Call) -> Result:
    """Start domains. One with a managed save image goes on from there."""
    return for_each(call, lambda domain: domain.start(paused=call.args.paused))


@command("virtkit domain shutdown web1", arguments=add_names)
def _shutdown(call: Call) -> Result:
    """Ask guests to shut down, and return at once; a guest may take its time, or not do it.

    'stop' waits for it.
    """
    return for_each(call, lambda domain: domain.shutdown())


def _stop_arguments(parser: ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=120,
        metavar="SECONDS",
        help="how long to wait for each (default 120)",
    )
    parser.add_argument(
        "--force", action="store_true", help="then destroy it; without this it is left running"
    )
    parser.add_argument(
        "--method", choices=("auto", "acpi", "agent"), default="auto", help="how the guest is asked"
    )


@command(
    "virtkit domain stop web1", "virtkit domain stop --timeout 30 --force web1", arguments=_stop_arguments
)
def _stop(call: Call) -> Result:
    """Ask guests to shut down, and wait until they are off. One that is off already is fine.

    Exit code 4: it still runs when the time is over.
    """
    args = call.args
    return for_each(
        call, lambda domain: domain.stop(timeout=args.timeout, force=args.force, method=args.method)
    )


@command("virtkit domain reboot web1", arguments=add_names)
def _reboot(call: Call) -> Result:
    """Ask guests to reboot, and return at once."""
    return for_each(call, lambda domain: domain.reboot())


@command("virtkit domain reset web1", arguments=add_names)
def _reset(call: Call) -> Result:
    """Reset domains like the button of a computer: the guest is not asked, unwritten data is lost."""
    return for_each(call, lambda domain: domain.reset())


@command("virtkit domain destroy web1", arguments=add_names)
def _destroy(call: Call) -> Result:
    """Stop domains like pulling the plug: unwritten data is lost, definitions and disks stay."""
    return for_each(call, lambda domain: domain.destroy())


@command("virtkit domain suspend web1", arguments=add_names)
def _suspend(call: Call) -> Result:
    """Pause the processors. The memory stays in the host's memory; 'save' writes it to disk."""
    return for_each(call, lambda domain: domain.suspend())


@command("virtkit domain resume web1", arguments=add_names)
def _resume(call: Call) -> Result:
    """Let the processors of suspended domains go on."""
    return for_each(call, lambda domain: domain.resume())


COMMANDS = {
    "start": _start,
    "shutdown": _shutdown,
    "stop": _stop,
    "reboot": _reboot,
    "reset": _reset,
    "destroy": _destroy,
    "suspend": _suspend,
    "resume": _resume,
}
