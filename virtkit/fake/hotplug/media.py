"""What is in a drive: another disc, or none."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.fill.order import sort_children
from virtkit.fake.hotplug import context
from virtkit.fake.hotplug.kinds import source_path
from virtkit.fake.hotplug.matching import alias_of

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.hotplug.sides import Change

_OF_SOURCE = ("source", "backingStore")


def exchange(change: Change, drive: etree._Element, given: etree._Element) -> None:
    """Put into *drive*, of the running side, what *given* says: the tray opens and closes."""
    for tag in _OF_SOURCE:
        for old in drive.findall(tag):
            drive.remove(old)
    source = given.find("source")
    if source is not None and source_path(given):
        drive.append(deepcopy(source))
    drive.set("type", given.get("type", "file"))
    driver, kind = drive.find("driver"), given.find("driver")
    if driver is None:
        driver = drive.makeelement("driver", {"name": "qemu"})
        drive.append(driver)
    driver.set("type", "raw" if kind is None else kind.get("type", "raw"))
    context.connect_source(change.record, drive)
    sort_children(drive)
    change.changed(drive)
    for tray in (c.VIR_DOMAIN_EVENT_TRAY_CHANGE_OPEN, c.VIR_DOMAIN_EVENT_TRAY_CHANGE_CLOSE):
        power.emit(change.session, change.record, c.VIR_DOMAIN_EVENT_ID_TRAY_CHANGE, alias_of(drive), tray)
