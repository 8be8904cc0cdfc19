"""Which driver answers for a host's storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.storage.hosting import HostStorage
from virtkit.fake.storage.testing import MockStorage

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session


def driver_of(host: Host, session: Session) -> HostStorage | MockStorage:
    """Return the storage driver of *host* for one call."""
    return (HostStorage if host.personality.guest_decides else MockStorage)(host, session)
