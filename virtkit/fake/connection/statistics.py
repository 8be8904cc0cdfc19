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
_ALL = (1 << 11) - 1
_FILTERS = 0xFF  # the low bits mean what they mean in listAllDomains
_Statistics = tuple["virDomain", dict[str, Any]]


class Statistics(ConnectionBase):
    """getAllDomainStats and domainListGetStats."""

    @connection_call("virConnectGetAllDomainStats")
    def getAllDomainStats(self, session: Session, stats: int = 0, flags: int = 0) -> list[_Statistics]:
        self._enforce(stats, flags)
        chosen = (record for record in session.all() if is_listed(record, flags & _FILTERS))
        return self._statistics(session, chosen, stats)

    @connection_call("virDomainListGetStats")
    def domainListGetStats(
        self, session: Session, doms: list[virDomain], stats: int = 0, flags: int = 0
    ) -> list[_Statistics]:
        self._enforce(stats, flags)
        found = (session.find(domain._o.uuid) for domain in doms)  # noqa: SLF001
        chosen = (record for record in found if record is not None and is_listed(record, flags & _FILTERS))
        return self._statistics(session, chosen, stats)

    def _enforce(self, stats: int, flags: int) -> None:
        """Refuse figures that the test driver does not have, when the caller insists."""
        unknown = stats & ~_TEST & 0xFFFFFFFF
        if unknown and flags & _INSISTS and not self._host.personality.guest_decides:
            message = f"Stats types bits {unknown:#x} are not supported by this daemon"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_TEST, message)

    def _statistics(self, session: Session, records: Iterable[DomainRecord], stats: int) -> list[_Statistics]:
        from virtkit.fake.statistics import domain_statistics

        now = self._host.now()
        known = _ALL if self._host.personality.guest_decides else _TEST
        wanted = stats & known if stats else known
        return [(self._handle(record), domain_statistics(session, record, wanted, now)) for record in records]
