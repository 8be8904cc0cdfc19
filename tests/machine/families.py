"""All families of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.machine.checkpoints import checkpoints
from tests.machine.connection import connection
from tests.machine.domains import domains
from tests.machine.events import events
from tests.machine.interfaces import interfaces
from tests.machine.networks import networks
from tests.machine.nodedevices import nodedevices
from tests.machine.pools import pools
from tests.machine.snapshots import snapshots

if TYPE_CHECKING:
    from tests.machine.kinds import Family

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        domains,
        networks,
        interfaces,
        nodedevices,
        pools,
        snapshots,
        checkpoints,
        connection,
        events,
    )
}
