"""Where the data of disks are: files, devices, servers; shared by disks, firmware variables and snapshots."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, OnOff, Size, Text, YesNo
from virtkit.model.shared import Address, Authentication, Encryption, Host, Reconnect, SecurityLabel
from virtkit.model.views import View

DiskType = Literal["file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa", "ctl"]
Format = Literal[
    "raw",
    "qcow2",
    "qed",
    "qcow",
    "vmdk",
    "vdi",
    "vhd",
    "vpc",
    "luks",
    "bochs",
    "cloop",
    "dmg",
    "iso",
    "fat",
    "cow",
    "ploop",
    "dir",
    "aio",
]


class Slice(View):
    """The part of an image that holds the disk."""

    TAG = "slice"
    type = Choice[Literal["storage"]]("@type")
    offset = Integer("@offset")
    size = Integer("@size")


class Slices(View):
    """The parts of an image."""

    TAG = "slices"
    slices = Children(Slice)


class Cookie(View):
    """A cookie for an HTTP server."""

    TAG = "cookie"
    name = Text("@name")
    value = Text(".")


class Cookies(View):
    """Cookies for an HTTP server."""

    TAG = "cookies"
    cookies = Children(Cookie)


class ReservationSource(View):
    """Where the helper for persistent reservations listens."""

    TAG = "source"
    type = Choice[Literal["unix"]]("@type")
    path = Text("@path")
    mode = Choice[Literal["client", "server"]]("@mode")
    reconnect = Child(Reconnect)


class Reservations(View):
    """SCSI persistent reservations."""

    TAG = "reservations"
    managed = YesNo("@managed")
    source = Child(ReservationSource)


class PrivateData(View):
    """What libvirt keeps for itself in its own files; no document that it gives or takes has it."""

    TAG = "privateData"
    KEEP = True


class StorageSource(View):
    """Where the data of a disk are; which fields count depends on the disk's ``type``."""

    TAG = "source"
    file = Text("@file")
    dev = Text("@dev")
    dir = Text("@dir")
    protocol = Choice[
        Literal[
            "nbd",
            "iscsi",
            "rbd",
            "sheepdog",
            "gluster",
            "vxhs",
            "http",
            "https",
            "ftp",
            "ftps",
            "tftp",
            "nfs",
            "ssh",
        ]
    ]("@protocol")
    name = Text("@name")
    query = Text("@query")
    pool = Text("@pool")
    volume = Text("@volume")
    mode = Choice[Literal["host", "direct"]]("@mode")
    type = Choice[Literal["unix", "dir", "pci", "vhostuser"]]("@type")
    path = Text("@path")
    managed = YesNo("@managed")
    namespace = Integer("@namespace")
    startup_policy = Choice[Literal["mandatory", "requisite", "optional"]]("@startupPolicy")
    index = Integer("@index")
    tls = YesNo("@tls")
    tls_hostname = Text("@tlsHostname")
    append = OnOff("@append")
    fdgroup = Text("@fdgroup")
    reconnect = Child(Reconnect)
    hosts = Children(Host)
    snapshot = Text("snapshot/@name")
    config = Text("config/@file")
    auth = Child(Authentication)
    encryption = Child(Encryption)
    initiator = Text("initiator/iqn/@name")
    user = Text("identity/@user")
    group = Text("identity/@group")
    username = Text("identity/@username")
    keyfile = Text("identity/@keyfile")
    agentsock = Text("identity/@agentsock")
    known_hosts = Text("knownHosts/@path")
    address = Child(Address)
    reservations = Child(Reservations)
    slices = Child(Slices)
    ssl_verify = YesNo("ssl/@verify")
    cookies = Child(Cookies)
    readahead = Integer("readahead/@size")
    timeout = Integer("timeout/@seconds")
    seclabels = Children(SecurityLabel)
    data_store: Child[DataStore]
    private_data = Child(PrivateData)


class MetadataCache(View):
    """How much of an image's metadata QEMU keeps in memory."""

    TAG = "metadata_cache"
    max_size = Size("max_size", "bytes")


class DiskFormat(View):
    """The format of an image that another is laid on."""

    TAG = "format"
    type = Choice[Format]("@type")
    metadata_cache = Child(MetadataCache)


class DataStore(View):
    """The raw data of an image that keeps only its metadata itself."""

    TAG = "dataStore"
    type = Choice[DiskType]("@type")
    format = Child(DiskFormat)
    source = Child(StorageSource)


StorageSource.data_store = Child(DataStore)
