"""Folders of the host in the guest."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath, Line, Positive, Size, matching


def _driver(value: Any) -> Any:
    return "path" if value == "9p" else value


def _mode(value: Any) -> Any:
    return format(value, "o") if isinstance(value, int) and not isinstance(value, bool) else value


Mode = Annotated[
    str,
    BeforeValidator(_mode),
    AfterValidator(matching(r"0?[0-7]{1,3}", "permissions in octal such as '0755' (in quotes)")),
]


class FilesystemSpec(Device):
    """A folder, image or memory as a file system of the guest: https://libvirt.org/formatdomain.html#filesystems."""

    type: Literal["mount", "bind", "template", "file", "block", "ram"] = "mount"
    """What the source is: a folder (mount), a folder of the container (bind), an image, a device, or memory."""
    driver: Annotated[
        Literal["virtiofs", "path", "handle", "loop", "nbd", "ploop"] | None, BeforeValidator(_driver)
    ] = None
    """virtiofs, or path (also written 9p). Without it: virtiofs in a machine; what libvirt does in a container."""
    format: Literal["raw", "qcow2", "ploop"] | None = None
    """The format of a container's image."""
    source: Line | None = None
    """The host's folder, file, device or template."""
    socket: AbsPath | None = None
    """The socket of a virtiofsd that somebody else runs, in place of a source."""
    usage: Size | None = None
    """The size of a ram file system."""
    target: Line
    """The mount tag that the guest uses; in a container the mount point."""
    accessmode: Literal["passthrough", "mapped", "squash"] | None = None
    """How owners and permissions are stored on the host."""
    multidevs: Literal["default", "remap", "forbid", "warn"] | None = None
    """9p: what happens with folders that span file systems."""
    fmode: Mode | None = None
    """9p: permissions of new files, octal."""
    dmode: Mode | None = None
    """9p: permissions of new folders, octal."""
    readonly: bool = False
    """The guest cannot write."""
    space_hard_limit: Size | None = None
    """The most that a container can store."""
    space_soft_limit: Size | None = None
    """What a container should store at most."""
    queue: Positive | None = None
    """virtiofs: length of the queue."""
    binary: AbsPath | None = None
    """virtiofs: the host's virtiofsd."""
    xattr: bool | None = None
    """virtiofs: whether extended attributes work."""
    cache: Literal["none", "always"] | None = None
    """virtiofs: what the guest keeps in memory."""
    sandbox: Literal["namespace", "chroot"] | None = None
    """virtiofs: how virtiofsd is confined."""
