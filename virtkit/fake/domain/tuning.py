"""virDomain: parameters of the scheduler, of memory, of block devices, of nodes, of counted events."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.call import domain_call
from virtkit.fake.domain.documents import Documents
from virtkit.fake.errors import fail_argument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_LIVE, _CONFIG = c.VIR_DOMAIN_AFFECT_LIVE, c.VIR_DOMAIN_AFFECT_CONFIG
_Params = dict[str, Any]


class Tuning(Documents):
    """schedulerParameters, memoryParameters, blkioParameters, numaParameters, perfEvents."""

    def _one_side(self, function: str, flags: int) -> None:
        """Refuse to ask *function*, as the binding does before it sets anything, about both sides."""
        if flags & _LIVE and flags & _CONFIG:
            message = "Flags 'VIR_DOMAIN_AFFECT_LIVE' and 'VIR_DOMAIN_AFFECT_CONFIG' are mutually exclusive"
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "ctl")

    def _given(self, function: str, params: Any, flags: int = 0) -> None:
        self._one_side(function, flags)

    def _side(self, record: DomainRecord, flags: int) -> tuple[etree._Element, bool]:
        """Return the document that a call with *flags* is about, and whether it is the running one."""
        live, _ = self._sides(record, flags, both=False)
        return (record.document if live else record.inactive).tree(), live

    # the scheduler

    @domain_call("virDomainGetSchedulerType", write=False)
    def schedulerType(self, session: Session, record: DomainRecord) -> tuple[str, int]:
        return ("posix", 9) if self._host.personality.guest_decides else ("fair", 1)

    @domain_call("virDomainGetSchedulerParameters", write=False)
    def schedulerParameters(self, session: Session, record: DomainRecord) -> _Params:
        return self._scheduler(record, 0)

    @domain_call("virDomainGetSchedulerParametersFlags", write=False)
    def schedulerParametersFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> _Params:
        return self._scheduler(record, flags)

    def _scheduler(self, record: DomainRecord, flags: int) -> _Params:
        from virtkit.fake.tuning import cgroups

        if not self._host.personality.guest_decides:
            return {"weight": 50}
        tree, live = self._side(record, flags)
        return dict(cgroups.scheduler(tree, live=live))

    def _schedule(self, params: Any, flags: int = 0) -> None:
        if flags & _LIVE and flags & _CONFIG:
            self._one_side("virDomainGetSchedulerParametersFlags", flags)

    @domain_call("virDomainSetSchedulerParameters", before="_schedule")
    def setSchedulerParameters(
        self, session: Session, record: DomainRecord, params: Mapping[str, Any]
    ) -> int:
        self._set_scheduler(session, record, params, 0)
        return 0

    @domain_call("virDomainSetSchedulerParametersFlags", before="_schedule")
    def setSchedulerParametersFlags(
        self, session: Session, record: DomainRecord, params: Mapping[str, Any], flags: int = 0
    ) -> int:
        self._set_scheduler(session, record, params, flags)
        return 0

    def _set_scheduler(
        self, session: Session, record: DomainRecord, params: Mapping[str, Any], flags: int
    ) -> None:
        from virtkit.fake.tuning import cgroups, edits, typed

        if not self._host.personality.guest_decides:
            typed.like(params, {"weight": typed.UINT})
            return
        live, config = self._sides(record, flags, both=False)
        given = typed.like(params, cgroups.SCHEDULER)
        edit = cgroups.set_scheduler(given, self._host.personality.source)
        if live:
            given = {name: number for name, number in given.items() if number or name == "cpu_shares"}
            edit = cgroups.set_scheduler(given, self._host.personality.source)
        edits.apply(record, edit, live=live, config=config)
        if live and given:
            told = {f"cputune.{name}": number for name, number in given.items()}
            power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_TUNABLE, told)

    # memory

    @domain_call("virDomainGetMemoryParameters", write=False)
    def memoryParameters(self, session: Session, record: DomainRecord, flags: int = 0) -> _Params:
        from virtkit.fake.tuning import cgroups

        tree, _ = self._side(record, flags)
        return dict(cgroups.memory(tree))

    def _memory_given(self, params: Any, flags: int = 0) -> None:
        self._given("virDomainGetMemoryParameters", params, flags)

    @domain_call("virDomainSetMemoryParameters", before="_memory_given")
    def setMemoryParameters(
        self, session: Session, record: DomainRecord, params: Mapping[str, Any], flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import cgroups, edits, typed

        live, config = self._sides(record, flags, both=False)
        given = typed.like(params, cgroups.MEMORY)
        source = c.VIR_FROM_DOMAIN if self._host.personality.guest_decides else c.VIR_FROM_TEST
        edit = cgroups.set_memory(given, record.document.tree(), source)
        edits.apply(record, edit, live=live, config=config)
        return 0

    # block devices

    @domain_call("virDomainGetBlkioParameters", write=False)
    def blkioParameters(self, session: Session, record: DomainRecord, flags: int = 0) -> _Params:
        from virtkit.fake.tuning import cgroups

        tree, live = self._side(record, flags)
        return cgroups.blkio(tree, live=live and self._host.personality.guest_decides)

    def _blkio_given(self, params: Any, flags: int = 0) -> None:
        self._given("virDomainGetBlkioParameters", params, flags)

    @domain_call("virDomainSetBlkioParameters", before="_blkio_given")
    def setBlkioParameters(
        self, session: Session, record: DomainRecord, params: Mapping[str, Any], flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import cgroups, edits, typed

        live, config = self._sides(record, flags, both=False)
        edit = cgroups.set_blkio(typed.like(params, cgroups.BLKIO), c.VIR_FROM_DOMAIN)
        edits.apply(record, edit, live=live, config=config)
        return 0

    # nodes

    @domain_call("virDomainGetNumaParameters", write=False)
    def numaParameters(self, session: Session, record: DomainRecord, flags: int = 0) -> _Params:
        from virtkit.fake.tuning import cgroups

        tree, _ = self._side(record, flags)
        return cgroups.numa(tree)

    def _numa_given(self, params: Any, flags: int = 0) -> None:
        self._given("virDomainGetNumaParameters", params, flags)

    @domain_call("virDomainSetNumaParameters", before="_numa_given")
    def setNumaParameters(
        self, session: Session, record: DomainRecord, params: Mapping[str, Any], flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import cgroups, edits, typed

        qemu, source = self._host.personality.guest_decides, self._host.personality.source
        tree, live = self._side(record, flags)
        given = typed.like(params, cgroups.NUMA)
        edit = cgroups.set_numa(given, source)
        if live:
            cgroups.check_numa(tree, given, source, qemu=qemu)
        cgroups.check_placement(tree, given)
        edits.apply(record, edit, live=live, config=not live)
        return 0

    # events

    @domain_call("virDomainGetPerfEvents", write=False)
    def perfEvents(self, session: Session, record: DomainRecord, flags: int = 0) -> _Params:
        from virtkit.fake.tuning import cgroups

        self._one_side("virDomainGetPerfEvents", flags)
        tree, _ = self._side(record, flags)
        return dict(cgroups.perf(tree))

    def _perf_given(self, params: Any, flags: int = 0) -> None:
        self._given("virDomainGetPerfEvents", params, flags)

    @domain_call("virDomainSetPerfEvents", before="_perf_given")
    def setPerfEvents(
        self, session: Session, record: DomainRecord, params: Mapping[str, Any], flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import cgroups, edits, typed

        live, config = self._sides(record, flags, both=False)
        edit = partial(cgroups.put_perf, typed.like(params, cgroups.PERF))
        edits.apply(record, edit, live=live, config=config)
        return 0
