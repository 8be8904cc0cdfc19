"""What every family of virDomain's methods stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.handles import Handle, Wrapper

if TYPE_CHECKING:
    from virtkit.fake import rules
    from virtkit.fake.state.records import DomainRecord


class DomainBase(Wrapper):
    """Identity, and the checks that all operations share."""

    _wraps = Handle
    _o: Handle

    def name(self) -> str:
        return self._o.name

    def UUIDString(self) -> str:
        return self._o.uuid

    def UUID(self) -> bytes:
        return bytes.fromhex(self._o.uuid.replace("-", ""))

    def ID(self) -> int:
        return self._o.id

    def _missing(self) -> NoReturn:
        source = self._host.personality.source
        detail = f"no domain with matching uuid '{self._o.uuid}' ({self._o.name})"
        fail(c.VIR_ERR_NO_DOMAIN, source, detail)

    def _allowed(self, operation: str, record: DomainRecord) -> bool:
        """Return whether *operation* goes ahead in the domain's state, False if there is nothing to do."""
        personality = self._host.personality
        row: rules.Row = personality.rules[operation]
        paused = record.state == c.VIR_DOMAIN_PAUSED or (
            record.state == c.VIR_DOMAIN_CRASHED and personality.guest_decides
        )
        answer = row[0] if not record.active else row[2] if paused else row[1]
        if answer is None:
            return True
        code, text, source = answer
        if code:
            fail(code, personality.source if source is None else source, text.format(name=self._o.name))
        return False

    def _flags(self, flags: int, known: int, function: str) -> None:
        """Refuse bits of *flags* that the driver's *function* does not know."""
        unknown = flags & ~known & 0xFFFFFFFF
        if unknown:
            personality = self._host.personality
            function = f"{personality.prefix}Domain{function}"
            message = f"unsupported flags ({unknown:#x}) in function {function}"
            fail_argument(personality.source, message, function, "flags")

    def _refuse(
        self, detail: str, code: int = c.VIR_ERR_OPERATION_INVALID, source: int | None = None
    ) -> NoReturn:
        """Raise *code* (the operation is not valid) as the driver does, or the part of libvirt *source*."""
        fail(code, self._host.personality.source if source is None else source, detail)
