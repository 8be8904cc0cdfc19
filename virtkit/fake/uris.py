"""URIs, read as libvirt reads them."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

_TRANSPORTS = "tls|unix|ssh|ext|tcp|libssh2|libssh"


def split(uri: str) -> SplitResult:
    """Return the parts of *uri*.

    Raises:
        libvirtError: it is none.
    """
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_URI, f"Unable to parse URI {uri}")
    return parts


def check_driver(uri: str, parts: SplitResult) -> None:
    """Refuse a *uri* without a driver's name, and one with an unknown way to its host."""
    if not parts.scheme:
        fail(c.VIR_ERR_NO_CONNECT, c.VIR_FROM_NONE, f"URI '{uri}' does not include a driver name")
    transport = parts.scheme.partition("+")[2]
    if transport and transport not in _TRANSPORTS.split("|"):
        message = f"remote_open: transport in URL not recognised (should be {_TRANSPORTS})"
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_REMOTE, message)
