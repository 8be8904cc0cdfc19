"""Virtual CPUs: which are there, which can come and go, and on which of the host's they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit.fake.fill import bitmaps
from virtkit.fake.fill.nodes import add, drop, integer, remove, value
from virtkit.fake.tuning import edits

if TYPE_CHECKING:
    from lxml import etree


@dataclass
class Vcpu:
    """One virtual CPU of a document."""

    online: bool
    hotpluggable: str  # "yes", "no", or "" where the document does not say
    order: int = 0


@dataclass
class Vcpus:
    """All of them.

    Attributes:
        each: one after the other.
        single: whether the document lists them.
    """

    each: list[Vcpu]
    single: bool

    @property
    def count(self) -> int:
        """How many are online."""
        return sum(vcpu.online for vcpu in self.each)

    def cold(self, count: int, *, hotpluggable: bool) -> None:
        """Make *count* of a definition's online."""
        self._forget_order()
        for vcpu in self.each:
            if self.count >= count:
                break
            if vcpu.online:
                hotpluggable = hotpluggable or vcpu.hotpluggable == "yes"
                continue
            vcpu.online, vcpu.hotpluggable = True, "yes" if hotpluggable else "no"
            self.single = self.single or hotpluggable
        for vcpu in reversed(self.each):
            if self.count <= count:
                break
            if vcpu.online:
                vcpu.online, vcpu.hotpluggable = False, "yes"

    def resize(self, maximum: int) -> None:
        """Make them *maximum* in all."""
        self._forget_order()
        del self.each[maximum:]
        self.each.extend(Vcpu(online=False, hotpluggable="") for _ in range(maximum - len(self.each)))

    def switch(self, numbers: set[int], *, on: bool) -> None:
        """Turn those with *numbers* of a definition on or off."""
        self.single = True
        self._forget_order()
        for number in numbers:
            self.each[number] = Vcpu(online=on, hotpluggable="yes")

    def plug(self, numbers: set[int]) -> None:
        """Have a running guest get those with *numbers*."""
        self.single = True
        for number in sorted(numbers):
            highest = max(vcpu.order for vcpu in self.each)
            self.each[number] = Vcpu(online=True, hotpluggable="yes", order=highest + 1)

    def unplug(self, numbers: set[int]) -> None:
        """Have a running guest lose those with *numbers*."""
        for number in sorted(numbers, reverse=True):
            gone = self.each[number]
            for vcpu in self.each:
                if vcpu.order > gone.order:
                    vcpu.order -= 1
            self.each[number] = Vcpu(online=False, hotpluggable="yes")

    def _forget_order(self) -> None:
        for vcpu in self.each:
            vcpu.order = 0


def read(tree: etree._Element, *, live: bool = False) -> Vcpus:
    """Return the virtual CPUs of a document."""
    element = tree.find("vcpu")
    maximum = integer(tree.findtext("vcpu"), 1)
    listed = tree.findall("vcpus/vcpu")
    online = integer(value(element, "current"), maximum)
    each = [Vcpu(number < online, "no" if number < online else "yes") for number in range(maximum)]
    for vcpu in listed:
        on = vcpu.get("enabled") == "yes"
        hotpluggable = vcpu.get("hotpluggable") or ("no" if on else "yes")
        each[integer(vcpu.get("id"))] = Vcpu(on, hotpluggable, integer(vcpu.get("order")))
    if live:
        _number(each)
    return Vcpus(each, single=bool(listed))


def _number(each: list[Vcpu]) -> None:
    """Give those of a running guest the order in which they came."""
    online = sorted((vcpu for vcpu in each if vcpu.online), key=lambda vcpu: vcpu.order or 0)
    if not any(vcpu.order for vcpu in online):
        for place, vcpu in enumerate(online):
            vcpu.order = place + 1


def write(tree: etree._Element, vcpus: Vcpus) -> None:
    """Put the virtual CPUs into a document."""
    element = edits.section(tree, "vcpu")
    element.text = str(len(vcpus.each))
    drop(element, "current")
    if vcpus.count < len(vcpus.each):
        element.set("current", str(vcpus.count))
    remove(tree.find("vcpus"))
    if not vcpus.single:
        return
    listed = edits.section(tree, "vcpus")
    for number, vcpu in enumerate(vcpus.each):
        one = add(listed, "vcpu", id=str(number), enabled="yes" if vcpu.online else "no")
        if vcpu.hotpluggable:
            one.set("hotpluggable", vcpu.hotpluggable)
        if vcpu.order:
            one.set("order", str(vcpu.order))


def bitmap(text: str) -> set[int]:
    """Return the numbers that *text* lists."""
    return bitmaps.parse(text)


def topology(tree: etree._Element) -> int:
    """Return for how many virtual CPUs the topology of a document has room, 0 if it has none."""
    element = tree.find("cpu/topology")
    if element is None:
        return 0
    count = 1
    for name in ("sockets", "dies", "cores", "threads"):
        count *= integer(element.get(name), 1)
    return count


# on which processors of the host they run


def pinned(tree: etree._Element, element: str, number: int | None, host: int) -> set[int]:
    """Return the host's processors for a virtual CPU (``vcpupin``), an I/O thread or the emulator."""
    name = element.removesuffix("pin")
    place = "" if number is None else f"[@{name}='{number}']"
    own = tree.find(f"cputune/{element}{place}")
    if own is not None:  # it may be none of them, on the test driver
        return bitmaps.parse(own.get("cpuset", ""))
    cpuset = value(tree.find("vcpu"), "cpuset")
    return bitmaps.parse(cpuset) if cpuset else set(range(host))


def pin(tree: etree._Element, element: str, number: int | None, cpus: set[int]) -> None:
    """Put down where something runs."""
    name = element.removesuffix("pin")
    tune = edits.section(tree, "cputune")
    place = "" if number is None else f"[@{name}='{number}']"
    found = tune.find(f"{element}{place}")
    if found is None:
        found = add(tune, element, **({} if number is None else {name: str(number)}))
        edits.tidy(tune)
        if number is not None:
            _sort_pins(tune, element, name)
    found.set("cpuset", bitmaps.print_(cpus))


def _sort_pins(tune: etree._Element, element: str, name: str) -> None:
    pins = tune.findall(element)
    place = tune.index(pins[0])
    for each in pins:
        tune.remove(each)
    for offset, each in enumerate(sorted(pins, key=lambda one: integer(one.get(name)))):
        tune.insert(place + offset, each)
