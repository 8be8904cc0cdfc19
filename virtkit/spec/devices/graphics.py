"""Graphical consoles: VNC, SPICE and the others."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field

from virtkit.spec.base import COMPLETED, Part
from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import AbsPath, Line, Name, OneOrMore, Positive, Secret, Word, matching

When = Annotated[
    Line,
    AfterValidator(
        matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "a time in UTC such as '2027-01-31T12:00:00'")
    ),
]


GraphicsPort = Annotated[int, Field(ge=-1, le=65535)]


class ListenSpec(Part):
    """Where a console listens. A bare string is an address of the host."""

    short: ClassVar[str | None] = "address"

    address: Line | None = None
    """An address or name of the host: 127.0.0.1, 0.0.0.0, '::'."""
    network: Name | None = None
    """A libvirt network, whose address is used."""
    socket: AbsPath | None = None
    """The path of a UNIX socket."""
    type: Literal["address", "network", "socket", "none"] | None = None
    """Without it: what the other keys say."""

    @property
    def kind(self) -> str:
        """What it is: as stated, or as the other keys tell."""
        if self.type is not None:
            return self.type
        return "network" if self.network is not None else "socket" if self.socket is not None else "address"

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        allowed = {"address": ("address",), "network": ("network", "address"), "socket": ("socket",)}.get(
            self.kind, ()
        )
        for key in ("address", "network", "socket"):
            if getattr(self, key) is not None and key not in allowed:
                yield key, f"a listen of type {self.kind} has none"
        if self.kind == "network" and self.network is None:
            yield "network", "is required for type network"


_ONLY: dict[str, tuple[str, ...]] = {
    "port": ("vnc", "spice", "rdp"),
    "autoport": ("vnc", "spice", "rdp"),
    "tls_port": ("spice",),
    "websocket": ("vnc",),
    "listen_address": ("vnc", "spice", "rdp"),
    "listen_socket": ("vnc",),
    "audio": ("vnc",),
    "password": ("vnc", "spice"),
    "password_valid_to": ("vnc", "spice"),
    "connected": ("vnc", "spice"),
    "keymap": ("vnc", "spice"),
    "share_policy": ("vnc",),
    "default_mode": ("spice",),
    "gl": ("spice", "sdl", "dbus"),
    "rendernode": ("spice", "dbus", "egl-headless"),
    "clipboard": ("spice",),
    "filetransfer": ("spice",),
    "image": ("spice",),
    "streaming": ("spice",),
    "jpeg": ("spice",),
    "zlib": ("spice",),
    "playback": ("spice",),
    "channels": ("spice",),
    "p2p": ("dbus",),
    "mouse": ("spice",),
    "display": ("sdl", "desktop"),
    "xauth": ("sdl",),
    "fullscreen": ("sdl", "desktop"),
    "multi_user": ("rdp",),
    "replace_user": ("rdp",),
}
"""Keys that mean something for some types only."""


_Channel = Literal[
    "main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"
]  # fmt: skip


class GraphicsSpec(Device):
    """A graphical console: https://libvirt.org/formatdomain.html#graphical-framebuffers.

    A bare string is its type.
    """

    short: ClassVar[str | None] = "type"

    type: Literal["vnc", "spice", "rdp", "sdl", "desktop", "egl-headless", "dbus"] = "vnc"
    """The protocol, or where the picture is shown."""
    port: GraphicsPort | None = None
    """TCP port; without it, or with -1, libvirt picks a free one at start."""
    autoport: bool | None = None
    """Whether libvirt picks the ports at start. Without a word: if none is given."""
    tls_port: GraphicsPort | None = None
    """TCP port of encrypted SPICE."""
    websocket: GraphicsPort | None = None
    """TCP port of VNC for browsers."""
    listen: Annotated[list[ListenSpec], OneOrMore] = Field(default_factory=list)
    """Where it listens; the host's configuration decides if none (127.0.0.1)."""
    listen_address: Line | None = None
    """The first address once more, as libvirt repeats it for old programs."""
    listen_socket: Line | None = None
    """The first socket once more, in the same way; vnc."""
    audio: Positive | None = None
    """vnc: the number of the audio that it plays."""
    password: Secret | None = None
    """Asked of those who connect. VNC looks at eight characters only: longer ones are refused."""
    password_valid_to: When | None = None
    """When the password ends, in UTC."""
    connected: Literal["keep", "disconnect", "fail"] | None = None
    """What happens to connected clients when the password changes."""
    keymap: Word | None = None
    """The keyboard: de, en-us ..."""
    share_policy: Literal["allow-exclusive", "force-shared", "ignore"] | None = None
    """Whether VNC clients may ask to be alone."""
    default_mode: Literal["any", "secure", "insecure"] | None = None
    """SPICE channels' encryption."""
    gl: bool | None = None
    """Whether OpenGL is used (spice, sdl, dbus)."""
    rendernode: AbsPath | None = None
    """The host's GPU for OpenGL: /dev/dri/renderD128."""
    clipboard: bool | None = None
    """Whether SPICE shares the clipboard."""
    filetransfer: bool | None = None
    """Whether SPICE takes files that are dropped on the window."""
    image: Literal["auto_glz", "auto_lz", "quic", "glz", "lz", "off"] | None = None
    """SPICE's compression of pictures."""
    streaming: Literal["filter", "all", "off"] | None = None
    """SPICE's detection of videos."""
    jpeg: Literal["auto", "never", "always"] | None = None
    """SPICE's lossy compression of pictures over slow lines."""
    zlib: Literal["auto", "never", "always"] | None = None
    """SPICE's compression of pictures over slow lines."""
    playback: bool | None = None
    """Whether SPICE compresses sound."""
    channels: dict[_Channel, Literal["any", "secure", "insecure"]] | None = None
    """SPICE channels' encryption, where it is another than default_mode: {main: secure}."""
    mouse: Literal["server", "client"] | None = None
    """Which side moves SPICE's pointer."""
    display: Line | None = None
    """The X display of sdl and desktop: ':0'."""
    xauth: AbsPath | None = None
    """The X authority file of sdl."""
    fullscreen: bool | None = None
    """Whether sdl or desktop fills the screen."""
    multi_user: bool | None = None
    """Whether several RDP clients may be connected."""
    p2p: bool | None = None
    """dbus: whether it is a connection of two, without a bus."""
    replace_user: bool | None = None
    """Whether a new RDP client takes the place of the old one."""

    @property
    def auto_port(self) -> bool | None:
        """Whether libvirt picks the port at start; None if that need not be said."""
        if self.autoport is not None or COMPLETED in self.__dict__:
            return self.autoport
        elsewhere = any(listen.kind in {"socket", "none"} for listen in self.listen)
        return (self.port is None and self.tls_port is None and not elsewhere) or None

    def complete(self, around: Surroundings) -> Self:
        """Return it as it is; where nothing is filled in, marked as complete."""
        return self.filled({}) if around.bare else self

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        for key in ("alias", "address"):
            if getattr(self, key) is not None:
                yield key, "graphics have none: they are no device of the guest"
        for key, kinds in _ONLY.items():
            if getattr(self, key) is not None and self.type not in kinds:
                yield key, f"only {' or '.join(kinds)} has it, and this is {self.type}"
        if self.listen and self.type not in {"vnc", "spice", "rdp"}:
            yield "listen", f"only vnc, spice or rdp listen, and this is {self.type}"
        if self.type == "vnc" and self.password is not None and len(self.password) > 8:
            yield "password", "is longer than 8 characters, of which VNC looks at 8 only: shorten it"
        if self.password_valid_to is not None and self.password is None:
            yield "password_valid_to", "there is no password that could end: set password"
        if self.type == "vnc" and self.connected not in {None, "keep"}:
            yield "connected", f"vnc knows keep only, not {self.connected}"
        if self.rendernode is not None and self.type in {"spice", "dbus"} and self.gl is not True:
            yield "rendernode", "is for OpenGL: set gl"
