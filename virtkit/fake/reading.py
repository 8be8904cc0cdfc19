"""Documents as libvirt's parser takes them, whatever they describe, with its words for faulty ones."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from lxml import etree

_SCHEMAS = Path("/usr/share/libvirt/schemas")
_UUID = re.compile(r"\s*(-*[0-9a-fA-F]{2}){16}\s*\Z")
_PLACE = re.compile(r", line \d+, column \d+.*\Z", re.DOTALL)


def read(xml: str, title: str, root: str, source: int, schema: str = "") -> etree._Element:
    """Return the tree of *xml*.

    Args:
        xml: what the caller gave.
        title: what libvirt calls such text in an error.
        root: the name that its root element must have; empty: any.
        source: the VIR_FROM_* of text that is no XML.
        schema: the file of libvirt's schema that the document must fit, checked where libvirt is installed.
    """
    tree = read_any(xml, f"({title})", source)
    if root and tree.tag != root:
        from lxml import etree

        message = f"expecting root element of '{root}', not '{etree.QName(tree).localname}'"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
    if schema:
        validate(tree, schema)
    return tree


def read_any(xml: str, title: str, source: int) -> etree._Element:
    """Return the tree of *xml*, whatever its root; *title*: as it stands in an error."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml.encode(), parser)
    except etree.XMLSyntaxError as error:
        _ill_formed(error, xml, title, source)


def _ill_formed(error: etree.XMLSyntaxError, xml: str, title: str, source: int) -> NoReturn:
    """Raise what is wrong, the line that it is in, and an arrow to the place."""
    line, column = error.position
    lines = xml.split("\n")
    shown = lines[line - 1] if xml and line <= len(lines) else ""
    arrow = "".join("\t" if byte == ord("\t") else "-" for byte in shown.encode()[: column - 1])
    what = _PLACE.sub("", str(error))
    message = f"{title}:{line}: {what}\n{shown or '(null)'}\n{arrow}^"
    fail(c.VIR_ERR_XML_DETAIL, source, message)


def validate(tree: etree._Element, schema: str) -> None:
    """Refuse a document that does not fit *schema*, if libvirt's schemas are installed here."""
    from lxml import etree

    path = _SCHEMAS / schema
    if not path.exists():
        return
    checker = etree.RelaxNG(file=str(path))
    if not checker.validate(tree):
        reasons = "".join(f"{entry.message}\n" for entry in checker.error_log)
        message = f"Unable to validate doc against {path}\n{reasons}"
        fail(c.VIR_ERR_XML_INVALID_SCHEMA, c.VIR_FROM_XML, message)


def text_of(tree: etree._Element, path: str) -> str | None:
    """Return all text of the first element at *path*, None if there is none or it is empty."""
    found = tree.find(path)
    return None if found is None else "".join(str(part) for part in found.itertext()) or None


def parse_uuid(text: str) -> str | None:
    """Return a UUID as libvirt writes it, None if *text* is not one."""
    return str(uuid.UUID(re.sub(r"[\s-]", "", text))) if _UUID.match(text) else None
