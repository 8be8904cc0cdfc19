"""All documents of libvirt's tests, of every kind: what the typed views keep of them, and what they can say.

Read and written, a document means the same; so it does with unknown attributes and children planted in every
element, and with each typed field set to what it reads. Rebuilt from nothing by typed fields alone, it still
does, but for what is not typed on purpose: what applications and hypervisors keep for themselves.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lxml import etree

from tests.unit.model.completeness import KINDS
from virtkit.errors import DocumentError, ParseError
from virtkit.model import nodes, schemas
from virtkit.model.fields import Child, Children, Field, Flag, Size
from virtkit.model.views import View
from virtkit.tree import parse

from .compare import differences, same
from .report import Report, Result
from .validating import valid_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_FOLDERS = {"interface": "interfaceschemadata", "device": "node*"}
"""Where the root alone does not say what kind of document it is."""

_FREE = ("metadata", "cookie", "privateData")
"""Elements whose content is no business of libvirt's documents."""


def documents(source: Path) -> Iterator[tuple[Path, type[View], etree._Element]]:
    """Yield each well-formed document of libvirt's tests of a kind that there is a view for."""
    classes = {cls.TAG: cls for cls in KINDS.values()}
    for path in sorted((source / "tests").glob("*/**/*.xml")):
        try:
            root = parse(path)
        except ParseError:
            continue
        tag = nodes.tag(root)
        folder = path.relative_to(source / "tests").parts[0]
        if tag in classes and path.match(f"tests/{_FOLDERS.get(tag, folder)}/**/*.xml".replace("/**/", "/")):
            yield path, classes[tag], root


def kept(source: Path) -> Report:
    """Return the report on documents that are read, written, planted in, and set to what they are."""
    return Report("documents kept", [_judge(*each, _kept) for each in documents(source)])


def rebuilt(source: Path) -> Report:
    """Return the report on documents that are made anew from their typed fields."""
    return Report("documents rebuilt", [_judge(*each, _rebuilt) for each in documents(source)])


def ordered(source: Path) -> Report:
    """Return the report on the order of children in documents made anew, beside those that libvirt wrote."""
    written = [each for each in documents(source) if "xmlout" in each[0].parent.name.replace("2xml", "xml")]
    return Report("documents in order", [_judge(*each, _ordered) for each in written])


def valid(source: Path) -> Report:
    """Return the report on documents that a schema allows: whether it allows them still when set anew."""
    results = []
    for kind, found in valid_documents(source).items():
        cls = next((cls for cls in KINDS.values() if kind == cls.TAG), None)
        if cls is None:
            continue
        schema = etree.RelaxNG(etree.parse(str(schemas.schema_path(kind))))
        for name, text in found:
            view = cls.parse(text)
            _set_to_itself(view)
            allowed = bool(schema.validate(parse(view.to_xml())))
            results.append(Result(name, reproduced=allowed, error="" if allowed else str(schema.error_log)))
    return Report("valid documents stay valid", results)


def _judge(
    path: Path,
    cls: type[View],
    root: etree._Element,
    judge: Callable[[type[View], etree._Element], list[str]],
) -> Result:
    name = f"{path.parent.name}/{path.stem}"
    try:
        found = judge(cls, root)
    except (DocumentError, ParseError) as error:
        return Result(name, error=str(error))
    return Result(name, reproduced=not found, differences=found)


def _kept(cls: type[View], root: etree._Element) -> list[str]:
    planted = deepcopy(root)
    for element in [each for each in planted.iter() if isinstance(each.tag, str)]:
        element.set("virtkit-planted", "attribute")
        if len(element) or nodes.is_blank(element.text):
            space = f"{{{etree.QName(element).namespace}}}" if str(element.tag).startswith("{") else ""
            element.insert(0, etree.Element(f"{space}virtkit-planted", text="child"))
    found = []
    for before in (root, planted):
        view = cls.parse(etree.tostring(before))
        found += _differences(before, parse(view.to_xml()))
        _set_to_itself(view)
        found += _differences(before, view.element)
    return found


def _differences(one: etree._Element, other: etree._Element) -> list[str]:
    return [] if same(one, other) else differences(other, one) or ["order"]


def _fields(view: View) -> Iterator[tuple[str, Any]]:
    for owner in reversed(type(view).__mro__):
        yield from vars(owner).items()


def _set_to_itself(view: View) -> None:
    """Read each typed field, and write what was read."""
    for name, field in _fields(view):
        if isinstance(field, Field | Flag):
            value = getattr(view, name)
            if value is not None and not (isinstance(field, Flag) and value is False):
                setattr(view, name, value)
        elif isinstance(field, Child | Children):
            inside = getattr(view, name)
            for each in [inside] if isinstance(inside, View) else inside:
                if each:
                    _set_to_itself(each)


def _rebuilt(cls: type[View], root: etree._Element) -> list[str]:
    wanted = _normal(root)
    twin = cls.new()
    _say_again(cls(root), twin)
    return _differences(wanted, _normal(twin.element))


def _ordered(cls: type[View], root: etree._Element) -> list[str]:
    twin = cls.new()
    _say_again(cls(root), twin)
    return list(_out_of_order(root, twin.element))


def _out_of_order(theirs: etree._Element, ours: etree._Element) -> Iterator[str]:
    """The elements whose children are the same in another order."""
    mine, libvirts = nodes.groups(ours), nodes.groups(theirs)
    if mine.keys() == libvirts.keys() and list(mine) != list(libvirts):
        yield f"{nodes.tag(theirs)}: {' '.join(mine)} = {' '.join(libvirts)}"
    for tag, children in libvirts.items():
        for one, other in zip(children, mine.get(tag, []), strict=False):
            yield from _out_of_order(one, other)


def _say_again(view: View, twin: View) -> None:
    """Give *twin* each typed field of *view*."""
    listed = {field.tag for _, field in _fields(view) if isinstance(field, Children)}
    for name, field in _fields(view):
        if isinstance(field, Size):
            _size_again(view, twin, name, field)
        elif isinstance(field, Field | Flag):
            value = getattr(view, name)
            if value is not None and not (isinstance(field, Flag) and value is False):
                setattr(twin, name, value)
        elif isinstance(field, Child):
            inside = getattr(view, name)
            if inside and field.tag not in listed:
                _ = getattr(twin, name).element
                _say_again(inside, getattr(twin, name))
        elif isinstance(field, Children):
            for inside in getattr(view, name):
                _say_again(inside, getattr(twin, name).add())


def _size_again(view: View, twin: View, name: str, field: Size) -> None:
    """The same size in the same unit: which one it is, is not the field's to say."""
    found = field.find(view)
    size = getattr(view, name)
    if found is None or size is None:
        return
    element = field.make(twin)
    element.attrib.update({field.beside: found.get(field.beside, field.unit)})
    setattr(twin, name, size)
    if field.beside not in found.attrib:
        del element.attrib[field.beside]


def _normal(root: etree._Element) -> etree._Element:
    """*root* with numbers and words spelled in one way, and without what is not typed on purpose."""
    twin = deepcopy(root)
    for element in list(twin.iter()):
        if isinstance(element.tag, str):
            if element.tag in _FREE:
                for child in list(element):
                    element.remove(child)
            if not len(element) and element.text:
                element.text = _spelled(element.text)
            for name, value in element.attrib.items():
                element.set(name, _spelled(value))
    return twin


def _spelled(text: str) -> str:
    word = text.strip()
    try:
        return str(int(word, 16 if word[:2].lower() == "0x" else 10))
    except ValueError:
        return word
