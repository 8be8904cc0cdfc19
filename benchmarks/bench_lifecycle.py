"""A domain's life on libvirt's test driver: through virtkit, by plain libvirt-python, and on the fake.

    python benchmarks/bench_lifecycle.py [--rounds N]

One cycle is define, start, suspend, resume, destroy, undefine. The contestants take turns in one run, in a
new order each round; a ratio is the median over the rounds of the ratio within each round, with the middle
half of them in brackets. The plain one runs twice: the ratio of the twins is what noise alone makes.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import TYPE_CHECKING, Any

import virtkit
import virtkit.fake

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPS = 50
XML = """\
<domain type='{type}'>
  <name>cycle</name>
  <memory unit='MiB'>64</memory>
  <os><type>hvm</type></os>
</domain>
"""


def plain(conn: Any, xml: str) -> None:
    """One cycle by libvirt-python's API."""
    domain = conn.defineXML(xml)
    domain.create()
    domain.suspend()
    domain.resume()
    domain.destroy()
    domain.undefine()


def through_virtkit(conn: virtkit.Connection, xml: str) -> None:
    """One cycle through virtkit."""
    domain = conn.domains.define(xml)
    domain.start()
    domain.suspend()
    domain.resume()
    domain.destroy()
    domain.undefine()


def contestants() -> dict[str, Callable[[], None]]:
    """What is measured: name and one cycle of it."""
    fake_xml, test_xml = XML.format(type="qemu"), XML.format(type="test")
    on_fake = virtkit.connect("fake:///lifecycle")
    found: dict[str, Callable[[], None]] = {
        "fake, plain API": lambda: plain(on_fake.raw, fake_xml),
        "fake, through virtkit": lambda: through_virtkit(on_fake, fake_xml),
    }
    try:
        on_test = virtkit.connect("test:///default")
    except virtkit.BindingMissing as missing:
        print(f"only the fake: {missing.message}")
        return found
    found["test driver, plain API"] = lambda: plain(on_test.raw, test_xml)
    found["test driver, plain API again"] = lambda: plain(on_test.raw, test_xml)
    found["test driver, through virtkit"] = lambda: through_virtkit(on_test, test_xml)
    return found


def measure(cycles: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Seconds for one cycle of each, round by round."""
    seconds: dict[str, list[float]] = {name: [] for name in cycles}
    for cycle in cycles.values():
        cycle()
    for _ in range(rounds):
        for name in random.sample(list(cycles), len(cycles)):
            began = time.perf_counter()
            for _ in range(LOOPS):
                cycles[name]()
            seconds[name].append((time.perf_counter() - began) / LOOPS)
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=25)
    seconds = measure(contestants(), parser.parse_args().rounds)
    anchor = next(name for name in ("test driver, plain API", "fake, plain API") if name in seconds)
    print(f"{'one life of a domain':30} {'median':>10} {'cycles/s':>10}  ratio to '{anchor}'")
    for name, values in seconds.items():
        middle = statistics.median(values)
        ratios = [mine / theirs for mine, theirs in zip(values, seconds[anchor], strict=True)]
        low, ratio, high = statistics.quantiles(ratios, n=4)
        print(f"{name:30} {middle * 1e6:8.0f} µs {1 / middle:10.0f}  {ratio:.2f} ({low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
