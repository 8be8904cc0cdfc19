"""virDomain: what a domain is handed at its start, its labels and secrets; and calls of newer libvirts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.lifecycle import Lifecycle
from virtkit.fake.errors import check_names, fail

if TYPE_CHECKING:
    from virtkit.fake.lasting import Lasting
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_LAUNCH = ("sev-secret-header", "sev-secret", "sev-secret-set-address")
_ONCE = "autostart once"
_LABEL = "+0:+0"  # of the host's only security driver that labels


class Belongings(Lifecycle):
    """Files, labels, launch secrets."""

    @domain_call("virDomainCreateWithFiles")
    def createWithFiles(
        self, session: Session, record: DomainRecord, files: list[int], flags: int = 0
    ) -> int | Lasting[int]:
        return self._start(session, record, flags)

    @domain_call("virDomainFDAssociate")
    def FDAssociate(
        self, session: Session, record: DomainRecord, name: str, files: list[int], flags: int = 0
    ) -> int:
        return 0

    @domain_call("virDomainGetSecurityLabelList", write=False)
    def securityLabelList(self, session: Session, record: DomainRecord) -> list[list[str | bool]]:
        return [["", False], [_LABEL, False]] if record.active else []

    @domain_call("virDomainSetLaunchSecurityState")
    def setLaunchSecurityState(
        self, session: Session, record: DomainRecord, params: dict[str, Any], flags: int = 0
    ) -> int:
        check_names(params, _LAUNCH)
        message = "setting a launch secret is only supported in SEV-enabled domains"
        fail(c.VIR_ERR_OPERATION_UNSUPPORTED, c.VIR_FROM_QEMU, message)

    # of libvirt 10.2 and 11.2

    @domain_call("virDomainGraphicsReload")
    def graphicsReload(self, session: Session, record: DomainRecord, type: int, flags: int = 0) -> int:
        self._allowed("live", record)
        if record.document.tree().find("devices/graphics[@type='vnc']") is None:
            message = "cannot reload vnc graphics"
            fail(c.VIR_ERR_OPERATION_UNSUPPORTED, c.VIR_FROM_QEMU, message)
        return 0

    @domain_call("virDomainGetAutostartOnce", write=False)
    def autostartOnce(self, session: Session, record: DomainRecord) -> int:
        return int(record.extra.get(_ONCE, False))

    @domain_call("virDomainSetAutostartOnce")
    def setAutostartOnce(self, session: Session, record: DomainRecord, autostart: int) -> int:
        if record.config is None:
            message = "cannot set autostart for transient domain"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_QEMU, message)
        record.extra[_ONCE] = bool(autostart)
        return 0
