"""Limits that Linux enforces: shares of processors, memory and block devices, nodes, counted events.

A table for each family: the parameter, its type, and where a document says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import bitmaps
from virtkit.fake.fill.nodes import add, integer, remove_if_empty, value
from virtkit.fake.tuning import edits
from virtkit.fake.tuning.typed import BOOLEAN, INT, LLONG, STRING, UINT, ULLONG

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml import etree

UNLIMITED = 9007199254740991  # KiB
_ARGUMENT = c.VIR_ERR_INVALID_ARG
_BANDWIDTH_PERIOD, _BANDWIDTH_QUOTA = (1000, 1000000), (1000, 17592186044415)
# parameter: its element in cputune, its type, its range, what Linux has unless told
_SCHEDULER: dict[str, tuple[str, int, tuple[int, int] | None, int]] = {
    "cpu_shares": ("shares", ULLONG, None, 100),
    "vcpu_period": ("period", ULLONG, _BANDWIDTH_PERIOD, 100000),
    "vcpu_quota": ("quota", LLONG, _BANDWIDTH_QUOTA, -1),
    "emulator_period": ("emulator_period", ULLONG, _BANDWIDTH_PERIOD, 100000),
    "emulator_quota": ("emulator_quota", LLONG, _BANDWIDTH_QUOTA, -1),
    "global_period": ("global_period", ULLONG, _BANDWIDTH_PERIOD, 100000),
    "global_quota": ("global_quota", LLONG, _BANDWIDTH_QUOTA, -1),
    "iothread_period": ("iothread_period", ULLONG, _BANDWIDTH_PERIOD, 100000),
    "iothread_quota": ("iothread_quota", LLONG, _BANDWIDTH_QUOTA, -1),
}
SCHEDULER = {name: row[1] for name, row in _SCHEDULER.items()}
MEMORY = {"hard_limit": ULLONG, "soft_limit": ULLONG, "swap_hard_limit": ULLONG}
NUMA = {"numa_mode": INT, "numa_nodeset": STRING}
_MODES = ("strict", "preferred", "interleave", "restrictive")
_DEVICES = {
    "device_weight": "weight",
    "device_read_iops_sec": "read_iops_sec",
    "device_write_iops_sec": "write_iops_sec",
    "device_read_bytes_sec": "read_bytes_sec",
    "device_write_bytes_sec": "write_bytes_sec",
}
BLKIO = {"weight": UINT, **dict.fromkeys(_DEVICES, STRING)}
_WEIGHT = 100
_EVENTS = """
    cmt mbmt mbml cpu_cycles instructions cache_references cache_misses branch_instructions branch_misses
    bus_cycles stalled_cycles_frontend stalled_cycles_backend ref_cpu_cycles cpu_clock task_clock page_faults
    context_switches cpu_migrations page_faults_min page_faults_maj alignment_faults emulation_faults
"""
PERF = dict.fromkeys(_EVENTS.split(), BOOLEAN)


# processors


def scheduler(tree: etree._Element, *, live: bool) -> dict[str, int]:
    """Return the scheduler's parameters."""
    return {
        name: integer(tree.findtext(f"cputune/{element}"), default if live else 0)
        for name, (element, _, _, default) in _SCHEDULER.items()
    }


def set_scheduler(params: Mapping[str, int], source: int) -> Callable[[etree._Element], None]:
    """Return what sets *params* in a document; refuse those out of range."""
    for name, number in params.items():
        limits = _SCHEDULER[name][2]
        if limits is not None and number > 0 and not limits[0] <= number <= limits[1]:
            message = f"value of '{name}' is out of range [{limits[0]}, {limits[1]}]"
            fail(_ARGUMENT, source, message)

    def edit(tree: etree._Element) -> None:
        for name, number in params.items():
            edits.put(tree, f"cputune/{_SCHEDULER[name][0]}", str(number) if number else None)

    return edit


# memory


def memory(tree: etree._Element) -> dict[str, int]:
    """Return the limits of memory, in KiB."""
    return {name: integer(tree.findtext(f"memtune/{name}"), UNLIMITED) for name in MEMORY}


def set_memory(
    params: Mapping[str, int], present: etree._Element, source: int
) -> Callable[[etree._Element], None]:
    """Return what sets *params*; *present* is the document in force, whose other limits must agree."""
    limits = {**memory(present), **params}
    touched = {"hard_limit", "swap_hard_limit"} & set(params)
    if touched and limits["hard_limit"] > limits["swap_hard_limit"]:
        message = "memory hard_limit tunable value must be lower than or equal to swap_hard_limit"
        fail(_ARGUMENT, source, message)

    def edit(tree: etree._Element) -> None:
        for name, number in params.items():
            edits.put(tree, f"memtune/{name}", None if number >= UNLIMITED else str(number), unit="KiB")

    return edit


# block devices


def blkio(tree: etree._Element, *, live: bool) -> dict[str, Any]:
    """Return the weights and limits of block devices."""
    found: dict[str, Any] = {"weight": integer(tree.findtext("blkiotune/weight"), _WEIGHT if live else 0)}
    for name, element in _DEVICES.items():
        pairs = [
            f"{device.findtext('path')},{number}"
            for device in tree.iterfind("blkiotune/device")
            if (number := integer(device.findtext(element)))
        ]
        found[name] = ",".join(pairs)
    return found


def set_blkio(params: Mapping[str, Any], source: int) -> Callable[[etree._Element], None]:
    """Return what sets *params* in a document."""
    devices = {name: _pairs(name, text, source) for name, text in params.items() if name in _DEVICES}
    weight = params.get("weight")

    def edit(tree: etree._Element) -> None:
        if weight is not None:
            edits.put(tree, "blkiotune/weight", str(weight) if weight else None)
        for name, pairs in devices.items():
            for path, number in pairs:
                _put_device(tree, path, _DEVICES[name], number)

    return edit


def _pairs(name: str, text: str, source: int) -> list[tuple[str, int]]:
    if not text:
        return []
    words = text.split(",")
    if len(words) % 2:
        fail(_ARGUMENT, source, f"unable to parse blkio device '{name}' '{text}'")
    pairs = []
    for path, number in zip(words[::2], words[1::2], strict=True):
        if not number.isdigit():
            fail(_ARGUMENT, source, f"invalid value '{number}' for parameter '{name}' of device '{path}'")
        pairs.append((path, int(number)))
    return pairs


def _put_device(tree: etree._Element, path: str, element: str, number: int) -> None:
    devices = tree.findall("blkiotune/device")
    device = next((each for each in devices if each.findtext("path") == path), None)
    if device is None:
        if not number:
            return
        device = add(edits.section(tree, "blkiotune"), "device")
        add(device, "path", path)
    edits.put(device, element, str(number) if number else None)
    edits.tidy(device)
    if len(device) == 1:
        edits.drop(tree, f"blkiotune/device[path='{path}']")


# nodes


def numa(tree: etree._Element) -> dict[str, Any]:
    """Return from which nodes memory comes, and how strictly."""
    element = tree.find("numatune/memory")
    return {
        "numa_mode": _MODES.index(value(element, "mode", "strict")),
        "numa_nodeset": value(element, "nodeset"),
    }


def set_numa(params: Mapping[str, Any], source: int) -> Callable[[etree._Element], None]:
    """Return what sets *params* in a document."""
    mode, nodes = params.get("numa_mode"), params.get("numa_nodeset")
    if mode is not None and not 0 <= mode < len(_MODES):
        fail(_ARGUMENT, source, f"unsupported numatune mode: '{mode}'")
    if nodes is not None:
        nodes = bitmaps.print_(parse_bitmap(nodes))

    def edit(tree: etree._Element) -> None:
        element = edits.section(tree, "numatune/memory")
        if mode is not None or element.get("mode") is None:
            element.set("mode", _MODES[mode or 0])
        if nodes is not None:
            element.set("nodeset", nodes)

    return edit


def check_numa(tree: etree._Element, params: Mapping[str, Any], source: int, *, qemu: bool) -> None:
    """Refuse what a running guest's memory cannot do."""
    element = tree.find("numatune/memory")
    present, mode = numa(tree), params.get("numa_mode")
    if element is not None and mode is not None and mode != present["numa_mode"]:
        message = "can't change numatune mode for running domain"
        fail(c.VIR_ERR_OPERATION_INVALID, source, message)
    if not qemu or "numa_nodeset" not in params:
        return
    if mode == 0:
        if params["numa_nodeset"] != present["numa_nodeset"]:
            message = "can't change nodeset for strict mode for running domain"
            fail(c.VIR_ERR_OPERATION_INVALID, source, message)
    elif element is not None and present["numa_mode"] != _MODES.index("restrictive"):
        message = "change of nodeset for running domain requires restrictive numa mode"
        fail(c.VIR_ERR_OPERATION_INVALID, source, message)


def check_placement(tree: etree._Element, params: Mapping[str, Any]) -> None:
    """Refuse a mode for memory of which nobody says from which nodes it comes."""
    static = value(tree.find("vcpu"), "placement", "static") == "static"
    if static and not params.get("numa_nodeset") and not numa(tree)["numa_nodeset"]:
        message = "nodeset for NUMA memory tuning must be set if 'placement' is 'static'"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_DOMAIN, message)


def parse_bitmap(text: str) -> set[int]:
    """Return the numbers that *text* lists.

    Raises:
        libvirtError: it is no such list.
    """
    found = bitmaps.parse(text)
    if not found:
        fail(_ARGUMENT, c.VIR_FROM_NONE, f"Failed to parse bitmap '{text}'")
    return found


# events


def perf(tree: etree._Element) -> dict[str, bool]:
    """Return which events are counted."""
    on = {event.get("name") for event in tree.iterfind("perf/event") if event.get("enabled") == "yes"}
    return {name: name in on for name in PERF}


def put_perf(params: Mapping[str, bool], tree: etree._Element) -> None:
    """Write which events of *params* are counted, and which are not."""
    events = edits.section(tree, "perf")
    said = {event.get("name"): event.get("enabled", "no") for event in events}
    said.update({name: "yes" if on else "no" for name, on in params.items()})
    kept = [name for name in PERF if name in said]
    events[:] = [events.makeelement("event", {"name": name, "enabled": said[name]}) for name in kept]
    remove_if_empty(events)
