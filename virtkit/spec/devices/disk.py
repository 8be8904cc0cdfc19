"""Disks: files, block devices, volumes and network images, as disk, cdrom, floppy or lun."""

import re
from collections.abc import Iterator
from posixpath import splitext
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import MACHINE, Surroundings
from virtkit.spec.values import Line, Name, Natural, OneOrMore, Port, Positive, Size, Uuid, Word, matching

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
DiskSerial = Annotated[
    Line,
    AfterValidator(matching(r"[A-Za-z0-9_.+ -]+", "a serial number of letters, digits, blanks and _ . + -")),
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

_BUS_OF_TARGET: tuple[DiskBus, ...] = ("virtio", "scsi", "ide", "fdc", "xen")
_BLOCKS = frozenset({"nbd", "iscsi", "rbd", "sheepdog", "vxhs"})
"""Protocols whose images are block devices."""
_ONE_HOST = frozenset({"http", "https", "ftp", "ftps", "iscsi", "nfs", "ssh", "nbd", "vxhs"})
_ONLY_ON = {
    ("model", "queues"): ("virtio",),
    ("iothread",): ("virtio", "scsi"),
    ("vendor", "product"): ("scsi",),
    ("wwn", "rotation_rate"): ("scsi", "sata", "ide"),
    ("removable",): ("usb",),
}
"""Keys that mean something on some buses only."""

_OF_THE_DRIVER = (
    "format", "cache", "error_policy", "rerror_policy", "io", "copy_on_read", "discard", "iothread",
    "detect_zeroes", "queues",
)  # fmt: skip
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

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        unix = self.transport == "unix"
        if unix != (self.socket is not None) or unix == (self.name is not None):
            yield "name", "give a name, or transport: unix and a socket"

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

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if (self.uuid is None) == (self.usage is None):
            yield "usage", "give the secret's usage, or its uuid"


class EncryptionSpec(Part):
    """How an image is encrypted, and the libvirt secret with its passphrase."""

    format: Literal["luks", "luks2", "qcow"] = "luks"
    """The kind of encryption."""
    engine: Literal["qemu", "librbd"] | None = None
    """Who decrypts; qemu if none."""
    uuid: Uuid | None = None
    """The secret by its UUID."""
    usage: Line | None = None
    """The secret by its usage."""

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if (self.uuid is None) == (self.usage is None):
            yield "usage", "give the secret's usage, or its uuid"


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

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        for kind in ("bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"):
            single = [
                f"{way}_{kind}" for way in ("read", "write") if getattr(self, f"{way}_{kind}") is not None
            ]
            if single and getattr(self, f"total_{kind}") is not None:
                yield f"total_{kind}", f"there is a {single[0]} too: give the total, or reads and writes"


class DiskSpec(Device):
    """A disk, CD-ROM, floppy or LUN: https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms.

    A bare string is its source: a path, or a URL such as ``https://example.org/debian.iso``.
    """

    short: ClassVar[str | None] = "source"

    type: DiskType | None = None
    """What the source is. Without it: what the other keys say; a source in /dev is a block device."""
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
    encryption: EncryptionSpec | None = None
    """How the image is encrypted."""
    startup_policy: Literal["mandatory", "requisite", "optional"] | None = None
    """What happens when a CD-ROM's or floppy's source is missing at start."""
    bus: DiskBus | None = None
    """How the guest sees it. Without it: virtio for disks, sata for CD-ROMs, or what the machine has."""
    target: Target | None = None
    """Its name for libvirt: vda, sdb ... Without it: the first free one of the bus."""
    format: DiskFormat | None = None
    """Without it: what the name's suffix tells (.qcow2, .img, .raw, .iso ...), raw for block devices.
    A name that tells nothing is refused: a wrong guess destroys data."""
    driver: Line | None = None
    """The name of the host's backend; without it qemu where that is the hypervisor's."""
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """More of libvirt's attributes of the driver: {event_idx: "on", iommu: "on"}."""
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
    serial: DiskSerial | None = None
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
    readonly: bool | None = None
    """Whether the guest cannot write. Without a word: on for CD-ROMs."""
    shareable: bool = False
    """Several running domains use it."""
    transient: bool = False
    """Writes are thrown away when the domain stops."""
    snapshot: Literal["internal", "external", "no"] | None = None
    """How snapshots treat it."""
    removable: bool | None = None
    """Whether a USB disk says it can be removed."""
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
        """A URL as source is a protocol, a host and a name; a bare ``.iso`` is in a CD-ROM drive."""
        iso = isinstance(value, str) and value.partition("?")[0].endswith(".iso")
        value = super().expand(value) | {"device": "cdrom"} if iso else super().expand(value)
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

    @property
    def origin(self) -> DiskType:
        """What the source is: as stated, or as the other keys tell."""
        if self.type is not None:
            return self.type
        if self.protocol is not None:
            return "network"
        if self.pool is not None or self.volume is not None:
            return "volume"
        return "block" if self.source is not None and self.source.startswith("/dev/") else "file"

    def complete(self, around: Surroundings) -> Self:
        """Return a copy with type, bus, format and driver as the machine *around* has them."""
        bus = self.bus or self._bus(around)
        changes: dict[str, Any] = {"type": self.origin, "bus": bus}
        if self.readonly is None and self.device == "cdrom" and not around.bare:
            changes["readonly"] = True
        if around.disk_driver is not None:
            changes["format"] = self.known_format
            changes["driver"] = self.driver or around.disk_driver
        if self.target is None and around is MACHINE:
            changes["target"] = PREFIXES[bus or "virtio"] + "a"
        return self.filled(changes)

    def _bus(self, around: Surroundings) -> str | None:
        usual = around.disk_bus(self.device)
        if around.bare:
            return None
        if self.target is None or (usual is not None and self.target.startswith(PREFIXES[usual])):
            return usual
        return next((bus for bus in _BUS_OF_TARGET if self.target.startswith(PREFIXES[bus])), usual)

    @property
    def driver_stated(self) -> bool:
        """Whether there is anything to say about the host's backend but its name."""
        return bool(self.driver_options) or any(getattr(self, name) is not None for name in _OF_THE_DRIVER)

    @property
    def known_format(self) -> DiskFormat | None:
        """The format: as stated, or as the name and the kind of source tell; None if nothing tells it."""
        if self.format is not None:
            return self.format
        origin = self.origin
        if self.device in {"cdrom", "floppy"} or origin == "block" or self.protocol in _BLOCKS:
            return "raw"
        if origin == "dir":
            return "fat"
        name = self.source or self.volume or self.name
        return SUFFIXES.get(splitext(name)[1].lower()) if name is not None else None

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        yield from self._source_rules()
        bus = self.bus or (None if self.target is None else self._bus(MACHINE))
        if self.device == "cdrom" and bus == "virtio":
            yield "bus", "a CD-ROM cannot be on virtio: use sata, scsi, ide or usb"
        if self.device == "lun" and self.origin == "file":
            yield (
                "device",
                "a lun passes SCSI commands on: it needs a block device, a network disk or a volume",
            )
        for names, buses in _ONLY_ON.items():
            for name in names:
                if getattr(self, name) is not None and bus is not None and bus not in buses:
                    yield name, f"only disks on {' or '.join(buses)} have it, and this one is on {bus}"

    def _source_rules(self) -> Iterator[tuple[str, str]]:
        if self.source is not None and not self.source.startswith(("/", "[")):
            yield "source", f"{self.source!r} is not an absolute path: it must start with '/'"
        stated = [name for name in ("source", "pool", "protocol") if getattr(self, name) is not None]
        if len(stated) > 1:
            yield stated[1], f"the disk has a {stated[0]} too: give one of them"
        for name, other in (("pool", "volume"), ("volume", "pool")):
            if getattr(self, name) is not None and getattr(self, other) is None:
                yield other, f"is required with {name}"
        wanted = {"network": "protocol", "volume": "pool"}.get(self.origin, "source")
        empty = wanted == "source" and self.device in {"cdrom", "floppy"}
        if not stated and not empty and self.volume is None:
            yield wanted, "is required" if self.type is None else f"is required for type {self.type}"
        elif len(stated) == 1 and stated[0] != wanted:
            yield "type", f"{self.type} does not go with {stated[0]}: leave type out"
        yield from self._network_rules()

    def _network_rules(self) -> Iterator[tuple[str, str]]:
        if self.protocol is None:
            for name in ("name", "query", "hosts", "auth"):
                if getattr(self, name):
                    yield name, "only network disks have it: set protocol"
            return
        if self.protocol != "nbd" and self.name is None:
            yield "name", f"is required for {self.protocol}: the image's name there"
        if self.protocol in _ONE_HOST and len(self.hosts) != 1:
            yield "hosts", f"{self.protocol} needs one host, not {len(self.hosts)}"
        if self.protocol == "gluster" and not self.hosts:
            yield "hosts", "gluster needs a host"
        if self.query is not None and self.protocol not in {"http", "https"}:
            yield "query", f"only http and https have it, and this is {self.protocol}"
        if self.auth is not None and self.protocol not in {"rbd", "iscsi"}:
            yield "auth", f"only rbd and iscsi have it, and this is {self.protocol}"
