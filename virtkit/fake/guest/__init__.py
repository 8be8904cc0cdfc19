"""How a guest behaves: when it has booted, whether it heeds ACPI, how fast it dirties memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.due import happens
from virtkit.fake.guest.manners import Guest, of

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord, Due
    from virtkit.fake.store.session import Session

__all__ = ["Guest", "ask_reboot", "of", "press_power_button"]


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


def _running(session: Session, due: Due) -> DomainRecord | None:
    """Return the domain that is to do something, unless it is off or paused: then it does nothing."""
    record = session.find(due.uuid)
    return record if record is not None and record.state == c.VIR_DOMAIN_RUNNING else None


@happens("reboot")
def _reboot(host: Host, session: Session, due: Due) -> None:
    record = _running(session, due)
    if record is not None:
        power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_REBOOT)
        record.started = due.when


@happens("shutdown")
def _power_off(host: Host, session: Session, due: Due) -> None:
    record = _running(session, due)
    if record is None:
        return
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SHUTDOWN, c.VIR_DOMAIN_EVENT_SHUTDOWN_GUEST)
    power.stop(host, session, record, c.VIR_DOMAIN_SHUTOFF_SHUTDOWN, c.VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN)
