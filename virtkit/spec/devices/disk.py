"""Disks: files, block devices, volumes and network images, as disk, cdrom, floppy or lun."""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.devices.base import Device
from virtkit.spec.types import Line, Name, Natural, OneOrMore, Port, Positive, Size, Uuid, matching

DiskType = Literal["file", "block", "dir", "network", "volume"]
DiskBus = Literal["virtio", "sata", "scsi", "ide", "usb", "fdc", "xen", "sd"]
DiskFormat = Literal[
    "raw",
    "qcow2",
    "qcow",
    "qed",
    "vmdk",
    "vdi",
    "vpc",
    "vhd",
    "luks",
    "cow",
    "cloop",
    "bochs",
    "dmg",
    "iso",
    "dir",
    "fat",
]
Protocol = Literal[
    "nbd", "iscsi", "rbd", "gluster", "http", "https", "ftp", "ftps", "nfs", "ssh", "sheepdog", "vxhs"
]
Target = Annotated[
    Line,
    AfterValidator(
        matching(
            r"(ioemu:)?(fd|hd|sd|vd|xvd|ubd)[a-zA-Z0-9_]+",
            "a disk target such as 'vda', 'sdb', 'hdc', 'xvda'",
        )
    ),
]

SUFFIXES: dict[str, DiskFormat] = {
    ".qcow2": "qcow2", ".img": "raw", ".raw": "raw", ".iso": "raw", ".vmdk": "vmdk", ".vdi": "vdi",
    ".vpc": "vpc", ".vhd": "vpc", ".qed": "qed", ".qcow": "qcow",
}  # fmt: skip
"""The format that a file's name tells. Any other name tells nothing: then the format must be stated."""

PREFIXES = {
    "virtio": "vd",
    "sata": "sd",
    "scsi": "sd",
    "usb": "sd",
    "ide": "hd",
    "fdc": "fd",
    "xen": "xvd",
    "sd": "sd",
}
"""How target names begin, by bus."""

_URL = re.compile(
    r"(?P<protocol>[a-z]+)://(?P<host>\[[^]]+\]|[^/:?]*)(?::(?P<port>\d+))?(?:/(?P<name>[^?]*))?(?:\?(?P<query>.*))?"
)


class HostSpec(Part):
    """A server of a network disk."""

    short: ClassVar[str | None] = "name"

    name: Line | None = None
    """Its name or address."""
    port: Port | None = None
    """Its TCP port; libvirt's default for the protocol if none."""
    transport: Literal["tcp", "rdma", "unix"] | None = None
    """How it is reached; tcp if none."""
    socket: Line | None = None
    """The path of its socket, with transport unix."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """``example.org:10809`` is a name and a port."""
        match = re.fullmatch(r"([^:]+|\[[^]]+\]):(\d+)", value) if isinstance(value, str) else None
        return {"name": match[1].strip("[]"), "port": match[2]} if match else super().expand(value)


class AuthSpec(Part):
    """Who opens a network disk, and the libvirt secret with the key."""

    username: Line
    """The user's name."""
    type: Literal["ceph", "iscsi"]
    """What the secret is for."""
    uuid: Uuid | None = None
    """The secret by its UUID."""
    usage: Line | None = None
    """The secret by its usage."""


class IotuneSpec(Part):
    """Limits of a disk's traffic, in bytes or operations a second."""

    total_bytes_sec: Size | None = None
    """Reads and writes together."""
    read_bytes_sec: Size | None = None
    """Reads."""
    write_bytes_sec: Size | None = None
    """Writes."""
    total_iops_sec: Natural | None = None
    """Operations, reads and writes together."""
    read_iops_sec: Natural | None = None
    """Read operations."""
    write_iops_sec: Natural | None = None
    """Write operations."""
    total_bytes_sec_max: Size | None = None
    """A burst of reads and writes together."""
    read_bytes_sec_max: Size | None = None
    """A burst of reads."""
    write_bytes_sec_max: Size | None = None
    """A burst of writes."""
    total_iops_sec_max: Natural | None = None
    """A burst of operations."""
    read_iops_sec_max: Natural | None = None
    """A burst of read operations."""
    write_iops_sec_max: Natural | None = None
    """A burst of write operations."""
    size_iops_sec: Natural | None = None
    """Bytes that count as one operation."""
    group_name: Line | None = None
    """Disks of one group share the limits."""


class DiskSpec(Device):
    """A disk, CD-ROM, floppy or LUN: https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms.

    A bare string is its source: a path, or a URL such as ``https://example.org/debian.iso``.
    """

    short: ClassVar[str | None] = "source"

    type: DiskType | None = None
    """What the source is. Without it: what the other keys say (pool: volume, protocol: network, /dev/...: block)."""
    device: Literal["disk", "cdrom", "floppy", "lun"] = "disk"
    """What the guest sees."""
    source: Line | None = None
    """An absolute path (or '[datastore] path' on ESX); none is an empty drive."""
    pool: Name | None = None
    """The storage pool that holds the volume."""
    volume: Line | None = None
    """The volume's name in the pool."""
    protocol: Protocol | None = None
    """How a network disk is reached."""
    name: Line | None = None
    """The image's name at the network's other side: an export, 'pool/image', an IQN, or a path."""
    query: Line | None = None
    """What follows the '?' of a network disk's URL."""
    hosts: Annotated[list[HostSpec], OneOrMore] = Field(default_factory=list)
    """The servers of a network disk: 'example.org:10809' or mappings."""
    auth: AuthSpec | None = None
    """Who opens a network disk."""
    startup_policy: Literal["mandatory", "requisite", "optional"] | None = None
    """What happens when a CD-ROM's or floppy's source is missing at start."""
    bus: DiskBus | None = None
    """How the guest sees it. Without it: virtio for disks where the machine has it, sata, ide or usb for CD-ROMs."""
    target: Target | None = None
    """Its name for libvirt: vda, sdb ... Without it: the first free one of the bus."""
    format: DiskFormat | None = None
    """Without it: what the name's suffix tells (.qcow2, .img, .raw, .iso ...); raw for block devices; else it is asked for."""
    driver: Line | None = None
    """The name of the host's backend; without it qemu where that is the hypervisor's."""
    cache: Literal["default", "none", "writethrough", "writeback", "directsync", "unsafe"] | None = None
    """How the host caches."""
    io: Literal["threads", "native", "io_uring"] | None = None
    """How the host does I/O."""
    discard: Literal["unmap", "ignore"] | None = None
    """Whether the guest's trim requests free space in the image."""
    detect_zeroes: Literal["off", "on", "unmap"] | None = None
    """Whether blocks of zeroes are stored."""
    error_policy: Literal["stop", "report", "ignore", "enospace"] | None = None
    """What happens when a write fails on the host."""
    rerror_policy: Literal["stop", "report", "ignore"] | None = None
    """What happens when a read fails on the host."""
    copy_on_read: bool | None = None
    """Whether blocks read from the backing image are copied into the image."""
    iothread: Positive | None = None
    """The I/O thread (domain's iothreads) that serves it."""
    queues: Positive | None = None
    """Number of virtio queues."""
    model: Literal["virtio", "virtio-transitional", "virtio-non-transitional"] | None = None
    """Which virtio a virtio disk speaks."""
    serial: Line | None = None
    """The serial number that the guest sees."""
    wwn: (
        Annotated[
            str, AfterValidator(matching(r"(0x)?[0-9a-fA-F]{16}", "a WWN of 16 hex digits (in quotes)"))
        ]
        | None
    ) = None
    """The World Wide Name that the guest sees."""
    vendor: Annotated[Line, Field(max_length=8)] | None = None
    """The vendor that the guest sees; SCSI only."""
    product: Annotated[Line, Field(max_length=16)] | None = None
    """The product that the guest sees; SCSI only."""
    readonly: bool = False
    """The guest cannot write. CD-ROMs always are."""
    shareable: bool = False
    """Several running domains use it."""
    transient: bool = False
    """Writes are thrown away when the domain stops."""
    snapshot: Literal["internal", "external", "no"] | None = None
    """How snapshots treat it."""
    sgio: Literal["filtered", "unfiltered"] | None = None
    """Which SCSI commands of a lun reach the host."""
    removable: bool | None = None
    """Whether a USB or SCSI disk says it can be removed."""
    rotation_rate: Positive | None = None
    """1 for a solid-state disk, else turns a minute; sata, scsi and ide."""
    logical_block_size: Positive | None = None
    """The block size in bytes that the guest sees."""
    physical_block_size: Positive | None = None
    """The physical block size in bytes that the guest sees."""
    boot_order: Positive | None = None
    """Its place among the devices that are booted from; 1 is first."""
    iotune: IotuneSpec | None = None
    """Limits of its traffic."""

    @classmethod
    def expand(cls, value: Any) -> Any:
        """A URL as source is a protocol, a host and a name."""
        value = super().expand(value)
        source = value.get("source") if isinstance(value, dict) else None
        match = _URL.fullmatch(source) if isinstance(source, str) else None
        if match is None or match["protocol"] not in Protocol.__args__:  # type: ignore[attr-defined]
            return value
        host = {key: part for key in ("host", "port") if (part := match[key])}
        found = {"protocol": match["protocol"], "name": match["name"], "query": match["query"]}
        if host:
            found["hosts"] = [{"name": host.pop("host", "").strip("[]"), **host}]
        rest = {key: part for key, part in value.items() if key != "source"}
        return {key: part for key, part in found.items() if part} | rest
