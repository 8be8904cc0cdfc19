"""virDomain: what it is and how it fares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.block.images import sizes
from virtkit.fake.call import domain_call
from virtkit.fake.domain import testanswers
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.storage.files import volume_path

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Information(DomainBase):
    """State, info, small questions."""

    @domain_call("virDomainGetOSType", write=False)
    def OSType(self, session: Session, record: DomainRecord) -> str:
        return record.facts.os_type if self._host.personality.guest_decides else "linux"

    @domain_call("virDomainGetInfo", write=False)
    def info(self, session: Session, record: DomainRecord) -> list[int]:
        facts = record.facts
        active = record.active
        if self._host.personality.guest_decides:
            spent = int(record.cpu_seconds(self._host.now()) * 1e9) if active else 0
        else:
            spent = int(self._host.now() * 1e6) * 1000
        memory, vcpus = (record.balloon, record.vcpus) if active else (facts.current_memory, facts.vcpus)
        return [record.state, facts.memory, memory, vcpus, spent]

    @domain_call("virDomainGetState", write=False)
    def state(self, session: Session, record: DomainRecord, flags: int = 0) -> list[int]:
        return [record.state, record.reason]

    @domain_call("virDomainIsActive", write=False)
    def isActive(self, session: Session, record: DomainRecord) -> int:
        return int(record.active)

    @domain_call("virDomainIsPersistent", write=False)
    def isPersistent(self, session: Session, record: DomainRecord) -> int:
        return int(record.config is not None)

    @domain_call("virDomainIsUpdated", write=False)
    def isUpdated(self, session: Session, record: DomainRecord) -> int:
        return int(record.updated and self._host.personality.guest_decides)

    @domain_call("virDomainGetAutostart", write=False)
    def autostart(self, session: Session, record: DomainRecord) -> int:
        return int(record.autostart)

    @domain_call("virDomainSetAutostart")
    def setAutostart(self, session: Session, record: DomainRecord, autostart: int) -> int:
        if record.config is None and self._host.personality.guest_decides:
            self._refuse("cannot set autostart for transient domain")
        record.autostart = bool(autostart)
        return 0

    @domain_call("virDomainGetControlInfo", write=False)
    def controlInfo(self, session: Session, record: DomainRecord, flags: int = 0) -> list[int]:
        self._allowed("live", record)
        if not self._host.personality.guest_decides:
            return testanswers.control_info(testanswers.time_of(record)["seconds"])
        state = c.VIR_DOMAIN_CONTROL_OK if record.job is None else c.VIR_DOMAIN_CONTROL_JOB
        return [state, 0, 0]

    @domain_call("virDomainGetBlockInfo", write=False)
    def blockInfo(self, session: Session, record: DomainRecord, path: str, flags: int = 0) -> list[int]:
        if not self._host.personality.guest_decides:
            return testanswers.block_info(record, path)
        return list(sizes(session, self._disk(session, record, path)))

    def _disk(self, session: Session, record: DomainRecord, path: str) -> str:
        """Return where the image of the disk is that *path* means, its target or its source."""
        images: dict[str | None, str] = {}
        for disk in reversed(record.document.tree().findall("devices/disk")):
            target, source = disk.find("target"), disk.find("source")
            image = "" if source is None else source.get("file") or source.get("dev") or ""
            if source is not None and source.get("pool"):
                image = volume_path(session, source.get("pool", ""), source.get("volume", "")) or ""
            images[None if target is None else target.get("dev")] = images[image or None] = image
        if path not in images:
            self._refuse(f"invalid path {path} not assigned to domain", c.VIR_ERR_INVALID_ARG)
        return images[path]
