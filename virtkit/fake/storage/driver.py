"""What the drivers of pools have in common: finding pools and volumes, and what is said of none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.state.records import Event
from virtkit.fake.storage.records import PoolRecord, VolumeRecord, volume_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_FROM = c.VIR_FROM_STORAGE
_DEVICE_KINDS = frozenset({"fs", "logical", "disk", "zfs"})


class Driver:
    """The pools and volumes of a host during one call."""

    source = c.VIR_FROM_STORAGE  # who reports

    def __init__(self, host: Host, session: Session) -> None:
        self.host, self.session = host, session

    # finding

    def pools(self) -> list[PoolRecord]:
        """Return all pools."""
        return self.session.objects(PoolRecord)

    def named(self, name: str) -> PoolRecord | None:
        """Return the pool called *name*."""
        return next((pool for pool in self.pools() if pool.name == name), None)

    def by_name(self, name: str) -> PoolRecord:
        """Return the pool called *name*, or raise that there is none."""
        found = self.named(name)
        if found is None:
            self.no_pool(f"no storage pool with matching name '{name}'")
        return found

    def by_uuid(self, uuid: str, name: str | None = None) -> PoolRecord:
        """Return the pool with *uuid*; *name* is what a handle calls it."""
        found = self.session.object(PoolRecord, uuid)
        if found is None:
            of = f" ({name})" if name is not None and self.tells_name else ""
            self.no_pool(f"no storage pool with matching uuid '{uuid}'{of}")
        return found

    tells_name = True  # of a handle whose pool is gone

    def no_pool(self, detail: str) -> NoReturn:
        """Raise that there is no such pool."""
        fail(c.VIR_ERR_NO_STORAGE_POOL, self.source, detail)

    def no_volume(self, detail: str) -> NoReturn:
        """Raise that there is no such volume."""
        fail(c.VIR_ERR_NO_STORAGE_VOL, self.source, detail)

    def invalid(self, detail: str, code: int = c.VIR_ERR_OPERATION_INVALID) -> NoReturn:
        """Raise that the operation is not valid, or another error of the driver."""
        fail(code, self.source, detail)

    def need_active(self, pool: PoolRecord) -> PoolRecord:
        """Raise unless *pool* is active."""
        if not pool.active:
            self.invalid(f"storage pool '{pool.name}' is not active")
        return pool

    def volume(self, pool: PoolRecord, name: str) -> VolumeRecord:
        """Return a volume of *pool*."""
        found = self.session.object(VolumeRecord, volume_key(pool, name)) if name in pool.volumes else None
        if found is None:
            self.no_volume(f"no storage vol with matching name '{name}'")
        return found

    def volumes(self, pool: PoolRecord) -> list[VolumeRecord]:
        """Return the volumes of *pool*."""
        return [self.volume(pool, name) for name in list(pool.volumes)]

    def volume_at(self, path: str) -> tuple[PoolRecord, VolumeRecord] | None:
        """Return the volume of an active pool whose path is *path*, and the pool."""
        for pool in self.pools():
            if pool.active and path in pool.volumes.values():
                name = next(name for name, place in pool.volumes.items() if place == path)
                return pool, self.volume(pool, name)
        return None

    def volume_keyed(self, key: str) -> tuple[PoolRecord, VolumeRecord] | None:
        """Return the volume of an active pool whose key is *key*, and the pool."""
        for pool in self.pools():
            for volume in self.volumes(pool) if pool.active else ():
                if volume.definition["key"] == key:
                    return pool, volume
        return None

    # keeping

    def add_volume(self, pool: PoolRecord, definition: dict[str, Any]) -> VolumeRecord:
        """Add a volume to *pool*."""
        record = VolumeRecord(volume_key(pool, definition["name"]), pool.key, definition)
        self.session.put(record)
        pool.volumes[definition["name"]] = definition["path"]
        return record

    def forget_volume(self, pool: PoolRecord, volume: VolumeRecord) -> None:
        """Take a volume from *pool*'s list."""
        pool.volumes.pop(volume.definition["name"], None)
        self.session.drop(volume)

    def forget_volumes(self, pool: PoolRecord) -> None:
        """Take all volumes from *pool*'s list."""
        for volume in self.volumes(pool):
            self.forget_volume(pool, volume)

    def drop_pool(self, pool: PoolRecord) -> None:
        """Forget *pool*."""
        self.forget_volumes(pool)
        self.session.drop(pool)

    def tell(self, pool: PoolRecord, event: int) -> None:
        """Announce a lifecycle event."""
        number = c.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE
        self.session.emit(Event(number, pool.name, pool.key, 0, (event, 0), family="pool"))

    def tell_refresh(self, pool: PoolRecord) -> None:
        """Announce that the list of volumes may be another."""
        number = c.VIR_STORAGE_POOL_EVENT_ID_REFRESH
        self.session.emit(Event(number, pool.name, pool.key, 0, (), family="pool"))

    # clashes

    def place_for(self, definition: dict[str, Any], *, live: bool) -> PoolRecord | None:
        """Return the pool that *definition* is about, None for a new one.

        Args:
            definition: what is defined or created.
            live: whether it must not be active.

        Raises:
            libvirtError: another pool has its source, its name or its UUID.
        """
        for pool in self.pools():
            if pool.name != definition["name"] and _share_source(pool.definition, definition):
                message = f"Storage source conflict with pool: '{pool.name}'"
                fail(c.VIR_ERR_OPERATION_FAILED, _FROM, message)
        known = self.session.object(PoolRecord, definition["uuid"])
        if known is None:
            other = self.named(definition["name"])
            if other is not None:
                message = f"pool '{other.name}' already exists with uuid {other.key}"
                fail(c.VIR_ERR_OPERATION_FAILED, _FROM, message)
            return None
        if known.name != definition["name"]:
            message = f"pool '{known.name}' is already defined with uuid {known.key}"
            fail(c.VIR_ERR_OPERATION_FAILED, _FROM, message)
        if live and known.active:
            fail(c.VIR_ERR_OPERATION_INVALID, _FROM, f"pool is already active as '{known.name}'")
        return known


def _share_source(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two pools would be the same storage."""
    kind, mine, yours = one["type"], one["source"], other["source"]
    if {kind, other["type"]} <= _DEVICE_KINDS:
        return bool(_devices(mine) & _devices(yours))
    if kind != other["type"]:
        return False
    if kind in {"gluster", "netfs"} and not _same_host(mine, yours):
        return False
    if kind == "iscsi" and not _devices(mine) & _devices(yours):
        return False
    what = _IDENTITIES.get(kind)
    return what is not None and bool(what(one) == what(other))


def _adapter(definition: dict[str, Any]) -> Any:
    adapter = definition["source"]["adapter"]
    if adapter["type"] == "fc_host":
        return adapter["wwnn"], adapter["wwpn"]
    return adapter.get("parent") or adapter["name"].removeprefix("scsi_").removeprefix("host")


# by type: what no two pools have in common
_IDENTITIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "dir": lambda pool: pool["target"]["path"],
    "gluster": lambda pool: (pool["source"]["name"], pool["source"]["dir"]),
    "netfs": lambda pool: pool["source"]["dir"],
    "scsi": _adapter,
    "iscsi": lambda pool: pool["source"]["iqn"],
    "vstorage": lambda pool: pool["source"]["name"],
    "mpath": lambda _pool: None,  # there is one
}


def _devices(source: dict[str, Any]) -> set[str]:
    return {device["path"] for device in source.get("devices", ())}


def _same_host(mine: dict[str, Any], yours: dict[str, Any]) -> bool:
    first, second = mine["hosts"][0], yours["hosts"][0]
    return bool(first["name"] == second["name"] and second["port"] in {0, first["port"]})
