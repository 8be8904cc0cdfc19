"""A guest's own course: it boots, its agent comes and goes, it heeds the power button, it reboots."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.due import happens
from virtkit.fake.guest.manners import OWN, of

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord, Due
    from virtkit.fake.store.session import Session

AGENT = "org.qemu.guest_agent.0"
_CONNECTED = c.VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED
_DISCONNECTED = c.VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_DISCONNECTED
_CHANNEL = c.VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_REASON_CHANNEL
_SOON = 1e-6  # seconds: what clocks' sums may be off by


def session_of(record: DomainRecord) -> dict[str, Any]:
    """Return what the guest remembers until it boots again."""
    found: dict[str, Any] = record.extra.setdefault(power.BOOT, {})
    return found


def disk_of(record: DomainRecord) -> dict[str, Any]:
    """Return what the guest has on its disk: it stays when the domain stops."""
    found: dict[str, Any] = record.extra.setdefault("disk", {})
    return found


def luggage(record: DomainRecord) -> dict[str, Any]:
    """Return what goes with the guest when it moves to another host: its disk, its memory, its manners."""
    boot = {**record.extra.get(power.BOOT, {}), "agent": False}
    kept = {key: record.extra[key] for key in ("disk", OWN) if key in record.extra}
    return deepcopy({**kept, power.BOOT: boot} if record.active else kept)


def uptime(host: Host, record: DomainRecord) -> float:
    """Return for how many seconds the guest has run since it booted; a pause does not count."""
    return record.cpu_seconds(host.now()) - float(record.extra.get(power.BOOT, {}).get("booted", 0.0))


def booted(host: Host, record: DomainRecord) -> bool:
    """Return whether the guest is up: it heeds ACPI, and has its addresses."""
    return record.active and uptime(host, record) + _SOON >= of(host, record).boot_time


def agent_connected(record: DomainRecord) -> bool:
    """Return whether an agent is on the other end of the domain's channel."""
    return bool(record.extra.get(power.BOOT, {}).get("agent"))


@happens(power.BOOT)
def _boot(host: Host, session: Session, due: Due) -> None:
    record = session.find(due.uuid)
    if record is not None:
        expect_agent(host, session, record)


def expect_agent(host: Host, session: Session, record: DomainRecord) -> None:
    """Have the agent connect once the guest has run for long enough."""
    if record.state != c.VIR_DOMAIN_RUNNING or agent_connected(record):
        return
    if not host.personality.guest_decides:
        return  # the test driver's guests have no agent
    manners = of(host, record)
    if manners.agent and record.facts.has_agent:
        left = manners.boot_time + manners.agent_time - uptime(host, record)
        session.cancel(record.uuid, power.BOOT)
        if left > _SOON:
            host.after(session, left, power.BOOT, record.uuid)
        else:
            connect_agent(session, record)


def connect_agent(session: Session, record: DomainRecord) -> None:
    """The agent opens its end of the channel."""
    session_of(record)["agent"] = True
    _tell_agent(session, record, _CONNECTED)


def disconnect_agent(session: Session, record: DomainRecord) -> None:
    """The agent is gone: it was ended, or its guest goes down."""
    if agent_connected(record):
        session_of(record)["agent"] = False
        _tell_agent(session, record, _DISCONNECTED)


def _tell_agent(session: Session, record: DomainRecord, state: int) -> None:
    word = "connected" if state == _CONNECTED else "disconnected"

    def change(tree: etree._Element) -> None:
        for target in tree.iterfind(f"devices/channel/target[@name='{AGENT}']"):
            target.set("state", word)

    if record.live is not None:
        record.live = record.live.edited(change, record.live.facts())
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, state, _CHANNEL)


def press_power_button(host: Host, session: Session, record: DomainRecord) -> None:
    """Ask the guest to power off: it does after its time, or never."""
    if of(host, record).acpi and booted(host, record):
        power_off_soon(host, session, record)


def power_off_soon(host: Host, session: Session, record: DomainRecord) -> None:
    """Have the guest power off after the time that this takes it, even if it was about to reboot."""
    _stay(session, record)
    host.after(session, of(host, record).shutdown_time, "shutdown", record.uuid)


def _stay(session: Session, record: DomainRecord) -> None:
    """Forget how the guest was to go down: what it is told last counts."""
    for what in ("shutdown", "reboot"):
        session.cancel(record.uuid, what)


def ask_reboot(host: Host, session: Session, record: DomainRecord) -> None:
    """Ask the guest to reboot by its power button: it does after its time, or never."""
    if of(host, record).acpi and booted(host, record):
        reboot_soon(host, session, record)


def reboot_soon(host: Host, session: Session, record: DomainRecord) -> None:
    """Have the guest reboot after the time that going down takes it, even if it was about to power off."""
    _stay(session, record)
    host.after(session, of(host, record).shutdown_time, "reboot", record.uuid)


def restart(host: Host, session: Session, record: DomainRecord) -> None:
    """The guest begins anew, in the same process: by its own will, or by a reset."""
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_REBOOT)
    disconnect_agent(session, record)
    session.cancel(record.uuid)
    record.started = host.now()
    record.extra[power.BOOT] = {"booted": record.cpu_seconds(host.now())}
    expect_agent(host, session, record)


def power_off(host: Host, session: Session, record: DomainRecord) -> None:
    """The guest switches itself off: what happens then is the domain's on_poweroff."""
    if action(record, "on_poweroff", "destroy") == "restart":
        restart(host, session, record)
        return
    power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_SHUTDOWN, c.VIR_DOMAIN_EVENT_SHUTDOWN_GUEST)
    power.stop(host, session, record, c.VIR_DOMAIN_SHUTOFF_SHUTDOWN, c.VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN)


def reboot(host: Host, session: Session, record: DomainRecord) -> None:
    """The guest reboots itself: what happens then is the domain's on_reboot."""
    if action(record, "on_reboot", "restart") in {"destroy", "preserve"}:
        power_off(host, session, record)
    else:
        disconnect_agent(session, record)
        restart(host, session, record)


def action(record: DomainRecord, element: str, default: str) -> str:
    """Return what the domain's document says is to happen: on_poweroff, on_reboot, on_crash."""
    return record.document.tree().findtext(element) or default


@happens("reboot")
def _reboot(host: Host, session: Session, due: Due) -> None:
    record = _running(session, due)
    if record is not None:
        reboot(host, session, record)


@happens("shutdown")
def _shutdown(host: Host, session: Session, due: Due) -> None:
    record = _running(session, due)
    if record is not None:
        power_off(host, session, record)


def _running(session: Session, due: Due) -> DomainRecord | None:
    """Return the domain that is to do something, unless it is off or paused: then it does nothing."""
    record = session.find(due.uuid)
    return record if record is not None and record.state == c.VIR_DOMAIN_RUNNING else None
