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
from virtkit import clock
from virtkit.clock import VirtualClock, use

if TYPE_CHECKING:
    from collections.abc import Callable

SHUTOFF = 5  # VIR_DOMAIN_SHUTOFF
WITH_A_GUEST = {"start, stop", "again", "stop, off already"}
LOCAL = {"name", "UUIDString", "connect", "isAlive", "setKeepAlive", "ID"}
XML = """\
<domain type='{type}'>
  <name>{name}</name>
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
    """One host, reached through virtkit and without it, each with a domain of its own."""

    def __init__(self, uri: str) -> None:
        module = importlib.import_module("virtkit.fake" if uri.startswith("fake:") else "libvirt")
        kind = "test" if uri.startswith("test:") else "qemu"
        self.xml = XML.format(type=kind, name="counted")
        self.counting = Module(module)
        self.conn = virtkit.connect(uri, libvirt=self.counting)
        self.plain = Plain(self.counting.open(uri), XML.format(type=kind, name="plain"), module)
        self.domain: Any = None

    def define(self) -> None:
        """Keep the handle for the steps that follow."""
        self.domain = self.conn.domains.define(self.xml)

    def count(self, work: Callable[[], object]) -> str:
        """How many calls *work* makes; ``-`` if the driver cannot do it."""
        self.counting.calls.clear()
        try:
            work()
        except (virtkit.NotSupported, self.plain.error):
            return "-"
        return str(sum(self.counting.calls.values()))


class Plain:
    """What a program without virtkit calls for the same."""

    def __init__(self, conn: Any, xml: str, module: Any) -> None:
        self.conn, self.xml, self.error = conn, xml, module.libvirtError
        self.domain: Any = None

    def define(self) -> None:
        """Define it for the first time."""
        self.domain = self.conn.defineXML(self.xml)

    def define_again(self) -> None:
        """Without a UUID in the document libvirt refuses: it has to be looked up first, with its MACs."""
        try:
            self.conn.defineXML(self.xml)
        except self.error:
            known = self.conn.lookupByName("plain").XMLDesc()
            uuid = known[known.index("<uuid>") : known.index("</uuid>") + len("</uuid>")]
            self.conn.defineXML(self.xml.replace("<memory", f"{uuid}<memory"))

    def stop(self) -> None:
        """Ask, and look twice a second until it is off."""
        try:
            self.domain.shutdown()
        except self.error:
            if self.domain.state()[0] != SHUTOFF:
                raise
            return
        while self.domain.state()[0] != SHUTOFF:
            clock.current().sleep(0.5)

    def start_and_stop(self) -> None:
        """Both."""
        self.domain.create()
        self.stop()

    def delete(self) -> None:
        """Stop it if it runs, and undefine it with what it has of managed save and snapshots."""
        self.define()
        if self.domain.isActive():
            self.stop()
        self.domain.hasManagedSaveImage()
        self.domain.snapshotNum()
        self.domain.undefine()


def steps(host: Host) -> list[tuple[str, Callable[[], object], Callable[[], object] | None]]:
    """Name, through virtkit, through libvirt-python (None: it has nothing like it); a life in order."""
    bigger = host.xml.replace(">64<", ">96<")
    plain = host.plain
    return [
        ("define", host.define, plain.define),
        ("find by name", lambda: host.conn.domains["counted"], lambda: plain.conn.lookupByName("plain")),
        ("list", lambda: list(host.conn.domains), lambda: plain.conn.listAllDomains()),
        ("states of all", lambda: host.conn.domains.statistics(), lambda: plain.conn.getAllDomainStats(1)),
        ("start", lambda: host.domain.start(), lambda: plain.domain.create()),
        ("state", lambda: host.domain.status(), lambda: plain.domain.state()),
        ("XML", lambda: host.domain.xml(), lambda: plain.domain.XMLDesc()),
        ("suspend", lambda: host.domain.suspend(), lambda: plain.domain.suspend()),
        ("resume", lambda: host.domain.resume(), lambda: plain.domain.resume()),
        ("managed save", lambda: host.domain.managed_save(), lambda: plain.domain.managedSave()),
        ("start from it", lambda: host.domain.start(), lambda: plain.domain.create()),
        ("destroy", lambda: host.domain.destroy(), lambda: plain.domain.destroy()),
        ("define again", lambda: host.conn.domains.define(host.xml), plain.define_again),
        ("apply, unchanged", lambda: host.conn.domains.apply(host.xml), None),
        ("apply, changed", lambda: host.conn.domains.apply(bigger), None),
        ("start, stop", lambda: (host.domain.start(), host.domain.stop()), plain.start_and_stop),
        ("again", lambda: (host.domain.start(), host.domain.stop()), plain.start_and_stop),
        ("stop, off already", lambda: host.domain.stop(), plain.stop),
        ("undefine", lambda: host.domain.undefine(), lambda: plain.domain.undefine()),
        ("define, delete", lambda: host.conn.domains.define(host.xml).delete(), plain.delete),
    ]


def main() -> None:
    """Print the counts."""
    uri = sys.argv[1] if len(sys.argv) > 1 else "fake:///counted"
    fake = uri.startswith("fake:")
    with use(VirtualClock()) if fake else nullcontext():
        host = Host(uri)
        print(f"calls to {uri}\n{'operation':20} {'virtkit':>8} {'libvirt-python':>15}")
        for name, through_virtkit, plain in steps(host):
            if not fake and name in WITH_A_GUEST:
                continue  # none is in there to hear it
            theirs = host.count(plain) if plain else ""
            print(f"{name:20} {host.count(through_virtkit):>8} {theirs:>15}")


if __name__ == "__main__":
    main()
