"""Which element is which: what `merge`, `carry_over` and `diff` take for one and the same thing.

The whole of it is one table. A path names an element below its parent; its keys are tried in turn, and
a key counts where both sides have it. Elements that have no key in common are partners by position, if
nothing that makes them what they are (``kind``) differs. An element that is in no line of the table,
and occurs once on each side, is itself; there its name is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from lxml import etree

from virtkit.model import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Pair = tuple[etree._Element, "etree._Element | None"]
T = TypeVar("T")
Unlike = Callable[[etree._Element, etree._Element], int]


@dataclass(frozen=True, slots=True)
class Identity:
    """How the elements of one name below one parent are told apart.

    Attributes:
        keys: each a set of values that together name one element: ``@attribute``, ``child/@attribute``,
            ``child`` (its text) or ``.`` (the element's own text).
        hints: keys of those that have none of *keys*, such as a disk's file: they tell what is most likely
            meant, not what a thing is.
        kind: values that partners by position, or by a hint, may not differ in.
        assigned: libvirt gives the key where it is missing, so that one without matches one with it.
        listed: ``"replace"``: an overlay states the whole list; ``"append"``: it adds to the list.
    """

    keys: tuple[tuple[str, ...], ...] = ()
    kind: tuple[str, ...] = ("@type",)
    hints: tuple[tuple[str, ...], ...] = ()
    assigned: bool = False
    listed: Literal["", "replace", "append"] = ""


def _by(*keys: str, kind: str = "@type", hints: Sequence[str] = (), assigned: bool = False) -> Identity:
    def split(words: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(word.split()) for word in words)

    return Identity(split(keys), tuple(kind.split()), split(hints), assigned)


_ADDRESS = (
    "address/@domain address/@bus address/@slot address/@function",
    "address/@controller address/@bus address/@target address/@unit",
)
_FILES = ("source/@file", "source/@dev", "source/@pool source/@volume", "source/@name", *_ADDRESS)
_PLUGS = ("source/@network source/@portgroup", "source/@network", "source/@bridge", "source/@dev", *_ADDRESS)


_LIST = Identity(listed="replace")
_ARGUMENTS = Identity(listed="append")
_CHARDEV = _by("alias/@name", "target/@port", kind="", assigned=True)
_DNSMASQ = "{http://libvirt.org/schemas/network/dnsmasq/1.0}"
_QEMU = "{http://libvirt.org/schemas/domain/qemu/1.0}"

IDENTITIES: dict[str, Identity] = {
    # device: by the name that the guest or the user knows it by
    "devices/disk": _by("target/@dev", "alias/@name", kind="@device target/@bus", hints=_FILES),
    "devices/interface": _by("mac/@address", "alias/@name", hints=_PLUGS),
    "devices/filesystem": _by("target/@dir", "alias/@name", hints=("source/@dir", *_ADDRESS)),
    "devices/controller": _by(
        "alias/@name", "@type @index @model", "@type @index", kind="@type @model", assigned=True
    ),
    "devices/channel": _by(
        "target/@name", "target/@address target/@port", "alias/@name", kind="@type target/@type"
    ),
    "devices/serial": _CHARDEV,
    "devices/parallel": _CHARDEV,
    "devices/console": _by("alias/@name", kind="target/@type"),
    "devices/graphics": _by("@type"),
    "devices/video": _by("alias/@name", "model/@primary", kind="", assigned=True),
    "devices/audio": _by("@id", assigned=True),
    "devices/input": _by("alias/@name", kind="@type @bus", hints=_ADDRESS),
    "devices/hostdev": _by(
        "source/address/@domain source/address/@bus source/address/@slot source/address/@function",
        "source/address/@uuid",
        "source/vendor/@id source/product/@id",
        "source/address/@bus source/address/@device",
        "source/adapter/@name source/address/@bus source/address/@target source/address/@unit",
        "source/@wwpn",
        "source/@name",
        "source/interface",
        "source/block",
        "source/char",
        "alias/@name",
        kind="@type @mode",
    ),
    "devices/shmem": _by("@name"),
    "devices/memory": _by("alias/@name", "target/node @model target/size", kind="@model"),
    "devices/lease": _by("lockspace key"),
    "devices/rng": _by("alias/@name", kind="@model", hints=_ADDRESS),
    "devices/sound": _by("alias/@name", kind="@model", hints=_ADDRESS),
    "devices/panic": _by("alias/@name", "@model", kind="", assigned=True),
    "devices/hub": _by("alias/@name"),
    "devices/redirdev": _by("alias/@name", kind="@type @bus", hints=_ADDRESS),
    # the rest of a domain
    "os/boot": _LIST,
    "os/initarg": _LIST,
    "os/initenv": _by("@name"),
    "os/initdir": _LIST,
    "firmware/feature": _by("@name"),
    "acpi/table": _by("@type"),
    "cpu/feature": _by("@name"),
    "cpu/cache": _by("@level", kind=""),
    "numa/cell": _by("@id", kind="", assigned=True),
    "distances/sibling": _by("@id"),
    "clock/timer": _by("@name"),
    "numatune/memnode": _by("@cellid"),
    "hugepages/page": _by("@size @unit @nodeset", "@size @unit", kind=""),
    "vcpus/vcpu": _by("@id"),
    "iothreadids/iothread": _by("@id"),
    "cputune/vcpupin": _by("@vcpu"),
    "cputune/iothreadpin": _by("@iothread"),
    "cputune/vcpusched": _by("@vcpus"),
    "cputune/iothreadsched": _by("@iothreads"),
    "cputune/cachetune": _by("@vcpus"),
    "cputune/memorytune": _by("@vcpus"),
    "cachetune/cache": _by("@id @level @type"),
    "cachetune/monitor": _by("@level @vcpus"),
    "memorytune/node": _by("@id"),
    "blkiotune/device": _by("path"),
    "perf/event": _by("@name"),
    "domain/sysinfo": _by("@type"),
    "bios/entry": _by("@name"),
    "system/entry": _by("@name"),
    "chassis/entry": _by("@name"),
    "baseBoard/entry": _by("@name"),
    "sysinfo/entry": _by("@name"),
    "domain/seclabel": _by("@model", kind=""),
    "source/seclabel": _by("@model", kind=""),
    "idmap/uid": _by("@start"),
    "idmap/gid": _by("@start"),
    "keywrap/cipher": _by("@name"),
    # inside of devices
    "source/host": _by("@name @port", "@socket", "@name", kind=""),
    "interface/ip": _by("@address", kind="@family"),
    "interface/route": _by("@address", kind="@family"),
    "filterref/parameter": _by("@name @value", kind="@name"),
    "graphics/channel": _by("@name"),
    "graphics/listen": _by("@type @address", "@type @network", "@type @socket", "@type", kind=""),
    "vlan/tag": _by("@id"),
    f"{_QEMU}commandline/{_QEMU}arg": _ARGUMENTS,
    f"{_QEMU}commandline/{_QEMU}env": _by("@name"),
    f"{_QEMU}override/{_QEMU}device": _by("@alias"),
    f"{_QEMU}frontend/{_QEMU}property": _by("@name"),
    # networks
    "network/ip": _by("@address", kind="@family"),
    "network/route": _by("@address @prefix", "@address @netmask", "@address", kind="@family"),
    "network/portgroup": _by("@name"),
    "forward/interface": _by("@dev"),
    "dhcp/range": _by("@start @end"),
    "dhcp/host": _by("@mac", "@id", "@name", "@ip", kind=""),
    "dns/host": _by("@ip"),
    "dns/txt": _by("@name"),
    "dns/srv": _by("@service @protocol @target", "@service @protocol"),
    "dns/forwarder": _by("@domain @addr", "@addr", "@domain", kind=""),
    "host/hostname": _by("."),
    "forward/pf": _by("@dev"),
    f"{_DNSMASQ}options/{_DNSMASQ}option": _ARGUMENTS,
    # pools and volumes
    "source/device": _by("@path", kind=""),
    # filters
    "filter/rule": _by(kind="@action @direction @priority"),
    "filter/filterref": _by("@filter", kind=""),
    # snapshots, checkpoints and backups
    "disks/disk": _by("@name", kind=""),
    # node devices and interfaces
    "device/capability": _by("@type", kind=""),
    "capability/capability": _by("@type", kind=""),
    "interface/protocol": _by("@family", kind=""),
    "protocol/ip": _by("@address", kind=""),
    "bridge/interface": _by("@name", kind=""),
    "bond/interface": _by("@name", kind=""),
}
_SAME = Identity(kind=())
"""What its name alone tells: the first is the first."""


def of(parent: str, tag: str) -> Identity:
    """The line of the table for elements *tag* below *parent*; where there is none, their name is all."""
    return IDENTITIES.get(f"{parent}/{tag}", _SAME)


def value(element: etree._Element, path: str) -> str | None:
    """What *path* (see `Identity.keys`) gives for *element*; None if it is not there, or blank."""
    at: etree._Element | None = element
    found: str | None = None
    for step in path.split("/"):
        if at is None:
            return None
        if step.startswith("@"):
            found = at.get(step[1:])
        elif step != ".":
            at = at.find(step)
            found = at.text if at is not None else None
        else:
            found = at.text
    return found.strip() if found and found.strip() else None


def key(element: etree._Element, paths: Sequence[str]) -> tuple[str, ...] | None:
    """The key of *element*, or None if it has not all of it; numbers by their value, text in lower case."""
    found = []
    for path in paths:
        word = value(element, path)
        if word is None or (path == ALIAS and not word.startswith("ua-")):
            return None
        found.append(plain(word))
    return tuple(found)


ALIAS = "alias/@name"
"""A name only where a user gave it: libvirt gives others anew at each start."""


def plain(text: str) -> str:
    """*text* so that spellings of one thing are equal: ``0x04`` as ``4``, a MAC address in lower case."""
    lowered = text.lower()
    if lowered.startswith("0x") or lowered.isdecimal():
        try:
            return str(int(lowered, 16 if lowered.startswith("0x") else 10))
        except ValueError:
            return lowered
    if lowered.count(":") == 5:
        return ":".join(part.lstrip("0") for part in lowered.split(":"))
    return lowered.removesuffix("/0") if lowered.startswith("iqn.") else lowered


def pair(
    wanted: Sequence[etree._Element],
    present: Sequence[etree._Element],
    rule: Identity | None = None,
    unlike: Unlike | None = None,
) -> list[Pair]:
    """Find for each of *wanted* its partner among *present*; all have one name and one parent's name.

    No element is the partner of two. With *unlike* (how much two differ) the most alike of some are partners
    where no key tells; without it the first that is free. The time that it takes grows with the number of
    elements, not with its square.
    """
    rule = rule or _rule(wanted)
    if len(wanted) == len(present) == 1 and rule is _SAME:
        return [(wanted[0], present[0])]
    partners: dict[int, etree._Element] = {}
    free: dict[etree._Element, None] = dict.fromkeys(present)
    for paths in rule.keys:
        named: dict[tuple[str, ...] | None, list[etree._Element]] = {}
        for other in reversed(free):
            named.setdefault(key(other, paths), []).append(other)
        for one in wanted:
            name = key(one, paths) if id(one) not in partners else None
            if name is not None and named.get(name):
                partners[id(one)] = named[name].pop()
                del free[partners[id(one)]]
    left = [one for one in wanted if id(one) not in partners]
    if left and free and rule.hints:
        _by_hints(rule, left, free, partners)
        left = [one for one in left if id(one) not in partners]
    if left and free:
        partners.update(_by_position(left, list(free), rule, unlike))
    return [(one, partners.get(id(one))) for one in wanted]


def _by_hints(
    rule: Identity,
    wanted: list[etree._Element],
    free: dict[etree._Element, None],
    partners: dict[int, etree._Element],
) -> None:
    """Find partners of those that have no key, among all that are of their kind."""
    for paths in rule.hints:
        named: dict[tuple[str, ...], dict[etree._Element, None]] = {}
        for other in free:
            name = key(other, paths)
            if name is not None:
                named.setdefault(name, {})[other] = None
        for one in wanted if named else ():
            name, mine = key(one, paths), _kind(rule, one)
            if name is None or mine.keys or id(one) in partners:
                continue
            for other in islice(named.get(name, ()), _SOME):
                if mine.may_be(_kind(rule, other)):
                    partners[id(one)] = other
                    del free[other], named[name][other]
                    break


def _rule(elements: Sequence[etree._Element]) -> Identity:
    parent = elements[0].getparent() if elements else None
    return of(nodes.tag(parent), nodes.tag(elements[0])) if parent is not None else _SAME


_SOME = 8
"""So many are looked at for the most alike."""


def _by_position(
    wanted: list[etree._Element], free: list[etree._Element], rule: Identity, unlike: Unlike | None
) -> Iterator[tuple[int, etree._Element]]:
    """Partners of those that no key joined: what states most chooses first where it may choose."""
    if unlike is not None and len(wanted) > 1:  # both, so that in two that are the same each finds itself
        wanted, free = (sorted(each, key=_amount, reverse=True) for each in (wanted, free))
    waiting: dict[_Kind, dict[int, etree._Element]] = {}
    for number, other in enumerate(free):
        waiting.setdefault(_kind(rule, other), {})[number] = other
    for one in wanted:
        mine = _kind(rule, one)
        if mine.keys and not rule.assigned:
            continue  # its like would have been found
        fitting = [others for theirs, others in waiting.items() if others and mine.may_be(theirs)]
        some = sorted(item for others in fitting for item in islice(others.items(), _SOME))
        if some:
            number, other = _most_alike(one, some, unlike)
            for others in fitting:
                others.pop(number, None)
            yield id(one), other


def _most_alike(
    one: etree._Element, some: list[tuple[int, etree._Element]], unlike: Unlike | None
) -> tuple[int, etree._Element]:
    if unlike is None or len(some) == 1:
        return some[0]
    best, least = some[0], None
    for item in some:
        count = unlike(one, item[1])
        if least is None or count < least:
            best, least = item, count
        if count == 0:
            break
    return best


class _Kind(NamedTuple):
    """What partners by position may not differ in: the keys they have, and the values that make the kind."""

    keys: frozenset[int]
    values: tuple[str | None, ...]

    def may_be(self, other: _Kind) -> bool:
        """Whether an element of this kind may be the partner of one of *other*."""
        if not self.keys.isdisjoint(other.keys):
            return False  # both have it, and it is not the same
        return all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in zip(self.values, other.values, strict=True)
        )


def _kind(rule: Identity, element: etree._Element) -> _Kind:
    keys = frozenset(number for number, paths in enumerate(rule.keys) if key(element, paths) is not None)
    values = (value(element, path) for path in rule.kind)
    return _Kind(keys, tuple(plain(each) if each is not None else None for each in values))


def _amount(element: etree._Element) -> int:
    """How much an element and its children say."""
    return len(element.attrib) + sum(1 + len(child.attrib) for child in nodes.children(element))


def contains(run: Sequence[T], part: Sequence[T]) -> bool:
    """Whether *part* stands in *run* as a whole."""
    return any(run[start : start + len(part)] == part for start in range(len(run) - len(part) + 1))
