"""Title, description and the elements of other programs in a domain's document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.state.printing import drop_namespaces

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.state.document import Document

_PREFIX = re.compile(r"[^\W\d][\w.-]*\Z")
_START = re.compile(r'<[^\s/>]+(?:\s+xmlns(?::[^\s=]+)?="[^"]*")*')  # libxml2 prints namespaces first
_TEXTS = {c.VIR_DOMAIN_METADATA_DESCRIPTION: "description", c.VIR_DOMAIN_METADATA_TITLE: "title"}


class Change(Protocol):
    """Makes another document of one."""

    def __call__(self, document: Document, /) -> Document:
        """Return the changed document."""


def get(document: Document, kind: int, uri: str | None) -> str | None:
    """Return the title, the description, or the element of the namespace *uri*; None if there is none."""
    tree = document.tree()
    tag = _TEXTS.get(kind)
    if tag is not None:
        return tree.findtext(tag)
    found = _element(tree, uri)
    if found is None:
        return None
    from copy import deepcopy

    from lxml import etree as xml

    alone = deepcopy(found)
    alone.tail = None
    for element in alone.iter(xml.Element):  # libvirt gives it back without the namespace that was named
        if str(element.tag).startswith(f"{{{uri}}}"):
            element.tag = xml.QName(element).localname
    drop_namespaces(alone, {prefix for prefix, space in found.nsmap.items() if space == uri})
    bare = xml.XMLParser(remove_blank_text=True, recover=True)
    alone = xml.fromstring(xml.tostring(alone), bare)
    return str(xml.tostring(alone, encoding="unicode", pretty_print=True)).removesuffix("\n")


def _element(tree: etree._Element, uri: str | None) -> etree._Element | None:
    holder = tree.find("metadata")
    if holder is None or not uri:
        return None
    marker = f"{{{uri}}}"
    return next(
        (child for child in holder if isinstance(child.tag, str) and child.tag.startswith(marker)), None
    )


def change(kind: int, text: str | None, key: str | None, uri: str | None) -> Change:
    """Return what sets (or, with no *text*, removes) a title, a description or an element.

    Raises:
        libvirtError: *text* is no XML, or a title has several lines.
    """
    tag = _TEXTS.get(kind)
    if tag is not None:
        return _text_change(tag, text)
    element = None if text is None else _read(text)
    if element is not None:
        _check_prefix(element, key or "")

    def apply(tree: etree._Element) -> None:
        old = _element(tree, uri)
        if old is not None:
            parent = old.getparent()
            assert parent is not None  # noqa: S101
            parent.remove(old)
        if element is not None:
            _holder(tree).append(_namespaced(element, key or "", uri or ""))

    return lambda document: document.edited(apply, document.facts())


def _read(text: str) -> etree._Element:
    from virtkit.fake.reading import read_any

    return read_any(text, "(metadata_xml)", c.VIR_FROM_DOMAIN)


def _check_prefix(element: etree._Element, key: str) -> None:
    if not _PREFIX.match(key):
        message = "failed to validate prefix for a new XML namespace"
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_XML, message)
    if key in element.nsmap or key == "xml" or element.getprevious() is not None:  # it takes a comment for it
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_XML, "failed to create a new XML namespace")


def _namespaced(element: etree._Element, key: str, uri: str) -> etree._Element:
    """Return a copy of *element* with what is in no namespace in *uri*, which *key* stands for."""
    from xml.sax.saxutils import quoteattr

    from lxml import etree as xml

    text = xml.tostring(element, encoding="unicode", with_tail=False)
    if uri:
        start = _START.match(text)
        assert start is not None  # noqa: S101
        text = f"{start[0]} xmlns:{key}={quoteattr(uri)}{text[start.end() :]}"
    made = xml.fromstring(text, xml.XMLParser(recover=True))  # whatever the URI may be
    for each in made.iter(xml.Element):
        if uri and not str(each.tag).startswith("{"):
            each.tag = f"{{{uri}}}{each.tag!s}"
    return made


def _holder(tree: etree._Element) -> etree._Element:
    return _find_or_insert(tree, "metadata", ("description", "title", "genid", "uuid", "name"))


def _text_change(tag: str, text: str | None) -> Change:
    if tag == "title" and text and "\n" in text:
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN, "metadata title can't contain newlines")
    before = ("uuid", "name") if tag == "title" else ("title", "genid", "uuid", "name")

    def apply(tree: etree._Element) -> None:
        if not text:
            for old in tree.findall(tag):
                tree.remove(old)
        else:
            _find_or_insert(tree, tag, before).text = text

    return lambda document: document.edited(apply, document.facts())


def _find_or_insert(tree: etree._Element, tag: str, after: tuple[str, ...]) -> etree._Element:
    found = tree.find(tag)
    if found is None:
        found = tree.makeelement(tag, {})
        anchor = next((tree.find(each) for each in after if tree.find(each) is not None), None)
        tree.insert(0 if anchor is None else tree.index(anchor) + 1, found)
    return found
