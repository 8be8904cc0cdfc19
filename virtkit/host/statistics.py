"""Statistics of domains from libvirt's bulk call, in base units."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from virtkit.binding.constants import Stats
from virtkit.host.status import DomainStatus, reason_of, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from virtkit.binding import VirDomain

Group = Literal[
    "state", "cpu", "balloon", "vcpu", "interface", "block", "perf", "iothread", "memory", "dirtyrate", "vm"
]
_GROUPS: dict[Group, Stats] = {
    "state": Stats.STATE,
    "cpu": Stats.CPU_TOTAL,
    "balloon": Stats.BALLOON,
    "vcpu": Stats.VCPU,
    "interface": Stats.INTERFACE,
    "block": Stats.BLOCK,
    "perf": Stats.PERF,
    "iothread": Stats.IOTHREAD,
    "memory": Stats.MEMORY,
    "dirtyrate": Stats.DIRTYRATE,
    "vm": Stats.VM,
}


class DomainStatistics(NamedTuple):
    """What libvirt counted for one domain.

    A value is None where its group was not asked for, or the driver does not have it.

    Attributes:
        name: The domain's name.
        uuid: The domain's UUID.
        status: State and reason (group ``state``).
        cpu_time: Seconds of processor time since it started (group ``cpu``).
        memory: Bytes that the balloon leaves it now (group ``balloon``).
        maximum_memory: Bytes that it may have (group ``balloon``).
        vcpus: Virtual processors now (group ``vcpu``).
        raw: libvirt's own record, such as ``{"block.0.rd.bytes": 4096}``: its keys and units.
    """

    name: str
    uuid: str
    status: DomainStatus
    cpu_time: float | None = None
    memory: int | None = None
    maximum_memory: int | None = None
    vcpus: int | None = None
    raw: Mapping[str, Any] = MappingProxyType({})

    def devices(self, group: Literal["block", "net", "vcpu"]) -> list[dict[str, Any]]:
        """Return the counters of each device of *group*: ``[{"name": "vda", "rd.bytes": 4096, ...}]``."""
        count = int(self.raw.get(f"{group}.count", self.raw.get(f"{group}.current", 0)))
        found: list[dict[str, Any]] = []
        for index in range(count):
            prefix = f"{group}.{index}."
            found.append({k.removeprefix(prefix): v for k, v in self.raw.items() if k.startswith(prefix)})
        return found


def mask(groups: Iterable[Group]) -> int:
    """Return libvirt's bits for *groups*; the state is always among them."""
    bits = int(Stats.STATE)
    for group in groups:
        if group not in _GROUPS:
            raise ValueError(f"no statistics group {group!r}; there are: {', '.join(_GROUPS)}")
        bits |= _GROUPS[group]
    return bits


def from_record(raw_domain: VirDomain, record: Mapping[str, Any]) -> DomainStatistics:
    """Build from one element of ``getAllDomainStats``."""
    state = state_of(int(record.get("state.state", -1)))
    reason = reason_of(state, int(record.get("state.reason", 0)))
    cpu = record.get("cpu.time")
    return DomainStatistics(
        name=raw_domain.name(),
        uuid=raw_domain.UUIDString(),
        status=DomainStatus(state, reason),
        cpu_time=None if cpu is None else cpu / 1e9,
        memory=_bytes(record.get("balloon.current")),
        maximum_memory=_bytes(record.get("balloon.maximum")),
        vcpus=record.get("vcpu.current"),
        raw=record,
    )


def _bytes(kib: int | None) -> int | None:
    return None if kib is None else kib * 1024
