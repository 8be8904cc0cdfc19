"""Open a connection, with everything that has to be in place before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from virtkit.binding import loop
from virtkit.binding.errors import translate
from virtkit.binding.loading import load
from virtkit.binding.log import debug
from virtkit.binding.uri import redacted, resolve

if TYPE_CHECKING:
    from virtkit.binding.api import LibvirtModule, VirConnect

_KEEPALIVE = (5, 5)  # seconds between two questions, unanswered ones until the connection counts as dead


class Opened(NamedTuple):
    """An open connection: the module that serves it, its URI, and libvirt's own object."""

    module: LibvirtModule
    uri: str
    raw: VirConnect


def open_connection(uri: str | None = None, *, readonly: bool = False, libvirt: Any = None) -> Opened:
    """Open *uri* and return what belongs to it.

    Args:
        uri: Where to; None asks ``VIRTKIT_URI``, ``LIBVIRT_DEFAULT_URI``, then takes qemu:///system.
        readonly: Ask for a connection that cannot change anything.
        libvirt: A module with libvirt-python's API to use instead of the one that the URI asks for.

    Raises:
        BindingMissing: libvirt-python is not installed for this Python.
        Denied: This user may not.
        Disconnected: Nothing answers there.
    """
    wanted = resolve(uri)
    module = load(wanted, libvirt)
    shown = redacted(wanted)
    with translate("connect", uri=shown):
        loop.ensure(module)
        raw = module.openReadOnly(wanted) if readonly else module.open(wanted)
    _keep_alive(module, raw)
    return Opened(module, wanted, raw)


def _keep_alive(module: LibvirtModule, raw: VirConnect) -> None:
    try:
        raw.setKeepAlive(*_KEEPALIVE)
    except module.libvirtError as error:  # a local driver, or a daemon without it: both do well without
        debug("virtkit.libvirt", "no keepalive: %s", error)
