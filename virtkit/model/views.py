"""Typed views on elements: what all of libvirt's documents have in common.

A view holds no data. Its fields (`virtkit.model.fields`) read and write the tree itself, so views on one tree
see each other's edits, and what no field speaks of stays as it was. A child element need not be there:
``disk.driver.cache`` is None without a ``<driver>``, and ``disk.driver.cache = "none"`` makes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, overload

from lxml import etree

from virtkit import tree
from virtkit.errors import DocumentError
from virtkit.model import nodes, order

V = TypeVar("V", bound="View")


class View:
    """A typed view on one element, which may still have to be made.

    Attributes:
        TAG: the name of the element.
        KEEP: an empty element says something, and stays when its last value is removed.
    """

    TAG: ClassVar[str] = ""
    KEEP: ClassVar[bool] = False
    __slots__ = ("_element", "_parent", "_tag")

    def __init__(self, element: etree._Element | None, *, parent: View | None = None, tag: str = "") -> None:
        self._element = element
        self._parent = parent
        self._tag = nodes.tag(element) if element is not None else tag

    @classmethod
    def parse(cls, source: tree.Source) -> Self:
        """Read a document. An element is taken as it is: the view writes to it.

        Raises:
            ParseError: it is not well-formed.
            DocumentError: its root is another element.
        """
        root = tree.parse(source, f"{cls.TAG} XML")
        if root.tag != cls.TAG:
            raise DocumentError(f"this is a <{nodes.tag(root)}>, and a <{cls.TAG}> was expected")
        return cls(root)

    @classmethod
    def new(cls, **values: Any) -> Self:
        """Make an element that belongs to no document yet, with these fields."""
        view = cls(etree.Element(cls.TAG, nsmap=nodes.prefix(cls.TAG)))
        view.update(**values)
        return view

    @classmethod
    def below(cls, parent: View, tag: str) -> Self:
        """The child *tag* of *parent*, whether it is there or not."""
        return cls(None, parent=parent, tag=tag)

    def update(self, **values: Any) -> None:
        """Set several fields.

        Raises:
            AttributeError: there is no such field.
        """
        for name, value in values.items():
            setattr(self, name, value)

    if not TYPE_CHECKING:  # a type checker that sees this takes any name

        def __setattr__(self, name: str, value: Any) -> None:
            if not hasattr(type(self), name):  # it would be kept, and not be in the document
                raise AttributeError(f"<{self._tag}> has no field {name!r}")
            super().__setattr__(name, value)

    @property
    def found(self) -> etree._Element | None:
        """The element, or None if it is not there."""
        if self._parent is None:
            return self._element
        above = self._parent.found
        return nodes.child(above, self._tag) if above is not None else None

    @property
    def element(self) -> etree._Element:
        """The element itself; it is made, with its parents, if it is not there."""
        element = self.found
        if element is None:
            assert self._parent is not None  # noqa: S101  a view without a parent has its element
            element = etree.Element(self._tag, nsmap=nodes.prefix(self._tag))
            order.place(self._parent.element, element, self._parent.ranks())
        return element

    def prune(self) -> None:
        """Remove the element if it has become empty and so says nothing, and its parents likewise."""
        element = self.found
        if self._parent is None or element is None or self.KEEP or not nodes.is_empty(element):
            return
        order.remove(element)
        self._parent.prune()

    def to_xml(self) -> str:
        """The element as text, as it was read but for what was changed."""
        return tree.tostring(self.element)

    @classmethod
    def ranks(cls) -> Mapping[str, int] | None:
        """The order of its children, if its name alone does not say it."""
        return None

    def __bool__(self) -> bool:
        """Whether the element is there."""
        return self.found is not None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, View):
            return NotImplemented
        mine = self.found
        return type(self) is type(other) and mine is not None and mine is other.found

    def __hash__(self) -> int:
        return hash((type(self), self.found))

    def __repr__(self) -> str:
        element = self.found
        if element is None:
            return f"<{type(self).__name__}: no <{self._tag}>>"
        return f"<{type(self).__name__}: {nodes.opening(element)}>"


class OrderedView(View):
    """A view whose fields are declared in the order in which libvirt writes what they stand for."""

    __slots__ = ()

    @classmethod
    def ranks(cls) -> Mapping[str, int]:
        """The order of its children: that of its fields."""
        if cls not in _DECLARED:
            fields = [field for owner in reversed(cls.__mro__) for field in vars(owner).values()]
            steps = [getattr(field, "steps", None) for field in fields]
            tags = dict.fromkeys(each[0] for each in steps if each)
            _DECLARED[cls] = {tag: rank for rank, tag in enumerate(tags)}
        return _DECLARED[cls]


_DECLARED: dict[type[View], Mapping[str, int]] = {}


class ViewList(Sequence[V], Generic[V]):
    """The children of one name, in document order: a live list of views."""

    __slots__ = ("_parent", "_tag", "_type")

    def __init__(self, parent: View, tag: str, type_: type[V]) -> None:
        self._parent = parent
        self._tag = tag
        self._type = type_

    def _elements(self) -> list[etree._Element]:
        above = self._parent.found
        return list(above.iterchildren(self._tag)) if above is not None else []

    def __len__(self) -> int:
        return len(self._elements())

    def __iter__(self) -> Iterator[V]:
        return map(self._type, self._elements())

    @overload
    def __getitem__(self, index: int) -> V: ...
    @overload
    def __getitem__(self, index: slice) -> list[V]: ...
    def __getitem__(self, index: int | slice) -> V | list[V]:
        elements = self._elements()
        if isinstance(index, slice):
            return [self._type(element) for element in elements[index]]
        return self._type(elements[index])

    def add(self, **values: Any) -> V:
        """Make a new child behind its like, with these fields, and return it."""
        view = self._type(etree.Element(self._tag, nsmap=nodes.prefix(self._tag)))
        view.update(**values)
        order.place(self._parent.element, view.element, self._parent.ranks())
        return view

    def append(self, child: V | str) -> V:
        """Put *child* (a view, or its XML) behind its like; a view of another document is copied."""
        view = child if isinstance(child, View) else self._type.parse(child)
        if view.element.tag != self._tag:
            raise DocumentError(f"a <{nodes.local(view.element)}> is no <{self._tag}>")
        if view.element.getparent() is not None:
            view = self._type(nodes.copy(view.element))
        order.place(self._parent.element, view.element, self._parent.ranks())
        return view

    def remove(self, child: V) -> None:
        """Take *child* out.

        Raises:
            ValueError: it is not in this list.
        """
        if child not in self:
            raise ValueError(f"{child!r} is not in this list")
        order.remove(child.element)
        self._parent.prune()

    def pop(self, index: int = -1) -> V:
        """Take the child at *index* out, and return it.

        Raises:
            IndexError: there are not so many.
        """
        child = self[index]
        self.remove(child)
        return child

    def clear(self) -> None:
        """Take all of them out."""
        for element in self._elements():
            order.remove(element)
        self._parent.prune()

    def __repr__(self) -> str:
        return repr(list(self))
