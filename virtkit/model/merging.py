"""Laying one document over another: ``xml:`` overlays, and what a redefinition keeps."""

from __future__ import annotations

from lxml import etree

from virtkit import tree
from virtkit.errors import DocumentError
from virtkit.model import identity, nodes, order, rules
from virtkit.model.meanings import one_by_one

NAMESPACE = "https://virtkit.dev/xmlns/1"
"""The XML namespace of virtkit's own attributes and metadata, customary prefix ``virtkit``."""

_PREFIX = f"{{{NAMESPACE}}}"
REMOVE, REPLACE, ADD, UNSET = (f"{_PREFIX}{word}" for word in ("remove", "replace", "add", "unset"))
_SECOND_ROOT = "the overlay is a <{overlay}>, and is laid over a <{base}>: both have to be of one kind"


def merge(base: tree.Source, overlay: tree.Source) -> str:
    """Return *base* with *overlay* laid over it, as text.

    Elements that are the same thing (see `virtkit.model.identity`: a disk by its target, an interface by
    its MAC address, most by their name) become one: attributes and text of the overlay win, children are
    merged in the same way. What the base does not have is added where libvirt would write it. ``<boot>``
    devices and ``<initarg>`` are lists: the overlay's replace the base's. ``qemu:arg`` are added, once. So
    ``merge(x, x)`` is ``x``.

    In the overlay, with ``xmlns:virtkit='https://virtkit.dev/xmlns/1'``:

    - ``virtkit:remove='yes'`` removes the element; that it is not there is no error;
    - ``virtkit:replace='yes'`` puts the overlay's element in its place whole;
    - ``virtkit:add='yes'`` adds it, whatever is there already;
    - ``virtkit:unset='cache io'`` removes these attributes.

    Namespaces are kept. Neither argument is changed.

    Raises:
        ParseError: one of them is not well-formed.
        DocumentError: they have different roots, or the root is to be removed.
    """
    result = nodes.copy(tree.parse(base, "the base document"))
    merge_into(result, tree.parse(overlay, "the overlay"))
    etree.cleanup_namespaces(result, keep_ns_prefixes=_prefixes(result))
    return tree.tostring(tree.indent(result))


def merge_into(base: etree._Element, overlay: etree._Element) -> None:
    """Lay *overlay* over *base* in place: `merge` for trees. *overlay* stays as it is."""
    if base.tag != overlay.tag:
        raise DocumentError(_SECOND_ROOT.format(overlay=nodes.tag(overlay), base=nodes.tag(base)))
    if _is(overlay, REMOVE):
        raise DocumentError(f"the overlay removes <{nodes.local(overlay)}>, which is the whole document")
    _merge(base, overlay)


def _merge(base: etree._Element, overlay: etree._Element) -> None:
    _drop_units(base, overlay)
    for name, value in overlay.attrib.items():
        if not str(name).startswith(_PREFIX):
            base.set(name, value)
    for name in overlay.get(UNSET, "").split():
        base.attrib.pop(name, None)
    if overlay.text and overlay.text.strip():
        base.text = overlay.text
    for tag, elements in nodes.groups(overlay).items():
        _merge_group(base, tag, elements)


def _drop_units(base: etree._Element, overlay: etree._Element) -> None:
    """Take the unit from a number that gets another (without one it is in the usual unit), and its rival."""
    here = rules.below(_tag(base.getparent()), nodes.tag(base))
    places = {name: f"{here}/@{name}" for name in map(str, overlay.attrib)}
    if not nodes.is_blank(overlay.text):
        places[""] = here
    for place in places.values():
        rule = rules.at(place)
        for other in (getattr(rule.same, "beside", None), rule.instead):
            if other is not None and other not in overlay.attrib:
                base.attrib.pop(other, None)


def _tag(element: etree._Element | None) -> str:
    return nodes.tag(element) if element is not None else ""


def _merge_group(base: etree._Element, tag: str, elements: list[etree._Element]) -> None:
    present = [child for child in base if child.tag == tag]
    rule = identity.of(nodes.tag(base), tag)
    if rule.listed:
        _merge_list(base, present, elements, replace=rule.listed == "replace")
        return
    added = [element for element in elements if _is(element, ADD)]
    stated = [element for element in elements if not _is(element, ADD)]
    sets = rules.at(rules.below(nodes.tag(base), tag)).each
    if sets is not None and {each.get(sets) for each in stated} - {each.get(sets) for each in present}:
        stated, present = one_by_one(stated, sets), _spread(base, present, sets)
    for element, partner in identity.pair(stated, present, rule):
        if partner is None:
            if not _is(element, REMOVE):
                order.place(base, _cleaned(element))
        elif _is(element, REMOVE):
            order.remove(partner)
        elif _is(element, REPLACE):
            _replace(partner, _cleaned(element))
        else:
            _merge(partner, element)
    for element in added:
        order.place(base, _cleaned(element))


def _spread(base: etree._Element, present: list[etree._Element], sets: str) -> list[etree._Element]:
    """Put elements for one number each in the place of those that stand for several."""
    single = one_by_one(present, sets)
    for old in present:
        order.remove(old)
    for each in single:
        order.place(base, each)
    return single


def _merge_list(
    base: etree._Element, present: list[etree._Element], elements: list[etree._Element], *, replace: bool
) -> None:
    wanted = [element for element in elements if not _is(element, REMOVE)]
    if replace:
        for child in present:
            order.remove(child)
    elif identity.contains([dict(child.attrib) for child in present], [dict(each.attrib) for each in wanted]):
        return
    for element in wanted:
        order.place(base, _cleaned(element))


def _replace(partner: etree._Element, element: etree._Element) -> None:
    parent = partner.getparent()
    if parent is not None:
        element.tail = partner.tail
        parent.replace(partner, element)


def _cleaned(element: etree._Element) -> etree._Element:
    """A copy of *element* without virtkit's instructions, and without what they remove."""
    copy = nodes.copy(element)
    for each in list(copy.iter(etree.Element)):
        if _is(each, REMOVE) and each is not copy:
            order.remove(each)
        for word in (REMOVE, REPLACE, ADD, UNSET):
            each.attrib.pop(word, None)
    return copy


def _is(element: etree._Element, word: str) -> bool:
    return element.get(word, "no").strip().lower() in {"yes", "true", "on", "1"}


def _prefixes(element: etree._Element) -> list[str]:
    """The prefixes to keep, used or not: those that the root declared, but for virtkit's own."""
    return [prefix for prefix, uri in element.nsmap.items() if prefix and uri != NAMESPACE]
