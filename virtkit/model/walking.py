"""Holding a document against a schema's patterns, so that each fault is found where it is.

Order does not count: libvirt takes children in any. Of alternatives the one that explains most is taken.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from virtkit.errors import Problem
from virtkit.model import nodes, wording
from virtkit.model.datatypes import RANGES, fits
from virtkit.model.schemas import (
    ANY,
    Attribute,
    Choice,
    Data,
    Element,
    Group,
    Many,
    Pattern,
    Reference,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lxml import etree

MOST = 1000
"""So many problems of one document are told."""
_TEXT = "."
"""What stands for an element's text among the names of what it holds."""


Fault: TypeAlias = "Callable[[], Problem]"
"""A problem that is put into words only when it is told: most alternatives are not taken."""


class _Match(NamedTuple):
    """How well a pattern explains an element: what it uses up, and what is wrong or missing."""

    score: int
    used: frozenset[object]
    faults: tuple[Fault, ...]


_NOTHING = _Match(0, frozenset(), ())
_IMPOSSIBLE = _Match(-1000, frozenset(), ())


class Walker:
    """Finds the problems of one document."""

    def __init__(self) -> None:
        self._checked: dict[tuple[int, int], tuple[Fault, ...]] = {}
        self._there: dict[int, set[str]] = {}
        self._kept: list[object] = []

    def problems(self, root: etree._Element, roots: Sequence[Element]) -> list[Problem]:
        """What is wrong with *root*, if it is to be what one of *roots* says."""
        try:
            faults = min([self._check(root, each) for each in roots], key=len)
        except RecursionError:
            return [
                Problem(f"/{nodes.local(root)}", "it is nested too deeply to be checked", root.sourceline)
            ]
        problems = [fault() for fault in faults[:MOST]]
        if len(faults) > MOST:
            problems.append(Problem("", f"and {len(faults) - MOST} more"))
        return problems

    # --- one element

    def _check(self, element: etree._Element, pattern: Element) -> tuple[Fault, ...]:
        """What is wrong with *element* and all below it, if it is to be what *pattern* says."""
        if _takes_all(pattern):
            return ()
        key = (id(element), id(pattern))
        if key not in self._checked:
            self._kept.append(element)
            match = self._match(pattern.content, element, frozenset())
            self._checked[key] = (*match.faults, *self._left_over(element, pattern, match.used))
        return self._checked[key]

    def _left_over(
        self, element: etree._Element, pattern: Element, used: frozenset[object]
    ) -> Iterator[Fault]:
        known = _inside(pattern.content)
        for name, value in element.attrib.items():
            if f"@{name}" not in used:
                yield partial(_bad_attribute, element, str(name), str(value), known)
        for child in nodes.children(element):
            if child not in used:
                yield from self._bad_child(child, known)
        if _TEXT not in used and not nodes.is_blank(element.text):
            yield partial(_bad_text, element, known)

    def _bad_child(self, child: etree._Element, known: Sequence[Pattern]) -> Sequence[Fault]:
        same = [each for each in known if isinstance(each, Element) and each.name == child.tag]
        if not same:
            return [partial(_unknown_child, child, known)]
        text = f"this <{nodes.local(child)}> is one too many, or does not go with the rest"
        return min([self._check(child, each) for each in same], key=len) or [
            partial(wording.fault, child, text)
        ]

    # --- patterns

    def _match(self, pattern: Pattern, element: etree._Element, used: frozenset[object]) -> _Match:
        while isinstance(pattern, Reference):
            pattern = pattern.target
        if isinstance(pattern, Choice):
            return self._match_choice(pattern, element, used)
        if isinstance(pattern, Group):
            return self._match_group(pattern, element, used)
        if isinstance(pattern, Attribute):
            return self._match_attribute(pattern, element, used)
        if isinstance(pattern, Element):
            return self._match_child(pattern, element, used)
        if isinstance(pattern, Many):
            return self._match_many(pattern, element, used)
        return self._match_text(pattern, element)

    def _match_attribute(
        self, pattern: Attribute, element: etree._Element, used: frozenset[object]
    ) -> _Match:
        names = list(map(str, element.attrib)) if pattern.name == ANY else [pattern.name]
        name = next((name for name in names if f"@{name}" not in used and name in element.attrib), None)
        if name is None:
            return _Match(-1, frozenset(), (partial(_missing_attribute, element, pattern),))
        value = element.get(name, "")
        if fits(value, pattern.content):
            return _Match(2, frozenset({f"@{name}"}), ())
        fault = partial(_bad_attribute, element, name, value, [pattern])
        return _Match(-1, frozenset({f"@{name}"}), (fault,))

    def _match_child(self, pattern: Element, element: etree._Element, used: frozenset[object]) -> _Match:
        children = nodes.children(element) if pattern.name == ANY else element.findall(pattern.name)
        free = [child for child in children if child not in used]
        if not free:
            return _Match(-1, frozenset(), (partial(_missing_child, element, pattern),))
        child = next((each for each in free if not self._check(each, pattern)), free[0])
        faults = self._check(child, pattern)
        score = 2 if not faults else 1 if _may_be(pattern.content, child) else 0
        return _Match(score, frozenset({child}), faults)

    def _match_text(self, pattern: Pattern, element: etree._Element) -> _Match:
        text = "" if len(element) and nodes.is_blank(element.text) else element.text or ""
        if fits(text, pattern):
            return _Match(1 if text else 0, frozenset({_TEXT}), ())
        return _Match(-1, frozenset({_TEXT}), (partial(_bad_text, element, [pattern]),))

    def _match_group(self, pattern: Group, element: etree._Element, used: frozenset[object]) -> _Match:
        score, mine, faults = 0, set[object](), tuple[Fault, ...]()
        taken, present = used, self._present(element)
        for item, names in _items(pattern):
            if names is not None and present.isdisjoint(names):
                continue  # the most frequent case: what is optional is not there
            match = self._match(item, element, taken)
            score, faults = score + match.score, faults + match.faults
            mine |= match.used
            taken = used | mine
        return _Match(score, frozenset(mine), faults)

    def _match_choice(self, pattern: Choice, element: etree._Element, used: frozenset[object]) -> _Match:
        best = _IMPOSSIBLE
        likely = [item for item in pattern.items if _may_be(item, element)]
        for items in (likely, [item for item in pattern.items if item not in likely]):
            for item in items:
                match = self._match(item, element, used) if not _is_nothing(item) else _NOTHING
                if match.score > best.score or (
                    match.score == best.score and len(match.faults) < len(best.faults)
                ):
                    best = match
            if best.used and not best.faults:
                break
        if best is _IMPOSSIBLE:
            return _Match(-1, frozenset(), (partial(wording.fault, element, "nothing is allowed here"),))
        return self._with_all_values(pattern, element, best)

    def _with_all_values(self, pattern: Choice, element: etree._Element, best: _Match) -> _Match:
        """A fault of the text names what any of the alternatives allows."""
        if not best.faults or _TEXT not in best.used:
            return best
        return best._replace(faults=(partial(_bad_text, element, _inside(pattern)),))

    def _match_many(self, pattern: Many, element: etree._Element, used: frozenset[object]) -> _Match:
        alternatives = _elements_of(pattern.item)
        if alternatives is not None:
            match = self._match_all(alternatives, element, used)
        else:
            match = _NOTHING
            while True:
                step = self._match(pattern.item, element, used | match.used)
                if step.score <= 0 or step.used <= match.used:
                    break
                match = _Match(match.score + step.score, match.used | step.used, match.faults + step.faults)
        return match if match.used or not pattern.required else self._match(pattern.item, element, used)

    def _match_all(
        self, alternatives: Sequence[Element], element: etree._Element, used: frozenset[object]
    ) -> _Match:
        """All children that are one of *alternatives*: the common case of many devices, in one pass."""
        score, mine, faults = 0, set[object](), list[Fault]()
        for child in nodes.children(element):
            same = [each for each in alternatives if each.name in (child.tag, ANY)]
            if same and child not in used:
                found = min((self._check(child, each) for each in same), key=len)
                mine.add(child)
                faults.extend(found)
                score += 1 if found else 2
        return _Match(score, frozenset(mine), tuple(faults))

    def _present(self, element: etree._Element) -> set[str]:
        """What is there in *element*: names of attributes and children, and what matches any."""
        if id(element) not in self._there:
            self._kept.append(element)
            names = {f"@{name}" for name in element.attrib} | set(nodes.groups(element))
            self._there[id(element)] = names | {_TEXT, ANY, f"@{ANY}"}
        return self._there[id(element)]


# --- what is in a pattern; schemas live as long as the process, and so do these


@cache
def _elements_of(pattern: Pattern) -> tuple[Element, ...] | None:
    """The elements that *pattern* is a choice of, or None if it is something else."""
    match pattern:
        case Reference():
            return _elements_of(pattern.target)
        case Element():
            return (pattern,)
        case Choice():
            parts = [_elements_of(item) for item in pattern.items]
            return None if None in parts else tuple(each for part in parts if part for each in part)
    return None


@cache
def _takes_all(pattern: Element) -> bool:
    """Whether *pattern* takes whatever there is, as that of metadata does."""
    content = pattern.content.target if isinstance(pattern.content, Reference) else pattern.content
    parts = _inside(content)
    return (
        isinstance(content, Many)
        and pattern.name == ANY
        and pattern in parts
        and any(isinstance(each, Text) for each in parts)
        and any(isinstance(each, Attribute) and each.name == ANY for each in parts)
    )


def elements(pattern: Pattern, name: str) -> list[Element]:
    """The elements *name* that *pattern* speaks of, not those within another."""
    return [each for each in _inside(pattern) if isinstance(each, Element) and each.name in (name, ANY)]


@cache
def _inside(pattern: Pattern) -> tuple[Pattern, ...]:
    """The attributes, elements and texts in *pattern*, not those within an element."""
    return tuple(dict.fromkeys(_parts(pattern, frozenset())))


def _parts(pattern: Pattern, seen: frozenset[Pattern]) -> Iterator[Pattern]:
    match pattern:
        case Reference():
            target = pattern.target
            if target not in seen:
                yield from _parts(target, seen | {target})
        case Choice() | Group():
            for item in pattern.items:
                yield from _parts(item, seen)
        case Many():
            yield from _parts(pattern.item, seen)
        case _:
            yield pattern


@cache
def _names_in(pattern: Pattern) -> frozenset[str]:
    """What *pattern* speaks of: names of attributes and children, or the text."""
    return frozenset(
        f"@{each.name}" if isinstance(each, Attribute) else each.name if isinstance(each, Element) else _TEXT
        for each in _inside(pattern)
    )


def _may_be(pattern: Pattern, element: etree._Element) -> bool:
    """Whether the attributes that *pattern* demands at first sight are there: it saves most walks."""
    for name, content in _demanded(pattern):
        value = element.get(name)
        if value is None or not fits(value, content):
            return False
    return True


@cache
def _demanded(pattern: Pattern) -> tuple[tuple[str, Pattern], ...]:
    """The attributes that *pattern* demands at first sight, and what their values may be."""
    while isinstance(pattern, Reference):
        pattern = pattern.target
    items = pattern.items if isinstance(pattern, Group) else [pattern]
    named = [item for item in items if isinstance(item, Attribute) and item.name != ANY]
    return tuple((item.name, item.content) for item in named)


@cache
def _items(pattern: Group) -> tuple[tuple[Pattern, frozenset[str] | None], ...]:
    """What *pattern* is a group of, groups within it too; with what an optional one speaks of."""
    found: list[tuple[Pattern, frozenset[str] | None]] = []
    for item in pattern.items:
        while isinstance(item, Reference):
            item = item.target  # noqa: PLW2901
        if isinstance(item, Group):
            found += _items(item)
        else:
            found.append((item, _names_in(item) if _is_optional(item) else None))
    return tuple(found)


def _is_optional(pattern: Pattern) -> bool:
    """Whether *pattern* may be nothing."""
    if isinstance(pattern, Many):
        return not pattern.required
    return isinstance(pattern, Choice) and any(map(_is_nothing, pattern.items))


def _is_nothing(pattern: Pattern) -> bool:
    return isinstance(pattern, Group) and not pattern.items


# --- words


def _bad_text(element: etree._Element, known: Iterable[Pattern]) -> Problem:
    contents = [
        each for pattern in known for each in _inside(pattern) if isinstance(each, Value | Data | Text)
    ]
    text = "" if nodes.is_blank(element.text) else element.text or ""
    return wording.bad_value(element, text, *_allowed(contents))


def _missing_attribute(element: etree._Element, pattern: Attribute) -> Problem:
    allowed = wording.allowed(*_allowed(_inside(pattern.content)))
    return wording.fault(element, f"the attribute {pattern.name!r} is missing{allowed}")


def _missing_child(element: etree._Element, pattern: Element) -> Problem:
    return wording.fault(element, f"the element <{nodes.short(pattern.name)}> is missing")


def _unknown_child(child: etree._Element, known: Iterable[Pattern]) -> Problem:
    names = [each.name for each in known if isinstance(each, Element) and each.name != ANY]
    return wording.unknown_child(child, names)


def _bad_attribute(element: etree._Element, name: str, value: str, known: Sequence[Pattern]) -> Problem:
    attributes = [each for each in known if isinstance(each, Attribute)]
    same = [each for each in attributes if each.name == name]
    contents = [inside for each in same for inside in _inside(each.content)]
    if not same:
        names = [each.name for each in attributes if each.name != ANY]
        return wording.unknown_attribute(element, name, names)
    if any(fits(value, each) for each in contents):
        text = f"{name}={wording.quoted(value)} does not go with the rest of this <{nodes.local(element)}>"
        return wording.fault(element, text, f"/@{name}")
    return wording.bad_value(element, value, *_allowed(contents), f"/@{name}")


def _allowed(contents: Iterable[Pattern]) -> tuple[list[str], list[str]]:
    """The words that may stand there, and the types of other text."""
    contents = list(contents)
    words = [each.text for each in contents if isinstance(each, Value)]
    return words, [_described(each) for each in contents if isinstance(each, Data)]


def _described(data: Data) -> str:
    if data.patterns:
        return f"text like {data.patterns[0].pattern}"
    if data.smallest is not None and data.largest is not None:
        return f"a number from {data.smallest:g} to {data.largest:g}"
    return "a number" if data.type in RANGES else f"text ({data.type})"
