"""Folders of the host in the guest."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field

from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import AbsPath, Line, Positive, Size, Word, matching


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

    in_containers: ClassVar[bool] = True

    type: Literal["mount", "bind", "template", "file", "block", "ram"] = "mount"
    """What the source is: a folder (mount), one of the container (bind), an image, a device, or memory."""
    driver: Annotated[
        Literal["virtiofs", "path", "handle", "loop", "nbd", "ploop"] | None, BeforeValidator(_driver)
    ] = None
    """virtiofs, or path (also written 9p). Without it: virtiofs in QEMU, else libvirt's choice."""
    driver_options: dict[Word, Line] = Field(default_factory=dict)
    """libvirt's attributes of the driver of a virtio device: {iommu: "on", packed: "on"}."""
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

    def complete(self, around: Surroundings) -> Self:
        """Return a copy with the driver that a machine needs."""
        changes: dict[str, Any] = {}  # also then marked: a template would else complete it as a machine's
        if around.bare:
            return self.filled(changes)
        if self.driver is None and not around.container and self.type == "mount" and around.qemu:
            changes["driver"] = "virtiofs"
        if self.accessmode is None and "virtiofs" in {self.driver, changes.get("driver")}:
            changes["accessmode"] = "passthrough"
        return self.filled(changes)

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        yield from self._source_rules()
        for key in ("queue", "binary", "xattr", "cache", "sandbox"):
            if getattr(self, key) is not None and (
                self.driver not in {None, "virtiofs"} or self.type != "mount"
            ):
                yield key, "only virtiofs has it"
        for key in ("multidevs", "fmode", "dmode"):
            if getattr(self, key) is not None and self.driver != "path":
                yield key, "only 9p has it: set driver: path"
        if self.format is not None and self.driver not in {"loop", "nbd", "ploop"}:
            yield "format", "only images have it: set driver: loop or nbd"
        if self.driver == "virtiofs" and self.type != "mount":
            yield "driver", f"virtiofs is for type mount, and this is {self.type}"
        if self.driver == "virtiofs" and self.accessmode not in {None, "passthrough"}:
            yield "accessmode", "virtiofs knows passthrough only"

    def _source_rules(self) -> Iterator[tuple[str, str]]:
        if self.type == "ram":
            if self.usage is None:
                yield "usage", "is required for type ram: its size"
            if self.source is not None:
                yield "source", "type ram has none"
        elif (self.source is None) == (self.socket is None):
            yield (
                "source",
                "is required" if self.source is None else "there is a socket too: give one of them",
            )
        if self.usage is not None and self.type != "ram":
            yield "usage", f"only type ram has it, and this is {self.type}"
        if self.socket is not None and (self.type != "mount" or self.driver not in {None, "virtiofs"}):
            yield "socket", "only virtiofs has it"
        if self.source is not None and not self.source.startswith("/") and self.type != "template":
            yield "source", f"{self.source!r} is not an absolute path: it must start with '/'"
