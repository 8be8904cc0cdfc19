"""Under which address the source host reaches the destination."""

from __future__ import annotations

from virtkit.binding.uri import own_address, remote_address


def migrate_uri(source: str, destination: str, address: str | None = None) -> str | None:
    """Return the URI to which the source's hypervisor connects, or None to let libvirt choose.

    libvirt's own choice is the name that the destination gives itself, which the source often cannot resolve.
    What the client used to reach the destination is known to work from here, so it is the better guess.

    Args:
        source: The connection URI of the source.
        destination: The connection URI of the destination.
        address: What the caller wants instead: an address or name, with a port or not, or a whole URI.
    """
    if address is not None:
        return address if "://" in address else f"tcp://{_bracketed(address)}"
    found = remote_address(destination) or own_address(source)
    return None if found is None else f"tcp://{_bracketed(found)}"


def _bracketed(address: str) -> str:
    return f"[{address}]" if address.count(":") > 1 and not address.startswith("[") else address
