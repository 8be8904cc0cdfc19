"""virDomain: I/O threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.vcpus import Vcpus, chosen, shown
from virtkit.fake.errors import fail_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_ARGUMENT = c.VIR_ERR_INVALID_ARG


class IOThreads(Vcpus):
    """ioThreadInfo, addIOThread, delIOThread, pinIOThread, setIOThreadParams."""

    @domain_call("virDomainGetIOThreadInfo", write=False)
    def ioThreadInfo(
        self, session: Session, record: DomainRecord, flags: int = 0
    ) -> list[tuple[int, list[bool]]]:
        from virtkit.fake.tuning import cpus, iothreads

        live, _ = self._sides(record, flags, both=False)
        document = record.document if live else record.inactive
        tree, host = document.tree(), self._width
        numbers = iothreads.numbers(tree)
        if self._host.personality.guest_decides:
            width = host
            if live:  # QEMU tells of the newest first
                numbers.reverse()
        else:  # the test driver takes the guest's processors for the host's
            width = record.vcpus if live else document.facts().vcpus
        pins = [cpus.pinned(tree, "iothreadpin", number, width) for number in numbers]
        return [(number, list(shown(pin, host))) for number, pin in zip(numbers, pins, strict=True)]

    def _not_zero(self, iothread_id: int, *_rest: object) -> None:
        if iothread_id == 0:
            self._refuse("invalid value of 0 for iothread_id", _ARGUMENT)

    @domain_call("virDomainAddIOThread", before="_not_zero")
    def addIOThread(self, session: Session, record: DomainRecord, iothread_id: int, flags: int = 0) -> int:
        from virtkit.fake.tuning import edits, iothreads

        live, config = self._sides(record, flags, both=self._host.personality.guest_decides)
        for document in self._documents(record, live=live, config=config):
            iothreads.check_new(document, iothread_id)
        edits.apply(
            record,
            lambda tree: iothreads.put(tree, [*iothreads.numbers(tree), iothread_id], by_number=True),
            live=live,
            config=config,
        )
        if not self._host.personality.guest_decides:
            record.extra.setdefault("iothreads", {})[str(iothread_id)] = {}
        return 0

    @domain_call("virDomainDelIOThread", before="_not_zero")
    def delIOThread(self, session: Session, record: DomainRecord, iothread_id: int, flags: int = 0) -> int:
        from virtkit.fake.tuning import edits, iothreads

        live, config = self._sides(record, flags, both=self._host.personality.guest_decides)
        for document in self._documents(record, live=live, config=config):
            iothreads.check_old(document, iothread_id)

        def without(tree: Any) -> None:
            iothreads.put(tree, [number for number in iothreads.numbers(tree) if number != iothread_id])

        edits.apply(record, without, live=live, config=config)
        if not self._host.personality.guest_decides:
            record.extra.get("iothreads", {}).pop(str(iothread_id), None)
        return 0

    @staticmethod
    def _documents(record: DomainRecord, *, live: bool, config: bool) -> list[Any]:
        found = []
        if config and record.config is not None:
            found.append(record.config.tree())
        if live and record.live is not None:
            found.append(record.live.tree())
        return found

    def _map_of_thread(self, iothread_val: int, cpumap: Any, flags: int = 0) -> None:
        chosen(cpumap, self._width)

    @domain_call("virDomainPinIOThread", before="_map_of_thread")
    def pinIOThread(
        self,
        session: Session,
        record: DomainRecord,
        iothread_val: int,
        cpumap: Sequence[bool],
        flags: int = 0,
    ) -> int:
        from virtkit.fake.tuning import iothreads

        qemu = self._host.personality.guest_decides
        live, config = self._sides(record, flags, both=qemu)
        cpus = chosen(cpumap, self._width)
        if not cpus:
            self._refuse("Empty iothread cpumap list for pinning", _ARGUMENT)
        if live and iothread_val not in iothreads.numbers(record.document.tree()):
            self._refuse(f"iothread{'' if qemu else 'id'} {iothread_val} not found", _ARGUMENT)
        if config and iothread_val not in iothreads.numbers(record.inactive.tree()):
            self._refuse(f"iothreadid {iothread_val} not found", _ARGUMENT)
        self._pin(session, record, ("iothreadpin", iothread_val), cpus, live=live, config=config)
        return 0

    def _thread_parameters(self, iothread_val: int, params: Any, flags: int = 0) -> None:
        from virtkit.fake.errors import fail_argument
        from virtkit.fake.tuning import iothreads, typed

        if not isinstance(params, dict):
            raise TypeError("IOThread polling params must be a dictionary")
        typed.guessed(params, {**iothreads.POLLING, **iothreads.POOL})
        if not params:
            function = "virDomainSetIOThreadParams"
            fail_argument(c.VIR_FROM_DOMAIN, f"params in {function} must not be NULL", function, "params")
        self._not_zero(iothread_val)
        if self._host.personality.guest_decides:
            self._checked(params)

    def _checked(self, params: Mapping[str, int]) -> dict[str, int]:
        from virtkit.fake.tuning import iothreads, typed

        qemu = self._host.personality.guest_decides
        typed.check(params, {**iothreads.POLLING, **iothreads.POOL} if qemu else iothreads.POLLING)
        if qemu:
            iothreads.check_parameters(dict(params), self._host.personality.source)
        return dict(params)

    @domain_call("virDomainSetIOThreadParams", before="_thread_parameters")
    def setIOThreadParams(
        self,
        session: Session,
        record: DomainRecord,
        iothread_val: int,
        params: Mapping[str, int],
        flags: int = 0,
    ) -> int:
        from virtkit.fake.hotplug.context import live_facts
        from virtkit.fake.tuning import edits, iothreads

        source = self._host.personality.source
        live, config = self._sides(record, flags, both=self._host.personality.guest_decides)
        if not self._host.personality.guest_decides:
            tree = (record.document if live else record.inactive).tree()
            iothreads.check_change(tree, iothread_val, {}, source, live=live)
            known = record.extra.get("iothreads", {})
            if str(iothread_val) not in known:
                fail_unknown()  # it has the figures of those only that were added to the domain
            known[str(iothread_val)] = {**known[str(iothread_val)], **self._checked(params)}
            return 0
        given = self._checked(params)
        if config:
            iothreads.check_change(record.inactive.tree(), iothread_val, given, source, live=False)
            if set(given) & set(iothreads.POLLING):
                message = "configuring persistent polling values is not supported"
                self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        if live:
            iothreads.check_change(record.document.tree(), iothread_val, given, source, live=True)
            polling = live_facts(record).setdefault("polling", {})
            known = polling.setdefault(str(iothread_val), {})
            known.update({name: given[name] for name in iothreads.POLLING if name in given})
        edits.apply(
            record, lambda tree: iothreads.change(tree, iothread_val, given), live=live, config=config
        )
        return 0
