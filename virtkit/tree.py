"""XML as trees: read safely, written as libvirt writes it, compared by meaning."""

from __future__ import annotations

import codecs
import os
import re
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from virtkit.errors import ParseError

Source: TypeAlias = "str | bytes | os.PathLike[str] | etree._Element"

LARGEST = 32 * 2**20
"""So many bytes are read at most, libvirt's own limit for a message; of another encoding than UTF-8, half."""
MOST_MARKUP = 500_000
"""So many tags and attributes are read at most, about: each costs a hundred times its size in memory."""

_PLACE = re.compile(r", line \d+, column \d+\Z")
_DOCTYPE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:[ \t\r\n]++|<\?(?>.*?\?>)|<!--(?>.*?-->))*+(<!DOCTYPE)", re.DOTALL
)
_DECLARED = re.compile(r"""<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_NOT_FOR_FILES = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
"""Python's encodings that are none of text in files; some take quadratic time."""


def _parser() -> etree.XMLParser:
    """A parser that reaches nothing outside, and reads UTF-8 whatever the document says of itself."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )


def parse(source: Source, what: str = "XML") -> etree._Element:
    """Return the root element of *source*, read with nothing that could reach outside of it.

    A document type (DTD), and with it entities, is refused; XInclude and network access do not happen. All
    blanks stay as they are.

    Args:
        source: the text (its declared encoding is of no account in a str), bytes in any declared encoding,
            a path, or an element, which is returned as it is.
        what: how the error calls it, such as ``"domain XML"``.

    Raises:
        ParseError: it is not well-formed, is larger than `LARGEST` or has more than `MOST_MARKUP`, is deeper
            than 256 levels, or has a document type.
        TypeError: *source* is something else.
        OSError: the file cannot be read.
    """
    if isinstance(source, etree._Element):
        return source
    if isinstance(source, os.PathLike):
        what = f"{what} in {os.fspath(source)}"
        with Path(source).open("rb") as file:
            source = file.read(LARGEST + 1)
    data: object = _encoded(source, what) if isinstance(source, str) else source
    if not isinstance(data, bytes):
        kind = type(data).__name__
        raise TypeError(
            f"{what} is text, bytes, a path or an element, not {kind}; render() makes text of specs"
        )
    if not isinstance(source, str):
        _measure(len(data), what)
        data = _in_utf8(data, what)
    return _read(data, what)


def _read(data: bytes, what: str) -> etree._Element:
    """Return the root element of *data*, which is UTF-8."""
    if data.count(b"<") + data.count(b"=") > MOST_MARKUP:
        raise ParseError(f"{what} is too large: it has more than {MOST_MARKUP} tags and attributes")
    doctype = _DOCTYPE.match(data)
    if doctype is not None:
        raise ParseError(
            f"{what} has a document type (DOCTYPE): libvirt documents have none, and it is refused",
            line=data.count(b"\n", 0, doctype.start(1)) + 1,
        )
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        where = f" at line {line}" if line else ""
        raise ParseError(f"{what} is not well-formed{where}: {_said(error)}", line=line) from error


def _said(error: etree.XMLSyntaxError) -> str:
    """Return libxml2's words without the line that it ends them with."""
    return _PLACE.sub("", error.msg or "") or "it is empty"


def _measure(size: int, what: str, most: int = LARGEST) -> None:
    if size > most:
        raise ParseError(f"{what} is too large: more than {most} bytes are not read")


def _encoded(text: str, what: str) -> bytes:
    _measure(len(text), what)
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise ParseError(
            f"{what} holds a lone surrogate at line {line}, which no XML can", line=line
        ) from error
    _measure(len(data), what)
    return data


def _in_utf8(data: bytes, what: str) -> bytes:
    """Return *data* in UTF-8: only so can what it holds be seen before it is parsed."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "") or _declared(data)
    if encoding.lower() in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return data
    _measure(len(data), what, LARGEST // 2)  # as Python's text it takes up to four times as much
    try:
        codec = codecs.lookup(encoding)
        text = "" if codec.name in _NOT_FOR_FILES else data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise ParseError(f"{what} is not well-formed: {error}") from error
    if codec.name in _NOT_FOR_FILES:
        raise ParseError(f"{what} is in {encoding}, which is no encoding of files")
    return _encoded(text, what)


def _declared(data: bytes) -> str:
    """The encoding that *data* says it has, or UTF-8."""
    start = data[:1024]
    for family in ("ascii", "cp037"):  # and what is like them in the letters of a declaration
        found = _DECLARED.match(start.decode(family, "replace"))
        if found is not None:
            return found[1]
    return "utf-8"


def tostring(element: etree._Element) -> str:
    """Return *element* as text, as it was read: nothing but a missing final newline is added."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return f"{text}\n"


def indent(element: etree._Element) -> etree._Element:
    """Lay *element* out with two spaces a level, in place, where it holds no mixed text; return it."""
    etree.indent(element, space="  ")
    return element


def equal(one: etree._Element, other: etree._Element) -> bool:
    """Return whether two elements mean the same to libvirt.

    Attribute order, comments, processing instructions and blank text between elements do not count.
    The order of children does, where they have the same name.
    """
    waiting = [(one, other)]
    while waiting:
        one, other = waiting.pop()
        if one.tag != other.tag or dict(one.attrib) != dict(other.attrib) or _text(one) != _text(other):
            return False
        mine, theirs = _by_tag(one), _by_tag(other)
        if mine.keys() != theirs.keys():
            return False
        for tag, children in mine.items():
            if len(children) != len(theirs[tag]):
                return False
            waiting += zip(children, theirs[tag], strict=True)
    return True


def _text(element: etree._Element) -> str:
    children = [child for child in element if isinstance(child.tag, str)]
    text = "".join([element.text or "", *[child.tail or "" for child in element]])
    return text if not children else text.strip(" \t\r\n")


def _by_tag(element: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(child.tag, []).append(child)
    return found
