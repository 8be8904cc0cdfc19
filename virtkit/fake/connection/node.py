"""virConnect: the host itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

_MHZ = 2400
_MAX_VCPUS = {"kvm": 0, "qemu": 16}
_SYSINFO = """<sysinfo type='smbios'>
  <bios>
    <entry name='vendor'>LENOVO</entry>
    <entry name='version'>G4ETA1WW (2.61 )</entry>
    <entry name='date'>05/07/2014</entry>
    <entry name='release'>2.61</entry>
  </bios>
</sysinfo>
"""
_CPU_MODELS = [
    "486",
    "pentium",
    "pentium2",
    "pentium3",
    "pentiumpro",
    "coreduo",
    "n270",
    "core2duo",
    "qemu32",
    "kvm32",
    "qemu64",
    "kvm64",
    "Conroe",
    "Penryn",
    "Nehalem",
    "Westmere",
    "SandyBridge",
    "IvyBridge",
    "Haswell",
    "Broadwell",
    "Skylake-Client",
    "Skylake-Server",
    "Cascadelake-Server",
    "Icelake-Server",
    "Cooperlake",
    "Opteron_G1",
    "Opteron_G2",
    "Opteron_G3",
    "Opteron_G4",
    "Opteron_G5",
    "EPYC",
    "EPYC-Rome",
    "EPYC-Milan",
]


class Node(ConnectionBase):
    """Node information and capabilities."""

    @connection_call("virNodeGetInfo")
    def getInfo(self, session: Session) -> list[str | int]:
        if not self._host.personality.guest_decides:
            return ["i686", 3072, 16, 1400, 2, 2, 2, 2]
        host = self._host
        cores = max(host.cpus // 2, 1)
        return ["x86_64", host.memory // 1024, host.cpus, _MHZ, 1, 1, cores, host.cpus // cores]

    @connection_call("virConnectGetCapabilities")
    def getCapabilities(self, session: Session) -> str:
        from virtkit.fake.capabilities import capabilities

        return capabilities(self._host)

    @connection_call("virConnectGetDomainCapabilities")
    def getDomainCapabilities(
        self,
        session: Session,
        emulatorbin: str | None = None,
        arch: str | None = None,
        machine: str | None = None,
        virttype: str | None = None,
        flags: int = 0,
    ) -> str:
        from virtkit.fake.capabilities import domain_capabilities

        return domain_capabilities(self._host, emulatorbin, arch, machine, virttype)

    @connection_call("virConnectGetMaxVcpus")
    def getMaxVcpus(self, session: Session, type: str | None) -> int:
        if not self._host.personality.guest_decides:
            return 32
        kind = (type or "qemu").lower()
        if kind not in _MAX_VCPUS:
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, f"unknown type '{type}'")
        return self._host.cpus if kind == "kvm" else _MAX_VCPUS[kind]

    @connection_call("virConnectGetSysinfo")
    def getSysinfo(self, session: Session, flags: int = 0) -> str:
        if self._host.personality.guest_decides:
            message = "Host SMBIOS information is not available"
            fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        return _SYSINFO

    @connection_call("virConnectGetCPUModelNames")
    def getCPUModelNames(self, session: Session, arch: str, flags: int = 0) -> list[str]:
        return list(_CPU_MODELS) if arch in {"x86_64", "i686"} else []

    @connection_call("virNodeGetFreeMemory")
    def getFreeMemory(self, session: Session) -> int:
        if not self._host.personality.guest_decides:
            return 3145728
        used = sum(record.balloon for record in session.all() if record.active)
        return max(self._host.memory - used, 0) * 1024

    @connection_call("virNodeGetCPUMap")
    def getCPUMap(self, session: Session, flags: int = 0) -> tuple[int, list[bool], int]:
        if not self._host.personality.guest_decides:
            return (8, [True, False, True, False, True, False, False, False], 3)
        return (self._host.cpus, [True] * self._host.cpus, self._host.cpus)

    @connection_call("virNodeGetMemoryStats")
    def getMemoryStats(self, session: Session, cellNum: int, flags: int = 0) -> dict[str, int]:
        used = sum(record.balloon for record in session.all() if record.active)
        total = self._host.memory
        return {"total": total, "free": max(total - used, 0), "buffers": 0, "cached": 0}

    @connection_call("virNodeGetCPUStats")
    def getCPUStats(self, session: Session, cpuNum: int, flags: int = 0) -> dict[str, int]:
        busy = int(sum(record.cpu_seconds(self._host.now()) for record in session.all()) * 1e9)
        idle = max(int(self._host.now() * 1e9) - busy, 0)
        return {"kernel": 0, "user": busy, "idle": idle, "iowait": 0}

    @connection_call("virNodeGetSecurityModel")
    def getSecurityModel(self, session: Session) -> list[str]:
        return ["none", "0"] if self._host.personality.guest_decides else ["testSecurity", ""]
