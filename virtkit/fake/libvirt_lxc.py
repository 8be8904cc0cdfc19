"""The API of libvirt-python's module ``libvirt_lxc``: a fake's containers have no namespaces to enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import no_support, not_modelled

if TYPE_CHECKING:
    from virtkit.fake.domain import virDomain


def lxcOpenNamespace(domain: virDomain, flags: int) -> list[int]:
    """Raise that there are no namespaces."""
    no_support("virDomainLxcOpenNamespace", c.VIR_FROM_NONE)


def lxcEnterCGroup(domain: virDomain, flags: int) -> int:
    """Raise that there are no control groups."""
    not_modelled("virDomainLxcEnterCGroup", c.VIR_FROM_NONE)
