"""virDomain: memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import guest
from virtkit.fake.call import domain_call
from virtkit.fake.domain.documents import Documents
from virtkit.fake.errors import fail_argument

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_NO_BALLOON = "No memory balloon device configured, can not set the collection period"
_DIRTY_MOST = 60  # seconds


def with_text(document: Document, path: str, text: str) -> Document:
    """Return *document* with the text of the element at *path* changed."""

    def change(tree: etree._Element) -> None:
        element = tree.find(path)
        if element is not None:
            element.text = text

    return document.edited(change)


def has_balloon(tree: etree._Element) -> bool:
    """Return whether a domain has a balloon."""
    balloon = tree.find("devices/memballoon")
    return balloon is not None and balloon.get("model") != "none"


class Resources(Documents):
    """setMemory, setMaxMemory, the balloon's statistics, and what they change."""

    @domain_call("virDomainGetMaxMemory", write=False)
    def maxMemory(self, session: Session, record: DomainRecord) -> int:
        return record.facts.memory

    @domain_call("virDomainSetMaxMemory")
    def setMaxMemory(self, session: Session, record: DomainRecord, memory: int) -> int:
        self._set_memory(session, record, memory, c.VIR_DOMAIN_MEM_MAXIMUM)
        return 0

    @domain_call("virDomainSetMemory")
    def setMemory(self, session: Session, record: DomainRecord, memory: int) -> int:
        self._allowed("live", record)
        self._set_memory(session, record, memory, c.VIR_DOMAIN_AFFECT_LIVE)
        return 0

    @domain_call("virDomainSetMemoryFlags")
    def setMemoryFlags(self, session: Session, record: DomainRecord, memory: int, flags: int = 0) -> int:
        self._set_memory(session, record, memory, flags)
        return 0

    def _set_memory(self, session: Session, record: DomainRecord, memory: int, flags: int) -> None:
        live, config = self._sides(record, flags, both=self._host.personality.guest_decides)
        if flags & c.VIR_DOMAIN_MEM_MAXIMUM:
            if live:
                self._refuse("cannot resize the maximum memory on an active domain")
            self._resizable(record, memory)
            self._resize(record, memory)
            return
        limits = [record.facts.memory] if live else []
        if config:
            limits.append(record.inactive.facts().memory)
        if memory > min(limits):
            self._refuse("cannot set memory higher than max memory", c.VIR_ERR_INVALID_ARG)
        if live and record.live is not None:
            self._inflate(session, record, record.live, memory)
        if config and record.config is not None:
            record.config = with_text(record.config, "currentMemory", str(memory))

    def _inflate(self, session: Session, record: DomainRecord, document: Document, memory: int) -> None:
        """Ask the guest for memory, or give it some: it has it once its balloon's driver acts."""
        if self._host.personality.guest_decides:
            if not has_balloon(document.tree()):
                message = (
                    "Unable to change memory of active domain without the balloon device and guest OS balloon"
                    " driver"
                )
                self._refuse(message)
            if not guest.booted(self._host, record):
                return
            if memory != record.balloon:
                from virtkit.fake.guest.mishaps import balloon

                balloon(session, record, memory)
        record.live, record.balloon = with_text(document, "currentMemory", str(memory)), memory

    def _resizable(self, record: DomainRecord, memory: int) -> None:
        tree = record.inactive.tree()
        if tree.find("cpu/numa/cell") is not None:
            self._refuse("initial memory size of a domain with NUMA nodes cannot be modified with this API")
        limit = int(tree.findtext("maxMemory") or 0)
        if limit and limit < memory:
            self._refuse("cannot set initial memory size greater than the maximum memory size")

    @staticmethod
    def _resize(record: DomainRecord, memory: int) -> None:
        document = with_text(record.inactive, "memory", str(memory))
        if record.inactive.facts().current_memory > memory:
            document = with_text(document, "currentMemory", str(memory))
        record.config = document

    def _not_negative(self, period: int, flags: int = 0) -> None:
        if period < 0:
            function = "virDomainSetMemoryStatsPeriod"
            message = f"period in {function} must be zero or greater"
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "period")

    @domain_call("virDomainSetMemoryStatsPeriod", before="_not_negative")
    def setMemoryStatsPeriod(
        self, session: Session, record: DomainRecord, period: int, flags: int = 0
    ) -> int:
        from virtkit.fake.tuning import edits

        live, config = self._sides(record, flags, both=self._host.personality.guest_decides)
        sides = [record.document] if live else []
        for document in [*sides, *([record.inactive] if config else [])]:
            if not has_balloon(document.tree()):
                self._refuse(_NO_BALLOON, c.VIR_ERR_INTERNAL_ERROR)

        def edit(tree: etree._Element) -> None:
            balloon = tree.find("devices/memballoon")
            assert balloon is not None  # noqa: S101
            edits.put(balloon, "stats", "" if period else None, period=str(period))

        edits.apply(record, edit, live=live, config=config)
        return 0

    def _some_seconds(self, seconds: int, flags: int = 0) -> None:
        if not 0 < seconds <= _DIRTY_MOST:
            message = f"seconds={seconds} is invalid, please choose value within [1, {_DIRTY_MOST}]."
            self._refuse(message, c.VIR_ERR_CONFIG_UNSUPPORTED)

    @domain_call("virDomainStartDirtyRateCalc", before="_some_seconds")
    def startDirtyRateCalc(self, session: Session, record: DomainRecord, seconds: int, flags: int = 0) -> int:
        from virtkit.fake.hotplug.context import live_facts

        self._allowed("live", record)
        modes = {
            c.VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_BITMAP: "dirty-bitmap",
            c.VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_RING: "dirty-ring",
        }
        mode = modes.get(flags, "page-sampling")
        live_facts(record)["dirty"] = [self._host.now(), seconds, mode]
        return 0
