"""libvirt's RELAX NG schemas, read into patterns that can be asked questions.

Only what libvirt's schemas use is known: no lists, no mixed content.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeAlias

from lxml import etree

FOLDERS = (Path("/usr/share/libvirt/schemas"), Path("/usr/local/share/libvirt/schemas"))
FILES = {
    "capabilities": "capability",
    "domainCapabilities": "domaincaps",
    "filter": "nwfilter",
    "filterbinding": "nwfilterbinding",
    "device": "nodedev",
    "pool": "storagepool",
    "storagepoolCapabilities": "storagepoolcaps",
    "volume": "storagevol",
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_VERSION = re.compile(r"^\s*version: '(\d+\.\d+\.\d+)'", re.MULTILINE)
_RNG = "{http://relaxng.org/ns/structure/1.0}"

ANY = "*"
"""The name of elements and attributes that may have any."""


@dataclass(slots=True, eq=False)
class Text:
    """Any text."""


@dataclass(slots=True, eq=False)
class Value:
    """One word."""

    text: str


@dataclass(slots=True, eq=False)
class Data:
    """Text of a type, within bounds."""

    type: str
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    smallest: float | None = None
    largest: float | None = None
    longest: int | None = None
    exceptions: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Attribute:
    """An attribute, and what its value may be."""

    name: str
    content: Pattern


@dataclass(slots=True, eq=False)
class Element:
    """An element, and what it may hold."""

    name: str
    content: Pattern


@dataclass(slots=True, eq=False)
class Choice:
    """One of several; without any, nothing is allowed."""

    items: list[Pattern]


@dataclass(slots=True, eq=False)
class Group:
    """All of several, in any order; none is the empty pattern."""

    items: list[Pattern]


@dataclass(slots=True, eq=False)
class Many:
    """Any number of one, or at least one."""

    item: Pattern
    required: bool


@dataclass(slots=True, eq=False)
class Reference:
    """A pattern by its name."""

    name: str
    grammar: dict[str, Pattern]

    @property
    def target(self) -> Pattern:
        """The pattern."""
        return self.grammar[self.name]


Pattern: TypeAlias = "Text | Value | Data | Attribute | Element | Choice | Group | Many | Reference"


def schema_path(root: str) -> Path | None:
    """The file of libvirt's schema for documents with this *root* element, or None if it is not installed.

    ``VIRTKIT_SCHEMAS`` names a folder to look in first.
    """
    if not _NAME.fullmatch(root):
        return None
    first = os.environ.get("VIRTKIT_SCHEMAS")
    for folder in (*([Path(first)] if first else []), *FOLDERS):
        path = folder / f"{FILES.get(root, root)}.rng"
        if path.is_file():
            return path
    return None


@cache
def version(folder: Path) -> str | None:
    """The version of the libvirt whose schemas are in *folder*, if the files around it tell.

    Schemas do not say it. But the library is installed beside them with its version in its name, and in
    libvirt's source the build file has it.
    """
    for build in (above / "meson.build" for above in folder.resolve().parents[:4]):
        found = _VERSION.search(build.read_text(errors="replace")) if build.is_file() else None
        if found is not None:
            return found[1]
    prefix = folder.parent.parent.parent  # of PREFIX/share/libvirt/schemas
    for pattern in ("lib*/libvirt.so.0.*.*", "lib*/*/libvirt.so.0.*.*"):
        for library in sorted(prefix.glob(pattern)):
            numbers = library.name.removeprefix("libvirt.so.0.").split(".")
            if len(numbers) == 2 and all(map(str.isdecimal, numbers)):
                return f"{int(numbers[0]) // 1000}.{int(numbers[0]) % 1000}.{numbers[1]}"
    return None


def name(folder: Path) -> str:
    """What the schemas in *folder* are called."""
    found = version(folder)
    return f"libvirt {found}'s schema" if found else f"the schema in {folder}, of an unknown libvirt"


@cache
def load(path: Path) -> Pattern:
    """The start pattern of the schema in the file *path*, which takes nothing if it has none; read once."""
    grammar: dict[str, Pattern] = {}
    _Reader(grammar).read_file(path)
    return grammar.get("start", Choice([]))


class _Reader:
    """Reads a schema and what it includes into one grammar; what comes first overrides."""

    def __init__(self, grammar: dict[str, Pattern]) -> None:
        self.grammar = grammar
        self.seen: set[Path] = set()
        self.file = Path()

    def read_file(self, path: Path) -> None:
        if path in self.seen:
            return
        self.seen.add(path)
        self.read_definitions(etree.parse(os.fspath(path)).getroot(), path)

    def read_definitions(self, root: etree._Element, path: Path) -> None:
        """A grammar or an include: its own definitions before those of the files that it includes."""
        inherited = dict(self.grammar)
        self.file = path
        for node in root.iterchildren(f"{_RNG}define", f"{_RNG}start"):
            name = node.get("name", "start")
            if name in inherited:
                continue
            pattern = self._group(node)
            present = self.grammar.get(name)
            self.grammar[name] = pattern if present is None else Choice([present, pattern])
        for node in root.iterchildren(f"{_RNG}include"):
            self.read_definitions(node, path)
            self.read_file(path.parent / node.get("href", ""))

    def _group(self, node: etree._Element) -> Pattern:
        items = [self._pattern(child) for child in node.iterchildren(f"{_RNG}*") if not _is_name(child)]
        return items[0] if len(items) == 1 else Group(items)

    def _pattern(self, node: etree._Element) -> Pattern:
        kind = str(node.tag).removeprefix(_RNG)
        make = getattr(self, f"_read_{kind}", None)
        pattern: Pattern = make(node) if make is not None else self._group(node)  # group, interleave, empty
        return pattern

    def _read_element(self, node: etree._Element) -> Pattern:
        return Element(_name(node), self._group(node))

    def _read_attribute(self, node: etree._Element) -> Pattern:
        content = self._group(node)
        is_bare = not any(not _is_name(child) for child in node.iterchildren(f"{_RNG}*"))
        return Attribute(_name(node), Text() if is_bare else content)

    def _read_ref(self, node: etree._Element) -> Pattern:
        return Reference(node.get("name", ""), self.grammar)

    def _read_grammar(self, node: etree._Element) -> Pattern:
        """A grammar within this one, whose names are its own: the domain in a snapshot."""
        grammar: dict[str, Pattern] = {}
        _Reader(grammar).read_definitions(node, self.file)
        return Reference("start", grammar)

    def _read_choice(self, node: etree._Element) -> Pattern:
        return Choice([self._pattern(child) for child in node.iterchildren(f"{_RNG}*")])

    def _read_optional(self, node: etree._Element) -> Pattern:
        return Choice([self._group(node), Group([])])

    def _read_zeroOrMore(self, node: etree._Element) -> Pattern:  # noqa: N802  RELAX NG's own name
        return Many(self._group(node), required=False)

    def _read_oneOrMore(self, node: etree._Element) -> Pattern:  # noqa: N802
        return Many(self._group(node), required=True)

    def _read_text(self, _: etree._Element) -> Pattern:
        return Text()

    def _read_value(self, node: etree._Element) -> Pattern:
        return Value(" ".join((node.text or "").split()))

    def _read_data(self, node: etree._Element) -> Pattern:
        return _data(node)

    def _read_notAllowed(self, _: etree._Element) -> Pattern:  # noqa: N802
        return Choice([])


def _is_name(node: etree._Element) -> bool:
    return node.tag in (f"{_RNG}name", f"{_RNG}anyName", f"{_RNG}nsName")


def _name(node: etree._Element) -> str:
    name = node.get("name") or node.findtext(f"{_RNG}name")
    if name is None:
        return ANY
    if node.tag == f"{_RNG}attribute":
        return name
    above = [node, *node.iterancestors()]
    namespace = next((each.get("ns") for each in above if each.get("ns") is not None), None)
    return f"{{{namespace}}}{name}" if namespace else name


def _data(node: etree._Element) -> Data:
    data = Data(node.get("type", "string"))
    for param in node.iterchildren(f"{_RNG}param"):
        text = param.text or ""
        match param.get("name"):
            case "pattern":
                data.patterns.append(re.compile(re.sub(r"(?<!\\)\$", r"\$", text.strip())))
            case "minInclusive":
                data.smallest = float(text)
            case "maxInclusive":
                data.largest = float(text)
            case "maxLength":
                data.longest = int(text)
    data.exceptions = tuple(each.text or "" for each in node.iterfind(f"{_RNG}except//{_RNG}value"))
    return data
