"""Elements that occur in many places of libvirt's documents."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, OnOff, Text, YesNo
from virtkit.model.views import OrderedView, View


class EnumValue(OrderedView):
    """One word that something may be."""

    TAG = "value"
    text = Text(".")


class Enum(OrderedView):
    """The words that something may be."""

    TAG = "enum"
    KEEP = True
    name = Text("@name")
    values = Children(EnumValue)


class Describing(OrderedView):
    """What has the words that something may be."""

    KEEP = True
    enums: Children[Enum]

    def enum(self, name: str) -> list[str]:
        """The words that *name* may be; none if nothing is said of it."""
        return [each.text or "" for enum in self.enums if enum.name == name for each in enum.values]


class Enumerated(Describing):
    """Something that capabilities describe by the words that it may be."""

    supported = YesNo("@supported")
    enums = Children(Enum)


class Owner(OrderedView):
    """The domain that something belongs to."""

    TAG = "owner"
    name = Text("name")
    uuid = Text("uuid")


class Zpci(View):
    """The ids of a PCI device on s390."""

    TAG = "zpci"
    uid = Integer("@uid")
    fid = Integer("@fid")


class PciAddress(View):
    """Where a PCI device is."""

    TAG = "address"
    type = Choice[Literal["pci"]]("@type")
    domain = Integer("@domain")
    bus = Integer("@bus")
    slot = Integer("@slot")
    function = Integer("@function")
    multifunction = OnOff("@multifunction")


class Address(View):
    """Where the guest sees a device; which fields count depends on ``type``."""

    TAG = "address"
    type = Choice[
        Literal[
            "pci",
            "drive",
            "virtio-serial",
            "ccid",
            "usb",
            "spapr-vio",
            "virtio-s390",
            "ccw",
            "virtio-mmio",
            "isa",
            "dimm",
            "unassigned",
            "mdev",
        ]
    ]("@type")
    domain = Integer("@domain")
    bus = Integer("@bus")
    slot = Integer("@slot")
    function = Integer("@function")
    multifunction = OnOff("@multifunction")
    controller = Integer("@controller")
    target = Integer("@target")
    unit = Integer("@unit")
    port = Text("@port")
    device = Integer("@device")
    uuid = Text("@uuid")
    reg = Integer("@reg")
    cssid = Integer("@cssid")
    ssid = Integer("@ssid")
    devno = Integer("@devno")
    iobase = Integer("@iobase")
    irq = Integer("@irq")
    base = Integer("@base")
    zpci = Child(Zpci)


class SecurityLabel(View):
    """How a security driver labels a domain, or one of its files."""

    TAG = "seclabel"
    KEEP = True
    type = Choice[Literal["dynamic", "static", "none"]]("@type")
    model = Text("@model")
    relabel = YesNo("@relabel")
    labelskip = YesNo("@labelskip")
    label = Text("label")
    imagelabel = Text("imagelabel")
    baselabel = Text("baselabel")


class Device(View):
    """What every device has."""

    KEEP = True
    alias = Text("alias/@name")
    address = Child(Address)
    acpi_index = Integer("acpi/@index")
    acpi_nodeset = Text("acpi/@nodeset")


class Bootable(Device):
    """A device that the firmware may boot from."""

    boot_order = Integer("boot/@order")
    boot_loadparm = Text("boot/@loadparm")


class VirtioOptions(View):
    """What the ``<driver>`` of each virtio device takes."""

    TAG = "driver"
    iommu = OnOff("@iommu")
    ats = OnOff("@ats")
    packed = OnOff("@packed")
    page_per_vq = OnOff("@page_per_vq")


class ThreadQueue(View):
    """One queue that an I/O thread serves."""

    TAG = "queue"
    id = Integer("@id")


class DriverThread(View):
    """One I/O thread that serves a device."""

    TAG = "iothread"
    id = Integer("@id")
    queues = Children(ThreadQueue)


class DriverThreads(View):
    """The I/O threads that serve a device."""

    TAG = "iothreads"
    iothreads = Children(DriverThread)


class Limit(View):
    """A limit of bandwidth: KiB a second on average and at peak, KiB of one burst."""

    average = Integer("@average")
    peak = Integer("@peak")
    burst = Integer("@burst")
    floor = Integer("@floor")


class Bandwidth(View):
    """Limits of what a guest receives and sends."""

    TAG = "bandwidth"
    class_id = Integer("@classID")
    inbound = Child(Limit, "inbound")
    outbound = Child(Limit, "outbound")


class VlanTag(View):
    """One VLAN of an interface."""

    TAG = "tag"
    id = Integer("@id")
    native_mode = Choice[Literal["tagged", "untagged"]]("@nativeMode")


class Vlan(View):
    """The VLANs of an interface."""

    TAG = "vlan"
    trunk = YesNo("@trunk")
    tags = Children(VlanTag)


class VirtualPort(View):
    """The port of a virtual switch."""

    TAG = "virtualport"
    type = Choice[Literal["802.1Qbg", "802.1Qbh", "openvswitch", "midonet"]]("@type")
    managerid = Integer("parameters/@managerid")
    typeid = Integer("parameters/@typeid")
    typeidversion = Integer("parameters/@typeidversion")
    instanceid = Text("parameters/@instanceid")
    interfaceid = Text("parameters/@interfaceid")
    profileid = Text("parameters/@profileid")


class Reconnect(View):
    """Whether a lost connection is made again, and after how many seconds."""

    TAG = "reconnect"
    enabled = YesNo("@enabled")
    timeout = Integer("@timeout")
    delay = Integer("@delay")


class GuestIp(View):
    """An address that a guest's interface is given (containers)."""

    TAG = "ip"
    address = Text("@address")
    family = Choice[Literal["ipv4", "ipv6"]]("@family")
    prefix = Integer("@prefix")
    peer = Text("@peer")


class Route(View):
    """A route that a guest's interface is given (containers)."""

    TAG = "route"
    family = Choice[Literal["ipv4", "ipv6"]]("@family")
    address = Text("@address")
    netmask = Text("@netmask")
    prefix = Integer("@prefix")
    gateway = Text("@gateway")
    metric = Integer("@metric")


class Rom(View):
    """The option ROM of a PCI device."""

    TAG = "rom"
    bar = OnOff("@bar")
    file = Text("@file")
    enabled = YesNo("@enabled")


class Teaming(View):
    """Two interfaces that the guest uses as one: a fast one, and one to migrate with."""

    TAG = "teaming"
    type = Choice[Literal["persistent", "transient"]]("@type")
    persistent = Text("@persistent")


class CharacterSource(View):
    """Where the host's end of a character device is; which fields count depends on the device's ``type``."""

    TAG = "source"
    path = Text("@path")
    mode = Choice[Literal["bind", "connect"]]("@mode")
    host = Text("@host")
    service = Text("@service")
    channel = Text("@channel")
    master = Text("@master")
    slave = Text("@slave")
    append = OnOff("@append")
    tls = YesNo("@tls")
    clipboard_copypaste = YesNo("clipboard/@copypaste")
    mouse_mode = Choice[Literal["server", "client"]]("mouse/@mode")
    reconnect = Child(Reconnect)
    seclabels = Children(SecurityLabel)


CharacterType = Literal[
    "dev",
    "file",
    "pipe",
    "unix",
    "tcp",
    "udp",
    "null",
    "stdio",
    "vc",
    "pty",
    "spicevmc",
    "spiceport",
    "nmdm",
    "qemu-vdagent",
    "dbus",
]


class CharacterDevice(Device):
    """What serial ports, consoles and channels have in common."""

    type = Choice[CharacterType]("@type")
    tty = Text("@tty")
    source = Child(CharacterSource)
    sources = Children(CharacterSource)
    protocol = Choice[Literal["raw", "telnet", "telnets", "tls"]]("protocol/@type")
    log_file = Text("log/@file")
    log_append = OnOff("log/@append")


class SecretReference(View):
    """A secret that libvirt keeps, by its UUID or by what it is for."""

    TAG = "secret"
    type = Choice[Literal["iscsi", "ceph", "passphrase", "volume"]]("@type")
    uuid = Text("@uuid")
    usage = Text("@usage")


class Authentication(View):
    """Who logs in to a storage server."""

    TAG = "auth"
    username = Text("@username")
    type = Choice[Literal["iscsi", "ceph", "chap"]]("@type")
    secret = Child(SecretReference)


class Host(View):
    """A storage server."""

    TAG = "host"
    name = Text("@name")
    port = Text("@port")
    transport = Choice[Literal["tcp", "rdma", "unix", "vsock"]]("@transport")
    socket = Text("@socket")


class Cipher(View):
    """How a disk is encrypted."""

    TAG = "cipher"
    name = Text("@name")
    size = Integer("@size")
    mode = Text("@mode")
    hash = Text("@hash")


class IvGen(View):
    """How the initialization vectors of an encryption are made."""

    TAG = "ivgen"
    name = Text("@name")
    hash = Text("@hash")


class Encryption(View):
    """An encrypted disk."""

    TAG = "encryption"
    format = Choice[Literal["default", "qcow", "luks", "luks2", "luks-any"]]("@format")
    engine = Choice[Literal["qemu", "librbd"]]("@engine")
    secrets = Children(SecretReference)
    cipher = Child(Cipher)
    ivgen = Child(IvGen)


class ParentAddress(View):
    """The PCI device that a SCSI adapter is."""

    TAG = "parentaddr"
    unique_id = Integer("@unique_id")
    address = Child(Address)


class Adapter(View):
    """A SCSI adapter of the host, by its name or by what it is."""

    TAG = "adapter"
    name = Text("@name")
    type = Choice[Literal["scsi_host", "fc_host"]]("@type")
    managed = YesNo("@managed")
    parent = Text("@parent")
    parent_wwnn = Text("@parent_wwnn")
    parent_wwpn = Text("@parent_wwpn")
    parent_fabric_wwn = Text("@parent_fabric_wwn")
    wwnn = Text("@wwnn")
    wwpn = Text("@wwpn")
    parentaddr = Child(ParentAddress)


class MacAddress(View):
    """A MAC address."""

    TAG = "mac"
    address = Text("@address")


class FilterParameter(View):
    """A variable of a network filter."""

    TAG = "parameter"
    name = Text("@name")
    value = Text("@value")


class FilterRef(View):
    """The network filter of an interface."""

    TAG = "filterref"
    filter = Text("@filter")
    parameters = Children(FilterParameter)


class IdRange(View):
    """Which ids of the host a container's ids are."""

    start = Integer("@start")
    target = Integer("@target")
    count = Integer("@count")


class IdMap(View):
    """Which of the host's users and groups a guest's are."""

    TAG = "idmap"
    uids = Children(IdRange, "uid")
    gids = Children(IdRange, "gid")
