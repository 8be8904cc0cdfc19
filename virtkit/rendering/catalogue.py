"""What templates there are, and which variables each takes: told by the comment at the head of each.

::

    {#
    A Linux guest on virtio devices.

    Variables:
      name                the domain's name
      memory = "2GiB"     size of its memory
      kernel = null       path of a kernel on the host, which is booted directly
    #}

A variable with ``=`` has that default, in JSON; one without has to be given. A longer meaning goes on
in lines that are indented further.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, TemplateSyntaxError, meta

from virtkit.errors import TemplateError
from virtkit.rendering.places import MACHINES, Loader, short_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = re.compile(r"\A\s*\{#-?(.*?)-?#\}", re.DOTALL)
_EXTENDS = re.compile(r"""\{%-?\s*extends\s+["']([^"']+)["']\s*-?%\}""")
_VARIABLE = re.compile(r"  (?P<name>[A-Za-z_]\w*)(?: = (?P<default>\S.*?))?(?:  +(?P<meaning>.*))?")


@dataclass(frozen=True)
class Variable:
    """A variable that a template takes.

    Attributes:
        name: its name.
        meaning: one sentence.
        required: whether it has to be given.
        default: what it is if it is not given.
    """

    name: str
    meaning: str
    required: bool
    default: Any = None


@dataclass(frozen=True)
class TemplateInfo:
    """A template as its head describes it.

    Attributes:
        name: what `render` takes: ``linux``, ``domain.xml.j2``.
        path: the file.
        description: what it makes.
        variables: what it takes, in the order of its head, and then what the template takes that it extends;
            None if the head does not say.
        machine: whether it makes a ready machine.
        inherited: what the template takes that it extends.
        mentions: names that it reads without a word about them in its head.
        parent: the template that it extends, as it names it.
    """

    name: str
    path: Path
    description: str
    variables: tuple[Variable, ...] | None
    machine: bool = False
    inherited: tuple[Variable, ...] = ()
    parent: str | None = None
    mentions: frozenset[str] = frozenset()

    @property
    def summary(self) -> str:
        """The first sentence of the description."""
        return " ".join(self.description.split()).split(". ")[0].rstrip(".")

    def complete(self, given: dict[str, Any], also: Iterable[str]) -> dict[str, Any]:
        """Return *given* with the defaults of what was not given.

        Raises:
            TemplateError: a required variable is missing, or one is neither known here nor in *also*.
        """
        if self.variables is None:
            return given
        known = {variable.name: variable for variable in self.variables}
        missing = [f"{v.name} ({v.meaning})" for v in self.variables if v.required and v.name not in given]
        if missing:
            raise TemplateError(f"needs {', '.join(missing)}", template=self.name)
        allowed = {*known, *also, *self.mentions}
        for name in given.keys() - allowed:
            near = get_close_matches(name, known, n=1) or get_close_matches(name, allowed, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it takes {', '.join(known) or 'none'}"
            raise TemplateError(f"takes no variable {name!r}{hint}", template=self.name)
        return {**_defaults(self.variables), **given}


def _defaults(variables: Iterable[Variable]) -> dict[str, Any]:
    return {variable.name: variable.default for variable in variables if not variable.required}


def catalogue(templates: Iterable[str | Path] | None = None) -> list[TemplateInfo]:
    """Return the templates that `render` finds, machines first; macros of devices are not among them.

    Args:
        templates: folders with templates of your own, as for `render`.
    """
    loader = Loader([Path(folder) for folder in templates or ()])
    infos = [describe(loader, name) for name in loader.list_templates() if not name.startswith("devices/")]
    return sorted(infos, key=lambda info: (not info.machine, info.name))


def describe(loader: Loader, name: str) -> TemplateInfo:
    """Return what the head of the template with the full name *name* says.

    Raises:
        TemplateError: the head is not in the form that this module's text shows.
    """
    return _lineage(loader, name, frozenset())


def _lineage(loader: Loader, name: str, below: frozenset[Path]) -> TemplateInfo:
    """Describe *name*, which the templates *below* extend, with what it inherits."""
    path = loader.find(name)
    if path is None:
        raise TemplateError(loader.missing(name))
    changed = path.stat().st_mtime_ns if not path.is_relative_to(loader.own) else 0
    info = _described(path, name, changed)
    parent = loader.resolve(info.parent) if info.parent is not None else None
    if parent is None or path in below:  # a circle is an error of rendering, which says so
        return info
    above = _lineage(loader, parent, below | {path})
    inherited = above.inherited if above.variables is None else above.variables
    if info.variables is None:
        return replace(info, variables=inherited or None, inherited=inherited)
    own = {variable.name for variable in info.variables}
    inherited = tuple(variable for variable in inherited if variable.name not in own)
    return replace(info, variables=info.variables + inherited, inherited=inherited)


@lru_cache(maxsize=400)
def _described(path: Path, name: str, changed: int) -> TemplateInfo:  # noqa: ARG001 - of the key
    try:
        source = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise TemplateError(f"cannot be read: {error.strerror}", template=str(path)) from error
    head = _HEAD.match(source)
    extends = _EXTENDS.search(source)
    text = head[1] if head is not None else ""
    description, marker, listed = text.partition("\nVariables:\n")
    machine = name.startswith(f"{MACHINES}/")
    return TemplateInfo(
        name=short_name(name) if machine else name,
        path=path,
        description=description.strip(),
        variables=tuple(_variables(listed, path)) if marker else None,
        machine=machine,
        parent=extends[1] if extends is not None else None,
        mentions=_mentioned(source) if extends is not None and not marker else frozenset(),
    )


def _mentioned(source: str) -> frozenset[str]:
    try:
        return frozenset(meta.find_undeclared_variables(Environment().parse(source)))  # noqa: S701 # no rendering
    except TemplateSyntaxError:  # rendering tells
        return frozenset()


def _variables(listed: str, path: Path) -> Iterator[Variable]:
    lines = re.sub(r"\n {3,}(?=\S)", " ", listed.rstrip()).splitlines()  # what is indented further goes on
    for line in lines:
        match = _VARIABLE.fullmatch(line)
        if match is None:
            raise TemplateError(
                f"this line of the head has no variable: {line.strip()!r}", template=str(path)
            )
        name, default = match["name"], match["default"]
        try:
            value = None if default is None else json.loads(default)
        except ValueError as error:
            raise TemplateError(
                f"the default of {name} is not JSON: {default}", template=str(path)
            ) from error
        yield Variable(name, match["meaning"] or "", default is None, value)
