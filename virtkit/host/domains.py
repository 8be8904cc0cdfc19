"""The domains of a host, as a collection."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Literal

from virtkit.binding.constants import Define, ErrorCode, Start
from virtkit.errors import AlreadyExists, HostError, NotFound, NotSupported
from virtkit.host.domain import Domain
from virtkit.host.statistics import DomainStatistics, from_record, mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from virtkit.binding import VirDomain
    from virtkit.host.applying import Applied
    from virtkit.host.connection import Connection
    from virtkit.host.documents import Source
    from virtkit.host.statistics import Group


class _Listing:
    """Goes through the domains of one call.

    ``list(conn.domains)`` asks for an iterator, and then, before it takes the first domain, for the length:
    an iterator that has not begun answers that without another call.
    """

    def __init__(self, domains: list[Domain]) -> None:
        self.domains = domains
        self.begun = False
        self._iterator = iter(domains)

    def __iter__(self) -> Iterator[Domain]:
        return self

    def __next__(self) -> Domain:
        self.begun = True
        return next(self._iterator)


class Domains:
    """The domains of a host: ``conn.domains["web1"]``, ``"web1" in conn.domains``, ``for domain in ...``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._latest = threading.local()

    def __getitem__(self, name: str) -> Domain:
        """Return the domain called *name*: one call. A name of digits is a name, not an id.

        Raises:
            NotFound: There is none.
        """
        with self._connection.calling("find domain", name):
            return self._handle(self._connection.raw.lookupByName(name))

    def get(self, name: str) -> Domain | None:
        """Return the domain called *name*, or None: one call."""
        try:
            return self[name]
        except NotFound:
            return None

    def by_uuid(self, uuid: str | UUID) -> Domain:
        """Return the domain with that UUID: one call.

        Raises:
            NotFound: There is none.
        """
        wanted = str(uuid)
        with self._connection.calling("find domain", wanted):
            return self._handle(self._connection.raw.lookupByUUIDString(wanted))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[Domain]:
        """Go through all domains, on and off: one call for all of them."""
        listing = _Listing([self._handle(raw) for raw in self._list()])
        self._latest.listing = weakref.ref(listing)
        return listing

    def __len__(self) -> int:
        """Return how many there are: one call; none within ``list(conn.domains)``, which asks for both."""
        latest: weakref.ref[_Listing] | None = getattr(self._latest, "listing", None)
        listing = latest() if latest is not None else None
        return len(self._list()) if listing is None or listing.begun else len(listing.domains)

    def _list(self) -> list[VirDomain]:
        with self._connection.calling("list the domains"):
            return self._connection.raw.listAllDomains()

    def statistics(
        self, groups: Iterable[Group] = (), *, of: Iterable[Domain] | None = None
    ) -> dict[str, DomainStatistics]:
        """Return state and counters of all domains by name: one bulk call, ``virConnectGetAllDomainStats``.

        Args:
            groups: What to ask besides the state: ``cpu``, ``balloon``, ``vcpu``, ``interface``, ``block``,
                ``perf``, ``iothread``, ``memory``, ``dirtyrate``, ``vm``. Most of them ask each running QEMU,
                and one that hangs delays the whole call; the state alone never does.
            of: Only these domains.

        A driver without that call (LXC, ESX and others) is asked for the state of each, and nothing else.

        Raises:
            NotSupported: The driver has no such counters, and *groups* asks for some.
        """
        raw, bits = self._connection.raw, mask(groups)
        try:
            with self._connection.calling("read the statistics of the domains"):
                if of is None:
                    records = raw.getAllDomainStats(bits)
                else:
                    records = raw.domainListGetStats([domain.raw for domain in of], bits)
        except NotSupported:
            if bits != mask(()):
                raise
            return self._states(self if of is None else of)
        found = [from_record(domain, record) for domain, record in records]
        return {each.name: each for each in found}

    @staticmethod
    def _states(domains: Iterable[Domain]) -> dict[str, DomainStatistics]:
        found = {}
        for domain in domains:
            try:
                found[domain.name] = DomainStatistics(domain.name, domain.uuid, domain.status())
            except NotFound:  # gone since the listing
                continue
        return found

    def define(self, source: Source, *, validate: bool = False) -> Domain:
        """Define a domain, or give an existing one of that name a new definition.

        A new definition keeps what it leaves open: UUID, MAC addresses, NVRAM, PCI addresses. A running
        domain goes on with what it has, and takes the new definition when it starts again.

        Args:
            source: A spec, a dict of one, XML, a typed document, or the Path of a file of either.
            validate: Let libvirt check the XML against its schema, which refuses what it would else ignore.

        Raises:
            AlreadyExists: Another domain has that name, under a UUID other than the one given.
            SpecError, ParseError: The source is not usable.
        """
        from virtkit.host.documents import xml_of

        xml = xml_of(source, self._connection.capabilities)
        if "<uuid" in xml:
            return self._handle(self._define_known(xml, validate))
        try:
            return self._handle(self.define_raw(xml, validate))
        except AlreadyExists:
            return self._handle(self._redefine(xml, validate))

    def create(self, source: Source, *, paused: bool = False) -> Domain:
        """Start a transient domain: it has no definition, and is gone when it stops.

        Args:
            source: As for ``define``.
            paused: Leave it paused before the guest's first instruction.

        Raises:
            WrongState, AlreadyExists: A domain of that name is running, or has another UUID.
        """
        from virtkit.host.documents import xml_of

        xml = xml_of(source, self._connection.capabilities)
        try:
            with self._connection.calling("create", name_in(xml)):
                return self._handle(self._connection.raw.createXML(xml, Start.PAUSED if paused else 0))
        except HostError as error:
            _refuse_text(error, xml)
            raise

    def apply(
        self,
        source: Source,
        *,
        prune: bool = False,
        saved: Literal["resume", "discard"] = "resume",
        dry_run: bool = False,
    ) -> Applied:
        """Make the definition of a domain what *source* states: create it, or update the one of that name.

        What *source* does not speak of stays as it is: UUID, addresses, passwords, devices that others added.
        Nothing running is touched; ``Applied.restart_required`` says what that means. Applying the same
        source twice changes nothing the second time.

        Args:
            source: As for ``define``.
            prune: Also remove devices that *source* does not have.
            saved: ``"discard"`` removes the managed save image of a domain that has changed: else its next
                start goes on with the old hardware.
            dry_run: Only say what would be done.

        Raises:
            AlreadyExists: *source* has a UUID, and the domain of that name has another one.
        """
        from virtkit.host.applying import apply
        from virtkit.host.documents import xml_of

        xml = xml_of(source, self._connection.capabilities)
        return apply(self._connection, xml, prune=prune, saved=saved, dry_run=dry_run)

    def define_raw(self, xml: str, validate: bool = False) -> VirDomain:
        """Hand *xml* to libvirt as it is: one call."""
        raw = self._connection.raw
        try:
            with self._connection.calling("define"):
                return raw.defineXMLFlags(xml, Define.VALIDATE) if validate else raw.defineXML(xml)
        except HostError as error:
            _refuse_text(error, xml)
            error.name = name_in(xml)
            raise

    def _define_known(self, xml: str, validate: bool) -> VirDomain:
        """The document has a UUID: if it is defined, carry over what the document leaves open."""
        from virtkit import tree

        root = tree.parse(xml, "domain XML")
        uuid = (root.findtext("uuid") or "").strip()
        try:
            existing = self.by_uuid(uuid).xml(inactive=True)
        except NotFound:
            pass
        else:
            from virtkit.model import carry_over

            xml = carry_over(xml, existing)
        try:
            return self.define_raw(xml, validate)
        except AlreadyExists as error:
            other = self.get(root.findtext("name") or "")
            if other is None or other.uuid == uuid:
                raise
            raise other_uuid(self._connection, other, uuid, error) from error.__cause__

    def _redefine(self, xml: str, validate: bool) -> VirDomain:
        from virtkit.model import carry_over

        existing = self[name_in(xml) or ""]
        return self.define_raw(carry_over(xml, existing.xml(inactive=True)), validate)

    def _handle(self, raw: VirDomain) -> Domain:
        return Domain(self._connection, raw)


def other_uuid(
    connection: Connection, existing: Domain, wanted: str, error: HostError | None = None
) -> AlreadyExists:
    """Say that the name is taken under another UUID than the one that is wanted."""
    return AlreadyExists(
        f"a domain of that name exists with UUID {existing.uuid}; this document says {wanted}",
        code=error.code if error else None,
        domain=error.domain if error else None,
        uri=connection.uri,
        operation="define",
        name=existing.name,
        hint="leave the UUID out to redefine the existing one, or choose another name",
    )


def name_in(xml: str) -> str | None:
    """Return the name in a domain's XML, or None if it cannot be read: for messages."""
    from virtkit import tree
    from virtkit.errors import ParseError

    try:
        return tree.parse(xml, "domain XML").findtext("name")
    except ParseError:
        return None


def _refuse_text(error: HostError, xml: str) -> None:
    """Raise the ParseError, which names the line, if libvirt's *error* is that *xml* is not XML."""
    if error.code == ErrorCode.XML_DETAIL:
        from virtkit import tree

        tree.parse(xml, "domain XML")
