"""The document of a secret that libvirt keeps: what it is for, never its value."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Text, YesNo
from virtkit.model.views import OrderedView


class SecretUsage(OrderedView):
    """What a secret is for; which field counts depends on the ``type``."""

    TAG = "usage"
    type = Choice[Literal["volume", "ceph", "iscsi", "tls", "vtpm"]]("@type")
    name = Text("name")
    volume = Text("volume")
    target = Text("target")

    @property
    def key(self) -> str | None:
        """What it is looked up by, with its type: the volume, the name or the target."""
        return self.volume or self.name or self.target


class Secret(OrderedView):
    """A secret: ``<secret>``.

    ``virSecretGetXMLDesc`` gives it, ``virSecretDefineXML`` takes it.
    """

    TAG = "secret"
    ephemeral = YesNo("@ephemeral")
    private = YesNo("@private")
    uuid = Text("uuid")
    description = Text("description")
    usage = Child(SecretUsage)
