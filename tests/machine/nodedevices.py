"""Node devices: what there is, and virtual SCSI hosts made and destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine.kinds import CONNECTION, Family, Kind, calls, flags, some

if TYPE_CHECKING:
    from tests.machine.side import Side

NAMES = ("computer", "scsi_host1", "scsi_host2", "scsi_host11", "scsi_host12")
_FC = "<capability type='scsi_host'><capability type='fc_host'>{}</capability></capability>"
_WWN = "<wwnn>{}</wwnn><wwpn>{}</wwpn>"
_NEW = _FC.format(_WWN.format("2000000000000001", "1000000000000001"))


def document(name: str, parent: str, inner: str) -> str:
    """Return a device's document."""
    return f"<device>{name}{parent}{inner}</device>"


_XML = st.one_of(
    st.builds(
        document,
        some("<name>scsi_host12</name>", "", "<name>new</name>"),
        some("<parent>scsi_host1</parent>", "<parent>scsi_host2</parent>", "<parent>none</parent>", ""),
        some(_NEW, _NEW, _FC.format(""), "<capability type='bogus'/>", ""),
    ),
    some("<device", "", "<domain/>", None),
)
_OBJECT: dict[str, tuple[Any, ...]] = {
    "destroy": (),
    "parent": (),
    "numOfCaps": (),
    "name": (),
    "XMLDesc": (flags(1),),
    "reset": (),
    "dettach": (),
    "reAttach": (),
    "isActive": (),
    "isPersistent": (),
    "autostart": (),
    "undefine": (flags(1),),
    "create": (flags(1),),
}
_CAP = some("system", "scsi_host", "fc_host", "vports", "net", "bogus", "", None)
_CONN: dict[str, tuple[Any, ...]] = {
    "nodeDeviceCreateXML": (_XML, flags(1)),
    "nodeDeviceDefineXML": (_XML, flags(1)),
    "nodeDeviceLookupByName": (some(*NAMES, "none", "", None),),
    "nodeDeviceLookupSCSIHostByWWN": (some("2000000012341234", None), some("1000000012341234"), flags(1)),
    "listAllDevices": (flags(*(1 << bit for bit in range(20))),),
    "numOfDevices": (_CAP, flags(1)),
}


def _sorted(answer: Any) -> Any:
    return sorted(answer)


_SEEN = (
    Kind("conn.listDevices", CONNECTION, "listDevices", (_CAP, flags(1)), see=_sorted),
    Kind("listCaps", "device", "listCaps", see=_sorted),
)


def _summary(side: Side) -> Any:
    return {
        device.name(): {
            "parent": device.parent(),
            "caps": sorted(device.listCaps()),
            "XML": device.XMLDesc(0),
        }
        for device in side.conn.listAllDevices()
    }


nodedevices = Family(
    "nodedevices",
    (*calls("device", _OBJECT), *calls(CONNECTION, _CONN), *_SEEN),
    {"device": NAMES},
    st.just([]),
    _summary,
    (("nodeDeviceEventRegisterAny", "VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE", "device"),),
)
