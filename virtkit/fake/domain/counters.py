"""virDomain: what its disks, interfaces, processors and memory have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain import testanswers
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_TEST_TOTAL = 48772617035  # ns: the test driver's guests have always computed as long
_TEST_TIMES = {"cpu_time": _TEST_TOTAL, "user_time": 5540000000, "system_time": 6460000000}
_TEST_VCPU_LAG = 1234567890
_TEST_CPUS = 2


class Counters(DomainBase):
    """blockStats, interfaceStats, memoryStats, getCPUStats."""

    def _no_summary(self, path: str) -> None:
        if not path and not self._host.personality.guest_decides:
            self._refuse("summary statistics are not supported yet", c.VIR_ERR_OPERATION_UNSUPPORTED)

    @domain_call("virDomainBlockStats", write=False, before="_no_summary")
    def blockStats(self, session: Session, record: DomainRecord, path: str) -> tuple[int, ...]:
        from virtkit.fake.statistics import block_counters

        self._allowed("live", record)
        if not self._host.personality.guest_decides:
            return testanswers.block_counters(record, path, self._host.now())
        drives = self._drives(record, path)
        *moved, errors = block_counters(record, self._host.now())
        return (*(each * drives for each in moved), errors)

    @domain_call("virDomainBlockStatsFlags", write=False)
    def blockStatsFlags(
        self, session: Session, record: DomainRecord, path: str, flags: int = 0
    ) -> dict[str, int]:
        from virtkit.fake.statistics import block_totals

        self._allowed("live", record)
        drives = self._drives(record, path)
        totals = block_totals(record, self._host.now())
        return {name: value * drives for name, value in totals.items()}

    def _drives(self, record: DomainRecord, path: str) -> int:
        """Return how many drives with something in them *path* means: all if it is empty."""
        from virtkit.fake.tuning import shapes, throttles

        tree = record.document.tree()
        if not path:
            return sum(bool(shapes.local_path(disk)) for disk in tree.iterfind("devices/disk"))
        disk = throttles.disk_of(tree, path)
        if disk is None:
            self._refuse(f"invalid path: {path}", c.VIR_ERR_INVALID_ARG)
        return int(bool(shapes.local_path(disk)))

    @domain_call("virDomainInterfaceStats", write=False)
    def interfaceStats(self, session: Session, record: DomainRecord, path: str) -> tuple[int, ...]:
        from virtkit.fake.statistics import interface_counters
        from virtkit.fake.tuning import throttles

        self._allowed("live", record)
        if not self._host.personality.guest_decides:
            return testanswers.interface_counters(record, path, self._host.now())
        interface = throttles.interface_of(record.document.tree(), path)
        if interface.find("target[@dev]") is None:
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, "Interface name not provided")
        return interface_counters(record, self._host.now())

    @domain_call("virDomainMemoryStats", write=False)
    def memoryStats(self, session: Session, record: DomainRecord) -> dict[str, int]:
        from virtkit.fake.statistics import memory_statistics

        self._allowed("live", record)
        if not self._host.personality.guest_decides:
            return testanswers.memory_stats(record)
        return memory_statistics(self._host, record)

    @domain_call("virDomainGetCPUStats", write=False)
    def getCPUStats(
        self, session: Session, record: DomainRecord, total: bool, flags: int = 0
    ) -> list[dict[str, int]]:
        self._allowed("live", record)
        if not self._host.personality.guest_decides:
            if total:
                return [dict(_TEST_TIMES)]
            share = _TEST_TOTAL // _TEST_CPUS
            return [
                {"cpu_time": share + number, "vcpu_time": share + number - _TEST_VCPU_LAG}
                for number in range(_TEST_CPUS)
            ]
        spent = int(record.cpu_seconds(self._host.now()) * 1e9)
        if total:
            return [{"cpu_time": spent, "user_time": spent * 9 // 10, "system_time": spent // 10}]
        return self._by_processor(record, spent)

    def _by_processor(self, record: DomainRecord, spent: int) -> list[dict[str, int]]:
        """Return what each of the host's processors gave, and what of that the guest itself had."""
        from virtkit.fake.statistics import shape_of
        from virtkit.fake.tuning import cpus

        tree, host = record.document.tree(), self._host.cpus
        online = shape_of(record).online
        found = [{"cpu_time": 0, "vcpu_time": 0} for _ in range(host)]
        for number in online:
            pins = sorted(cpus.pinned(tree, "vcpupin", number, host))
            place = pins[number % len(pins)] % host
            found[place]["cpu_time"] += spent // len(online)
            found[place]["vcpu_time"] += spent * 9 // 10 // len(online)
        return found
