"""virDomain: ceasing to be, and being called something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.call import domain_call
from virtkit.fake.checkpoint import record as checkpoints
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.snapshot import record as snapshots

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Existence(DomainBase):
    """undefine, rename."""

    @domain_call("virDomainUndefine")
    def undefine(self, session: Session, record: DomainRecord) -> int:
        self._undefine(session, record, 0)
        return 0

    @domain_call("virDomainUndefineFlags")
    def undefineFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._undefine(session, record, flags)
        return 0

    def _undefine(self, session: Session, record: DomainRecord, flags: int) -> None:
        qemu = self._host.personality.guest_decides
        if record.config is None and qemu:
            self._refuse("cannot undefine transient domain")
        if qemu:
            self._check_moments(session, record, flags)
        if record.managed_save is not None and not (qemu and record.active):
            if not flags & c.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE:
                self._refuse("Refusing to undefine while domain managed save image exists")
            record.managed_save = None
        if not qemu:
            self._check_moments(session, record, flags)
        if qemu and not record.active and record.inactive.facts().has_nvram:
            both = c.VIR_DOMAIN_UNDEFINE_NVRAM | c.VIR_DOMAIN_UNDEFINE_KEEP_NVRAM
            if not flags & both:
                self._refuse("cannot undefine domain with nvram")
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_UNDEFINED, c.VIR_DOMAIN_EVENT_UNDEFINED_REMOVED)
        record.autostart = record.autostart and not qemu
        if record.active:
            record.leave_behind()
        else:
            power.forget(session, record)

    def _check_moments(self, session: Session, record: DomainRecord, flags: int) -> None:
        """Refuse to forget snapshots and checkpoints, unless that is wanted."""
        if record.active:
            return
        kinds = [(snapshots.count, "snapshots", c.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)]
        if self._host.personality.guest_decides:
            kinds.append((checkpoints.count, "checkpoints", c.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA))
        for count, name, flag in kinds:
            number = count(session, record.uuid)
            if number and not flags & flag:
                self._refuse(f"cannot delete inactive domain with {number} {name}")

    @domain_call("virDomainRename")
    def rename(self, session: Session, record: DomainRecord, new_name: str, flags: int = 0) -> int:
        if record.active:
            self._refuse("cannot rename active domain")
        if record.managed_save is not None and self._host.personality.guest_decides:
            self._refuse("domain with a managed saved state can't be renamed")
        if new_name == record.name:
            self._refuse("Can't rename domain to itself", source=c.VIR_FROM_DOMAIN)
        if session.find_name(new_name) is not None:
            self._refuse(f"domain with name '{new_name}' already exists", source=c.VIR_FROM_DOMAIN)
        if "/" in new_name:
            self._refuse(f"name {new_name} cannot contain '/'", c.VIR_ERR_XML_ERROR)
        document = record.inactive
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_UNDEFINED, c.VIR_DOMAIN_EVENT_UNDEFINED_RENAMED)

        def change(tree: etree._Element) -> None:
            name = tree.find("name")
            if name is not None:
                name.text = new_name

        record.config = document.edited(change, document.facts()._replace(name=new_name))
        session.rename(record, new_name)
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_DEFINED, c.VIR_DOMAIN_EVENT_DEFINED_RENAMED)
        return 0
