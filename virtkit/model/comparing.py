"""Comparing documents by intent: is all that one of them states true in the other?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from virtkit import tree
from virtkit.errors import DocumentError
from virtkit.model import identity, meanings, nodes, rules
from virtkit.model.circumstances import runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.model.identity import Identity
    from virtkit.model.rules import Rule
    from virtkit.model.views import View

    Document = tree.Source | View


_REMOVABLE = {
    "domain/devices": "disk interface filesystem hostdev redirdev shmem lease vsock tpm rng",
    "network": "ip route portgroup",
    "network/ip/dhcp": "range host",
    "network/dns": "forwarder txt srv host",
    "filter": "rule filterref",
}
"""What libvirt never adds by itself: one that is not stated was once asked for."""


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
        return " ".join(self._words().split())  # whatever the values hold, it is one line

    def _words(self) -> str:
        if self.kind == "missing" and not self.wanted:
            return f"{self.path}: missing"
        if self.kind == "missing":
            return f"{self.path}: {self.wanted} is wanted, and missing"
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
        raise DocumentError(f"a <{nodes.tag(one)}> cannot be compared with a <{nodes.tag(other)}>")
    name = nodes.local(one)
    found = list(_compare(name, name, one, other))
    if extra:
        for place, tags in _REMOVABLE.items():
            if place.partition("/")[0] == name:
                found += [each for tag in tags.split() for each in _extra(f"{place}/{tag}", one, other)]
    return found


def _root(document: Document, what: str) -> etree._Element:
    element = getattr(document, "element", None)
    return element if element is not None else tree.parse(document, what)  # type: ignore[arg-type]


def _compare(path: str, place: str, wanted: etree._Element, actual: etree._Element) -> Iterator[Difference]:
    """Compare two partners: *path* is what messages say, *place* what `rules` knows it by."""
    for name, value in wanted.attrib.items():
        yield from _leaf(f"{path}/@{name}", f"{place}/@{name}", (wanted, str(value)), actual, str(name))
    if not len(wanted):
        if not nodes.is_blank(wanted.text):
            yield from _leaf(path, place, (wanted, wanted.text or ""), actual)
        return
    theirs = nodes.groups(actual)
    for tag, elements in nodes.groups(wanted).items():
        inside = rules.below(place, tag)
        ignored = rules.at(inside).ignored
        stated = [each for each in elements if not ignored(each)] if ignored else elements
        if stated:
            yield from _group(f"{path}/{nodes.local(stated[0])}", inside, stated, theirs.get(tag, []), actual)


def _leaf(
    path: str, place: str, wanted: meanings.Value, actual: etree._Element, attribute: str = ""
) -> Iterator[Difference]:
    """Compare one value: an attribute, or the text."""
    element, value = wanted
    there = actual.get(attribute) if attribute else actual.text
    rule = rules.at(place)
    if there is None and rule.instead:
        there = actual.get(rule.instead)
    if there == value and not hasattr(rule.same, "beside"):  # where the unit is beside it, that counts too
        return
    if (attribute and rule.ignored and rule.ignored(element)) or (
        rule.live and (runs(actual) or runs(element))
    ):
        return
    if there is None or (nodes.is_blank(there) and not nodes.is_blank(value)):
        if not _may_be_absent(rule, wanted):
            yield Difference(path, rules.shown(place, element, value), None, "missing")
    elif not (rule.same or meanings.text)(wanted, (actual, there)):
        shown = rules.shown(place, actual, there)
        yield Difference(path, rules.shown(place, element, value), shown, "different")


def _may_be_absent(rule: Rule, wanted: meanings.Value) -> bool:
    """Whether a value means the same as none."""
    if rule.default is not None and (rule.same or meanings.text)(wanted, (wanted[0], rule.default)):
        return True
    return rule.absent is not None and rule.absent(wanted[0])


def _says_nothing(place: str, element: etree._Element) -> bool:
    """Whether the whole of *element* means the same as its absence."""
    rule = rules.at(place)
    if (rule.absent and rule.absent(element)) or (rule.ignored and rule.ignored(element)):
        return True
    children = nodes.children(element)
    text = not children and not nodes.is_blank(element.text)
    if not (element.attrib or children or text):
        return False  # that it is there is what it says
    if text and not _may_be_absent(rule, (element, element.text or "")):
        return False
    for name, value in element.attrib.items():
        beside = rules.at(f"{place}/@{name}")
        ignored = beside.ignored is not None and beside.ignored(element)
        if not ignored and not _may_be_absent(beside, (element, str(value))):
            return False
    return all(_says_nothing(rules.below(place, nodes.tag(child)), child) for child in children)


def _group(
    path: str,
    place: str,
    wanted: list[etree._Element],
    actual: list[etree._Element],
    parent: etree._Element,
) -> Iterator[Difference]:
    """Compare all elements of one name below one parent, which is the actual one."""
    rule = identity.of(nodes.tag(_parent(wanted[0])), nodes.tag(wanted[0]))
    if rule.listed:
        yield from _list(path, place, rule, wanted, actual)
        return
    each = rules.at(place).each
    if each is not None:
        wanted, actual = meanings.one_by_one(wanted, each), meanings.one_by_one(actual, each)
    many = len(wanted) > 1
    pairs = identity.pair(wanted, actual, rule, partial(_unlike, place))
    for number, (element, partner) in enumerate(pairs, 1):
        if partner is None:
            if not (_says_nothing(place, element) or (rules.at(place).live and runs(parent))):
                where = path + _label(rule, element, number if many else None)
                yield Difference(where, _summary(place, element), None, "missing")
        elif element.attrib or len(element) or element.text:
            where = path + _label(rule, element, number if many else None)
            yield from _compare(where, place, element, partner)


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return parent if parent is not None else element


def _list(
    path: str, place: str, rule: Identity, wanted: list[etree._Element], actual: list[etree._Element]
) -> Iterator[Difference]:
    """Compare a list: its order counts, and all of it, or that the wanted one is a run of the actual one."""
    one, other = ([_words(each) for each in elements] for elements in (wanted, actual))
    if one == other or (rule.listed == "append" and identity.contains(other, one)):
        return
    texts = (", ".join(_shown_words(place, each) for each in elements) for elements in (wanted, actual))
    yield Difference(path, next(texts), next(texts) or None, "different" if other else "missing")


def _words(element: etree._Element) -> str:
    return " ".join([*map(str, element.attrib.values()), element.text or ""]).strip()


def _shown_words(place: str, element: etree._Element) -> str:
    values = [rules.shown(f"{place}/@{name}", element, str(value)) for name, value in element.attrib.items()]
    return " ".join([*values, rules.shown(place, element, element.text or "")]).strip()


_DEEP = 3


def _unlike(place: str, one: etree._Element, other: etree._Element, deep: int = _DEEP) -> int:
    """How much of *one*, down to some depth, is otherwise in *other*."""
    count = sum(
        1
        for name, value in one.attrib.items()
        for _ in _leaf("", f"{place}/@{name}", (one, str(value)), other, str(name))
    )
    if not len(one):
        blank = nodes.is_blank(one.text)
        return count if blank else count + len(list(_leaf("", place, (one, one.text or ""), other)))
    theirs = nodes.groups(other) if deep else {}
    for tag, children in nodes.groups(one).items() if deep else ():
        inside = rules.below(place, tag)
        for child, partner in zip_longest(children, theirs.get(tag, [])[: len(children)]):
            count += 1 + len(child.attrib) if partner is None else _unlike(inside, child, partner, deep - 1)
    return count


def _label(rule: Identity, element: etree._Element, number: int | None) -> str:
    """What tells *element* from its like, in brackets: ``[vda]``."""
    for paths in rule.keys:
        values = [identity.value(element, path) for path in paths]
        if all(values):
            return f"[{' '.join(filter(None, values))}]"
    return f"[{number}]" if number is not None else ""


def _summary(place: str, element: etree._Element) -> str:
    """The start of *element* as it is written, without its secrets."""
    attributes = "".join(
        f" {name}='{rules.shown(f'{place}/@{name}', element, str(value))}'"
        for name, value in element.attrib.items()
    )
    text = "" if nodes.is_blank(element.text) or len(element) else (element.text or "").strip()
    name = nodes.local(element)
    return f"<{name}{attributes}>" + (f"{rules.shown(place, element, text)}</{name}>" if text else "")


def _extra(place: str, wanted: etree._Element, actual: etree._Element) -> Iterator[Difference]:
    """What *actual* has at *place*, and *wanted* does not."""
    below = place.partition("/")[2]
    stated, there = wanted.findall(below), actual.findall(below)
    rule = identity.of(*place.split("/")[-2:])
    partners = {id(partner) for _, partner in identity.pair(stated, there, rule, partial(_unlike, place))}
    for number, element in enumerate(there, 1):
        if id(element) not in partners:
            where = f"{place}{_label(rule, element, number)}"
            yield Difference(where, None, _summary(place, element), "extra")
