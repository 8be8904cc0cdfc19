"""How `validate` does on libvirt's own documents: as they are, shuffled, and with a fault planted in each.

Which of them are valid, libxml2 says, by the schemas of the same source. The lines are those of the faults.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from virtkit import model, tree
from virtkit.errors import ParseError
from virtkit.model import nodes, schemas, validation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from virtkit.errors import Problem

    Plant = Callable[[list[etree._Element], random.Random], etree._Element | None]

_FOLDERS = ("tests/*data*", "tests/*xml2xml*", "tests/qemuhotplugtest*", "tests/domainbackup*",
            "src/network", "src/nwfilter/xml", "examples/xml/*")  # fmt: skip
_SEED = 20260101
_ENOUGH = 300
"""So many documents of each kind get faults."""


class Document(NamedTuple):
    """One valid document, laid out so that each element has a line of its own."""

    name: str
    text: str


@dataclass
class Report:
    """What was found, by kind of document and by what was done to it."""

    documents: Counter[str] = field(default_factory=Counter)
    alarms: list[str] = field(default_factory=list)
    model_alarms: list[str] = field(default_factory=list)
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    by_model: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How many of the planted faults were found at their line."""
        return self.found.total() / max(self.planted.total(), 1)

    def text(self, *, examples: int = 20) -> str:
        """The report as text."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.documents.most_common())
        lines = [
            f"valid documents: {self.documents.total()} ({kinds})",
            f"false alarms: {len(self.alarms)}, shuffled too; by the typed views {len(self.model_alarms)}",
            *[f"  alarm in {alarm}" for alarm in (self.alarms + self.model_alarms)[:examples]],
            f"planted faults: {self.planted.total()}; at their line {self.found.total()} ({self.share:.2%})",
            f"  as the first finding: {self.first.total()}",
        ]
        for fault in FAULTS:
            planted, found, first, by_model = (
                sum(count for name, count in each.items() if name.endswith(f": {fault}"))
                for each in (self.planted, self.found, self.first, self.by_model)
            )
            lines.append(f"  {found:5} of {planted:5} {fault} ({first} first; by the typed views {by_model})")
        lines += [f"  missed: {each}" for each in self.missed[:examples]]
        return "\n".join(lines)


def valid_documents(source: Path) -> dict[str, list[Document]]:
    """Return libvirt's valid documents by their root element, each once."""
    found: dict[str, list[Document]] = {}
    oracles: dict[Path, etree.RelaxNG] = {}
    seen: set[bytes] = set()
    for path in sorted({path for folder in _FOLDERS for path in source.glob(f"{folder}/**/*.xml*")}):
        data = path.read_bytes() if path.suffix in {".xml", ".in"} else b""
        if data in seen:
            continue
        seen.add(data)
        try:
            root = tree.parse(data)
        except ParseError:
            continue
        schema = schemas.schema_path(nodes.tag(root))
        if schema is None:
            continue
        oracle = oracles.get(schema) or oracles.setdefault(schema, etree.RelaxNG(etree.parse(str(schema))))
        if oracle.validate(root):
            text = tree.tostring(tree.indent(root))
            found.setdefault(nodes.tag(root), []).append(Document(f"{path.parent.name}/{path.name}", text))
    return found


def report(source: Path) -> Report:
    """Try `validate` on all of them. ``VIRTKIT_SCHEMAS`` must name the schemas of *source*."""
    made = Report()
    dice = random.Random(_SEED)
    for kind, documents in valid_documents(source).items():
        made.documents[kind] = len(documents)
        for name, text in documents:
            root = tree.parse(text)
            made.alarms += [f"{name}: {problem}" for problem in model.validate(root)[:1]]
            made.model_alarms += [f"{name}: {problem}" for problem in _by_views(root)[:1]]
            shuffled = model.validate(_shuffled(root, dice))
            made.alarms += [f"{name}, shuffled: {problem}" for problem in shuffled[:1]]
        chosen = dice.sample(documents, min(_ENOUGH, len(documents)))
        oracle = etree.RelaxNG(etree.parse(str(schemas.schema_path(kind))))
        for document in chosen:
            for fault, plant in FAULTS.items():
                _judge(made, f"{kind}: {fault}", document, plant, oracle, dice)
    return made


def _by_views(root: etree._Element) -> list[Problem]:
    """Return what the typed views alone find."""
    return validation.by_model(root)


def _shuffled(root: etree._Element, dice: random.Random) -> etree._Element:
    """All children in any order, but for what is inside of metadata."""
    for element in [each for each in root.iter(etree.Element) if not _is_foreign(each)]:
        children = list(element)
        dice.shuffle(children)
        element[:] = children
    return root


def _judge(
    made: Report, fault: str, document: Document, plant: Plant, oracle: etree.RelaxNG, dice: random.Random
) -> None:
    root = tree.parse(document.text)
    place = plant(_own(root), dice)
    if place is None or oracle.validate(root):  # what is still valid is no fault
        return
    number = list(root.iter(etree.Element)).index(place)
    root = tree.parse(tree.tostring(tree.indent(root)))
    place = list(root.iter(etree.Element))[number]
    lines = [problem.line for problem in model.validate(root)]
    made.planted[fault] += 1
    made.found[fault] += place.sourceline in lines
    made.first[fault] += place.sourceline in lines[:1]
    made.by_model[fault] += place.sourceline in [problem.line for problem in _by_views(root)]
    if place.sourceline not in lines:
        told = "; ".join(map(str, model.validate(root)[:2]))
        made.missed.append(f"{fault} in {document.name}: {nodes.opening(place)}; told: {told}")


# --- faults: each changes one of the elements, and returns the one that is wrong then


def _is_foreign(element: etree._Element) -> bool:
    """Whether *element* holds what applications put there."""
    return any(nodes.tag(each) == "metadata" for each in (element, *element.iterancestors()))


def _own(root: etree._Element) -> list[etree._Element]:
    return [each for each in root.iter(etree.Element) if not _is_foreign(each)]


def _has_text(element: etree._Element) -> bool:
    return not (len(element) or nodes.is_blank(element.text))


def _unknown_attribute(elements: list[etree._Element], dice: random.Random) -> etree._Element | None:
    element = dice.choice(elements)
    element.set("planted", "1")
    return element


def _unknown_child(elements: list[etree._Element], dice: random.Random) -> etree._Element | None:
    element = dice.choice([each for each in elements if not _has_text(each)])
    child = etree.Element("planted")
    element.insert(dice.randrange(len(element) + 1), child)
    return child


def _bad_value(elements: list[etree._Element], dice: random.Random) -> etree._Element | None:
    having = [each for each in elements if each.attrib or _has_text(each)]
    if not having:
        return None
    element = dice.choice(having)
    if element.attrib:
        name = dice.choice(list(element.attrib))
        element.set(name, f"{element.get(name)}~^")
    else:
        element.text = f"{element.text}~^"
    return element


def _missing_attribute(elements: list[etree._Element], dice: random.Random) -> etree._Element | None:
    having = [each for each in elements if each.attrib]
    if not having:
        return None
    element = dice.choice(having)
    del element.attrib[dice.choice(list(element.attrib))]
    return element


def _missing_child(elements: list[etree._Element], dice: random.Random) -> etree._Element | None:
    having = [each for each in elements if nodes.children(each)]
    if not having:
        return None
    element = dice.choice(having)
    element.remove(dice.choice(nodes.children(element)))
    return element


FAULTS = {
    "unknown attribute": _unknown_attribute,
    "unknown child": _unknown_child,
    "bad value": _bad_value,
    "missing attribute": _missing_attribute,
    "missing child": _missing_child,
}
