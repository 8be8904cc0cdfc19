"""The documents of what a host is, and of what domains it can run."""

from virtkit.model.capabilities.domain import DomainCapabilities
from virtkit.model.capabilities.host import Capabilities

__all__ = ["Capabilities", "DomainCapabilities"]
