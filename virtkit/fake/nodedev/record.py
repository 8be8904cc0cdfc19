"""What a host keeps of a device: where it sits, its driver, its capabilities as libvirt prints them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake import constants as c
from virtkit.fake.state.printing import quote
from virtkit.fake.state.records import Event, Stored

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session

FROM = c.VIR_FROM_NODEDEV
# what a device can do; the place of each is its bit in VIR_CONNECT_LIST_NODE_DEVICES_CAP_*
CAPABILITIES = (
    "system", "pci", "usb_device", "usb", "net", "scsi_host", "scsi_target", "scsi", "storage", "fc_host",
    "vports", "scsi_generic", "drm", "mdev_types", "mdev", "ccw", "css", "vdpa", "ap_card", "ap_queue",
    "ap_matrix", "vpd",
)  # fmt: skip


@dataclass
class NodeDevice(Stored):
    """One device; its key is its name.

    Attributes:
        parent: the name of the device that it hangs on.
        path: in sysfs.
        devnodes: its files, as pairs of type (``dev``, ``link``) and path.
        driver: the kernel's driver that has it now.
        own_driver: the one that it belongs to.
        top: the types of its capabilities.
        caps: the same and the types inside of them.
        body: the capabilities as libvirt prints them.
        facts: what calls need to know: ``address``, ``host``, ``wwnn``, ``wwpn``, ``fabric_wwn``, ``type``, ``uuid``.
    """  # noqa: E501

    kind: ClassVar[str] = "nodedev"
    parent: str | None = None
    path: str | None = None
    devnodes: list[list[str]] = field(default_factory=list)
    driver: str | None = None
    own_driver: str | None = None
    top: list[str] = field(default_factory=list)
    caps: list[str] = field(default_factory=list)
    body: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    active: bool = True
    persistent: bool = False
    autostart: bool = False

    def text(self) -> str:
        """Return its document."""
        lines = ["<device>", f"  <name>{quote(self.key)}</name>"]
        if self.path is not None:
            lines.append(f"  <path>{quote(self.path)}</path>")
        lines += [f"  <devnode type='{kind}'>{quote(path)}</devnode>" for kind, path in self.devnodes]
        if self.parent is not None:
            lines.append(f"  <parent>{quote(self.parent)}</parent>")
        if self.driver is not None:
            lines += ["  <driver>", f"    <name>{quote(self.driver)}</name>", "  </driver>"]
        return "\n".join(lines) + "\n" + self.body + "</device>\n"


def tell(session: Session, record: NodeDevice, event: int) -> None:
    """Announce that something happened to a device: a VIR_NODE_DEVICE_EVENT_*."""
    number = c.VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE
    session.emit(Event(number, record.key, record.key, -1, (event, 0), family="nodedev"))
