"""What is the same to libvirt although it is written otherwise: the one table behind `virtkit.model.diff`.

A place is the end of a path: ``os/type/@machine``, ``type/@machine`` or ``@machine``; without an attribute it
is an element, and its text. For each question the longest place that answers it counts. Which elements are
partners is another table, `virtkit.model.identity`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

from virtkit.model import circumstances as when
from virtkit.model import meanings, nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.model.circumstances import When
    from virtkit.model.meanings import Same

HIDDEN = "********"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is particular about some places; None: nothing is.

    Attributes:
        same: when two values mean the same; elsewhere the same text or number does.
        instead: the attribute that says it where this one is not there.
        default: what it means that nothing is written there.
        absent: when libvirt leaves it out as it writes, so that its absence says nothing.
        ignored: when it says nothing about what is wanted: it speaks of one run, or is chosen anew each time.
        live: whether a running domain may show something else, or nothing: what became of it.
        secret: whether it is shown in no message.
        each: the attribute that is a set of numbers, and the element stands for one element for each number.
    """

    same: Same | None = None
    instead: str | None = None
    default: str | None = None
    absent: When | None = None
    ignored: When | None = None
    live: bool | None = None
    secret: bool | None = None
    each: str | None = None


_KIB, _MIB, _BYTES = meanings.Size("KiB"), meanings.Size("MiB"), meanings.Size("B")
_VOLUME = meanings.Size("B", grain=2**22)
"""Volumes are made of whole sectors, clusters or extents."""

RULES: dict[str, Rule] = {
    # numbers, names and sizes
    "name title description vendor product entry alias/@name @file disk/serial": Rule(same=meanings.exact),
    "uuid @uuid genid wwn @wwn @wwnn @wwpn @wwid": Rule(same=meanings.digits),
    "mac/@address @srcmacaddr @dstmacaddr @srcmacmask @dstmacmask @arpsrcmacaddr @arpdstmacaddr"
    " @root-address @sender-address @root-address-mask @sender-address-mask host/@mac": Rule(
        same=meanings.mac
    ),
    "@dstipmask @srcipmask @arpsrcipmask @arpdstipmask": Rule(same=meanings.mask),
    "ip/@netmask route/@netmask": Rule(same=meanings.mask, instead="prefix"),
    "ip/@prefix route/@prefix": Rule(same=meanings.mask, instead="netmask"),
    "ip/@address route/@address route/@gateway range/@start range/@end dhcp/host/@ip": Rule(same=meanings.ip),
    "memory currentMemory maxMemory hard_limit soft_limit min_guarantee swap_hard_limit memory/target/size"
    " target/requested target/block label/size source/pagesize source/alignsize cell/@memory page/@size"
    " cachetune/cache/@size pcihole64": Rule(same=_KIB),
    "filesystem/source/@usage": Rule(same=meanings.Size("KiB", beside="units")),
    "shmem/size": Rule(same=_MIB),
    "smm/tseg tcg/tb-cache": Rule(same=_MIB),
    "hpt/maxpagesize interconnects/bandwidth/@value cache/size/@value cache/line/@value": Rule(same=_KIB),
    "max_size target/clusterSize space_hard_limit space_soft_limit": Rule(same=_BYTES),
    "volume/capacity": Rule(same=_VOLUME),
    "@unit filesystem/source/@units": Rule(ignored=when.always),  # counted with the number beside it
    "address/@unit": Rule(ignored=when.never),
    "permissions/mode": Rule(same=meanings.octal),
    "@cpuset @cpus @nodeset @vcpus @iothreads nodemask": Rule(same=meanings.numbers),
    "numa/cell/@cpus": Rule(same=meanings.cell_cpus),
    "interface/model/@type @loadparm @ipsetflags": Rule(same=meanings.any_case),
    "pool/target/path": Rule(same=meanings.path, ignored=when.is_logical),
    "volume/target/path source/dir/@path": Rule(same=meanings.path),
    "metadata/*": Rule(same=meanings.exact, absent=when.is_one_too_many),
    "metadata/*/@*": Rule(same=meanings.exact),
    "usbdev/@version": Rule(default="-1", same=meanings.fraction),
    "usbdev/@class usbdev/@vendor usbdev/@product": Rule(default="-1"),
    # a domain
    "domain/@id": Rule(ignored=when.always),
    "os/type/@machine": Rule(same=meanings.machine),
    "os/type/@arch": Rule(same=meanings.arch),
    "domain/cpu": Rule(absent=when.is_empty),
    "domain/cpu/@mode": Rule(same=meanings.cpu_mode),
    "domain/cpu/@match domain/cpu/@check cpu/model/@fallback cpu/feature/@policy cpu/@migratable": Rule(
        live=True
    ),
    "domain/cpu/feature": Rule(absent=when.is_optional, ignored=when.runs),
    "domain/resource os/loader os/nvram": Rule(ignored=when.runs),
    "domain/seclabel": Rule(ignored=when.is_dynamic_in_run),
    "domain/currentMemory": Rule(live=True),  # what the balloon has now
    "cpu/model": Rule(absent=when.has_no_text),
    "os/@firmware os/firmware loader/@secure": Rule(live=True),
    "memtune": Rule(absent=when.is_empty),
    "memtune/hard_limit memtune/soft_limit memtune/swap_hard_limit": Rule(absent=when.is_unlimited),
    "domain/vcpu/@placement": Rule(same=meanings.placement),
    "cputune/vcpusched": Rule(each="vcpus"),
    "cputune/iothreadsched": Rule(each="iothreads"),
    "vcpusched/@priority iothreadsched/@priority": Rule(default="0"),
    "bootloader_args": Rule(absent=when.has_no_bootloader),
    "os/bootmenu/@timeout": Rule(absent=when.is_off),
    "domain/seclabel/@type": Rule(same=meanings.label_type),
    "domain/seclabel/@relabel": Rule(absent=when.has_no_model),
    "domain/seclabel/label": Rule(ignored=when.is_of_dynamic),
    "seclabel/imagelabel": Rule(ignored=when.always),
    "source/seclabel": Rule(absent=when.is_skipped),
    # devices
    "alias": Rule(ignored=when.is_own_alias),
    "driver/@*": Rule(default="default"),
    "disk/backingStore graphics/@listen listen/@address": Rule(ignored=when.runs),
    "disk/driver/@type": Rule(absent=when.is_of_empty_drive),
    "disk/@type": Rule(ignored=when.has_no_medium),
    "disk/mirror source/@index backingStore/@index memory/target/current": Rule(ignored=when.always),
    "source/@name": Rule(same=meanings.unit_zero),
    "interface/source/@bridge": Rule(ignored=when.is_of_network),
    "interface/target/@dev": Rule(ignored=when.is_own_device),
    "interface/source/@portid": Rule(ignored=when.always),
    "interface/coalesce coalesce/rx": Rule(absent=when.is_empty),
    "frames/@max": Rule(default="0"),
    "interface/driver": Rule(absent=when.is_empty),
    "interface/driver/@name": Rule(absent=when.is_not_virtio),
    "interface/driver/@queues": Rule(default="1", absent=when.is_not_virtio),
    "interface/backend/@vhost": Rule(absent=when.is_not_virtio),
    "channel/source": Rule(absent=when.is_generated),
    "channel/source/@path": Rule(absent=when.is_generated, ignored=when.is_terminal),
    "channel/source/@mode": Rule(absent=when.is_generated),
    "channel/target/@state console/@tty": Rule(ignored=when.always),
    "console/target/@port": Rule(ignored=when.always),  # counted anew when the serial one is put first
    "serial/source/@path console/source/@path parallel/source/@path": Rule(ignored=when.is_terminal),
    "serial/target/@type": Rule(same=meanings.serial_type),
    "graphics/@autoport": Rule(default="no"),
    "graphics/@port graphics/@tlsPort graphics/@websocket": Rule(ignored=when.has_automatic_port),
    "graphics/@socket": Rule(ignored=when.has_generated_socket),
    "video/driver/@vgaconf": Rule(default="io"),
    "graphics/listen": Rule(absent=when.has_socket),
    "vsock/cid/@address": Rule(ignored=when.is_automatic),
    # networks
    "network/@ipv6 network/@trustGuestRxFilters portgroup/@default": Rule(default="no"),
    "network/@connections": Rule(ignored=when.always),
    "lease/@expiry": Rule(same=meanings.Lease()),
    # filters
    "rule/*/@*": Rule(same=meanings.blanks),
    "rule/*/@protocol": Rule(same=meanings.PROTOCOLS),
    "rule/*/@protocolid": Rule(same=meanings.ETHERNET),
    "rule/*/@opcode": Rule(same=meanings.ARP),
    "rule/@statematch": Rule(same=meanings.TRUTHS),
    "rule/*/@flags": Rule(same=meanings.flags),
    # storage
    "pool/capacity pool/allocation pool/available": Rule(ignored=when.always),
    "device/freeExtent": Rule(ignored=when.always),
    "permissions/owner permissions/group": Rule(default="-1", same=meanings.owner),
    "target/nocow": Rule(absent=when.always),
    "volume/key volume/allocation volume/physical target/timestamps volume/source": Rule(ignored=when.always),
    # snapshots
    "domainsnapshot/state domainsnapshot/parent domainsnapshot/creationTime domainsnapshot/active"
    " domaincheckpoint/parent domaincheckpoint/creationTime": Rule(ignored=when.always),
    "disks/disk/source disks/disk/driver": Rule(absent=when.is_empty),
    # node devices
    "capability/max_vports capability/vports": Rule(ignored=when.always),
    # secrets
    "@passwd @password cookie secret/value launchSecurity/session launchSecurity/dhCert": Rule(secret=True),
}
"""By places with blanks between them."""


def below(place: str, tag: str) -> str:
    """The place of a child *tag* of the element at *place*; what applications keep is one place."""
    if place.endswith(("/metadata", "/metadata/*")):
        return f"{place.removesuffix('/*')}/*"
    if not tag.startswith("{"):
        return f"{place}/{tag}"
    short = nodes.short(tag)
    return f"{place}/{'?' if short.startswith('{') else short}"


@lru_cache(maxsize=2**14)
def at(place: str) -> Rule:
    """What holds at *place*, a path from the root: for each question what the longest place says of it."""
    found: dict[str, object] = {}
    for end in _ends(place):
        rule = _BY_PLACE.get(end)
        for name in _QUESTIONS if rule is not None else ():
            answer = getattr(rule, name)
            if answer is not None:
                found.setdefault(name, answer)
    return Rule(**found)  # type: ignore[arg-type]


def _ends(place: str) -> Iterator[str]:
    """The ends of a path, the longest first; then those with a star for the last step, or the last two."""
    steps = place.split("/")
    last = "@*" if steps[-1].startswith("@") else "*"
    for length in range(min(len(steps), _LONGEST), 0, -1):
        end = steps[-length:]
        yield "/".join(end)
    for length in range(min(len(steps), _LONGEST), 0, -1):
        end = steps[-length:]
        yield "/".join([*end[:-2], "*", end[-1]])
        yield "/".join([*end[:-1], last])
        yield "/".join([*end[:-2], "*", last])


_BY_PLACE = {place: rule for places, rule in RULES.items() for place in places.split()}
_LONGEST = max(place.count("/") + 1 for place in _BY_PLACE)
_QUESTIONS = [field.name for field in fields(Rule)]


def shown(place: str, element: etree._Element, value: str) -> str:
    """A value as a message shows it: a size with its unit, a secret not at all."""
    rule = at(place)
    if rule.secret or _is_secret_setting(place, element, value):
        return HIDDEN
    if isinstance(rule.same, meanings.Size):
        return f"{value.strip()} {element.get(rule.same.beside, rule.same.unit)}"
    return value


_SECRET_WORD = re.compile(
    r"secret|passw|token|credential|(?:api|private|access)[-_]?key|-key\b", re.IGNORECASE
)
_SETTINGS = ("qemu:arg/@value", "qemu:env/@value", "os/initenv", "os/initarg", "os/cmdline", "sysinfo/entry")
"""Where programs are given words; some of them are secrets, and say so."""


def _is_secret_setting(place: str, element: etree._Element, value: str) -> bool:
    if not place.endswith(_SETTINGS):
        return False
    return bool(_SECRET_WORD.search(value) or _SECRET_WORD.search(element.get("name", "")))
