"""One fault that a document can have."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A document that libvirt refuses.

    Attributes:
        name: of the test.
        error: code, domain and message.
        devices: its devices.
        inner: its other elements.
        system: more about how it boots.
        arch: the attributes of its type, with a blank before.
        by_qemu: whether only QEMU's driver refuses it.
    """

    name: str
    error: tuple[int, int, str]
    devices: str = ""
    inner: str = ""
    system: str = ""
    arch: str = ""
    by_qemu: bool = False
