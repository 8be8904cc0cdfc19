"""virSecret: a secret's value, which nobody can read who should not."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, NoReturn
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail
from virtkit.fake.objects import ObjectBase
from virtkit.fake.secret.record import FROM, SecretRecord
from virtkit.fake.state.records import Event
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

_LARGEST = 65536  # of a value, in the protocol


def announce(session: Session, record: SecretRecord, number: int, *arguments: int) -> None:
    """Tell what happened to a secret."""
    session.emit(
        Event(number, record.usage_id or "", record.key, record.usage_type, arguments, family="secret")
    )


@complete
class virSecret(ObjectBase[SecretRecord], family="secret"):
    """A secret of a fake host, with the methods of libvirt-python's class."""

    def _missing(self) -> NoReturn:
        fail(c.VIR_ERR_NO_SECRET, FROM, f"no secret with matching uuid '{self._o.key}'")

    def UUID(self) -> bytes:
        return UUID(self._o.key).bytes

    def UUIDString(self) -> str:
        return self._o.key

    def usageType(self) -> int:
        return self._o.number

    def usageID(self) -> str:
        return self._o.name

    @object_call("virSecretGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: SecretRecord, flags: int = 0) -> str:
        return record.text()

    @object_call("virSecretSetValue")
    def setValue(self, session: Session, record: SecretRecord, value: bytes, flags: int = 0) -> int:
        if len(value) > _LARGEST:
            message = f"value length greater than maximum: {len(value)} > {_LARGEST}"
            fail(c.VIR_ERR_RPC, c.VIR_FROM_REMOTE, message)
        record.value = b64encode(value).decode()
        announce(session, record, c.VIR_SECRET_EVENT_ID_VALUE_CHANGED)
        return 0

    @object_call("virSecretGetValue")
    def value(self, session: Session, record: SecretRecord, flags: int = 0) -> bytes:
        if record.private:
            fail(c.VIR_ERR_INVALID_SECRET, FROM, "secret is private")
        if record.value is None:
            fail(c.VIR_ERR_NO_SECRET, FROM, f"secret '{record.key}' does not have a value")
        return b64decode(record.value)

    @object_call("virSecretUndefine")
    def undefine(self, session: Session, record: SecretRecord) -> int:
        session.drop(record)
        announce(session, record, c.VIR_SECRET_EVENT_ID_LIFECYCLE, c.VIR_SECRET_EVENT_UNDEFINED, 0)
        return 0
