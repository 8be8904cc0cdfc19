"""Exit codes, and what is said about an error: one line for a person, one object for a program."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from virtkit.errors import ParseError, Problem

OK = 0
FAILED = 1
USAGE = 2
NOT_FOUND = 3
TIMEOUT = 4
NO_CONNECTION = 5
INTERRUPTED = 130
BROKEN_PIPE = 141

MEANINGS = (
    "0 ok, 1 failed, 2 usage, 3 not found, 4 timeout, 5 no connection, 130 interrupted, 141 pipe closed"
)
_CONTEXT = ("code", "uri", "operation", "name", "hint", "outcome")


class UsageError(Exception):
    """The words of the command line are fine one by one, but not together."""


class NoConnection(Exception):
    """The connection could not be opened; its cause is the library's error."""


class InFile(Exception):
    """What *file* holds is wrong; the cause is the library's error, which knows no file."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


def code_of(error: BaseException) -> int:
    """Return the exit code for *error*. An error while connecting arrives as NoConnection."""
    from virtkit import errors

    codes = (  # the first that fits counts
        (UsageError, USAGE),
        ((NoConnection, errors.Disconnected, errors.BindingMissing), NO_CONNECTION),
        ((errors.NotFound, FileNotFoundError), NOT_FOUND),
        (TimeoutError, TIMEOUT),
        (KeyboardInterrupt, INTERRUPTED),
        (BrokenPipeError, BROKEN_PIPE),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), FAILED)


def worst(codes: Sequence[int]) -> int:
    """Return the exit code of a command that did several things: that of the first that failed."""
    return next((code for code in codes if code), OK)


def _subject(error: BaseException) -> BaseException:
    if isinstance(error, (NoConnection, InFile)) and error.__cause__ is not None:
        return error.__cause__
    return error


def lines_of(error: BaseException) -> list[str]:
    """Return what is said about *error*, one line each: several only where a spec has several problems."""
    from virtkit.errors import ParseError, VirtkitError

    file = error.file if isinstance(error, InFile) else ""
    error = _subject(error)
    if isinstance(error, KeyboardInterrupt):
        notes = getattr(error, "__notes__", [])  # what the library says of a migration that was ended
        return [_one_line(": ".join(["interrupted", *notes]))]
    problems = getattr(error, "problems", ())
    if problems:
        return [_one_line(located(problem, file)) for problem in problems]
    if file and isinstance(error, ParseError):
        return [_one_line(located(problem_of(error), file))]
    if isinstance(error, OSError) and error.filename and error.strerror:
        return [f"{error.filename}: {error.strerror}"]
    text = _one_line(str(error)) or type(error).__name__
    expected = isinstance(error, (VirtkitError, UsageError, OSError))
    text = text if expected else f"{type(error).__name__}: {text}"
    text = "; ".join([text, *map(_one_line, getattr(error, "__notes__", []))])
    return [f"{file}: {text}" if file else text]


def located(problem: Problem, file: str) -> str:
    """Return what is said about a problem in *file*, as compilers do: ``web1.yaml:2: memory: ...``."""
    if not file:
        return str(problem)
    where = f"{file}:{problem.line}" if problem.line else file
    return f"{where}: {problem.path}: {problem.message}" if problem.path else f"{where}: {problem.message}"


def problem_of(error: ParseError) -> Problem:
    """Return *error* as a problem, which has the line beside the text."""
    from virtkit.errors import Problem

    return Problem("", str(error).replace(f" at line {error.line}", "", 1), error.line)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def as_json(error: BaseException) -> dict[str, Any]:
    """Return *error* as an object: ``type``, ``message``, ``exit``, and what is known of its context."""
    subject = _subject(error)
    found: dict[str, Any] = {
        "type": type(subject).__name__,
        "message": "; ".join(lines_of(error)),
        "exit": code_of(error),
    }
    found.update((key, value) for key in _CONTEXT if (value := getattr(subject, key, None)) is not None)
    problems = getattr(subject, "problems", ())
    if problems:
        found["problems"] = [problem_json(problem) for problem in problems]
    return found


def problem_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as an object."""
    return {"path": problem.path, "message": problem.message, "line": problem.line}
