"""Documents: reading, editing, comparing, merging and checking a domain of some 60 lines, and how each grows.

    python benchmarks/bench_model.py [--rounds N]

virtkit and virtinst (Debian's package ``virtinst``, in the Python that has it) parse the same text, read the
same 20 fields, set the same two and write; that both write the same is checked first. They take turns in one
run, in a new order each round; times are CPU time, a ratio is the median of those within a round. lxml's own
parse and write, without any view, says what no library above it can be faster than. The rest is measured on
the same domain with 10, 100 and 1,000 disks: what grows with the document alone takes as long for each disk.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from virtkit import model, tree

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
LOOPS = 100
SIZES = (10, 100, 1000)
DISK = """
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none' discard='unmap'/>
      <source file='/srv/disk{0}.qcow2'/>
      <target dev='vd{1}' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x{2:02x}' slot='0x{3:02x}' function='0x0'/>
    </disk>"""
NIC = """
    <interface type='network'>
      <mac address='52:54:00:00:00:{0:02x}'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>"""


def domain(disks: int) -> str:
    """A domain with so many disks."""
    named = (DISK.format(n, letters(n), *divmod(n + 1, 32)) for n in range(disks))
    devices = "".join([*named, NIC.format(1), NIC.format(2)])
    return (
        "<domain type='kvm'>\n  <name>web1</name>\n  <memory unit='KiB'>2097152</memory>\n"
        "  <vcpu placement='static'>2</vcpu>\n  <os>\n    <type arch='x86_64' machine='q35'>hvm</type>\n"
        "    <boot dev='hd'/>\n  </os>\n  <features>\n    <acpi/>\n    <apic/>\n  </features>\n"
        f"  <cpu mode='host-model'/>\n  <clock offset='utc'/>\n  <devices>{devices}\n  </devices>\n"
        "</domain>\n"
    )


def letters(number: int) -> str:
    """The end of a disk's name: a to z, then aa."""
    above, last = divmod(number, 26)
    return (letters(above - 1) if above else "") + "abcdefghijklmnopqrstuvwxyz"[last]


def edit(text: str) -> str:
    """Parse, read 20 fields, set 2, write."""
    view = model.Domain.parse(text)
    fields: list[object] = [view.name, view.memory, view.vcpu.count, view.os.type.machine, view.cpu.mode]
    fields.append(view.clock.offset)
    for disk in view.devices.disks[:3]:
        fields += [disk.source.file, disk.target.dev, disk.driver.cache, disk.address.bus]
    for interface in view.devices.interfaces:
        fields += [interface.mac.address]
    assert len(fields) == 20, fields
    assert None not in fields, fields
    view.memory = 4 * 2**30
    view.devices.disks[0].driver.io = "native"
    return view.to_xml()


def timed(function: Callable[[], object]) -> Callable[[int], float]:
    """Return a contestant: how many CPU seconds so many calls of *function* take."""

    def run(loops: int) -> float:
        began = time.process_time()
        for _ in range(loops):
            function()
        return time.process_time() - began

    return run


class Virtinst:
    """virtinst, in a process of the Python that has it."""

    def __init__(self, text: str) -> None:
        self.process = subprocess.Popen(
            ["/usr/bin/python3", str(HERE / "_virtinst_reader.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        answer = self._ask(json.dumps(text))
        if not answer:
            assert self.process.stderr is not None
            raise LookupError(self.process.stderr.read().strip().splitlines()[-1])
        self.written: str = json.loads(answer)

    def __call__(self, loops: int) -> float:
        """Return how many CPU seconds so many documents take."""
        return float(self._ask(str(loops)))

    def _ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


def editing(text: str, rounds: int) -> None:
    """Measure parse, read, edit and write beside virtinst."""
    runs: dict[str, Callable[[int], float]] = {
        "virtkit": timed(lambda: edit(text)),
        "lxml, parse and write only": timed(lambda: etree.tostring(etree.fromstring(text))),
    }
    try:
        virtinst = Virtinst(text)
    except (OSError, LookupError) as error:
        print(f"virtinst is not measured: {error} (Debian: apt install virtinst)\n")
    else:
        if not tree.equal(tree.parse(virtinst.written), tree.parse(edit(text))):
            sys.exit(f"virtinst writes another document:\n{virtinst.written}\nvirtkit writes:\n{edit(text)}")
        runs["virtinst"] = virtinst
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name in random.sample(list(runs), len(runs)):
            loops = LOOPS if name != "virtinst" else 10
            seconds[name].append(runs[name](loops) / loops)
    lines = text.count("\n")
    print(f"parse, read 20 fields, set 2, write: a domain of {lines} lines{'ms':>13}  time / virtkit")
    for name, measured in seconds.items():
        ratio = statistics.median(a / b for a, b in zip(measured, seconds["virtkit"], strict=True))
        print(f"  {name:50}{statistics.median(measured) * 1e3:12.3f}{ratio:15.2f}")


def growing(rounds: int) -> None:
    """Measure the rest, at several sizes."""
    print(f"\n{'ms for a domain with so many disks':40}{'6':>9}", *(f"{size:9}" for size in SIZES), end="")
    print("   for each disk, 1,000 / 100")
    for name, prepare in MEASURES.items():
        works = [prepare(domain(size)) for size in (6, *SIZES)]
        for work in works:
            work()
        times: list[list[float]] = [[] for _ in works]
        for _ in range(rounds):
            for work, measured, size in zip(works, times, (6, *SIZES), strict=True):
                loops = max(1, 300 // size)
                measured.append(timed(work)(loops) / loops * 1e3)
        medians = [statistics.median(measured) for measured in times]
        print(
            f"  {name:38}", *(f"{each:9.2f}" for each in medians), f"{medians[-1] / medians[-2] / 10:12.2f}"
        )


def _changed(text: str) -> str:
    """The same domain as libvirt might show it: a little more, and other spellings."""
    text = text.replace("'KiB'>2097152", "'MiB'>2048").replace("slot='0x0", "slot='0x00")
    return text.replace("discard='unmap'/>", "discard='unmap' io='native'/>")


def _two(work: Callable[[etree._Element, etree._Element], object]) -> Callable[[str], Callable[[], object]]:
    def prepare(text: str) -> Callable[[], object]:
        one, other = tree.parse(text), tree.parse(_changed(text))
        return lambda: work(one, other)

    return prepare


def _without_names(text: str) -> etree._Element:
    """The domain with disks that have no name: partners are found by what they hold."""
    root = tree.parse(text)
    for disk in root.iterfind("devices/disk"):
        disk.remove(disk[2])
    return root


def _nameless(text: str) -> Callable[[], object]:
    one, other = _without_names(text), _without_names(_changed(text))
    other.find("devices")[:] = list(reversed(other.find("devices")))  # type: ignore[index, arg-type]
    return lambda: model.diff(one, other)


def _edit_all(text: str) -> None:
    view = model.Domain.parse(text)
    for disk in view.devices.disks:
        disk.driver.io = "native"
        disk.serial = disk.target.dev
    view.to_xml()


MEASURES: dict[str, Callable[[str], Callable[[], object]]] = {
    "parse and write": lambda text: lambda: model.Domain.parse(text).to_xml(),
    "parse, set two fields of each disk, write": lambda text: lambda: _edit_all(text),
    "diff": _two(model.diff),
    "diff, disks without names, the other way": _nameless,
    "merge": _two(model.merge),
    "carry_over": _two(model.carry_over),
}
if model.schema_available():
    MEASURES["validate"] = lambda text: lambda: model.validate(text)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    editing(domain(6), rounds)
    growing(max(3, rounds // 4))


if __name__ == "__main__":
    main()
