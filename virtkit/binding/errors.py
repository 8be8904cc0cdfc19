"""libvirt's errors become virtkit's: one table from ``VIR_ERR_*`` to classes, one place that raises them.

A new error number goes either into ``_CLASSES`` or into ``GENERIC``; a test checks that it is in one of them.
"""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING, Any

from virtkit.binding.constants import ErrorCode, ErrorDomain
from virtkit.errors import (
    AgentError,
    AlreadyExists,
    Busy,
    Denied,
    Disconnected,
    HostError,
    NotFound,
    NotSupported,
    OperationTimeout,
    WrongState,
)

if TYPE_CHECKING:
    from types import TracebackType

_CLASSES: dict[type[HostError], tuple[ErrorCode, ...]] = {
    NotFound: (
        ErrorCode.NO_DOMAIN,
        ErrorCode.NO_NETWORK,
        ErrorCode.NO_STORAGE_POOL,
        ErrorCode.NO_STORAGE_VOL,
        ErrorCode.NO_NODE_DEVICE,
        ErrorCode.NO_INTERFACE,
        ErrorCode.NO_NWFILTER,
        ErrorCode.NO_SECRET,
        ErrorCode.NO_DOMAIN_SNAPSHOT,
        ErrorCode.NO_DOMAIN_METADATA,
        ErrorCode.NO_SERVER,
        ErrorCode.NO_CLIENT,
        ErrorCode.DEVICE_MISSING,
        ErrorCode.NO_NWFILTER_BINDING,
        ErrorCode.NO_DOMAIN_CHECKPOINT,
        ErrorCode.NO_DOMAIN_BACKUP,
        ErrorCode.NO_NETWORK_PORT,
        ErrorCode.NO_NETWORK_METADATA,
    ),
    AlreadyExists: (
        ErrorCode.DOM_EXIST,
        ErrorCode.NETWORK_EXIST,
        ErrorCode.STORAGE_VOL_EXIST,
        ErrorCode.STORAGE_POOL_BUILT,
        ErrorCode.NETWORK_PORT_EXIST,
    ),
    WrongState: (ErrorCode.OPERATION_INVALID,),
    NotSupported: (
        ErrorCode.NO_SUPPORT,
        ErrorCode.OS_TYPE,
        ErrorCode.CONFIG_UNSUPPORTED,
        ErrorCode.ARGUMENT_UNSUPPORTED,
        ErrorCode.OPERATION_UNSUPPORTED,
        ErrorCode.CPU_INCOMPATIBLE,
        ErrorCode.NO_SECURITY_MODEL,
    ),
    Denied: (
        ErrorCode.OPERATION_DENIED,
        ErrorCode.AUTH_FAILED,
        ErrorCode.AUTH_CANCELLED,
        ErrorCode.AUTH_UNAVAILABLE,
        ErrorCode.ACCESS_DENIED,
    ),
    Disconnected: (
        ErrorCode.UNKNOWN_HOST,
        ErrorCode.NO_CONNECT,
        ErrorCode.INVALID_CONN,
        ErrorCode.RPC,
        ErrorCode.GNUTLS_ERROR,
        ErrorCode.SSH,
        ErrorCode.LIBSSH,
    ),
    Busy: (ErrorCode.RESOURCE_BUSY, ErrorCode.BLOCK_COPY_ACTIVE),
    AgentError: (ErrorCode.AGENT_UNRESPONSIVE, ErrorCode.AGENT_UNSYNCED),
    OperationTimeout: (ErrorCode.OPERATION_TIMEOUT,),
}

GENERIC = frozenset(
    {
        ErrorCode.OK,
        # what the text says counts, see _BY_TEXT
        ErrorCode.INTERNAL_ERROR,
        ErrorCode.OPERATION_FAILED,
        ErrorCode.SYSTEM_ERROR,
        # the caller's XML or arguments
        ErrorCode.INVALID_ARG,
        ErrorCode.XML_ERROR,
        ErrorCode.XML_DETAIL,
        ErrorCode.XML_INVALID_SCHEMA,
        ErrorCode.PARSE_FAILED,
        ErrorCode.CONF_SYNTAX,
        ErrorCode.SEXPR_SERIAL,
        ErrorCode.OVERFLOW,
        ErrorCode.INVALID_MAC,
        ErrorCode.NO_NAME,
        ErrorCode.NO_OS,
        ErrorCode.NO_KERNEL,
        ErrorCode.NO_ROOT,
        ErrorCode.NO_SOURCE,
        ErrorCode.NO_TARGET,
        ErrorCode.NO_DEVICE,
        # a handle that is none
        ErrorCode.INVALID_DOMAIN,
        ErrorCode.INVALID_NETWORK,
        ErrorCode.INVALID_STORAGE_POOL,
        ErrorCode.INVALID_STORAGE_VOL,
        ErrorCode.INVALID_NODE_DEVICE,
        ErrorCode.INVALID_INTERFACE,
        ErrorCode.INVALID_NWFILTER,
        ErrorCode.INVALID_SECRET,
        ErrorCode.INVALID_DOMAIN_SNAPSHOT,
        ErrorCode.INVALID_STREAM,
        ErrorCode.INVALID_NWFILTER_BINDING,
        ErrorCode.INVALID_DOMAIN_CHECKPOINT,
        ErrorCode.INVALID_NETWORK_PORT,
        # more than one answer
        ErrorCode.MULTIPLE_INTERFACES,
        ErrorCode.MULTIPLE_DOMAINS,
        # migration says what it means by its outcome
        ErrorCode.MIGRATE_PERSIST_FAILED,
        ErrorCode.MIGRATE_UNSAFE,
        ErrorCode.MIGRATE_FINISH_OK,
        ErrorCode.OPERATION_ABORTED,
        # the host itself, or a driver of long ago
        ErrorCode.NO_MEMORY,
        ErrorCode.NO_HOSTNAME,
        ErrorCode.GET_FAILED,
        ErrorCode.POST_FAILED,
        ErrorCode.HTTP_ERROR,
        ErrorCode.NO_XEN,
        ErrorCode.XEN_CALL,
        ErrorCode.NO_XENSTORE,
        ErrorCode.DRIVER_FULL,
        ErrorCode.CALL_FAILED,
        ErrorCode.OPEN_FAILED,
        ErrorCode.READ_FAILED,
        ErrorCode.WRITE_FAILED,
        ErrorCode.HOOK_SCRIPT_FAILED,
        ErrorCode.BUILD_FIREWALL,
        ErrorCode.DBUS_SERVICE,
        ErrorCode.STORAGE_PROBE_FAILED,
        ErrorCode.SNAPSHOT_REVERT_RISKY,
        ErrorCode.CHECKPOINT_INCONSISTENT,
        ErrorCode.NO_NETWORK_START,
        ErrorCode.NO_STORAGE,
        ErrorCode.NO_NODE,
        ErrorCode.NO_INTERFACE_START,
        ErrorCode.NO_NWFILTER_START,
        ErrorCode.NO_SECRET_START,
    }
)

_CLASS_OF: dict[int, type[HostError]] = {code: cls for cls, codes in _CLASSES.items() for code in codes}

# Codes that libvirt uses for everything: the text decides. Its daemon may speak another language; then
# the error stays a plain HostError, which is true as well.
_BY_TEXT: tuple[tuple[frozenset[int], re.Pattern[str], type[HostError]], ...] = (
    (
        frozenset({ErrorCode.OPERATION_FAILED, ErrorCode.INTERNAL_ERROR}),
        re.compile(r"already (exists|defined|active)|is already defined"),
        AlreadyExists,
    ),
    (
        frozenset({ErrorCode.INVALID_ARG}),
        re.compile(r"unsupported flags"),
        NotSupported,
    ),
    (
        frozenset({ErrorCode.INTERNAL_ERROR}),
        re.compile(r"End of file from agent socket"),
        AgentError,
    ),
    (
        frozenset({ErrorCode.INTERNAL_ERROR}),  # the test driver's way to say it
        re.compile(r"Domain '.*' is already running|domain '.*' not (running|paused)"),
        WrongState,
    ),
    (
        frozenset({ErrorCode.INTERNAL_ERROR, ErrorCode.SYSTEM_ERROR}),
        re.compile(r"client socket is closed|connection closed|[Cc]onnection reset by peer|Broken pipe"),
        Disconnected,
    ),
)
_CONNECTION_ITSELF = frozenset({ErrorDomain.RPC, ErrorDomain.REMOTE, ErrorDomain.SSH, ErrorDomain.LIBSSH})


def is_libvirt_error(error: object) -> bool:
    """Say whether *error* is a ``libvirtError``, of whichever module."""
    return isinstance(error, Exception) and hasattr(error, "get_error_code")


def classify(code: int, domain: int | None, text: str, number: int | None, operation: str) -> type[HostError]:
    """Return the class for a libvirt error.

    *number* is ``int1`` of the error: the errno of a ``VIR_ERR_SYSTEM_ERROR``.
    """
    found = _CLASS_OF.get(code)
    if found is not None:
        return found
    for codes, pattern, cls in _BY_TEXT:
        if code in codes and pattern.search(text):
            return cls
    if code == ErrorCode.SYSTEM_ERROR and (domain in _CONNECTION_ITSELF or operation == "connect"):
        return Denied if number in {errno.EACCES, errno.EPERM} else Disconnected
    if operation == "connect" and domain in _CONNECTION_ITSELF:
        return Disconnected
    if code == ErrorCode.SYSTEM_ERROR and number in {errno.EACCES, errno.EPERM}:
        return Denied
    return HostError


def host_error(error: Any, operation: str, name: str | None = None, uri: str | None = None) -> HostError:
    """Make the HostError that says what *error*, a ``libvirtError``, means for *operation*.

    Args:
        error: The exception of the libvirt module.
        operation: What was being done, such as ``"start"``.
        name: The object it was done to.
        uri: The connection.
    """
    code = error.get_error_code()
    domain = error.get_error_domain()
    text = (error.get_error_message() or str(error)).strip()
    if code is None:  # libvirt failed without a word; the binding says which function
        return HostError(text, uri=uri, operation=operation, name=name)
    cls = classify(code, domain, text, error.get_int1(), operation)
    from virtkit.binding.hints import hint_for

    hint = hint_for(cls, code, text, operation, uri)
    return cls(text, code=code, domain=domain, uri=uri, operation=operation, name=name, hint=hint)


class translate:  # noqa: N801 - read as a statement: with translate("start", name, uri)
    """Context manager: a ``libvirtError`` raised inside leaves as the HostError that it means.

    The libvirtError is its ``__cause__``. Other exceptions pass.
    """

    __slots__ = ("_name", "_operation", "_uri")

    def __init__(self, operation: str, name: str | None = None, uri: str | None = None) -> None:
        self._operation = operation
        self._name = name
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None and is_libvirt_error(error):
            raise host_error(error, self._operation, self._name, self._uri) from error
