"""virStoragePool."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail
from virtkit.fake.objects import ObjectBase
from virtkit.fake.storage.drivers import driver_of
from virtkit.fake.storage.records import PoolRecord
from virtkit.fake.storage.values import FROM
from virtkit.fake.storage.volume import virStorageVol, volume_handle
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.storage.records import VolumeRecord
    from virtkit.fake.store.session import Session

_INACTIVE, _RUNNING = c.VIR_STORAGE_POOL_INACTIVE, c.VIR_STORAGE_POOL_RUNNING


class _ByIdentity(ObjectBase[PoolRecord]):
    """The calls for which every driver finds the pool by its UUID."""

    def _find(self, session: Session) -> PoolRecord:
        return driver_of(self._host, session).by_uuid(self._o.key, self._o.name)

    @object_call("virStoragePoolIsActive", write=False)
    def isActive(self, session: Session, pool: PoolRecord) -> int:
        return int(pool.active)

    @object_call("virStoragePoolIsPersistent", write=False)
    def isPersistent(self, session: Session, pool: PoolRecord) -> int:
        return int(pool.persistent)

    @object_call("virStoragePoolListAllVolumes", write=False)
    def listAllVolumes(self, session: Session, pool: PoolRecord, flags: int = 0) -> list[virStorageVol]:
        driver = driver_of(self._host, session)
        return [virStorageVol(self._conn, volume_handle(pool, volume)) for volume in driver.all_volumes(pool)]


@complete
class virStoragePool(ObjectBase[PoolRecord], family="pool"):
    """A storage pool of a fake host, with the methods of libvirt-python's class."""

    def _find(self, session: Session) -> PoolRecord:
        driver = driver_of(self._host, session)
        if driver.tells_name:
            return driver.by_uuid(self._o.key, self._o.name)
        return driver.by_name(self._o.name)

    def name(self) -> str:
        return self._o.name

    def UUIDString(self) -> str:
        return self._o.key

    def UUID(self) -> bytes:
        return UUID(self._o.key).bytes

    def isActive(self) -> int:
        return _ByIdentity(self._conn, self._o).isActive()

    def isPersistent(self) -> int:
        return _ByIdentity(self._conn, self._o).isPersistent()

    def listAllVolumes(self, flags: int = 0) -> list[virStorageVol]:
        return _ByIdentity(self._conn, self._o).listAllVolumes(flags)

    @object_call("virStoragePoolCreate")
    def create(self, session: Session, pool: PoolRecord, flags: int = 0) -> int:
        driver_of(self._host, session).start(pool, flags)
        return 0

    @object_call("virStoragePoolBuild")
    def build(self, session: Session, pool: PoolRecord, flags: int = 0) -> int:
        driver_of(self._host, session).build(pool, flags)
        return 0

    @object_call("virStoragePoolDestroy")
    def destroy(self, session: Session, pool: PoolRecord) -> int:
        driver_of(self._host, session).destroy(pool)
        return 0

    @object_call("virStoragePoolDelete")
    def delete(self, session: Session, pool: PoolRecord, flags: int = 0) -> int:
        driver_of(self._host, session).delete(pool, flags)
        return 0

    @object_call("virStoragePoolUndefine")
    def undefine(self, session: Session, pool: PoolRecord) -> int:
        driver_of(self._host, session).undefine(pool)
        return 0

    @object_call("virStoragePoolRefresh")
    def refresh(self, session: Session, pool: PoolRecord, flags: int = 0) -> int:
        driver_of(self._host, session).refresh(pool)
        return 0

    @object_call("virStoragePoolGetInfo", write=False)
    def info(self, session: Session, pool: PoolRecord) -> list[int]:
        state = _RUNNING if pool.active else _INACTIVE
        return [state, pool.capacity, pool.allocation, pool.available]

    @object_call("virStoragePoolGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, pool: PoolRecord, flags: int = 0) -> str:
        return driver_of(self._host, session).text(pool, flags)

    @object_call("virStoragePoolGetAutostart", write=False)
    def autostart(self, session: Session, pool: PoolRecord) -> int:
        return int(pool.autostart and pool.persistent)

    @object_call("virStoragePoolSetAutostart")
    def setAutostart(self, session: Session, pool: PoolRecord, autostart: int) -> int:
        driver_of(self._host, session).set_autostart(pool, on=bool(autostart))
        return 0

    @object_call("virStoragePoolNumOfVolumes", write=False)
    def numOfVolumes(self, session: Session, pool: PoolRecord) -> int:
        return len(driver_of(self._host, session).need_active(pool).volumes)

    @object_call("virStoragePoolNumOfVolumes", write=False)  # which libvirt-python asks first
    def listVolumes(self, session: Session, pool: PoolRecord) -> list[str]:
        return list(driver_of(self._host, session).need_active(pool).volumes)

    @object_call("virStorageVolLookupByName", write=False)
    def storageVolLookupByName(self, session: Session, pool: PoolRecord, name: str) -> virStorageVol:
        driver = driver_of(self._host, session)
        driver.need_active(pool)
        return self._volume(pool, driver.volume(pool, name))

    @object_call("virStorageVolCreateXML")
    def createXML(self, session: Session, pool: PoolRecord, xmlDesc: str, flags: int = 0) -> virStorageVol:
        volume = driver_of(self._host, session).create_volume(pool, xmlDesc, flags)
        return self._volume(pool, volume)

    @object_call("virStorageVolCreateXMLFrom")
    def createXMLFrom(
        self, session: Session, pool: PoolRecord, xmlDesc: str, clonevol: Any, flags: int = 0
    ) -> virStorageVol:
        if clonevol is None:
            fail(c.VIR_ERR_INVALID_STORAGE_VOL, FROM, "virStorageVolCreateXMLFrom")
        source = (clonevol._o.pool, clonevol._o.name)
        volume = driver_of(self._host, session).clone_volume(pool, xmlDesc, source, flags)
        return self._volume(pool, volume)

    def _volume(self, pool: PoolRecord, volume: VolumeRecord) -> virStorageVol:
        return virStorageVol(self._conn, volume_handle(pool, volume))
