"""virConnect: secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, fail_argument, fail_silently, no_support
from virtkit.fake.handles import Named
from virtkit.fake.reading import parse_uuid
from virtkit.fake.secret import announce, virSecret
from virtkit.fake.secret.record import FROM, SecretRecord, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.store.session import Session

_EPHEMERAL, _KEPT = c.VIR_CONNECT_LIST_SECRETS_EPHEMERAL, c.VIR_CONNECT_LIST_SECRETS_NO_EPHEMERAL
_PRIVATE, _OPEN = c.VIR_CONNECT_LIST_SECRETS_PRIVATE, c.VIR_CONNECT_LIST_SECRETS_NO_PRIVATE
_GROUPS = (_EPHEMERAL | _KEPT, _PRIVATE | _OPEN)


def _is_listed(record: SecretRecord, flags: int) -> bool:
    has = (_EPHEMERAL if record.ephemeral else _KEPT) | (_PRIVATE if record.private else _OPEN)
    return all(not flags & group or flags & group & has for group in _GROUPS)


class Secrets(ConnectionBase):
    """Define, look up, list, and hear of secrets."""

    def _secret(self, record: SecretRecord) -> virSecret:
        named = Named(record.key, record.usage_id or "", record.usage_type)
        return virSecret(self, named)  # type: ignore[arg-type]

    @connection_call("virSecretDefineXML", write=True)
    def secretDefineXML(self, session: Session, xml: str, flags: int = 0) -> virSecret:
        record = parse(xml, validate=bool(flags & c.VIR_SECRET_DEFINE_VALIDATE))
        old = session.object(SecretRecord, record.key)
        if old is None:
            self._refuse_used(session, record)
        else:
            self._refuse_other(old, record)
            record.value = old.value
        session.put(record)
        announce(session, record, c.VIR_SECRET_EVENT_ID_LIFECYCLE, c.VIR_SECRET_EVENT_DEFINED, 0)
        return self._secret(record)

    def _refuse_used(self, session: Session, record: SecretRecord) -> None:
        if not record.usage_type:
            return
        other = _used(session, record.usage_type, record.usage_id)
        if other is not None:
            message = f"a secret with UUID {other.key} already defined for use with {record.usage_id}"
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, message)

    def _refuse_other(self, old: SecretRecord, new: SecretRecord) -> None:
        """Refuse a definition that is for something else, or would give a private value away."""
        if old.usage_id != new.usage_id:
            used = "(null)" if old.usage_id is None else old.usage_id
            message = f"a secret with UUID {old.key} is already defined for use with {used}"
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, message)
        if old.private and not new.private:
            message = "cannot change private flag on existing secret"
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, message)

    @connection_call("virSecretLookupByUUID")
    def secretLookupByUUID(self, session: Session, uuid: bytes) -> virSecret:
        return self._secret_by_uuid(session, str(UUID(bytes=bytes(uuid).ljust(16, b"\0")[:16])))

    @connection_call("virSecretLookupByUUIDString")
    def secretLookupByUUIDString(self, session: Session, uuidstr: str) -> virSecret:
        uuid = parse_uuid(uuidstr)
        if uuid is None:
            function = "virSecretLookupByUUIDString"
            fail_argument(FROM, f"uuidstr in {function} must be a valid UUID", function, "uuidstr")
        if self._host.personality.name == "test":
            no_support("virSecretLookupByUUID", FROM)
        return self._secret_by_uuid(session, uuid)

    def _secret_by_uuid(self, session: Session, uuid: str) -> virSecret:
        record = session.object(SecretRecord, uuid)
        if record is None:
            self._no_secret(f"no secret with matching uuid '{uuid}'")
        return self._secret(record)

    @connection_call("virSecretLookupByUsage")
    def secretLookupByUsage(self, session: Session, usageType: int, usageID: str) -> virSecret:
        record = _used(session, usageType, usageID) if usageType else None
        if record is None:
            self._no_secret(f"no secret with matching usage '{usageID}'")
        return self._secret(record)

    def _no_secret(self, detail: str) -> NoReturn:
        fail(c.VIR_ERR_NO_SECRET, FROM, detail)

    @connection_call("virConnectListAllSecrets")
    def listAllSecrets(self, session: Session, flags: int = 0) -> list[virSecret]:
        return [self._secret(each) for each in session.objects(SecretRecord) if _is_listed(each, flags)]

    @connection_call("virConnectListSecrets")
    def listSecrets(self, session: Session) -> list[str]:
        return [each.key for each in session.objects(SecretRecord)]

    @connection_call("virConnectNumOfSecrets")
    def numOfSecrets(self, session: Session) -> int:
        return len(session.objects(SecretRecord))

    @connection_call("virConnectSecretEventRegisterAny")
    def secretEventRegisterAny(
        self,
        session: Session,
        secret: virSecret | None,
        eventID: int,
        cb: Callable[..., Any],
        opaque: Any,
    ) -> int:
        if not 0 <= eventID <= c.VIR_SECRET_EVENT_ID_VALUE_CHANGED:
            fail_silently("virConnectSecretEventRegisterAny")
        key = None if secret is None else secret._o.key  # noqa: SLF001
        return self._events.register(eventID, key, cb, opaque, family="secret")

    @connection_call("virConnectSecretEventDeregisterAny")
    def secretEventDeregisterAny(self, session: Session, callbackID: int) -> None:
        self._events.deregister(callbackID)


def _used(session: Session, usage_type: int, usage_id: str | None) -> SecretRecord | None:
    """Return the secret for that use."""
    return next(
        (
            each
            for each in session.objects(SecretRecord)
            if (each.usage_type, each.usage_id) == (usage_type, usage_id)
        ),
        None,
    )
