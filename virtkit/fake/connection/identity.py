"""virConnect: what it is connected to, and whether it still is."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail, reporting

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.store.session import Session

_QEMU_VERSION = 7002000
_IDENTITY = {value for name, value in c.CONSTANTS.items() if name.startswith("VIR_CONNECT_IDENTITY_")}
_NO_ERROR = (0, 0, None, 0, None, None, None, 0, 0)


class Identity(ConnectionBase):
    """URI, type, versions, liveness."""

    @connection_call("virConnectGetURI")
    def getURI(self, session: Session) -> str:
        return self._o.uri

    @connection_call("virConnectGetType")
    def getType(self, session: Session) -> str:
        return self._host.personality.type_name

    @connection_call("virConnectGetVersion")
    def getVersion(self, session: Session) -> int:
        return _QEMU_VERSION if self._host.personality.guest_decides else 2

    @connection_call("virConnectGetLibVersion")
    def getLibVersion(self, session: Session) -> int:
        return c.VERSION

    @connection_call("virConnectGetHostname")
    def getHostname(self, session: Session) -> str:
        return socket.gethostname() if self._host.personality.name == "test" else self._host.name

    def isAlive(self) -> int:
        if not self._open:
            self._closed("virConnectIsAlive")
        return int(self._alive)

    @connection_call("virConnectIsEncrypted")
    def isEncrypted(self, session: Session) -> int:
        return 0

    @connection_call("virConnectIsSecure")
    def isSecure(self, session: Session) -> int:
        return 1

    @connection_call("virConnectSetKeepAlive")
    def setKeepAlive(self, session: Session, interval: int, count: int) -> int:
        return 0

    @connection_call("virConnectSetIdentity")
    def setIdentity(self, session: Session, params: dict[str, Any], flags: int = 0) -> int:
        unknown = next((name for name in params if name not in _IDENTITY), None)
        if unknown is not None:
            message = f"parameter '{unknown}' not supported"
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_NONE, message)
        return 0

    def virConnGetLastError(self) -> tuple[int | str | None, ...]:
        return reporting.last or _NO_ERROR

    def virConnResetLastError(self) -> None:
        reporting.last = None

    def registerCloseCallback(self, cb: Callable[..., Any], opaque: Any) -> int:
        if not self._open:
            self._closed("virConnectRegisterCloseCallback")
        self._close_callback = (cb, opaque)
        return 0

    def unregisterCloseCallback(self) -> int:
        if not self._open:
            self._closed("virConnectUnregisterCloseCallback")
        self._close_callback = None
        return 0
