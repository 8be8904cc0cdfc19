"""`DomainSpec.from_document` on libvirt's own domains: rendered, each is the document that it was made from.

Sizes count as sizes here, 1 GiB is 1048576 KiB; everything else has to be spelled as it was.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from virtkit import DomainSpec, render, tree
from virtkit.errors import VirtkitError
from virtkit.units import parse_size

from .compare import differences, same, statements
from .validating import valid_documents

if TYPE_CHECKING:
    from pathlib import Path

    from lxml import etree

_QEMU = frozenset({"qemu", "kvm", "hvf"})
_UNITS = {
    **dict.fromkeys(("memory", "currentMemory", "maxMemory", "pcihole64", "cell"), "KiB"),
    **dict.fromkeys(("hard_limit", "soft_limit", "swap_hard_limit", "min_guarantee"), "KiB"),
    "tseg": "MiB",
    "size": "B",
}
"""The unit of sizes that are stated without one."""


@dataclass
class Report:
    """What became of them."""

    documents: Counter[bool] = field(default_factory=Counter)
    """How many there are: of QEMU, and others."""
    plain: Counter[bool] = field(default_factory=Counter)
    """How many of them need no overlay."""
    different: list[str] = field(default_factory=list)
    """Those that come back otherwise, with what differs."""
    overlays: Counter[str] = field(default_factory=Counter)
    """What stands in the overlays of QEMU's, and how often."""

    @property
    def equal(self) -> int:
        """How many come back as they were."""
        return self.documents.total() - len(self.different)

    @property
    def share(self) -> float:
        """How many of QEMU's domains need no overlay."""
        return self.plain[True] / max(self.documents[True], 1)

    def text(self, *, causes: int = 25) -> str:
        """Return the report as text."""
        plain = f"{self.plain[True]} of {self.documents[True]} of QEMU ({self.share:.1%})"
        lines = [
            f"domains as specs: {self.equal} of {self.documents.total()} equal by meaning when rendered",
            f"  without an overlay: {plain}, {self.plain[False]} of {self.documents[False]} others",
        ]
        lines += [f"  different: {each}" for each in self.different[:causes]]
        lines += [f"  {count:4} {what}" for what, count in self.overlays.most_common(causes)]
        return "\n".join(lines)


def report(source: Path) -> Report:
    """Take over each valid domain, and render it. ``VIRTKIT_SCHEMAS`` must name the schemas of *source*."""
    made = Report()
    for name, text in valid_documents(source)["domain"]:
        root = tree.parse(text)
        qemu = root.get("type") in _QEMU
        made.documents[qemu] += 1
        try:
            spec = DomainSpec.from_document(text)
            written = tree.parse(render(DomainSpec.from_yaml(spec.to_yaml()), validate=False))
        except VirtkitError as error:
            made.different.append(f"{name}: {error}")
            continue
        mine, theirs = _in_bytes(written), _in_bytes(root)
        if not same(mine, theirs):
            made.different.append(f"{name}: {differences(mine, theirs)}")
        if spec.xml is None:
            made.plain[qemu] += 1
        elif qemu:
            made.overlays.update({each.split(" = ")[0] for each in statements(tree.parse(spec.xml))})
    return made


def _in_bytes(root: etree._Element) -> etree._Element:
    """Return a copy of *root* with each size as a number of bytes."""
    copy = deepcopy(root)
    for element in copy.iter("{*}*"):
        if element.tag == "address" or not ("unit" in element.attrib or element.tag in _UNITS):
            continue
        unit = element.attrib.pop("unit", _UNITS.get(str(element.tag), ""))
        for name in ("memory", "size"):
            if name in element.attrib:
                element.set(name, _bytes(element.get(name, ""), unit))
        if not len(element):
            element.text = _bytes(element.text or "", unit)
    return copy


def _bytes(number: str, unit: str) -> str:
    try:
        return str(parse_size(f"{number.strip()}{unit}"))
    except ValueError:
        return number
