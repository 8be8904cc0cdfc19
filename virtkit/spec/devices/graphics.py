"""Graphical consoles: VNC, SPICE and the others."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from virtkit.spec.base import Part
from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath, Line, Name, OneOrMore, Port, Secret, Word, matching

When = Annotated[
    Line,
    AfterValidator(
        matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "a time in UTC such as '2027-01-31T12:00:00'")
    ),
]


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


class GraphicsSpec(Device):
    """A graphical console: https://libvirt.org/formatdomain.html#graphical-framebuffers. A bare string is its type."""

    short: ClassVar[str | None] = "type"

    type: Literal["vnc", "spice", "rdp", "sdl", "desktop", "egl-headless", "dbus"] = "vnc"
    """The protocol, or where the picture is shown."""
    port: Port | None = None
    """TCP port; without it libvirt picks a free one at start."""
    tls_port: Port | None = None
    """TCP port of encrypted SPICE."""
    websocket: Port | None = None
    """TCP port of VNC for browsers."""
    listen: Annotated[list[ListenSpec], OneOrMore] = Field(default_factory=list)
    """Where it listens; the host's configuration decides if none (127.0.0.1)."""
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
    replace_user: bool | None = None
    """Whether a new RDP client takes the place of the old one."""
