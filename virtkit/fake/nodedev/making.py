"""Devices that calls make and unmake: virtual fibre channel adapters, and mediated devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_unknown
from virtkit.fake.nodedev.inventory import device, devices
from virtkit.fake.nodedev.parsing import existing
from virtkit.fake.nodedev.record import FROM, NodeDevice, tell
from virtkit.fake.state.printing import quote
from virtkit.fake.state.records import Event

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.nodedev.parsing import Wanted
    from virtkit.fake.store.session import Session

_NEW = "new device"


def refuse(message: str, code: int = c.VIR_ERR_INTERNAL_ERROR) -> NoReturn:
    """Raise an error of the node device driver."""
    fail(code, FROM, message)


def need_fibre_channel(facts: dict[str, str]) -> None:
    """Refuse what has no world wide names."""
    if "wwnn" not in facts:
        refuse("Device is not a fibre channel HBA")


def vport_parent(session: Session, host: Host, wanted: Wanted) -> NodeDevice:
    """Return the adapter that is to carry a virtual one."""
    wwnn, wwpn, fabric = wanted.parent_wwns
    known = devices(session, host)
    asked = wanted.parent is not None or wwnn is not None or fabric is not None
    if wanted.parent is not None:
        found = [each for each in known if each.key == wanted.parent]
    elif wwnn is not None:
        found = [each for each in known if (each.facts.get("wwnn"), each.facts.get("wwpn")) == (wwnn, wwpn)]
    elif fabric is not None:
        found = [each for each in known if "vports" in each.caps and each.facts.get("fabric_wwn") == fabric]
    else:
        found = [each for each in known if "vports" in each.caps]
    if not found:
        refuse(
            f"Could not find parent device for '{_NEW}'"
            if asked
            else "Could not find any vport capable device"
        )
    if "vports" not in found[0].caps:
        refuse(f"Parent device {found[0].key} is not capable of vport operations")
    return found[0]


def make_vport(session: Session, host: Host, wanted: Wanted) -> NodeDevice:
    """Add a virtual fibre channel adapter."""
    need_fibre_channel(wanted.facts)
    parent = vport_parent(session, host, wanted)
    if host.personality.name == "test":
        return copied_vport(session, host, wanted.facts)
    taken = {int(each.facts.get("host", 0)) for each in devices(session, host)}
    number = max(taken) + 1
    facts = wanted.facts
    record = existing(
        f"<device><name>scsi_host{number}</name><path>/sys/class/scsi_host/host{number}</path>"
        f"<parent>{parent.key}</parent><capability type='scsi_host'><host>{number}</host>"
        f"<unique_id>{number}</unique_id><capability type='fc_host'><wwnn>{quote(facts['wwnn'])}</wwnn>"
        f"<wwpn>{quote(facts['wwpn'])}</wwpn><fabric_wwn>{parent.facts.get('fabric_wwn', '')}</fabric_wwn>"
        "</capability></capability></device>"
    )
    _count(parent, "vports", +1)
    return _added(session, record)


_COPY = "scsi_host12"


def copied_vport(session: Session, host: Host, wwns: dict[str, Any]) -> NodeDevice:
    """Add what the test driver adds: a copy of scsi_host11 with other world wide names."""
    model = device(session, host, "scsi_host11")
    if model is None:
        fail_unknown()
    record = existing(model.text())
    record.key = _COPY
    for name in ("wwnn", "wwpn"):
        record.body = record.body.replace(model.facts[name], quote(wwns[name]))
        record.facts[name] = wwns[name]
    return _added(session, record)


def drop_copied_vport(session: Session, host: Host) -> None:
    """Remove the copy, whoever asked for it."""
    record = device(session, host, _COPY)
    if record is None:
        fail(c.VIR_ERR_NO_NODE_DEVICE, c.VIR_FROM_TEST, f"no node device with matching name '{_COPY}'")
    session.drop(record)
    tell(session, record, c.VIR_NODE_DEVICE_EVENT_DELETED)


def _added(session: Session, record: NodeDevice) -> NodeDevice:
    session.put(record)
    tell(session, record, c.VIR_NODE_DEVICE_EVENT_CREATED)
    return record


def _count(record: NodeDevice, tag: str, step: int) -> None:
    """Change the number in the element *tag* of a device's document."""
    import re

    pattern = re.compile(rf"(?<=<{tag}>)\d+(?=</{tag}>)")
    record.body = pattern.sub(lambda found: str(int(found[0]) + step), record.body, count=1)


def drop_vport(session: Session, host: Host, record: NodeDevice) -> None:
    """Remove a virtual fibre channel adapter."""
    need_fibre_channel(record.facts)
    parent = device(session, host, record.parent)
    if parent is None:
        refuse(f"cannot find parent '{record.parent}' definition")
    if not parent.key.startswith("scsi_host"):
        refuse(f"Invalid adapter name '{parent.key}' for SCSI pool")
    _count(parent, "vports", -1)
    session.drop(record)
    tell(session, record, c.VIR_NODE_DEVICE_EVENT_DELETED)


# mediated devices


def mdev_parent(session: Session, host: Host, wanted: Wanted) -> NodeDevice:
    """Return the device that is to hold a mediated one."""
    if wanted.parent is None:
        refuse("missing parent device", c.VIR_ERR_CONFIG_UNSUPPORTED)
    parent = device(session, host, wanted.parent)
    if parent is None:
        refuse(f"invalid parent device '{wanted.parent}'", c.VIR_ERR_CONFIG_UNSUPPORTED)
    if "address" not in parent.facts:
        refuse(f"Unable to find address for parent device '{parent.key}'", c.VIR_ERR_PARSE_FAILED)
    return parent


def make_mdev(session: Session, host: Host, wanted: Wanted, *, define: bool) -> NodeDevice:
    """Start a mediated device, or only define it."""
    import uuid as uuids

    parent = mdev_parent(session, host, wanted)
    what = "define" if define else "start"
    uuid = wanted.facts.get("uuid") or str(uuids.uuid4())
    address = parent.facts["address"]
    name = f"mdev_{uuid}_{address}".replace("-", "_").replace(":", "_").replace(".", "_")
    old = device(session, host, name)
    if not define:
        if old is not None and old.active:
            refuse(f"Unable to {what} mediated device: Device {uuid} already exists")
        _take_instance(parent, wanted.facts["type"], f"Unable to {what} mediated device")
    record = existing(_mdev_xml(name, uuid, wanted, parent))
    record.active, record.persistent = not define, define
    if old is not None:
        record.active, record.persistent = old.active or not define, old.persistent or define
        record.autostart = old.autostart
    record.driver = "vfio_mdev"
    record.path = f"{parent.path}/{uuid}" if record.active else None
    session.put(record)
    if not define:
        tell(session, record, c.VIR_NODE_DEVICE_EVENT_CREATED)
    elif old is None or not old.persistent:
        tell(session, record, c.VIR_NODE_DEVICE_EVENT_DEFINED)
    return record


def _mdev_xml(name: str, uuid: str, wanted: Wanted, parent: NodeDevice) -> str:
    attributes = "".join(f"<attr name='{quote(n)}' value='{quote(v)}'/>" for n, v in wanted.attributes)
    return (
        f"<device><name>{name}</name><parent>{parent.key}</parent><capability type='mdev'>"
        f"<type id='{quote(wanted.facts['type'])}'/><uuid>{uuid}</uuid>"
        f"<parent_addr>{parent.facts['address']}</parent_addr><iommuGroup number='0'/>{attributes}"
        "</capability></device>"
    )


def _take_instance(parent: NodeDevice, of_type: str, what: str) -> None:
    left = _instances(parent, of_type)
    if left is None:
        refuse(f"{what}: Parent {parent.facts['address']} does not support mdev type {of_type}")
    if not left:
        refuse(f"{what}: No available instances of {of_type}")
    _change_instances(parent, of_type, -1)


def _pattern(of_type: str) -> str:
    import re

    return rf"(<type id='{re.escape(quote(of_type))}'>.*?<availableInstances>)(\d+)"


def _instances(parent: NodeDevice, of_type: str) -> int | None:
    import re

    found = re.search(_pattern(of_type), parent.body, re.DOTALL)
    return None if found is None else int(found[2])


def _change_instances(parent: NodeDevice, of_type: str, step: int) -> None:
    import re

    def changed(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + step}"

    parent.body = re.sub(_pattern(of_type), changed, parent.body, count=1, flags=re.DOTALL)


def start_mdev(session: Session, host: Host, record: NodeDevice) -> None:
    """Start a mediated device that is defined."""
    parent = device(session, host, record.parent)
    if parent is None:
        refuse(f"Unable to create mediated device: unable to find parent device '{record.parent}'")
    _take_instance(parent, record.facts["type"], "Unable to create mediated device")
    record.active, record.path = True, f"{parent.path}/{record.facts['uuid']}"
    tell(session, record, c.VIR_NODE_DEVICE_EVENT_CREATED)


def stop_mdev(session: Session, host: Host, record: NodeDevice) -> None:
    """Stop a mediated device; forget it, unless it is defined."""
    if not record.active:
        refuse(f"Device '{record.key}' is not active", c.VIR_ERR_OPERATION_INVALID)
    parent = device(session, host, record.parent)
    if parent is not None:
        _change_instances(parent, record.facts["type"], +1)
    record.active, record.path = False, None
    if not record.persistent:
        session.drop(record)
    tell(session, record, c.VIR_NODE_DEVICE_EVENT_DELETED)


def undefine_mdev(session: Session, record: NodeDevice) -> None:
    """Forget a mediated device's definition."""
    record.persistent = record.autostart = False
    if not record.active:
        session.drop(record)
    tell(session, record, c.VIR_NODE_DEVICE_EVENT_UNDEFINED)


def update_mdev(session: Session, record: NodeDevice, xml: str, *, live: bool) -> None:
    """Give a mediated device other attributes, which count when it starts."""
    described = existing(xml)
    if "mdev" not in record.top:
        refuse("Unsupported device type", c.VIR_ERR_OPERATION_UNSUPPORTED)
    if any(described.facts.get(name) != record.facts[name] for name in ("uuid", "type")):
        refuse(f"'{record.key}' is another device", c.VIR_ERR_CONFIG_UNSUPPORTED)
    if live:
        refuse("a device that runs cannot be changed", c.VIR_ERR_OPERATION_UNSUPPORTED)
    if not record.persistent:
        refuse(f"Node device '{record.key}' is not defined", c.VIR_ERR_OPERATION_INVALID)
    record.body = described.body
    number = c.VIR_NODE_DEVICE_EVENT_ID_UPDATE
    session.emit(Event(number, record.key, record.key, -1, (), family="nodedev"))
