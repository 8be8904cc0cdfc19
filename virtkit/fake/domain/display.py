"""virDomain: screens, keyboards and consoles."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import keys, power
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.guest import console, life
from virtkit.fake.streams import Buffer, Pipe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml import etree

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session
    from virtkit.fake.streams import virStream

_OPENABLE = {"vnc", "spice", "dbus"}
_lines = itertools.count(1)


class Display(DomainBase):
    """screenshot, sendKey, openConsole, openChannel, openGraphics."""

    def _on(self, record: DomainRecord) -> None:
        if not record.active:
            self._refuse("domain is not running", source=c.VIR_FROM_DOMAIN)

    @domain_call("virDomainScreenshot")
    def screenshot(
        self, session: Session, record: DomainRecord, stream: virStream, screen: int, flags: int = 0
    ) -> str:
        if self._host.personality.guest_decides:
            self._on(record)
            videos = record.document.tree().findall("devices/video/model")
            if not videos:
                self._refuse("no screens to take screenshot from")
            if screen >= sum(int(video.get("heads", "1")) for video in videos):
                self._refuse("no such screen ID")
        stream.open(Buffer(_picture()))
        return "image/png"

    def _keys_known(self, codeset: int, holdtime: int, keycodes: Any, nkeycodes: int, flags: int = 0) -> None:
        if self._host.personality.guest_decides and codeset != c.VIR_KEYCODE_SET_QNUM:
            self._check_keys(codeset, keycodes)

    def _check_keys(self, codeset: int, keycodes: list[int]) -> None:
        unknown = [code for code in keycodes if code not in keys.codes_of(codeset)]
        if not unknown:
            return
        message = f"invalid keycode {unknown[0]} of {keys.name_of(codeset)} codeset"
        if self._host.personality.guest_decides:
            what = f"keycode {unknown[0]} of {keys.name_of(codeset)} codeset"
            message = f"cannot translate {what} to qnum keycode"
        self._refuse(message, c.VIR_ERR_INTERNAL_ERROR)

    @domain_call("virDomainSendKey", before="_keys_known")
    def sendKey(
        self,
        session: Session,
        record: DomainRecord,
        codeset: int,
        holdtime: int,
        keycodes: list[int],
        nkeycodes: int,
        flags: int = 0,
    ) -> int:
        self._on(record)
        if not self._host.personality.guest_decides:
            self._check_keys(codeset, keycodes)
        pressed = life.session_of(record).setdefault("keys", [])
        pressed.append([codeset, list(keycodes)])
        return 0

    def _signal_known(self, pid_value: int, signum: int, flags: int = 0) -> None:
        if pid_value != 1:
            self._refuse("only sending a signal to pid 1 is supported", c.VIR_ERR_INVALID_ARG)
        if signum > c.VIR_DOMAIN_PROCESS_SIGNAL_RT32:
            self._refuse(f"signum value {signum} is out of range", c.VIR_ERR_INVALID_ARG)

    @domain_call("virDomainSendProcessSignal", before="_signal_known")
    def sendProcessSignal(
        self, session: Session, record: DomainRecord, pid_value: int, signum: int, flags: int = 0
    ) -> int:
        return 0

    @domain_call("virDomainOpenConsole")
    def openConsole(
        self, session: Session, record: DomainRecord, dev_name: str | None, st: virStream, flags: int = 0
    ) -> int:
        self._on(record)
        devices = record.document.tree().find("devices")
        assert devices is not None  # noqa: S101
        consoles, serials = devices.findall("console"), devices.findall("serial")
        if dev_name is None:
            found = next(iter([*consoles, *serials]), None)
        else:
            found = _called(dev_name, [*consoles, *serials, *devices.findall("parallel")])
        if found is None:
            self._no_device(f"cannot find character device {dev_name or '<null>'}")
        if found.get("type") != "pty":
            self._no_device(f"character device {dev_name or _alias(found)} is not using a PTY")
        forced = bool(flags & c.VIR_DOMAIN_CONSOLE_FORCE)
        self._connect(session, record, st, _alias(found), "console session", forced=forced)
        return 0

    @domain_call("virDomainOpenChannel")
    def openChannel(
        self, session: Session, record: DomainRecord, name: str | None, st: virStream, flags: int = 0
    ) -> int:
        self._on(record)
        channels = record.document.tree().findall("devices/channel")
        found = next(iter(channels), None) if name is None else _called(name, channels)
        if found is None:
            self._no_device(f"cannot find channel {name or '<null>'}")
        if found.get("type") != "unix":
            self._no_device(f"channel {name or _alias(found)} is not using a UNIX socket")
        forced = bool(flags & c.VIR_DOMAIN_CHANNEL_FORCE)
        self._connect(session, record, st, _alias(found), "channel stream", forced=forced)
        return 0

    def _no_device(self, detail: str) -> NoReturn:
        self._refuse(detail, c.VIR_ERR_INTERNAL_ERROR)

    def _connect(
        self,
        session: Session,
        record: DomainRecord,
        stream: virStream,
        alias: str,
        what: str,
        *,
        forced: bool,
    ) -> None:
        """Lay a line between *stream* and the guest's device *alias*, which takes one at a time."""
        lines = self._host.lines.get(record.uuid, {})
        if alias in lines:
            if not forced:
                self._refuse(f"Active {what} exists for this domain", c.VIR_ERR_OPERATION_FAILED)
            lines.pop(alias)[1].hang_up()
        number, host, uuid = next(_lines), self._host, record.uuid

        def closed() -> None:
            if host.lines.get(uuid, {}).get(alias, (0,))[0] == number:
                del host.lines[uuid][alias]

        def hear(data: bytes) -> None:
            with host as own:
                found = own.find(uuid)
                if found is not None and found.active:
                    boot = found.extra.setdefault(power.BOOT, {})
                    boot["typed"] = boot.get("typed", "") + data.decode("utf-8", "replace")

        line = Pipe(hear, closed)
        stream.open(line)
        console.listen(self._host, session, record, alias, number, line)

    @domain_call("virDomainOpenGraphics")
    def openGraphics(self, session: Session, record: DomainRecord, idx: int, fd: int, flags: int = 0) -> int:
        self._on(record)
        self._graphics(record, idx)
        import os

        duplicate = os.dup(fd)
        self._host.screens.append(duplicate)
        return 0

    @domain_call("virDomainOpenGraphicsFD")
    def openGraphicsFD(self, session: Session, record: DomainRecord, idx: int, flags: int = 0) -> int:
        self._on(record)
        self._graphics(record, idx)
        import socket

        ours, theirs = socket.socketpair()
        self._host.screens.append(ours.detach())
        return theirs.detach()

    def _graphics(self, record: DomainRecord, number: int) -> None:
        found = record.document.tree().findall("devices/graphics")
        if number >= len(found):
            self._no_device(f"No graphics backend with index {number}")
        kind = found[number].get("type", "")
        if kind not in _OPENABLE:
            message = f"Can only open VNC, SPICE or D-Bus p2p graphics backends, not {kind}"
            self._refuse(message, c.VIR_ERR_CONFIG_UNSUPPORTED)


def _alias(device: etree._Element) -> str:
    alias = device.find("alias")
    return "" if alias is None else alias.get("name", "")


def _called(name: str, devices: Iterable[etree._Element]) -> etree._Element | None:
    """Return the device with the alias *name*, or the virtio channel of that name."""
    for device in devices:
        target = device.find("target")
        virtio = target is not None and target.get("type") == "virtio" and target.get("name")
        if name in {_alias(device), virtio}:
            return device
    return None


def _picture() -> bytes:
    """Return a black screen of 720 by 400 as PNG: what a text console shows before anything is on it."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    width, height = 720, 400
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\0" * (3 * width)) * height
    pieces = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces)
