"""virConnect: the host itself: its processors, its memory, its sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, fail_argument, fail_silently
from virtkit.fake.node import memory
from virtkit.fake.testdriver import NODE

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

_BOOTED = "booted"
_UP = 3600.0  # seconds that a host has been up when it is first looked at
_NS = 1_000_000_000
_WHOLE = -1  # the number that stands for all CPUs, or cells
_SHORTEST_SLEEP = 60
_SLEEPS = (
    ("suspend_mem", "Suspend-to-RAM"),
    ("suspend_disk", "Suspend-to-Disk"),
    ("suspend_hybrid", "Hybrid-Suspend"),
)
_KSM = "memory parameters"
_KSM_DEFAULTS = {
    "shm_pages_to_scan": 100, "shm_sleep_millisecs": 20, "shm_pages_shared": 0, "shm_pages_sharing": 0,
    "shm_pages_unshared": 0, "shm_pages_volatile": 0, "shm_full_scans": 0, "shm_merge_across_nodes": 1,
}  # fmt: skip
_KSM_SET = ("shm_pages_to_scan", "shm_sleep_millisecs", "shm_merge_across_nodes")
_TEST_CELLS = [2097152, 4194304]  # KiB, which the test driver tells as bytes
_TEST_CPU = {"user": 9797400000, "kernel": 34678723400000, "idle": 87264900000, "iowait": 763600000}
_TEST_SYSINFO = """<sysinfo type='smbios'>
  <bios>
    <entry name='vendor'>LENOVO</entry>
    <entry name='version'>G4ETA1WW (2.61 )</entry>
    <entry name='date'>05/07/2014</entry>
    <entry name='release'>2.61</entry>
  </bios>
</sysinfo>
"""


def _refuse(message: str, code: int = c.VIR_ERR_INTERNAL_ERROR) -> NoReturn:
    fail(code, c.VIR_FROM_NONE, message)


class Node(ConnectionBase):
    """Node information, statistics, memory and sleep."""

    @property
    def _test(self) -> bool:
        return self._host.personality.name == "test"

    @connection_call("virNodeGetInfo")
    def getInfo(self, session: Session) -> list[str | int]:
        if self._test:
            return list(self._host.test_node or NODE)
        host, cells = self._host, len(self._host.numa_cells())
        sockets, cores, threads = host.topology()
        per_cell, left = divmod(sockets, cells)
        shape = (cells, per_cell, cores, threads) if per_cell and not left else (1, sockets, cores, threads)
        return [host.arch, host.total_memory() // 1024, host.cpus, host.mhz, *shape]

    # processors

    @connection_call("virNodeGetCPUMap")
    def getCPUMap(self, session: Session, flags: int = 0) -> tuple[int, list[bool], int]:
        if self._test:
            return (8, [True, False, True, False, True, False, False, False], 3)
        self._no_flags(flags, "virHostCPUGetMap")
        return (self._host.cpus, [True] * self._host.cpus, self._host.cpus)

    def _no_flags(self, flags: int, function: str) -> None:
        if flags:
            message = f"unsupported flags ({flags:#x}) in function {function}"
            fail_argument(c.VIR_FROM_NONE, message, function, "flags")

    @connection_call("virNodeGetCPUStats")
    def getCPUStats(self, session: Session, cpuNum: int, flags: int = 0) -> dict[str, int]:
        if self._test:
            return dict(_TEST_CPU)
        self._no_flags(flags, "virHostCPUGetStats")
        cpus = self._host.cpus
        if cpuNum >= cpus:
            function = "virHostCPUGetStatsLinux"
            fail_argument(c.VIR_FROM_NONE, f"Invalid cpuNum in {function}", function, "cpuNum")
        busy, up = self._busy(session), int(self._uptime(session) * _NS)
        if cpuNum == _WHOLE:
            return {"kernel": up // 100 * cpus, "user": busy, "idle": self._idle(up, busy), "iowait": 0}
        share = busy // cpus
        return {"kernel": up // 100, "user": share, "idle": max(up - up // 100 - share, 0), "iowait": 0}

    def _idle(self, up: int, busy: int) -> int:
        return max((up - up // 100) * self._host.cpus - busy, 0)

    def _busy(self, session: Session) -> int:
        now = self._host.now()
        return int(sum(record.cpu_seconds(now) for record in session.all()) * _NS)

    def _uptime(self, session: Session) -> float:
        """Return for how many seconds the host has been up."""
        now = self._host.now()
        booted: float | None = session.setting(_BOOTED)
        if booted is None:
            booted = now - _UP
            session.put_setting(_BOOTED, booted)
        return now - booted

    @connection_call("virNodeGetSecurityModel")
    def getSecurityModel(self, session: Session) -> list[str]:
        return ["testSecurity", ""] if self._test else ["none", "0"]

    # memory

    @connection_call("virNodeGetFreeMemory")
    def getFreeMemory(self, session: Session) -> int:
        if self._test:
            return 0 if self._host.test_node else 3145728
        return memory.free(session, self._host) * 1024

    @connection_call("virNodeGetMemoryStats")
    def getMemoryStats(self, session: Session, cellNum: int, flags: int = 0) -> dict[str, int]:
        function = "virHostMemGetStats"
        self._no_flags(flags, function)
        cells = self._host.numa_cells()
        if cellNum >= len(cells):
            message = f"cellNum in {function} must be less than or equal to {len(cells) - 1}"
            fail_argument(c.VIR_FROM_NONE, message, function, "cellNum")
        if cellNum != _WHOLE:
            free = memory.cell_free(session, self._host, cellNum)
            return {"total": cells[cellNum].memory, "free": free}
        total, free = self._host.total_memory(), memory.free(session, self._host)
        return {"total": total, "free": free, "buffers": 0, "cached": 0}

    @connection_call("virNodeGetCellsFreeMemory")
    def getCellsFreeMemory(self, session: Session, startCell: int, maxCells: int) -> list[int]:
        if startCell < 0 or maxCells < 1:
            fail_silently("virNodeGetCellsFreeMemory")
        if self._test:
            if startCell >= (0 if self._host.test_node else len(_TEST_CELLS)):
                message = "Range exceeds available cells"
                fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_TEST, message)
            return _TEST_CELLS[startCell : startCell + maxCells]
        cells = self._cells(startCell, maxCells)
        return [memory.cell_free(session, self._host, cell) * 1024 for cell in cells]

    def _cells(self, start: int, count: int) -> range:
        """Return the cells that a range means."""
        number = len(self._host.numa_cells())
        if start >= number:
            _refuse(f"start cell {start} out of range (0-{number - 1})")
        return range(start, min(start + count, number))

    @connection_call("virNodeGetFreePages")
    def getFreePages(
        self, session: Session, pages: list[int], startCell: int, maxCells: int, flags: int = 0
    ) -> dict[int, dict[int, int]]:
        if not maxCells:
            raise LookupError("cellCount must not be zero")
        if not pages:
            function = "virNodeGetFreePages"
            fail_argument(c.VIR_FROM_DOMAIN, f"npages in {function} must not be zero", function, "npages")
        if self._test:
            return {}
        cells = [_WHOLE] if startCell == _WHOLE else self._cells(startCell, maxCells)
        return {cell: {size: self._free_pages(session, cell, size) for size in pages} for cell in cells}

    def _free_pages(self, session: Session, cell: int, size: int) -> int:
        host = self._host
        if size == memory.SMALL:
            whole = cell == _WHOLE
            kib = memory.free(session, host) if whole else memory.cell_free(session, host, cell)
            return kib // memory.SMALL
        count = self._pool(session, size, cell)
        return count if cell == _WHOLE else count // len(host.numa_cells())

    def _pool(self, session: Session, size: int, cell: int) -> int:
        pools = memory.pools(session, self._host)
        if size not in pools:
            where = "" if cell == _WHOLE else f" on node {cell}"
            _refuse(f"page size {size} is not available{where}", c.VIR_ERR_OPERATION_FAILED)
        return pools[size]

    @connection_call("virNodeAllocPages", write=True)
    def allocPages(
        self,
        session: Session,
        pages: dict[int, int],
        startCell: int = 0,
        cellCount: int = 0,
        flags: int = 0,
    ) -> int:
        if not pages:
            raise LookupError("Need non-empty dictionary to pages attribute")
        cells = self._cells(max(startCell, 0), max(cellCount, 1))
        for size in pages:
            if size == memory.SMALL:
                _refuse("system pages pool can't be modified", c.VIR_ERR_OPERATION_UNSUPPORTED)
            self._pool(session, size, cells[0])
        for size, count in pages.items():
            before = 0 if flags & c.VIR_NODE_ALLOC_PAGES_SET else self._pool(session, size, cells[0])
            memory.set_pool(session, size, before + count * len(cells))
        return len(cells)

    @connection_call("virNodeGetMemoryParameters")
    def getMemoryParameters(self, session: Session, flags: int = 0) -> dict[str, int]:
        self._no_flags(flags, "virHostMemGetParameters")
        return {**_KSM_DEFAULTS, **(session.setting(_KSM) or {})}

    @connection_call("virNodeSetMemoryParameters", write=True)
    def setMemoryParameters(self, session: Session, params: dict[str, int], flags: int = 0) -> int:
        if not params:
            raise LookupError("Need non-empty dictionary to set attributes")
        for name, value in params.items():
            if name not in _KSM_DEFAULTS:
                raise LookupError(f'Attribute name "{name}" could not be recognized')
            if not isinstance(value, int):
                raise TypeError("an integer is required")
        self._no_flags(flags, "virHostMemSetParameters")
        unknown = next((name for name in params if name not in _KSM_SET), None)
        if unknown is not None:
            _refuse(f"parameter '{unknown}' not supported", c.VIR_ERR_ARGUMENT_UNSUPPORTED)
        session.put_setting(_KSM, {**(session.setting(_KSM) or {}), **params})
        return 0

    # what it is, and its sleep

    @connection_call("virConnectGetSysinfo")
    def getSysinfo(self, session: Session, flags: int = 0) -> str:
        found = _TEST_SYSINFO if self._test else self._host.sysinfo
        if found is None:
            message = "Host SMBIOS information is not available"
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        return found

    @connection_call("virNodeGetSEVInfo")
    def getSEVInfo(self, session: Session, flags: int = 0) -> dict[str, Any]:
        if self._host.sev is None:
            message = "QEMU does not support SEV guest"
            fail(c.VIR_ERR_OPERATION_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        return dict(self._host.sev)

    @connection_call("virNodeSuspendForDuration", write=True)
    def suspendForDuration(self, session: Session, target: int, duration: int, flags: int = 0) -> int:
        self._no_flags(flags, "virNodeSuspend")
        if not 0 <= target < len(_SLEEPS):
            _refuse("Invalid suspend target", c.VIR_ERR_INVALID_ARG)
        how, name = _SLEEPS[target]
        if how not in self._host.suspends:
            _refuse(name, c.VIR_ERR_ARGUMENT_UNSUPPORTED)
        if duration < _SHORTEST_SLEEP:
            _refuse("Suspend duration is too short", c.VIR_ERR_INVALID_ARG)
        return 0
