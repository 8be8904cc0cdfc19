"""The document of a device of the host."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, Text
from virtkit.model.shared import PciAddress
from virtkit.model.values import NumberOrWord, Real, ZeroOne
from virtkit.model.views import OrderedView


class DeviceNode(OrderedView):
    """A file below ``/dev`` that is the device, or a link to it."""

    TAG = "devnode"
    type = Choice[Literal["dev", "link"]]("@type")
    path = Text(".")


class ParentDevice(OrderedView):
    """The device that this one is a part of, by its name or what identifies it."""

    TAG = "parent"
    name = Text(".")
    wwnn = Text("@wwnn")
    wwpn = Text("@wwpn")
    fabric_wwn = Text("@fabric_wwn")


class Identified(OrderedView):
    """A vendor or product: its number, and its name."""

    id = Integer("@id")
    name = Text(".")


class CapabilityType(OrderedView):
    """What kind of device it is: of a mediated device its ``id``, of others a word."""

    TAG = "type"
    id = Text("@id")
    value = Text(".")


class MediatedType(OrderedView):
    """A type of mediated devices that can be made."""

    TAG = "type"
    id = Text("@id")
    name = Text("name")
    device_api = Choice[Literal["vfio-pci", "vfio-ccw", "vfio-ap"]]("deviceAPI")
    available_instances = Integer("availableInstances")


class VpdField(OrderedView):
    """A field of vital product data that has a number or letter."""

    index = Text("@index")
    value = Text(".")


class VpdFields(OrderedView):
    """Vital product data: what a PCI device says of itself."""

    TAG = "fields"
    access = Choice[Literal["readonly", "readwrite"]]("@access")
    change_level = Text("change_level")
    manufacture_id = Text("manufacture_id")
    part_number = Text("part_number")
    serial_number = Text("serial_number")
    asset_tag = Text("asset_tag")
    vendor_fields = Children(VpdField, "vendor_field")
    system_fields = Children(VpdField, "system_field")


class ChannelAddress(OrderedView):
    """Where a channel's device is on s390."""

    TAG = "channel_dev_addr"
    cssid = Integer("cssid")
    ssid = Integer("ssid")
    devno = Integer("devno")


class SubCapability(OrderedView):
    """What a device can do besides; which fields count depends on its ``type``."""

    TAG = "capability"
    KEEP = True
    type = Choice[
        Literal[
            "80203",
            "80211",
            "pci-bridge",
            "cardbus-bridge",
            "phys_function",
            "virt_functions",
            "mdev_types",
            "vpd",
            "fc_host",
            "vport_ops",
            "fc_remote_port",
            "hotpluggable",
            "removable",
            "ccwgroup_member",
            "qeth_generic",
            "qeth_layer2",
            "qeth_layer3",
        ]
    ]("@type")
    max_count = Integer("@maxCount")
    name = Text("name")
    addresses = Children(PciAddress)
    types = Children(MediatedType)
    fields = Children(VpdFields)
    rport = Text("rport")
    wwnn = Text("wwnn")
    wwpn = Text("wwpn")
    fabric_wwn = Text("fabric_wwn")
    max_vports = Integer("max_vports")
    vports = Integer("vports")
    media_available = ZeroOne("media_available")
    media_size = Integer("media_size")
    media_label = Text("media_label")
    logical_block_size = Integer("logical_block_size")
    num_blocks = Integer("num_blocks")
    group_device = Text("group_device")
    card_type = Text("card_type")
    chpid = Text("chpid")
    channel_device = Child(ChannelAddress)


class SystemHardware(OrderedView):
    """What the host is."""

    TAG = "hardware"
    vendor = Text("vendor")
    version = Text("version")
    serial = Text("serial")
    uuid = Text("uuid")


class SystemFirmware(OrderedView):
    """What the host boots with."""

    TAG = "firmware"
    vendor = Text("vendor")
    version = Text("version")
    release_date = Text("release_date")


class IommuGroup(OrderedView):
    """The devices that only together can be given away."""

    TAG = "iommuGroup"
    number = Integer("@number")
    addresses = Children(PciAddress)


class PciLink(OrderedView):
    """How fast a PCI Express device is, or could be: GT/s and lanes."""

    TAG = "link"
    validity = Choice[Literal["cap", "sta"]]("@validity")
    port = Integer("@port")
    speed = Real("@speed")
    width = Integer("@width")


class PciExpress(OrderedView):
    """The links of a PCI Express device."""

    TAG = "pci-express"
    KEEP = True
    links = Children(PciLink)


class NetFeature(OrderedView):
    """What a network card does by itself."""

    TAG = "feature"
    name = Text("@name")


class Attribute(OrderedView):
    """An attribute of a mediated device, in sysfs."""

    TAG = "attr"
    name = Text("@name")
    value = Text("@value")


class GroupMember(OrderedView):
    """A device of a channel group."""

    TAG = "ccw_device"
    ref = Text("@ref")
    address = Text(".")


class DeviceCapability(OrderedView):
    """What a device is; which fields count depends on its ``type``. Sizes are in bytes."""

    TAG = "capability"
    KEEP = True
    type = Choice[
        Literal[
            "system",
            "pci",
            "usb_device",
            "usb",
            "net",
            "scsi_host",
            "scsi_target",
            "scsi",
            "storage",
            "drm",
            "scsi_generic",
            "mdev",
            "ccw",
            "ccwgroup",
            "css",
            "vdpa",
            "ap_card",
            "ap_queue",
            "ap_matrix",
        ]
    ]("@type")
    state = Choice[Literal["online", "offline"]]("state")
    uuid = Text("uuid")
    parent_addr = Text("parent_addr")
    cssid = Integer("cssid")
    ssid = Integer("ssid")
    devno = Integer("devno")
    channel_device = Child(ChannelAddress)
    ap_adapter = Integer("ap-adapter")
    ap_domain = Integer("ap-domain")
    members = Children(GroupMember, "members/ccw_device")
    number = Integer("number")
    device_class = Integer("class")
    block = Text("block")
    char = Text("char")
    chardev = Text("chardev")
    domain = Integer("domain")
    host = Integer("host")
    unique_id = Integer("unique_id")
    bus = NumberOrWord("bus")
    slot = Integer("slot")
    function = Integer("function")
    device = Integer("device")
    target = NumberOrWord("target")
    lun = Integer("lun")
    subtype = Child(CapabilityType)
    device_subclass = Integer("subclass")
    protocol = Integer("protocol")
    description = Text("description")
    interface = Text("interface")
    address = Text("address")
    link_speed = Integer("link/@speed")
    link_state = Choice[
        Literal["unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"]
    ]("link/@state")
    features = Children(NetFeature)
    drive_type = Text("drive_type")
    model = Text("model")
    product = Child(Identified, "product")
    vendor = Child(Identified, "vendor")
    hardware = Child(SystemHardware)
    firmware = Child(SystemFirmware)
    serial = Text("serial")
    size = Integer("size")
    logical_block_size = Integer("logical_block_size")
    num_blocks = Integer("num_blocks")
    capabilities = Children(SubCapability)
    iommu_group = Child(IommuGroup)
    numa_node = Integer("numa/@node")
    pci_express = Child(PciExpress)
    attributes = Children(Attribute)

    def capability(self, type: str) -> SubCapability:  # noqa: A002  libvirt's word
        """What the device can do besides, by its type.

        Raises:
            LookupError: it cannot.
        """
        for each in self.capabilities:
            if each.type == type:
                return each
        raise LookupError(f"there is no capability {type!r}")


class NodeDevice(OrderedView):
    """A device of the host: ``<device>``.

    ``virNodeDeviceGetXMLDesc`` gives it, ``virNodeDeviceCreateXML`` takes it.
    """

    TAG = "device"
    name = Text("name")
    path = Text("path")
    devnodes = Children(DeviceNode)
    parent = Child(ParentDevice)
    driver = Text("driver/name")
    capability = Child(DeviceCapability)
