"""From the words of the command line to an exit code."""

from __future__ import annotations

import os
import sys

from virtkit import __version__
from virtkit.cli import output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv* names (default: this process's arguments) and return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:  # without a parser: scripts ask for it often
        output.say(f"virtkit {__version__}")
        return 0
    from virtkit.cli.parser import build

    try:
        args = build().parse_args(words)
    except SystemExit as leaving:  # --help, or a wrong command line: argparse has said so
        return leaving.code if isinstance(leaving.code, int) else 1
    try:
        code = _run(args)
        sys.stdout.flush()
    except BrokenPipeError as error:
        return _reader_is_gone(error)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last to hear of it
        return _fail(error, args)
    return code


def _run(args: Namespace) -> int:
    from virtkit.cli.command import Call

    if args.verbose:
        _log_to_stderr()
    result = args.command.run(Call(args))
    if args.json:
        output.say_json(result.data)
    elif result.text:
        output.say(result.text)
    code: int = result.code
    return code


def _fail(error: BaseException, args: Namespace) -> int:
    from virtkit.cli import exits

    if args.verbose:
        import traceback

        traceback.print_exception(error)
    for line in exits.lines_of(error):
        output.complain(line)
    if args.json:
        output.say_json({"error": exits.as_json(error)})
    return exits.code_of(error)


def _reader_is_gone(error: BrokenPipeError) -> int:
    """End without a word, as any program in a pipe does; Python's own last flush must not complain."""
    from contextlib import suppress

    from virtkit.cli import exits

    with suppress(OSError, ValueError):  # where stdout is no file of the system
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exits.code_of(error)


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s", stream=sys.stderr)
