"""Specs in YAML 1.2, where ``on`` and ``off`` are words and not booleans."""

import re
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit.errors import Problem, SpecError
from virtkit.spec.problems import kind_of

if TYPE_CHECKING:
    from virtkit.spec.base import Part

P = TypeVar("P", bound="Part")
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def read(cls: type[P], source: str | Path) -> P:
    """Build a *cls* from YAML text or a file.

    Raises:
        SpecError: with every problem, each with its path and line.
    """
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    data = load(text)
    if not isinstance(data, dict):
        found = "empty" if data is None else kind_of(data)
        raise SpecError(
            f"the document is {found}: a spec is a mapping of keys to values, such as 'name: web1'",
            what=cls.what(),
        )
    try:
        return cls.from_dict(data)
    except SpecError as error:
        raise SpecError(_with_lines(error.problems, text), what=cls.what()) from None


def load(text: str) -> Any:
    """Return what YAML *text* says, as plain dicts, lists, strings and numbers.

    Raises:
        SpecError: it is not YAML, with the line.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else None
        raise SpecError([Problem("", f"not YAML: {error.problem or error.context}", line)]) from None
    except (YAMLError, ValueError) as error:
        raise SpecError([Problem("", f"not YAML: {error}")]) from None
    except RecursionError:
        raise SpecError([Problem("", "it is nested too deeply to be read")]) from None


def write(data: Any) -> str:
    """Return *data* as YAML that `load` reads back as it was."""
    from ruamel.yaml import YAML

    yaml: Any = YAML(typ="safe", pure=True)
    yaml.Representer = _representer()
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 110
    stream = StringIO()
    yaml.dump(_marked(data), stream)
    return stream.getvalue()


class _Lines(str):
    """A text of several lines, which is written as such."""

    __slots__ = ()


class _Inline(dict[str, Any]):
    """A mapping that is written in one line."""

    __slots__ = ()


_BREAKS = re.compile("[\r\x85\u2028\u2029]")
"""What ends a line in YAML too, so that a text with it has to be quoted to keep it."""
_INLINE = frozenset({"address", "target"})
"""Keys whose mappings are libvirt's attributes, and of no great interest."""


def _marked(data: Any) -> Any:
    """Return *data* with what is written in another way than usual."""
    if isinstance(data, dict):
        return {
            key: _Inline(value) if key in _INLINE and isinstance(value, dict) else _marked(value)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [_marked(each) for each in data]
    lines = isinstance(data, str) and "\n" in data and not _BREAKS.search(data)
    return _Lines(data) if lines else data


@cache
def _representer() -> Any:
    from ruamel.yaml.representer import SafeRepresenter

    class Representer(SafeRepresenter):
        """Knows the two above."""

    def lines(self: Any, text: str) -> Any:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|")

    def inline(self: Any, data: dict[str, Any]) -> Any:
        return self.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)

    Representer.add_representer(_Lines, lines)
    Representer.add_representer(_Inline, inline)
    return Representer


def _with_lines(problems: tuple[Problem, ...], text: str) -> list[Problem]:
    from ruamel.yaml import YAML

    root = YAML(typ="safe", pure=True).compose(StringIO(text))
    return [Problem(problem.path, problem.message, _line(root, problem.path)) for problem in problems]


def _line(node: Any, path: str) -> int | None:
    """Return the line of what *path* leads to, or of the nearest thing around it."""
    line = None
    for name, index in _STEP.findall(path):
        found = None
        if index and node.id == "sequence" and int(index) < len(node.value):
            found = node.value[int(index)]
            line = found.start_mark.line + 1
        elif name and node.id == "mapping":
            for key, value in node.value:
                if key.value == name:
                    found, line = value, key.start_mark.line + 1
        if found is None:
            break
        node = found
    return line
