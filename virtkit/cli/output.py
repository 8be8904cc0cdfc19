"""The one place that prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


class Unwritable(Exception):
    """Nothing more can be written to stdout: it is closed, or its disk is full."""


def say(text: str) -> None:
    """Write *text* and a line break to stdout at once.

    Raises:
        BrokenPipeError: the reader has gone.
        Unwritable: it cannot be written for another reason.
    """
    if sys.stdout is None:  # as Python has it where the shell closed it
        raise Unwritable("stdout is closed")
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unwritable(f"cannot write to stdout: {error.strerror}") from error


def complain(text: str) -> None:
    """Write a line about what went wrong to stderr, if there is one."""
    if sys.stderr is not None:
        with suppress(OSError):
            _write(sys.stderr, f"virtkit: {text}")


def flush() -> None:
    """Write what others, such as argparse, left in stdout's buffer; raise as `say` does."""
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Unwritable(f"cannot write to stdout: {error.strerror}") from error


def give_up() -> None:
    """Send what is still in stdout's buffer nowhere: Python's own last flush must not complain."""
    with suppress(OSError, ValueError, AttributeError):  # where stdout is no file of the system, or closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_json(data: Any) -> None:
    """Write *data* to stdout as JSON, in ASCII, so that any reader understands it."""
    import json

    say(json.dumps(data, indent=2, default=str))


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(f"{text}\n")
    except UnicodeEncodeError:  # a name that this terminal's encoding does not have
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    stream.flush()
