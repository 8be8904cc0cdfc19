"""virConnect: what guests can be had: capabilities, CPU models, and CPUs compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, no_support

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

_EXPAND = c.VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES
_MIGRATABLE = c.VIR_CONNECT_BASELINE_CPU_MIGRATABLE
_MUST_FIT = c.VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE
_VALIDATE = c.VIR_CONNECT_COMPARE_CPU_VALIDATE_XML
_MOST_VCPUS = {"kvm": 1024, "qemu": 16}
_TEST_VCPUS = 32


class Abilities(ConnectionBase):
    """Capabilities documents, and sums with CPUs."""

    @connection_call("virConnectGetCapabilities")
    def getCapabilities(self, session: Session) -> str:
        from virtkit.fake.node.capabilities import capabilities

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
        from virtkit.fake.node.domaincaps import domain_capabilities, target

        wanted = target(self._host, emulatorbin, arch, machine, virttype)
        return domain_capabilities(self._host, wanted)

    @connection_call("virConnectDomainXMLFromNative", write=True)
    def domainXMLFromNative(
        self, session: Session, nativeFormat: str, nativeConfig: str, flags: int = 0
    ) -> str:
        no_support("virConnectDomainXMLFromNative", c.VIR_FROM_DOMAIN)  # QEMU's driver had it once

    @connection_call("virConnectDomainXMLToNative", write=True)
    def domainXMLToNative(self, session: Session, nativeFormat: str, domainXml: str, flags: int = 0) -> str:
        from virtkit.fake.fill import defined_document, live_document
        from virtkit.fake.node.native import CommandLine

        if nativeFormat != "qemu-argv":
            message = f"unsupported config type {nativeFormat}"
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, message)
        document = defined_document(self._host.personality, domainXml)
        tree = live_document(self._host.personality, document, -1).tree()
        return CommandLine(self._host, tree, document.tree().find("cpu")).text()

    @connection_call("virConnectGetMaxVcpus")
    def getMaxVcpus(self, session: Session, type: str | None) -> int:
        if self._host.personality.name == "test":
            return _TEST_VCPUS
        kind = "qemu" if type is None else type.lower()
        if kind not in _MOST_VCPUS:
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, f"unknown type '{type}'")
        return _MOST_VCPUS[kind]

    @connection_call("virConnectGetCPUModelNames")
    def getCPUModelNames(self, session: Session, arch: str, flags: int = 0) -> list[str]:
        from virtkit.fake.node import models

        if arch not in models.ARCHITECTURES:
            source = self._host.personality.source
            fail(c.VIR_ERR_INVALID_ARG, source, f"cannot find architecture {arch}")
        names = models.names(arch)
        if names is None:
            message = f"'{arch}' architecture is not supported by CPU driver"
            fail(c.VIR_ERR_NO_SUPPORT, c.VIR_FROM_CPU, message)
        return names

    @connection_call("virConnectCompareCPU")
    def compareCPU(self, session: Session, xmlDesc: str, flags: int = 0) -> int:
        from virtkit.fake.node import cpu

        wanted = cpu.read_cpu(xmlDesc, host=None, validate=bool(flags & _VALIDATE))
        return cpu.compare(cpu.of_host(self._host), wanted, must_fit=bool(flags & _MUST_FIT))

    @connection_call("virConnectCompareHypervisorCPU", write=True)
    def compareHypervisorCPU(
        self,
        session: Session,
        emulator: str | None,
        arch: str | None,
        machine: str | None,
        virttype: str | None,
        xmlCPU: str,
        flags: int = 0,
    ) -> int:
        from virtkit.fake.node import cpu, hypervisor

        own = hypervisor.cpu_of(self._host, emulator, arch, machine, virttype)
        wanted = cpu.read_cpu(xmlCPU, host=None, validate=bool(flags & _VALIDATE))
        return cpu.compare(own, wanted, must_fit=bool(flags & _MUST_FIT))

    @connection_call("virConnectBaselineCPU")
    def baselineCPU(self, session: Session, xmlCPUs: list[str], flags: int = 0) -> str:
        from virtkit.fake.node import cpu

        found = cpu.baseline(cpu.read_all(xmlCPUs, host=True), migratable=bool(flags & _MIGRATABLE))
        hide = self._host.personality.name != "test"
        return cpu.print_baseline(found, expand=bool(flags & _EXPAND), hide=hide)

    @connection_call("virConnectBaselineHypervisorCPU", write=True)
    def baselineHypervisorCPU(
        self,
        session: Session,
        emulator: str | None,
        arch: str | None,
        machine: str | None,
        virttype: str | None,
        xmlCPUs: list[str],
        flags: int = 0,
    ) -> str:
        from virtkit.fake.node import cpu, hypervisor

        cpus = cpu.read_all(xmlCPUs, host=None)
        able = hypervisor.ability(self._host, emulator, arch, machine, virttype)
        migratable = bool(flags & _MIGRATABLE)
        found = cpu.baseline(cpus, migratable=migratable, has=able.features, allowed=able.models)
        return cpu.print_baseline(found._replace(forbid=True), expand=bool(flags & _EXPAND), hide=False)
