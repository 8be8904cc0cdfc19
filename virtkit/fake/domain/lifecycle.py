"""virDomain: on, off, paused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import guest, owners, power
from virtkit.fake.call import domain_call
from virtkit.fake.domain.asking import Asking, agent_call
from virtkit.fake.guest import life
from virtkit.fake.lasting import Lasting, brought_back, lasts

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class Lifecycle(Asking):
    """create, shutdown, reboot, reset, destroy, suspend, resume."""

    @lasts
    @domain_call("virDomainCreate")
    def create(self, session: Session, record: DomainRecord) -> int | Lasting[int]:
        return self._start(session, record, 0)

    @lasts
    @domain_call("virDomainCreateWithFlags")
    def createWithFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> int | Lasting[int]:
        return self._start(session, record, flags)

    def _start(self, session: Session, record: DomainRecord, flags: int) -> int | Lasting[int]:
        self._allowed("create", record)
        paused = bool(flags & c.VIR_DOMAIN_START_PAUSED)
        image = record.managed_save
        fresh = flags & c.VIR_DOMAIN_START_FORCE_BOOT or not self._host.personality.guest_decides
        result: int | Lasting[int] = 0
        if image is None or fresh:
            power.boot(self._host, session, record, paused=paused)
        else:
            result = brought_back(self._host, session, record, image, paused=paused)
        record.managed_save = None
        self._o.id = record.id
        if flags & c.VIR_DOMAIN_START_AUTODESTROY:
            owners.tie(record, self._conn)
        return result

    @domain_call("virDomainDestroy")
    def destroy(self, session: Session, record: DomainRecord) -> int:
        self._destroy(session, record)
        return 0

    @domain_call("virDomainDestroyFlags")
    def destroyFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._destroy(session, record)
        return 0

    def _destroy(self, session: Session, record: DomainRecord) -> None:
        self._allowed("destroy", record)
        if self._host.personality.tells_steps:
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SHUTDOWN, c.VIR_DOMAIN_EVENT_SHUTDOWN_HOST)
        power.stop(
            self._host,
            session,
            record,
            c.VIR_DOMAIN_SHUTOFF_DESTROYED,
            c.VIR_DOMAIN_EVENT_STOPPED_DESTROYED,
        )
        self._o.id = -1

    @agent_call("virDomainShutdown")
    def shutdown(self, session: Session, record: DomainRecord) -> int:
        return self._shutdown(session, record, 0)

    @agent_call("virDomainShutdownFlags")
    def shutdownFlags(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        return self._shutdown(session, record, flags)

    def _shutdown(self, session: Session, record: DomainRecord, flags: int) -> int:
        if not self._host.personality.guest_decides:
            self._allowed("shutdown", record)
            self._act(session, record, "on_poweroff")
        elif not self._told_agent(session, record, "powerdown", flags):
            self._allowed("shutdown", record)
            if record.state != c.VIR_DOMAIN_RUNNING:
                self._refuse("domain is not running")
            guest.press_power_button(self._host, session, record)
        return 0

    def _told_agent(self, session: Session, record: DomainRecord, mode: str, flags: int) -> bool:
        """Have the agent take the guest down; return whether it does. It has to, if it alone is asked."""
        if flags != c.VIR_DOMAIN_SHUTDOWN_GUEST_AGENT and (
            flags == c.VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN
            or record.state != c.VIR_DOMAIN_RUNNING
            or not life.agent_connected(record)
            or not guest.of(self._host, record).agent_answers
        ):
            return False
        self._ask(session, record, "guest-shutdown", mode=mode)
        return True

    def _act(self, session: Session, record: DomainRecord, element: str) -> None:
        """Do what the document says of a guest that goes down: there is none, so it is done at once."""
        if record.document.tree().findtext(element) in {"restart", "rename-restart"}:
            power.set_state(self._host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_BOOTED)
            return
        reason, detail = c.VIR_DOMAIN_SHUTOFF_SHUTDOWN, c.VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN
        power.stop(self._host, session, record, reason, detail)
        self._o.id = -1

    @agent_call("virDomainReboot")
    def reboot(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        if not self._host.personality.guest_decides:
            self._allowed("reboot", record)
            self._act(session, record, "on_reboot")
            return 0
        if not self._told_agent(session, record, "reboot", flags):
            self._allowed("reboot", record)
            guest.ask_reboot(self._host, session, record)
        return 0

    @domain_call("virDomainReset")
    def reset(self, session: Session, record: DomainRecord, flags: int = 0) -> int:
        self._allowed("reset", record)
        if self._host.personality.guest_decides:
            guest.restart(self._host, session, record)
        return 0

    @domain_call("virDomainSuspend")
    def suspend(self, session: Session, record: DomainRecord) -> int:
        self._awake(record)
        if self._allowed("suspend", record):
            reason, detail = c.VIR_DOMAIN_PAUSED_USER, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED
            if record.job is not None:  # the guest will run on at the destination
                reason, detail = c.VIR_DOMAIN_PAUSED_MIGRATION, c.VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED
            power.set_state(self._host, record, c.VIR_DOMAIN_PAUSED, reason)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, detail)
        return 0

    @domain_call("virDomainResume")
    def resume(self, session: Session, record: DomainRecord) -> int:
        self._awake(record)
        if self._allowed("resume", record):
            power.set_state(self._host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_UNPAUSED)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED)
            if record.facts.has_agent:
                guest.expect_agent(self._host, session, record)
        return 0

    def _awake(self, record: DomainRecord) -> None:
        if record.state == c.VIR_DOMAIN_PMSUSPENDED and self._host.personality.guest_decides:
            self._refuse("domain is pmsuspended")
