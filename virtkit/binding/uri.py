"""Connection URIs: which one is meant, and which address it leads to."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # this module is loaded by every command: it imports little
if TYPE_CHECKING:
    from urllib.parse import SplitResult

DEFAULT = "qemu:///system"
_PORTS = {"tcp": 16509, "tls": 16514, "ssh": 22, "libssh": 22, "libssh2": 22}


def resolve(uri: str | None) -> str:
    """Return the URI to open: *uri*, else ``VIRTKIT_URI``, else ``LIBVIRT_DEFAULT_URI``, else qemu:///system."""
    if uri is not None and not isinstance(uri, str):
        raise TypeError(f"a URI is a str such as 'qemu:///system', not {type(uri).__name__}")
    environ = os.environ
    return uri or environ.get("VIRTKIT_URI") or environ.get("LIBVIRT_DEFAULT_URI") or DEFAULT


def redacted(uri: str) -> str:
    """Return *uri* without a password, for messages."""
    if "@" not in uri:
        return uri
    parts = _split(uri)
    if parts.password is None:
        return uri
    user, _, place = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}:***@{place}").geturl()


def scheme(uri: str) -> str:
    """Return the driver part of *uri*: ``"qemu"`` of ``qemu+ssh://host/system``."""
    return uri.partition(":")[0].partition("+")[0].lower()


def host(uri: str) -> str | None:
    """Return the host that *uri* names, or None for a local one."""
    return _split(uri).hostname


def remote_address(uri: str) -> str | None:
    """Return the address under which this machine reaches the host of *uri*, or None for a local one.

    A name is resolved here, for another host may not know it. One that does not resolve is returned as it
    is: ssh has names of its own.
    """
    name = host(uri)
    if name is None:
        return None
    import socket

    try:
        found = socket.getaddrinfo(name, _port(uri), type=socket.SOCK_STREAM)
    except OSError:
        return name
    address = str(found[0][4][0])
    return address if not _is_loopback(address) else None


def own_address(towards: str) -> str | None:
    """Return this machine's address on the way to the host of the URI *towards*, or None if that is local."""
    name = host(towards)
    if name is None:
        return None
    import socket

    try:
        family, kind, _, _, address = socket.getaddrinfo(name, _port(towards), type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as probe:
            probe.connect(address)  # sends nothing; the kernel chooses the way
            own = str(probe.getsockname()[0])
    except OSError:
        return None
    return own if not _is_loopback(own) else None


def _split(uri: str) -> SplitResult:
    from urllib.parse import urlsplit

    return urlsplit(uri)


def _port(uri: str) -> int:
    parts = _split(uri)
    return parts.port or _PORTS.get(parts.scheme.partition("+")[2], 16514)


def _is_loopback(address: str) -> bool:
    return address.startswith("127.") or address == "::1"
