"""virDomain: a guest that is sent to sleep, and woken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.call import domain_call
from virtkit.fake.domain.asking import Asking, agent_call
from virtkit.fake.guest import mishaps

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_COMMANDS = {
    c.VIR_NODE_SUSPEND_TARGET_MEM: "guest-suspend-ram",
    c.VIR_NODE_SUSPEND_TARGET_DISK: "guest-suspend-disk",
    c.VIR_NODE_SUSPEND_TARGET_HYBRID: "guest-suspend-hybrid",
}


class Sleeping(Asking):
    """pMSuspendForDuration, pMWakeup."""

    def _check_target(self, target: int, duration: int, _flags: int = 0) -> None:
        if duration:
            message = "Duration not supported. Use 0 for now"
            self._refuse(message, c.VIR_ERR_ARGUMENT_UNSUPPORTED)
        if target not in _COMMANDS:
            self._refuse(f"Unknown suspend target: {target}", c.VIR_ERR_INVALID_ARG)

    @agent_call("virDomainPMSuspendForDuration", before="_check_target")
    def pMSuspendForDuration(
        self, session: Session, record: DomainRecord, target: int, duration: int, flags: int = 0
    ) -> int:
        self._agent_there(record)
        to_disk = target == c.VIR_NODE_SUSPEND_TARGET_DISK
        tag, name = ("suspend-to-disk", "S4") if to_disk else ("suspend-to-mem", "S3")
        setting = record.document.tree().find(f"pm/{tag}")
        if setting is not None and setting.get("enabled") == "no":
            self._refuse(f"{name} state is disabled for this domain", c.VIR_ERR_INTERNAL_ERROR)
        self._ask(session, record, _COMMANDS[target])
        return 0

    @domain_call("virDomainPMWakeup")
    def pMWakeup(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._active(record)
        if record.state != c.VIR_DOMAIN_PMSUSPENDED:
            message = "Unable to wake up: guest is not in suspended state"
            self._refuse(
                f"unable to execute QEMU command 'system_wakeup': {message}", c.VIR_ERR_INTERNAL_ERROR
            )
        mishaps.wake(self._host, session, record)
        return 0
