"""``DomainSpec.from_document``: an existing domain as a spec, and what no field can say as its overlay.

The document is read into fields, rendered, and compared with itself; what differs becomes ``xml``. So nothing
is lost, whatever the reading knows or does not know: the last step proves it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeVar

from virtkit import model, tree
from virtkit.errors import DocumentError, SpecError
from virtkit.rendering.engine import render
from virtkit.rendering.shortening import shortened
from virtkit.spec.reading import in_kib, read_domain

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.spec import DomainSpec
    from virtkit.spec.domain import Document

_PLACEHOLDERS = {"name": "domain", "memory": "1GiB"}
"""What a spec cannot be without; the overlay then takes it away again."""
_STEP = re.compile(r"[.\[\]]+")
_AGENT = "org.qemu.guest_agent.0"


S = TypeVar("S", bound="DomainSpec")


def spec_of(document: tree.Source | Document, kind: type[S]) -> S:
    """Return an existing domain as a spec of this *kind*: see ``DomainSpec.from_document``."""
    source: Any = getattr(document, "element", document)
    root = deepcopy(tree.parse(source, "domain XML"))
    if root.tag != "domain":
        raise DocumentError(f"this is a <{root.tag!s}>, and a <domain> was expected")
    fields = read_domain(root)
    in_kib(root)
    spec, text, overlay = _attempt(kind, {**fields, **_nothing_more(fields)}, root)
    if overlay is not None:
        bare = _attempt(kind, {**fields, "defaults": False}, root)
        if bare[2] is None or len(bare[2]) < len(overlay):
            spec, text, overlay = bare
    spec = shortened(spec, text)
    if overlay is not None:
        spec.xml = overlay
    return spec


def _nothing_more(fields: dict[str, Any]) -> dict[str, Any]:
    """Say no to what virtkit would fill in, and *fields* do not have."""
    features = {"acpi": False, "apic": False} | fields.get("features", {})
    agent = any(channel.get("name") == _AGENT for channel in fields.get("channels", ()))
    return {"features": features} if agent else {"features": features, "agent": False}


def _attempt(kind: type[S], fields: dict[str, Any], root: etree._Element) -> tuple[S, str, str | None]:
    """Return the spec of *fields*, what it renders, and the overlay that is missing to *root*."""
    spec = _sound(kind, fields)
    text = render(spec, validate=False)
    return spec, text, model.overlay(text, root)


def _sound(kind: type[S], fields: dict[str, Any]) -> S:
    """Return the spec of *fields*, without those of them that no spec can hold."""
    fields = _PLACEHOLDERS | _copied(fields)
    while True:
        try:
            return kind.from_dict(_copied(fields))
        except SpecError as error:
            if fields == _PLACEHOLDERS:
                raise  # a kind of spec that needs more
            paths = {problem.path for problem in error.problems}
            left = _copied(fields)
            for path in sorted(paths, key=_steps, reverse=True):  # the last of a list first
                _drop(left, path)
            left = _PLACEHOLDERS | left
            if left == fields:  # what is wrong is not found there: all goes in which it may be
                tops = {_steps(path)[0][2] for path in paths}
                left = _PLACEHOLDERS | {name: each for name, each in fields.items() if name not in tops}
            fields = _PLACEHOLDERS if left == fields else left


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _steps(path: str) -> list[tuple[bool, int, str]]:
    return [(each.isdecimal(), int(each) if each.isdecimal() else 0, each) for each in _STEP.split(path)]


def _drop(fields: dict[str, Any], path: str) -> None:
    """Take away what *path* leads to: the value itself, or the part that lacks one.

    Of a list all goes that follows, for an overlay adds at the end.
    """
    at: Any = fields
    above: list[tuple[Any, Any]] = []
    rest = path
    while rest:
        step, rest = _step(at, rest)
        if step is None and isinstance(at, list):
            return  # it went with one before it
        if step is None:
            break
        above.append((at, step))
        at = at[step]
    if not above:
        fields.clear()  # nothing of it can be said
        return
    holder, step = above[-1]
    if isinstance(holder, list):
        del holder[step:]
    else:
        del holder[step]


def _step(at: Any, path: str) -> tuple[Any, str]:
    """Return the key or index with which *path* goes on in *at*, or None, and the rest of the path."""
    path = path.removeprefix(".")
    if path.startswith("[") and isinstance(at, list):
        index, _, rest = path[1:].partition("]")
        return (int(index), rest) if index.isdecimal() and int(index) < len(at) else (None, path)
    if isinstance(at, dict):
        for key in sorted(map(str, at), key=len, reverse=True):
            if path == key or path.startswith((f"{key}.", f"{key}[")):
                return key, path[len(key) :]
    return None, path
