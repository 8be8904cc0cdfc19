"""virDomain: memory and virtual CPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.asking import agent_call
from virtkit.fake.domain.documents import Documents
from virtkit.fake.domain.guestcpus import GuestCPUs

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.state.document import Document
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


_TEST_VCPUS = 32


def with_text(document: Document, path: str, text: str) -> Document:
    """Return *document* with the text of the element at *path* changed."""

    def change(tree: etree._Element) -> None:
        element = tree.find(path)
        if element is not None:
            element.text = text

    return document.edited(change)


def with_vcpus(document: Document, count: int, maximum: int) -> Document:
    """Return *document* with other numbers of virtual CPUs."""

    def change(tree: etree._Element) -> None:
        element = tree.find("vcpu")
        if element is not None:
            element.text = str(maximum)
            element.attrib.pop("current", None)
            if count < maximum:
                element.set("current", str(count))

    return document.edited(change)


class Resources(GuestCPUs, Documents):
    """setMemory, setVcpus and what they change."""

    @domain_call("virDomainGetMaxMemory", write=False)
    def maxMemory(self, session: Session, record: DomainRecord) -> int:
        return record.facts.memory

    @domain_call("virDomainSetMaxMemory")
    def setMaxMemory(self, session: Session, record: DomainRecord, memory: int) -> int:
        self._set_memory(record, memory, c.VIR_DOMAIN_MEM_MAXIMUM)
        return 0

    @domain_call("virDomainSetMemory")
    def setMemory(self, session: Session, record: DomainRecord, memory: int) -> int:
        self._allowed("live", record)
        self._set_memory(record, memory, c.VIR_DOMAIN_AFFECT_LIVE)
        return 0

    @domain_call("virDomainSetMemoryFlags")
    def setMemoryFlags(self, session: Session, record: DomainRecord, memory: int, flags: int = 0) -> int:
        self._set_memory(record, memory, flags)
        return 0

    def _set_memory(self, record: DomainRecord, memory: int, flags: int) -> None:
        live, config = self._sides(record, flags, both=self._host.personality.guest_decides)
        if flags & c.VIR_DOMAIN_MEM_MAXIMUM:
            if live:
                self._refuse("cannot resize the maximum memory on an active domain")
            self._resizable(record, memory)
            self._resize(record, memory)
            return
        limit = (record.facts if live else record.inactive.facts()).memory
        if memory > limit:
            message = "cannot set memory higher than max memory"
            self._refuse(message, c.VIR_ERR_INVALID_ARG)
        if live and record.live is not None:
            record.live = with_text(record.live, "currentMemory", str(memory))
            record.balloon = memory
        if config and record.config is not None:
            record.config = with_text(record.config, "currentMemory", str(memory))

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

    @domain_call("virDomainGetMaxVcpus", write=False)
    def maxVcpus(self, session: Session, record: DomainRecord) -> int:
        self._allowed("live", record)
        return record.facts.max_vcpus

    @agent_call("virDomainGetVcpusFlags", write=False)
    def vcpusFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        if flags & c.VIR_DOMAIN_VCPU_GUEST:
            return self._count_guest_vcpus(session, record, maximum=bool(flags & c.VIR_DOMAIN_VCPU_MAXIMUM))
        live, _ = self._sides(record, flags, both=False)
        facts = record.facts if live else record.inactive.facts()
        if flags & c.VIR_DOMAIN_VCPU_MAXIMUM:
            return facts.max_vcpus
        return record.vcpus if live else facts.vcpus

    def _few_vcpus(self, nvcpus: int, flags: int = 0) -> None:
        if not self._host.personality.guest_decides and nvcpus > _TEST_VCPUS:
            shown = nvcpus - (1 << 32) if nvcpus >= 1 << 31 else nvcpus
            message = f"requested cpu amount exceeds maximum supported amount ({shown} > {_TEST_VCPUS})"
            self._refuse(message, c.VIR_ERR_INVALID_ARG)

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
        if not self._host.personality.guest_decides:
            self._set_test_vcpus(record, count, flags)
            return
        live, config = self._sides(record, flags)
        if flags & c.VIR_DOMAIN_VCPU_MAXIMUM:
            if live:
                self._refuse("maximum vcpu count of a live domain can't be modified", c.VIR_ERR_INVALID_ARG)
            current = min(record.inactive.facts().vcpus, count)
            record.config = with_vcpus(record.inactive, current, count)
            return
        facts = record.facts if live else record.inactive.facts()
        if not 0 < count <= facts.max_vcpus:
            side = "live" if live else "persistent"
            message = f"requested vcpus is greater than max allowable vcpus for the {side} domain"
            self._refuse(f"{message}: {count} > {facts.max_vcpus}", c.VIR_ERR_INVALID_ARG)
        if live and record.live is not None:
            record.live, record.vcpus = with_vcpus(record.live, count, facts.max_vcpus), count
        if config and record.config is not None:
            record.config = with_vcpus(record.config, count, record.config.facts().max_vcpus)

    def _set_test_vcpus(self, record: DomainRecord, count: int, flags: int) -> None:
        live, config = self._sides(record, flags)
        maximum = bool(flags & c.VIR_DOMAIN_VCPU_MAXIMUM)
        limits = [record.facts.max_vcpus] if live else []
        if config and not maximum:
            limits.append(record.inactive.facts().max_vcpus)
        for limit in limits:
            if count > limit:
                message = f"requested cpu amount exceeds maximum ({count} > {limit})"
                self._refuse(message, c.VIR_ERR_INVALID_ARG)
        if live and record.live is not None:
            record.live, record.vcpus = with_vcpus(record.live, count, record.facts.max_vcpus), count
        if config and record.config is not None:
            facts = record.config.facts()
            if maximum:
                record.config = with_vcpus(record.config, min(facts.vcpus, count), count)
            else:
                record.config = with_vcpus(record.config, count, facts.max_vcpus)
