"""Count what virtkit asks of a host, call by call, beside plain libvirt-python.

Run it: ``python benchmarks/bench_rpc.py [URI]``, by default on a fake host. The counts are exact, and do not
depend on the machine: each method called on libvirt's objects that goes to the host counts one. What libvirt
answers from its own memory (name, UUID) does not.
"""

# ruff: noqa: PLW0108 - the handles exist only once the steps before have run

from __future__ import annotations

import importlib
import sys
from collections import Counter
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import virtkit
from virtkit.clock import VirtualClock, use

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = {"name", "UUIDString", "connect", "isAlive", "setKeepAlive", "ID"}
XML = """\
<domain type='{type}'>
  <name>counted</name>
  <memory unit='MiB'>64</memory>
  <os><type>hvm</type></os>
  <features><acpi/></features>
</domain>
"""


class Counting:
    """Stands before an object of libvirt and counts the calls that go to the host."""

    def __init__(self, target: Any, calls: Counter[str]) -> None:
        self.target, self._calls = target, calls

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.target, name)
        if not callable(value) or isinstance(value, type):
            return value

        def call(*arguments: Any) -> Any:
            if name not in LOCAL:
                self._calls[name] += 1
            plain = [each.target if isinstance(each, Counting) else each for each in arguments]
            return self._wrapped(value(*plain))

        return call

    def _wrapped(self, result: Any) -> Any:
        if isinstance(result, list):
            return [self._wrapped(each) for each in result]
        if isinstance(result, tuple):
            return tuple(self._wrapped(each) for each in result)
        if type(result).__name__ in {"virConnect", "virDomain"}:
            return Counting(result, self._calls)
        return result


class Module:
    """A module that hands out counting connections; ``libvirt=`` of ``virtkit.connect`` takes it."""

    def __init__(self, module: Any) -> None:
        self.calls: Counter[str] = Counter()
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def open(self, uri: str) -> Any:
        """Open a connection whose calls count; libvirt itself makes four for it."""
        self.calls["open"] += 1
        return Counting(self._module.open(uri), self.calls)


class Host:
    """One host, reached through virtkit and without it."""

    def __init__(self, uri: str) -> None:
        module = importlib.import_module("virtkit.fake" if uri.startswith("fake:") else "libvirt")
        self.kind = "test" if uri.startswith("test:") else "qemu"
        self.xml = XML.format(type=self.kind)
        self.counting = Module(module)
        self.conn = virtkit.connect(uri, libvirt=self.counting)
        self.raw = self.counting.open(uri)
        self.domain: Any = None
        self.guest: Any = None

    def count(self, work: Callable[[], object]) -> int:
        """How many calls *work* makes."""
        self.counting.calls.clear()
        work()
        return sum(self.counting.calls.values())


def pairs(host: Host) -> list[tuple[str, Callable[[], object], Callable[[], object] | None]]:
    """Name, through virtkit, through libvirt-python; a life in order, each step twice from the same state."""

    def keep(name: str, value: Any) -> None:
        setattr(host, name, value)

    return [
        ("define", lambda: keep("domain", host.conn.domains.define(host.xml)), None),
        (
            "find by name",
            lambda: host.conn.domains["counted"],
            lambda: keep("guest", host.raw.lookupByName("counted")),
        ),
        ("list", lambda: list(host.conn.domains), lambda: host.raw.listAllDomains()),
        ("states of all", lambda: host.conn.domains.statistics(), lambda: host.raw.getAllDomainStats(1)),
        ("start", lambda: host.domain.start(), None),
        ("state", lambda: host.domain.status(), lambda: host.guest.state()),
        ("XML", lambda: host.domain.xml(), lambda: host.guest.XMLDesc()),
        ("suspend", lambda: host.domain.suspend(), None),
        ("resume", lambda: host.domain.resume(), None),
        ("managed save", lambda: host.domain.managed_save(), None),
        ("start from it", lambda: host.domain.start(), None),
        ("destroy", lambda: host.domain.destroy(), None),
        ("define again", lambda: host.conn.domains.define(host.xml), None),
        ("apply, unchanged", lambda: host.conn.domains.apply(host.xml), None),
        (
            "apply, changed",
            lambda: host.conn.domains.apply(host.xml.replace(">64<", ">96<")),
            None,
        ),
        ("stop, first time", lambda: (host.guest.create(), host.domain.stop()), None),
        ("stop, later", lambda: (host.guest.create(), host.domain.stop()), None),
        ("stop, off already", lambda: host.domain.stop(), None),
        ("undefine", lambda: host.domain.undefine(), None),
        ("delete", lambda: host.conn.domains.define(host.xml).delete(), None),
    ]


EXPECTED_RAW = {  # what a program without virtkit has to call for the same; once is enough to do it
    "define": 1,
    "start": 1,
    "suspend": 1,
    "resume": 1,
    "managed save": 1,
    "start from it": 1,
    "destroy": 1,
    "undefine": 1,
    "define again": 4,  # define, which fails; look up; read the XML for UUID and MAC; define
    "stop, off already": 2,  # shut down, which fails; read the state
}


def main() -> None:
    """Print the counts."""
    uri = sys.argv[1] if len(sys.argv) > 1 else "fake:///counted"
    fake = uri.startswith("fake:")
    with use(VirtualClock()) if fake else nullcontext():
        host = Host(uri)
        print(f"calls to {uri}\n{'operation':20} {'virtkit':>8} {'libvirt-python':>15}")
        for name, through_virtkit, plain in pairs(host):
            if not fake and name.startswith("stop"):
                continue  # no guest is in there to hear it
            try:
                ours = str(host.count(through_virtkit))
            except virtkit.NotSupported:
                ours = "-"
            theirs = str(host.count(plain)) if plain else str(EXPECTED_RAW.get(name, ""))
            print(f"{name:20} {ours:>8} {theirs:>15}")


if __name__ == "__main__":
    main()
