"""Trusted platform modules."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.types import AbsPath, OneOrMore, Uuid


class TpmSpec(Device):
    """A TPM: https://libvirt.org/formatdomain.html#tpm-device. ``true`` is an emulated TPM 2.0; a string is its backend."""

    short: ClassVar[str | None] = "type"

    model: Literal["tpm-crb", "tpm-tis", "tpm-spapr", "spapr-tpm-proxy"] | None = None
    """What the guest sees; without it what the machine has."""
    type: Literal["emulator", "passthrough", "external"] = "emulator"
    """The host's side: swtpm, the host's own TPM, or a swtpm that somebody else runs."""
    version: Literal["1.2", "2.0"] | None = None
    """Without it: 2.0 for the emulator."""
    path: AbsPath | None = None
    """passthrough: the host's device; external: the socket."""
    persistent_state: bool | None = None
    """emulator: whether a transient domain's state outlives it."""
    secret: Uuid | None = None
    """emulator: the libvirt secret that the state is encrypted with."""
    active_pcr_banks: Annotated[list[Literal["sha1", "sha256", "sha384", "sha512"]], OneOrMore] = Field(
        default_factory=list
    )
    """emulator: the banks that are switched on."""
