"""I/O threads: a number of them, listed where they are more than numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, integer, remove
from virtkit.fake.tuning import edits
from virtkit.fake.tuning.typed import INT, UINT, ULLONG

if TYPE_CHECKING:
    from lxml import etree

_ARGUMENT = c.VIR_ERR_INVALID_ARG
POLLING = {"poll_max_ns": ULLONG, "poll_grow": UINT, "poll_shrink": UINT}
POOL = {"thread_pool_min": INT, "thread_pool_max": INT}
_MOST = 2**31 - 1
POLL_DEFAULT = 32768  # ns


def numbers(tree: etree._Element) -> list[int]:
    """Return the I/O threads of a document."""
    listed = [integer(each.get("id")) for each in tree.iterfind("iothreadids/iothread")]
    count = integer(tree.findtext("iothreads"))
    free = (number for number in range(1, count + len(listed) + 1) if number not in listed)
    return listed + [next(free) for _ in range(count - len(listed))]


def check_new(tree: etree._Element, number: int) -> None:
    """Refuse a number that another thread has."""
    if number in numbers(tree):
        fail(_ARGUMENT, c.VIR_FROM_DOMAIN, f"an IOThread is already using iothread_id '{number}'")


def check_old(tree: etree._Element, number: int) -> None:
    """Refuse a thread that is not there, or in use."""
    if number not in numbers(tree):
        fail(_ARGUMENT, c.VIR_FROM_DOMAIN, f"cannot find IOThread '{number}' in iothreadids list")
    for driver in tree.iterfind(f"devices/disk/driver[@iothread='{number}']"):
        target = driver.find("../target")
        dev = "" if target is None else target.get("dev", "")
        message = f"cannot remove IOThread {number} since it is being used by disk '{dev}'"
        fail(_ARGUMENT, c.VIR_FROM_DOMAIN, message)
    if tree.find(f"devices/controller/driver[@iothread='{number}']") is not None:
        message = f"cannot remove IOThread '{number}' since it is being used by controller"
        fail(_ARGUMENT, c.VIR_FROM_DOMAIN, message)


def put(tree: etree._Element, wanted: list[int], *, by_number: bool = False) -> None:
    """Have a document list the threads *wanted*; *by_number*: also where their count would do."""
    known = {integer(each.get("id")): each for each in tree.iterfind("iothreadids/iothread")}
    remove(tree.find("iothreadids"))
    edits.put(tree, "iothreads", str(len(wanted)) if wanted else None)
    if not wanted:
        return
    if not known and not by_number and wanted == list(range(1, len(wanted) + 1)):
        return
    listed = edits.section(tree, "iothreadids")
    for number in wanted:
        element = known.get(number)
        if element is None:
            add(listed, "iothread", id=str(number))
        else:
            listed.append(element)


def listed(tree: etree._Element, number: int) -> etree._Element:
    """Return the element of a thread, after which all are listed."""
    every = numbers(tree)
    if tree.find("iothreadids") is None:
        holder = edits.section(tree, "iothreadids")
        for each in every:
            add(holder, "iothread", id=str(each))
    found = tree.find(f"iothreadids/iothread[@id='{number}']")
    assert found is not None  # noqa: S101
    return found


def check_parameters(params: dict[str, int], source: int) -> None:
    """Refuse values that no thread can have."""
    for name in POLLING:
        if params.get(name, 0) > _MOST:
            shown = name.replace("_", "-")
            message = f"{shown} ({params[name]}) must be less than or equal to {_MOST}"
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, source, message)
    least, most = params.get("thread_pool_min", 0), params.get("thread_pool_max", 1)
    if least < -1:
        message = f"thread_pool_min ({least}) must be equal to or greater than -1"
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, source, message)
    if most < -1 or most == 0:
        message = f"thread_pool_max ({most}) must be a positive number or -1"
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, source, message)


def check_change(
    tree: etree._Element, number: int, params: dict[str, int], source: int, *, live: bool
) -> None:
    """Refuse *params* for a thread that is not there, or whose pool they would turn upside down."""
    if number not in numbers(tree):
        fail(_ARGUMENT, source, f"cannot find IOThread '{number}' in iothreadids")
    element = tree.find(f"iothreadids/iothread[@id='{number}']")
    pool = {name: -1 if element is None else integer(element.get(name), -1) for name in POOL}
    for name in POOL:
        if name in params:
            if live and params[name] < 0:
                message = f"{name} ({params[name]}) must be equal to or greater than 0 for live change"
                fail(c.VIR_ERR_OPERATION_INVALID, source, message)
            pool[name] = params[name]
    least, most = pool["thread_pool_min"], pool["thread_pool_max"]
    if least > most:
        message = f"thread_pool_min ({least}) can't be greater than thread_pool_max ({most})"
        fail(c.VIR_ERR_OPERATION_INVALID, source, message)


def change(tree: etree._Element, number: int, params: dict[str, int]) -> None:
    """Write what of *params* a document says of a thread."""
    said = {name: params[name] for name in POOL if name in params}
    if not said:
        return
    element = listed(tree, number)
    for name, size in said.items():
        element.attrib.pop(name, None)
        if size >= 0:
            element.set(name, str(size))
