"""Making hostile documents of good ones: in their bytes, in their tree, or in their values only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from virtkit import tree
from virtkit.model import nodes

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

VALUES = (
    "", " ", "\n\t", "0", "-1", "+1", "1.5", "1e999", "nan", "007", "1_0", "0x", "0x1f", "0X1F", "٣", "²",
    "4294967296", "18446744073709551615", "18446744073709551616", "-9223372036854775809", "9" * 5000,
    "0x" + "f" * 5000, "0-4294967295", "0-3,^2", "3-1", "-", ",", "^", "1,,2", "yes", "no", "on", "off",
    "true", "TRUE", "default", "none", "host", "qemu", "file", "network", "pci", "usb", "x" * 70_000,
    "'\"<>&", "]]>", "%s%n", "{0}", "{{ x }}", "\\", "../../etc/passwd", "/dev/zero", "\u2028", "\x85",
    "\U0010ffff", "e\u0301", "\ufeff", "00:00:00:00:00:00", "52:54:00:zz:00:01", "::1", "1.2.3.4", "q35",
    "b4d1b3d2-0000-0000-0000-00000000000", "KiB", "GB", "1GiB", "2012-01-01",
)  # fmt: skip
_TOKENS = (
    b"<", b">", b"/>", b"</", b"&", b";", b"'", b'"', b"=", b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\r",
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>", b"<?xml version='1.0'?>", b"<!DOCTYPE d>",
    b"<!DOCTYPE d SYSTEM '{secret}'>", b"<!DOCTYPE d [<!ENTITY x SYSTEM '{secret}'>]>", b"&x;", b"&amp;",
    b"<!ENTITY x 'y'>", b"&#0;", b"&#xD800;", b"&#10;", b"&#x110000;", b"xmlns='urn:x'", b"xmlns:a='urn:a'",
    b"xmlns:a=''", b"a:b='1'", b"<a:b/>", b"xml:base='{secret}'",
    b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{secret}' parse='text'/>",
    b"<?xml-stylesheet href='{secret}'?>",
    b"xsi:noNamespaceSchemaLocation='{secret}' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'",
    b"<?xml version='1.0' encoding='utf-16'?>", b"<?xml version='1.1' encoding='x'?>", b"\xef\xbb\xbf",
    b"\xff\xfe", b"<a>", b"</a>", b"<a/>", b"<metadata>", b"</domain>",
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-32", "latin-1", "ascii", "cp037", "utf-7", "gb18030",
              "shift_jis", "iso2022_jp", "hz", "idna", "punycode", "rot13", "unheard")  # fmt: skip


class Mutant(NamedTuple):
    """A document, and whether only values of the good one were changed: its children are what they were."""

    data: bytes
    values_only: bool = False


class Mutator:
    """Makes mutants of *documents*; *secret* is the address of a file that none of them may show."""

    def __init__(self, documents: Sequence[bytes], secret: str) -> None:
        self.documents = documents
        self._secret = secret.encode()
        self._trees: dict[bytes, list[etree._Element]] = {}

    def mutant(self, document: bytes, dice: random.Random) -> Mutant:
        """Change *document* in one of the three ways, a few times."""
        way = dice.choice((self._in_bytes, self._in_tree, self._in_tree, self._in_values))
        return way(document, dice)

    def _in_bytes(self, data: bytes, dice: random.Random) -> Mutant:
        for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
            data = dice.choice(_OF_BYTES)(self, data, dice)
        return Mutant(data)

    def _in_tree(self, data: bytes, dice: random.Random) -> Mutant:
        root = tree.parse(data)
        for _ in range(dice.choice((1, 1, 2, 3, 8, 20))):
            change = dice.choice(_OF_TREES)
            change(self, dice.choice(list(root.iter(etree.Element))), dice)
        return Mutant(etree.tostring(root))

    def _in_values(self, data: bytes, dice: random.Random) -> Mutant:
        root = tree.parse(data)
        for _ in range(dice.choice((1, 1, 1, 2, 4))):
            self._value(dice.choice(list(root.iter(etree.Element))), dice)
        return Mutant(etree.tostring(root), values_only=True)

    def another(self, dice: random.Random) -> etree._Element:
        """An element of another document."""
        document = dice.choice(self.documents)
        if document not in self._trees:
            self._trees[document] = list(tree.parse(document).iter(etree.Element))
        return dice.choice(self._trees[document])

    # --- bytes

    def _flip(self, data: bytes, dice: random.Random) -> bytes:
        at = dice.randrange(len(data) + 1)
        return data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]

    def _insert(self, data: bytes, dice: random.Random) -> bytes:
        at = dice.choice((0, len(data), dice.randrange(len(data) + 1), data.find(b">") + 1))
        count = dice.choice((1, 1, 1, 1, 2, 300, 10_000))
        return data[:at] + dice.choice(_TOKENS).replace(b"{secret}", self._secret) * count + data[at:]

    def _cut(self, data: bytes, dice: random.Random) -> bytes:
        start, end = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
        return data[:start] + data[end:] if dice.random() < 0.5 else data[:end]

    def _repeat(self, data: bytes, dice: random.Random) -> bytes:
        start = dice.randrange(len(data) + 1)
        end = min(len(data), start + dice.choice((1, 10, 100, 1000)))
        return data[:end] + data[start:end] * dice.choice((1, 2, 100)) + data[end:]

    def _splice(self, data: bytes, dice: random.Random) -> bytes:
        other = dice.choice(self.documents)
        return data[: dice.randrange(len(data) + 1)] + other[dice.randrange(len(other)) :]

    def _recode(self, data: bytes, dice: random.Random) -> bytes:
        declared, real = dice.choice(_ENCODINGS), dice.choice(_ENCODINGS)
        text = f"<?xml version='1.0' encoding='{declared}'?>" + data.decode(errors="replace")
        try:
            return text.encode(declared if dice.random() < 0.6 else real, "xmlcharrefreplace")
        except (LookupError, ValueError):
            return text.encode()

    # --- trees

    def _value(self, element: etree._Element, dice: random.Random) -> None:
        other = self.another(dice)
        value = dice.choice(
            [*dice.choices(VALUES, k=3), *map(str, other.attrib.values()), _text(other)[:1000]]
        )
        if element.attrib and dice.random() < 0.8:
            element.set(dice.choice(list(element.attrib)), value)
        elif not len(element):
            element.text = value

    def _rename(self, element: etree._Element, dice: random.Random) -> None:
        if element.getparent() is not None:
            element.tag = self.another(dice).tag

    def _attribute(self, element: etree._Element, dice: random.Random) -> None:
        for name, value in self.another(dice).attrib.items():
            element.set(name, value if dice.random() < 0.5 else dice.choice(VALUES))

    def _without(self, element: etree._Element, dice: random.Random) -> None:
        if element.attrib:
            del element.attrib[dice.choice(list(element.attrib))]

    def _remove(self, element: etree._Element, _: random.Random) -> None:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)

    def _duplicate(self, element: etree._Element, dice: random.Random) -> None:
        parent = element.getparent()
        if parent is not None:
            for _ in range(dice.choice((1, 1, 2, 5, 50 if len(element) < 50 else 1))):
                parent.insert(dice.randrange(len(parent) + 1), nodes.copy(element))

    def _move(self, element: etree._Element, dice: random.Random) -> None:
        target = dice.choice(list(element.getroottree().iter(etree.Element)))
        if element not in target.iterancestors() and element is not target:
            target.append(element)

    def _graft(self, element: etree._Element, dice: random.Random) -> None:
        element.insert(dice.randrange(len(element) + 1), nodes.copy(self.another(dice)))

    def _write_into(self, element: etree._Element, dice: random.Random) -> None:
        made = dice.choice((etree.Comment("x"), etree.ProcessingInstruction("x", "y"), etree.Element("b")))
        made.tail = dice.choice(VALUES)
        element.insert(dice.randrange(len(element) + 1), made)

    def _deepen(self, element: etree._Element, dice: random.Random) -> None:
        tag = dice.choice((element.tag, self.another(dice).tag))
        for _ in range(dice.choice((1, 10, 200))):
            element = etree.SubElement(element, tag)


def _text(element: etree._Element) -> str:
    return "" if len(element) else element.text or ""


_OF_BYTES: tuple[Callable[[Mutator, bytes, random.Random], bytes], ...] = (
    Mutator._flip,
    Mutator._flip,
    Mutator._insert,
    Mutator._insert,
    Mutator._cut,
    Mutator._repeat,
    Mutator._splice,
    Mutator._recode,
)
_OF_TREES: tuple[Callable[[Mutator, etree._Element, random.Random], None], ...] = (
    Mutator._value,
    Mutator._value,
    Mutator._rename,
    Mutator._attribute,
    Mutator._without,
    Mutator._remove,
    Mutator._duplicate,
    Mutator._move,
    Mutator._graft,
    Mutator._write_into,
    Mutator._deepen,
)
