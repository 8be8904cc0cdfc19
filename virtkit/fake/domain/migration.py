"""virDomain: to another host."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import hosts
from virtkit.fake.call import gate
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.errors import fail, fail_argument, reporting
from virtkit.fake.migration.course import migrate
from virtkit.fake.migration.options import Options, check_flags, from_parameters

if TYPE_CHECKING:
    from virtkit.fake.connection import virConnect
    from virtkit.fake.domain import virDomain


class Migration(DomainBase):
    """migrate, migrate2, migrate3: to a connection. migrateToURI, 2, 3: to an URI."""

    def migrate(
        self,
        dconn: virConnect,
        flags: int = 0,
        dname: str | None = None,
        uri: str | None = None,
        bandwidth: int = 0,
    ) -> virDomain:
        options = Options(flags=flags, name=dname, uri=uri, bandwidth=bandwidth)
        return self._to_connection("virDomainMigrate", "migrate", dconn, options)

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
        return self._to_connection("virDomainMigrate2", "migrate2", dconn, options)

    def migrate3(self, dconn: virConnect, params: dict[str, Any], flags: int = 0) -> virDomain:
        options = from_parameters(params, flags)
        return self._to_connection("virDomainMigrate3", "migrate3", dconn, options)

    def migrateToURI(self, duri: str, flags: int = 0, dname: str | None = None, bandwidth: int = 0) -> int:
        options = Options(flags=flags, name=dname, bandwidth=bandwidth)
        return self._to_uri("virDomainMigrateToURI", "migrateToURI", duri, options)

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
        return self._to_uri("virDomainMigrateToURI2", "migrateToURI2", dconnuri, options)

    def migrateToURI3(self, dconnuri: str | None, params: dict[str, Any], flags: int = 0) -> int:
        options = from_parameters(params, flags)
        return self._to_uri("virDomainMigrateToURI3", "migrateToURI3", dconnuri, options)

    def _enter(self, function: str, name: str, options: Options) -> None:
        reporting.last = None
        gate(self._conn, function, name, self._o.name, write=True)
        check_flags(options.flags, function)

    def _to_connection(self, function: str, name: str, dconn: virConnect, options: Options) -> virDomain:
        self._enter(function, name, options)
        if not getattr(dconn, "_open", False):
            fail(c.VIR_ERR_INVALID_CONN, c.VIR_FROM_DOMAIN, function)
        dconn._check_alive()
        if dconn._readonly:
            message = f"read only access prevents {function}"
            fail(c.VIR_ERR_OPERATION_DENIED, c.VIR_FROM_DOMAIN, message)
        record = migrate(self._host, self._o.uuid, self._o.name, dconn._host, options)
        return dconn._handle(record)

    def _to_uri(self, function: str, name: str, uri: str | None, options: Options) -> int:
        self._enter(function, name, options)
        if uri is None:
            message = f"dconnuri in {function} must not be NULL"
            fail_argument(c.VIR_FROM_DOMAIN, message, function, "dconnuri")
        if not options.has(c.VIR_MIGRATE_PEER2PEER):
            message = "direct migration is not supported by the source host"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_DOMAIN, message)
        target = hosts.destination(uri)
        migrate(self._host, self._o.uuid, self._o.name, target, options)
        return 0
