"""virConnect: storage pools, and volumes by key or path."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase
from virtkit.fake.errors import fail_argument, fail_silently
from virtkit.fake.handles import Named
from virtkit.fake.reading import parse_uuid
from virtkit.fake.storage import virStoragePool, virStorageVol
from virtkit.fake.storage.drivers import driver_of
from virtkit.fake.storage.kinds import KINDS, capabilities
from virtkit.fake.storage.values import FROM, clean_path
from virtkit.fake.storage.volume import volume_handle

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.storage.records import PoolRecord, VolumeRecord
    from virtkit.fake.store.session import Session

_ACTIVE, _INACTIVE = c.VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE, c.VIR_CONNECT_LIST_STORAGE_POOLS_INACTIVE
_PERSISTENT, _TRANSIENT = (
    c.VIR_CONNECT_LIST_STORAGE_POOLS_PERSISTENT,
    c.VIR_CONNECT_LIST_STORAGE_POOLS_TRANSIENT,
)
_AUTO, _NO_AUTO = (
    c.VIR_CONNECT_LIST_STORAGE_POOLS_AUTOSTART,
    c.VIR_CONNECT_LIST_STORAGE_POOLS_NO_AUTOSTART,
)
_TYPES: dict[str, int] = {
    name: c.CONSTANTS[f"VIR_CONNECT_LIST_STORAGE_POOLS_{name.upper().replace('-', '_')}"] for name in KINDS
}
_GROUPS = (_ACTIVE | _INACTIVE, _PERSISTENT | _TRANSIENT, _AUTO | _NO_AUTO, sum(_TYPES.values()))
_EVENTS = c.VIR_STORAGE_POOL_EVENT_ID_REFRESH + 1


def _is_listed(pool: PoolRecord, flags: int) -> bool:
    has = (
        (_ACTIVE if pool.active else _INACTIVE)
        | (_PERSISTENT if pool.persistent else _TRANSIENT)
        | (_AUTO if pool.autostart else _NO_AUTO)
        | _TYPES[pool.type.name]
    )
    return all(not flags & group or flags & group & has for group in _GROUPS)


class Storage(ConnectionBase):
    """Define, create, look up and list pools; look up volumes; hear of pools."""

    def _storage_pool(self, pool: PoolRecord) -> virStoragePool:
        return virStoragePool(self, Named(pool.key, pool.name))  # type: ignore[arg-type]

    def _storage_volume(self, found: tuple[PoolRecord, VolumeRecord]) -> virStorageVol:
        return virStorageVol(self, volume_handle(*found))  # type: ignore[arg-type]

    @connection_call("virStoragePoolDefineXML", write=True)
    def storagePoolDefineXML(self, session: Session, xml: str, flags: int = 0) -> virStoragePool:
        return self._storage_pool(driver_of(self._host, session).define(xml, flags))

    @connection_call("virStoragePoolCreateXML", write=True)
    def storagePoolCreateXML(self, session: Session, xmlDesc: str, flags: int = 0) -> virStoragePool:
        return self._storage_pool(driver_of(self._host, session).create(xmlDesc, flags))

    @connection_call("virStoragePoolLookupByName")
    def storagePoolLookupByName(self, session: Session, name: str) -> virStoragePool:
        return self._storage_pool(driver_of(self._host, session).by_name(name))

    @connection_call("virStoragePoolLookupByVolume")
    def _pool_of_volume(self, session: Session, name: str) -> virStoragePool:
        return self._storage_pool(driver_of(self._host, session).by_name(name))

    @connection_call("virStoragePoolLookupByUUID")
    def storagePoolLookupByUUID(self, session: Session, uuid: bytes) -> virStoragePool:
        text = str(UUID(bytes=bytes(uuid).ljust(16, b"\0")[:16]))
        return self._storage_pool(driver_of(self._host, session).by_uuid(text))

    @connection_call("virStoragePoolLookupByUUIDString")
    def storagePoolLookupByUUIDString(self, session: Session, uuidstr: str) -> virStoragePool:
        uuid = parse_uuid(uuidstr)
        if uuid is None:
            function = "virStoragePoolLookupByUUIDString"
            fail_argument(FROM, f"uuidstr in {function} must be a valid UUID", function, "uuidstr")
        return self._storage_pool(driver_of(self._host, session).by_uuid(uuid))

    @connection_call("virStoragePoolLookupByTargetPath")
    def storagePoolLookupByTargetPath(self, session: Session, path: str) -> virStoragePool:
        driver, clean = driver_of(self._host, session), clean_path(path)
        found = [pool for pool in driver.pools() if pool.active and pool.target_path == clean]
        if not found:
            driver.no_pool(f"no storage pool with matching target path '{path}'{_cleaned(path, clean)}")
        return self._storage_pool(found[0])

    @connection_call("virStorageVolLookupByKey")
    def storageVolLookupByKey(self, session: Session, key: str) -> virStorageVol:
        driver = driver_of(self._host, session)
        found = driver.volume_keyed(key)
        if found is None:
            driver.no_volume(driver.missing_key(key))
        return self._storage_volume(found)

    @connection_call("virStorageVolLookupByPath")
    def storageVolLookupByPath(self, session: Session, path: str) -> virStorageVol:
        driver = driver_of(self._host, session)
        clean = clean_path(path) if driver.tells_name else path
        found = driver.volume_at(clean)
        if found is None:
            driver.no_volume(f"no storage vol with matching path '{path}'{_cleaned(path, clean)}")
        return self._storage_volume(found)

    @connection_call("virConnectListAllStoragePools")
    def listAllStoragePools(self, session: Session, flags: int = 0) -> list[virStoragePool]:
        pools = driver_of(self._host, session).pools()
        return [self._storage_pool(pool) for pool in pools if _is_listed(pool, flags)]

    def _pool_names(self, session: Session, *, active: bool) -> list[str]:
        return [pool.name for pool in driver_of(self._host, session).pools() if pool.active == active]

    @connection_call("virConnectNumOfStoragePools")  # which libvirt-python asks first
    def listStoragePools(self, session: Session) -> list[str]:
        return self._pool_names(session, active=True)

    @connection_call("virConnectNumOfStoragePools")
    def numOfStoragePools(self, session: Session) -> int:
        return len(self._pool_names(session, active=True))

    @connection_call("virConnectNumOfDefinedStoragePools")
    def listDefinedStoragePools(self, session: Session) -> list[str]:
        return self._pool_names(session, active=False)

    @connection_call("virConnectNumOfDefinedStoragePools")
    def numOfDefinedStoragePools(self, session: Session) -> int:
        return len(self._pool_names(session, active=False))

    @connection_call("virConnectFindStoragePoolSources", write=True)
    def findStoragePoolSources(self, session: Session, type: str, srcSpec: str | None, flags: int = 0) -> str:
        return driver_of(self._host, session).find_sources(type, srcSpec)

    @connection_call("virConnectGetStoragePoolCapabilities")
    def getStoragePoolCapabilities(self, session: Session, flags: int = 0) -> str:
        return capabilities()

    @connection_call("virConnectStoragePoolEventRegisterAny")
    def storagePoolEventRegisterAny(
        self, session: Session, pool: Any, eventID: int, cb: Callable[..., Any], opaque: Any
    ) -> int:
        if not 0 <= eventID < _EVENTS:
            fail_silently("virConnectStoragePoolEventRegisterAny")
        key = None if pool is None else pool._o.key
        return self._events.register(eventID, key, cb, opaque, family="pool")

    @connection_call("virConnectStoragePoolEventDeregisterAny")
    def storagePoolEventDeregisterAny(self, session: Session, callbackID: int) -> None:
        self._events.deregister(callbackID)


def _cleaned(path: str, clean: str) -> str:
    return "" if path == clean else f" ({clean})"
