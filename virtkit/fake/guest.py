"""How a guest behaves: when it has booted, whether it heeds ACPI, how fast it dirties memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake import power

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

NAMESPACE = "urn:virtkit:fake:guest"
_TRUE = {"yes", "true", "1", "on"}


@dataclass
class Guest:
    """The manners of a guest: a host's, or one domain's, as attributes of an element in its metadata.

    ``<metadata><guest xmlns='urn:virtkit:fake:guest' acpi='no' boot_time='30'/></metadata>``

    Attributes:
        boot_time: seconds from start until it heeds ACPI.
        shutdown_time: seconds from the request until it is off.
        acpi: whether it heeds the power button.
        dirty_rate: bytes a second that it writes to memory.
        memory_used: bytes of its memory that hold something; None: all.
    """

    boot_time: float = 0.0
    shutdown_time: float = 0.1
    acpi: bool = True
    dirty_rate: float = float(20 << 20)
    memory_used: int | None = None


def of(host: Host, record: DomainRecord) -> Guest:
    """Return how the guest of *record* behaves."""
    tree = record.document.tree()
    own = tree.find(f"metadata/{{{NAMESPACE}}}guest")
    if own is None:
        return host.guest
    guest = replace(host.guest)
    for key in ("boot_time", "shutdown_time", "dirty_rate"):
        value = own.get(key)
        if value is not None:
            setattr(guest, key, float(value))
    if own.get("memory_used") is not None:
        guest.memory_used = int(own.get("memory_used", "0"))
    if own.get("acpi") is not None:
        guest.acpi = own.get("acpi", "").lower() in _TRUE
    return guest


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
