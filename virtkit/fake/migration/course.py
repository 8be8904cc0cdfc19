"""The course of a migration: libvirt's five phases over the two sides, and what happens when one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import uris
from virtkit.fake.errors import fail
from virtkit.fake.migration.destination import Destination
from virtkit.fake.migration.source import Source

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.migration.options import Options
    from virtkit.fake.state.records import DomainRecord

_FIRST_PORT = 49152


def migrate(source_host: Host, uuid: str, name: str, target: Host, options: Options) -> DomainRecord:
    """Bring a domain from one host to another; return its record there. Blocks for as long as it takes.

    Raises:
        libvirtError: it failed; the guest goes on where it was, except after post-copy began.
    """
    with source_host.faults.whole():
        return _migrate(source_host, uuid, name, target, options)


def _migrate(source_host: Host, uuid: str, name: str, target: Host, options: Options) -> DomainRecord:
    source = Source(source_host, uuid, name, options)
    offer = source.begin()
    destination = Destination(target, offer, options)
    offline = options.has(c.VIR_MIGRATE_OFFLINE)
    try:
        destination.prepare(offline=offline)
        if offline:
            arrived = destination.define()
        else:
            _check_reachable(target, options)
            source_host.faults.meet("virDomainMigratePerform3Params", "migrate:perform")
            source.perform(destination)
            arrived = destination.finish(source.progress())
    except BaseException:
        source.go_on(running=offer.running)
        destination.clean_up()
        raise
    source.confirm()
    return arrived


def _check_reachable(target: Host, options: Options) -> None:
    """Refuse when nobody answers where the guest's memory is to be sent."""
    if options.has(c.VIR_MIGRATE_TUNNELLED):
        return
    parts = uris.split(options.uri or f"tcp://{target.name}")
    host = parts.hostname or target.name
    port = parts.port or _FIRST_PORT
    if target.unreachable or (target.addresses and host not in target.addresses):
        message = f"unable to connect to server at '{host}:{port}': No route to host"
        fail(c.VIR_ERR_SYSTEM_ERROR, c.VIR_FROM_RPC, message)
