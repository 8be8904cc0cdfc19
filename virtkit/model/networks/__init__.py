"""The documents of virtual networks and of what is plugged into them."""

from virtkit.model.networks.network import Network
from virtkit.model.networks.port import NetworkPort

__all__ = ["Network", "NetworkPort"]
