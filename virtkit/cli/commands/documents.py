"""``virtkit render|validate``: what works on documents, and needs no host."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virtkit.cli import exits
from virtkit.cli.command import Result, command
from virtkit.cli.sources import add_source, load, spec_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from virtkit.cli.command import Call
    from virtkit.errors import Problem
    from virtkit.model import Findings


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
    problems = _problems_of(call, text) if call.args.validate else []
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


def _problems_of(call: Call, text: str) -> list[Problem]:
    from virtkit.model import validate

    found = validate(text)
    if not found.by_schema:
        call.complain(f"the result was checked by {found.source} alone: {_NO_SCHEMA}")
    return found


_NO_SCHEMA = "libvirt's schema for it is not installed"


def _validate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="specs (.yaml, .yml, .json), or libvirt's XML of any kind; - is stdin (either of them)",
    )


@command(
    "virtkit validate web1.yaml web2.xml network.xml",
    "virtkit validate -",
    arguments=_validate_arguments,
)
def _validate(call: Call) -> Result:
    """Check specs, and documents of any kind by libvirt's schemas, where those are installed.

    A line says by which libvirt's: a newer one may allow more. Without a schema, what virtkit itself knows of
    elements, attributes and values is asked, but not what must be there; the line says so.

    Exit code 1: something is wrong, and each problem is a line with file, line, path and what is allowed.

    JSON: a list of {file, valid, schema, source, problems: [{path, message, line}]}; schema: whether one was
    asked; source: who found the problems, such as "libvirt 9.0.0's schema".
    """
    rows = []
    for name in call.args.files:
        found = _findings(name)
        for problem in found:
            call.say(exits.located(problem, name))
        if not found:
            call.say(f"{name}: {_fine(found)}")
        listed = [exits.problem_json(problem) for problem in found]
        row = {"file": name, "valid": not found, "schema": found.by_schema, "source": found.source}
        rows.append({**row, "problems": listed})
    return Result(rows, code=exits.OK if all(row["valid"] for row in rows) else exits.FAILED)


def _fine(found: Findings) -> str:
    if found.by_schema:
        return f"ok by {found.source}"
    return f"nothing wrong found by {found.source}, but {_NO_SCHEMA}"


def _findings(name: str) -> Findings:
    """Return what is wrong with a file, and who says so."""
    from virtkit.errors import ParseError, Problem, SpecError
    from virtkit.model import Findings, validate

    source, problems = "virtkit", []
    try:
        text, is_spec = _content(name)
        if not is_spec:
            return validate(text)
        found = validate(_rendered(text, name))
        without_lines = [problem._replace(line=None) for problem in found]  # those of XML that nobody sees
        return Findings(without_lines, source=found.source, by_schema=found.by_schema)
    except exits.InFile as error:
        problems = list(getattr(error.__cause__, "problems", ()) or [Problem("", str(error.__cause__))])
    except SpecError as error:  # what only rendering finds out
        problems = list(error.problems)
    except ParseError as error:
        problems = [exits.problem_of(error)]
    except OSError as error:
        problems = [Problem("", error.strerror or str(error))]
    return Findings(problems, source=source)


def _content(name: str) -> tuple[bytes, bool]:
    """Return what is in a file or in stdin, and whether it is a spec."""
    if name != "-":
        path = Path(name)
        with path.open("rb") as file:
            return file.read(_LARGEST), path.suffix.lower() in {".yaml", ".yml", ".json"}
    stdin = getattr(sys.stdin, "buffer", None)
    content: bytes = stdin.read(_LARGEST) if stdin is not None else sys.stdin.read(_LARGEST).encode()
    start = content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return content, not start.startswith((b"<", b"\x4c\x6f\xa7\x94"))  # the second is EBCDIC's "<?xm"


_LARGEST = 2**26  # more than is read of XML, which says so itself


def _rendered(content: bytes, name: str) -> str:
    from virtkit.rendering import render

    return render(spec_of(content, name), validate=False)


COMMANDS = {"render": _render, "validate": _validate}
