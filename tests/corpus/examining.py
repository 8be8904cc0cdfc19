"""What must hold of any document at all, hostile ones too: what the fuzzer asks of each."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from tests.unit.model.completeness import KINDS
from virtkit import model, tree
from virtkit.errors import DocumentError
from virtkit.model import nodes, schemas, validation
from virtkit.model.fields import Child, Children, Field, Flag
from virtkit.model.views import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Subject(NamedTuple):
    """A document, the good one that it was made of, and whether only values were changed."""

    root: etree._Element
    base: etree._Element
    values_only: bool = False


class BrokenPromise(Exception):
    """A document was taken, and what is promised of it does not hold."""


def _promise(holds: bool, what: str) -> None:
    if not holds:
        raise BrokenPromise(what)


def _written(subject: Subject) -> Iterator[str]:
    text = tree.tostring(subject.root)
    _promise(tree.equal(subject.root, tree.parse(text)), "what is written is read otherwise")
    yield text


def _viewed(subject: Subject) -> Iterator[str]:
    cls = _views().get(nodes.tag(subject.root))
    if cls is None:
        return
    view = cls.parse(nodes.copy(subject.root))
    yield from _set_to_itself(view)
    text = view.to_xml()
    _promise(tree.equal(subject.root, tree.parse(text)), "fields set to what they read change the document")
    yield text


def _set_to_itself(view: View) -> Iterator[str]:
    """Read each field and write what was read; yield what the library refuses."""
    for owner in type(view).__mro__:
        for name, field in vars(owner).items():
            if isinstance(field, Field | Flag):
                try:
                    value = getattr(view, name)
                    if value is not None and value is not False:
                        setattr(view, name, value)
                except DocumentError as error:
                    yield str(error)
            elif isinstance(field, Child | Children):
                inside = getattr(view, name)
                for each in [inside] if isinstance(inside, View) else inside:
                    if each:
                        yield from _set_to_itself(each)


@cache
def _views() -> dict[str, type[View]]:
    return {cls.TAG: cls for cls in KINDS.values()}


def _validated(subject: Subject) -> Iterator[str]:
    root = subject.root
    findings = model.validate(root)
    yield from map(str, findings)
    yield from map(str, validation.by_model(root))
    path = schemas.schema_path(nodes.tag(root))
    if path is None:
        return
    valid = _oracle(str(path)).validate(root) and not any(_MISREAD in each.message for each in findings)
    _promise(not (valid and findings), f"a false alarm: {findings[:1]}")
    if subject.values_only:  # the order of children, which libxml2 minds, is still that of a valid document
        _promise(valid or bool(findings), f"a fault not found: {_oracle(str(path)).error_log.last_error}")


_MISREAD = r"\.){0,3}(0x)?[0-9a-fA-F]{1,3}"
"""Of this pattern libxml2 thinks that it takes ``2000``."""


@cache
def _oracle(path: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(path))


def _compared(subject: Subject) -> Iterator[str]:
    root, base, _ = subject
    same = model.diff(root, root)
    _promise(not same, f"it differs from itself: {same[:1]}")
    yield from map(str, model.diff(base, root, extra=True))
    yield from map(str, model.diff(root, base, extra=True))


def _merged(subject: Subject) -> Iterator[str]:
    root, base, _ = subject
    text = model.merge(root, root)
    _promise(_means(text, root), "merged with itself it is another")
    yield model.merge(base, root)
    yield model.carry_over(root, base)
    made = model.overlay(base, root)
    text = tree.tostring(base) if made is None else model.merge(base, made)
    _promise(_means(text, root), "the overlay makes another of it")
    yield text


def _means(text: str, root: etree._Element) -> bool:
    """Whether *text* is *root*, but for blanks in mixed text and around other."""
    return tree.equal(_stripped(tree.parse(text)), _stripped(nodes.copy(root)))


def _stripped(root: etree._Element) -> etree._Element:
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for element in root.iter():
        element.text, element.tail = ("".join((text or "").split()) for text in (element.text, element.tail))
    return root


STEPS: dict[str, Callable[[Subject], Iterator[str]]] = {
    "write": _written,
    "views": _viewed,
    "validate": _validated,
    "diff": _compared,
    "merge": _merged,
}
"""What is done with each document: it yields what it says of it, and raises `BrokenPromise`."""
