"""Smart cards."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Children, Choice, Integer, Text
from virtkit.model.shared import CharacterDevice
from virtkit.model.views import View


class Certificate(View):
    """A certificate on a card that is made up from the host's."""

    TAG = "certificate"
    name = Text(".")


class Smartcard(CharacterDevice):
    """A smart card reader with its card."""

    TAG = "smartcard"
    mode = Choice[Literal["host", "host-certificates", "passthrough"]]("@mode")
    certificates = Children(Certificate)
    database = Text("database")
    target_type = Text("target/@type")
    target_port = Integer("target/@port")
    target_model = Text("target/model/@name")
