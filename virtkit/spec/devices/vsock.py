"""Sockets between guest and host."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from virtkit.spec.devices.base import Device


class VsockSpec(Device):
    """A vsock: https://libvirt.org/formatdomain.html#vsock.

    ``true`` gets a free number at start; a bare number is its cid.
    """

    short: ClassVar[str | None] = "cid"

    model: Literal["virtio", "virtio-transitional", "virtio-non-transitional"] = "virtio"
    """What the guest sees."""
    cid: Annotated[int, Field(ge=3, le=2**32 - 1)] | None = None
    """The guest's address; libvirt picks one at start if none."""
