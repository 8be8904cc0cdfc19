"""Write order.json: how libvirt prints elements, read from what it printed.

That is: in which order their attributes stand, which hold text, which come more than once in one place.

Give it the folder of libvirt's tests, where libvirt-python is installed::

    python -m virtkit.fake.fill._generate_order libvirt-9.0.0/tests

These are facts: the documents of the tests are given to libvirt's test driver, and what comes back is
read, beside the outputs that the tests themselves expect.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HERE = Path(__file__).parent
_INPUTS = ("qemuxml2argvdata", "genericxml2xmlindata", "lxcxml2xmldata", "bhyvexml2argvdata")
_OUTPUTS = ("qemuxml2xmloutdata", "genericxml2xmloutdata", "lxcxml2xmloutdata")
_OFTEN = 10
_MANY = {"domain/seclabel"}  # one for each security model, though the inputs have few with two
# printed last, though no document of the tests has it beside all others
_LAST = {"disk/source": ("startupPolicy", "index")}
_TYPE = re.compile(r"(<domain\b[^>]*\btype=)(['\"])\w+\2")


def outputs(tests: Path) -> Iterator[str]:
    """Return documents that libvirt printed."""
    for folder in _OUTPUTS:
        for path in sorted((tests / folder).glob("*.xml")):
            yield path.read_text(encoding="utf-8")
    real = importlib.import_module("libvirt")
    real.registerErrorHandler(lambda *_: None, None)
    conn = real.open("test:///default")
    for folder in _INPUTS:
        for path in sorted((tests / folder).glob("*.xml")):
            try:
                domain = conn.defineXML(_TYPE.sub(r"\1'test'", path.read_text(encoding="utf-8"), count=1))
            except real.libvirtError:
                continue
            yield domain.XMLDesc(real.VIR_DOMAIN_XML_SECURE | real.VIR_DOMAIN_XML_INACTIVE)
            domain.undefine()


class Seen:
    """What was seen of each kind of element, by its parent's name and its own."""

    def __init__(self, documents: Iterable[str]) -> None:
        self.orders: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        self.all: Counter[str] = Counter()
        self.texts: set[str] = set()
        self.many: set[str] = set()
        for text in documents:
            for element in etree.fromstring(text.encode()).iter(etree.Element):
                self._look(element)

    def _look(self, parent: etree._Element) -> None:
        tags = [str(child.tag) for child in parent if isinstance(child.tag, str)]
        self.many.update(f"{parent.tag!s}/{tag}" for tag, count in Counter(tags).items() if count > 1)
        for child in parent:
            key = f"{parent.tag!s}/{child.tag!s}"
            if "{" in key or "metadata" in key or not isinstance(child.tag, str):
                continue
            self.all[key] += 1
            if (child.text or "").strip():
                self.texts.add(key)
            if len(child.attrib) > 1:
                self.orders[key][tuple(str(name) for name in child.attrib)] += 1

    def _order(self, key: str) -> list[str]:
        last = _LAST.get(key, ())
        return sorted(merged(self.orders[key]), key=lambda name: last.index(name) if name in last else -1)

    def _single(self, key: str, count: int) -> bool:
        """Return whether it was seen often enough, and never beside another, to be taken for single."""
        many = key in self.many or key in _MANY or key.startswith("devices/")
        return count >= _OFTEN and not many

    def table(self) -> dict[str, Any]:
        """Return what goes into the file."""
        return {
            "attributes": {key: " ".join(self._order(key)) for key in sorted(self.orders)},
            "without text": sorted(self.all.keys() - self.texts),
            "once": sorted(key for key, count in self.all.items() if self._single(key, count)),
        }


def merged(orders: Counter[tuple[str, ...]]) -> list[str]:
    """Return one order that agrees with *orders*; where they do not agree, with most of them."""
    before: Counter[tuple[str, str]] = Counter()
    for order, count in orders.items():
        for place, first in enumerate(order):
            for second in order[place + 1 :]:
                before[first, second] += count
    left = sorted({name for order in orders for name in order})
    made: list[str] = []
    while left:
        free = [
            name
            for name in left
            if not any(before[other, name] > before[name, other] for other in left if other != name)
        ]
        made.append((free or left)[0])
        left.remove(made[-1])
    return made


def main() -> None:
    """Write the table."""
    text = json.dumps(Seen(outputs(Path(sys.argv[1]))).table(), indent=0)
    (_HERE / "order.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
