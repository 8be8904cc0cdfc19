"""virConnect, by family of calls."""

from __future__ import annotations

from virtkit.fake.connection.abilities import Abilities
from virtkit.fake.connection.base import ConnectionBase, Opened
from virtkit.fake.connection.defining import Defining
from virtkit.fake.connection.events import Events
from virtkit.fake.connection.identity import Identity
from virtkit.fake.connection.interfaces import Interfaces
from virtkit.fake.connection.listing import Listing
from virtkit.fake.connection.networks import Networks
from virtkit.fake.connection.node import Node
from virtkit.fake.connection.nodedevs import NodeDevices
from virtkit.fake.connection.nwfilters import NWFilters
from virtkit.fake.connection.saving import Saving
from virtkit.fake.connection.secrets import Secrets
from virtkit.fake.connection.statistics import Statistics
from virtkit.fake.connection.storage import Storage
from virtkit.fake.connection.streams import Streams
from virtkit.fake.surface import complete

__all__ = ["Opened", "virConnect"]


@complete
class virConnect(
    Identity,
    Listing,
    Defining,
    Saving,
    Events,
    Statistics,
    Node,
    Abilities,
    Interfaces,
    NodeDevices,
    Networks,
    NWFilters,
    Secrets,
    Storage,
    Streams,
    ConnectionBase,
):
    """A connection to a fake host, with the methods of libvirt-python's class."""
