"""Write docs/reference from what the code says of itself: ``python docs/generate.py``.

A test compares the pages with what this would write, so that they stay true.
"""

from __future__ import annotations

import inspect
import json
import re
from argparse import SUPPRESS, ArgumentParser
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import WithJsonSchema

from virtkit import errors, fake, model
from virtkit.cli.commands import COMMANDS, Entry, Group
from virtkit.cli.exits import MEANINGS
from virtkit.fake import constants
from virtkit.fake.arguments import _facts
from virtkit.fake.faults import Faults
from virtkit.fake.guest import Guest
from virtkit.fake.host import Host
from virtkit.fake.newer import METHODS as NEWER
from virtkit.fake.newer import REFUSING
from virtkit.fake.node.hardware import Hardware
from virtkit.fake.nodedev.hardware import Devices
from virtkit.fake.outside import SETTINGS
from virtkit.fake.partly import GONE, PARTLY
from virtkit.fake.rules import QEMU, TEST
from virtkit.fake.settings import GUEST, HOST
from virtkit.fake.store.memory import MemoryStore
from virtkit.fake.surface import Refusal
from virtkit.model import circumstances, fields, nodes, rules, values
from virtkit.model import identity as identities
from virtkit.model.views import View
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
        "documents.md": "# The documents\n\n" + "\n".join(_documents()),
        "comparing.md": "# Comparing and merging\n\n" + "\n".join(_comparing()),
        "fake.md": "# The fake\n\n" + "\n".join(_fake()),
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


def _fake() -> Iterator[str]:
    yield "What `virtkit.fake` has of libvirt-python 9.0.0, and what can be set of its hosts."
    yield "`fake:///` answers as libvirt's QEMU driver, `test:///` as its test driver.\n"
    yield "* **yes**: modelled.\n* **partly**: modelled, but for what is said."
    yield "* **no**: raises `NotModelled`, a `libvirtError` with code `VIR_ERR_NO_SUPPORT`."
    yield "* **lacks**: raises that code as libvirt's own driver does, which has no such call.\n"
    rows = {cls: list(_methods(cls)) for cls in constants.SURFACE["classes"]}
    count = Counter(status.split(":")[0] for table in rows.values() for _, status, _ in table)
    numbers = ", ".join(f"{count[word]} {word}" for word in ("yes", "partly", "no", "lacks") if count[word])
    yield f"Of {count.total()} methods on `fake:///`: {numbers}.\n"
    for cls, table in rows.items():
        yield f"## {cls}\n"
        yield "| method | `fake:///` | `test:///` |"
        yield "|---|---|---|"
        yield from (f"| `{name}` | {_cell(status)} | {test} |" for name, status, test in table)
        yield ""
    yield "## Of newer releases\n"
    yield "`getVersion()` says 9.0.0. These work all the same, with their constants:\n"
    yield "| method | since |\n|---|---|"
    for cls, methods in NEWER.items():
        yield from (f"| `{cls}.{name}` | {version} |" for name, version in methods.items())
    yield "\nThese have their names, and raise `NotModelled`:\n"
    yield "| method | since |\n|---|---|"
    for cls, refusing in REFUSING.items():
        yield from (f"| `{cls}.{name}` | {version} |" for name, (_, _, version) in refusing.items())
    yield ""
    yield "## The devices of a host\n"
    yield "`virtkit.fake.host(NAME).devices` adds hardware and takes it out; programs hear of it.\n"
    yield "| method | |\n|---|---|"
    for name, method in inspect.getmembers(Devices, inspect.isfunction):
        if not name.startswith("_"):
            first = (inspect.getdoc(method) or "").partition("\n\n")[0]
            yield f"| `{name}{_shown(method)}` | {_cell(first.replace('``', '`'))} |"
    yield ""
    yield from _settings()
    yield from _faults()


def _settings() -> Iterator[str]:
    yield "## Settings\n"
    yield "Of `virtkit.fake.host(NAME)`, and of its `guest`: attributes in Python, keys of a `fake:///` URI's"
    yield "query (**text** says which), settings of the marker `fake_host`. Text is taken in Python too, so"
    yield '`host.memory = "8GiB"` is `host.memory = 8388608`. What a setting does not take is a `ValueError`;'
    yield "one that is not there is an `AttributeError`; in a URI both are a `libvirtError`.\n"
    host = Host("host", MemoryStore(), QEMU, uri="fake:///host")
    for title, of, kinds, owner, texts in (
        ("The hardware of a host", Hardware, HOST, host, SETTINGS),
        ("A host", Host, HOST, host, SETTINGS),
        ("A guest", Guest, GUEST, Guest(), GUEST),
    ):
        yield f"## {title}\n"
        yield "| attribute | | takes | default | text |"
        yield "|---|---|---|---|---|"
        for name, text in _attributes(of):
            default = f"`{getattr(owner, name)!r}`" if name in kinds and name not in {"name", "uuid"} else ""
            in_uri = "yes" if name in texts else ""
            takes = kinds[name].expected if default else ""
            yield f"| `{name}` | {_cell(text.replace('``', '`'))} | {_cell(takes)} | {default} | {in_uri} |"
        yield ""


def _faults() -> Iterator[str]:
    yield "## Faults\n"
    yield "`host.faults.add(call, ...)`, the marker `fake_fault(call, ...)`, and in text `CALL:KEY=VALUE`:"
    yield "the query's key `fault`, and `VIRTKIT_FAKE_FAULTS`, where `;` parts several.\n"
    for line in _markdown(Faults.add.__doc__).partition("Args:\n")[2].partition("Raises:")[0].splitlines():
        stripped = line.strip()
        if line.startswith("        "):
            yield f"  {stripped}"
        elif stripped:
            name, _, text = stripped.partition(": ")
            yield f"* `{name}`: {text}"
    yield ""


def _documents() -> Iterator[str]:
    yield "libvirt's documents as typed views: `virtkit.model.Network.parse(xml)`, `.to_xml()`. A view reads"
    yield "and writes the document itself. Sizes are bytes. Each class is listed where it first occurs.\n"
    done: set[type[View]] = set()
    for kind in model.__all__:
        waiting = [getattr(model, kind)]
        if not (isinstance(waiting[0], type) and issubclass(waiting[0], View) and waiting[0].TAG):
            continue
        yield f"## {kind}\n"
        while waiting:
            view = waiting.pop(0)
            if view in done:
                continue
            done.add(view)
            yield from ([] if view.__name__ == kind else [f"### {view.__name__}\n"])
            yield _markdown(view.__doc__)
            members = [member for owner in reversed(view.__mro__) for member in vars(owner).items()]
            kinds = (fields.Place, fields.Child, fields.Children)
            rows = [(name, field) for name, field in members if isinstance(field, kinds)]
            yield from (["| field | place | takes |", "|---|---|---|"] if rows else [])
            for name, field in rows:
                place = "/".join(map(nodes.short, field.steps)) if hasattr(field, "type") else field.path
                yield f"| `{name}` | `{place}` | {_cell(_written(field))} |"
                waiting += [field.type] if hasattr(field, "type") else []
            yield ""


def _comparing() -> Iterator[str]:
    yield "`virtkit.diff(wanted, actual)` says what *wanted* states and *actual* does not have; what"
    yield "*actual* has besides is no difference. `virtkit.model.merge(base, overlay)` lays one over"
    yield "the other. Both go by the same two tables. See [how to compare](../how-to/compare.md).\n"
    yield "## Which is which\n"
    yield "Elements of one name below one parent are the same thing if the first key that both have is"
    yield "equal. One that has no key is told by its hints, and then by its position among those of its"
    yield "kind. Of other elements the first is the first. `assigned`: libvirt gives the key where"
    yield "there is none. A list is compared as a whole, in its order. An alias counts if a user gave"
    yield "it: it begins with `ua-`.\n"
    yield "| element | keys | hints | kind | |"
    yield "|---|---|---|---|---|"
    for place, identity in identities.IDENTITIES.items():
        short = "/".join(map(nodes.short, re.split(r"/(?![^{]*})", place)))
        groups = (identity.keys, identity.hints)
        keys, hints = (", ".join(f"`{' '.join(words)}`" for words in group) for group in groups)
        kind = ", ".join(f"`{word}`" for word in identity.kind if keys or hints)
        note = {"replace": "a list", "append": "a list to which is added"}.get(identity.listed, "")
        yield f"| `{short}` | {keys} | {hints} | {kind} | {note or 'assigned' * identity.assigned} |"
    yield "\n## What is the same\n"
    yield "Elsewhere texts are the same, or numbers: `0x04` is `4`. A place is the end of a path; the longest"
    yield "that says something counts. A star is any element or attribute.\n"
    yield "| place | |"
    yield "|---|---|"
    for places, rule in rules.RULES.items():
        yield f"| {', '.join(f'`{place}`' for place in places.split())} | {_cell(' '.join(_rule(rule)))} |"


def _rule(rule: rules.Rule) -> Iterator[str]:
    """Say what *rule* means, in sentences."""
    if rule.same is not None:
        yield getattr(rule.same, "words", "") or inspect.getdoc(rule.same) or ""
    if rule.default is not None:
        yield f"Nothing means `{rule.default}`."
    for condition, begin in ((rule.absent, "May be missing"), (rule.ignored, "Does not count")):
        if condition is not None and condition is not circumstances.never:
            text = (inspect.getdoc(condition) or "").rstrip(".")
            yield f"{begin}{'' if text == 'Always' else f', where: {text[0].lower()}{text[1:]}'}."
    if rule.ignored is circumstances.never:
        yield "Counts by itself."
    if rule.instead:
        yield f"Or `{rule.instead}` says it."
    if rule.live:
        yield "A running domain may show something else."
    if rule.secret:
        yield "Never shown."
    if rule.each:
        yield f"Stands for one element for each number of `{rule.each}`."


def _written(field: Any) -> str:
    """Return what a field takes."""
    if isinstance(field, fields.Choice):
        return ", ".join(f"`{word}`" for word in field.choices)
    if isinstance(field, fields.Child | fields.Children):
        return f"{'list of ' if isinstance(field, fields.Children) else ''}`{field.type.__name__}`"
    names = {
        fields.Text: "text",
        fields.Flag: "bool: is it there",
        fields.Switch: "bool",
        fields.Size: "size",
    }
    words = {**names, values.Real: "number", values.NumberOrWord: "integer or word", values.Octal: "mode"}
    return next((text for kind, text in words.items() if isinstance(field, kind)), "integer")


def _methods(cls: str) -> Iterator[tuple[str, str, str]]:
    """Return each method of a class of the fake: its name, and whether either driver has it."""
    for name, (_, function) in constants.SURFACE["classes"][cls].items():
        method = inspect.getattr_static(getattr(fake, cls), name)
        lacks = _facts().get(function, {}).get("lacks", ())
        status = "no" if isinstance(method, Refusal) else "yes"
        note = PARTLY.get(f"{cls}.{name}")
        gone = "qemu" in lacks or f"{cls}.{name}" in GONE
        own = "lacks" if gone else f"partly: {note}" if note and status == "yes" else status
        lacking = "test" in lacks or function in TEST.lacks
        yield name, own, "lacks" if lacking else status


def _shown(method: Any) -> str:
    """Return what a method takes, without types."""
    signature = inspect.signature(method)
    bare = [each.replace(annotation=each.empty) for each in list(signature.parameters.values())[1:]]
    return str(signature.replace(parameters=bare, return_annotation=signature.empty))


def _attributes(of: type) -> list[tuple[str, str]]:
    """Return the attributes that a class's docstring tells of."""
    lines = inspect.cleandoc(of.__doc__ or "").partition("Attributes:\n")[2].splitlines()
    found: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith("     "):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif line.startswith("    "):
            name, _, text = line.strip().partition(": ")
            found.append((name, text))
    return found


def main() -> None:
    """Write the pages."""
    ArgumentParser(description=main.__doc__).parse_args()
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
