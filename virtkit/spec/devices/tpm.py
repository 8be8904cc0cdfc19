"""Trusted platform modules."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from virtkit.spec.devices.base import Device
from virtkit.spec.surroundings import Surroundings
from virtkit.spec.values import AbsPath, OneOrMore, Uuid


class TpmSpec(Device):
    """A TPM: https://libvirt.org/formatdomain.html#tpm-device.

    ``true`` is an emulated TPM 2.0; a bare string is its type.
    """

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

    def complete(self, around: Surroundings) -> Self:
        """Return a copy with the version."""
        if self.type != "emulator" or self.version is not None:
            return self
        if around.bare:
            return self.filled({})
        return self.filled({"version": "2.0"})

    def rules(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the keys together."""
        if self.type == "external" and self.path is None:
            yield "path", "is required for type external: the socket"
        if self.type == "emulator" and self.path is not None:
            yield "path", "the emulator has none: libvirt stores its state"
        if self.type != "emulator":
            for key in ("persistent_state", "secret", "active_pcr_banks"):
                if getattr(self, key):
                    yield key, f"only the emulator has it, and this is {self.type}"
        if self.version == "1.2" and self.model == "tpm-crb":
            yield "version", "tpm-crb is TPM 2.0 only: use tpm-tis"
        if self.version == "1.2" and self.active_pcr_banks:
            yield "active_pcr_banks", "TPM 1.2 has none"
