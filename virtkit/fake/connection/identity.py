"""virConnect: what it is connected to, and whether it still is."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import check_names, fail, reporting

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
        check_names(params, _IDENTITY)
        return 0

    def virConnGetLastError(self) -> tuple[int | str | None, ...]:
        return reporting.last or _NO_ERROR

    def virConnResetLastError(self) -> None:
        reporting.last = None

    def registerCloseCallback(self, cb: Callable[..., Any], opaque: Any) -> int:
        if not self._open:
            self._closed("virConnectRegisterCloseCallback")
        if self._close_callback is not None and self._host.personality.guest_decides:
            message = "A close callback is already registered"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_REMOTE, message)
        self._close_callback = (cb, opaque)
        return 0

    def unregisterCloseCallback(self) -> None:
        if not self._open:
            self._closed("virConnectUnregisterCloseCallback")
        if self._close_callback is None and self._host.personality.guest_decides:
            message = "A different callback was requested"
            fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_REMOTE, message)
        self._close_callback = None
