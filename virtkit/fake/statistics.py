"""What a domain's counters say: they follow the clock and what the guest does, and are the same each time."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from virtkit.fake import constants as c

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.state.document import Facts
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.storage import Image
    from virtkit.fake.store.session import Session

_DISK_READ_RATE, _DISK_WRITE_RATE = 1 << 20, 1 << 19  # bytes a second of a running guest
_NET_RATE = 1 << 16
_SECTOR = 4096
_REQUEST_TIME = 100_000  # ns
_SIZES = (10 << 30, 1 << 30, 1 << 30)  # of a disk that nobody made on the host
_EVENT_RATE = 1_000_000  # counted events a second
_STATE, _BLOCK = c.VIR_DOMAIN_STATS_STATE, c.VIR_DOMAIN_STATS_BLOCK
ALL = (1 << 11) - 1  # every group


class Shape(NamedTuple):
    """What statistics need of a running domain's document."""

    disks: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...]  # target, path, index of each image
    taps: tuple[str, ...]  # the interfaces' names on the host
    online: tuple[int, ...]  # virtual CPUs
    iothreads: tuple[int, ...]
    events: tuple[str, ...]  # counted ones
    has_balloon: bool
    period: int  # of the balloon's statistics


class Look(NamedTuple):
    """One look at a running domain."""

    host: Host
    session: Session
    record: DomainRecord
    shape: Shape
    now: float
    backing: bool


def domain_statistics(
    host: Host, session: Session, record: DomainRecord, groups: int, *, backing: bool = False
) -> dict[str, Any]:
    """Return the counters of *record* in the ``VIR_DOMAIN_STATS_*`` *groups*, named as libvirt names them."""
    if not record.active:
        return _idle(session, record, groups)
    found: dict[str, Any] = {}
    if groups & _STATE:
        found["state.state"], found["state.reason"] = record.state, record.reason
    if groups & ~_STATE:
        look = Look(host, session, record, shape_of(record), host.now(), backing)
        for group, collect in _GROUPS:
            if groups & group:
                collect(look, found)
    return found


# a domain that is off: what its document says


def _idle(session: Session, record: DomainRecord, groups: int) -> dict[str, Any]:
    document = record.inactive
    if document.idle is None or document.idle[0] != groups:
        document.idle = groups, _template(document.facts(), groups)
    found = document.idle[1].copy()
    if groups & _STATE:
        found["state.state"], found["state.reason"] = record.state, record.reason
    if groups & _BLOCK:
        _measure(session, document.facts(), found)
    return found


def _template(facts: Facts, groups: int) -> dict[str, Any]:
    """Return what a domain with such a document tells while it is off."""
    found: dict[str, Any] = {}
    if groups & _STATE:
        found.update({"state.state": 0, "state.reason": 0})  # their places; what they are changes
    if groups & c.VIR_DOMAIN_STATS_CPU_TOTAL:
        found.update({"cpu.time": 0, "cpu.user": 0, "cpu.system": 0})
    if groups & c.VIR_DOMAIN_STATS_BALLOON:
        found["balloon.current"], found["balloon.maximum"] = facts.current_memory, facts.memory
    if groups & c.VIR_DOMAIN_STATS_VCPU:
        found["vcpu.current"], found["vcpu.maximum"] = facts.vcpus, facts.max_vcpus
    if groups & _BLOCK:
        found["block.count"] = len(facts.disks)
        for number, (target, path) in enumerate(facts.disks):
            found[f"block.{number}.name"] = target
            if path:
                found[f"block.{number}.path"] = path
                found.update(zip(_size_keys(number), _in_order(_SIZES), strict=True))
    return found


@cache
def _finder() -> Callable[[Session, str], Image | None]:
    """The function, imported once: an import statement for each domain takes a tenth of the whole."""
    from virtkit.fake.storage import find_by_path

    return find_by_path


def _measure(session: Session, facts: Facts, found: dict[str, Any]) -> None:
    """Put the sizes of images that are on the host in the place of those made up."""
    find_by_path = _finder()
    for number, (_, path) in enumerate(facts.disks):
        image = find_by_path(session, path) if path else None
        if image is not None:
            found.update(
                zip(_size_keys(number), (image.allocation, image.capacity, image.physical), strict=True)
            )


@lru_cache
def _size_keys(number: int) -> tuple[str, str, str]:
    return f"block.{number}.allocation", f"block.{number}.capacity", f"block.{number}.physical"


def _in_order(sizes: tuple[int, int, int]) -> tuple[int, int, int]:
    capacity, allocation, physical = sizes
    return allocation, capacity, physical


# a running domain


def shape_of(record: DomainRecord) -> Shape:
    """Return what statistics need of a running domain's document, found once."""
    document = record.document
    if document.shape is None:
        from virtkit.fake.tuning.shapes import read

        document.shape = read(document.tree())
    shape: Shape = document.shape
    return shape


def _cpu(look: Look, found: dict[str, Any]) -> None:
    spent = int(look.record.cpu_seconds(look.now) * 1e9)
    found["cpu.time"], found["cpu.user"], found["cpu.system"] = spent, spent * 9 // 10, spent // 10
    found["cpu.cache.monitor.count"] = 0
    found["cpu.haltpoll.success.time"] = found["cpu.haltpoll.fail.time"] = 0


def memory_statistics(host: Host, record: DomainRecord) -> dict[str, int]:
    """Return what the balloon tells: of a guest that is up, all, if its driver is asked now and then."""
    shape = shape_of(record)
    memory = record.balloon
    found = {"actual": memory} if shape.has_balloon else {}
    if shape.has_balloon:
        from virtkit.fake import guest

        if shape.period and guest.booted(host, record):
            now = int(host.now())
            found.update({
                "swap_in": 0, "swap_out": 0, "major_fault": 100, "minor_fault": 10000,
                "unused": memory // 2, "available": memory * 9 // 10, "last_update": now - now % shape.period,
                "usable": memory // 2, "disk_caches": memory // 8, "hugetlb_pgalloc": 0, "hugetlb_pgfail": 0,
            })  # fmt: skip
        else:
            found["last_update"] = 0
    found["rss"] = memory // 2
    return found


def _balloon(look: Look, found: dict[str, Any]) -> None:
    told = memory_statistics(look.host, look.record)
    found["balloon.current"] = told.pop("actual", look.record.facts.memory)
    found["balloon.maximum"] = look.record.facts.memory
    for name, value in told.items():
        found["balloon.last-update" if name == "last_update" else f"balloon.{name}"] = value


def _vcpu(look: Look, found: dict[str, Any]) -> None:
    online = look.shape.online
    found["vcpu.current"], found["vcpu.maximum"] = len(online), look.record.facts.max_vcpus
    share = int(look.record.cpu_seconds(look.now) * 1e9) // max(len(online), 1)
    for number in online:
        state, time, wait, delay = _vcpu_keys(number)
        found[state], found[time], found[wait], found[delay] = c.VIR_VCPU_RUNNING, share, 0, share // 100


@lru_cache
def _vcpu_keys(number: int) -> tuple[str, str, str, str]:
    prefix = f"vcpu.{number}"
    return f"{prefix}.state", f"{prefix}.time", f"{prefix}.wait", f"{prefix}.delay"


INTERFACE_KEYS = ("rx.bytes", "rx.pkts", "rx.errs", "rx.drop", "tx.bytes", "tx.pkts", "tx.errs", "tx.drop")


def interface_counters(record: DomainRecord, now: float) -> tuple[int, ...]:
    """Return received bytes, packets, errors, drops, then the same of what was sent."""
    moved = int(record.cpu_seconds(now) * _NET_RATE)
    return (moved, moved // 1000, 0, 0, moved // 2, moved // 2000, 0, 0)


def _interface(look: Look, found: dict[str, Any]) -> None:
    found["net.count"] = len(look.shape.taps)
    counters = interface_counters(look.record, look.now)
    for number, name in enumerate(look.shape.taps):
        if name:
            found[f"net.{number}.name"] = name
            found.update(zip(_net_keys(number), counters, strict=True))


@lru_cache
def _net_keys(number: int) -> tuple[str, ...]:
    return tuple(f"net.{number}.{key}" for key in INTERFACE_KEYS)


def block_counters(record: DomainRecord, now: float) -> tuple[int, int, int, int, int]:
    """Return read requests, read bytes, write requests, written bytes, errors (-1: unknown)."""
    seconds = record.cpu_seconds(now)
    read, written = int(seconds * _DISK_READ_RATE), int(seconds * _DISK_WRITE_RATE)
    return (read // _SECTOR, read, written // _SECTOR, written, -1)


def block_totals(record: DomainRecord, now: float) -> dict[str, int]:
    """Return the counters of a disk by the names of blockStatsFlags."""
    reads, read, writes, written, _ = block_counters(record, now)
    flushes = writes // 8
    return {
        "wr_bytes": written, "wr_operations": writes, "rd_bytes": read, "rd_operations": reads,
        "flush_operations": flushes, "wr_total_times": writes * _REQUEST_TIME,
        "rd_total_times": reads * _REQUEST_TIME, "flush_total_times": flushes * _REQUEST_TIME,
    }  # fmt: skip


_BLOCK_KEYS = (
    ("rd.reqs", "rd_operations"), ("rd.bytes", "rd_bytes"), ("rd.times", "rd_total_times"),
    ("wr.reqs", "wr_operations"), ("wr.bytes", "wr_bytes"), ("wr.times", "wr_total_times"),
    ("fl.reqs", "flush_operations"), ("fl.times", "flush_total_times"),
)  # fmt: skip


@lru_cache
def _block_keys(number: int) -> tuple[tuple[str, str], ...]:
    return tuple((f"block.{number}.{key}", name) for key, name in _BLOCK_KEYS)


def _block(look: Look, found: dict[str, Any]) -> None:
    totals = block_totals(look.record, look.now)
    found["block.count"] = 0
    number = 0
    for target, path, images in look.shape.disks:
        for place, (image, index) in enumerate(images or (("", 0),)):
            prefix = f"block.{number}"
            found[f"{prefix}.name"] = target
            if image:
                found[f"{prefix}.path"] = image
            if index:
                found[f"{prefix}.backingIndex"] = index
            if not place:
                moved = bool(path)
                for key, name in _block_keys(number):
                    found[key] = totals[name] if moved else 0
            if image:
                sizes = _in_order(disk_sizes(look.session, image))
                found.update(zip(_size_keys(number), sizes, strict=True))
            number += 1
            if not look.backing:
                break
    found["block.count"] = number


def disk_sizes(session: Session | None = None, path: str = "") -> tuple[int, int, int]:
    """Return capacity, allocation and physical size of the disk at *path*, in bytes; of one made up else."""
    if session is not None and path:
        image = _finder()(session, path)
        if image is not None:
            return image.capacity, image.allocation, image.physical
    return _SIZES


def _perf(look: Look, found: dict[str, Any]) -> None:
    counted = int(look.record.cpu_seconds(look.now) * _EVENT_RATE)
    found.update({f"perf.{name}": counted for name in look.shape.events})


def _iothread(look: Look, found: dict[str, Any]) -> None:
    threads = look.shape.iothreads
    if not threads:
        return
    polling = look.record.extra.get("live", {}).get("polling", {})
    found.update(iothread_statistics({number: polling.get(str(number), {}) for number in reversed(threads)}))


def iothread_statistics(polling: dict[int, dict[str, int]]) -> dict[str, int]:
    """Return what is told of I/O threads, of each of which *polling* says what was set."""
    found = {"iothread.count": len(polling)}
    for number, known in polling.items():
        found[f"iothread.{number}.poll-max-ns"] = known.get("poll_max_ns", 32768)
        found[f"iothread.{number}.poll-grow"] = known.get("poll_grow", 0)
        found[f"iothread.{number}.poll-shrink"] = known.get("poll_shrink", 0)
    return found


def _memory(_look: Look, _found: dict[str, Any]) -> None:
    """Nothing: it takes hardware that counts who moves how much."""


def _dirty_rate(look: Look, found: dict[str, Any]) -> None:
    live = look.record.extra.get("live", {})
    asked = live.get("dirty") if live.get("id") == look.record.id else None
    begun, seconds, mode = asked or (0, 0, "page-sampling")
    status = c.VIR_DOMAIN_DIRTYRATE_UNSTARTED
    if asked:
        over = look.now >= begun + seconds
        status = c.VIR_DOMAIN_DIRTYRATE_MEASURED if over else c.VIR_DOMAIN_DIRTYRATE_MEASURING
    found["dirtyrate.calc_status"], found["dirtyrate.calc_start_time"] = status, int(begun)
    found["dirtyrate.calc_period"], found["dirtyrate.calc_mode"] = seconds, mode
    if status == c.VIR_DOMAIN_DIRTYRATE_MEASURED:
        from virtkit.fake import guest

        running = look.record.state == c.VIR_DOMAIN_RUNNING and guest.booted(look.host, look.record)
        rate = int(guest.of(look.host, look.record).dirty_rate) >> 20 if running else 0
        found["dirtyrate.megabytes_per_second"] = rate
        if mode == "dirty-ring":
            for number in look.shape.online:
                found[f"dirtyrate.vcpu.{number}.megabytes_per_second"] = rate // len(look.shape.online)


_GROUPS: tuple[tuple[int, Callable[[Look, dict[str, Any]], None]], ...] = (
    (c.VIR_DOMAIN_STATS_CPU_TOTAL, _cpu),
    (c.VIR_DOMAIN_STATS_BALLOON, _balloon),
    (c.VIR_DOMAIN_STATS_VCPU, _vcpu),
    (c.VIR_DOMAIN_STATS_INTERFACE, _interface),
    (_BLOCK, _block),
    (c.VIR_DOMAIN_STATS_PERF, _perf),
    (c.VIR_DOMAIN_STATS_IOTHREAD, _iothread),
    (c.VIR_DOMAIN_STATS_MEMORY, _memory),
    (c.VIR_DOMAIN_STATS_DIRTYRATE, _dirty_rate),
)
