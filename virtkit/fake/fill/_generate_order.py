"""Write order.json: in which order libvirt prints an element's attributes, read from what it printed.

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


def seen(documents: Iterable[str]) -> dict[str, Counter[tuple[str, ...]]]:
    """Return the attributes of each kind of element, in the orders in which they came."""
    found: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for text in documents:
        for element in etree.fromstring(text.encode()).iter(etree.Element):
            parent = element.getparent()
            if len(element.attrib) > 1 and parent is not None and "{" not in str(element.tag):
                found[f"{parent.tag!s}/{element.tag!s}"][tuple(str(name) for name in element.attrib)] += 1
    return found


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
    table: dict[str, Any] = {
        key: " ".join(merged(orders)) for key, orders in seen(outputs(Path(sys.argv[1]))).items()
    }
    text = json.dumps(dict(sorted(table.items())), indent=0)
    (_HERE / "order.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
