"""Write docs/reference from what the code says of itself: ``python docs/generate.py``.

A test compares the pages with what this would write, so that they stay true.
"""

from __future__ import annotations

import inspect
import json
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import WithJsonSchema

from virtkit import errors
from virtkit.cli.commands import COMMANDS, Entry, Group
from virtkit.cli.exits import MEANINGS
from virtkit.rendering import catalogue
from virtkit.spec import DomainSpec
from virtkit.spec.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkit.cli.command import Command

REFERENCE = Path(__file__).parent / "reference"
_NOTE = "<!-- written by docs/generate.py -->\n\n"


def pages() -> dict[str, str]:
    """Return each page of the reference by its file name."""
    found = {
        "spec.md": "# The spec\n\n" + "\n".join(_spec()),
        "templates.md": "# The templates\n\n" + "\n".join(_templates()),
        "commands.md": "# The commands\n\n" + "\n".join(_commands()),
        "errors.md": "# The errors\n\n" + "\n".join(_errors()),
    }
    return {name: _NOTE + text.rstrip() + "\n" for name, text in found.items()}


def _spec() -> Iterator[str]:
    yield "A domain as a person writes it, in YAML or Python. A size is a string with a unit, or bytes."
    yield "`virtkit.DomainSpec.json_schema()` returns the same for editors.\n"
    done: set[type[Part]] = set()
    waiting: list[type[Part]] = [DomainSpec]
    while waiting:
        part = waiting.pop(0)
        if part in done:
            continue
        done.add(part)
        inner = [found for field in part.model_fields.values() for found in _parts(field.annotation)]
        waiting += inner
        yield f"## {part.__name__}\n"
        yield _markdown(part.__doc__)
        yield "| key | takes | default | |"
        yield "|---|---|---|---|"
        for name, field in part.model_fields.items():
            default = (
                "required" if field.is_required() else _default(field.get_default(call_default_factory=True))
            )
            kind = field.annotation if not field.metadata else Annotated[field.annotation, *field.metadata]
            yield f"| `{name}` | {_cell(_takes(kind))} | {default} | {_cell(field.description or '')} |"
        yield ""


def _parts(annotation: Any) -> list[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [found for inner in get_args(annotation) if not isinstance(inner, str) for found in _parts(inner)]


def _takes(annotation: Any) -> str:
    if annotation is type(None) or annotation is Any:
        return ""
    if any(isinstance(note, WithJsonSchema) for note in getattr(annotation, "__metadata__", ())):
        return "size"
    if isinstance(annotation, type) and not get_args(annotation):
        return (
            f"[{annotation.__name__}](#{annotation.__name__.lower()})"
            if issubclass(annotation, Part)
            else annotation.__name__
        )
    arguments = [inner for inner in get_args(annotation) if inner is not type(None)]
    if arguments and all(isinstance(inner, str | int) for inner in arguments):
        return ", ".join(f"`{inner}`" for inner in arguments)
    origin = getattr(annotation, "__origin__", None)
    words = [word for inner in arguments if (word := _takes(inner))]
    if origin in (list, tuple):
        return f"list of {' or '.join(words)}"
    if origin is dict:
        return f"mapping of {words[0]} to {words[-1]}"
    return " or ".join(dict.fromkeys(words))


def _default(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Part):
        value = value.to_dict()
    return f"`{json.dumps(value, default=str)}`" if value not in ([], {}) else ""


def _markdown(docstring: str | None) -> str:
    """Return a docstring as Markdown: what follows ``::`` becomes a fenced block."""
    found: list[str] = []
    fenced = False
    for line in inspect.cleandoc(docstring or "").replace("``", "`").splitlines():
        if fenced and line and not line.startswith("    "):
            found[-1:] = ["```", ""]
            fenced = False
        if line.endswith("::"):
            found += [line[:-2] or "", "", "```text"] if line != "::" else ["```text"]
            fenced = True
            continue
        if not (fenced and found[-1] == "```text" and not line):
            found.append(line.removeprefix("    ") if fenced else line)
    return "\n".join([*found, "```"] if fenced else found) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _templates() -> Iterator[str]:
    yield "`virtkit.render(NAME, variable=value, ...)`, or `virtkit render NAME --set variable=value`."
    yield "The machines take every field of the [spec](spec.md) beside their variables.\n"
    for template in catalogue():
        yield f"## {template.name}\n"
        yield _markdown(template.description)
        if template.variables:
            yield "| variable | default | |"
            yield "|---|---|---|"
            for variable in template.variables:
                default = "required" if variable.required else f"`{json.dumps(variable.default)}`"
                yield f"| `{variable.name}` | {default} | {_cell(variable.meaning)} |"
            yield ""


def _commands() -> Iterator[str]:
    yield "`virtkit [-c URI] [--json] [-v] COMMAND ...`\n"
    yield f"Exit codes: {' '.join(MEANINGS.split())}\n"
    for each in COMMANDS:
        if isinstance(each, Group):
            yield f"## virtkit {each.name}\n"
            yield f"{each.help[0].upper()}{each.help[1:]}.\n"
            for verb in each.verbs:
                yield from _command(f"{each.name} {verb.name}", verb, level="###")
        else:
            yield from _command(each.name, each, level="##")


def _command(name: str, entry: Entry, level: str) -> Iterator[str]:
    command: Command = entry.load()
    yield f"{level} virtkit {name}\n"
    yield _markdown(command.description)
    parser = ArgumentParser(add_help=False)
    if command.arguments is not None:
        command.arguments(parser)
    rows = list(_arguments(parser))
    if rows:
        yield "| argument | |"
        yield "|---|---|"
        yield from rows
        yield ""
    yield "```console"
    yield from command.examples
    yield "```\n"


def _arguments(parser: ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001 # argparse has no other list of them
        if action.help == SUPPRESS:
            continue
        word = action.metavar or (
            action.dest.upper() if not action.choices else "|".join(map(str, action.choices))
        )
        shown = ", ".join(action.option_strings) or str(word)
        if action.option_strings and action.nargs != 0:
            shown += f" {word}"
        text = (action.help or "") % {**vars(action), "prog": "virtkit"}
        yield f"| `{_cell(shown)}` | {_cell(text)} |"


def _errors() -> Iterator[str]:
    yield _markdown(errors.__doc__)
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.VirtkitError):
            yield f"## {name}\n"
            yield _markdown(value.__doc__)


def main() -> None:
    """Write the pages."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
