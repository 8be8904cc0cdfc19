"""virNodeDevice: a device of the host."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail, make
from virtkit.fake.handles import Named
from virtkit.fake.newer import CONSTANTS
from virtkit.fake.nodedev import making
from virtkit.fake.nodedev.inventory import device
from virtkit.fake.nodedev.record import FROM, NodeDevice, tell
from virtkit.fake.objects import ObjectBase
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_GIVEN = "vfio-pci"  # the driver of what a guest has
_UNSUPPORTED = "Unsupported device type"


@dataclass(slots=True)
class DeviceHandle(Named):
    """Which device is meant, and its parent when it was looked up."""

    parent: str | None = None


def source_of(host: Host) -> int:
    """Return the VIR_FROM_* of the driver that serves devices on *host*."""
    return host.personality.source if host.personality.name == "test" else FROM


def no_device(host: Host, name: str) -> NoReturn:
    """Raise that there is no device called *name*."""
    fail(c.VIR_ERR_NO_NODE_DEVICE, source_of(host), f"no node device with matching name '{name}'")


@complete
class virNodeDevice(ObjectBase[NodeDevice], family="nodedev"):
    """A device of a fake host, with the methods of libvirt-python's class."""

    def _find(self, session: Session) -> NodeDevice:
        record = device(session, self._host, self._o.key)
        if record is None:
            self._missing()
        return record

    def _missing(self) -> NoReturn:
        no_device(self._host, self._o.key)

    def name(self) -> str:
        return self._o.key

    def parent(self) -> str | None:
        known = self._o.parent if isinstance(self._o, DeviceHandle) else None
        return known if known is not None else self._parent()

    @object_call("virNodeDeviceGetParent", write=False)
    def _parent(self, session: Session, record: NodeDevice) -> str | None:
        if record.parent is None:  # reported, but not raised
            make(c.VIR_ERR_INTERNAL_ERROR, source_of(self._host), "no parent for this device")
        return record.parent

    @object_call("virNodeDeviceGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, record: NodeDevice, flags: int = 0) -> str:
        if "pci" in record.top and self._user(session, record) is not None:
            return replace(record, driver=_GIVEN).text()
        return record.text()

    def _capabilities(self, record: NodeDevice) -> list[str]:
        return list(record.top if self._host.personality.name == "test" else record.caps)

    @object_call("virNodeDeviceListCaps", write=False)
    def listCaps(self, session: Session, record: NodeDevice) -> list[str]:
        return self._capabilities(record)

    @object_call("virNodeDeviceNumOfCaps", write=False)
    def numOfCaps(self, session: Session, record: NodeDevice) -> int:
        return len(self._capabilities(record))

    @object_call("virNodeDeviceIsActive", write=False)
    def isActive(self, session: Session, record: NodeDevice) -> int:
        return int(record.active)

    @object_call("virNodeDeviceIsPersistent", write=False)
    def isPersistent(self, session: Session, record: NodeDevice) -> int:
        return int(record.persistent)

    @object_call("virNodeDeviceGetAutostart", write=False)
    def autostart(self, session: Session, record: NodeDevice) -> int:
        return int(record.autostart)

    @object_call("virNodeDeviceSetAutostart")
    def setAutostart(self, session: Session, record: NodeDevice, autostart: int) -> int:
        if "mdev" not in record.top:
            making.refuse(_UNSUPPORTED, c.VIR_ERR_OPERATION_UNSUPPORTED)
        if not record.persistent:
            message = "cannot set autostart for transient device"
            making.refuse(message, c.VIR_ERR_OPERATION_INVALID)
        record.autostart = bool(autostart)
        return 0

    # made and unmade

    @object_call("virNodeDeviceDestroy")
    def destroy(self, session: Session, record: NodeDevice) -> int:
        if self._host.personality.name == "test":
            return self._destroy_test(session, record)
        if "scsi_host" in record.top:
            making.drop_vport(session, self._host, record)
        elif "mdev" in record.top:
            making.stop_mdev(session, self._host, record)
        else:
            making.refuse(_UNSUPPORTED, c.VIR_ERR_CONFIG_UNSUPPORTED)
        return 0

    def _destroy_test(self, session: Session, record: NodeDevice) -> int:
        """Destroy as the test driver does: what it cannot, it lets be, and says that all went well."""
        if "wwnn" in record.facts and device(session, self._host, record.parent) is not None:
            session.drop(record)
            tell(session, record, c.VIR_NODE_DEVICE_EVENT_DELETED)
        return 0

    @object_call("virNodeDeviceCreate")
    def create(self, session: Session, record: NodeDevice, flags: int = 0) -> int:
        if record.active:
            making.refuse("Device is already active", c.VIR_ERR_OPERATION_INVALID)
        making.start_mdev(session, self._host, record)
        return 0

    @object_call("virNodeDeviceUndefine")
    def undefine(self, session: Session, record: NodeDevice, flags: int = 0) -> int:
        if not record.persistent:
            making.refuse(f"Node device '{record.key}' is not defined", c.VIR_ERR_OPERATION_INVALID)
        if "mdev" not in record.top:
            making.refuse(_UNSUPPORTED, c.VIR_ERR_CONFIG_UNSUPPORTED)
        making.undefine_mdev(session, record)
        return 0

    @object_call("virNodeDeviceUpdate")  # of libvirt 10.1
    def update(self, session: Session, record: NodeDevice, xmlDesc: str, flags: int = 0) -> int:
        live = flags & CONSTANTS["VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE"] or (not flags and record.active)
        making.update_mdev(session, record, xmlDesc, live=bool(live))
        return 0

    # given to guests

    @object_call("virNodeDeviceDettach")
    def dettach(self, session: Session, record: NodeDevice) -> int:
        return self._give(session, record, None)

    @object_call("virNodeDeviceDetachFlags")
    def detachFlags(
        self, session: Session, record: NodeDevice, driverName: str | None, flags: int = 0
    ) -> int:
        return self._give(session, record, driverName)

    def _give(self, session: Session, record: NodeDevice, driver: str | None) -> int:
        if driver not in {None, "vfio", "kvm"}:
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, f"unknown driver name '{driver}'")
        if driver == "kvm" or not self._host.iommu:
            what = (
                "KVM device assignment is no longer supported on this system"
                if driver == "kvm"
                else "VFIO device assignment is currently not supported on this system"
            )
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_QEMU, what)
        self._need_free(session, record)
        record.driver = _GIVEN
        return 0

    @object_call("virNodeDeviceReAttach")
    def reAttach(self, session: Session, record: NodeDevice) -> int:
        self._need_free(session, record)
        record.driver = record.own_driver
        return 0

    @object_call("virNodeDeviceReset")
    def reset(self, session: Session, record: NodeDevice) -> int:
        user = self._user(session, record)
        if user is not None:
            address = record.facts["address"]
            message = f"Not resetting active device {address}"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_NONE, message)
        return 0

    def _need_free(self, session: Session, record: NodeDevice) -> None:
        user = self._user(session, record)
        if user is not None:
            message = f"PCI device {record.facts['address']} is in use by driver QEMU, domain {user}"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_NONE, message)

    def _user(self, session: Session, record: NodeDevice) -> str | None:
        """Return the name of the running guest that has this PCI device."""
        if "pci" not in record.top:
            message = f"device {record.key} is not a PCI device"
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_DOMAIN, message)
        for domain in session.all():
            if domain.live is None:
                continue
            for address in domain.live.tree().iterfind("devices/hostdev/source/address"):
                numbers = [int(address.get(part, "0"), 0) for part in ("domain", "bus", "slot", "function")]
                if "{:04x}:{:02x}:{:02x}.{:x}".format(*numbers) == record.facts["address"]:
                    return domain.name
        return None
