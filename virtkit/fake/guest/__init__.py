"""How a guest behaves: when it has booted, whether it heeds ACPI, how fast it dirties memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.guest.manners import Guest, of

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

__all__ = ["Guest", "ask_reboot", "of", "press_power_button", "settle"]


def press_power_button(host: Host, session: Session, record: DomainRecord) -> None:
    """Ask the guest to power off: it does after its time, or never."""
    guest = of(host, record)
    if guest.acpi and host.now() >= record.started + guest.boot_time:
        session.cancel(record.uuid, "shutdown")
        host.after(session, guest.shutdown_time, "shutdown", record.uuid)


def ask_reboot(host: Host, session: Session, record: DomainRecord) -> None:
    """Ask the guest to reboot: it does after its time, or never."""
    guest = of(host, record)
    if guest.acpi and host.now() >= record.started + guest.boot_time:
        host.after(session, guest.shutdown_time, "reboot", record.uuid)


def settle(host: Host, session: Session) -> None:
    """Let happen, in order, what is due by now."""
    now = clock.current().time()
    while (due := session.take_due(now)) is not None:
        record = session.find(due.uuid)
        if record is None or not record.active:
            continue
        if due.action == "shutdown":
            _power_off(host, session, record)
        elif due.action == "reboot" and record.state == c.VIR_DOMAIN_RUNNING:
            power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_REBOOT)
            record.started = due.when


def _power_off(host: Host, session: Session, record: DomainRecord) -> None:
    if record.state != c.VIR_DOMAIN_RUNNING:
        return  # a paused guest does nothing
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SHUTDOWN, c.VIR_DOMAIN_EVENT_SHUTDOWN_GUEST)
    power.stop(host, session, record, c.VIR_DOMAIN_SHUTOFF_SHUTDOWN, c.VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN)
