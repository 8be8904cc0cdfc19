"""argparse, loading each command's module only when that command is asked for."""

from __future__ import annotations

import argparse
import sys

from virtkit import __version__
from virtkit.cli import exits, output
from virtkit.cli.commands import COMMANDS, Entry, Group

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

_DESCRIPTION = """\
Manage libvirt domains: render their XML from templates, and drive them on any
libvirt host, or on a fake one (fake:///NAME) that needs no libvirt."""

_EPILOG = f"""\
examples:
  virtkit demo
  virtkit -c qemu:///system domain list
  virtkit render linux --set name=web1 --set memory=2GiB
  virtkit -c fake:///example --json domain list

exit codes: {exits.MEANINGS}"""


class Parser(argparse.ArgumentParser):
    """argparse's, but it takes no abbreviations, and complains in one line."""

    def __init__(self, **settings: Any) -> None:
        formatter = argparse.RawDescriptionHelpFormatter
        super().__init__(allow_abbrev=False, formatter_class=formatter, **settings)

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong with the command line."""
        output.complain(f"{message} (see '{self.prog} --help')")
        sys.exit(exits.USAGE)

    def _print_message(self, message: str, file: Any = None) -> None:  # noqa: ARG002 - --help, --version
        output.say(message.rstrip("\n"))

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Name the word that may have been meant, instead of all that there are."""
        if action.choices is not None and value not in action.choices:
            from difflib import get_close_matches

            near = get_close_matches(str(value), map(str, action.choices), n=1)
            if near:
                raise argparse.ArgumentError(action, f"invalid choice: {value!r}; did you mean {near[0]!r}?")
        super()._check_value(action, value)


class Later:
    """Stands for the parser of a command until that is called: making 30 of them takes longer than a call."""

    def __init__(self, *, fill: Callable[[Parser], None], **settings: Any) -> None:
        self._fill = fill
        self._settings = settings

    def make(self) -> Parser:
        """Return the parser itself."""
        parser = Parser(**self._settings)
        self._fill(parser)
        return parser

    def parse_known_args(self, args: list[str], namespace: Any) -> Any:
        """Parse what follows the command; argparse calls this on the chosen one only."""
        return self.make().parse_args(args, namespace), []  # so that it names this command's help


def build() -> Parser:
    """Return the parser of the whole command line."""
    parser = Parser(prog="virtkit", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"virtkit {__version__}")
    _add_common(parser)
    _add_commands(parser, COMMANDS, metavar="COMMAND")
    return parser


def _add_common(parser: argparse.ArgumentParser, *, inherited: bool = False) -> None:
    """Add what every command takes; *inherited*: after its name, where what was given before counts."""
    suppress: Any = argparse.SUPPRESS if inherited else None
    parser.add_argument(
        "-c",
        "--connect",
        metavar="URI",
        type=_uri,
        default=suppress,
        help="the connection (default: $VIRTKIT_URI, $LIBVIRT_DEFAULT_URI, qemu:///system)",
    )
    for flags, text in (
        (["--json"], "print one JSON document on stdout, and nothing else"),
        (["-v", "--verbose"], "show tracebacks, and what virtkit and libvirt log"),
    ):
        parser.add_argument(*flags, action="store_true", default=suppress or False, help=text)


def _uri(text: str) -> str:
    if not text.strip():  # a variable of the shell that is not set: not what the environment says instead
        raise argparse.ArgumentTypeError("the URI is empty")
    return text


def _add_commands(parser: Parser, commands: Sequence[Entry | Group], metavar: str) -> None:
    later: Any = Later
    choices = parser.add_subparsers(
        title="commands",
        prog=parser.prog,  # else argparse formats a usage to find it out
        metavar=metavar,
        required=True,
        parser_class=later,
    )
    for each in commands:
        if isinstance(each, Group):
            choices.add_parser(each.name, help=each.help, description=each.help, fill=_group_filler(each))
        else:
            choices.add_parser(each.name, help=each.help, fill=_command_filler(each))


def _group_filler(group: Group) -> Callable[[Parser], None]:
    def fill(parser: Parser) -> None:
        _add_common(parser, inherited=True)
        _add_commands(parser, group.verbs, metavar="VERB")

    return fill


def _command_filler(entry: Entry) -> Callable[[Parser], None]:
    def fill(parser: Parser) -> None:
        command = entry.load()
        parser.description = command.description
        parser.epilog = command.epilog
        _add_common(parser, inherited=True)
        if command.arguments is not None:
            command.arguments(parser)
        parser.set_defaults(command=command)

    return fill
