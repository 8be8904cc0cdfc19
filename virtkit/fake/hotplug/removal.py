"""A device that is to go from a running guest: QEMU asks the guest for some, and takes others away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import guest, power
from virtkit.fake.hotplug import context
from virtkit.fake.hotplug.kinds import refuse
from virtkit.fake.hotplug.matching import address_of, alias_of, by_alias, size_of
from virtkit.fake.hotplug.sides import Change

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import Due
    from virtkit.fake.store.session import Session

PATIENCE = 5.0  # seconds that the driver waits for a device to be gone
_ASKED = {"pci", "ccw", "dimm"}  # on these the guest has a say


def request(change: Change, device: etree._Element, *, waits: bool) -> float:
    """Ask for *device* to go; return after how many seconds the guest answers, 0 for at once or never."""
    record, host = change.record, change.host
    alias, address = alias_of(device), address_of(device)
    if address is None or address[0] not in _ASKED:
        finish(change, device)
        return 0.0
    manners = guest.of(host, record)
    if record.state != c.VIR_DOMAIN_RUNNING or not guest.booted(host, record):
        return 0.0
    delay = manners.unplug_time
    if delay > 0:
        host.after(change.session, delay, "unplug", record.uuid, alias)
        return delay
    if manners.unplugs(alias):
        finish(change, device)
    else:
        power.emit(change.session, record, c.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, alias)
        if waits:
            rejected()
    return 0.0


def rejected() -> None:
    """Raise that the guest keeps the device."""
    refuse("unplug of device was rejected by the guest", c.VIR_ERR_OPERATION_FAILED)


def finish(change: Change, device: etree._Element) -> None:
    """Take *device* away from the running side, and tell of it."""
    alias = alias_of(device)
    first = device.tag == "serial" and context.place_of(device) == 0
    change.remove(device)
    if device.tag == "memory":
        change.resize(-size_of(device))
    if first:
        console = change.devices.find("console")
        if console is not None and alias_of(console) == alias:
            change.remove(console)
    if alias:
        power.emit(change.session, change.record, c.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, alias)


def answer(host: Host, session: Session, due: Due) -> None:
    """Have the guest let go of a device, or say that it does not."""
    record = session.find(due.uuid)
    if record is None or not record.active:
        return
    change = Change(host, session, record, live=True)
    device = by_alias(change.devices, due.detail)
    if device is None:
        return
    if not guest.of(host, record).unplugs(due.detail):
        power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, due.detail)
        return
    finish(change, device)
    change.apply()
