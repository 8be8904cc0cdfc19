"""``virtkit template list|show``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.cli.command import Result, command
from virtkit.cli.tables import table

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from virtkit.cli.command import Call
    from virtkit.rendering import TemplateInfo, Variable


def _folders(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--templates", action="append", default=[], metavar="DIR", help="look for templates here first"
    )


def _json(info: TemplateInfo) -> dict[str, Any]:
    variables = info.variables
    return {
        "name": info.name,
        "path": str(info.path),
        "machine": info.machine,
        "summary": info.summary,
        "description": info.description,
        "variables": None if variables is None else [_variable_json(each) for each in variables],
    }


def _variable_json(variable: Variable) -> dict[str, Any]:
    return {key: getattr(variable, key) for key in ("name", "meaning", "required", "default")}


@command("virtkit template list", arguments=_folders)
def _list(call: Call) -> Result:
    """List the templates that 'virtkit render' finds, ready machines first.

    JSON: a list of what 'template show' gives for one.
    """
    from virtkit.rendering import catalogue

    found = catalogue(call.args.templates or None)
    text = table(("NAME", "MAKES"), [(info.name, info.summary) for info in found])
    return Result([_json(info) for info in found], text)


def _show_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a template, as 'template list' calls it")
    _folders(parser)


@command("virtkit template show linux", arguments=_show_arguments)
def _show(call: Call) -> Result:
    """Show what a template makes, and which variables it takes.

    JSON: name, path, machine, summary, description, variables [{name, meaning, required, default}].
    """
    from virtkit.errors import NotFound
    from virtkit.rendering import catalogue

    found = {info.name: info for info in catalogue(call.args.templates or None)}
    info = found.get(call.args.name)
    if info is None:
        known = ", ".join(found)
        raise NotFound(f"no template {call.args.name!r}; there are {known}")
    return Result(_json(info), _text(info))


def _text(info: TemplateInfo) -> str:
    head = f"{info.name}  ({info.path})\n\n{info.description}"
    if not info.variables:
        return head
    rows = [(each.name, _default(each), each.meaning) for each in info.variables]
    return f"{head}\n\n{table(('VARIABLE', 'DEFAULT', 'MEANING'), rows)}"


def _default(variable: Variable) -> str:
    import json

    return "required" if variable.required else json.dumps(variable.default)


COMMANDS = {"list": _list, "show": _show}
