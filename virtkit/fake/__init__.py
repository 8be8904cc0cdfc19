"""A libvirt that needs no libvirt: the API of the Python module ``libvirt``, with hosts that are made up.

::

    import virtkit.fake as libvirt

    conn = libvirt.open("fake:///one")
    domain = conn.defineXML(xml)
    domain.create()

``fake:///NAME`` is a host in this process's memory, shared by name; ``fake:///abs/path.db`` one in an
SQLite file that processes share; both answer as libvirt's QEMU driver does. ``test:///default`` answers as
libvirt's test driver. What libvirt has and the fake does not model raises ``NotModelled``.
"""

from __future__ import annotations

import operator
import os
import sys
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as _constants
from virtkit.fake import errors as _errors
from virtkit.fake import eventloop as _eventloop
from virtkit.fake import hosts as _hosts
from virtkit.fake import newer as _newer
from virtkit.fake import owners as _owners
from virtkit.fake import privates as _privates
from virtkit.fake.checkpoint import virDomainCheckpoint
from virtkit.fake.connection import Opened as _Opened
from virtkit.fake.connection import virConnect
from virtkit.fake.domain import virDomain
from virtkit.fake.errors import NotModelled, libvirtError
from virtkit.fake.interface import virInterface
from virtkit.fake.network import virNetwork, virNetworkPort
from virtkit.fake.nodedev import virNodeDevice
from virtkit.fake.nwfilter import virNWFilter, virNWFilterBinding
from virtkit.fake.secret import virSecret
from virtkit.fake.snapshot import virDomainSnapshot
from virtkit.fake.storage import virStoragePool, virStorageVol
from virtkit.fake.streams import virStream

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from virtkit.fake.errors import RawError
    from virtkit.fake.host import Host

globals().update(_constants.CONSTANTS)
globals().update(_newer.CONSTANTS)
globals().update(_privates.NAMES)

_DEFAULT_URI = "fake:///system"


def open(name: str | None = None) -> virConnect:
    """Open a connection: ``fake:///NAME``, ``fake:///abs/path.db`` or ``test:///default``.

    Without *name*, LIBVIRT_DEFAULT_URI says which, else VIRTKIT_FAKE_URI, else ``fake:///system``. The last
    two are also where ``qemu:///system`` leads; ``qemu+ssh://NAME/system`` leads to ``fake:///NAME``.
    """
    return _open(name, "virConnectOpen")


def openReadOnly(name: str | None = None) -> virConnect:
    """Open a connection on which nothing can be changed."""
    return _open(name, "virConnectOpenReadOnly", readonly=True)


def openAuth(uri: str | None, auth: list[Any], flags: int = 0) -> virConnect:
    """Open a connection with credentials, for which only the test driver asks, if its file names users."""
    word = operator.index(flags)
    return _open(uri, "virConnectOpenAuth", bool(word & _constants.VIR_CONNECT_RO), auth, word)


def _open(
    name: str | None, function: str, readonly: bool = False, auth: list[Any] | None = None, flags: int = 0
) -> virConnect:
    _errors.reporting.last = None
    _hosts.check_uri(name, function)
    uri = name or os.environ.get("LIBVIRT_DEFAULT_URI") or os.environ.get(_hosts.SYSTEM) or _DEFAULT_URI
    _hosts.check_flags(uri, flags)
    host = _hosts.find(uri)
    if host.test_users:
        from virtkit.fake.credentials import Credentials

        Credentials(auth).check(host.test_users)
    if host.store.shared:
        _owners.heal(host)
    if host.faults:
        host.faults.meet("virConnectOpen", "open")
    return virConnect(_obj=_Opened(host, uri, readonly))


def getVersion(name: str | None = None) -> int | tuple[int, int]:
    """Return the version of libvirt that the fake stands for; with *name*, also the driver's."""
    if name is not None and not isinstance(name, str):
        raise TypeError(f"virGetVersion() argument 1 must be str, not {type(name).__name__}")
    return _constants.VERSION if name is None else (_constants.VERSION, _constants.VERSION)


def registerErrorHandler(f: Callable[[Any, RawError], object] | None, ctx: Any) -> int:
    """Have *f* called as ``f(ctx, error)`` for each error, instead of printing it to stderr."""
    return _errors.register_handler(f, ctx)


def virInitialize() -> int:
    """Do nothing: the fake is ready."""
    return 0


def virGetLastError() -> RawError | None:
    """Return the last error of this thread, or None."""
    return _errors.reporting.last


def virGetLastErrorCode() -> int:
    """Return the last error's code, or 0."""
    last = _errors.reporting.last
    return 0 if last is None else last[0]


def virGetLastErrorDomain() -> int:
    """Return the last error's domain, or 0."""
    last = _errors.reporting.last
    return 0 if last is None else last[1]


def virGetLastErrorMessage() -> str:
    """Return the last error's message."""
    last = _errors.reporting.last
    return "no error" if last is None else last[2]


def virResetLastError() -> None:
    """Forget the last error of this thread."""
    _errors.reporting.last = None


def virEventRegisterDefaultImpl() -> int:
    """Use libvirt's own event loop."""
    return _eventloop.register_default()


def virEventRunDefaultImpl() -> int:
    """Run one round of the default event loop; blocks until something happens."""
    return _eventloop.run_default()


def virEventRegisterImpl(
    addHandle: Callable[..., int],
    updateHandle: Callable[..., Any],
    removeHandle: Callable[..., Any],
    addTimeout: Callable[..., int],
    updateTimeout: Callable[..., Any],
    removeTimeout: Callable[..., Any],
) -> None:
    """Use the program's own event loop."""
    _eventloop.register(addHandle, updateHandle, removeHandle, addTimeout, updateTimeout, removeTimeout)


def _loop() -> _eventloop.Implementation:
    found = _eventloop.current()
    if found is None:
        message = "no event implementation registered"
        _errors.fail(_constants.VIR_ERR_INTERNAL_ERROR, _constants.VIR_FROM_EVENT, message)
    return found


def virEventAddHandle(fd: int, events: int, cb: Callable[..., Any], opaque: Any) -> int:
    """Have *cb* called when something happens on the file *fd*."""
    return _loop().add_handle(fd, events, cb, opaque)


def virEventUpdateHandle(watch: int, events: int) -> None:
    """Change what is watched."""
    _loop().update_handle(watch, events)


def virEventRemoveHandle(watch: int) -> int:
    """Stop watching."""
    return int(_loop().remove_handle(watch) or 0)


def virEventAddTimeout(timeout: int, cb: Callable[..., Any], opaque: Any) -> int:
    """Have *cb* called every *timeout* milliseconds."""
    return _loop().add_timeout(timeout, cb, opaque)


def virEventUpdateTimeout(timer: int, timeout: int) -> None:
    """Change a timer: -1 disables it."""
    _loop().update_timeout(timer, timeout)


def virEventRemoveTimeout(timer: int) -> int:
    """Remove a timer."""
    return int(_loop().remove_timeout(timer) or 0)


def virEventInvokeFreeCallback(opaque: Any) -> None:
    """Free what was given to a custom loop: Python does that by itself."""


def modules() -> dict[str, ModuleType]:
    """Return what takes the place of libvirt-python's modules, by their names."""
    from virtkit.fake import libvirt_lxc, libvirt_qemu, libvirtmod

    own = {"libvirt": sys.modules[__name__], "libvirtmod": libvirtmod}
    return {**own, "libvirt_qemu": libvirt_qemu, "libvirt_lxc": libvirt_lxc}


def install() -> None:
    """Make ``import libvirt`` mean the fake, in this process from now on."""
    sys.modules.update(modules())


def reset(*, registrations: bool = False) -> None:
    """Forget all hosts in memory.

    Args:
        registrations: forget the event loop and the error handler too. They belong to the program: it
            would have to register them again.
    """
    _hosts.reset()
    _errors.reporting.last = None
    if registrations:
        _eventloop.use(None)
        _errors.register_handler(None, None)


def host(name: str = "system") -> Host:
    """Return the host that ``fake:///NAME`` (or a whole URI) means, to set how it behaves."""
    return _hosts.find(name) if "://" in name else _hosts.named(name)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'libvirt' has no attribute {name!r}")


__all__ = [
    "NotModelled",
    "host",
    "install",
    "libvirtError",
    "open",
    "reset",
    "virConnect",
    "virDomain",
    "virDomainCheckpoint",
    "virDomainSnapshot",
    "virInterface",
    "virNWFilter",
    "virNWFilterBinding",
    "virNetwork",
    "virNetworkPort",
    "virNodeDevice",
    "virSecret",
    "virStoragePool",
    "virStorageVol",
    "virStream",
]
__all__ += [*_constants.CONSTANTS, *(n for n in _constants.SURFACE["functions"] if n[0] != "_")]  # noqa: PLE0604
