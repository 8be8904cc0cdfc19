"""The fake beside libvirt's own test driver, both called by libvirt-python's API, in one run.

    python benchmarks/bench_fake.py [--rounds N] [--sizes 100,1000,10000]

Both answer in this process: the test driver is C below libvirt-python, the fake is Python. The contestants
take turns in each round; a ratio is the median over the rounds of the ratio within a round. Without
libvirt-python only the fake's figures are printed. A host in a file (SQLite): state changes a second.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import virtkit.fake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Work = Callable[[], float]

XML = """<domain type='{kind}'>
  <name>{name}</name>
  <memory unit='MiB'>{memory}</memory>
  <os><type>hvm</type></os>
  <devices>
    <disk type='file'><source file='/images/{name}.img'/><target dev='vda' bus='virtio'/></disk>
    <interface type='network'><source network='default'/></interface>
  </devices>
</domain>"""


def contestants() -> Iterator[tuple[str, Any, str, str]]:
    """Each libvirt: its name, its module, its URI, its domains' type."""
    yield "fake", virtkit.fake, "fake:///bench", "qemu"
    yield "fake test:///", virtkit.fake, "test:///default", "test"
    if find_spec("libvirt"):
        import libvirt

        yield "test driver", libvirt, "test:///default", "test"


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that *work* takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Bench:
    """One libvirt under measurement."""

    def __init__(self, module: Any, uri: str, kind: str) -> None:
        self.module, self.kind = module, kind
        self.conn = module.open(uri)
        self.seen = 0

    def document(self, name: str) -> str:
        """Return a small domain."""
        return XML.format(kind=self.kind, name=name, memory=64)

    def lives(self, number: int = 50) -> float:
        """Seconds for one life: define, start, suspend, resume, destroy, undefine."""

        def live() -> None:
            for _ in range(number):
                domain = self.conn.defineXML(self.document("life"))
                domain.create()
                domain.suspend()
                domain.resume()
                domain.destroy()
                domain.undefine()

        return timed(live) / number

    def define(self, size: int) -> float:
        """Seconds to define *size* domains; every tenth is started afterwards."""
        took = timed(lambda: [self.conn.defineXML(self.document(f"d{each}")) for each in range(size)])
        for each in range(0, size, 10):
            self.conn.lookupByName(f"d{each}").create()
        return took

    def unlike(self, size: int = 1000) -> float:
        """Seconds to define a domain whose document differs from all others not only in names."""
        texts = [XML.format(kind=self.kind, name=f"d{each}", memory=64 + each) for each in range(size)]
        took = timed(lambda: [self.conn.defineXML(text) for text in texts])
        self.forget(size)
        return took / size

    def forget(self, size: int) -> None:
        """Remove what define() made."""
        for each in range(size):
            domain = self.conn.lookupByName(f"d{each}")
            if domain.isActive():
                domain.destroy()
            domain.undefine()

    def list_all(self) -> float:
        """Seconds for listAllDomains()."""
        return timed(self.conn.listAllDomains)

    def stats(self) -> float:
        """Seconds for getAllDomainStats(), of all groups."""
        return timed(self.conn.getAllDomainStats)

    def events(self, number: int = 1000) -> float:
        """Seconds for an event from a call to its callback, *number* of them in a row."""
        domain = self.conn.defineXML(self.document("event"))
        domain.create()
        self.seen = 0
        callback = self.conn.domainEventRegisterAny(None, 0, self._count, None)

        def run() -> None:
            for _ in range(number // 2):
                domain.suspend()
                domain.resume()
            while self.seen < number:
                self.module.virEventRunDefaultImpl()

        took = timed(run)
        self.conn.domainEventDeregisterAny(callback)
        domain.destroy()
        domain.undefine()
        return took / number

    def _count(self, *_event: Any) -> None:
        self.seen += 1


def compare(title: str, works: dict[str, Work], rounds: int, *, rate: str = "") -> None:
    """Run every work in each round, in a new order; print medians and ratios to the test driver."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name in random.sample(list(works), len(works)):
            seconds[name].append(works[name]())
    anchor = "test driver" if "test driver" in works else next(iter(works))
    for name, values in seconds.items():
        middle = statistics.median(values)
        ratio = statistics.median(mine / theirs for mine, theirs in zip(values, seconds[anchor], strict=True))
        figure = f"{1 / middle:10.0f} {rate}" if rate else f"{middle * 1e3:10.2f} ms"
        print(f"{title:34} {name:14} {figure:20} time to '{anchor}': {ratio:.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--sizes", default="100,1000,10000")
    options = parser.parse_args()
    benches = {}
    for name, module, uri, kind in contestants():
        module.virEventRegisterDefaultImpl()
        benches[name] = Bench(module, uri, kind)
    rounds = options.rounds
    compare("lives of a domain", {n: b.lives for n, b in benches.items()}, rounds, rate="lives/s")
    compare("events", {n: b.events for n, b in benches.items()}, rounds, rate="events/s")
    compare("define, no two alike", {n: b.unlike for n, b in benches.items()}, rounds, rate="defines/s")
    for size in map(int, options.sizes.split(",")):
        compare(f"define {size}", {n: partial(b.define, size) for n, b in benches.items()}, 1)
        compare(f"listAllDomains of {size}", {n: b.list_all for n, b in benches.items()}, rounds)
        compare(f"getAllDomainStats of {size}", {n: b.stats for n, b in benches.items()}, rounds)
        for bench in benches.values():
            bench.forget(size)
    file_host(rounds)
    imports(rounds)


def file_host(rounds: int) -> None:
    """State changes a second on a host in a file."""
    with tempfile.TemporaryDirectory() as folder:
        domain = virtkit.fake.open(f"fake://{Path(folder) / 'host.db'}").createXML(
            XML.format(kind="qemu", name="x", memory=64)
        )

        def change(number: int = 100) -> float:
            def run() -> None:
                for _ in range(number // 2):
                    domain.suspend()
                    domain.resume()

            return timed(run) / number

        compare("state changes in a file", {"fake, SQLite": change}, rounds, rate="changes/s")
        virtkit.fake.reset()


def imports(rounds: int) -> None:
    """The start of a process that imports it."""
    with tempfile.TemporaryDirectory() as folder:  # for the bytecode that an installation has
        env = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}

        def start(code: str) -> Work:
            command = [sys.executable, "-c", code]
            subprocess.run(command, check=True, env=env)
            return lambda: timed(lambda: subprocess.run(command, check=True, env=env))

        works = {"fake": start("import virtkit.fake"), "python -c pass": start("pass")}
        if find_spec("libvirt"):
            works["test driver"] = start("import libvirt")
        compare("import, as a process", works, rounds)


if __name__ == "__main__":
    main()
