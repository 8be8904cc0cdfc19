"""What befalls a running guest, as QEMU would tell libvirt of it: panic, watchdog, I/O error, sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.guest import life

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_WATCHDOG = {
    "none": c.VIR_DOMAIN_EVENT_WATCHDOG_NONE,
    "pause": c.VIR_DOMAIN_EVENT_WATCHDOG_PAUSE,
    "reset": c.VIR_DOMAIN_EVENT_WATCHDOG_RESET,
    "poweroff": c.VIR_DOMAIN_EVENT_WATCHDOG_POWEROFF,
    "shutdown": c.VIR_DOMAIN_EVENT_WATCHDOG_SHUTDOWN,
    "inject-nmi": c.VIR_DOMAIN_EVENT_WATCHDOG_INJECTNMI,
    "dump": c.VIR_DOMAIN_EVENT_WATCHDOG_PAUSE,
}
IO_ERROR_ACTIONS = {
    "none": c.VIR_DOMAIN_EVENT_IO_ERROR_NONE,
    "pause": c.VIR_DOMAIN_EVENT_IO_ERROR_PAUSE,
    "report": c.VIR_DOMAIN_EVENT_IO_ERROR_REPORT,
}


def panic(host: Host, session: Session, record: DomainRecord) -> None:
    """The guest's kernel panics, and a panic device tells of it: the domain's on_crash follows."""
    power.set_state(host, record, c.VIR_DOMAIN_PAUSED, c.VIR_DOMAIN_PAUSED_UNKNOWN)
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED)
    power.set_state(host, record, c.VIR_DOMAIN_CRASHED, c.VIR_DOMAIN_CRASHED_PANICKED)
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_CRASHED, c.VIR_DOMAIN_EVENT_CRASHED_PANICKED)
    action = life.action(record, "on_crash", "destroy")
    if action in {"destroy", "coredump-destroy"}:
        power.stop(host, session, record, c.VIR_DOMAIN_SHUTOFF_CRASHED, c.VIR_DOMAIN_EVENT_STOPPED_CRASHED)
    elif action in {"restart", "coredump-restart"}:
        life.restart(host, session, record)
        power.set_state(host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_CRASHED)
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED)
        life.expect_agent(host, session, record)


def process_dies(host: Host, session: Session, record: DomainRecord) -> None:
    """The process that runs the guest is gone, without a word."""
    power.stop(host, session, record, c.VIR_DOMAIN_SHUTOFF_CRASHED, c.VIR_DOMAIN_EVENT_STOPPED_FAILED)


def watchdog(host: Host, session: Session, record: DomainRecord, action: str) -> None:
    """The watchdog was not fed: *action* follows."""
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_WATCHDOG, _WATCHDOG[action])
    if action == "pause":
        _pause(host, session, record, c.VIR_DOMAIN_PAUSED_WATCHDOG, c.VIR_DOMAIN_EVENT_SUSPENDED_WATCHDOG)
    elif action == "reset":
        life.restart(host, session, record)
    elif action == "shutdown":
        life.press_power_button(host, session, record)
    elif action == "poweroff":  # QEMU ends there and then
        process_dies(host, session, record)


def io_error(
    host: Host, session: Session, record: DomainRecord, disk: etree._Element, action: str, reason: str
) -> None:
    """A disk does not take, or give, what the guest wants: *action* follows."""
    source, alias = disk.find("source"), disk.find("alias")
    path = "" if source is None else source.get("file") or source.get("dev") or ""
    told = (path, "" if alias is None else alias.get("name", ""), IO_ERROR_ACTIONS[action])
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_IO_ERROR, *told)
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, *told, reason)
    if action == "pause":
        _pause(host, session, record, c.VIR_DOMAIN_PAUSED_IOERROR, c.VIR_DOMAIN_EVENT_SUSPENDED_IOERROR)


def _pause(host: Host, session: Session, record: DomainRecord, reason: int, detail: int) -> None:
    if record.state == c.VIR_DOMAIN_RUNNING:
        power.set_state(host, record, c.VIR_DOMAIN_PAUSED, reason)
        power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, detail)


def fall_asleep(host: Host, session: Session, record: DomainRecord) -> None:
    """The guest suspends to memory: it hears of nothing until it is woken."""
    life.disconnect_agent(session, record)
    power.set_state(host, record, c.VIR_DOMAIN_PMSUSPENDED, c.VIR_DOMAIN_PMSUSPENDED_UNKNOWN)
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_PMSUSPEND, 0)
    detail = c.VIR_DOMAIN_EVENT_PMSUSPENDED_MEMORY
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_PMSUSPENDED, detail)


def hibernate(host: Host, session: Session, record: DomainRecord) -> None:
    """The guest suspends to its disk, and is off then."""
    life.disconnect_agent(session, record)
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK, 0)
    detail = c.VIR_DOMAIN_EVENT_PMSUSPENDED_DISK
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_PMSUSPENDED, detail)
    life.power_off(host, session, record)


def wake(host: Host, session: Session, record: DomainRecord) -> None:
    """A guest that sleeps goes on."""
    power.set_state(host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_WAKEUP)
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_PMWAKEUP, 0)
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_STARTED, c.VIR_DOMAIN_EVENT_STARTED_WAKEUP)
    life.expect_agent(host, session, record)


def balloon(session: Session, record: DomainRecord, kib: int) -> None:
    """The guest's balloon is so that it has *kib* now."""
    record.balloon = kib
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE, kib)


def tray(session: Session, record: DomainRecord, disk: etree._Element, *, is_open: bool) -> None:
    """The tray of a CD-ROM drive moves."""
    target, alias = disk.find("target"), disk.find("alias")
    dev = "" if target is None else target.get("dev", "")

    def change(tree: etree._Element) -> None:
        for each in tree.iterfind(f"devices/disk/target[@dev='{dev}']"):
            each.attrib.pop("tray", None)
            if is_open:
                each.set("tray", "open")

    if record.live is not None:
        record.live = record.live.edited(change, record.live.facts())
    reason = c.VIR_DOMAIN_EVENT_TRAY_CHANGE_OPEN if is_open else c.VIR_DOMAIN_EVENT_TRAY_CHANGE_CLOSE
    name = "" if alias is None else alias.get("name", "")
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_TRAY_CHANGE, name, reason)
