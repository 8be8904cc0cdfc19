"""``virtkit domain save|restore|managed-save``."""

from __future__ import annotations

from virtkit.cli.command import Result, command
from virtkit.cli.targets import add_name, add_names, find, for_each, line_of, state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from virtkit.cli.command import Call

_PATH = "a file on the host of the connection"


def _save_arguments(parser: ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument("path", metavar="FILE", help=_PATH)


@command("virtkit domain save web1 /var/tmp/web1.save", arguments=_save_arguments)
def _save(call: Call) -> Result:
    """Write a domain's memory to a file on its host, and stop it. 'restore' lets it go on from there."""
    with call.connect() as host:
        domain = find(call, host, call.args.name)
        domain.save(call.args.path)
        state = {**state_of(domain), "path": call.args.path}
    return Result(state, line_of(state))


def _restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", metavar="FILE", help=_PATH)


@command("virtkit domain restore /var/tmp/web1.save", arguments=_restore_arguments)
def _restore(call: Call) -> Result:
    """Let a domain go on from a file that 'save' wrote."""
    with call.connect() as host:
        domain = host.restore(call.args.path)
        state = {**state_of(domain), "path": call.args.path}
    return Result(state, line_of(state))


@command("virtkit domain managed-save web1", "virtkit domain start web1", arguments=add_names)
def _managed_save(call: Call) -> Result:
    """Write domains' memory where libvirt keeps it, and stop them: the next 'start' goes on from there."""
    return for_each(call, lambda domain: domain.managed_save())


COMMANDS = {"save": _save, "restore": _restore, "managed-save": _managed_save}
