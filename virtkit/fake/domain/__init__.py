"""virDomain, by family of calls."""

from __future__ import annotations

from virtkit.fake.domain.agent import Agent
from virtkit.fake.domain.backup import Backup
from virtkit.fake.domain.base import DomainBase
from virtkit.fake.domain.belongings import Belongings
from virtkit.fake.domain.blockdevices import BlockDevices
from virtkit.fake.domain.blockjobs import BlockJobs
from virtkit.fake.domain.checkpoints import Checkpoints
from virtkit.fake.domain.counters import Counters
from virtkit.fake.domain.devices import Devices
from virtkit.fake.domain.display import Display
from virtkit.fake.domain.existence import Existence
from virtkit.fake.domain.guestinfo import GuestInfo
from virtkit.fake.domain.information import Information
from virtkit.fake.domain.inspection import Inspection
from virtkit.fake.domain.iothreads import IOThreads
from virtkit.fake.domain.jobs import Jobs
from virtkit.fake.domain.migration import Migration
from virtkit.fake.domain.monitor import Monitor
from virtkit.fake.domain.resources import Resources
from virtkit.fake.domain.saving import Saving
from virtkit.fake.domain.sleeping import Sleeping
from virtkit.fake.domain.snapshots import Snapshots
from virtkit.fake.domain.throttling import Throttling
from virtkit.fake.handles import FAMILIES
from virtkit.fake.surface import complete

__all__ = ["virDomain"]


@complete
class virDomain(
    Belongings,  # and with it Lifecycle
    Information,
    Existence,
    Saving,
    Inspection,
    Devices,  # and with it Documents
    Resources,
    Counters,
    IOThreads,
    Throttling,
    Jobs,
    Migration,
    Snapshots,
    Checkpoints,
    BlockJobs,
    BlockDevices,
    Backup,
    Agent,
    GuestInfo,
    Sleeping,
    Monitor,
    Display,
    DomainBase,
):
    """A domain of a fake host, with the methods of libvirt-python's class."""


FAMILIES["domain"] = virDomain
