"""How a finding is put into words: where it is, what was found, what may have been meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from virtkit.errors import Problem
from virtkit.model import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

_LONGEST = 60
"""So many characters of what was found are shown, and words of so many are compared with what is allowed."""
_MOST = 20
"""So many of the allowed words are shown."""


def fault(element: etree._Element, message: str, below: str = "") -> Problem:
    """A problem of *element*, or of what is *below* it: ``/@cache``."""
    return Problem(f"{path(element)}{below}", message, element.sourceline)


def path(element: etree._Element) -> str:
    """Where *element* is: ``/domain/devices/disk[2]``."""
    steps = []
    above: etree._Element | None = element
    while above is not None:
        steps.append(f"/{cut(nodes.short(nodes.tag(above)))}{_number(above)}")
        above = above.getparent()
    return "".join(reversed(steps))


def _number(element: etree._Element) -> str:
    """Which of its name *element* is, if there are several."""
    before = sum(1 for _ in element.itersiblings(nodes.tag(element), preceding=True))
    alone = not before and next(element.itersiblings(nodes.tag(element)), None) is None
    return "" if alone or element.getparent() is None else f"[{before + 1}]"


def cut(text: str) -> str:
    """*text*, or the start of it if it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def quoted(text: str) -> str:
    """*text* between quotes: the start of it, in one line."""
    short = text[: _LONGEST * 2]
    return repr(cut(" ".join(short.split())))


def unknown_child(child: etree._Element, known: Iterable[str]) -> Problem:
    """There is no such element, but there are *known* ones."""
    meant = did_you_mean(nodes.local(child), map(nodes.short, known))
    return fault(child, f"there is no element <{cut(nodes.local(child))}> here{meant}")


def unknown_attribute(element: etree._Element, name: str, known: Iterable[str]) -> Problem:
    """There is no such attribute, but there are *known* ones."""
    meant = did_you_mean(name, known)
    return fault(element, f"there is no attribute {quoted(name)} here{meant}", f"/@{cut(name)}")


def bad_value(
    element: etree._Element, text: str, words: Iterable[str], types: Iterable[str] = (), below: str = ""
) -> Problem:
    """*text* is none of *words*, and of none of *types*."""
    said = f"{quoted(text)} is not allowed" if text else "a value is missing"
    return fault(element, f"{said}{allowed(words, types, text)}", below)


def allowed(words: Iterable[str], types: Iterable[str] = (), text: str = "") -> str:
    """What may stand there, for the end of a message."""
    words = sorted(set(words))
    meant = did_you_mean(text, words) if text else ""
    options = [*words[:_MOST], *(["..."] if len(words) > _MOST else []), *sorted(set(types))]
    return f"{meant}; allowed: {', '.join(options)}" if options else meant


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Which of *known* may have been meant, for the end of a message."""
    if len(name) > _LONGEST:
        return ""
    near = difflib.get_close_matches(name, sorted(set(known)), 1)
    return f"; did you mean {near[0]!r}?" if near else ""
