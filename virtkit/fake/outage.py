"""A host that dies, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.faults import Fault

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_PORT = 16509


def die(host: Host, *, guests: bool) -> None:
    """Cut *host* off: connections are lost, nobody gets a new one, and with *guests* all that ran is gone."""
    message = f"unable to connect to server at '{host.name}:{_PORT}'"
    with host as session:
        if guests:
            _halt(host, session)
    host.faults.keep(Fault("*", dead=True, message=message, text="the host is dead"))
    host.drop_connections()


def revive(host: Host) -> None:
    """Bring *host* back; what is marked for it starts with it."""
    host.faults.forget(lambda fault: fault.dead)
    with host as session:
        if session.setting("halted"):
            session.put_setting("halted", False)
            _start(host, session)


def _halt(host: Host, session: Session) -> None:
    """Let everything that runs be gone, with no event to tell of it."""
    from virtkit.fake.network.records import networks
    from virtkit.fake.storage.records import PoolRecord

    session.put_setting("halted", True)
    for domain in session.all():
        if domain.active:
            power.halt(host, session, domain, c.VIR_DOMAIN_SHUTOFF_UNKNOWN)
            if domain.config is None:
                power.forget(session, domain)
    for network in networks(host, session):
        if network.active:
            network.definition, network.saved = network.inactive, None
            network.active, network.leases, network.ports = False, [], []
            if not network.persistent:
                session.drop(network)
    for pool in session.objects(PoolRecord):
        if pool.active:
            pool.definition, pool.next, pool.active = pool.next or pool.definition, None, False
            if not pool.persistent:
                session.drop(pool)


def _start(host: Host, session: Session) -> None:
    from virtkit.fake.network import state
    from virtkit.fake.network.records import networks
    from virtkit.fake.storage.drivers import driver_of
    from virtkit.fake.storage.records import PoolRecord

    for network in networks(host, session):
        if network.autostart and not network.active:
            state.start(session, network)
    for pool in session.objects(PoolRecord):
        if pool.autostart and not pool.active:
            driver_of(host, session).start(pool, 0)
    for domain in session.all():
        if domain.autostart and not domain.active:
            power.boot(host, session, domain)
