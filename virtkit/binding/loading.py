"""Which module plays libvirt: libvirt-python, ``virtkit.fake``, or one that the caller brings."""

from __future__ import annotations

import importlib
import os
import threading
from typing import TYPE_CHECKING, Any, cast

from virtkit.binding.log import debug
from virtkit.binding.uri import redacted, scheme
from virtkit.errors import BindingMissing, Disconnected

if TYPE_CHECKING:
    from virtkit.binding.api import LibvirtModule

_FAKE = "virtkit.fake"
_lock = threading.Lock()
_quietened: list[object] = []  # modules that have virtkit's handler
_leave_errors = False


def leave_error_handler() -> None:
    """Do not touch libvirt's error handler: the application has its own.

    Call it before the first connection, or set ``VIRTKIT_LIBVIRT_ERRORS=leave`` in the environment. Otherwise
    virtkit sends what libvirt would print on stderr to the logger ``virtkit.libvirt`` at DEBUG. libvirt has
    no way to ask whether a handler is set, so this cannot be found out.
    """
    global _leave_errors
    _leave_errors = True


def load(uri: str, module: Any = None) -> LibvirtModule:
    """Return the module that serves *uri*; the first time, send its stderr noise to logging.

    Args:
        uri: A resolved URI; ``fake:`` ones are served by ``virtkit.fake``.
        module: Use this one, whatever the URI.

    Raises:
        BindingMissing: libvirt-python is not installed for this Python.
        Disconnected: It is not, and *uri* is none: only libvirt knows aliases, which have no scheme.
    """
    if module is None:
        if scheme(uri) == "fake":
            module = importlib.import_module(_FAKE)
        else:
            try:
                module = importlib.import_module("libvirt")
            except ImportError as error:
                if ":" not in uri:
                    raise _no_uri(uri) from error
                from virtkit.binding.hints import binding_missing

                message, hint = binding_missing(error)
                raise BindingMissing(message, uri=redacted(uri), operation="connect", hint=hint) from error
    loaded = cast("LibvirtModule", module)
    _quieten(loaded)
    return loaded


def _no_uri(text: str) -> Disconnected:
    return Disconnected(
        "this is no URI",
        uri=text,
        operation="connect",
        hint="one begins with a driver: qemu:///system, qemu+ssh://host/system, fake:///NAME",
    )


def _quieten(module: LibvirtModule) -> None:
    with _lock:
        if any(module is known for known in _quietened):
            return
        _quietened.append(module)
        if not _leave_errors and os.environ.get("VIRTKIT_LIBVIRT_ERRORS") != "leave":
            module.registerErrorHandler(_to_log, None)


def _to_log(_context: Any, error: Any) -> None:
    # (code, domain, message, level, str1, str2, str3, int1, int2)
    if error is not None:
        debug("virtkit.libvirt", "%s (code %s, domain %s)", str(error[2]).strip(), error[0], error[1])
