"""virConnect: statistics of many domains in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.connection.listing import is_listed
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from virtkit.fake.domain import virDomain
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_TEST = c.VIR_DOMAIN_STATS_STATE | c.VIR_DOMAIN_STATS_IOTHREAD  # all that the test driver has
_INSISTS = 1 << 31  # VIR_CONNECT_GET_ALL_DOMAINS_STATS_ENFORCE_STATS
_FILTERS = 0xFF  # the low bits mean what they mean in listAllDomains
_Statistics = tuple["virDomain", dict[str, Any]]


class Statistics(ConnectionBase):
    """getAllDomainStats and domainListGetStats."""

    @connection_call("virConnectGetAllDomainStats")
    def getAllDomainStats(self, session: Session, stats: int = 0, flags: int = 0) -> list[_Statistics]:
        return self._statistics(session, session.all(), stats, flags)

    @connection_call("virDomainListGetStats")
    def domainListGetStats(
        self, session: Session, doms: list[virDomain], stats: int = 0, flags: int = 0
    ) -> list[_Statistics]:
        if not doms:
            message = "doms array in virDomainListGetStats must contain at least one domain"
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN, message)
        found = (session.find(domain._o.uuid) for domain in doms)  # noqa: SLF001
        return self._statistics(session, (record for record in found if record is not None), stats, flags)

    def _statistics(
        self, session: Session, records: Iterable[DomainRecord], stats: int, flags: int
    ) -> list[_Statistics]:
        from virtkit.fake.statistics import ALL, domain_statistics

        qemu = self._host.personality.guest_decides
        known = ALL if qemu else _TEST
        self._insist(stats, flags, known, " or QEMU" if qemu else "")
        wanted = (stats or known) & known
        filters = flags & _FILTERS
        chosen = (record for record in records if not filters or is_listed(record, filters))
        if not qemu:
            return [(self._handle(record), _of_test(record, wanted)) for record in chosen]
        host, backing = self._host, bool(flags & c.VIR_CONNECT_GET_ALL_DOMAINS_STATS_BACKING)
        return [
            (self._handle(record), domain_statistics(host, session, record, wanted, backing=backing))
            for record in chosen
        ]

    def _insist(self, stats: int, flags: int, known: int, where: str) -> None:
        """Refuse groups that the driver does not have, when the caller insists."""
        unknown = stats & ~known & 0xFFFFFFFF
        if unknown and flags & _INSISTS:
            message = f"Stats types bits {unknown:#x} are not supported by this daemon{where}"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, self._host.personality.source, message)


def _of_test(record: DomainRecord, groups: int) -> dict[str, Any]:
    """Return what the test driver tells of a domain: of I/O threads, those that were added to it."""
    found: dict[str, Any] = {}
    if groups & c.VIR_DOMAIN_STATS_STATE:
        found["state.state"], found["state.reason"] = record.state, record.reason
    threads = record.extra.get("iothreads")
    if groups & c.VIR_DOMAIN_STATS_IOTHREAD and threads and record.active:
        from virtkit.fake.statistics import iothread_statistics

        found.update(iothread_statistics({int(number): known for number, known in threads.items()}))
    return found
