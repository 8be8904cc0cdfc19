"""libvirt's qemuhotplugtest: which device makes what of which running domain."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit.fake import hotplug, rules
from virtkit.fake.errors import libvirtError
from virtkit.fake.host import Host
from virtkit.fake.hotplug.context import document
from virtkit.fake.state.records import DomainRecord
from virtkit.fake.store.memory import MemoryStore
from virtkit.tree import parse

from .compare import differences, same
from .report import Report, Result

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml import etree

_STEP = re.compile(
    r'^    DO_TEST_(ATTACH|DETACH|UPDATE)\("([^"]+)",\s*"([^"]+)",\s*(true|false),\s*(true|false)',
    re.MULTILINE,
)
# where libvirt's test keeps what a host has elsewhere
_FOLDERS = {
    "/tmp/channel/": "/var/lib/libvirt/qemu/channel/target/",
    "/tmp/lib/": "/var/lib/libvirt/qemu/",
}
_RUNNING = 1


@dataclass(frozen=True)
class Step:
    """One call of libvirt's test: what it does to the domain that the step before left, or to a new one."""

    action: str
    domain: str
    device: str
    fails: bool
    keeps: bool

    @property
    def name(self) -> str:
        """What libvirt's test calls it."""
        return f"{self.domain} {self.action.lower()} {self.device}"


def steps(source: Path) -> Iterator[Step]:
    """Yield the steps, in order; not those whose monitor is silent, or that the test itself cannot do."""
    text = (source / "tests/qemuhotplugtest.c").read_text()
    for match in _STEP.finditer(text):
        action, domain, device, fails, keeps = match.groups()
        if fails == "false" or device == "graphics-spice-listen":
            yield Step(action, domain, device, fails == "true", keeps == "true")


def _read(path: Path) -> etree._Element:
    text = path.read_text()
    for theirs, ours in _FOLDERS.items():
        text = text.replace(theirs, ours)
    return parse(text)


def _plain(tree: etree._Element) -> etree._Element:
    """Return *tree* without what hangs on the host, and without what any document gets when it is read."""
    copied = deepcopy(tree)
    for console in copied.iterfind("devices/console"):
        console.attrib.pop("tty", None)
    for source in copied.iterfind("devices/*/source"):
        if source.get("path", "").startswith("/dev/pts/"):
            source.set("path", "/dev/pts/")
    for unneeded in copied.xpath("devices/audio | devices/memballoon[@model='none']/alias"):
        unneeded.getparent().remove(unneeded)
    return copied


class Bench:
    """A fake host on which the steps are done."""

    def __init__(self, source: Path) -> None:
        self._domains = source / "tests/qemuhotplugtestdomains"
        self._devices = source / "tests/qemuhotplugtestdevices"
        self._record: DomainRecord | None = None

    def _domain(self, name: str) -> DomainRecord:
        if self._record is None:
            live = document(_read(self._domains / f"qemuhotplug-{name}.xml"))
            facts = live.facts()
            self._record = DomainRecord(facts.uuid, facts.name, live=live, id=7, state=_RUNNING)
            self._record.balloon = facts.current_memory
        return self._record

    def judge(self, step: Step) -> Result:
        """Do *step*, and compare."""
        record = self._domain(step.domain)
        device = (self._devices / f"qemuhotplug-{step.device}.xml").read_text()
        error = self._do(step, record, device)
        live = record.document.tree()
        if not step.keeps:
            self._record = None
        if step.fails or error:
            return Result(step.name, reproduced=bool(error) == step.fails, error=error)
        if step.action == "UPDATE":
            return Result(step.name, reproduced=True)
        after = f"{step.domain}+{step.device}" if step.action == "ATTACH" else step.domain
        theirs = _plain(_read(self._domains / f"qemuhotplug-{after}.xml"))
        live = _plain(live)
        return Result(step.name, reproduced=same(live, theirs), differences=differences(live, theirs))

    def _do(self, step: Step, record: DomainRecord, device: str) -> str:
        """Return the error, empty if there is none."""
        host = Host("corpus", MemoryStore(), rules.QEMU)
        call = {"ATTACH": hotplug.attach, "DETACH": hotplug.detach, "UPDATE": hotplug.update}[step.action]
        for theirs, ours in _FOLDERS.items():
            device = device.replace(theirs, ours)
        try:
            with host as session:
                session.insert(record)
                call(host, session, record, device, live=True, config=False)
        except libvirtError as error:
            return str(error)
        return ""


def pairs(source: Path) -> Report:
    """Return the report on libvirt's steps of plugging and unplugging."""
    bench = Bench(source)
    return Report("hotplug", [bench.judge(step) for step in steps(source)])
