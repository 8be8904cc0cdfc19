"""The one place that prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO


def say(text: str) -> None:
    """Write *text* and a line break to stdout at once."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Write a line about what went wrong to stderr."""
    _write(sys.stderr, f"virtkit: {text}")


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
