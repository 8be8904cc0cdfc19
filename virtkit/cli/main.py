"""From the words of the command line to an exit code."""

from __future__ import annotations

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
    try:
        code = _main(words)
        output.flush()
    except BrokenPipeError as error:  # without a word, as any program in a pipe
        from virtkit.cli import exits

        output.give_up()
        return exits.code_of(error)
    except output.Unwritable as error:
        output.complain(str(error))
        output.give_up()
        return 1
    return code


def _main(words: Sequence[str]) -> int:
    if words == ["--version"]:  # without a parser: scripts ask for it often
        output.say(f"virtkit {__version__}")
        return 0
    from virtkit.cli.parser import build

    try:
        args = build().parse_args(words)
    except SystemExit as leaving:  # --help, or a wrong command line: argparse has said so
        return leaving.code if isinstance(leaving.code, int) else 1
    try:
        return _run(args)
    except (BrokenPipeError, output.Unwritable):
        raise
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last to hear of it
        return _fail(error, args)


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


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s", stream=sys.stderr)
