"""XML as libvirt prints it: single quotes, two spaces a level, one element a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from lxml import etree

_ALWAYS_OPEN = frozenset({"devices", "redirdev"})


def print_xml(root: etree._Element, always_open: frozenset[str] = _ALWAYS_OPEN) -> str:
    """Return *root* as text, laid out as libvirt does; *always_open*: tags that end apart even when empty."""
    lines: list[str] = []
    _element(root, "", lines, {}, always_open)
    return "\n".join(lines) + "\n"


def _element(
    element: etree._Element,
    indent: str,
    lines: list[str],
    known: dict[str | None, str],
    always_open: frozenset[str],
) -> None:
    tag, scope = _name(str(element.tag), element.nsmap or {}, element.prefix), known
    if tag == "metadata":
        lines.append(_metadata(element, indent))
        return
    head = f"{indent}<{tag}{_attributes(element, known)}"
    if element.nsmap and element.nsmap != known:
        scope = dict(element.nsmap)
    children = [child for child in element if isinstance(child.tag, str)]
    text = element.text or ""
    if not children:
        if text.strip() or (text and not _ends_line(text)):
            lines.append(f"{head}>{quote(text)}</{tag}>")
        elif element.tag in always_open:
            lines.extend((f"{head}>", f"{indent}</{tag}>"))
        else:
            lines.append(f"{head}/>")
        return
    if text.strip():  # text before the children stays where it is
        lines.append(f"{head}>{quote(text.strip())}")
    else:
        lines.append(f"{head}>")
    deeper = f"{indent}  "
    for child in children:
        _element(child, deeper, lines, scope, always_open)
        if child.tail and child.tail.strip():
            lines.append(f"{deeper}{quote(child.tail.strip())}")
    lines.append(f"{indent}</{tag}>")


def _metadata(element: etree._Element, indent: str) -> str:
    """Return other programs' elements, one of each namespace, as libxml2 lays them out."""
    from lxml import etree

    bare = etree.XMLParser(remove_blank_text=True, remove_comments=True, resolve_entities=False, recover=True)
    whole = etree.fromstring(etree.tostring(element, with_tail=False), bare)
    spaces: set[str | None] = set()
    for child in list(whole):
        space = etree.QName(child).namespace
        if space is None or space in spaces:
            whole.remove(child)
        spaces.add(space)
    if not len(whole):
        return f"{indent}<metadata/>"
    whole.text = None
    for _ in range(len(indent) // 2):  # so that it is as deep as it will stand
        outer = etree.Element("outer")
        outer.append(whole)
        whole = outer
    drop_namespaces(whole, set(element.nsmap))
    lines = etree.tostring(whole, encoding="unicode", pretty_print=True).splitlines()
    depth = len(indent) // 2
    return "\n".join(lines[depth : len(lines) - depth])


def drop_namespaces(element: etree._Element, prefixes: Collection[str | None]) -> None:
    """Take the namespaces called *prefixes* off *element*, as far as nothing in it is in them."""
    from lxml import etree

    named = {prefix for each in element.iter(etree.Element) for prefix in each.nsmap}
    etree.cleanup_namespaces(element, keep_ns_prefixes=[it for it in named if it and it not in prefixes])


def _ends_line(text: str) -> bool:
    return "\n" in text


def _name(tag: str, spaces: dict[str | None, str], prefix: str | None) -> str:
    if not tag.startswith("{"):
        return tag
    space, local = tag[1:].split("}", 1)
    if prefix is None:
        prefix = next((p for p, uri in spaces.items() if uri == space and p), None)
    return f"{prefix}:{local}" if prefix else local


def _attributes(element: etree._Element, known: dict[str | None, str]) -> str:
    spaces = element.nsmap or {}
    parts = [
        f" {_name(str(name), spaces, None)}='{quote(str(value))}'" for name, value in element.attrib.items()
    ]
    for prefix, uri in spaces.items():
        if known.get(prefix) != uri:
            parts.append(f" xmlns:{prefix}='{quote(uri)}'" if prefix else f" xmlns='{quote(uri)}'")
    return "".join(parts)


_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", '"': "&quot;"})


def quote(text: str) -> str:
    """Return *text* as it stands in an attribute or a text: what ends a line stays as it is."""
    return text.translate(_ESCAPED)
