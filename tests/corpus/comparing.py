"""`diff` on libvirt's own pairs of documents: silent on what libvirt makes of one, awake to each change.

A pair is a document, and what libvirt writes after it has read it. With any single leaf (an attribute or a
text) of the first changed, removed or added, something is wanted that is not there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from virtkit import model, tree
from virtkit.model import nodes, rules

from .domains import cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

FOLDERS = {
    "running domains": ("qemuxml2argvdata", "qemuxml2xmloutdata"),
    "domains of any driver": ("genericxml2xmlindata", "genericxml2xmloutdata"),
    "containers": ("lxcxml2xmldata", "lxcxml2xmloutdata"),
    "bhyve's domains": ("bhyvexml2argvdata", "bhyvexml2xmloutdata"),
    "networks": ("networkxml2xmlin", "networkxml2xmlout"),
    "pools": ("storagepoolxml2xmlin", "storagepoolxml2xmlout"),
    "volumes": ("storagevolxml2xmlin", "storagevolxml2xmlout"),
    "filters": ("nwfilterxml2xmlin", "nwfilterxml2xmlout"),
    "wrong filters": ("nwfilterxml2xmlin", "nwfilterxml2xmlout"),
    "snapshots": ("qemudomainsnapshotxml2xmlin", "qemudomainsnapshotxml2xmlout"),
    "checkpoints": ("qemudomaincheckpointxml2xmlin", "qemudomaincheckpointxml2xmlout"),
    "backups": ("domainbackupxml2xmlin", "domainbackupxml2xmlout"),
    "node devices": ("nodedevschemadata", "nodedevxml2xmlout"),
    "secrets": ("secretxml2xmlin", "secretxml2xmlin"),
    "interfaces": ("interfaceschemadata", "interfaceschemadata"),
    "filter bindings": ("virnwfilterbindingxml2xmldata", "virnwfilterbindingxml2xmldata"),
    "network ports": ("virnetworkportxml2xmldata", "virnetworkportxml2xmldata"),
}
"""Besides the domains of QEMU's test: where the documents lie, and what libvirt makes of them.

Wrong filters have values that libvirt leaves out without a word, as it does with no other documents: there a
difference is right.
"""
_SUFFIXES = ("", "-invalid", "-active")

BLIND = {
    "domain/@id": "a number of one run",
    "source/@index": "a number of one run",
    "backingStore/@index": "a number of one run",
    "disk/mirror": "a block job of one run",
    "source/@portid": "a port of one run",
    "target/@state": "whether a guest's agent is connected",
    "seclabel/imagelabel": "chosen anew at each start",
    "console/target/@port": "libvirt counts consoles anew",
    "pool/capacity": "measured",
    "pool/allocation": "measured",
    "pool/available": "measured",
    "device/freeExtent": "measured",
    "volume/allocation": "measured",
    "volume/source": "measured: where a volume lies in its group",
    "volume/key": "libvirt makes it",
    "target/timestamps": "measured",
    "capability/max_vports": "measured",
    "capability/vports": "measured",
    "domainsnapshot/state": "what it was when the snapshot was taken",
    "domainsnapshot/parent": "what it was when the snapshot was taken",
    "domainsnapshot/creationTime": "what it was when the snapshot was taken",
    "bootloader_args": "libvirt drops it where there is no bootloader",
}
"""What `diff` cannot see, as libvirt itself does not keep it: by the places, with all below them."""
UNSAID = {
    "@unit": "none is the usual unit",
    "@units": "none is the usual unit",
    "graphics/@autoport": "none is no",
    "network/@ipv6": "none is no",
    "network/@trustGuestRxFilters": "none is no",
    "permissions/owner": "none is -1",
    "permissions/group": "none is -1",
    "channel/source": "a socket that libvirt names",
}
"""Where saying nothing may be the same as saying something, so that what is added or removed is not seen."""


def is_blind(place: str, action: str) -> bool:
    """Whether a change at *place* cannot be seen."""
    steps = place.split("/")
    known = BLIND if action == "changed" else BLIND | UNSAID
    ends = {
        "/".join(steps[start:end])
        for end in range(1, len(steps) + 1)
        for start in range(max(end - 3, 0), end)
    }
    return not ends.isdisjoint(known)


class Pair(NamedTuple):
    """A document, and what libvirt makes of it."""

    name: str
    given: Path
    expected: Path


def families(source: Path) -> Iterator[tuple[str, list[Pair]]]:
    """Yield the pairs of each kind of documents."""
    yield "domains", [Pair(case.name, case.given, case.expected) for case in cases(source)]
    for kind, (given, made) in FOLDERS.items():
        yield kind, list(_pairs(source / "tests" / given, source / "tests" / made, kind))


def _pairs(given: Path, made: Path, kind: str) -> Iterator[Pair]:
    for expected in sorted(made.glob("*-active*.xml" if kind == "running domains" else "*.xml")):
        name = expected.stem.replace("bhyvexml2xmlout-", "bhyvexml2argv-").partition("-active")[0]
        found = [path for end in _SUFFIXES if (path := given / f"{name}{end}.xml").exists()]
        if found and (kind == "wrong filters") == (kind.endswith("filters") and "invalid" in found[0].stem):
            yield Pair(expected.stem, found[0], expected)


@dataclass
class Outcome:
    """What came of the pairs of one kind."""

    kind: str
    pairs: int = 0
    alarms: dict[str, list[str]] = field(default_factory=dict)
    tried: Counter[str] = field(default_factory=Counter)  # by what was done
    blind: Counter[str] = field(default_factory=Counter)  # and cannot be seen
    missed: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # and by place

    @property
    def silent(self) -> int:
        """Pairs without a difference."""
        return self.pairs - len(self.alarms)


# --- leaves


class Leaf(NamedTuple):
    """An attribute, or the text (no name)."""

    element: etree._Element
    name: str = ""

    @property
    def value(self) -> str:
        """What it says."""
        return self.element.get(self.name, "") if self.name else self.element.text or ""

    def set(self, value: str) -> None:
        """Make it say something else."""
        if self.name:
            self.element.set(self.name, value)
        else:
            self.element.text = value


def place_of(element: etree._Element, name: str = "") -> str:
    """The place as the rules know it."""
    above = element.getparent()
    here = nodes.tag(element)
    place = nodes.local(element) if above is None else rules.below(place_of(above), here)
    return f"{place}/@{name}" if name else place


def leaves(root: etree._Element) -> Iterator[Leaf]:
    """Yield each leaf."""
    for element in root.iter(etree.Element):
        yield from (Leaf(element, str(name)) for name in element.attrib)
        if not len(element) and (element.text or "").strip():
            yield Leaf(element)


class Words:
    """What the corpus says at each place: which attributes, children and values there are."""

    def __init__(self, documents: Iterable[etree._Element]) -> None:
        self.values: dict[str, dict[str, None]] = defaultdict(dict)
        self.attributes: dict[str, dict[str, None]] = defaultdict(dict)
        self.children: dict[str, dict[str, etree._Element]] = defaultdict(dict)
        for root in documents:
            for element in root.iter(etree.Element):
                place = place_of(element)
                for name, value in element.attrib.items():
                    self.attributes[place][str(name)] = None
                    self.values[f"{place}/@{name}"][str(value)] = None
                if not len(element) and (element.text or "").strip():
                    self.values[place][element.text or ""] = None
                above = element.getparent()
                if above is not None and not len(element):
                    self.children[place_of(above)].setdefault(nodes.tag(element), element)

    def other(self, place: str, value: str) -> str:
        """Another value for *place*: a word that is said elsewhere if there are few, or one like it."""
        if _NUMBER.fullmatch(value):
            return _next(value)
        if value in _FLIPPED:
            return _FLIPPED[value]
        known = [word for word in self.values.get(place, ()) if _WORD.fullmatch(word)]
        if value in known and 1 < len(known) <= _FEW:
            return known[(known.index(value) + 1) % len(known)]
        return f"{value[:-1]}{'1' if value[-1:] != '1' else '2'}"

    def new(self, place: str, taken: set[str]) -> str:
        """A value for *place* that is none of *taken*."""
        known = [value for value in self.values[place] if value not in taken]
        return known[0] if known else self.other("", next(iter(self.values[place])))


_NUMBER = re.compile(r"0x[0-9a-f]+|-?\d{1,18}", re.IGNORECASE)
_FLIPPED = {"yes": "no", "no": "yes", "on": "off", "off": "on"}
_WORD = re.compile(r"[a-z][a-z-]*")
_FEW = 12


def _next(value: str) -> str:
    if value[:2].lower() == "0x":
        return f"0x{int(value, 16) + 1:x}"
    return str(int(value) + 1)


# --- changes


def try_all(pair: Pair, words: Words, note: Callable[[str, str, bool], None]) -> None:
    """Change, remove and add one leaf at a time; *note* takes what was done, where, and if it was seen."""
    given, made = tree.parse(pair.given), tree.parse(pair.expected)
    twin = tree.parse(pair.given)
    for leaf, other in zip(list(leaves(given)), list(leaves(twin)), strict=True):
        place, value = place_of(*leaf), leaf.value
        leaf.set(words.other(place, value))
        note("changed", place, bool(model.diff(given, made)))
        leaf.set(value)
        if other.name:
            with_order = dict(other.element.attrib)
            del other.element.attrib[other.name]
            note("removed", place, bool(model.diff(given, twin)))
            other.element.attrib.clear()
            other.element.attrib.update(with_order)
        else:
            other.set("")
            note("removed", place, bool(model.diff(given, twin)))
            other.set(value)
    stated: dict[str, set[str]] = defaultdict(set)
    for element in made.iter(etree.Element):
        stated[place_of(element)].add(element.text or "")
        for name, value in element.attrib.items():
            stated[f"{place_of(element)}/@{name}"].add(str(value))
    for element in list(given.iter(etree.Element)):
        _add(element, words, stated, lambda place: note("added", place, bool(model.diff(given, made))))


def _add(
    element: etree._Element, words: Words, stated: dict[str, set[str]], check: Callable[[str], None]
) -> None:
    """Add to *element* an attribute and a child that others of its place have."""
    place = place_of(element)
    name = next((each for each in words.attributes[place] if each not in element.attrib), None)
    if name is not None:
        element.set(name, words.new(f"{place}/@{name}", stated.get(f"{place}/@{name}", set())))
        check(f"{place}/@{name}")
        del element.attrib[name]
    for tag, example in words.children[place].items():
        inside = rules.below(place, tag)
        if element.find(tag) is None and inside not in stated and (example.attrib or example.text):
            child = nodes.copy(example)
            element.append(child)
            check(inside)
            element.remove(child)
            break


def outcomes(source: Path, *, changes: bool = True) -> list[Outcome]:
    """Return what came of all pairs."""
    found = []
    for kind, pairs in families(source):
        outcome = Outcome(kind, len(pairs))
        words = Words(tree.parse(path) for pair in pairs for path in (pair.given, pair.expected))

        def note(action: str, place: str, seen: bool, outcome: Outcome = outcome) -> None:
            if is_blind(place, action):
                outcome.blind[action] += 1
                return
            outcome.tried[action] += 1
            if not seen:
                outcome.missed[action][place] += 1

        for pair in pairs:
            alarms = [str(each) for each in model.diff(pair.given, pair.expected)]
            if alarms:
                outcome.alarms[pair.name] = alarms
            elif changes:
                try_all(pair, words, note)
        found.append(outcome)
    return found


@dataclass
class Summary:
    """What came of all."""

    outcomes: list[Outcome]

    def of(self, kind: str) -> Outcome:
        """What came of one kind."""
        return next(each for each in self.outcomes if each.kind == kind)

    def share(self, action: str) -> float:
        """How many of the leaves that were so treated were seen."""
        missed = sum(sum(each.missed[action].values()) for each in self.outcomes)
        return 1 - missed / max(sum(each.tried[action] for each in self.outcomes), 1)

    def text(self) -> str:
        """Return all numbers, and what they are short of."""
        lines = ["pairs without a difference:"]
        for each in self.outcomes:
            lines.append(f"  {each.kind}: {each.silent} of {each.pairs}")
            lines += [f"    {name}: {'; '.join(alarms)}" for name, alarms in each.alarms.items()]
        for action in ("changed", "removed", "added"):
            tried = sum(each.tried[action] for each in self.outcomes)
            blind = sum(each.blind[action] for each in self.outcomes)
            lines.append(
                f"leaves {action}: {self.share(action):.2%} of {tried} seen, besides {blind} that cannot be"
            )
            missed = sum((each.missed[action] for each in self.outcomes), Counter())
            lines += [f"  {count:4} not seen: {place}" for place, count in missed.most_common()]
        lines += ["cannot be seen:", *(f"  {place}: {why}" for place, why in (BLIND | UNSAID).items())]
        return "\n".join(lines)


def unmerged(source: Path) -> Iterator[str]:
    """Yield what is wrong after one document was laid over another of its kind: it is there then."""
    for kind, pairs in families(source):
        documents = [pair.given for pair in pairs]
        for base, overlay in zip([*documents[1:], *documents[:1]], documents, strict=True):
            merged = model.merge(base, overlay)
            for each in model.diff(overlay, merged):
                yield f"{kind}: {overlay.stem} over {base.stem}: {each}"


def unequal(source: Path) -> Iterator[str]:
    """Yield what documents differ in from themselves, each: nothing."""
    for _, pairs in families(source):
        for path in {path for pair in pairs for path in (pair.given, pair.expected)}:
            yield from (f"{path.name}: {each}" for each in model.diff(path, path, extra=True))
