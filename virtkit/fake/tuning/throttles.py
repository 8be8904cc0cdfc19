"""How fast a disk and a network interface may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, integer, remove, value
from virtkit.fake.fill.order import sort_children
from virtkit.fake.hotplug.kinds import source_path
from virtkit.fake.tuning import edits
from virtkit.fake.tuning.typed import STRING, UINT, ULLONG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_ARGUMENT, _UNSUPPORTED = c.VIR_ERR_INVALID_ARG, c.VIR_ERR_CONFIG_UNSUPPORTED
RATES = (
    "total_bytes_sec",
    "read_bytes_sec",
    "write_bytes_sec",
    "total_iops_sec",
    "read_iops_sec",
    "write_iops_sec",
)
# what is set together: a value given for one means that the others are none
_FAMILIES = [
    RATES[:3],
    RATES[3:],
    tuple(f"{name}_max" for name in RATES[:3]),
    tuple(f"{name}_max" for name in RATES[3:]),
    tuple(f"{name}_max_length" for name in RATES[:3]),
    tuple(f"{name}_max_length" for name in RATES[3:]),
]
_NAMES = (
    *RATES, *(f"{name}_max" for name in RATES), "size_iops_sec", "group_name",
    *(f"{name}_max_length" for name in RATES),
)  # fmt: skip
BLOCK = {name: STRING if name == "group_name" else ULLONG for name in _NAMES}
BLOCK_MOST = 10**15
_BANDWIDTH = {
    "inbound": ("average", "peak", "burst", "floor"), "outbound": ("average", "peak", "burst"),
}  # fmt: skip
INTERFACE = {f"{side}.{name}": UINT for side, names in _BANDWIDTH.items() for name in names}
_SHAPED = {"network", "bridge", "direct", "ethernet"}
_SIDES = (("total", "read"), ("total", "write"))


# disks


def disk_of(tree: etree._Element, path: str) -> etree._Element | None:
    """Return the disk with the target, or the source, *path*."""
    for disk in tree.iterfind("devices/disk"):
        if value(disk.find("target"), "dev") == path or (path.startswith("/") and source_path(disk) == path):
            return disk
    return None


def block(disk: etree._Element) -> dict[str, Any]:
    """Return the limits of a disk."""
    tune = disk.find("iotune")
    if tune is None:
        return {name: "" if kind == STRING else 0 for name, kind in BLOCK.items()}
    return {
        name: tune.findtext(name) or "" if kind == STRING else integer(tune.findtext(name))
        for name, kind in BLOCK.items()
    }


def check_block(params: Mapping[str, Any], source: int) -> None:
    """Refuse values that are too large, and a total beside its parts."""
    for number in params.values():
        if isinstance(number, int) and number > BLOCK_MOST:
            message = f"block I/O throttle limit value must be no more than {BLOCK_MOST}"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, source, message)
    check_totals(params, source)


def check_totals(info: Mapping[str, Any], source: int) -> None:
    """Refuse a total beside its parts."""
    for what in ("bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"):
        if any(info.get(f"{total}_{what}") and info.get(f"{part}_{what}") for total, part in _SIDES):
            fail(_ARGUMENT, source, f"total and read/write of {what} cannot be set at the same time")


def merged(tree: etree._Element, disk: etree._Element, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits that *params* make of a disk's, or of its new group's."""
    group = params.get("group_name")
    present = block(disk)
    if group and group != present["group_name"]:
        others = [block(other) for other in tree.iterfind("devices/disk")]
        present = next((other for other in others if other["group_name"] == group), present)
    info: dict[str, Any] = dict(present)
    for family in _FAMILIES:
        if set(family) & set(params):
            info.update({name: params.get(name, 0) for name in family})
    info.update(params)
    for name in RATES:
        length = f"{name}_max_length"
        if length in params and present[length] and not params[length]:
            info[length] = int(bool(info[name] or info[f"{name}_max"]))
    return info


def check_bursts(info: Mapping[str, Any], source: int) -> None:
    """Refuse a burst without a rate, or below it: QEMU does."""
    for name in RATES:
        burst = info[f"{name}_max"]
        if burst and not info[name]:
            fail(_UNSUPPORTED, source, f"cannot reset '{name}' when '{name}_max' is set")
        if burst and burst < info[name]:
            fail(_UNSUPPORTED, source, f"value '{name}_max' cannot be smaller than '{name}'")


def check_group(disk: etree._Element, info: dict[str, Any], source: int) -> None:
    """Refuse a group that limits nothing; a disk without limits leaves its group."""
    if any(number for name, number in info.items() if name != "group_name"):
        return
    if info["group_name"] and info["group_name"] != block(disk)["group_name"]:
        message = "creating a new group/updating existing with all tune parameters zero is not supported"
        fail(_UNSUPPORTED, source, message)
    info["group_name"] = ""


def put_block(tree: etree._Element, path: str, info: Mapping[str, Any]) -> None:
    """Write the limits of a disk, and of all of its group."""
    disk = disk_of(tree, path)
    group = info["group_name"]
    for each in tree.iterfind("devices/disk"):
        if each is disk or (group and block(each)["group_name"] == group):
            _write(each, info)


def _write(disk: etree._Element, info: Mapping[str, Any]) -> None:
    remove(disk.find("iotune"))
    said = [(name, info[name]) for name in _XML_ORDER if info[name]]
    if said:
        tune = add(disk, "iotune")
        for name, number in said:
            add(tune, name, str(number))
        sort_children(disk)


_XML_ORDER = (
    *RATES, *(f"{name}_max" for name in RATES), "size_iops_sec", "group_name",
    *(f"{name}_max_length" for name in RATES),
)  # fmt: skip


# interfaces


def interface_of(tree: etree._Element, device: str) -> etree._Element:
    """Return the interface with that MAC, or that name on the host.

    Raises:
        libvirtError: there is none, or several have that MAC.
    """
    found = [
        each
        for each in tree.iterfind("devices/interface")
        if value(each.find("mac"), "address").lower() == device.lower()
        or value(each.find("target"), "dev") == device
    ]
    if len(found) > 1:
        fail(_ARGUMENT, c.VIR_FROM_DOMAIN, f"multiple interfaces with matching MAC address '{device}'")
    if not found:
        fail(_ARGUMENT, c.VIR_FROM_DOMAIN, f"'{device}' is not a known interface")
    return found[0]


def interface(device: etree._Element) -> dict[str, int]:
    """Return how fast an interface may be."""
    return {
        f"{side}.{name}": integer(value(device.find(f"bandwidth/{side}"), name))
        for side, names in _BANDWIDTH.items()
        for name in names
    }


def check_interface(device: etree._Element, params: Mapping[str, int], source: int, *, live: bool) -> None:
    """Refuse what cannot be done to an interface of that type."""
    kind = device.get("type", "")
    if kind not in _SHAPED:
        message = f"setting bandwidth on interfaces of type '{kind}' is not implemented yet"
        fail(_UNSUPPORTED, source, message)
    if live and kind != "network" and params.get("inbound.floor"):
        mac = value(device.find("mac"), "address")
        message = (
            f"Invalid use of 'floor' on interface with MAC address {mac} - 'floor' is only supported for"
            " interface type 'network' with forward type 'nat', 'route', 'open' or none"
        )
        fail(c.VIR_ERR_OPERATION_UNSUPPORTED, source, message)


def put_interface(tree: etree._Element, place: int, params: Mapping[str, int]) -> None:
    """Write how fast the interface number *place* may be: a side without a new average stays as it is."""
    found = tree.findall("devices/interface")[place]
    for side, names in _BANDWIDTH.items():
        given = {name: params.get(f"{side}.{name}", 0) for name in names}
        needed = ("average", "floor") if side == "inbound" else ("average",)
        if any(given[name] for name in needed):
            bandwidth = edits.section(found, "bandwidth")
            remove(bandwidth.find(side))
            add(bandwidth, side, **{name: str(number) for name, number in given.items() if number})
            edits.tidy(bandwidth)
        elif any(f"{side}.{name}" in params for name in needed):
            edits.drop(found, f"bandwidth/{side}")
    empty = found.find("bandwidth")
    if empty is not None and not len(empty):
        remove(empty)
    sort_children(found)
