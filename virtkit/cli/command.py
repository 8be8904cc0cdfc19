"""What a command is: its arguments and its work, and what passes in and out of it."""

from __future__ import annotations

import sys

from virtkit.cli import output
from virtkit.cli.exits import NoConnection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence
    from typing import Any

    from virtkit.host import Connection


class Result:
    """What a command found: *data* for ``--json``, *text* for people, and the exit *code*."""

    def __init__(self, data: Any, text: str = "", *, code: int = 0) -> None:
        self.data = data
        self.text = text
        self.code = code


class Call:
    """One call of a command: its arguments, and the connection and the output that it may use."""

    def __init__(self, args: Namespace) -> None:
        self.args = args
        self.json: bool = args.json
        self.verbose: bool = args.verbose

    def connect(self, uri: str | None = None) -> Connection:
        """Open *uri*, or what ``-c`` and the environment say.

        Raises:
            NoConnection: it cannot be opened, for whatever reason; the library's error is its cause.
        """
        from virtkit.errors import HostError
        from virtkit.host import connect

        try:
            return connect(uri if uri is not None else self.args.connect)
        except HostError as error:
            raise NoConnection from error

    @property
    def on_terminal(self) -> bool:
        """Whether a person is watching: stdout is a terminal, and no JSON was asked for."""
        return not self.json and sys.stdout is not None and sys.stdout.isatty()

    def say(self, text: str) -> None:
        """Print a line at once, while the command goes on; nothing with ``--json``."""
        if not self.json:
            output.say(text)

    def complain(self, text: str) -> None:
        """Write a line about what went wrong to stderr."""
        output.complain(text)

    def trace(self, error: BaseException) -> None:
        """Write the traceback of an error that is about to be reported in one line, if ``-v`` asks for it."""
        if self.verbose:
            import traceback

            traceback.print_exception(error)


class Command:
    """A command: *run* does the work, and its docstring is the help; *arguments* declares what it takes.

    *examples* are command lines that a reader can copy.
    """

    def __init__(
        self,
        run: Callable[[Call], Result],
        *,
        arguments: Callable[[ArgumentParser], None] | None = None,
        examples: Sequence[str],
        description: str | None = None,
    ) -> None:
        self.run = run
        self.arguments = arguments
        self.examples = examples
        self.description = _dedent(description or run.__doc__ or "")

    @property
    def epilog(self) -> str:
        """The examples, as they stand at the end of the help."""
        return "examples:\n" + "\n".join(f"  {line}" for line in self.examples)


def _dedent(doc: str) -> str:
    first, _, rest = doc.partition("\n")
    indent = len(rest) - len(rest.lstrip())
    lines = [line[min(indent, len(line) - len(line.lstrip())) :] for line in rest.splitlines()]
    return "\n".join([first, *lines]).strip()


def command(
    *examples: str, arguments: Callable[[ArgumentParser], None] | None = None
) -> Callable[[Callable[[Call], Result]], Command]:
    """Make a function a command."""
    return lambda run: Command(run, arguments=arguments, examples=examples)
