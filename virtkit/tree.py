"""XML as trees: read safely, written as libvirt writes it, compared by meaning."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from virtkit.errors import ParseError

Source: TypeAlias = "str | bytes | os.PathLike[str] | etree._Element"

_LARGEST = 32 * 2**20  # libvirt's own limit for one message
_PLACE = re.compile(r", line \d+, column \d+\Z")
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*\?>")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )


def parse(source: Source, what: str = "XML") -> etree._Element:
    """Return the root element of *source*, read with nothing that could reach outside of it.

    A DTD, entities, XInclude and network access are refused or ignored.

    Args:
        source: the text (its declared encoding is of no account in a str), bytes in any declared encoding,
            a path, or an element, which is returned as it is.
        what: how the error calls it, such as ``"domain XML"``.

    Raises:
        ParseError: it is not well-formed, too large, too deep, or has a document type.
        TypeError: *source* is something else.
        OSError: the file cannot be read.
    """
    if isinstance(source, etree._Element):
        return source
    if isinstance(source, os.PathLike):
        what = f"{what} in {os.fspath(source)}"
        source = Path(source).read_bytes()
    data: object = _encoded(source, what) if isinstance(source, str) else source
    if not isinstance(data, bytes):
        kind = type(data).__name__
        raise TypeError(
            f"{what} is text, bytes, a path or an element, not {kind}; render() makes text of specs"
        )
    if len(data) > _LARGEST:
        raise ParseError(f"{what} has {len(data)} bytes; libvirt takes {_LARGEST} at most")
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        where = f" at line {line}" if line else ""
        raise ParseError(f"{what} is not well-formed{where}: {_said(error)}", line=line) from error
    except (ValueError, LookupError) as error:
        raise ParseError(f"{what} is not well-formed: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise ParseError(
            f"{what} has a document type (DOCTYPE): libvirt documents have none, and it is refused"
        )
    return root


def _said(error: etree.XMLSyntaxError) -> str:
    """Return libxml2's words without the line that it ends them with."""
    return _PLACE.sub("", error.msg or "") or "it is empty"


def _encoded(text: str, what: str) -> bytes:
    try:
        return _DECLARED.sub("", text, count=1).encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise ParseError(
            f"{what} holds a lone surrogate at line {line}, which no XML can", line=line
        ) from error


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
    if one.tag != other.tag or dict(one.attrib) != dict(other.attrib):
        return False
    if _text(one) != _text(other):
        return False
    mine, theirs = _by_tag(one), _by_tag(other)
    if mine.keys() != theirs.keys():
        return False
    return all(len(mine[tag]) == len(theirs[tag]) and all(map(equal, mine[tag], theirs[tag])) for tag in mine)


def _text(element: etree._Element) -> str:
    children = [child for child in element if isinstance(child.tag, str)]
    text = "".join([element.text or "", *[child.tail or "" for child in element]])
    return text if not children else text.strip()


def _by_tag(element: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(child.tag, []).append(child)
    return found
