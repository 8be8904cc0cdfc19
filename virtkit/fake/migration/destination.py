"""The side of a migration that receives: prepare, take over, or clean up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.clashes import known_off, room_for
from virtkit.fake.errors import fail
from virtkit.fake.fill import defined_document
from virtkit.fake.guest import life
from virtkit.fake.migration import parameters
from virtkit.fake.state.records import DomainRecord

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.migration.options import Options
    from virtkit.fake.migration.source import Offer
    from virtkit.fake.state.document import Document
    from virtkit.fake.store.session import Session

_QEMU = c.VIR_FROM_QEMU
_CREDENTIALS = "/etc/pki/qemu/ca-cert.pem"


class Destination:
    """*host*, which the domain of *offer* comes to."""

    def __init__(self, host: Host, offer: Offer, options: Options) -> None:
        self.host, self.offer, self.options = host, offer, options
        self.uuid = offer.document.facts().uuid
        self.prepared = False

    def prepare(self, *, offline: bool) -> None:
        """Make room for the guest.

        Raises:
            libvirtError: it is the same host, or another domain is in the way.
        """
        if self.host.uuid == self.offer.host_uuid:
            message = f"Attempt to migrate guest to the same host {self.host.uuid}"
            fail(c.VIR_ERR_INTERNAL_ERROR, _QEMU, message)
        self.host.faults.meet("virDomainMigratePrepare3Params", "migrate:prepare")
        parameters.check(self.options.tuning, self.options.flags)
        if self.options.has(c.VIR_MIGRATE_TLS) and not self.host.tls:
            message = "unable to execute QEMU command 'object-add': Unable to access credentials "
            fail(c.VIR_ERR_INTERNAL_ERROR, _QEMU, f"{message}{_CREDENTIALS}: No such file or directory")
        document = self._document()
        facts = document.facts()
        with self.host as session:
            if offline:
                known_off(session, self.uuid, facts.name)
                return
            record = room_for(session, self.uuid, facts.name)
            state, reason = c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_STARTING_UP
            power.go_live(self.host, session, record, state, reason, document)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_STARTED, c.VIR_DOMAIN_EVENT_STARTED_MIGRATED)
            record.incoming = self.host.owner
            record.ran = self.offer.cpu_time
            record.extra.update(self.offer.inside)
        self.prepared = True

    def _document(self) -> Document:
        document = self.offer.document
        if self.options.xml is not None:
            document = defined_document(self.host.personality, self.options.xml, keep_uuid=self.uuid)
        return self._renamed(document)

    def _renamed(self, document: Document) -> Document:
        name = self.options.name
        if name is None or name == document.facts().name:
            return document

        def change(tree: etree._Element) -> None:
            element = tree.find("name")
            if element is not None:
                element.text = name

        return document.edited(change, document.facts()._replace(name=name))

    def take_over_early(self) -> None:
        """Post-copy: the guest goes on here while its memory still arrives."""
        with self.host as session:
            record = session.find(self.uuid)
            if record is None or not self.offer.running:
                return
            power.set_state(self.host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_POSTCOPY)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_POSTCOPY)

    def finish(self, job: dict[str, Any]) -> DomainRecord:
        """The guest is here: let it go on, and keep its definition if that was asked for.

        Args:
            job: the statistics of its way here.

        Raises:
            libvirtError: the incoming guest is gone.
        """
        self.host.faults.meet("virDomainMigrateFinish3Params", "migrate:finish")
        with self.host as session:
            record = session.find(self.uuid)
            if record is None or not record.active:
                name = self.offer.document.facts().name
                fail(c.VIR_ERR_OPERATION_INVALID, _QEMU, f"domain '{name}' is not running")
            record.incoming = ""
            done = {"operation": c.VIR_DOMAIN_JOB_OPERATION_MIGRATION_IN, "type": c.VIR_DOMAIN_JOB_COMPLETED}
            record.last_job = {**job, **done}
            if self.options.has(c.VIR_MIGRATE_PERSIST_DEST):
                self._persist(session, record)
            if self.offer.running and not self.options.has(c.VIR_MIGRATE_PAUSED):
                power.set_state(self.host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_MIGRATED)
                power.lifecycle(
                    session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_MIGRATED
                )
            else:
                power.set_state(self.host, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_USER)
                power.lifecycle(
                    session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED
                )
            life.expect_agent(self.host, session, record)
            return record

    def define(self) -> DomainRecord:
        """Offline migration: only the definition came."""
        with self.host as session:
            document = self._document()
            facts = document.facts()
            record = known_off(session, self.uuid, facts.name)
            detail = c.VIR_DOMAIN_EVENT_DEFINED_UPDATED
            if record is None:
                detail = c.VIR_DOMAIN_EVENT_DEFINED_ADDED
                record = DomainRecord(facts.uuid, facts.name)
                session.insert(record)
            record.config = document
            record.extra.update(self.offer.inside)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_DEFINED, detail)
            return record

    def _persist(self, session: Session, record: DomainRecord) -> None:
        known = record.config is not None
        if self.options.persistent_xml is not None:
            text = self.options.persistent_xml
            record.config = defined_document(self.host.personality, text, keep_uuid=self.uuid)
        else:
            config = self.offer.config if self.options.xml is None else None
            record.config = self._renamed(config if config is not None else record.inactive_of_live())
        detail = c.VIR_DOMAIN_EVENT_DEFINED_UPDATED if known else c.VIR_DOMAIN_EVENT_DEFINED_ADDED
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_DEFINED, detail)

    def clean_up(self) -> None:
        """The migration failed: forget the guest that was on its way."""
        if not self.prepared:
            return
        with self.host as session:
            record = session.find(self.uuid)
            if record is not None and record.active and record.incoming:
                reason, detail = c.VIR_DOMAIN_SHUTOFF_FAILED, c.VIR_DOMAIN_EVENT_STOPPED_FAILED
                power.stop(self.host, session, record, reason, detail)
