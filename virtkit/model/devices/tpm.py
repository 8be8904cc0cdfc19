"""Trusted platform modules."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Flag, Integer, Text, YesNo
from virtkit.model.shared import CharacterSource, Device
from virtkit.model.views import View


class PcrBanks(View):
    """Which banks of registers are in use."""

    TAG = "active_pcr_banks"
    sha1 = Flag("sha1")
    sha256 = Flag("sha256")
    sha384 = Flag("sha384")
    sha512 = Flag("sha512")


class TpmSource(CharacterSource):
    """Where an external emulator listens."""

    type = Choice[Literal["unix", "tcp", "dir", "file"]]("@type")


class TpmProfile(View):
    """What an emulated TPM can do."""

    TAG = "profile"
    name = Text("@name")
    source = Text("@source")
    remove_disabled = Choice[Literal["check", "fips-host"]]("@removeDisabled")


class TpmBackend(View):
    """What does the work of a TPM."""

    TAG = "backend"
    type = Choice[Literal["passthrough", "emulator", "external"]]("@type")
    version = Choice[Literal["1.2", "2.0"]]("@version")
    debug = Integer("@debug")
    profile = Child(TpmProfile)
    persistent_state = YesNo("@persistent_state")
    device_path = Text("device/@path")
    encryption_secret = Text("encryption/@secret")
    active_pcr_banks = Child(PcrBanks)
    source = Child(TpmSource)


class Tpm(Device):
    """A trusted platform module."""

    TAG = "tpm"
    model = Choice[Literal["tpm-tis", "tpm-crb", "tpm-spapr", "spapr-tpm-proxy"]]("@model")
    backend = Child(TpmBackend)
