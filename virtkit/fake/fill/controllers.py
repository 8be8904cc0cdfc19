"""Controllers: their order and numbers, and those that devices imply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.nodes import add, integer, put_first, value

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_MASTER_PORT = {"ich9-uhci1": "0", "ich9-uhci2": "2", "ich9-uhci3": "4"}
_MANY = 4095
_USB2 = {"ich9-ehci1", *_MASTER_PORT}


def arrange(draft: Draft) -> None:
    """Put the controllers into libvirt's order and number those that have no index."""
    given = draft.all("controller")
    for controller in given:
        draft.devices.remove(controller)
    for controller in given:
        port = _MASTER_PORT.get(controller.get("model", ""))
        if port and controller.get("type") == "usb" and controller.find("master") is None:
            add(controller, "master", startport=port)
        _insert(draft, controller)
    require_for_scsi_hostdevs(draft)
    for number, controller in enumerate(draft.all("controller")):
        if controller.get("index") is None:
            controller.set("index", str(_free_index(draft, controller, number)))
        put_first(controller, type="", index="")


def add_controller(draft: Draft, kind: str, index: int, model: str = "") -> etree._Element:
    """Add a controller behind all others, and return it."""
    controller = draft.devices.makeelement("controller", {"type": kind, "index": str(index)})
    if model:
        controller.set("model", model)
    if model in _MASTER_PORT:
        add(controller, "master", startport=_MASTER_PORT[model])
    present = draft.all("controller")
    if present:
        present[-1].addnext(controller)
    else:
        draft.devices.append(controller)
    return controller


def require(draft: Draft, kind: str, index: int, model: str = "") -> None:
    """Add a controller unless there is one of that kind and index."""
    if draft.controller(kind, index) is None:
        add_controller(draft, kind, index, model)


def _insert(draft: Draft, controller: etree._Element) -> None:
    """Put *controller* behind those of its kind with a smaller index, masters before companions."""
    present = draft.all("controller")
    place = None
    index = controller.get("index")
    for number in reversed(range(len(present))):
        other = present[number]
        if other.get("type") != controller.get("type"):
            continue
        theirs = integer(other.get("index"), -1)
        if index is None:
            place = number + 1
            break
        before = theirs > integer(index) or (
            controller.find("master") is None
            and other.find("master") is not None
            and theirs == integer(index)
        )
        if before:
            place = number
        elif place is None:
            place = number + 1
    if place is None or place == len(present):
        if present:
            present[-1].addnext(controller)
        else:
            draft.devices.append(controller)
    else:
        present[place].addprevious(controller)


def _free_index(draft: Draft, controller: etree._Element, number: int) -> int:
    kind = controller.get("type", "")
    if kind == "usb" and controller.get("model") in _USB2:
        before = [each for each in draft.all("controller")[:number] if each.get("type") == "usb"]
        if before and before[-1].get("model") in _USB2:
            index = before[-1].get("index")
            same = [each.get("model") for each in draft.controllers("usb") if each.get("index") == index]
            if controller.get("model") not in same:
                return integer(index)
    taken = {integer(each.get("index"), -1) for each in draft.controllers(kind) if each.get("index")}
    return next(free for free in range(len(taken) + 1) if free not in taken)


def imply(draft: Draft) -> None:
    """Add the controllers that disks, channels, smartcards and SCSI devices of the host need."""
    for kind in ("scsi", "fdc", "ide", "sata"):
        addresses = [
            disk.find("address") for disk in draft.all("disk") if value(disk.find("target"), "bus") == kind
        ]
        highest = max(
            (integer(value(each, "controller")) for each in addresses if value(each, "type") == "drive"),
            default=-1,
        )
        if highest > _MANY:  # libvirt adds them one by one, for as long as it has memory
            fail(c.VIR_ERR_NO_MEMORY, c.VIR_FROM_NONE)
        for index in range(highest + 1):
            require(draft, kind, index)
    for device in draft.in_order("channel console"):
        if value(device.find("target"), "type") == "virtio":
            require(draft, "virtio-serial", integer(value(device.find("address"), "controller")))
    _smartcards(draft)
    require_for_scsi_hostdevs(draft)


def _smartcards(draft: Draft) -> None:
    for card in draft.all("smartcard"):
        address = card.find("address")
        if address is None:
            taken = [
                integer(each.get("slot"))
                for each in draft.devices.iterfind("smartcard/address[@type='ccid']")
                if not integer(each.get("controller"))
            ]
            slot = str(max(taken, default=-1) + 1)
            address = add(card, "address", type="ccid", controller="0", slot=slot)
        if address.get("type") == "ccid":
            require(draft, "ccid", integer(address.get("controller")))


def require_for_scsi_hostdevs(draft: Draft) -> None:
    """Add the SCSI controllers that the host's SCSI devices are on."""
    highest, model = -1, ""
    for hostdev in draft.all("hostdev"):
        if hostdev.get("type") != "scsi":
            continue
        index = integer(value(hostdev.find("address"), "controller"))
        if index > highest:
            highest = index
            model = value(draft.controller("scsi", index), "model") or model
    for index in range(highest + 1):
        require(draft, "scsi", index, model)
