"""The disks of a domain's document, and the chains of images that they stand on."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

LOCAL = {"file": "file", "block": "dev", "dir": "dir"}  # by the type of storage, the attribute with its path
_BEFORE_SOURCE = ("driver", "auth")
_BEFORE_MIRROR = (*_BEFORE_SOURCE, "source", "backingStore", "backenddomain", "geometry", "blockio")


def path_of(kind: str, source: etree._Element | None) -> str:
    """Return where *source* of storage of a *kind* is: empty if nowhere."""
    if source is None:
        return ""
    return source.get(LOCAL.get(kind, "name")) or ""


@dataclass
class Layer:
    """One image of a chain: its *source* element is without an index."""

    kind: str
    format: str
    source: etree._Element | None
    index: str = ""

    @property
    def path(self) -> str:
        """Where it is."""
        return path_of(self.kind, self.source)


@dataclass
class Chain:
    """The images of a disk, the top one first. It is *closed* when it is known that no more is below."""

    layers: list[Layer] = field(default_factory=list)
    closed: bool = False

    def paths(self) -> list[str]:
        """Where its images are."""
        return [layer.path for layer in self.layers]

    def below(self, place: int) -> Chain:
        """Return the chain that begins at the layer *place*."""
        return Chain(self.layers[place:], self.closed)

    def on(self, lower: Chain) -> Chain:
        """Return this chain's layers upon those of *lower*."""
        return Chain([*self.layers, *lower.layers], lower.closed)


@dataclass
class Disk:
    """A disk of a document."""

    element: etree._Element

    @property
    def target(self) -> str:
        """What the guest's bus calls it, as ``vda``."""
        found = self.element.find("target")
        return "" if found is None else found.get("dev", "")

    @property
    def bus(self) -> str:
        """The bus that it is on."""
        found = self.element.find("target")
        return "" if found is None else found.get("bus", "")

    @property
    def kind(self) -> str:
        """The type of its storage."""
        return self.element.get("type", "file")

    @property
    def path(self) -> str:
        """Where its top image is; empty without a medium."""
        return path_of(self.kind, self.element.find("source"))

    @property
    def format(self) -> str:
        """The format of its top image."""
        driver = self.element.find("driver")
        return "" if driver is None else driver.get("type", "")

    @property
    def empty(self) -> bool:
        """Whether it has no medium."""
        return self.element.find("source") is None or (self.kind in LOCAL and not self.path)

    @property
    def readonly(self) -> bool:
        """Whether the guest cannot write to it."""
        return self.element.find("readonly") is not None or self.element.get("device") == "cdrom"

    @property
    def snapshot(self) -> str:
        """How its document says that it takes part in snapshots."""
        return self.element.get("snapshot") or ("no" if self.readonly else "")

    def chain(self) -> Chain:
        """Return its images."""
        if self.empty:
            return Chain(closed=True)
        layers = [_layer(self.kind, self.format, self.element.find("source"))]
        element = self.element.find("backingStore")
        while element is not None and element.find("source") is not None:
            found = element.find("format")
            form = "" if found is None else found.get("type", "")
            layers.append(_layer(element.get("type", "file"), form, element.find("source"), element))
            element = element.find("backingStore")
        return Chain(layers, closed=element is not None)


def _layer(
    kind: str, form: str, source: etree._Element | None, holder: etree._Element | None = None
) -> Layer:
    copied = deepcopy(source)
    assert copied is not None  # noqa: S101
    copied.tail = None
    index = copied.attrib.pop("index", None) or ("" if holder is None else holder.get("index")) or ""
    return Layer(kind, form, copied, str(index))


def disks(tree: etree._Element) -> list[Disk]:
    """Return the disks of a domain's document."""
    return [Disk(element) for element in tree.iterfind("devices/disk")]


def by_name(found: Iterable[Disk], name: str, *, ambiguous: bool = True) -> Disk | None:
    """Return the disk that *name* means: its target, or where its image is.

    Args:
        found: the disks to choose from.
        name: what the caller says.
        ambiguous: whether the first will do when more than one has that image.
    """
    if not name.startswith("/"):
        return next((disk for disk in found if disk.target == name), None)
    same = [disk for disk in found if disk.path == name]
    return same[0] if len(same) == 1 or (same and ambiguous) else None


def rewrite(disk: etree._Element, chain: Chain, *, live: bool) -> None:
    """Make *chain* the images of the element *disk*, with their indexes if it is the *live* one."""
    top = chain.layers[0]
    disk.set("type", top.kind)
    driver = disk.find("driver")
    if driver is not None and top.format:
        driver.set("type", top.format)
    for tag in ("source", "backingStore"):
        old = disk.find(tag)
        if old is not None:
            disk.remove(old)
    source = _source(top)
    if live and top.index:
        source.set("index", top.index)
    insert(disk, source, _BEFORE_SOURCE)
    below = _backing(chain.below(1), live=live)
    if below is not None:
        insert(disk, below, (*_BEFORE_SOURCE, "source"))


def insert(disk: etree._Element, element: etree._Element, after: Iterable[str] = _BEFORE_MIRROR) -> None:
    """Put *element* behind those of *disk* whose names are in *after*."""
    names = set(after)
    place = 0
    for number, child in enumerate(disk, 1):
        if child.tag in names:
            place = number
    disk.insert(place, element)


def _source(layer: Layer) -> etree._Element:
    copied = deepcopy(layer.source)
    assert copied is not None  # noqa: S101
    return copied


def _backing(chain: Chain, *, live: bool) -> etree._Element | None:
    """Return the element ``backingStore`` for *chain*: an empty one ends it."""
    from lxml.etree import Element, SubElement

    if not chain.layers:
        return Element("backingStore") if chain.closed or live else None
    layer = chain.layers[0]
    made = Element("backingStore", {"type": layer.kind})
    if live and layer.index:
        made.set("index", layer.index)
    SubElement(made, "format", {"type": layer.format or "raw"})
    made.append(_source(layer))
    below = _backing(chain.below(1), live=live)
    if below is not None:
        made.append(below)
    return made


def file_layer(path: str, form: str, *, kind: str = "file", index: str = "") -> Layer:
    """Return the layer that the image at *path* makes."""
    from lxml.etree import Element

    return Layer(kind, form, Element("source", {LOCAL.get(kind, "name"): path}), index)


def mirror_of(job: str, layer: Layer, *, ready: str, deep: bool) -> etree._Element:
    """Return the element that shows where a *job* copies a disk to.

    Args:
        job: ``copy`` or ``active-commit``.
        layer: the image that is written.
        ready: the state, empty while it is not ready.
        deep: whether nothing will be below it.
    """
    from lxml.etree import Element, SubElement

    made = Element("mirror", {"type": layer.kind})
    if job == "copy" and layer.kind == "file":
        made.set("file", layer.path)
        made.set("format", layer.format)
    made.set("job", job)
    if ready:
        made.set("ready", ready)
    SubElement(made, "format", {"type": layer.format})
    source = _source(layer)
    if layer.index:
        source.set("index", layer.index)
    made.append(source)
    if deep:
        SubElement(made, "backingStore")
    return made
