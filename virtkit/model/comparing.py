"""Comparing documents by intent: is all that one of them states true in the other?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from virtkit import tree
from virtkit.errors import DocumentError
from virtkit.model import identity, nodes, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.model.views import View

    Document = tree.Source | View

_REMOVABLE = (
    "disk",
    "interface",
    "filesystem",
    "hostdev",
    "redirdev",
    "shmem",
    "lease",
    "vsock",
    "tpm",
    "rng",
)
"""Devices that libvirt never adds by itself: one that is not stated was once asked for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it is wanted.

    Attributes:
        path: where, with a device's name in brackets: ``domain/devices/disk[vda]/driver/@cache``.
        wanted: the value that is wanted; None for something extra. A secret reads ``********``.
        actual: the value that is there; None if nothing is.
        kind: ``"missing"``: it is not there; ``"different"``: something else is;
            ``"extra"``: it is there and not wanted (only where `diff` was asked for that).
    """

    path: str
    wanted: str | None
    actual: str | None
    kind: Literal["missing", "different", "extra"]

    def __str__(self) -> str:
        if self.kind == "missing":
            return (
                f"{self.path}: {self.wanted} is wanted, and missing"
                if self.wanted
                else f"{self.path}: missing"
            )
        if self.kind == "extra":
            return f"{self.path}: there, and not wanted"
        return f"{self.path}: {self.wanted} is wanted, {self.actual} is there"


def diff(wanted: Document, actual: Document, *, extra: bool = False) -> list[Difference]:
    """Return what *wanted* states and *actual* does not have; nothing if all of it is there.

    What *actual* has besides is no difference: libvirt adds much by itself. Numbers and sizes count by their
    value (``1 GiB`` is ``1048576 KiB``, ``0x04`` is ``4``), a machine type's alias is each of its versions,
    and order counts only where libvirt gives it a meaning (``<boot>``). Elements are partners by
    `virtkit.model.identity`; what else is the same is the table `virtkit.model.rules`.

    Args:
        wanted: a document, or a view on one.
        actual: what exists, best as ``virDomainGetXMLDesc`` gives it with ``VIR_DOMAIN_XML_INACTIVE`` and
            ``VIR_DOMAIN_XML_SECURE``.
        extra: report also devices of *actual* that *wanted* does not have, of kinds that libvirt never adds.

    Raises:
        ParseError: one of them is not well-formed.
        DocumentError: they are documents of different kinds.
    """
    one, other = _root(wanted, "the wanted document"), _root(actual, "the actual document")
    if one.tag != other.tag:
        raise DocumentError(f"a <{nodes.local(one)}> cannot be compared with a <{nodes.local(other)}>")
    found = list(_compare(nodes.local(one), one, other))
    if extra:
        found += _extra(one, other)
    return found


def _root(document: Document, what: str) -> etree._Element:
    element = getattr(document, "element", None)
    return element if element is not None else tree.parse(document, what)  # type: ignore[arg-type]


def _compare(path: str, wanted: etree._Element, actual: etree._Element) -> Iterator[Difference]:
    for name, value in wanted.attrib.items():
        yield from _leaf(path, wanted, actual, f"@{name}", str(value))
    if not nodes.is_blank(wanted.text) and not len(wanted):
        yield from _leaf(path, wanted, actual, "", wanted.text or "")
    for tag, elements in nodes.groups(wanted).items():
        if not rules.is_ignored(wanted, tag):
            yield from _group(
                f"{path}/{nodes.local(elements[0])}", elements, [x for x in actual if x.tag == tag]
            )


def _leaf(
    path: str, wanted: etree._Element, actual: etree._Element, name: str, value: str
) -> Iterator[Difference]:
    """Compare one value: an attribute, or with the name ``""`` the text."""
    if rules.is_ignored(wanted, name):
        return
    there = actual.get(name[1:]) if name else actual.text
    if there is None or (not name and nodes.is_blank(there)):
        there = rules.default(wanted, name)
    where = f"{path}/{name}" if name else path
    shown = rules.shown(wanted, name, value)
    if there is None:
        if not rules.may_be_absent(wanted, name):
            yield Difference(where, shown, None, "missing")
    elif not rules.same(wanted, actual, name, value, there):
        yield Difference(where, shown, rules.shown(actual, name, there), "different")


def _group(path: str, wanted: list[etree._Element], actual: list[etree._Element]) -> Iterator[Difference]:
    """Compare all elements of one name below one parent."""
    if _is_list(wanted[0]):
        one, other = (
            [" ".join([*map(str, x.attrib.values()), x.text or ""]).strip() for x in xs]
            for xs in (wanted, actual)
        )
        if one != other:
            kind: Literal["different", "missing"] = "different" if other else "missing"
            yield Difference(path, ", ".join(one), ", ".join(other) or None, kind)
        return
    for number, (element, partner) in enumerate(identity.pair(wanted, actual, unlike=_unlike), 1):
        where = path + _label(element, number if len(wanted) > 1 else None)
        if partner is not None:
            yield from _compare(where, element, partner)
        elif not rules.may_be_absent(element, ""):
            yield Difference(where, _summary(element), None, "missing")


def _is_list(element: etree._Element) -> bool:
    parent = element.getparent()
    rule = identity.of(nodes.tag(parent) if parent is not None else "", nodes.tag(element))
    return rule is not None and rule.listed == "replace"


def _unlike(one: etree._Element, other: etree._Element) -> int:
    """How much of *one* is otherwise in *other*: its attributes, and those of its children."""
    count = sum(
        1
        for _ in (
            d for name, value in one.attrib.items() for d in _leaf("", one, other, f"@{name}", str(value))
        )
    )
    for child in nodes.children(one):
        partner = other.find(nodes.tag(child))
        if partner is None:
            count += 1
        else:
            count += sum(
                1
                for name, value in child.attrib.items()
                for _ in _leaf("", child, partner, f"@{name}", str(value))
            )
    return count


def _label(element: etree._Element, number: int | None) -> str:
    """What tells *element* from its like, in brackets: ``[vda]``."""
    parent = element.getparent()
    rule = identity.of(nodes.tag(parent) if parent is not None else "", nodes.tag(element))
    for paths in rule.keys if rule is not None else ():
        values = [identity.value(element, path) for path in paths]
        if all(values):
            return f"[{' '.join(filter(None, values))}]"
    return f"[{number}]" if number is not None else ""


def _summary(element: etree._Element) -> str:
    """The start of *element* as it is written, without its secrets."""
    attributes = "".join(
        f" {name}='{rules.shown(element, f'@{name}', str(value))}'" for name, value in element.attrib.items()
    )
    text = "" if nodes.is_blank(element.text) or len(element) else (element.text or "").strip()
    return f"<{nodes.local(element)}{attributes}>{rules.shown(element, '', text) if text else ''}"


def _extra(wanted: etree._Element, actual: etree._Element) -> Iterator[Difference]:
    mine, theirs = wanted.find("devices"), actual.find("devices")
    if theirs is None:
        return
    for tag in _REMOVABLE:
        stated = mine.findall(tag) if mine is not None else []
        partners = [partner for _, partner in identity.pair(stated, theirs.findall(tag), unlike=_unlike)]
        for number, device in enumerate(theirs.findall(tag), 1):
            if device not in partners:
                where = f"{nodes.local(actual)}/devices/{tag}{_label(device, number)}"
                yield Difference(where, None, _summary(device), "extra")
