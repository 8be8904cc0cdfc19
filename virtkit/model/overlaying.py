"""What must be laid over a document to make another of it, as an overlay that merge understands."""

from __future__ import annotations

from lxml import etree

from virtkit import tree
from virtkit.errors import DocumentError
from virtkit.model import identity, nodes
from virtkit.model.merging import ADD, NAMESPACE, REMOVE, REPLACE, UNSET, merge_into


def overlay(base: tree.Source, wanted: tree.Source) -> str | None:
    """Return the overlay that makes *wanted* of *base*: ``merge(base, overlay)`` means what *wanted* does.

    It is as small as what is the same thing in both (see `virtkit.model.identity`) allows, and None if there
    is nothing to do. Comments, blanks and the order of differently named siblings are of no account.

    Raises:
        ParseError: one of them is not well-formed.
        DocumentError: they have different roots, or *wanted* has virtkit's own instructions in it.
    """
    mine = bare(tree.parse(base, "the base document"))
    theirs = bare(tree.parse(wanted, "the wanted document"))
    if mine.tag != theirs.tag:
        raise DocumentError(f"no overlay makes a <{nodes.local(theirs)}> of a <{nodes.local(mine)}>")
    made = _difference(mine, theirs)
    if made is None:
        return None
    merge_into(mine, made)
    if not tree.equal(bare(mine), theirs):
        raise DocumentError(f"no overlay makes this <{nodes.local(theirs)}>: see its texts and attributes")
    root = etree.Element(made.tag, nsmap={**theirs.nsmap, **_declared(made)})
    root.attrib.update(made.attrib)
    root.text = made.text
    root.extend(list(made))
    etree.cleanup_namespaces(root)
    return tree.tostring(tree.indent(root))


def bare(element: etree._Element) -> etree._Element:
    """A copy of *element* without comments, instructions, and blanks that stand where nothing else does."""
    copied = nodes.copy(element)
    etree.strip_tags(copied, etree.Comment, etree.ProcessingInstruction)
    for each in copied.iter(etree.Element):
        if nodes.is_blank(each.text):
            each.text = None
        if nodes.is_blank(each.tail):
            each.tail = None
    return copied


def _declared(made: etree._Element) -> dict[str | None, str]:
    """The declaration of virtkit's instructions, where *made* has some."""
    used = any(str(name).startswith(f"{{{NAMESPACE}}}") for each in made.iter() for name in each.attrib)
    return {"virtkit": NAMESPACE} if used else {}


def _difference(base: etree._Element, wanted: etree._Element) -> etree._Element | None:
    """What laid over *base* makes *wanted*, or None where they are the same."""
    made = etree.Element(wanted.tag, nsmap=wanted.nsmap)
    for name, value in wanted.attrib.items():
        if base.get(name) != value:
            made.set(name, value)
    gone = [str(name) for name in base.attrib if name not in wanted.attrib]
    if gone:
        made.set(UNSET, " ".join(gone))
    text = _text(wanted)
    if text != _text(base):
        made.text = text
    theirs, mine = nodes.groups(wanted), nodes.groups(base)
    for tag in dict.fromkeys([*theirs, *mine]):
        made.extend(_group(base, mine.get(tag, []), theirs.get(tag, [])))
    return made if made.attrib or len(made) or made.text is not None else None


def _text(element: etree._Element) -> str:
    text = "".join([element.text or "", *[child.tail or "" for child in element]])
    return text.strip() if len(element) else text


def _group(
    base: etree._Element, mine: list[etree._Element], theirs: list[etree._Element]
) -> list[etree._Element]:
    """What makes the children *theirs* of the children *mine*; they all have one name."""
    if len(mine) == len(theirs) and all(map(tree.equal, mine, theirs)):
        return []
    rule = identity.of(nodes.tag(base), nodes.tag((theirs or mine)[0]))
    if rule.listed:
        fitting = [nodes.copy(each) for each in theirs] or [_marked(mine[0], REMOVE)]
    else:
        fitting = _matched(mine, theirs)
    if _makes(base, mine, fitting, theirs):
        return fitting
    if len(mine) == len(theirs) == 1 and _makes(base, mine, [_marked(theirs[0], REPLACE)], theirs):
        return [_marked(theirs[0], REPLACE)]
    removed = [_marked(each, REMOVE) for each in mine]
    return [*removed, *[_marked(each, ADD) for each in theirs]]


def _matched(mine: list[etree._Element], theirs: list[etree._Element]) -> list[etree._Element]:
    """Change those that are there already, remove those that are gone, add the others."""
    made: list[etree._Element] = []
    free = list(mine)
    for one, partner in identity.pair(theirs, mine):
        if partner is None:
            made.append(nodes.copy(one))
            continue
        free.remove(partner)
        change = _difference(partner, one)
        if change is not None:
            made.append(_named(change, one))
    return [*[_marked(each, REMOVE) for each in free], *made]


def _named(change: etree._Element, wanted: etree._Element) -> etree._Element:
    """*change* with what says of which of several elements it speaks."""
    parent = wanted.getparent()
    rule = identity.of(nodes.tag(parent), nodes.tag(wanted)) if parent is not None else None
    if rule is None:
        return change
    paths = next((paths for paths in rule.keys if identity.key(wanted, paths) is not None), rule.kind)
    for path in paths:
        _copy(path, wanted, change)
    return change


def _copy(path: str, wanted: etree._Element, change: etree._Element) -> None:
    """Put what *path* names in *wanted* into *change*."""
    *steps, last = path.split("/")
    if not last.startswith("@") and last != ".":
        steps, last = [*steps, last], "."
    source, target = wanted, change
    for step in steps:
        found = source.find(step)
        if found is None:
            return
        source = found
        made = target.find(step)
        target = made if made is not None else etree.SubElement(target, step)
    if last == ".":
        target.text = source.text
    elif source.get(last[1:]) is not None:
        target.set(last[1:], source.get(last[1:], ""))


def _marked(element: etree._Element, instruction: str) -> etree._Element:
    copied = nodes.copy(element)
    copied.set(instruction, "yes")
    return copied


def _makes(
    base: etree._Element, mine: list[etree._Element], made: list[etree._Element], theirs: list[etree._Element]
) -> bool:
    """Whether laying *made* over *mine*, children of *base*, gives *theirs*."""
    trial, change = etree.Element(base.tag), etree.Element(base.tag)
    trial.extend(nodes.copy(each) for each in mine)
    change.extend(nodes.copy(each) for each in made)
    merge_into(trial, change)
    result = nodes.children(bare(trial))
    return len(result) == len(theirs) and all(map(tree.equal, result, theirs))
