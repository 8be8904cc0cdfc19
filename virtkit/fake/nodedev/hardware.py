"""Devices that a test gives a host: ``virtkit.fake.host("one").devices.pci("0000:3b:00.0", ...)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.nodedev.inventory import address_xml, device, devices, net_xml, pci_name, pci_xml
from virtkit.fake.nodedev.parsing import existing
from virtkit.fake.nodedev.record import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from virtkit.fake.host import Host

_NETWORK = 0x020000
_FC = 0x0C0400


class Devices:
    """The hardware of one host. What is added or taken out is told by node device events."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def add(self, xml: str) -> str:
        """Add the device that libvirt's document *xml* describes; return its name."""
        record = existing(xml)
        with self._host as session:
            devices(session, self._host)
            session.put(record)
            tell(session, record, c.VIR_NODE_DEVICE_EVENT_CREATED)
        return record.key

    def remove(self, name: str) -> None:
        """Take the device called *name* out.

        Raises:
            KeyError: the host has no such device.
        """
        with self._host as session:
            record = device(session, self._host, name)
            if record is None:
                raise KeyError(name)
            session.drop(record)
            tell(session, record, c.VIR_NODE_DEVICE_EVENT_DELETED)

    def pci(
        self,
        address: str,
        *,
        product: int = 0x1572,
        vendor: int = 0x8086,
        kind: int = _NETWORK,
        driver: str | None = None,
        numa: int | None = None,
        group: int | None = None,
        functions: int = 0,
        mdev_types: Mapping[str, int] | None = None,
    ) -> list[str]:
        """Add a PCI device; return its name, and those of its virtual functions.

        Args:
            address: such as ``0000:3b:00.0``.
            product: the number of the product.
            vendor: the number of the vendor.
            kind: the class: a network card unless said otherwise.
            driver: the kernel's driver that has it.
            numa: the node that it is near to.
            group: its IOMMU group: one of its own unless said otherwise.
            functions: how many virtual functions it has (SR-IOV).
            mdev_types: the types of mediated devices that it can hold, with how many of each.
        """
        group = int(address.replace(":", "").replace(".", ""), 16) % 256 if group is None else group
        virtual = [_function(address, number + 1) for number in range(functions)]
        inner = ""
        if virtual:
            addresses = "".join(map(address_xml, virtual))
            inner = f"<capability type='virt_functions' maxCount='{functions}'>{addresses}</capability>"
        if mdev_types:
            inner += _mdev_types(mdev_types)
        whole = pci_xml(
            address, kind, driver, product=product, vendor=vendor, group=group, numa=numa, inner=inner
        )
        names = [self.add(whole)]
        owner = f"<capability type='phys_function'>{address_xml(address)}</capability>"
        for number, each in enumerate(virtual):
            names.append(
                self.add(
                    pci_xml(
                        each,
                        kind,
                        driver,
                        product=product + 1,
                        vendor=vendor,
                        group=group + number + 1,
                        numa=numa,
                        inner=owner,
                    )
                )
            )
        return names

    def network_card(self, interface: str, mac: str, parent: str = "computer") -> str:
        """Add a network interface to the device called *parent*; return the card's name."""
        path = f"/sys/devices/virtual/net/{interface}"
        return self.add(net_xml(interface, mac, parent, path, link="<link speed='10000' state='up'/>"))

    def usb(self, bus: int, number: int, *, product: int, vendor: int, parent: str = "usb_usb1") -> str:
        """Add a USB device; return its name."""
        name = f"usb_{bus}_{number}"
        return self.add(
            f"<device><name>{name}</name><path>/sys/bus/usb/devices/{bus}-{number}</path>"
            f"<devnode type='dev'>/dev/bus/usb/{bus:03}/{number:03}</devnode><parent>{parent}</parent>"
            f"<driver><name>usb</name></driver><capability type='usb_device'><bus>{bus}</bus>"
            f"<device>{number}</device><product id='0x{product:04x}'/><vendor id='0x{vendor:04x}'/>"
            "</capability></device>"
        )

    def fibre_channel(self, number: int, wwnn: str, wwpn: str, *, ports: int = 127) -> str:
        """Add a fibre channel adapter that can hold so many virtual ones; return its name."""
        address = f"0000:af:00.{number % 8:x}"
        parent = self.add(pci_xml(address, _FC, "lpfc", product=0xE300, vendor=0x10DF))
        return self.add(
            f"<device><name>scsi_host{number}</name><path>/sys/class/scsi_host/host{number}</path>"
            f"<parent>{parent}</parent><capability type='scsi_host'><host>{number}</host>"
            f"<unique_id>{number}</unique_id><capability type='fc_host'><wwnn>{wwnn}</wwnn>"
            f"<wwpn>{wwpn}</wwpn><fabric_wwn>2001000dec9877c1</fabric_wwn></capability>"
            f"<capability type='vport_ops'><max_vports>{ports}</max_vports><vports>0</vports></capability>"
            "</capability></device>"
        )

    def names(self) -> list[str]:
        """Return the names of all devices."""
        with self._host as session:
            return [each.key for each in devices(session, self._host)]


def _function(address: str, number: int) -> str:
    """Return the address of a device's virtual function: eight to a slot, after the device itself."""
    head, slot = address.rsplit(":", 1)
    base = int(slot.split(".")[0], 16) * 8 + int(slot.split(".")[1], 16) + number
    return f"{head}:{base // 8:02x}.{base % 8:x}"


def _mdev_types(types: Mapping[str, int]) -> str:
    inner = "".join(
        f"<type id='{name}'><deviceAPI>vfio-pci</deviceAPI>"
        f"<availableInstances>{count}</availableInstances></type>"
        for name, count in types.items()
    )
    return f"<capability type='mdev_types'>{inner}</capability>"


__all__ = ["Devices", "pci_name"]
