"""What stands for a domain on the command line: a spec, XML, a template with its variables, or stdin."""

from __future__ import annotations

import sys
from pathlib import Path

from virtkit.cli.exits import InFile, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Any

    from virtkit.model import HostFacts
    from virtkit.rendering.places import Loader
    from virtkit.spec import DomainSpec

_SPECS = {".yaml", ".yml", ".json"}
_SUFFIXES = (".yaml", ".yml", ".json", ".xml", ".xml.j2", ".j2")
_TEXTS = {"name", "title", "description", "uuid"}  # a domain may be called 1, or on
_HELP = (
    "a spec (.yaml, .yml, .json), domain XML (.xml), - for stdin (either of them), a template of yours "
    "(.j2), or the name of a template ('virtkit template list')"
)


def add_source(parser: ArgumentParser) -> None:
    """Declare one source and what goes with it."""
    parser.add_argument("source", metavar="SOURCE", help=_HELP)
    add_variables(parser)


def add_variables(parser: ArgumentParser) -> None:
    """Declare ``--set`` and ``--templates``."""
    parser.add_argument(
        "--set",
        dest="variables",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a variable of the template, or a field of the spec; VALUE is YAML: 2, true, 2GiB, [a, b]",
    )
    parser.add_argument(
        "--templates", action="append", default=[], metavar="DIR", help="look for templates here first"
    )


def variables_of(args: Namespace) -> dict[str, Any]:
    """Return what ``--set`` said.

    Raises:
        UsageError: a word is not ``name=value``, or the value is not YAML.
    """
    found: dict[str, Any] = {}
    for word in args.variables:
        name, equals, value = word.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"--set takes NAME=VALUE, not {word!r}")
        found[name] = _value(name, value)
    return found


def _value(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text
    from virtkit.spec.yaml import load as read

    try:
        return read(text)
    except ValueError as error:
        raise UsageError(f"--set {name}: {error}") from error


def load(args: Namespace, facts: Callable[[], HostFacts] | None = None) -> DomainSpec | str:
    """Return the spec or the XML that the command line means.

    Args:
        args: with what ``add_source`` declared.
        facts: called for what the host can run, when a template needs it; None: no host is asked.

    Raises:
        UsageError: ``--set`` is wrong, or makes no sense with XML; the source is a folder, or no known kind.
        FileNotFoundError: there is no such file.
        InFile: the spec or the XML in it is wrong, or it is no text.
        NotFound: there is no such template, and it is no file either.
        SpecError, TemplateError: what the variables make of it is wrong.
    """
    source, variables = args.source, variables_of(args)
    path = Path(source)
    if source == "-":
        return _from_text(sys.stdin.read(), "stdin", variables)
    if path.suffix.lower() in _SPECS:
        return _spec(text_of(path), source, variables)
    if path.suffix.lower() == ".xml":
        return _xml(text_of(path), source, variables)
    from virtkit.rendering import render

    if not (path.suffix == ".j2" and path.is_file()):
        _refuse_missing(source, args.templates)
    template = path if path.suffix == ".j2" and path.is_file() else source
    return render(template, templates=args.templates or None, host=facts() if facts else None, **variables)


def _refuse_missing(source: str, folders: list[str]) -> None:
    from virtkit.errors import NotFound
    from virtkit.rendering.places import Loader

    loader = Loader([Path(folder) for folder in folders])
    if loader.resolve(source) is not None:
        return
    if Path(source).is_dir():
        what = f"{source!r} is a folder"
    elif Path(source).is_file():
        what = f"the file {source!r} is of no kind that is known"
    else:
        what = f"there is neither a template nor a file {source!r}"
    near = next((name for suffix in _SUFFIXES if Path(name := f"{source}{suffix}").is_file()), None)
    near = near or _near(source, loader)
    hint = f"did you mean {near!r}?" if near else "'virtkit template list' lists the templates"
    kinds = "specs end in .yaml, .yml or .json, XML in .xml, templates of yours in .j2"
    raise (UsageError if Path(source).exists() else NotFound)(f"{what}: {kinds}; {hint}")


def _near(source: str, loader: Loader) -> str | None:
    from difflib import get_close_matches

    from virtkit.rendering.places import short_name

    names = [short_name(name) for name in loader.list_templates() if not name.startswith("devices/")]
    return next(iter(get_close_matches(source, names, n=1, cutoff=0.7)), None)


def xml_of(path: Path) -> str:
    """Return the XML in a file.

    Raises:
        OSError: it cannot be read.
        InFile: it is no text, or not well-formed.
    """
    return _checked(text_of(path), str(path))


def _checked(text: str, file: str) -> str:
    from virtkit import tree
    from virtkit.errors import ParseError

    try:
        tree.parse(text, "XML")
    except ParseError as error:
        raise InFile(file) from error
    return text


def text_of(path: Path) -> str:
    """Return what is in a file.

    Raises:
        OSError: it cannot be read.
        InFile: it is no text.
    """
    return _decoded(path.read_bytes(), str(path))


def _decoded(content: bytes, file: str) -> str:
    from virtkit.errors import DocumentError

    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InFile(file) from DocumentError(f"not text in UTF-8: {error.reason} at byte {error.start}")


def spec_in(path: Path) -> DomainSpec:
    """Return the spec in a file.

    Raises:
        OSError: it cannot be read.
        InFile: it is no text, or no spec.
    """
    return _spec(text_of(path), str(path), {})


def spec_of(content: bytes, file: str) -> DomainSpec:
    """Return the spec that *content*, which was read from *file*, is; raise as `spec_in` does."""
    return _spec(_decoded(content, file), file, {})


def _from_text(text: str, file: str, variables: dict[str, Any]) -> DomainSpec | str:
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _spec(text, file, variables)
    return _xml(text, file, variables)


def _xml(text: str, file: str, variables: dict[str, Any]) -> str:
    if variables:
        raise UsageError("--set goes with a spec or a template; this is XML")
    return _checked(text, file)


def _spec(text: str, file: str, variables: dict[str, Any]) -> DomainSpec:
    from virtkit.errors import SpecError
    from virtkit.spec import DomainSpec
    from virtkit.spec.yaml import load as read

    try:
        data = read(text) if variables else DomainSpec.from_yaml(text)
    except SpecError as error:
        raise InFile(file) from error
    if isinstance(data, DomainSpec):
        return data
    return DomainSpec.from_dict({**data, **variables} if isinstance(data, dict) else data)


def name_of(source: DomainSpec | str) -> str | None:
    """Return the name of the domain that ``load`` returned."""
    if not isinstance(source, str):
        return source.name
    from virtkit import tree

    return tree.parse(source, "domain XML").findtext("name")
