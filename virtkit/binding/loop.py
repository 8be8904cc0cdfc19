"""libvirt's event loop: one daemon thread per module, started before the first connection is opened."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from virtkit.binding.log import debug

if TYPE_CHECKING:
    from virtkit.binding.api import LibvirtModule

_lock = threading.Lock()
_served: list[tuple[int, LibvirtModule]] = []  # by process: a forked child has no such thread


def ensure(module: LibvirtModule) -> None:
    """Make sure that an event loop serves *module*: the application's if it has one, else virtkit's own.

    Without a loop libvirt delivers no events and answers no keepalive. It has to be registered before the
    first connection is opened.
    """
    with _lock:
        processes = [process for process, served in _served if served is module]
        if not _registered(module):
            module.virEventRegisterDefaultImpl()
        elif not processes or os.getpid() in processes:  # the application's loop, or virtkit's runs already
            return
        _served.append((os.getpid(), module))
        threading.Thread(target=_run, args=(module,), name="virtkit-libvirt-events", daemon=True).start()


def _registered(module: LibvirtModule) -> bool:
    # libvirt has no question for it, but a timer (one that never fires) can only be added to a loop.
    try:
        timer = module.virEventAddTimeout(-1, _never, None)
    except module.libvirtError:
        return False
    if timer < 0:
        return False
    module.virEventRemoveTimeout(timer)
    return True


def _never(_timer: int, _opaque: Any) -> None:
    """Stand in for a timer's callback."""


def _run(module: LibvirtModule) -> None:
    while True:
        try:
            module.virEventRunDefaultImpl()
        except Exception:  # noqa: BLE001 - one bad round must not end all events of the process
            debug("virtkit.libvirt", "libvirt's event loop", exc_info=True)
            if not _registered(module):  # a test forgot it: who connects next gets a loop and a thread anew
                return
