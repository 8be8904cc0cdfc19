"""Documents that differ only in names: what one of them was found to be, the others are too.

Whoever makes many domains makes them of one text, with another name, UUID, MAC address or disk file in each.
Of these, where they are plain, nothing is asked when a domain is defined but whether two are the same. So
each is replaced by a mark, the same by the same; the text with marks is looked at once, and its marks are
found where what stood in their places belongs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from virtkit.fake.state.document import Facts

_LEAF = re.compile(
    r"<(?:name>(?P<name>[A-Za-z][A-Za-z0-9_-]*)(?=</name>)"
    r"|uuid>(?P<uuid>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?=</uuid>)"
    r"|mac address=(?P<mac_quote>['\"])(?P<mac>52:54:00(?::[0-9a-f]{2}){3})(?=(?P=mac_quote))"
    r"|source file=(?P<file_quote>['\"])(?P<file>/[A-Za-z0-9_./-]+)(?=(?P=file_quote)))"
)
_MARKS = {
    "name": "name-{}",
    "uuid": "ffffffff-ffff-4fff-8fff-{:012}",
    "mac": "52:54:00:ff:ff:{:02}",
    "file": "/file-{}",
}
_MOST = 100  # leaves: what the marks have room for
_READ_OTHERWISE = ("<sysinfo", "schemas/domain/test")  # a UUID is compared there, a state is set


class Likeness:
    """What is known of all documents that are alike but for their marks.

    Attributes:
        seen: whether one was defined before.
        known: the facts, with marks, and whether something in the document is to be drawn anew each time.
    """

    __slots__ = ("known", "seen")

    def __init__(self) -> None:
        self.seen = False
        self.known: tuple[Facts, bool] | None = None


class Marked(NamedTuple):
    """A document in which plain leaves are marks."""

    text: str
    leaves: dict[str, str]  # by their marks

    def unmarked(self, facts: Facts) -> Facts:
        """Return *facts* of the text with what stood in the marks' places."""
        leaves = self.leaves
        return facts._replace(
            name=leaves.get(facts.name, facts.name),
            uuid=leaves.get(facts.uuid, facts.uuid),
            disks=tuple([(target, leaves.get(path, path)) for target, path in facts.disks]),
        )


def mark(xml: str) -> Marked | None:
    """Return *xml* with marks, None if it is not to be compared with others."""
    if any(text in xml for text in _READ_OTHERWISE):
        return None
    marks: dict[tuple[str, str], str] = {}

    def marked(found: re.Match[str]) -> str:
        kind = found.lastgroup or ""
        leaf = found[kind]
        known = marks.setdefault((kind, leaf), _MARKS[kind].format(len(marks)))
        return found[0].removesuffix(leaf) + known

    text = _LEAF.sub(marked, xml)
    return Marked(text, {known: leaf for (_, leaf), known in marks.items()}) if len(marks) < _MOST else None


@lru_cache(maxsize=256)
def likeness(personality: str, text: str) -> Likeness:
    """Return what is known of documents that are *text* but for their marks."""
    return Likeness()
