"""Small domain documents."""

from __future__ import annotations


def domain_xml(name: str = "web", memory: int = 1 << 20, inner: str = "", devices: str = "") -> str:
    """Return the document of a domain with *memory* KiB."""
    return (
        f"<domain type='qemu'><name>{name}</name><memory>{memory}</memory>"
        f"<os><type>hvm</type></os>{inner}<devices>{devices}</devices></domain>"
    )
