"""Whatever goes wrong in a template, as one error that names its file, its line and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateNotFound, TemplatesNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from virtkit.errors import HostError, Problem, SpecError, TemplateError, VirtkitError
from virtkit.rendering.budget import BudgetSpent
from virtkit.rendering.escape import Unwritable
from virtkit.rendering.places import is_shipped

if TYPE_CHECKING:
    from types import TracebackType

    from virtkit.rendering.job import Job
    from virtkit.rendering.places import Loader

_SEARCHED = 100_000  # values looked at to name the variable that holds a bad one


def explain(error: Exception, loader: Loader, job: Job, name: str) -> VirtkitError:
    """Return what to raise for an *error* of loading or rendering the template *name*."""
    if isinstance(error, HostError):  # about the host, not the template: type auto
        return error
    if isinstance(error, TemplateSyntaxError):
        where = error.filename or error.name
        return TemplateError(f"{error.message}{_source_line(error)}", template=where, line=error.lineno)
    template, line = _place(error)
    template = template or name
    if isinstance(error, SpecError) and (line is None or is_shipped(template)):
        return SpecError(error.problems, what=error.what)
    if isinstance(error, Unwritable):
        return _unwritable(error, job, template, line)
    return TemplateError(_message(error, loader, job), template=template, line=line)


def _message(error: Exception, loader: Loader, job: Job) -> str:
    message = str(error)
    if isinstance(error, TemplateNotFound) and not isinstance(error, TemplatesNotFound):
        return loader.missing(str(error.name))
    if isinstance(error, UndefinedError):
        return f"{message}{_near(message, job.variables)}"
    if isinstance(error, SecurityError | BudgetSpent):
        return f"refused in a template: {message}"
    if isinstance(error, RecursionError):
        return "it includes, extends or calls itself without end, or is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "the file is not UTF-8 text"
    return message if isinstance(error, VirtkitError) else f"{type(error).__name__}: {message}"


def _unwritable(error: Unwritable, job: Job, template: str, line: int | None) -> VirtkitError:
    if job.domain is not None and (path := _path_to(error.value, job.domain)):
        return SpecError([Problem(path, error.reason)])
    path = _path_to(error.value, job.variables)
    where = f"{path}: " if path else ""
    return TemplateError(f"{where}{error.reason}", template=template, line=line)


def _place(error: BaseException) -> tuple[str | None, int | None]:
    """Return file and line of the innermost template that *error* went through."""
    found: tuple[str | None, int | None] = (None, None)
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:  # Jinja2 puts such frames in for templates
            found = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return found


def _source_line(error: TemplateSyntaxError) -> str:
    lines = (error.source or "").splitlines()
    if not 0 < error.lineno <= len(lines):
        return ""
    return f" in: {lines[error.lineno - 1].strip()[:100]}"


def _near(message: str, variables: Mapping[str, Any]) -> str:
    """Return a hint with the names that are there, if *message* is about an undefined variable."""
    quoted = message.split("'")
    if not message.endswith("is undefined") or len(quoted) != 3:
        return ""
    near = get_close_matches(quoted[1], variables, n=2, cutoff=0.6)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    given = ", ".join(sorted(variables)) or "nothing"
    return f"; given were: {given}"


def _path_to(value: object, holder: object) -> str:
    """Return where *value* is in *holder*, such as ``disks[1].serial``; empty if it is not there."""
    waiting: list[tuple[str, object]] = [("", holder)]
    for _ in range(_SEARCHED):
        if not waiting:
            break
        path, item = waiting.pop()
        if path and item is value:
            return path
        waiting.extend(reversed(list(_parts(path, item))))
    return ""


def _parts(path: str, item: object) -> Iterator[tuple[str, object]]:
    if hasattr(type(item), "model_fields"):  # a part of a spec
        item = item.__dict__
    if isinstance(item, Mapping):
        for key, value in item.items():
            yield (f"{path}.{key}" if path else str(key)), value
    elif isinstance(item, list | tuple):
        for number, value in enumerate(item):
            yield f"{path}[{number}]", value
