"""virDomain: to another host."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import hosts
from virtkit.fake.call import long_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.migration.course import migrate
from virtkit.fake.migration.options import Options, from_parameters

if TYPE_CHECKING:
    from virtkit.fake.connection import virConnect
    from virtkit.fake.domain import virDomain


class Migration(DomainBase):
    """migrate, migrate2, migrate3: to a connection. migrateToURI, 2, 3: to an URI."""

    @long_call("virDomainMigrate")
    def migrate(
        self,
        dconn: virConnect,
        flags: int = 0,
        dname: str | None = None,
        uri: str | None = None,
        bandwidth: int = 0,
    ) -> virDomain:
        options = Options(flags=flags, name=dname, uri=uri, bandwidth=bandwidth)
        return self._to_connection("virDomainMigrate", dconn, options)

    @long_call("virDomainMigrate2")
    def migrate2(
        self,
        dconn: virConnect,
        dxml: str | None = None,
        flags: int = 0,
        dname: str | None = None,
        uri: str | None = None,
        bandwidth: int = 0,
    ) -> virDomain:
        options = Options(flags=flags, name=dname, uri=uri, xml=dxml, bandwidth=bandwidth)
        return self._to_connection("virDomainMigrate2", dconn, options)

    @long_call("virDomainMigrate3")
    def migrate3(self, dconn: virConnect, params: dict[str, Any], flags: int = 0) -> virDomain:
        options = from_parameters(params, flags)
        return self._to_connection("virDomainMigrate3", dconn, options)

    @long_call("virDomainMigrateToURI")
    def migrateToURI(self, duri: str, flags: int = 0, dname: str | None = None, bandwidth: int = 0) -> int:
        options = Options(flags=flags, name=dname, bandwidth=bandwidth)
        return self._to_uri("virDomainMigrateToURI", duri, options)

    @long_call("virDomainMigrateToURI2")
    def migrateToURI2(
        self,
        dconnuri: str | None = None,
        miguri: str | None = None,
        dxml: str | None = None,
        flags: int = 0,
        dname: str | None = None,
        bandwidth: int = 0,
    ) -> int:
        options = Options(flags=flags, name=dname, uri=miguri, xml=dxml, bandwidth=bandwidth)
        return self._to_uri("virDomainMigrateToURI2", dconnuri, options)

    @long_call("virDomainMigrateToURI3")
    def migrateToURI3(self, dconnuri: str | None, params: dict[str, Any], flags: int = 0) -> int:
        options = from_parameters(params, flags)
        return self._to_uri("virDomainMigrateToURI3", dconnuri, options)

    def _to_connection(self, function: str, dconn: virConnect | None, options: Options) -> virDomain:
        if dconn is None or not dconn._open:
            fail(c.VIR_ERR_INVALID_CONN, c.VIR_FROM_DOMAIN, function)
        dconn._check_alive()
        if dconn._readonly:
            message = f"read only access prevents {function}"
            fail(c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN, message)
        if function == "virDomainMigrate3" and options.has(c.VIR_MIGRATE_PEER2PEER):
            message = "use virDomainMigrateToURI3 for peer-to-peer migration"
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "flags")
        self._check_writes(function, options)
        self._check_tunnel(function, options)
        record = migrate(self._host, self._o.uuid, self._o.name, dconn._host, options)
        return dconn._handle(record)

    @staticmethod
    def _check_writes(function: str, options: Options) -> None:
        if options.has(c.VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES) and not options.copies_disks:
            needed = "VIR_MIGRATE_NON_SHARED_DISK | VIR_MIGRATE_NON_SHARED_INC"
            flag = "VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES"
            message = f"Flag '{needed}' is required by flag '{flag}'"
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "ctl")

    @staticmethod
    def _check_tunnel(function: str, options: Options) -> None:
        """A tunnel is between the two daemons: the client cannot be its end."""
        if not options.has(c.VIR_MIGRATE_TUNNELLED) or options.has(c.VIR_MIGRATE_PEER2PEER):
            return
        message = "cannot perform tunnelled migration without using peer2peer flag"
        if function == "virDomainMigrate3":
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "flags")
        fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_DOMAIN, message)

    def _to_uri(self, function: str, uri: str | None, options: Options) -> int:
        self._check_writes(function, options)
        if not options.has(c.VIR_MIGRATE_PEER2PEER):
            message = "direct migration is not supported by the source host"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_DOMAIN, message)
        if not self._host.personality.guest_decides:
            message = "p2p migration is not supported by the source host"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_DOMAIN, message)
        if uri is None:
            message = f"dconnuri in {function} must not be NULL"
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "dconnuri")
        if options.uri is not None and options.has(c.VIR_MIGRATE_TUNNELLED):
            message = "migration URI is not supported by tunnelled migration"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        target = hosts.destination(uri)
        migrate(self._host, self._o.uuid, self._o.name, target, options)
        return 0
