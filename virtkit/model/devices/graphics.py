"""Graphics: how people see a guest's screen."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, Text, YesNo
from virtkit.model.views import View


class Listen(View):
    """Where a graphics server listens."""

    TAG = "listen"
    type = Choice[Literal["address", "network", "socket", "none"]]("@type")
    address = Text("@address")
    network = Text("@network")
    socket = Text("@socket")
    from_config = Integer("@fromConfig")


class GraphicsChannel(View):
    """Whether one of SPICE's channels is encrypted."""

    TAG = "channel"
    name = Choice[
        Literal["main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"]
    ]("@name")
    mode = Choice[Literal["secure", "insecure", "any"]]("@mode")


class Gl(View):
    """Whether a guest's OpenGL is done by the host, and on which card."""

    TAG = "gl"
    enable = YesNo("@enable")
    rendernode = Text("@rendernode")


class Graphics(View):
    """A server (VNC, SPICE, RDP) or window that shows a guest's screen."""

    TAG = "graphics"
    KEEP = True
    type = Choice[Literal["vnc", "spice", "sdl", "rdp", "desktop", "egl-headless", "dbus"]]("@type")
    port = Integer("@port")
    autoport = YesNo("@autoport")
    tls_port = Integer("@tlsPort")
    websocket = Integer("@websocket")
    socket = Text("@socket")
    listen = Text("@listen")
    username = Text("@username")
    passwd = Text("@passwd")
    passwd_valid_to = Text("@passwdValidTo")
    connected = Choice[Literal["fail", "disconnect", "keep"]]("@connected")
    keymap = Text("@keymap")
    share_policy = Choice[Literal["allow-exclusive", "force-shared", "ignore"]]("@sharePolicy")
    power_control = YesNo("@powerControl")
    wait = YesNo("@wait")
    default_mode = Choice[Literal["secure", "insecure", "any"]]("@defaultMode")
    display = Text("@display")
    xauth = Text("@xauth")
    fullscreen = YesNo("@fullscreen")
    replace_user = YesNo("@replaceUser")
    multi_user = YesNo("@multiUser")
    p2p = YesNo("@p2p")
    address = Text("@address")
    listens = Children(Listen)
    channels = Children(GraphicsChannel)
    image_compression = Choice[Literal["auto_glz", "auto_lz", "quic", "glz", "lz", "off"]](
        "image/@compression"
    )
    jpeg_compression = Choice[Literal["auto", "never", "always"]]("jpeg/@compression")
    zlib_compression = Choice[Literal["auto", "never", "always"]]("zlib/@compression")
    playback_compression = Choice[Literal["on", "off"]]("playback/@compression")
    streaming_mode = Choice[Literal["filter", "all", "off"]]("streaming/@mode")
    clipboard_copypaste = YesNo("clipboard/@copypaste")
    mouse_mode = Choice[Literal["client", "server"]]("mouse/@mode")
    filetransfer_enable = YesNo("filetransfer/@enable")
    gl = Child(Gl)
    audio_id = Integer("audio/@id")
