"""The CPU: its defaults by machine, topology and NUMA cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill import bitmaps
from virtkit.fake.fill.draft import ARM
from virtkit.fake.fill.nodes import (
    add,
    child,
    drop,
    integer,
    put_first,
    remove,
    remove_if_empty,
    sort_attributes,
    value,
)
from virtkit.fake.fill.sizes import kib

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_ATTRIBUTES = ("mode", "match", "check", "migratable")
_NO_MODEL = {"host-passthrough", "maximum"}
_CHILDREN = ("model", "vendor", "topology", "cache", "maxphysaddr", "feature", "numa")


def parse(tree: etree._Element) -> None:
    """Read the CPU as libvirt's parser does, and its NUMA cells."""
    cpu = tree.find("cpu")
    if cpu is None:
        return
    _numa(cpu)
    mode = cpu.get("mode", "custom")
    model = cpu.find("model")
    named = model is not None and bool((model.text or "").strip())
    if mode in _NO_MODEL:
        drop(model, "fallback", "vendor_id")
        remove(model)
    elif model is not None:
        if named:
            put_first(model, fallback="allow")
        else:
            drop(model, "fallback")
            remove_if_empty(model)
    for feature in cpu.iterfind("feature"):
        put_first(feature, policy="require")
    topology = cpu.find("topology")
    if topology is not None:
        if topology.get("dies") is None:
            topology.set("dies", "1")
        sort_attributes(topology, ("sockets", "dies", "cores", "threads"))


def _numa(cpu: etree._Element) -> None:
    numa = cpu.find("numa")
    if numa is None:
        return
    for number, cell in enumerate(numa.findall("cell")):
        put_first(cell, id=str(number))
        if cell.get("cpus"):
            cell.set("cpus", bitmaps.tidy(cell.get("cpus", "")))
        cell.set("memory", str(kib(cell.get("memory", "0"), cell.get("unit", "KiB"))))
        cell.set("unit", "KiB")
        sort_attributes(cell, ("id", "cpus", "memory", "unit", "memAccess", "discard"))
    cells = numa.findall("cell")
    ordered = sorted(cells, key=lambda cell: integer(cell.get("id")))
    if ordered != cells:
        for place, cell in enumerate(ordered):
            numa.insert(place, cell)
    _distances(ordered)


def _distances(cells: list[etree._Element]) -> None:
    """Add what distances between NUMA cells follow from those that are given: each way, and its own."""
    given: dict[tuple[int, int], int] = {}
    for cell in cells:
        for sibling in cell.iterfind("distances/sibling"):
            pair = integer(cell.get("id")), integer(sibling.get("id"))
            given[pair] = integer(sibling.get("value"))
    if not given:
        return
    for (one, other), length in list(given.items()):
        given.setdefault((other, one), length)
        for each in (one, other):
            given.setdefault((each, each), 10)
    for cell in cells:
        number = integer(cell.get("id"))
        mine = sorted((other, length) for (one, other), length in given.items() if one == number)
        if mine:
            distances = child(cell, "distances")
            distances[:] = []
            for other, length in mine:
                add(distances, "sibling", id=str(other), value=str(length))


def fill_qemu(draft: Draft) -> None:
    """Choose the CPU where the document leaves it open, and how it is checked."""
    cpu = draft.tree.find("cpu")
    open_ = cpu is None or (cpu.get("mode", "custom") == "custom" and cpu.find("model") is None)
    if open_:
        cpu = _default(draft, cpu)
    if cpu is None:
        return
    _sve(cpu)
    mode = cpu.get("mode", "custom")
    if mode == "host-passthrough" and cpu.get("migratable") is None:
        if draft.emulator.has("cpu.migratable"):
            cpu.set("migratable", "on")
        elif draft.x86:
            cpu.set("migratable", "off")
    if mode == "custom" and cpu.find("model") is None:
        return
    if cpu.get("check") is None:
        partial = "none" if (draft.kind == "qemu" and mode == "custom") or mode in _NO_MODEL else "partial"
        cpu.set("check", partial)


def _default(draft: Draft, cpu: etree._Element | None) -> etree._Element | None:
    arch_knows = draft.x86 or draft.s390 or draft.ppc64
    if not arch_knows and not (draft.arch in ARM and draft.kind == "qemu"):
        return cpu
    model = draft.emulator.cpu(draft.kind, draft.machine)
    if not model:
        return cpu
    if cpu is None:
        cpu = add(draft.tree, "cpu")
    if model == "host":
        cpu.set("mode", "host-model" if draft.s390 else "host-passthrough")
        return cpu
    cpu.set("check", "none")
    put_first(cpu, mode="custom", match="exact")
    element = cpu.makeelement("model", {"fallback": "forbid"})
    element.text = model
    cpu.insert(0, element)
    return cpu


def _sve(cpu: etree._Element) -> None:
    """Vector lengths imply that there are vectors."""
    features = cpu.findall("feature")
    if not any(each.get("name", "").startswith("sve") and each.get("name") != "sve" for each in features):
        return
    for feature in features:
        if feature.get("name") == "sve":
            feature.set("policy", "require")
            return
    add(cpu, "feature", policy="require", name="sve")


def finish(draft: Draft) -> None:
    """Print no more of the CPU than libvirt does."""
    cpu = draft.tree.find("cpu")
    if cpu is None:
        return
    mode = cpu.get("mode", "custom")
    if mode == "custom" and cpu.find("model") is None:
        drop(cpu, *_ATTRIBUTES)
    else:
        if mode == "custom":
            put_first(cpu, mode="custom", match="exact")
        else:
            drop(cpu, "match")
            put_first(cpu, mode=mode)
        sort_attributes(cpu, _ATTRIBUTES)
    rank = {name: number for number, name in enumerate(_CHILDREN)}
    cpu[:] = sorted(cpu, key=lambda each: rank.get(str(each.tag), len(rank)))
    remove_if_empty(cpu)


def fill_numa(draft: Draft) -> None:
    """Put the CPUs that no cell has into the first."""
    cells = draft.tree.findall("cpu/numa/cell")
    if not cells:
        return
    vcpus = integer(draft.tree.findtext("vcpu"), 1)
    sets = [bitmaps.parse(value(cell, "cpus")) for cell in cells]
    if sum(len(each) for each in sets) < vcpus:
        others = set().union(*sets[1:]) if len(sets) > 1 else set()
        cells[0].set("cpus", bitmaps.print_(set(range(vcpus)) - others))
        sort_attributes(cells[0], ("id", "cpus"))
