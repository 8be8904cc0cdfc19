"""virDomain: virtual CPUs, and on which of the host's everything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import guest, power
from virtkit.fake.call import domain_call
from virtkit.fake.domain.asking import agent_call
from virtkit.fake.domain.documents import Documents
from virtkit.fake.domain.guestcpus import GuestCPUs
from virtkit.fake.errors import fail_argument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session
    from virtkit.fake.tuning.cpus import Vcpus as List

_TEST_VCPUS = 32
_TEST_MAP = 8
_ARGUMENT = c.VIR_ERR_INVALID_ARG
_Info = tuple[int, int, int, int]


def chosen(cpumap: Any, host: int) -> set[int]:
    """Return which of the host's processors *cpumap* has, as the binding reads it."""
    if not isinstance(cpumap, tuple):
        raise TypeError("Unexpected type, tuple is required")
    return {number for number, on in enumerate(cpumap[:host]) if on}


def shown(cpus: set[int], host: int) -> tuple[bool, ...]:
    """Return *cpus* as the binding shows them: a truth for each of the host's."""
    return tuple(number in cpus for number in range(host))


class Vcpus(GuestCPUs, Documents):
    """vcpus, setVcpus, setVcpu, pinVcpu, pinEmulator, and what they change."""

    @property
    def _width(self) -> int:
        """How many of the host's processors the binding shows: of the test driver's, half."""
        return self._host.cpus if self._host.personality.guest_decides else _TEST_MAP

    @domain_call("virDomainGetMaxVcpus", write=False)
    def maxVcpus(self, session: Session, record: DomainRecord) -> int:
        self._allowed("live", record)
        return record.facts.max_vcpus

    @agent_call("virDomainGetVcpusFlags", write=False)
    def vcpusFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        live, _ = self._sides(record, flags, both=False)
        if flags & c.VIR_DOMAIN_VCPU_GUEST:
            return self._count_guest_vcpus(session, record, maximum=bool(flags & c.VIR_DOMAIN_VCPU_MAXIMUM))
        facts = record.facts if live else record.inactive.facts()
        if flags & c.VIR_DOMAIN_VCPU_MAXIMUM:
            return facts.max_vcpus
        return record.vcpus if live else facts.vcpus

    @domain_call("virDomainGetVcpus", write=False)
    def vcpus(self, session: Session, record: DomainRecord) -> tuple[list[_Info], list[tuple[bool, ...]]]:
        from virtkit.fake.tuning import cpus

        qemu = self._host.personality.guest_decides
        if not record.active:
            what = "retrieve vcpu information for inactive" if qemu else "list vcpus for an inactive"
            self._refuse(f"cannot {what} domain")
        tree, host, now = record.document.tree(), self._host.cpus, self._host.now()
        online = [number for number, vcpu in enumerate(cpus.read(tree).each) if vcpu.online]
        pins = [cpus.pinned(tree, "vcpupin", number, host) for number in online]
        if qemu:
            spent = int(record.cpu_seconds(now) * 1e9) // max(len(online), 1)
            places = [sorted(pin)[number % len(pin)] for number, pin in zip(online, pins, strict=True)]
        else:
            spent = int(now * 1e6) // 10
            places = [max(pin, default=-1) for pin in pins]
        infos = [
            (number, c.VIR_VCPU_RUNNING, spent, place) for number, place in zip(online, places, strict=True)
        ]
        return infos, [shown(pin, self._width) for pin in pins]

    # how many

    def _few_vcpus(self, nvcpus: int, flags: int = 0) -> None:
        if not self._host.personality.guest_decides and nvcpus > _TEST_VCPUS:
            number = nvcpus - (1 << 32) if nvcpus >= 1 << 31 else nvcpus
            message = f"requested cpu amount exceeds maximum supported amount ({number} > {_TEST_VCPUS})"
            self._refuse(message, _ARGUMENT)

    @domain_call("virDomainSetVcpus", before="_few_vcpus")
    def setVcpus(self, session: Session, record: DomainRecord, nvcpus: int) -> int:
        self._allowed("live", record)
        self._set_vcpus(record, nvcpus, c.VIR_DOMAIN_AFFECT_LIVE)
        return 0

    @agent_call("virDomainSetVcpusFlags", before="_few_vcpus")
    def setVcpusFlags(self, session: Session, record: DomainRecord, nvcpus: int, flags: int = 0) -> int:
        if flags & c.VIR_DOMAIN_VCPU_GUEST:
            self._use_guest_vcpus(session, record, nvcpus)
        else:
            self._set_vcpus(record, nvcpus, flags)
        return 0

    def _set_vcpus(self, record: DomainRecord, count: int, flags: int) -> None:
        live, config = self._sides(record, flags)
        maximum = bool(flags & c.VIR_DOMAIN_VCPU_MAXIMUM)
        if not self._host.personality.guest_decides:
            self._set_test_vcpus(record, count, live=live, config=config, maximum=maximum)
        elif maximum:
            self._set_most(record, count, live=live)
        else:
            self._set_count(record, count, flags, live=live, config=config)

    def _set_most(self, record: DomainRecord, count: int, *, live: bool) -> None:
        from virtkit.fake.tuning import cpus

        if live or record.config is None:
            message = "maximum vcpu count of a live domain can't be modified"
            self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        tree = record.config.tree()
        cells = sum(len(cpus.bitmap(cell.get("cpus", ""))) for cell in tree.iterfind("cpu/numa/cell"))
        if cells > count:
            self._refuse("Number of CPUs in <numa> exceeds the desired maximum vcpu count", _ARGUMENT)
        if cpus.topology(tree) not in {0, count}:
            self._refuse("CPU topology doesn't match the desired vcpu count", _ARGUMENT)
        vcpus = cpus.read(tree)
        vcpus.resize(count)
        self._write(record, None, vcpus)

    def _set_count(self, record: DomainRecord, count: int, flags: int, *, live: bool, config: bool) -> None:
        from virtkit.fake.tuning import cpus

        running = cpus.read(record.document.tree(), live=True) if live else None
        defined = cpus.read(record.config.tree()) if config and record.config is not None else None
        for side, vcpus in (("live", running), ("persistent", defined)):
            if vcpus is not None and count > len(vcpus.each):
                message = f"requested vcpus is greater than max allowable vcpus for the {side} domain"
                self._refuse(f"{message}: {count} > {len(vcpus.each)}", _ARGUMENT)
        if running is not None:
            self._select(record, running, count)
        if defined is not None:
            defined.cold(count, hotpluggable=bool(flags & c.VIR_DOMAIN_VCPU_HOTPLUGGABLE))
        self._write(record, running, defined)

    def _select(self, record: DomainRecord, vcpus: List, count: int) -> None:
        """Have a running guest get or lose as many as it takes."""
        change = count - vcpus.count
        if change > 0:
            offline = [number for number, vcpu in enumerate(vcpus.each) if not vcpu.online]
            vcpus.plug(set(offline[:change]))
        elif change < 0:
            loose = [
                number
                for number, vcpu in enumerate(vcpus.each)
                if number and vcpu.online and vcpu.hotpluggable == "yes"
            ]
            if len(loose) < -change:
                message = (
                    "failed to find appropriate hotpluggable vcpus to reach the desired target vcpu count"
                )
                self._refuse(message, c.VIR_ERR_CONFIG_UNSUPPORTED)
            self._guest_lets_go(record)
            vcpus.unplug(set(loose[change:]))

    def _guest_lets_go(self, record: DomainRecord) -> None:
        """Refuse to take a CPU away from a guest that is not up to be asked for it."""
        if not guest.booted(self._host, record):
            message = (
                "unable to execute QEMU command 'device_del': acpi: device unplug request for not supported"
                " device type: qemu64-x86_64-cpu"
            )
            self._refuse(message, c.VIR_ERR_INTERNAL_ERROR)

    def _write(self, record: DomainRecord, running: List | None, defined: List | None) -> None:
        from virtkit.fake.tuning import cpus, edits

        if running is not None:
            edits.apply(record, lambda tree: cpus.write(tree, running), live=True, config=False)
            record.vcpus = running.count
        if defined is not None:
            edits.apply(record, lambda tree: cpus.write(tree, defined), live=False, config=True)

    def _set_test_vcpus(
        self, record: DomainRecord, count: int, *, live: bool, config: bool, maximum: bool
    ) -> None:
        limits = [record.facts.max_vcpus] if live else []
        if config and not maximum:
            limits.append(record.inactive.facts().max_vcpus)
        for limit in limits:
            if count > limit:
                message = f"requested cpu amount exceeds maximum ({count} > {limit})"
                self._refuse(message, _ARGUMENT)
        if live and record.live is not None:
            record.live, record.vcpus = _with(record.live, count, None), count
        if config and record.config is not None:
            facts = record.config.facts()
            if maximum:
                record.config = _with(record.config, min(facts.vcpus, count), count)
            else:
                record.config = _with(record.config, count, None)

    @domain_call("virDomainSetVcpu", before="_named_vcpus")
    def setVcpu(
        self, session: Session, record: DomainRecord, vcpumap: str, state: int, flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import cgroups, cpus

        live, config = self._sides(record, flags)
        numbers = cgroups.parse_bitmap(vcpumap)
        running = cpus.read(record.document.tree(), live=True) if live else None
        defined = cpus.read(record.config.tree()) if config and record.config is not None else None
        for side, vcpus in (("persistent", defined), ("live", running)):
            if vcpus is not None and max(numbers) >= len(vcpus.each):
                self._refuse(f"vcpu {max(numbers)} is not present in {side} config", _ARGUMENT)
        if running is not None:
            self._switchable(running, numbers, on=bool(state))
        if defined is not None:
            self._apart(defined, numbers)
        if running is not None:
            self._switch(record, running, numbers, on=bool(state))
        if defined is not None:
            defined.switch(numbers, on=bool(state))
        self._write(record, running, defined)
        return 0

    def _named_vcpus(self, vcpumap: str, state: int, flags: int = 0) -> None:
        from virtkit.fake.tuning import cgroups

        if state not in {0, 1}:
            source, function = self._host.personality.source, "qemuDomainSetVcpu"
            fail_argument(source, "unsupported state value", function, "state")
        cgroups.parse_bitmap(vcpumap)

    def _switchable(self, vcpus: List, numbers: set[int], *, on: bool) -> None:
        for number in sorted(numbers):
            vcpu = vcpus.each[number]
            if vcpu.online == on:
                self._refuse(f"vcpu '{number}' is already in requested state", _ARGUMENT)
        if len(numbers) != 1:
            message = "only one hotpluggable entity can be selected"
            self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)

    def _apart(self, vcpus: List, numbers: set[int]) -> None:
        """Refuse to switch what comes before a CPU that must stay."""
        if 0 in numbers:
            self._refuse("vCPU '0' can't be modified", _ARGUMENT)
        first = min(numbers)
        for number in range(first + 1, len(vcpus.each)):
            vcpu = vcpus.each[number]
            if number not in numbers and vcpu.online and vcpu.hotpluggable == "no":
                what = f"vcpu '{first}' can't be modified as it is followed by non-hotpluggable online vcpus"
                self._refuse(what, _ARGUMENT)

    def _switch(self, record: DomainRecord, vcpus: List, numbers: set[int], *, on: bool) -> None:
        if on:
            vcpus.plug(numbers)
            return
        fixed = [number for number in sorted(numbers) if vcpus.each[number].hotpluggable == "no"]
        if fixed:
            self._refuse(f"vcpu '{fixed[0]}' can't be unplugged", c.VIR_ERR_OPERATION_UNSUPPORTED)
        self._guest_lets_go(record)
        vcpus.unplug(numbers)

    # where they run

    def _map_of_vcpu(self, vcpu: int, cpumap: Any, flags: int = 0) -> None:
        chosen(cpumap, self._width)

    def _map_given(self, cpumap: Any, flags: int = 0) -> None:
        chosen(cpumap, self._width)

    @domain_call("virDomainPinVcpu", before="_map_of_vcpu")
    def pinVcpu(self, session: Session, record: DomainRecord, vcpu: int, cpumap: Sequence[bool]) -> int:
        self._pin_vcpu(session, record, vcpu, cpumap, c.VIR_DOMAIN_AFFECT_LIVE)
        return 0

    @domain_call("virDomainPinVcpuFlags", before="_map_of_vcpu")
    def pinVcpuFlags(
        self, session: Session, record: DomainRecord, vcpu: int, cpumap: Sequence[bool], flags: int = 0
    ) -> int:
        self._pin_vcpu(session, record, vcpu, cpumap, flags)
        return 0

    def _pin_vcpu(
        self, session: Session, record: DomainRecord, vcpu: int, cpumap: Sequence[bool], flags: int
    ) -> None:
        cpus = chosen(cpumap, self._width)
        if not self._host.personality.guest_decides:
            self._pin_test_vcpu(record, vcpu, cpus)
            return
        live, config = self._sides(record, flags)
        if config and record.config is not None:
            facts = record.config.facts()
            if not 0 <= vcpu < facts.max_vcpus:
                message = f"vcpu {vcpu} is out of range of persistent cpu count {facts.vcpus}"
                self._refuse(message, _ARGUMENT)
        if not cpus:
            self._refuse("Empty cpu list for pinning", _ARGUMENT)
        if live and not 0 <= vcpu < record.facts.max_vcpus:
            message = f"vcpu {vcpu} is out of range of live cpu count {record.facts.max_vcpus}"
            self._refuse(message, _ARGUMENT)
        self._pin(session, record, ("vcpupin", vcpu), cpus, live=live, config=config)

    def _pin_test_vcpu(self, record: DomainRecord, vcpu: int, cpus: set[int]) -> None:
        from virtkit.fake.tuning import cpus as virtual
        from virtkit.fake.tuning import edits

        if not record.active:
            self._refuse("cannot pin vcpus on an inactive domain")
        present = virtual.read(record.document.tree()).each
        if not 0 <= vcpu < len(present) or not present[vcpu].online:
            self._refuse(f"requested vcpu '{vcpu}' is not present in the domain", _ARGUMENT)
        edits.apply(record, lambda tree: virtual.pin(tree, "vcpupin", vcpu, cpus), live=True, config=False)

    def _pin(
        self,
        session: Session,
        record: DomainRecord,
        what: tuple[str, int | None],
        cpus: set[int],
        *,
        live: bool,
        config: bool,
    ) -> None:
        """Pin *what*: its element, and its number if it is one of several; tell of it."""
        from virtkit.fake.fill import bitmaps
        from virtkit.fake.tuning import cpus as virtual
        from virtkit.fake.tuning import edits

        element, number = what
        edits.apply(record, lambda tree: virtual.pin(tree, element, number, cpus), live=live, config=config)
        if live and self._host.personality.guest_decides:
            name = f"cputune.{element}{'' if number is None else number}"
            told = {name: bitmaps.print_(cpus)}
            power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_TUNABLE, told)

    @domain_call("virDomainGetVcpuPinInfo", write=False)
    def vcpuPinInfo(self, session: Session, record: DomainRecord, flags: int = 0) -> list[tuple[bool, ...]]:
        from virtkit.fake.tuning import cpus

        live, _ = self._sides(record, flags, both=False)
        document = record.document if live else record.inactive
        host, tree = self._width, document.tree()
        count = record.vcpus if record.active else record.facts.vcpus
        maximum = document.facts().max_vcpus
        return [
            shown(cpus.pinned(tree, "vcpupin", number, host) if number < maximum else set(), host)
            for number in range(count)
        ]

    @domain_call("virDomainPinEmulator", before="_map_given")
    def pinEmulator(
        self, session: Session, record: DomainRecord, cpumap: Sequence[bool], flags: int = 0
    ) -> int:
        live, config = self._sides(record, flags, both=self._host.personality.guest_decides)
        cpus = chosen(cpumap, self._width)
        if not cpus:
            self._refuse("Empty cpu list for pinning", _ARGUMENT)
        self._pin(session, record, ("emulatorpin", None), cpus, live=live, config=config)
        return 0

    @domain_call("virDomainGetEmulatorPinInfo", write=False)
    def emulatorPinInfo(self, session: Session, record: DomainRecord, flags: int = 0) -> tuple[bool, ...]:
        from virtkit.fake.tuning import cpus

        live, _ = self._sides(record, flags, both=False)
        tree = (record.document if live else record.inactive).tree()
        host = self._width
        return shown(cpus.pinned(tree, "emulatorpin", None, host), host)


def _with(document: Document, count: int, maximum: int | None) -> Document:
    """Return *document* with other numbers of virtual CPUs, as the test driver counts."""
    from virtkit.fake.tuning import cpus

    def change(tree: Any) -> None:
        vcpus = cpus.read(tree)
        if maximum is not None:
            vcpus.resize(maximum)
        vcpus.cold(count, hotpluggable=False)
        cpus.write(tree, vcpus)

    return document.edited(change)
