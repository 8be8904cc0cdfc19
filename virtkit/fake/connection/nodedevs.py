"""virConnect: the host's devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail_silently, fail_unknown
from virtkit.fake.nodedev import DeviceHandle, making, no_device, virNodeDevice
from virtkit.fake.nodedev.inventory import device, devices
from virtkit.fake.nodedev.parsing import wanted
from virtkit.fake.nodedev.record import CAPABILITIES, NodeDevice

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.store.session import Session

_ANY_CAPABILITY = (1 << len(CAPABILITIES)) - 1
_INACTIVE, _ACTIVE = 1 << 30, 1 << 31  # VIR_CONNECT_LIST_NODE_DEVICES_*; libvirt-python's are negative
_UNSUPPORTED = "Unsupported device type"


def _is_listed(record: NodeDevice, flags: int) -> bool:
    asked = flags & _ANY_CAPABILITY
    if asked and not any(asked >> CAPABILITIES.index(name) & 1 for name in record.caps):
        return False
    return not flags & (_ACTIVE | _INACTIVE) or bool(flags & (_ACTIVE if record.active else _INACTIVE))


class NodeDevices(ConnectionBase):
    """List, look up, create, define, and hear of devices."""

    def _device(self, record: NodeDevice, parent: str | None = None) -> virNodeDevice:
        handle = DeviceHandle(record.key, record.key, parent=parent or record.parent)
        return virNodeDevice(self, handle)  # type: ignore[arg-type]

    @connection_call("virConnectListAllNodeDevices")
    def listAllDevices(self, session: Session, flags: int = 0) -> list[virNodeDevice]:
        found = devices(session, self._host)
        return [self._device(each) for each in found if _is_listed(each, flags)]

    def _having(self, session: Session, cap: str | None) -> list[str]:
        return [each.key for each in devices(session, self._host) if cap is None or cap in each.caps]

    @connection_call("virNodeListDevices")
    def listDevices(self, session: Session, cap: str | None, flags: int = 0) -> list[str]:
        return self._having(session, cap)

    @connection_call("virNodeNumOfDevices")
    def numOfDevices(self, session: Session, cap: str | None, flags: int = 0) -> int:
        return len(self._having(session, cap))

    @connection_call("virNodeDeviceLookupByName")
    def nodeDeviceLookupByName(self, session: Session, name: str) -> virNodeDevice:
        record = device(session, self._host, name)
        if record is None:
            no_device(self._host, name)
        return self._device(record)

    @connection_call("virNodeDeviceLookupSCSIHostByWWN")
    def nodeDeviceLookupSCSIHostByWWN(
        self, session: Session, wwnn: str, wwpn: str, flags: int = 0
    ) -> virNodeDevice:
        for record in devices(session, self._host):
            if (record.facts.get("wwnn"), record.facts.get("wwpn")) == (wwnn, wwpn):
                return self._device(record)
        return fail_unknown()

    @connection_call("virNodeDeviceCreateXML", write=True)
    def nodeDeviceCreateXML(self, session: Session, xmlDesc: str, flags: int = 0) -> virNodeDevice:
        validate = bool(flags & c.VIR_NODE_DEVICE_CREATE_XML_VALIDATE)
        personality = self._host.personality
        asked = wanted(xmlDesc, personality.type_name, validate=validate)
        if asked.kind == "mdev":
            making.mdev_parent(session, self._host, asked)
        if personality.name == "test" or asked.kind == "scsi_host":
            record = making.make_vport(session, self._host, asked)
            return self._device(record, asked.parent)
        if asked.kind != "mdev":
            making.refuse(_UNSUPPORTED, c.VIR_ERR_CONFIG_UNSUPPORTED)
        return self._device(making.make_mdev(session, self._host, asked, define=False))

    @connection_call("virNodeDeviceDefineXML", write=True)
    def nodeDeviceDefineXML(self, session: Session, xmlDesc: str, flags: int = 0) -> virNodeDevice:
        validate = bool(flags & c.VIR_NODE_DEVICE_DEFINE_XML_VALIDATE)
        asked = wanted(xmlDesc, self._host.personality.type_name, validate=validate)
        if asked.kind != "mdev":
            making.refuse(_UNSUPPORTED, c.VIR_ERR_CONFIG_UNSUPPORTED)
        return self._device(making.make_mdev(session, self._host, asked, define=True))

    @connection_call("virConnectNodeDeviceEventRegisterAny")
    def nodeDeviceEventRegisterAny(
        self, session: Session, dev: virNodeDevice | None, eventID: int, cb: Callable[..., Any], opaque: Any
    ) -> int:
        if not 0 <= eventID <= c.VIR_NODE_DEVICE_EVENT_ID_UPDATE:
            fail_silently("virConnectNodeDeviceEventRegisterAny")
        key = None if dev is None else dev._o.key  # noqa: SLF001
        return self._events.register(eventID, key, cb, opaque, family="nodedev")

    @connection_call("virConnectNodeDeviceEventDeregisterAny")
    def nodeDeviceEventDeregisterAny(self, session: Session, callbackID: int) -> None:
        self._events.deregister(callbackID)
