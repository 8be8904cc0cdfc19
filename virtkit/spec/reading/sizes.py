"""Sizes in the unit in which templates write them, so that 1 GiB and 1048576 KiB are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.units import parse_size

if TYPE_CHECKING:
    from lxml import etree

_KIB = 1024
_SIZES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("memory", "currentMemory", "maxMemory", "devices/controller/pcihole64"), ("", "KiB")),
    **dict.fromkeys((f"memtune/{name}" for name in ("hard_limit", "soft_limit")), ("", "KiB")),
    **dict.fromkeys((f"memtune/{name}" for name in ("swap_hard_limit", "min_guarantee")), ("", "KiB")),
    **dict.fromkeys((f"devices/memory/source/{name}" for name in ("alignsize", "pagesize")), ("", "KiB")),
    **dict.fromkeys(
        (f"devices/memory/target/{name}" for name in ("size", "block", "requested")), ("", "KiB")
    ),
    **dict.fromkeys((f"devices/filesystem/space_{name}_limit" for name in ("hard", "soft")), ("", "B")),
    "devices/memory/target/label/size": ("", "KiB"),
    "devices/shmem/size": ("", "B"),
    "features/smm/tseg": ("", "MiB"),
    "memoryBacking/hugepages/page": ("size", "KiB"),
    "cpu/numa/cell": ("memory", "KiB"),
}
"""Where sizes are, in which attribute (none: it is the text), and their unit where none is said."""


def in_kib(root: etree._Element) -> None:
    """Write the sizes of a domain in KiB, if they are a whole number of them."""
    for path, (attribute, unit) in _SIZES.items():
        for element in root.findall(path):
            number = element.get(attribute) if attribute else element.text
            try:
                size = parse_size(f"{(number or '').strip()}{element.get('unit', unit)}")
            except ValueError:
                continue
            if size % _KIB:
                continue
            element.set("unit", "KiB")
            if attribute:
                element.set(attribute, str(size // _KIB))
            else:
                element.text = str(size // _KIB)
