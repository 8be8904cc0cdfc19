"""``virtkit render|validate|diff``: what works on documents, and needs no host."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from virtkit.cli import exits
from virtkit.cli.command import Result, command
from virtkit.cli.sources import add_source, load, spec_in, text_of, xml_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from virtkit.cli.command import Call
    from virtkit.errors import Problem


def _render_arguments(parser: ArgumentParser) -> None:
    add_source(parser)
    parser.add_argument(
        "--validate",
        action="store_true",
        help="check the result against libvirt's schema, if it is installed",
    )
    parser.add_argument("--host", action="store_true", help="ask the connection what 'type: auto' is there")


@command(
    "virtkit render web1.yaml",
    "virtkit render linux --set name=web1 --set memory=2GiB",
    "virtkit render mine.xml.j2 --templates . --set name=web1 --validate",
    arguments=_render_arguments,
)
def _render(call: Call) -> Result:
    """Print the libvirt XML of a spec or a template. No host is asked, unless --host is given.

    Exit code 1 with --validate: libvirt's schema does not allow it. JSON: xml, problems.
    """
    if call.args.host:
        with call.connect() as host:
            text = _text(call, host.capabilities)
    else:
        text = _text(call, None)
    problems = _invalid(text) if call.args.validate else []
    if call.args.validate and not _has_schema(text):
        call.complain(f"the result was not checked: {_NO_SCHEMA}")
    for problem in problems:
        call.complain(str(problem))
    data = {"xml": text, "problems": [exits.problem_json(problem) for problem in problems]}
    return Result(data, text.rstrip("\n"), code=exits.FAILED if problems else exits.OK)


def _text(call: Call, facts: Any) -> str:
    found = load(call.args, facts)
    if isinstance(found, str):
        return found
    from virtkit.rendering import render

    return render(found, templates=call.args.templates or None, host=facts() if facts else None)


def _invalid(text: str) -> list[Problem]:
    from virtkit.model import validate

    return validate(text)


_NO_SCHEMA = "libvirt's schema for it is not installed"


def _has_schema(text: str) -> bool:
    from virtkit import tree
    from virtkit.model import schema_available

    return schema_available(str(tree.parse(text).tag))


def _validate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="specs (.yaml, .yml, .json) or libvirt XML")


@command("virtkit validate web1.yaml web2.xml", arguments=_validate_arguments)
def _validate(call: Call) -> Result:
    """Check specs, and XML against libvirt's schemas where those are installed.

    Exit code 1: something is wrong, and each problem is a line. A line says so where there was no schema.

    JSON: a list of {file, valid, schema, problems: [{path, message, line}]}; schema: whether one was asked.
    """
    rows = []
    for name in call.args.files:
        problems, by_schema = _problems(Path(name))
        for problem in problems:
            call.say(exits.located(problem, name))
        if not problems:
            call.say(f"{name}: ok" if by_schema else f"{name}: nothing wrong found, but {_NO_SCHEMA}")
        listed = [exits.problem_json(problem) for problem in problems]
        rows.append({"file": name, "valid": not problems, "schema": by_schema, "problems": listed})
    return Result(rows, code=exits.OK if all(row["valid"] for row in rows) else exits.FAILED)


def _problems(path: Path) -> tuple[list[Problem], bool]:
    """Return what is wrong with a file, and whether a schema of libvirt was asked."""
    from virtkit.errors import ParseError, Problem, SpecError

    try:
        text = _xml_of(path)
        return _invalid(text), _has_schema(text)
    except exits.InFile as error:
        problems = getattr(error.__cause__, "problems", ()) or [Problem("", str(error.__cause__))]
    except SpecError as error:  # what only rendering finds out
        problems = error.problems
    except ParseError as error:
        problems = [exits.problem_of(error)]
    except OSError as error:
        problems = [Problem("", error.strerror or str(error))]
    return list(problems), False


def _xml_of(path: Path) -> str:
    """Return the XML in a file, or of the spec in it."""
    if path.suffix.lower() not in {".yaml", ".yml", ".json"}:
        return text_of(path)
    from virtkit.rendering import render

    return render(spec_in(path), validate=False)


def _diff_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("wanted", metavar="WANTED", help="a file: spec or XML; or a domain of the connection")
    parser.add_argument("actual", metavar="ACTUAL", help="likewise")
    parser.add_argument("--extra", action="store_true", help="also name devices that only ACTUAL has")


@command(
    "virtkit diff web1.yaml web1.xml",
    "virtkit -c qemu:///system diff web1.yaml web1",
    arguments=_diff_arguments,
)
def _diff(call: Call) -> Result:
    """Say what WANTED states and ACTUAL does not have.

    What ACTUAL has besides is no difference: libvirt adds much by itself.
    A word is a file if it has the suffix .yaml, .yml, .json or .xml, and a domain if not.
    Exit code 1: there are differences. JSON: a list of {path, wanted, actual, kind}.
    """
    from virtkit.cli.commands.definition import difference_json
    from virtkit.model import diff

    found = diff(_document(call, call.args.wanted), _document(call, call.args.actual), extra=call.args.extra)
    rows = [difference_json(each) for each in found]
    return Result(rows, "\n".join(map(str, found)), code=exits.FAILED if found else exits.OK)


def _document(call: Call, word: str) -> str:
    path = Path(word)
    suffix = path.suffix.lower()
    if suffix == ".xml":
        return xml_of(path)
    if suffix in {".yaml", ".yml", ".json"}:
        from virtkit.rendering import render

        return render(spec_in(path))
    with call.connect() as host:
        return host.domains[word].xml(inactive=True)


COMMANDS = {"render": _render, "validate": _validate, "diff": _diff}
