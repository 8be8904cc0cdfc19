"""Checking documents: by libvirt's own schemas where they are installed, else by the typed views."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from virtkit import tree
from virtkit.errors import Problem
from virtkit.model import knowing, nodes, schemas, walking, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

MODEL = "virtkit's model"


class Findings(list[Problem]):
    """The problems of one document, and who found them.

    Attributes:
        source: ``"libvirt 9.0.0's schema"``, with the version of the libvirt that the schema came with; or
            ``"virtkit's model"`` where no schema for such a document is installed.
        by_schema: whether it was a schema of libvirt. The model does not know what must be there.
    """

    def __init__(
        self, problems: Iterable[Problem] = (), *, source: str = MODEL, by_schema: bool = False
    ) -> None:
        super().__init__(problems)
        self.source = source
        self.by_schema = by_schema


def schema_available(root: str = "domain") -> bool:
    """Whether libvirt's schema for documents with this *root* element is installed here."""
    return bool(_by_schema(root)[0])


def validate(xml: tree.Source) -> Findings:
    """Return what is wrong with *xml*: an empty list if nothing is.

    Its root element says what it is: any document of libvirt, or one device of a domain. libvirt's schema
    for that is asked where it is installed (`schema_available`; ``VIRTKIT_SCHEMAS`` may name its folder),
    else the typed views are, which know elements, attributes and values, but not what must be there.

    Each problem has the path and the line of its fault, and says what is allowed there. Children count in any
    order, as libvirt takes them. A schema is of the libvirt that it came with, which `Findings.source` names:
    what a newer libvirt allows is a problem by it, so problems are findings, and no more.

    Args:
        xml: text, bytes, a path or an element.

    Raises:
        ParseError: *xml* is not well-formed.
    """
    root = tree.parse(xml)
    name = nodes.tag(root)
    patterns, source = _by_schema(name)
    if patterns:
        return Findings(walking.Walker().problems(root, patterns), source=source, by_schema=True)
    return Findings(by_model(root))


def _by_schema(root: str) -> tuple[list[schemas.Element], str]:
    """What a document with this *root* element must be by the schema, and whose schema that is."""
    patterns: list[schemas.Element] = []
    path = schemas.schema_path(root)
    if path is not None:
        patterns += walking.elements(schemas.load(path), root)
    domain = schemas.schema_path("domain")
    if domain is not None and root not in schemas.FILES:
        patterns += walking.elements(_devices(schemas.load(domain)), root)
    path = path or domain
    return patterns, schemas.name(path.parent) if path is not None else ""


@cache
def _devices(start: schemas.Pattern) -> schemas.Pattern:
    """What a domain's devices may be."""
    [domain] = walking.elements(start, "domain") or [schemas.Element("", schemas.Choice([]))]
    devices = walking.elements(domain.content, "devices")
    return schemas.Choice([each.content for each in devices])


def by_model(root: etree._Element) -> list[Problem]:
    """What the typed views find wrong with *root*."""
    views, name = _views(), nodes.tag(root)
    if name not in views:
        meant = wording.did_you_mean(nodes.local(root), views)
        return [wording.fault(root, f"no document of libvirt has the root <{nodes.local(root)}>{meant}")]
    found = knowing.problems(root, views[name])
    problems = list(islice(found, walking.MOST))
    return [*problems, Problem("", "and more")] if next(found, None) is not None else problems


@cache
def _views() -> dict[str, knowing.Known]:
    """What the typed views know of each document, by its root element."""
    from virtkit import model
    from virtkit.model.capabilities.host import HostCpu

    classes = [getattr(model, name) for name in model.__all__]
    domain = knowing.Known(model.Domain).children
    known = {**domain["devices"].children, "cpu": domain["cpu"]}  # one of them alone is a document too
    for view in [*classes, HostCpu]:
        if isinstance(view, type) and issubclass(view, model.View) and view.TAG:
            known.setdefault(view.TAG, knowing.Known()).add(view)  # an interface is a host's or a domain's
    return known
