"""The fields of views: each reads and writes one place of the tree, and knows its type.

A place is a path below the view's element: ``@cache`` (an attribute), ``driver/@cache`` (a child's),
``title`` (a child's text) or ``.`` (the element's own text). A field reads None where nothing is, and is
removed by None or ``del``, with the elements that this leaves empty.
"""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast, get_args, overload

from lxml import etree

from virtkit import units
from virtkit.errors import DocumentError
from virtkit.model import nodes, order
from virtkit.model.views import View, ViewList

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
V = TypeVar("V", bound=View)


class Place:
    """One place below a view's element."""

    __slots__ = ("attribute", "name", "path", "steps")

    def __init__(self, path: str) -> None:
        *steps, last = path.split("/")
        self.path = path
        self.name = ""
        self.attribute = last[1:] if last.startswith("@") else None
        self.steps = steps if self.attribute is not None or last == "." else [*steps, last]

    def __set_name__(self, owner: type[View], name: str) -> None:
        self.name = name

    def where(self, view: View) -> str:
        """This field's name in messages."""
        return f"{type(view).__name__}.{self.name} ({view.TAG}/{self.path})"

    def find(self, view: View) -> etree._Element | None:
        """The element that the value is in, if it is there."""
        element = view.found
        for step in self.steps:
            if element is None:
                return None
            element = nodes.child(element, step)
        return element

    def make(self, view: View) -> etree._Element:
        """The element that the value is in, with those above it made where they are missing."""
        element, ranks = view.element, view.ranks()
        for step in self.steps:
            child = nodes.child(element, step)
            if child is None:
                child = etree.Element(step, nsmap=nodes.prefix(step))
                order.place(element, child, ranks)
            element, ranks = child, None
        return element

    def clean(self, view: View) -> None:
        """Remove the elements on the way that are empty."""
        element = self.find(view)
        for _ in self.steps:
            if element is None or not nodes.is_empty(element):
                return
            above = element.getparent()
            order.remove(element)
            element = above
        view.prune()

    def clean_above(self, view: View) -> None:
        """Remove the elements above that are empty, when the last one is gone."""
        Place("/".join([*self.steps[:-1], "."])).clean(view)


class Field(Place, ABC, Generic[T]):
    """A field whose value is the text of an attribute or an element."""

    @abstractmethod
    def read(self, _element: etree._Element, text: str, /) -> T:
        """The value that *text* is."""

    def write(self, _element: etree._Element, value: T, _old: str | None, /) -> str:
        """The text for *value*, spelled as the old text is."""
        return str(value)

    @overload
    def __get__(self, view: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type[Any]) -> T | None: ...
    def __get__(self, view: View | None, owner: type[Any]) -> Self | T | None:
        if view is None:
            return self
        element = self.find(view)
        text = self._text(element) if element is not None else None
        if element is None or text is None:
            return None
        try:
            return self.read(element, text)
        except ValueError as error:
            line = f" at line {element.sourceline}" if element.sourceline else ""
            raise DocumentError(f"{self.where(view)}{line}: {error}") from error

    def __set__(self, view: View, value: T | None) -> None:
        if value is None:
            self.__delete__(view)
            return
        element = self.make(view)
        old = self._text(element)
        try:
            text = self.write(element, value, old)
            if text != old:
                self._put(element, text)
        except (TypeError, ValueError) as error:
            self.clean(view)
            raise DocumentError(f"{self.where(view)}: {error}") from error

    def __delete__(self, view: View) -> None:
        element = self.find(view)
        if element is None:
            return
        if self.attribute is not None:
            element.attrib.pop(self.attribute, None)
        elif self.steps and not len(element):
            order.remove(element)
            self.clean_above(view)
            return
        else:
            element.text = None
        self.clean(view)

    def _text(self, element: etree._Element) -> str | None:
        return element.get(self.attribute) if self.attribute is not None else element.text

    def _put(self, element: etree._Element, text: str) -> None:
        if self.attribute is not None:
            element.set(self.attribute, text)
        else:
            element.text = text

    def paths(self) -> Iterator[str]:
        """The paths that this field types, below its element."""
        for depth in range(1, len(self.steps) + 1):
            yield "/".join(map(nodes.short, self.steps[:depth]))
        if self.attribute is not None:
            yield "/".join([*map(nodes.short, self.steps), f"@{self.attribute}"])


class Text(Field[str]):
    """A text, as it is; that of a child that is there and empty is ``""``."""

    def read(self, _element: etree._Element, text: str, /) -> str:
        """The value of *text*."""
        return text

    def _text(self, element: etree._Element) -> str | None:
        text = super()._text(element)
        return "" if text is None and self.attribute is None and self.steps and not len(element) else text


class Integer(Field[int]):
    """A whole number. It keeps its spelling: what was written in hex is written in hex, as wide as it was."""

    def read(self, _element: etree._Element, text: str, /) -> int:
        """The value of *text*."""
        return whole_number(text)

    def write(self, _element: etree._Element, value: int, old: str | None, /) -> str:
        """The text for *value*."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{value!r} is not a whole number")
        if old is None or not old.strip():
            return str(value)
        if old.strip()[:2].lower() == "0x":
            return old if _is(old, value) else f"0x{value:0{len(old.strip()) - 2}x}"
        return old if _is(old, value) else str(value)


def whole_number(text: str) -> int:
    """The number that *text* is to libvirt: in ASCII digits, or in hex.

    Raises:
        ValueError: it is none.
    """
    word = text.strip()
    if _WHOLE.fullmatch(word) and len(word) < _LONGEST:
        return int(word, 16 if word[:2].lower() == "0x" else 10)
    raise ValueError(f"{word[:60]!r} is not a whole number")


_WHOLE = re.compile(r"[+-]?[0-9]+|0[xX][0-9a-fA-F]+")
_LONGEST = 1000


def _is(text: str, value: int) -> bool:
    try:
        return whole_number(text) == value
    except ValueError:
        return False


class Switch(Field[bool]):
    """A bool that libvirt writes as one of two words."""

    WORDS: tuple[str, str] = ("no", "yes")

    def read(self, _element: etree._Element, text: str, /) -> bool:
        """The value of *text*."""
        word = self._folded(text)
        if word in _NO | _YES:
            return word in _YES
        raise ValueError(f"{text!r} is neither {self.WORDS[1]!r} nor {self.WORDS[0]!r}")

    def write(self, _element: etree._Element, value: bool, old: str | None, /) -> str:
        """The text for *value*: another word for the same stays."""
        if not isinstance(value, bool):
            raise TypeError(f"{value!r} is neither True nor False")
        if old is not None and self._folded(old) in (_YES if value else _NO):
            return old
        return self.WORDS[value]

    def _folded(self, text: str) -> str:
        return text


_YES, _NO = {"yes", "on", "true", "1"}, {"no", "off", "false", "0"}


class YesNo(Switch):
    """A bool that libvirt writes as ``yes`` or ``no``."""


class OnOff(Switch):
    """A bool that libvirt writes as ``on`` or ``off``."""

    WORDS = ("off", "on")


class Choice(Field[T]):
    """One of several words: ``Choice[Literal["rom", "pflash"]]("@type")``.

    A word that is none of them is read as it is (libvirt may be newer), and refused where it is set anew.
    """

    def read(self, _element: etree._Element, text: str, /) -> T:
        """The value of *text*."""
        return cast("T", text)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words."""
        return get_args(get_args(getattr(self, "__orig_class__", None))[0])

    def write(self, _element: etree._Element, value: T, old: str | None, /) -> str:
        """The text for *value*."""
        if value not in self.choices and value != old:
            near = difflib.get_close_matches(str(value), self.choices, 1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{value!r} is none of {', '.join(self.choices)}{meant}")
        return str(value)


class Size(Field[int]):
    """A size in bytes, which libvirt writes as a number with a unit beside it.

    It takes strings such as ``"2GiB"`` too. A unit that is there stays, if the new size is a multiple of it.
    """

    def __init__(self, path: str, unit: str = "KiB", *, beside: str = "unit") -> None:
        super().__init__(path)
        self.unit = unit
        self.beside = beside

    def read(self, element: etree._Element, text: str, /) -> int:
        """The value of *text*."""
        return units.parse_size(f"{text.strip()} {element.get(self.beside) or self.unit}")

    def write(self, element: etree._Element, value: int | str, old: str | None, /) -> str:
        """The text for *value*."""
        size = units.parse_size(value)
        if old is not None and self._is(element, old, size):
            return old
        stated = element.get(self.beside)
        unit = stated or self.unit
        number, rest = divmod(size, units.parse_size(f"1 {unit}"))
        if rest:
            unit, number = "bytes", size
        if unit != stated and (old is None or unit != self.unit):
            element.set(self.beside, unit)
        return str(number)

    def _is(self, element: etree._Element, text: str, size: int) -> bool:
        try:
            return self.read(element, text) == size
        except ValueError:
            return False

    def __set__(self, view: View, value: int | str | None) -> None:
        super().__set__(view, cast("int | None", value))

    def __delete__(self, view: View) -> None:
        element = self.find(view)
        if element is not None:
            element.attrib.pop(self.beside, None)
        super().__delete__(view)

    def paths(self) -> Iterator[str]:
        """The paths of the value and of its unit."""
        yield from super().paths()
        yield "/".join([*self.steps, f"@{self.beside}"])


class Flag(Place):
    """An empty element that says something by being there: ``<readonly/>``."""

    @overload
    def __get__(self, view: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type[Any]) -> bool: ...
    def __get__(self, view: View | None, owner: type[Any]) -> Self | bool:
        if view is None:
            return self
        return self.find(view) is not None

    def __set__(self, view: View, value: bool | None) -> None:
        if value:
            self.make(view)
        else:
            self.__delete__(view)

    def __delete__(self, view: View) -> None:
        element = self.find(view)
        if element is not None:
            order.remove(element)
            self.clean_above(view)

    def paths(self) -> Iterator[str]:
        """The path of the element."""
        yield from ("/".join(self.steps[:depth]) for depth in range(1, len(self.steps) + 1))


class Child(Generic[V]):
    """A child element that occurs once, as a view of its own."""

    def __init__(self, type_: type[V], tag: str | None = None) -> None:
        self.type = type_
        self.tag = tag or type_.TAG
        self.steps = (self.tag,)

    @overload
    def __get__(self, view: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type[Any]) -> V: ...
    def __get__(self, view: View | None, owner: type[Any]) -> Self | V:
        if view is None:
            return self
        return self.type.below(view, self.tag)

    def __set__(self, view: View, value: V | None) -> None:
        child = self.type.below(view, self.tag)
        if value == child:
            return
        self.__delete__(view)
        if value is not None:
            twin = nodes.copy(value.element)
            twin.tag = self.tag
            order.place(view.element, twin, view.ranks())

    def __delete__(self, view: View) -> None:
        element = self.type.below(view, self.tag).found
        if element is not None:
            order.remove(element)
            view.prune()


class Children(Generic[V]):
    """All child elements of one name, as a list of views; ``disks/disk`` are those of the child ``disks``."""

    def __init__(self, type_: type[V], path: str | None = None) -> None:
        self.type = type_
        path = path or type_.TAG
        self.steps = (path,) if path.startswith("{") else tuple(path.split("/"))
        self.tag = self.steps[-1]

    @overload
    def __get__(self, view: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type[Any]) -> ViewList[V]: ...
    def __get__(self, view: View | None, owner: type[Any]) -> Self | ViewList[V]:
        if view is None:
            return self
        for step in self.steps[:-1]:
            view = View.below(view, step)
        return ViewList(view, self.tag, self.type)

    def __set__(self, view: View, value: object) -> None:
        raise AttributeError(f"<{self.tag}> is a list: use its add(), append(), pop(), remove() and clear()")


def paths(cls: type[View]) -> set[str]:
    """Return the path of each element and attribute that has a typed field: ``domain/vcpu/@current``.

    A type within itself (a backing store's backing store) is listed once.
    """
    return set(_paths(cls, nodes.short(cls.TAG), ()))


def _paths(cls: type[View], path: str, above: tuple[type[View], ...]) -> Iterator[str]:
    yield path
    for owner in cls.__mro__:
        for field in vars(owner).values():
            if isinstance(field, Field | Flag):
                yield from (f"{path}/{each}" for each in field.paths())
            elif isinstance(field, Child | Children):
                where = path
                for step in field.steps:
                    where = f"{where}/{nodes.short(step)}"
                    yield where
                if field.type not in (*above, cls):
                    yield from _paths(field.type, where, (*above, cls))
