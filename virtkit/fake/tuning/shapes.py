"""What statistics need of a running domain's document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import integer, value
from virtkit.fake.statistics import Shape
from virtkit.fake.tuning import cgroups, cpus, iothreads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_LOCAL = {"file": "file", "block": "dev", "dir": "dir"}


def local_path(disk: etree._Element) -> str:
    """Return where on the host a disk's data is; empty if nowhere."""
    return value(disk.find("source"), _LOCAL.get(disk.get("type", "file"), "volume-on-host"))


def read(tree: etree._Element) -> Shape:
    """Return the shape of a document."""
    balloon = tree.find("devices/memballoon")
    return Shape(
        disks=tuple(
            (value(disk.find("target"), "dev"), local_path(disk), tuple(_images(disk)))
            for disk in tree.iterfind("devices/disk")
        ),
        taps=tuple(value(each.find("target"), "dev") for each in tree.iterfind("devices/interface")),
        online=tuple(number for number, vcpu in enumerate(cpus.read(tree).each) if vcpu.online),
        iothreads=tuple(iothreads.numbers(tree)),
        events=tuple(name for name, on in cgroups.perf(tree).items() if on),
        has_balloon=balloon is not None and balloon.get("model") != "none",
        period=integer(value(None if balloon is None else balloon.find("stats"), "period")),
    )


def _images(disk: etree._Element) -> Iterator[tuple[str, int]]:
    """Yield where each image of a disk is, and its number, the top one first."""
    source = disk.find("source")
    if source is None or set(source.attrib) <= {"index"}:
        return
    yield local_path(disk), integer(source.get("index"))
    store = disk.find("backingStore")
    while store is not None and store.find("source") is not None:
        path = value(store.find("source"), _LOCAL.get(store.get("type", "file"), "volume-on-host"))
        yield path, integer(store.get("index"))
        store = store.find("backingStore")
