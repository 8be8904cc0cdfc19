"""What libvirt's types of pools have and can do: one row a type."""

from __future__ import annotations

from dataclasses import dataclass

from virtkit.fake import constants as c

FILE, BLOCK, DIR, NETWORK, NETDIR = (
    c.VIR_STORAGE_VOL_FILE,
    c.VIR_STORAGE_VOL_BLOCK,
    c.VIR_STORAGE_VOL_DIR,
    c.VIR_STORAGE_VOL_NETWORK,
    c.VIR_STORAGE_VOL_NETDIR,
)
VOLUME_TYPES = ("file", "block", "dir", "network", "netdir", "ploop")
# of image files; "none" cannot be asked for
IMAGES = (
    "none", "raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "fat", "vhd", "ploop", "cow",
    "qcow", "qcow2", "qed", "vmdk",
)  # fmt: skip
_FILESYSTEMS = (
    "auto", "ext2", "ext3", "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2", "vfat", "hfs+", "xfs", "ocfs2",
    "vmfs",
)  # fmt: skip
_SHARES = ("auto", "nfs", "glusterfs", "cifs")
_LABELS = ("unknown", "dos", "dvh", "gpt", "mac", "bsd", "pc98", "sun", "lvm2")
_PARTITIONS = (
    "none", "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One type of pool.

    Attributes:
        name: as documents call it.
        source: what its source has: name, device, dir, host, adapter, network, iqn.
        formats: of its source, and which is the default.
        images: formats of its volumes, and which is the default.
        volumes: what its volumes are.
        does: the operations that libvirt has for it.
        options: the prefix of the namespace of its options, and the name of their element.
    """

    name: str
    source: frozenset[str]
    formats: tuple[str, ...] = ()
    default_format: str = ""
    images: tuple[str, ...] = ()
    default_image: str = ""
    volumes: int = BLOCK
    does: frozenset[str] = frozenset()
    options: tuple[str, str] | None = None

    @property
    def is_local(self) -> bool:
        """Whether its volumes are files in a folder."""
        return bool(self.volumes == FILE)

    @property
    def has_target(self) -> bool:
        """Whether its document has a target."""
        return self.name not in {"rbd", "sheepdog", "gluster", "iscsi-direct"}


_LOCAL = "build delete create-volume build-volume clone delete-volume resize upload download wipe"
_LUN = "upload download wipe"


def _kind(
    name: str,
    source: str,
    does: str,
    formats: tuple[str, ...] = (),
    default: str = "",
    images: tuple[str, ...] = (),
    default_image: str = "raw",
    volumes: int = BLOCK,
    options: tuple[str, str] | None = None,
) -> Kind:
    parts = frozenset(source.split())
    image = default_image if images else ""
    return Kind(name, parts, formats, default, images, image, volumes, frozenset(does.split()), options)


_FS_OPTIONS, _RBD_OPTIONS = ("fs", "mount_opts"), ("rbd", "config_opts")
_ROWS = (
    _kind("dir", "", _LOCAL, images=IMAGES, volumes=FILE),
    _kind("fs", "device", _LOCAL, _FILESYSTEMS, "auto", IMAGES, volumes=FILE, options=_FS_OPTIONS),
    _kind("netfs", "host dir", f"{_LOCAL} find", _SHARES, "auto", IMAGES, volumes=FILE, options=_FS_OPTIONS),
    _kind(
        "logical",
        "name device",
        "build delete create-volume clone delete-volume upload download wipe find",
        ("unknown", "lvm2"),
        "lvm2",
    ),
    _kind(
        "disk",
        "device",
        "build delete create-volume clone delete-volume upload download wipe",
        _LABELS,
        "unknown",
        _PARTITIONS,
        "none",
    ),
    _kind("iscsi", "host device iqn", f"{_LUN} find"),
    _kind("iscsi-direct", "host device network iqn", "wipe find", volumes=NETWORK),
    _kind("scsi", "adapter", _LUN),
    _kind("mpath", "", _LUN),
    _kind(
        "rbd",
        "host network name",
        "create-volume build-volume clone delete-volume resize wipe",
        images=IMAGES,
        volumes=NETWORK,
        options=_RBD_OPTIONS,
    ),
    _kind("sheepdog", "host network name", "", volumes=NETWORK),
    _kind("gluster", "host network name dir", "delete-volume find", images=IMAGES, volumes=NETWORK),
    _kind("zfs", "name device", "build delete create-volume delete-volume upload download"),
    _kind("vstorage", "name", _LOCAL, images=IMAGES, volumes=FILE),
)
KINDS = {kind.name: kind for kind in _ROWS}


def capabilities() -> str:
    """Return the document of the types of pools, as the storage driver gives it."""
    lines = ["<storagepoolCapabilities>"]
    for kind in _ROWS:
        supported = "no" if kind.name == "sheepdog" else "yes"
        lines.append(f"  <pool type='{kind.name}' supported='{supported}'>")
        if kind.formats:
            lines.append("    <poolOptions>")
            lines.extend(_formats("sourceFormatType", kind.default_format, kind.formats, "      "))
            lines.append("    </poolOptions>")
        if kind.images:
            shown = () if kind.name == "rbd" else kind.images
            lines.append("    <volOptions>")
            lines.extend(_formats("targetFormatType", kind.default_image, shown, "      "))
            lines.append("    </volOptions>")
        lines.append("  </pool>")
    return "\n".join([*lines, "</storagepoolCapabilities>"]) + "\n"


def _formats(name: str, default: str, formats: tuple[str, ...], indent: str) -> list[str]:
    return [
        f"{indent}<defaultFormat type='{default}'/>",
        f"{indent}<enum name='{name}'>",
        *(f"{indent}  <value>{each}</value>" for each in formats),
        f"{indent}</enum>",
    ]
